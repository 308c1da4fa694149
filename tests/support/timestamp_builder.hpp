// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Timestamp tokens made to order, with any defect a test needs, and a small world that trusts them.
// Does: write the DER of a token part by part, and let any test_key sign it.
// Does not: refuse anything.
#ifndef NV2_TESTS_SUPPORT_TIMESTAMP_BUILDER_HPP
#define NV2_TESTS_SUPPORT_TIMESTAMP_BUILDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nv2/trust/timestamp.hpp>

#include "der_builder.hpp"
#include "stub_backend.hpp"
#include "test_pki.hpp"

namespace nv2_test {

inline std::string hex_of(const octets& data) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : data) out += {digits[byte >> 4], digits[byte & 15]};
  return out;
}

inline octets sha2_identifier(nv2::hash_algorithm hash) {
  return build::seq(
      {build::oid("2.16.840.1.101.3.4.2." + std::to_string(static_cast<unsigned>(hash)))});
}

inline octets digest_of(const nv2::crypto_backend& crypto, nv2::hash_algorithm hash,
                        const octets& text) {
  nv2::static_workspace<1024> memory;
  nv2::bytes digest;
  if (hash_bytes(crypto, hash, as_bytes(text), memory, digest) != nv2::errc::ok) return {};
  return {digest.begin(), digest.end()};
}

inline octets cms_attribute(const std::string& type, const std::vector<octets>& values) {
  return build::seq({build::oid(type), build::set(values)});
}

/// The parts of a token, each a whole element; empty ones that have no default are computed or left
/// out.
struct stamp_plan {
  // The statement.
  octets info_version = build::integer(1);
  octets policy = build::oid("1.2.3");
  nv2::hash_algorithm imprint_hash = nv2::hash_algorithm::sha256;
  octets imprint;
  octets serial = build::integer(5);
  octets gen_time = build::generalized_time("20250101120000Z");
  octets accuracy, ordering, nonce, tsa, extensions, inside_info, after_info;
  // The signer.
  octets signer_version = build::integer(1);
  octets sid;
  octets digest_algorithm;
  octets signature_algorithm;
  nv2::signature_algorithm algorithm{nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256};
  /// Type, digest, signer's certificate, in this order, before they are sorted.
  std::function<void(std::vector<octets>&)> change_attributes;
  /// SigningCertificateV2 from the ESSCertIDv2 of the signer's certificate.
  std::function<octets(const octets&)> ids;
  bool sorted = true, without_attributes = false, sign_as_sent = false, break_signature = false;
  octets unsigned_attributes;
  // The message.
  octets message_type = build::oid("1.2.840.113549.1.7.2");
  octets version = build::integer(3);
  octets digest_algorithms = build::set({});
  octets content_type = build::oid("1.2.840.113549.1.9.16.1.4");
  /// [0] from the statement, [0] from the certificates, the set of signers from one.
  std::function<octets(const octets&)> wrap;
  std::function<octets(const std::vector<octets>&)> certificates;
  std::function<octets(const octets&)> signers;
  octets lists;
};

/// A token for `message`, signed by `key`, whose certificate is the DER `signer`.
inline octets make_token(const stamp_plan& plan, const nv2::crypto_backend& crypto,
                         const octets& message, const test_key& key, const octets& signer,
                         const std::vector<octets>& certificates) {
  using namespace build;  // join is ambiguous: qualified
  const octets imprint = plan.imprint.empty()
                             ? seq({sha2_identifier(plan.imprint_hash),
                                    octet_string(digest_of(crypto, plan.imprint_hash, message))})
                             : plan.imprint;
  const octets info = build::join(
      {seq({plan.info_version, plan.policy, imprint, plan.serial, plan.gen_time, plan.accuracy,
            plan.ordering, plan.nonce, plan.tsa, plan.extensions, plan.inside_info}),
       plan.after_info});

  nv2::certificate fields;
  static_cast<void>(parse_certificate(as_bytes(signer), fields));
  const octets issuer{fields.issuer.begin(), fields.issuer.end()};
  const octets number = element(2, {fields.serial.begin(), fields.serial.end()});
  const octets id = seq({octet_string(digest_of(crypto, nv2::hash_algorithm::sha256, signer))});
  std::vector<octets> attributes = {
      cms_attribute("1.2.840.113549.1.9.3", {oid("1.2.840.113549.1.9.16.1.4")}),
      cms_attribute("1.2.840.113549.1.9.4",
                    {octet_string(digest_of(crypto, plan.algorithm.hash, info))}),
      cms_attribute("1.2.840.113549.1.9.16.2.47", {plan.ids ? plan.ids(id) : seq({seq({id})})})};
  if (plan.change_attributes) plan.change_attributes(attributes);
  if (plan.sorted) std::sort(attributes.begin(), attributes.end());
  octets text = set(attributes);
  octets sent = text;
  sent[0] = 0xA0;
  if (plan.sign_as_sent) text = sent;
  octets signature = key.sign(plan.algorithm, as_bytes(text));
  if (plan.break_signature) signature.back() = static_cast<std::uint8_t>(signature.back() ^ 1U);

  const octets signer_info = seq(
      {plan.signer_version, plan.sid.empty() ? seq({issuer, number}) : plan.sid,
       plan.digest_algorithm.empty() ? sha2_identifier(plan.algorithm.hash) : plan.digest_algorithm,
       plan.without_attributes ? octets{} : sent,
       plan.signature_algorithm.empty() ? algorithm_identifier(plan.algorithm)
                                        : plan.signature_algorithm,
       octet_string(signature), plan.unsigned_attributes});
  const octets wrapped = plan.wrap ? plan.wrap(info) : context(0, {octet_string(info)});
  return seq(
      {plan.message_type,
       context(
           0, {seq({plan.version, plan.digest_algorithms, seq({plan.content_type, wrapped}),
                    plan.certificates ? plan.certificates(certificates) : context(0, certificates),
                    plan.lists, plan.signers ? plan.signers(signer_info) : set({signer_info})})})});
}

