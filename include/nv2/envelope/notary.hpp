// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a Notary Project envelope says, whether it came as JWS or as COSE, and the rules that both
// forms share.
// Does: name the parts of an envelope, judge its attributes and `crit`, tell the algorithm of a key.
// Does not: check a signature or a certificate, or compare a time with the present.
// The caller must: keep envelope and workspace alive as long as a message made from them, and
// believe nothing in it before the signature over `signed_parts` was verified.
#ifndef NV2_ENVELOPE_NOTARY_HPP
#define NV2_ENVELOPE_NOTARY_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/envelope/envelope.hpp>

NV2_NAMESPACE_BEGIN

/// How many extended attributes a caller can say it understands; more are not looked at.
constexpr std::size_t notary_max_understood = 5;

/// The one algorithm for signatures by `key`; none when there is no such. RSASSA-PSS is what
/// signature_algorithm says: MGF1 with the same hash and a salt as long. // spec: J-040 J-041 J-044
/// // spec: C-053 C-055
constexpr signature_algorithm find_notary_algorithm(const public_key& key) noexcept {
  if (key.kind != key_kind::rsa) {
    const hash_algorithm hash = curve_hash(key.kind);
    if (hash == hash_algorithm::none) return {};
    return {signature_scheme::ecdsa, hash};
  }
  // 2048 bits go with SHA-256, 3072 with SHA-384, 4096 with SHA-512.
  const std::size_t bits = rsa_bits(key);
  if (bits % 1024 != 0 || bits < 2048 || bits > 4096) return {};
  return {signature_scheme::rsa_pss, static_cast<hash_algorithm>(bits / 1024 - 1)};
}

/// Decides whether `algorithm`, from a header, is the one of the signer's key. The key decides; a
/// header can only agree. // spec: J-021 J-040 J-041 C-020 C-055
[[nodiscard]] constexpr errc check_notary_algorithm(const public_key& key,
                                                    signature_algorithm algorithm) noexcept {
  const signature_algorithm wanted = find_notary_algorithm(key);
  if (wanted.scheme == signature_scheme::none) {
    return key.kind == key_kind::rsa ? errc::notary_key_size : errc::notary_key;
  }
  return algorithm == wanted ? errc::ok : errc::notary_algorithm_mismatch;
}

/// Shared by the two forms.
namespace notary_detail {

/// Attributes as places in a set. The registered ones that Notary has no use for start at
/// `first_other`: in COSE with label 4, in JWS with `kid`.
enum attribute : unsigned {
  chain,
  algorithm,
  critical,
  content_type,
  scheme,
  signing_time,
  authentic_time,
  expiry,
  plugin,
  plugin_version,
  timestamp,
  agent,
  first_other,
  first_understood = 26,
  unknown = first_understood + notary_max_understood
};
static_assert(unknown == 31);

constexpr std::uint32_t bit(unsigned place) noexcept { return std::uint32_t{1} << place; }
constexpr std::uint32_t registered = (bit(scheme) - 1) | (bit(first_understood) - bit(first_other));
constexpr std::uint32_t understood = bit(unknown) - bit(first_understood);

/// A list of names: each stands behind its length, to which 128 is added when "io.cncf.notary." has
/// to go before it. These are the attributes in their order, and then the other ones of JOSE.
inline constexpr char attribute_names[] =
    "\3x5c\3alg\4crit\3cty"
    "\215signingScheme\213signingTime\224authenticSigningTime\206expiry"
    "\222verificationPlugin\234verificationPluginMinVersion"
    "\222timestampSignature\214signingAgent"
    "\3kid\3b64\3jku\3jwk\3x5u\3x5t\10x5t#S256\3zip\3enc\3typ";
constexpr std::size_t text_names_offset = 17;
constexpr unsigned jose_names_end = first_other + 10;

/// The place of `name` in `list`; the number of names when it is not there. // spec: J-006
inline unsigned find_name(const char* list, const bytes& name) noexcept {
  static constexpr char prefix[] = "io.cncf.notary.";
  constexpr std::size_t prefix_size = sizeof prefix - 1;
  const std::uint8_t* text = name.data();
  std::size_t size = name.size();
  std::size_t head = size < 128 ? size : 0;
  if (size > prefix_size && std::memcmp(text, prefix, prefix_size) == 0) {
    text += prefix_size;
    size -= prefix_size;
    head = size + 128;
  }
  unsigned place = 0;
  for (std::size_t next = 0; (next = static_cast<unsigned char>(*list)) != 0; ++place) {
    if (next == head && std::memcmp(list + 1, text, size) == 0) break;
    list += 1 + next % 128;
  }
  return place;
}

/// The place of an extended attribute that the caller understands.
inline unsigned find_understood(const bytes& name,
                                const view<std::string_view>& understands) noexcept {
  unsigned place = first_understood;
  for (const std::string_view& own : understands) {
    if (place == unknown || equal(name, own)) return place;
    ++place;
  }
  return unknown;
}

/// Which attributes the protected header has, and which its `crit` lists.
struct attribute_set {
  std::uint32_t present = 0, listed = 0, repeated = 0;

