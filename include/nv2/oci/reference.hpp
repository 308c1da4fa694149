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
constexpr std::size_t max_reference_tag = 128;

namespace detail {

/// Sets of characters, to be combined with |.
namespace chars {
constexpr unsigned lower = 1, upper = 2, digit = 4, hex = 8;
constexpr unsigned dash = 16, dot = 32, underscore = 64, colon = 128;
constexpr unsigned letter = lower | upper;

/// Every set that `c` is in.
constexpr unsigned sets_of(std::uint8_t c) noexcept {
  if (c >= '0' && c <= '9') return digit | hex;
  const unsigned folded = c | 0x20U;
  if (folded >= 'a' && folded <= 'z') {
    return (c == folded ? lower : upper) | (folded <= 'f' ? hex : 0U);
  }
  switch (c) {
    case '-': return dash;
    case '.': return dot;
    case '_': return underscore;
    case ':': return colon;
    default: return 0;
  }
}
}  // namespace chars

/// A cursor over a text; the productions of the grammar below move it over what they match.
class reference_scanner {
 public:
  explicit reference_scanner(bytes text) noexcept : text_(text) {}

  std::size_t at() const noexcept { return at_; }
  bool at_end() const noexcept { return at_ == text_.size(); }
  void restart() noexcept { at_ = 0; }
  /// The text from `from` up to the cursor.
  bytes since(std::size_t from) const noexcept { return text_.sub(from, at_ - from); }

  bool accept(char c) noexcept {
    if (at_end() || text_[at_] != static_cast<std::uint8_t>(c)) return false;
    ++at_;
    return true;
  }
  /// Moves over all characters of `sets` and tells how many there were.
  std::size_t run(unsigned sets) noexcept {
    const std::size_t from = at_;
    while (!at_end() && (chars::sets_of(text_[at_]) & sets) != 0) ++at_;
    return at_ - from;
  }

  /// domain := host [":" digit+]
  bool domain() noexcept {
    if (!host()) return false;
    return !accept(':') || run(chars::digit) > 0;
  }
  /// path := component ["/" component]*
  bool path() noexcept {
    do {
      if (!component()) return false;
    } while (accept('/'));
    return true;
  }
  /// tag := [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127}
  bool tag() noexcept {
    constexpr unsigned word = chars::letter | chars::digit | chars::underscore;
    const std::size_t from = at_;
    if (run(word) == 0) return false;
    run(word | chars::dot | chars::dash);
    return at_ - from <= max_reference_tag;
  }
  /// digest    := algorithm ":" [0-9A-Fa-f]{32,}
  /// algorithm := [A-Za-z][A-Za-z0-9]* [ [+._-] [A-Za-z][A-Za-z0-9]* ]*
  bool digest() noexcept {
    do {
      if (run(chars::letter) == 0) return false;
      run(chars::letter | chars::digit);
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
    constexpr unsigned alphanumeric = chars::letter | chars::digit;
    if (run(alphanumeric) == 0) return false;
    run(alphanumeric | chars::dash);
    return text_[at_ - 1] != '-';
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

  bytes text_;
  std::size_t at_ = 0;
};

}  // namespace detail

/// Takes a reference apart by the grammar of the distribution project, without normalising it.
///
///     reference  := repository [":" tag] ["@" digest]
///     repository := [domain "/"] path
///
/// The text before the first "/" is the domain when it has the form of one. A path has at most 255
/// characters. Reads the first component twice, the rest once. `out` is written on success only.
[[nodiscard]] inline errc parse_reference(bytes text, reference& out) noexcept {
  detail::reference_scanner scanner(text);
  reference r;
  if (scanner.domain() && scanner.accept('/')) {
    r.domain = text.first(scanner.at() - 1);
  } else {
    scanner.restart();
  }
  const std::size_t path = scanner.at();
  if (!scanner.path()) return errc::reference_syntax;  // spec: N-100 N-107 D-023
  r.path = scanner.since(path);
  r.repository = scanner.since(0);
  if (r.path.size() > max_reference_path) return errc::reference_syntax;  // spec: N-100
  if (scanner.accept(':')) {
    const std::size_t tag = scanner.at();
    if (!scanner.tag()) return errc::reference_syntax;  // spec: N-100 D-023
    r.tag = scanner.since(tag);
  }
  if (scanner.accept('@')) {
    const std::size_t digest = scanner.at();
    if (!scanner.digest()) return errc::reference_syntax;  // spec: N-100
    r.digest = scanner.since(digest);
  }
  if (!scanner.at_end()) return errc::reference_syntax;  // spec: N-100
  out = r;
  return errc::ok;
}

namespace detail {

/// Whether the first component of a reference names a registry rather than a part of a path.
inline bool names_registry(bytes component) noexcept {
  if (equal(component, "localhost")) return true;
  for (const std::uint8_t c : component) {
    constexpr unsigned telling = chars::dot | chars::colon | chars::upper;
    if (c == '[' || (chars::sets_of(c) & telling) != 0) return true;
  }
  return false;
}

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
/// It lies in `text` or is a constant. `out` and `host` are written on success only.
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
  while (slash < text.size() && text[slash] != '/') ++slash;
  if (slash == 0) return errc::reference_empty_domain;            // spec: N-102
  if (slash == text.size()) return errc::reference_without_path;  // spec: N-101
  reference parsed;
  NV2_TRY(parse_reference(text, parsed));

  bytes registry = parsed.domain;
  const bool docker_default = has(options, compat::nv2_docker_default);
  if (!detail::names_registry(text.first(slash))) {
    if (!docker_default) return errc::reference_unqualified;  // spec: N-103
    registry = bytes::of("docker.io");
  } else if (registry.empty()) {
    return errc::reference_syntax;  // spec: N-100
  } else if (docker_default && equal(registry, "index.docker.io")) {
    registry = bytes::of("docker.io");
  }
  const bool strip_port = has(options, compat::nv2_strip_port);
  host = strip_port ? detail::without_port(registry) : registry;  // spec: N-104 N-105
  out = parsed;
  return errc::ok;
}

NV2_NAMESPACE_END

#endif  // NV2_OCI_REFERENCE_HPP
