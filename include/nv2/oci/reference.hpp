// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// References: where an artifact is said to come from.
// Does: take a reference apart, and tell the host of the registry that a certificate has to cover.
// Does not: normalise, resolve names, infer a registry, or compare anything with a certificate.
// The caller must: keep the text alive as long as the views into it.
#ifndef NV2_OCI_REFERENCE_HPP
#define NV2_OCI_REFERENCE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

/// A reference as slices of its text. What it does not have is empty.
struct reference {
  /// Host and port as written: "r.io", "localhost:5000", "[::1]:5000".
  bytes domain;
  /// Everything before the tag and the digest: "r.io/app/web".
  bytes repository;
  /// The repository without its domain: "app/web".
  bytes path;
  /// "v1", without the colon.
  bytes tag;
  /// "sha256:...", without the at sign. Its algorithm and length are not judged here.
  bytes digest;
};

/// Most characters of a path, and of a tag.
constexpr std::size_t max_reference_path = 255;
/// Of a whole name with its registry, for references in claims; the grammar alone is laxer.
constexpr std::size_t max_reference_name = 255;
constexpr std::size_t max_reference_tag = 128;

namespace detail {

/// Sets of characters, to be combined with |.
namespace chars {
constexpr unsigned lower = 1, upper = 2, digit = 4, hex = 8;
constexpr unsigned dash = 16, dot = 32, underscore = 64, colon = 128, bracket = 256;
constexpr unsigned alphanumeric = lower | upper | digit;
/// One of these in the first component of a reference makes it a registry, not part of a path.
constexpr unsigned tells_registry = dot | colon | upper | bracket;

/// Every set that `c` is in.
constexpr unsigned sets_of(unsigned c) noexcept {
  if (c - '0' < 10) return digit | hex;
  const unsigned letter = (c | 0x20U) - 'a';
  if (letter < 26) return ((c & 0x20U) != 0 ? lower : upper) | (letter < 6 ? hex : 0U);
  switch (c) {
    case '-': return dash;
    case '.': return dot;
    case '_': return underscore;
    case ':': return colon;
    case '[': return bracket;
    default: return 0;
  }
}
}  // namespace chars

/// A cursor over a text; the productions of the grammar below move it over what they match.
class reference_scanner {
 public:
  explicit reference_scanner(bytes text) noexcept : at_(text.begin()), end_(text.end()) {}

  const std::uint8_t* at() const noexcept { return at_; }
  bool at_end() const noexcept { return at_ == end_; }
  void restart(bytes text) noexcept { at_ = text.begin(); }
  /// The text from `from` up to the cursor.
  bytes since(const std::uint8_t* from) const noexcept {
    return {from, static_cast<std::size_t>(at_ - from)};
  }

  bool accept(char c) noexcept {
    if (at_end() || *at_ != static_cast<std::uint8_t>(c)) return false;
    ++at_;
    return true;
  }
  /// Moves over all characters of `sets` and tells how many there were.
  std::size_t run(unsigned sets) noexcept {
    const std::uint8_t* const from = at_;
    while (!at_end() && (chars::sets_of(*at_) & sets) != 0) ++at_;
    return since(from).size();
  }

  /// domain := host [":" digit+]
  bool domain() noexcept { return host() && (!accept(':') || run(chars::digit) > 0); }
  /// path := component ["/" component]*
  bool path() noexcept {
    do {
      if (!component()) return false;
    } while (accept('/'));
    return true;
  }
  /// tag := [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127}
  bool tag() noexcept {
    constexpr unsigned word = chars::alphanumeric | chars::underscore;
    const std::uint8_t* const from = at_;
    if (run(word) == 0) return false;
    run(word | chars::dot | chars::dash);
    return since(from).size() <= max_reference_tag;
  }
  /// digest    := algorithm ":" [0-9A-Fa-f]{32,}
  /// algorithm := [A-Za-z][A-Za-z0-9]* [ [+._-] [A-Za-z][A-Za-z0-9]* ]*
  bool digest() noexcept {
    do {
      if (run(chars::lower | chars::upper) == 0) return false;
      run(chars::alphanumeric);
    } while (accept('+') || accept('.') || accept('_') || accept('-'));
    return accept(':') && run(chars::hex) >= 32;
  }