  bool has(unsigned place) const noexcept { return (present & bit(place)) != 0; }
  /// Takes an entry of `crit`.
  void list(unsigned place) noexcept {
    repeated |= listed & bit(place);
    listed |= bit(place);
  }
};

/// Rules on `crit`. It may list what is in `tolerated` besides what it should, and then repeat it.
[[nodiscard]] inline errc check_critical(const attribute_set& found,
                                         std::uint32_t tolerated) noexcept {
  constexpr std::uint32_t must = bit(scheme) | bit(authentic_time) | bit(expiry);
  const std::uint32_t listed = found.listed;
  const std::uint32_t foreign = listed & ~(must | understood | tolerated);
  if (listed == 0) return errc::notary_critical_missing;                     // spec: J-030 C-030
  if ((foreign & registered) != 0) return errc::notary_critical_registered;  // spec: J-032 C-033
  if (foreign != 0) return errc::notary_critical_unknown;  // spec: J-035 C-034 C-035
  if ((listed & ~found.present) != 0) return errc::notary_critical_absent;  // spec: J-033 C-031
  if (tolerated == 0 && found.repeated != 0) {
    return errc::notary_critical_twice;  // spec: J-031 C-034
  }
  if ((must & found.present & ~listed) != 0) {
    return errc::notary_critical_required;  // spec: J-034 C-032
  }
  return errc::ok;
}

/// Rules on the attributes together, apart from their values.
[[nodiscard]] inline errc check_attributes(const attribute_set& found, std::uint32_t tolerated,
                                           signing_scheme chosen) noexcept {
  if (!found.has(algorithm)) return errc::notary_algorithm_missing;  // spec: J-021 C-020
  if (!found.has(scheme)) return errc::notary_scheme_missing;        // spec: J-023 C-022
  if (found.has(plugin) || found.has(plugin_version)) {
    return errc::notary_plugin;  // spec: J-037 C-036
  }
  const bool x509 = chosen == signing_scheme::x509;
  if (found.has(signing_time) != x509 || found.has(authentic_time) == x509) {
    // spec: J-025 J-026 C-023
    return x509 ? errc::notary_times_x509 : errc::notary_times_authority;
  }
  return check_critical(found, tolerated);
}

/// An expiry must lie behind the signing time. // spec: J-027 J-028 C-027
[[nodiscard]] inline errc check_times(const signed_message& message,
                                      std::uint32_t expiry_nanoseconds) noexcept {
  constexpr unix_time zero = -62135596800;  // 0001-01-01T00:00:00Z
  if (message.signing_time == zero && message.signing_nanoseconds == 0) {
    return errc::notary_signing_time_zero;  // spec: J-027
  }
  if (!message.has_expiry || message.expiry > message.signing_time) return errc::ok;
  if (message.expiry == message.signing_time && expiry_nanoseconds > message.signing_nanoseconds)
    return errc::ok;
  return errc::notary_expiry;  // spec: J-028 C-027
}

/// The names of the one content type and of the schemes. // spec: J-022 J-023 C-021 C-022
inline constexpr char content_type_names[] = "\53application/vnd.cncf.notary.payload.v1+json";
inline constexpr char scheme_names[] = "\13notary.x509\34notary.x509.signingAuthority";

[[nodiscard]] inline errc parse_scheme(unsigned place, signing_scheme& out) noexcept {
  if (place > 1) return errc::notary_scheme_unknown;  // spec: J-023 C-022
  out = static_cast<signing_scheme>(place + 1);
  return errc::ok;
}

/// The allowed algorithms by place: ES256, ES384, ES512, PS256, PS384, PS512. // spec: J-021 C-020
[[nodiscard]] inline errc parse_algorithm(unsigned place, signature_algorithm& out) noexcept {
  if (place > 5) return errc::notary_algorithm_unknown;
  out.scheme = place < 3 ? signature_scheme::ecdsa : signature_scheme::rsa_pss;
  out.hash = static_cast<hash_algorithm>((place < 3 ? place : place - 3) + 1);
  return errc::ok;
}

/// Room for the certificates of a chain, or null. // spec: G-003
inline bytes* take_chain(workspace& memory) noexcept {
  return static_cast<bytes*>(memory.take(limits::certificates * sizeof(bytes), alignof(bytes)));
}

}  // namespace notary_detail

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NOTARY_HPP
