// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// OCSP responses made to order, with any defect a test needs, and a small world that asks them.
// Does: write the DER of a response part by part, and let any test_key sign it.
// Does not: refuse anything.
#ifndef NV2_TESTS_SUPPORT_RESPONSE_BUILDER_HPP
#define NV2_TESTS_SUPPORT_RESPONSE_BUILDER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nv2/trust/revocation_responses.hpp>

#include "der_builder.hpp"
#include "list_builder.hpp"
#include "stub_backend.hpp"
#include "test_pki.hpp"

namespace nv2_test {

inline octets sha1_of(const octets& text) {
  octets digest(nv2::insecure_sha1_size);
  nv2::insecure_sha1(as_bytes(text), nv2::mutable_bytes{digest.data(), digest.size()});
  return digest;
}

/// The parts of a SingleResponse, each a whole element, good as they are: about the certificate 77 of
/// the issuer R with the stub's first key. An empty part is left out.
struct status_parts {
  octets hash = build::seq({build::oid("1.3.14.3.2.26"), build::null()});
  octets name_hash = build::octet_string(sha1_of(name_of("R")));
  octets key_hash = build::octet_string(sha1_of(point_of_key(stub_key(1))));
  octets serial = build::integer(77);
  octets after_id;
  octets status = build::context_primitive(0, {});
  octets this_update = build::generalized_time("20250101000000Z");
  octets next_update = build::context(0, {build::generalized_time("20260101000000Z")});
  std::vector<octets> extension_list;
  octets after_extensions;

  /// The point of an EC key: what is left of the stub's SubjectPublicKeyInfo.
  static octets point_of_key(const test_key& key) { return {key.spki.end() - 65, key.spki.end()}; }

  octets der() const {
    return build::seq(
        {build::seq({hash, name_hash, key_hash, serial, after_id}), status, this_update,
         next_update,
         extension_list.empty() ? octets{} : build::context(1, {build::seq(extension_list)}),
         after_extensions});
  }
};

inline octets revoked_status(const octets& reason = {}) {
  return build::context(1, {build::generalized_time("20250201000000Z"), reason});
}

/// The parts of a response, likewise.
struct response_parts {
  octets response_status = build::element(0x0A, {0});
  octets type = build::oid("1.3.6.1.5.5.7.48.1.1");
  octets version;
  octets responder = build::context(1, {name_of("R")});
  octets produced = build::generalized_time("20250101000000Z");
  std::vector<octets> statuses = {status_parts{}.der()};
  std::vector<octets> extension_list;
  octets after_extensions;
  octets algorithm = build::ecdsa_with_sha256();
  octets signature = build::bit_string({1, 2, 3, 4});
  std::vector<octets> certificates;
  octets after_certificates, after_response, after_type, after_all;

  octets tbs() const {
    return build::seq(
        {version, responder, produced, build::seq(statuses),
         extension_list.empty() ? octets{} : build::context(1, {build::seq(extension_list)}),
         after_extensions});
  }
  octets der() const {
    const octets basic =
        build::seq({tbs(), algorithm, signature,
                    certificates.empty() ? octets{} : build::context(0, {build::seq(certificates)}),
                    after_certificates});
    return build::seq(
        {response_status,
         build::context(
             0, {build::seq({type, build::octet_string(build::join({basic, after_response})),
                             after_type})}),
         after_all});
  }
  /// The response, signed with ECDSA and SHA-256.
  octets signed_by(const test_key& key) const {
    const octets text = tbs();
    response_parts made = *this;
    made.signature = build::bit_string(
        key.sign({nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256}, as_bytes(text)));
    return made.der();
  }
};

/// A certificate with the serial number 77 that names an OCSP service, its issuer, a responder,
/// responses and lists, and somebody who asks.
struct response_world {
  const nv2::crypto_backend* crypto = &stub_crypto;
  test_key root_key = stub_key(1), leaf_key = stub_key(2), other_key = stub_key(3),
           responder_key = stub_key(4);
  certificate_plan root, leaf, responder;
  std::vector<octets> responses, lists;
  nv2::time_basis time = nv2::time_basis::at(1750000000);  // 2025-06-15
  std::uint16_t budget = 100;
  std::size_t memory_size = 32768;
  /// Whether lists count for the certificate, too.
  bool by_data = false;
  // What came of it.
  nv2::revocation_answer answer;
  std::size_t memory_left_taken = 0, memory_peak = 0;

  response_world() {
    root.subject = root.issuer = "R";
    root.key = root.signer = &root_key;
    root.ca = true;
    root.key_usage = nv2::key_usage::cert_sign | nv2::key_usage::crl_sign;
    leaf.subject = "leaf";
    leaf.issuer = responder.issuer = "R";
    leaf.key = &leaf_key;
    leaf.signer = responder.signer = &root_key;
    leaf.serial = 77;
    leaf.other_extensions = {build::extension(
        "1.3.6.1.5.5.7.1.1", build::seq({build::seq({build::oid("1.3.6.1.5.5.7.48.1"),
                                                     uri_name("http://o.example")})}))};
    responder.subject = "responder";
    responder.key = &responder_key;
    responder.key_usage = nv2::key_usage::digital_signature;
    responder.serial = 78;
    responder.purposes = {{0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09}};
    responder.other_extensions = {build::extension("1.3.6.1.5.5.7.48.1.5", build::null())};
  }
  response_world(const response_world&) = delete;
  response_world& operator=(const response_world&) = delete;

  /// A response by the responder.
  octets delegated(response_parts parts = {}) const {
    parts.certificates.insert(parts.certificates.begin(), make_certificate(responder));
    return parts.signed_by(responder_key);
  }

  nv2::errc ask() {
    std::vector<nv2::bytes> views;
    for (const octets& response : responses) views.push_back(as_bytes(response));
    return ask({views.data(), views.size()});
  }
  nv2::errc ask(nv2::view<nv2::bytes> views) {
    std::vector<nv2::bytes> list_views;
    for (const octets& list : lists) list_views.push_back(as_bytes(list));
    const nv2::revocation_data data{
        {list_views.data(), list_views.size()}, views, nv2::stale_rule::strict, 0};
    const octets subject_der = make_certificate(leaf), issuer_der = make_certificate(root);
    nv2::certificate subject, issuer;
    if (parse_certificate(as_bytes(subject_der), subject) != nv2::errc::ok ||
        parse_certificate(as_bytes(issuer_der), issuer) != nv2::errc::ok) {
      return nv2::errc::unset;
    }
    octets room(memory_size);
    nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
    nv2::signer_context context{*crypto, memory, {}, nv2::compat::none, nv2::path_rules{time}};
    context.rules.max_signature_checks = budget;
    nv2::revocation_question question{subject, issuer, context};
    answer = {};
    const auto judge = by_data ? nv2::check_by_data : nv2::check_by_responses;
    const nv2::errc code = judge(data, question, answer);
    budget = context.rules.max_signature_checks;
    memory_left_taken = memory.mark();
    memory_peak = memory.peak();
    return code;
  }
};

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_RESPONSE_BUILDER_HPP
