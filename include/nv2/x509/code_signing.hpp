// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What certificates must be that sign for the Notary Project, and how they hang together.
// Does: judge signer and issuers, and check the chain exactly as it is listed. // spec: X-040
// Does not: build, reorder or complete a chain; trust anything; look at a time, so that validity
// periods need not nest either. // spec: X-046
// Nor does it look at what the rules do not name: purposes of issuers, name constraints, policies,
// key and unique identifiers, unknown extensions, critical or not. // spec: X-009 X-029 X-045
// The caller must: have checked the signer's key (check_notary_algorithm()), and check trust and time.
// // spec: X-024
#ifndef NV2_X509_CODE_SIGNING_HPP
#define NV2_X509_CODE_SIGNING_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/link.hpp>

NV2_NAMESPACE_BEGIN

/// Whether the key usage has digitalSignature and, but for contentCommitment, nothing else. False
/// without a key usage. // spec: X-022 X-060
inline bool only_signs(const certificate& leaf) noexcept {
  constexpr unsigned others = ~unsigned{key_usage::content_commitment};
  return (leaf.key_usage & others) == key_usage::digital_signature;
}

/// Whether the extended key usage has no purpose that a code signer may not have: serverAuth,
/// clientAuth, emailProtection, timeStamping, OCSPSigning, and any unless compat::eku_allow_any. It
/// may be absent, need not have codeSigning, and may have others. // spec: X-023
//
//   ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER
[[nodiscard]] inline errc check_code_signing_purpose(const certificate& leaf,
                                                     compat leniency) noexcept {
  constexpr unsigned refused = 1U << 1 | 1U << 2 | 1U << 4 | 1U << 8 | 1U << 9;
  constexpr std::size_t arc = sizeof oid::server_auth - 1;  // 1.3.6.1.5.5.7.3
  der_reader reader{leaf.ext_key_usage};
  static_cast<void>(reader.enter(der_tag::sequence));
  while (reader.more()) {
    const bytes id = reader.read(der_tag::oid);
    const bool known = id.size() == arc + 1 && std::memcmp(id.data(), oid::server_auth, arc) == 0;
    if (known && id[arc] < 32 && (refused >> id[arc] & 1U) != 0) return errc::leaf_purpose;
    if (equal(id, oid::any_purpose) && !has(leniency, compat::eku_allow_any)) {
      return errc::leaf_purpose;
    }
  }
  return errc::ok;
}

/// What the signer's certificate must be, but for its key.
/// Errors: leaf_is_ca, leaf_key_usage_critical, leaf_key_usage, leaf_purpose.
[[nodiscard]] inline errc check_code_signing_leaf(const certificate& leaf,
                                                  compat leniency) noexcept {
  if (leaf.is_ca) return errc::leaf_is_ca;                             // spec: X-020
  if (!leaf.key_usage_critical) return errc::leaf_key_usage_critical;  // spec: X-021
  if (!only_signs(leaf)) return errc::leaf_key_usage;                  // spec: X-022
  return check_code_signing_purpose(leaf, leniency);                   // spec: X-023
}

/// What every other certificate must be, with `between` certificates between it and the signer's, the
/// self-issued ones included. Only version 3 can have what is asked for.
/// Errors: ca_basic_constraints, ca_path_length, ca_key_usage, ca_key, key_too_large.
[[nodiscard]] inline errc check_code_signing_ca(const certificate& ca, int between,
                                                compat leniency) noexcept {
  if (!ca.is_ca || !(ca.basic_constraints_critical || has(leniency, compat::ca_bc_noncritical))) {
    return errc::ca_basic_constraints;  // spec: X-025 X-044
  }
  if (ca.path_length >= 0 && between > ca.path_length) return errc::ca_path_length;  // spec: X-026
  if (!ca.key_usage_critical || (ca.key_usage & key_usage::cert_sign) == 0) {
    return errc::ca_key_usage;  // spec: X-027 X-044
  }
  const errc code = check_key_strength(ca.key, has(leniency, compat::weak_ca_keys) ? 1024 : 2048);
  return code == errc::ok || code == errc::key_too_large ? code : errc::ca_key;  // spec: X-028
}

namespace detail {

/// What checking links uses and spends.
struct link_means {
  const crypto_backend& crypto;
  workspace& memory;
  std::uint16_t& budget;
};

/// Checks by name and signature that `issuer` issued `child`, else `not_issued`. Costs one signature
/// check of the budget when the names fit, otherwise nothing. // spec: X-008 X-044
[[nodiscard]] inline errc verify_issued(const certificate& child, const certificate& issuer,
                                        errc not_issued, const link_means& means) noexcept {
  if (!equal(child.issuer, issuer.subject)) return not_issued;
  if (means.budget == 0) return errc::signature_budget;  // spec: G-003
  --means.budget;
  const errc code = verify_link(child, issuer.key, means.crypto, means.memory);
  return code == errc::link_signature ? not_issued : code;
}

/// Checks that nobody but the one after it issued `child`, not even itself.
[[nodiscard]] inline errc verify_inner_link(const certificate* child,
                                            const link_means& means) noexcept {
  const errc code = verify_issued(*child, *child, errc::chain_link, means);
  if (code == errc::ok) return errc::chain_self_signed;  // spec: X-043
  if (code != errc::chain_link) return code;
  return verify_issued(*child, child[1], errc::chain_link, means);  // spec: X-044
}

}  // namespace detail

/// Checks `chain` as a signature lists it: the signer's certificate first, each issued by the one
/// after it, and the last one by itself; a single one is both signer and root. All certificates are
/// judged before any signature is checked. // spec
///
/// Nothing here depends on a time, so that the answer stays good for revocation. // spec: X-047
/// `budget` is how many signatures may be checked, and goes down by those that were: one a
/// certificate, and another one for each before the last that names itself as issuer. `concerned`
/// becomes the index of the certificate that failed, or of the last one. The workspace is given back.
/// Errors: chain_too_long (no certificate, or more than max_path_certificates), those of
/// check_code_signing_leaf() and check_code_signing_ca(), chain_lone, chain_root, chain_self_signed,
/// chain_link, signature_budget, and those of verify_link().
[[nodiscard]] inline errc verify_code_signing_chain(view<certificate> chain, compat leniency,
                                                    const crypto_backend& crypto, workspace& memory,
                                                    std::uint16_t& budget,
                                                    std::int8_t& concerned) noexcept {
  concerned = 0;
  const std::size_t last = chain.size() - 1;
  if (last >= max_path_certificates) return errc::chain_too_long;  // spec: X-040 G-003
  NV2_TRY(check_code_signing_leaf(chain[0], leniency));
  for (std::size_t i = 1; i <= last; ++i) {
    concerned = static_cast<std::int8_t>(i);
    NV2_TRY(check_code_signing_ca(chain[i], static_cast<int>(i - 1), leniency));
  }
  const detail::link_means means{crypto, memory, budget};
  for (std::size_t i = 0; i < last; ++i) {
    concerned = static_cast<std::int8_t>(i);
    NV2_TRY(detail::verify_inner_link(&chain[i], means));
  }
  concerned = static_cast<std::int8_t>(last);
  const errc not_root = last == 0 ? errc::chain_lone : errc::chain_root;  // spec: X-041 X-042
  return detail::verify_issued(chain[last], chain[last], not_root, means);
}

NV2_NAMESPACE_END

#endif  // NV2_X509_CODE_SIGNING_HPP
