// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Signed versions: an artifact must not be older than the one that was used before.
//
//   version = [ "v" ] number *3( "." number )
//   number  = "0" / "1".."9" *DIGIT                 at most 4294967295
//
// Does: read the version that was signed, and compare it with the floor that the caller holds.
// Does not: keep a floor, or take a version from what was not signed.
// The caller must: store the floor where nobody else can lower it, and raise it to the version of an
// artifact only after that one was installed: a floor raised too early locks out the artifact in use.
#ifndef NV2_TRUST_VERSION_RULE_HPP
#define NV2_TRUST_VERSION_RULE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/annotations.hpp>
#include <nv2/oci/reference.hpp>

NV2_NAMESPACE_BEGIN

/// Up to four numbers, the most significant first. Those that are not written are 0, so that 1.2 and
/// 1.2.0 are the same.
struct version {
  static constexpr std::size_t max_parts = 4;
  /// Characters of the longest.
  static constexpr std::size_t max_text = 1 + max_parts * 10 + max_parts - 1;

  std::uint32_t parts[max_parts] = {};
};

constexpr bool operator==(const version& a, const version& b) noexcept {
  for (std::size_t i = 0; i < version::max_parts; ++i) {
    if (a.parts[i] != b.parts[i]) return false;
  }
  return true;
}
constexpr bool operator!=(const version& a, const version& b) noexcept { return !(a == b); }
/// Whether `a` is older: part by part, as numbers.
constexpr bool operator<(const version& a, const version& b) noexcept {
  for (std::size_t i = 0; i < version::max_parts; ++i) {
    if (a.parts[i] != b.parts[i]) return a.parts[i] < b.parts[i];
  }
  return false;
}

/// Reads one version, and nothing else. `out` is written on success. Errors: version_malformed.
/// // spec: M-001
[[nodiscard]] inline errc parse_version(bytes text, version& out) noexcept {
  version read;
  std::size_t place = !text.empty() && text[0] == 'v' ? 1 : 0;
  for (std::uint32_t& part : read.parts) {
    const std::size_t start = place;
    std::uint64_t value = 0;
    for (; place < text.size() && text[place] - unsigned{'0'} <= 9; ++place) {
      value = value * 10 + (text[place] - unsigned{'0'});
      if (value > UINT32_MAX) return errc::version_malformed;
    }
    const bool zero_first = place - start > 1 && text[start] == '0';
    if (place == start || zero_first) return errc::version_malformed;
    part = static_cast<std::uint32_t>(value);
    if (place == text.size()) {
      out = read;
      return errc::ok;
    }
    if (text[place++] != '.') return errc::version_malformed;
  }
  return errc::version_malformed;
}

/// Where the signed version stands, and what it must not be lower than. Borrows its texts.
class version_rule {
 public:
  /// The annotation `key` of the signed artifact: formats of the Notary Project.
  static constexpr version_rule annotation(std::string_view key, version floor) noexcept {
    return {key, floor, false};
  }
  /// The tag of the one signed reference in `repository`, a registry with a path; "": of the one
  /// signed reference: formats of the prototype.
  static constexpr version_rule tag(std::string_view repository, version floor) noexcept {
    return {repository, floor, true};
  }

  constexpr std::string_view name() const noexcept { return name_; }
  constexpr const version& floor() const noexcept { return floor_; }
  constexpr bool is_tag() const noexcept { return is_tag_; }

 private:
  constexpr version_rule(std::string_view name, version floor, bool is_tag) noexcept
      : name_(name), floor_(floor), is_tag_(is_tag) {}

  std::string_view name_;
  version floor_;
  bool is_tag_;
};

namespace detail {

/// The tag of the one reference in `repository`, "" = any; in the workspace or in `references`.
[[nodiscard]] inline errc find_version_tag(bytes references, std::string_view repository,
                                           workspace& memory, bytes& tag) noexcept {
  json_reader reader{references, memory, json_duplicates::last_wins, 0};
  bool found = false;
  for (reader.enter_array(); reader.next_element();) {
    const std::size_t mark = memory.mark();
    bytes text;
    NV2_TRY(unescape(reader.read_string(), limits::reference_size, memory, text));
    reference parsed;
    NV2_TRY(parse_reference(text, parsed));
    if (repository.empty() || equal(parsed.repository, repository)) {
      if (found) return errc::version_ambiguous;  // spec: M-001
      found = true;
      tag = parsed.tag;
    } else {
      memory.rewind(mark);
    }
  }
  return tag.empty() ? errc::version_missing : errc::ok;  // spec: M-001
}

}  // namespace detail

/// Reads the version that `rule` asks for. `annotations` and `references` are those of a verified
/// artifact, which `verified` gives: call it after a verification was ok to learn the next floor.
///
/// `memory` needs room for a reference of limits::reference_size, and only when it is written with
/// escapes; all is given back. `out` is written on success.
/// Errors: version_missing, version_malformed, version_ambiguous; workspace_exhausted.
[[nodiscard]] inline errc read_version(const version_rule& rule, bytes annotations,
                                       bytes references, workspace& memory, version& out) noexcept {
  const std::size_t mark = memory.mark();
  json_string value;
  bytes text;
  errc code = errc::version_missing;
  if (rule.is_tag()) {
    if (!references.empty()) {
      code = detail::find_version_tag(references, rule.name(), memory, text);
    }
  } else if (find_annotation(annotations, rule.name(), value)) {
    code = unescape(value, version::max_text, memory, text);
    if (code == errc::json_copy_length) code = errc::version_malformed;
  }
  if (code == errc::ok) code = parse_version(text, out);
  memory.rewind(mark);
  return code;
}

/// Decides whether the signed version is the floor of `rule` or a higher one.
/// Errors: those of read_version(); version_too_low. // spec: M-002
[[nodiscard]] inline errc check_version(const version_rule& rule, bytes annotations,
                                        bytes references, workspace& memory) noexcept {
  version found;
  NV2_TRY(read_version(rule, annotations, references, memory, found));
  return found < rule.floor() ? errc::version_too_low : errc::ok;  // spec: M-002
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_VERSION_RULE_HPP
