// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Revocation lists made to order, with any defect a test needs, and a small world that asks them.
// Does: write the DER of a list part by part, and let any test_key sign it.
// Does not: refuse anything.
#ifndef NV2_TESTS_SUPPORT_LIST_BUILDER_HPP
#define NV2_TESTS_SUPPORT_LIST_BUILDER_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nv2/trust/revocation_lists.hpp>

#include "der_builder.hpp"
#include "stub_backend.hpp"
#include "test_pki.hpp"

namespace nv2_test {

inline constexpr std::string_view list_place = "http://lists.example.com/r.crl";

/// A general name.
inline octets uri_name(std::string_view uri) { return build::element(0x86, build::text(uri)); }
/// A DistributionPointName of general names.
inline octets point_of(const std::vector<octets>& names) { return build::context(0, names); }
/// A DistributionPoint of a DistributionPointName, or of whatever else.
inline octets distribution_point_of(const octets& name, const octets& more = {}) {
  return build::seq({name.empty() ? octets{} : build::context(0, {name}), more});
}

/// The parts of a list, each a whole element, good as they are. An empty part is left out.
struct list_parts {
  octets version = build::integer(1);
  octets inner_algorithm = build::ecdsa_with_sha256();
  octets issuer = name_of("R");
  octets this_update = build::utc_time("250101000000Z");
  octets next_update = build::utc_time("260101000000Z");
  std::vector<octets> entry_list;
  octets entries;  // instead of entry_list
  std::vector<octets> extension_list = {build::extension("2.5.29.20", build::integer(5))};
  octets extensions;  // instead of extension_list
  octets after_extensions;
  octets outer_algorithm;  // empty = as inner_algorithm
  octets signature = build::bit_string({1, 2, 3, 4});
  octets after_signature;

  octets tbs() const {
    const octets all = !entries.empty()     ? entries
                       : entry_list.empty() ? octets{}
                                            : build::seq(entry_list);
    const octets list = !extensions.empty()      ? extensions
                        : extension_list.empty() ? octets{}
                                                 : build::context(0, {build::seq(extension_list)});
    return build::seq(
        {version, inner_algorithm, issuer, this_update, next_update, all, list, after_extensions});
  }
  octets der() const {
    return build::seq({tbs(), outer_algorithm.empty() ? inner_algorithm : outer_algorithm,
                       signature, after_signature});
  }
  /// The list, signed with ECDSA and SHA-256.
  octets signed_by(const test_key& key) const {
    const octets text = tbs();
    list_parts made = *this;
    made.signature = build::bit_string(
        key.sign({nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256}, as_bytes(text)));
    return made.der();
  }
};

/// An entry; `extensions` are those of the entry.
inline octets entry_of(std::int64_t serial, const std::vector<octets>& extensions = {},
                       std::string_view date = "250101000000Z") {
  return build::seq({build::integer(serial), build::utc_time(date),
                     extensions.empty() ? octets{} : build::seq(extensions)});
}
inline octets reason_of(std::uint8_t reason) {
  return build::extension("2.5.29.21", build::element(0x0A, {reason}));
}

/// A certificate with the serial number 77, its issuer, lists, and somebody who asks.
struct list_world {
  const nv2::crypto_backend* crypto = &stub_crypto;
  test_key root_key = stub_key(1), leaf_key = stub_key(2), other_key = stub_key(3);
  certificate_plan root, leaf;
  std::vector<octets> lists;
  nv2::stale_rule stale = nv2::stale_rule::strict;
  nv2::compat leniency = nv2::compat::none;
  nv2::time_basis time = nv2::time_basis::at(1750000000);  // 2025-06-15
  std::uint16_t budget = 100;
  std::size_t memory_size = 32768;
  // What came of it.
  nv2::revocation_answer answer;
  std::size_t memory_left_taken = 0, memory_peak = 0;

  list_world() {
    root.subject = root.issuer = "R";
    root.key = root.signer = &root_key;
    root.ca = true;
    root.key_usage = nv2::key_usage::cert_sign | nv2::key_usage::crl_sign;
    leaf.subject = "leaf";
    leaf.issuer = "R";
    leaf.key = &leaf_key;
    leaf.signer = &root_key;
    leaf.serial = 77;
    leaf.other_extensions = {build::extension(
        "2.5.29.31", build::seq({distribution_point_of(point_of({uri_name(list_place)}))}))};
  }
  list_world(const list_world&) = delete;
  list_world& operator=(const list_world&) = delete;

  void add(const list_parts& list) { lists.push_back(list.signed_by(root_key)); }

  nv2::errc ask() {
    std::vector<nv2::bytes> views;
    for (const octets& list : lists) views.push_back(as_bytes(list));
    return ask({views.data(), views.size()});
  }
  nv2::errc ask(nv2::view<nv2::bytes> views) {
    const octets subject_der = make_certificate(leaf), issuer_der = make_certificate(root);
    nv2::certificate subject, issuer;
    if (parse_certificate(as_bytes(subject_der), subject) != nv2::errc::ok ||
        parse_certificate(as_bytes(issuer_der), issuer) != nv2::errc::ok) {
      return nv2::errc::unset;
    }
    const nv2::revocation_data data{views, {}, stale, 0};
    octets room(memory_size);
    nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
    nv2::signer_context context{*crypto, memory, {}, leniency, nv2::path_rules{time}};
    context.rules.max_signature_checks = budget;
    nv2::revocation_question question{subject, issuer, context};
    answer = {};
    const nv2::errc code = check_by_lists(data, question, answer);
    budget = context.rules.max_signature_checks;
    memory_left_taken = memory.mark();
    memory_peak = memory.peak();
    return code;
  }
};

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_LIST_BUILDER_HPP