 private:
  /// host := label ["." label]* | "[" [0-9A-Fa-f:]+ "]"
  bool host() noexcept {
    if (accept('[')) return run(chars::hex | chars::colon) > 0 && accept(']');
    do {
      if (!label()) return false;
    } while (accept('.'));
    return true;
  }
  /// label := [A-Za-z0-9] | [A-Za-z0-9] [A-Za-z0-9-]* [A-Za-z0-9]
  bool label() noexcept {
    if (run(chars::alphanumeric) == 0) return false;
    run(chars::alphanumeric | chars::dash);
    return at_[-1] != '-';
  }
  /// component := [a-z0-9]+ [ ("." | "_" | "__" | "-"+) [a-z0-9]+ ]*
  bool component() noexcept {
    while (run(chars::lower | chars::digit) > 0) {
      if (accept('.')) continue;
      if (accept('_')) {
        accept('_');
      } else if (run(chars::dash) == 0) {
        return true;
      }
    }
    return false;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace detail

/// Takes a reference apart by the grammar of the distribution project, without normalising it.
///
///     reference  := repository [":" tag] ["@" digest]
///     repository := [domain "/"] path
///
/// The text before the first "/" is the domain when it has the form of one. A path has at most 255
/// characters. Reads the first component twice, the rest once. After an error `out` means nothing.
[[nodiscard]] inline errc parse_reference(bytes text, reference& out) noexcept {
  detail::reference_scanner scanner(text);
  out = {};
  if (scanner.domain() && scanner.accept('/')) {
    out.domain = text.first(scanner.since(text.begin()).size() - 1);
  } else {
    scanner.restart(text);
  }
  const std::uint8_t* part = scanner.at();
  bool good = scanner.path();  // spec: N-100 N-107 D-022 D-023
  out.path = scanner.since(part);
  out.repository = scanner.since(text.begin());
  if (good && scanner.accept(':')) {
    part = scanner.at();
    good = scanner.tag();  // spec: N-100 D-023
    out.tag = scanner.since(part);
  }
  if (good && scanner.accept('@')) {
    part = scanner.at();
    good = scanner.digest();  // spec: N-100
    out.digest = scanner.since(part);
  }
  good = good && scanner.at_end() && out.path.size() <= max_reference_path;  // spec: N-100 D-021
  return good ? errc::ok : errc::reference_syntax;
}

namespace detail {

/// `domain` without ":digits" at its end; the colons of an address in brackets are not at the end.
inline bytes without_port(bytes domain) noexcept {
  std::size_t end = domain.size();
  while (end > 0 && (chars::sets_of(domain[end - 1]) & chars::digit) != 0) --end;
  return end > 0 && domain[end - 1] == ':' ? domain.first(end - 1) : domain;
}

}  // namespace detail

/// Decides which host the certificate of a signer must cover when it signed the reference `text`,
/// and refuses references that do not name their registry in full.
///
/// `host` is the domain as written, meant for check_host(): upper case is not folded, an IPv6
/// address keeps its brackets, and a port stays, so that only a name with that very port covers it.
/// It lies in `text` or is a constant. After an error `out` and `host` mean nothing.
///
/// A reference without any "/", or with nothing before it, is an identity error even when it breaks
/// the grammar as well; every other breach, also a scheme such as "https://", is reference_syntax.
///
/// `options`: nv2_docker_default reads a first component that names no registry, and
/// "index.docker.io", as "docker.io" (a reference without any "/" stays refused); nv2_strip_port
/// takes the port off `host`.
[[nodiscard]] inline errc check_registry_host(bytes text, compat options, reference& out,
                                              bytes& host) noexcept {
  std::size_t slash = 0;
  unsigned seen = 0;
  for (; slash < text.size() && text[slash] != '/'; ++slash) {
    seen |= detail::chars::sets_of(text[slash]);
  }
  if (slash == 0) return errc::reference_empty_domain;            // spec: N-102
  if (slash == text.size()) return errc::reference_without_path;  // spec: N-101 D-020
  NV2_TRY(parse_reference(text, out));
  if (out.repository.size() > max_reference_name) return errc::reference_syntax;  // spec: N-100

  host = out.domain;
  const bool docker_default = has(options, compat::nv2_docker_default);
  if ((seen & detail::chars::tells_registry) == 0 && !equal(host, "localhost")) {
    if (!docker_default) return errc::reference_unqualified;  // spec: N-103
    constexpr std::string_view default_host = "docker.io";
    host = bytes::of(default_host);
  } else if (host.empty()) {
    return errc::reference_syntax;  // spec: N-100
  }
  if (docker_default && equal(host, "index.docker.io")) host = host.drop(6);
  // spec: N-104 N-105
  if (has(options, compat::nv2_strip_port)) host = detail::without_port(host);
  return errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_REFERENCE_HPP