/// A service, its root, a token, and somebody who verifies it. All good unless changed.
struct stamp_world {
  const nv2::crypto_backend* crypto = &stub_crypto;
  test_key root_key = stub_key(1), service_key = stub_key(2), middle_key = stub_key(3);
  certificate_plan root, service, middle;
  stamp_plan stamp;
  octets message = octets_of("a signature");
  /// Certificates of the token besides the signer's.
  std::vector<octets> others;
  bool without_signer = false, signer_last = false;
  std::optional<std::vector<octets>> anchors;
  nv2::anchor_role role = nv2::anchor_role::tsa;
  /// Anchors of code signing.
  std::vector<octets> authorities;
  nv2::hash_algorithm key_hash = nv2::hash_algorithm::sha256;
  nv2::compat leniency = nv2::compat::none;
  nv2::revocation decision = nv2::revocation::no_data();
  nv2::time_basis time = nv2::time_basis::at(1893456001);  // 2030, all have expired
  std::uint16_t budget = 20;
  std::size_t memory_size = 32768;
  // What came of it.
  nv2::verified_timestamp out;
  std::size_t memory_left_taken = 0, memory_peak = 0;
  octets last_token;

  stamp_world() {
    root.subject = root.issuer = "R";
    root.key = root.signer = &root_key;
    root.ca = true;
    root.key_usage = nv2::key_usage::cert_sign;
    service.subject = "service";
    service.issuer = "R";
    service.key = &service_key;
    service.signer = &root_key;
    service.key_usage = nv2::key_usage::digital_signature;
    service.purposes = {{std::begin(nv2::oid::time_stamping), std::end(nv2::oid::time_stamping)}};
    service.purposes_critical = true;
    service.serial = 77;
  }
  stamp_world(const stamp_world&) = delete;
  stamp_world& operator=(const stamp_world&) = delete;

  octets root_certificate() const { return make_certificate(root); }
  octets signer_certificate() const { return make_certificate(service); }
  /// The root is not the one that issued.
  void other_root() {
    certificate_plan other = root;
    other.key = other.signer = &middle_key;
    anchors = std::vector<octets>{make_certificate(other)};
  }
  void with_intermediate() {
    middle = root;
    middle.subject = "M";
    middle.key = &middle_key;
    middle.path_length = -1;
    service.issuer = "M";
    service.signer = &middle_key;
    others = {make_certificate(middle)};
  }
  void use_rsa(std::size_t bits) {
    service_key = stub_rsa_key(bits);
    stamp.algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
  }
  void use_rsa_root(std::size_t bits) {
    root_key = stub_rsa_key(bits);
    root.algorithm.scheme = service.algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
  }

  octets token() const {
    const octets signer = signer_certificate();
    std::vector<octets> certificates = others;
    if (!without_signer) {
      certificates.insert(signer_last ? certificates.end() : certificates.begin(), signer);
    }
    return make_token(stamp, *crypto, octets_of("a signature"), service_key, signer, certificates);
  }
  nv2::errc verify() {
    last_token = token();
    return verify(last_token);
  }
  /// `out` lies in `der` as long as that lives.
  nv2::errc verify(const octets& der) {
    const std::vector<octets> roots = anchors ? *anchors : std::vector<octets>{root_certificate()};
    std::vector<nv2::trust_anchor> trusted;
    for (const octets& one : roots) trusted.push_back({as_bytes(one), role});
    for (const octets& one : authorities) trusted.push_back({as_bytes(one)});
    octets room(memory_size);
    nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
    nv2::signer_context context{
        *crypto, memory, {trusted.data(), trusted.size()}, leniency, nv2::path_rules{time}};
    context.rules.max_signature_checks = budget;
    const nv2::errc code =
        verify_timestamp(as_bytes(der), as_bytes(message), key_hash, context, decision, out);
    budget = context.rules.max_signature_checks;
    memory_left_taken = memory.mark();
    memory_peak = memory.peak();
    return code;
  }
};

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_TIMESTAMP_BUILDER_HPP
