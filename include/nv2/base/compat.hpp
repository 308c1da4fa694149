// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Named deviations from the rules, all off unless the caller asks for one by name.
#ifndef NV2_BASE_COMPAT_HPP
#define NV2_BASE_COMPAT_HPP

#include <cstdint>

#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// A set of named deviations. Each relaxes one rule to what the first tools accepted, except the
/// four marked "stricter", which refuse more.
enum class compat : std::uint32_t {
  none = 0,
  /// A repeated JSON member name is accepted and its last value counts. // spec: G-012
  dup_last_wins = 1U << 0,
  /// Line ends and non-zero unused bits are accepted in base64 text. // spec: G-016 G-017
  b64_lenient = 1U << 1,
  /// Anything may follow the JSON envelope. // spec: N-002
  nv2_trailing_data = 1U << 2,
  /// An empty list of references means none. // spec: N-008
  nv2_empty_references = 1U << 3,
  /// A `kid` beside an `x5c` is not looked at. // spec: N-071
  nv2_ignore_kid = 1U << 4,
  /// References without a registry mean docker.io. // spec: N-103
  nv2_docker_default = 1U << 5,
  /// The port of a registry is not compared. // spec: N-104
  nv2_strip_port = 1U << 6,
  /// The extended key usage of the signer does not matter. // spec: N-120
  nv2_no_eku = 1U << 7,
  /// A signature is still good in the very second of `exp`. // spec: N-130
  nv2_exp_inclusive = 1U << 8,
  /// `exp` and `nbf` of 0 mean that there is none. // spec: N-132
  nv2_zero_is_absent = 1U << 9,
  /// Stricter: each certificate of `x5c` must issue the one before it. // spec: N-082
  nv2_ordered_x5c = 1U << 10,
  /// Stricter: the signer's certificate must have a key usage. // spec: N-092
  nv2_require_ku = 1U << 11,
  /// Stricter: the common name never stands for a host. // spec: N-112
  nv2_san_only = 1U << 12,
  /// Unknown members of a trust policy are ignored, but for reserved ones. // spec: P-002
  policy_ignore_unknown = 1U << 13,
  /// The level skip may be that of every artifact. // spec: P-018 P-020
  allow_global_skip = 1U << 14,
  /// A trust store may be listed again in a policy statement, and counts once. // spec: P-013
  policy_repeated_stores = 1U << 15,
  /// Unknown members of a JWS envelope are ignored. // spec: J-004
  jws_extra_top = 1U << 16,
  /// A name may stand in both headers of a JWS envelope; only the protected one counts. // spec: J-014
  jws_overlap_names = 1U << 17,
  /// In COSE, `crit` may repeat labels and list alg, content type and signing time. // spec: C-033 C-034
  cose_crit_lenient = 1U << 18,
  /// In COSE, the signing time that does not belong to the scheme is not looked at. // spec: C-023
  cose_ignore_other_time = 1U << 19,
  /// A label may stand in both COSE headers. The protected alg and the unprotected chain count.
  /// // spec: C-040
  cose_overlap_labels = 1U << 20,
  /// A COSE chain of one certificate may stand without an array around it. // spec: C-042
  cose_x5chain_bare = 1U << 21,
  /// A COSE chain in the protected header counts when the other header has none. // spec: C-043
  cose_x5chain_protected = 1U << 22,
  /// A signer's extended key usage may list anyExtendedKeyUsage. // spec: X-023
  eku_allow_any = 1U << 23,
  /// The basic constraints of an issuer need not be critical. // spec: X-025
  ca_bc_noncritical = 1U << 24,
  /// An issuer's RSA key may be shorter than 2048 bits, but not than 1024. // spec: X-028
  weak_ca_keys = 1U << 25,
  /// Stricter: of each place that a certificate names for revocation lists there must be a list that
  /// counts. // spec: R-005
  crl_all_points = 1U << 26,
  /// An authentic signing time may lie in the future. // spec: W-065
  sa_allow_future = 1U << 27,
  /// Revocation lists inside a timestamp are ignored. // spec: T-006
  ts_allow_crls = 1U << 28,
  /// A timestamp may name the signature by any SHA-2, whatever the signer's key is. // spec: T-012
  ts_any_imprint_hash = 1U << 29,
  /// The time of a timestamp may lie in the future. // spec: T-045
  ts_allow_future = 1U << 30,
};

constexpr compat operator|(compat a, compat b) noexcept {
  return static_cast<compat>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
/// Whether `set` contains `flag`.
constexpr bool has(compat set, compat flag) noexcept {
  return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(flag)) != 0;
}

NV2_NAMESPACE_END

#endif  // NV2_BASE_COMPAT_HPP
