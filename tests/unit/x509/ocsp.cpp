// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The form of OCSP responses, part by part.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nv2/x509/ocsp.hpp>

#include "support/exact.hpp"
#include "support/response_builder.hpp"

namespace b = nv2_test::build;

using nv2::certificate_status;
using nv2::errc;
using nv2::ocsp_response;
using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::response_parts;
using nv2_test::status_parts;

namespace {

constexpr nv2::unix_time new_year = 1735689600;  // 2025-01-01

errc parse(const octets& der, ocsp_response& out) {
  return parse_ocsp_response(as_bytes(der), out);
}

/// A good response after a change.
errc judge(const std::function<void(response_parts&)>& change) {
  response_parts parts;
  change(parts);
  ocsp_response out;
  return parse(parts.der(), out);
}

/// The only status of a response. `der` keeps the memory of it.
errc read_status(const octets& status, certificate_status& out, octets& der) {
  response_parts parts;
  parts.statuses = {status};
  der = parts.der();
  ocsp_response parsed;
  REQUIRE(parse(der, parsed) == errc::ok);
  nv2::certificate_status_reader reader{parsed};
  const bool is_there = reader.next(out);
  CHECK(is_there == (reader.error() == errc::ok));
  certificate_status none;
  CHECK(!reader.next(none));
  return reader.error();
}
/// A good status after a change.
errc judge_status(const std::function<void(status_parts&)>& change) {
  status_parts parts;
  change(parts);
  certificate_status out;
  octets der;
  return read_status(parts.der(), out, der);
}
errc with_extension(const octets& extension) {
  return judge_status([&](auto& s) { s.extension_list = {extension}; });
}
octets date(const char* text) { return b::generalized_time(text); }

}  // namespace

TEST_CASE("R-030 a basic response is parsed into its parts") {
  response_parts parts;
  parts.certificates = {b::seq({b::integer(1)}), b::seq({b::integer(2)})};
  parts.extension_list = {b::extension("1.2.3", b::null())};
  const octets der = parts.der();
  ocsp_response response;
  REQUIRE(parse(der, response) == errc::ok);
  CHECK(equal(response.tbs, as_bytes(parts.tbs())));
  CHECK(equal(response.signature, as_bytes({1, 2, 3, 4})));
  CHECK(equal(response.statuses, as_bytes(parts.statuses[0])));
  CHECK(equal(response.certificates, as_bytes(b::join(parts.certificates))));
  CHECK(response.produced_at == new_year);
  CHECK(response.signed_with.scheme == nv2::signature_scheme::ecdsa);
  CHECK(response.signed_with.hash == nv2::hash_algorithm::sha256);
  CHECK(!response.has_unknown_critical);
}

TEST_CASE("R-030 what a response need not have is absent") {
  response_parts parts;
  parts.statuses.clear();
  parts.responder = b::context(2, {b::octet_string(octets(20))});
  const octets der = parts.der();
  ocsp_response response;
  REQUIRE(parse(der, response) == errc::ok);
  CHECK(response.certificates.empty());
  nv2::certificate_status_reader reader{response};
  certificate_status status;
  CHECK(!reader.next(status));
  CHECK(reader.error() == errc::ok);
}

TEST_CASE("R-030 only a successful response is one") {
  for (const std::uint8_t code : octets{1, 2, 3, 4, 5, 6, 0xFF}) {
    CAPTURE(code);
    const octets status = b::element(0x0A, {code});
    CHECK(judge([&](auto& r) { r.response_status = status; }) == errc::ocsp_unsuccessful);
    ocsp_response out;
    CHECK(parse(b::seq({status}), out) == errc::ocsp_unsuccessful);
  }
  CHECK(judge([](auto& r) { r.response_status = b::element(0x0A, {}); }) ==
        errc::ocsp_unsuccessful);
  CHECK(judge([](auto& r) { r.response_status = b::integer(0); }) == errc::der_tag);
}

TEST_CASE("R-030 the type is basic, and nothing follows anywhere") {
  CHECK(judge([](auto&) {}) == errc::ok);
  for (const char* type : {"1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.1.2", "1.3.6.1.5.5.7.48.1.1.1",
                           "1.3.6.1.5.5.7.48.2.1"}) {
    INFO(std::string{type});
    CHECK(judge([=](auto& r) { r.type = b::oid(type); }) == errc::ocsp_type);
  }
  const octets more = b::null();
  CHECK(judge([&](auto& r) { r.after_all = more; }) == errc::der_trailing);
  CHECK(judge([&](auto& r) { r.after_type = more; }) == errc::der_trailing);
  CHECK(judge([&](auto& r) { r.after_response = more; }) == errc::der_trailing);
  CHECK(judge([&](auto& r) { r.after_certificates = more; }) == errc::der_trailing);
  CHECK(judge([&](auto& r) { r.after_extensions = more; }) == errc::der_tag);
  octets longer = response_parts{}.der();
  longer.push_back(0);
  ocsp_response out;
  CHECK(parse(longer, out) == errc::der_trailing);
}

TEST_CASE("R-030 X-001 the version is left out") {
  for (const int number : {0, 1, 2}) {
    CHECK(judge([=](auto& r) { r.version = b::context(0, {b::integer(number)}); }) ==
          errc::ocsp_version);
  }
}

TEST_CASE("R-030 the responder is named in one of two ways, and otherwise not looked at") {
  const auto with = [](const octets& responder) {
    return judge([&](auto& r) { r.responder = responder; });
  };
  CHECK(with(b::context(2, {b::octet_string({})})) == errc::ok);
  CHECK(with(b::context(1, {b::seq({})})) == errc::ok);
  CHECK(with(b::context(1, {b::octet_string({})})) == errc::der_tag);
  CHECK(with(b::context(2, {b::seq({})})) == errc::der_tag);
  CHECK(with(b::context(2, {b::octet_string({}), b::null()})) == errc::der_trailing);
  CHECK(with(b::context(3, {b::seq({})})) == errc::der_tag);
  CHECK(with({}) == errc::der_tag);
}

TEST_CASE("R-030 X-006 all times of a response are GeneralizedTime in full seconds") {
  const octets utc = b::utc_time("250101000000Z"), fraction = date("20250101000000.5Z");
  for (const octets& time : {utc, fraction, date("20250230000000Z"), date("202501010000Z")}) {
    CHECK(judge([&](auto& r) { r.produced = time; }) == errc::der_time);
    CHECK(judge_status([&](auto& s) { s.this_update = time; }) == errc::der_time);
    CHECK(judge_status([&](auto& s) { s.next_update = b::context(0, {time}); }) == errc::der_time);
    CHECK(judge_status([&](auto& s) { s.status = b::context(1, {time}); }) == errc::der_time);
    CHECK(with_extension(b::extension("2.5.29.24", time)) == errc::der_time);
  }
}

TEST_CASE("R-031 a certificate is named by its serial number and hashes of its issuer") {
  certificate_status status;
  octets der;
  status_parts parts;
  REQUIRE(read_status(parts.der(), status, der) == errc::ok);
  CHECK(equal(status.serial, as_bytes({77})));
  CHECK(equal(
      b::view(b::octet_string({status.issuer_name_hash.begin(), status.issuer_name_hash.end()})),
      as_bytes(parts.name_hash)));
  CHECK(equal(
      b::view(b::octet_string({status.issuer_key_hash.begin(), status.issuer_key_hash.end()})),
      as_bytes(parts.key_hash)));
  CHECK(status.hash == nv2::issuer_hash::sha1);
  CHECK(status.status == nv2::ocsp_status::good);
  CHECK(status.this_update == new_year);
  CHECK(status.has_next_update);
  CHECK(status.next_update == new_year + 365 * 86400);
  CHECK(int{status.reason} == -1);
  CHECK(!status.has_invalidity_date);
  CHECK(!status.has_critical);
}

TEST_CASE("R-031 the hash is SHA-1 or SHA-2, with NULL or without") {
  const auto hash_in = [](const octets& algorithm) {
    status_parts parts;
    parts.hash = algorithm;
    certificate_status status;
    octets der;
    CHECK(read_status(parts.der(), status, der) == errc::ok);
    return status.hash;
  };
  struct row {
    const char* id;
    nv2::issuer_hash expected;
  };
  const row rows[] = {{"1.3.14.3.2.26", nv2::issuer_hash::sha1},
                      {"2.16.840.1.101.3.4.2.1", nv2::issuer_hash::sha256},
                      {"2.16.840.1.101.3.4.2.2", nv2::issuer_hash::sha384},
                      {"2.16.840.1.101.3.4.2.3", nv2::issuer_hash::sha512},
                      {"2.16.840.1.101.3.4.2.4", nv2::issuer_hash::other},
                      {"1.2.840.113549.2.5", nv2::issuer_hash::other},
                      {"1.3.14.3.2.27", nv2::issuer_hash::other}};
  for (const row& r : rows) {
    INFO(std::string{r.id});
    CHECK(hash_in(b::seq({b::oid(r.id), b::null()})) == r.expected);
    CHECK(hash_in(b::seq({b::oid(r.id)})) == r.expected);
    CHECK(hash_in(b::seq({b::oid(r.id), b::seq({})})) == nv2::issuer_hash::other);
  }
  CHECK(hash_in(b::seq({})) == nv2::issuer_hash::other);
  CHECK(judge_status([](auto& s) { s.hash = b::null(); }) == errc::der_tag);
  CHECK(judge_status([](auto& s) { s.after_id = b::null(); }) == errc::der_trailing);
  CHECK(judge_status([](auto& s) { s.serial = b::element(0x02, {0, 77}); }) == errc::der_integer);
}

TEST_CASE("R-036 R-037 a status is good, revoked or unknown") {
  certificate_status status;
  octets der;
  const auto read = [&](const octets& element) {
    status_parts parts;
    parts.status = element;
    return read_status(parts.der(), status, der);
  };
  const auto reason = [](const octets& value) { return b::context(0, {b::element(0x0A, value)}); };
  CHECK(read(b::context_primitive(0, {})) == errc::ok);
  CHECK(status.status == nv2::ocsp_status::good);
  CHECK(read(b::context_primitive(2, {})) == errc::ok);
  CHECK(status.status == nv2::ocsp_status::unknown);
  CHECK(read(nv2_test::revoked_status()) == errc::ok);
  CHECK(status.status == nv2::ocsp_status::revoked);
  CHECK(int{status.reason} == -1);
  for (const std::uint8_t number : octets{0, 1, 6, 8, 10, 99, 127}) {
    CHECK(read(nv2_test::revoked_status(reason({number}))) == errc::ok);
    CHECK(int{status.reason} == number);
  }
  CHECK(read(nv2_test::revoked_status(reason({0x80}))) == errc::extension_malformed);
  CHECK(read(nv2_test::revoked_status(reason({}))) == errc::extension_malformed);
  CHECK(read(nv2_test::revoked_status(b::null())) == errc::der_tag);
  CHECK(read(nv2_test::revoked_status(b::join({reason({1}), b::null()}))) == errc::der_trailing);
  CHECK(read(b::context(1, {})) == errc::der_time);
  CHECK(read(b::context_primitive(0, {0})) == errc::der_trailing);
  CHECK(read(b::context_primitive(2, {0})) == errc::der_trailing);
  CHECK(read(b::context(0, {})) == errc::der_tag);
  CHECK(read(b::context(2, {})) == errc::der_tag);
  CHECK(read(b::context_primitive(1, {})) == errc::der_tag);
  CHECK(read(b::context_primitive(3, {})) == errc::der_tag);
}

TEST_CASE("R-034 nextUpdate may be absent") {
  status_parts parts;
  parts.next_update.clear();
  certificate_status status;
  octets der;
  CHECK(read_status(parts.der(), status, der) == errc::ok);
  CHECK(!status.has_next_update);
  CHECK(judge_status([](auto& s) { s.this_update.clear(); }) == errc::der_time);
}

TEST_CASE("R-035 R-036 of the extensions of a status the invalidity date and critical ones count") {
  certificate_status status;
  octets der;
  status_parts parts;
  parts.extension_list = {b::extension("1.2.3", b::null()),
                          b::extension("2.5.29.24", date("20250301000000Z"))};
  CHECK(read_status(parts.der(), status, der) == errc::ok);
  CHECK(status.has_invalidity_date);
  CHECK(status.invalidity_date == new_year + 59 * 86400);
  CHECK(!status.has_critical);
  parts.extension_list = {b::extension("1.2.3", b::null(), true), b::extension("1.2.4", b::null())};
  CHECK(read_status(parts.der(), status, der) == errc::ok);
  CHECK(status.has_critical);
  parts.extension_list = {b::extension("2.5.29.24", date("20250301000000Z"), true)};
  CHECK(read_status(parts.der(), status, der) == errc::ok);
  CHECK(status.has_critical);
  const octets once = b::extension("2.5.29.24", date("20250301000000Z"));
  CHECK(judge_status([&](auto& s) {
          s.extension_list = {once, once};
        }) == errc::extension_duplicate);
  CHECK(with_extension(b::extension("2.5.29.24", b::join({date("20250301000000Z"), b::null()}))) ==
        errc::der_trailing);
  CHECK(with_extension(b::seq({b::oid("1.2.3")})) == errc::der_truncated);
  CHECK(judge_status([](auto& s) { s.after_extensions = b::context(1, {b::seq({})}); }) ==
        errc::der_truncated);
  CHECK(judge_status([](auto& s) { s.after_extensions = b::null(); }) == errc::der_tag);
}

TEST_CASE("R-035 R-038 of the extensions of a response critical ones count, but no nonce") {
  const auto has_critical = [](const std::vector<octets>& list) {
    response_parts parts;
    parts.extension_list = list;
    const octets der = parts.der();
    ocsp_response out;
    CHECK(parse(der, out) == errc::ok);
    return out.has_unknown_critical;
  };
  const octets nonce = b::extension("1.3.6.1.5.5.7.48.1.2", b::octet_string({1, 2, 3}), true);
  CHECK(!has_critical({nonce}));
  CHECK(!has_critical({b::extension("1.2.3", b::null())}));
  CHECK(has_critical({b::extension("1.2.3", b::null(), true), nonce}));
  CHECK(has_critical({nonce, b::extension("1.3.6.1.5.5.7.48.1.3", b::null(), true)}));
  CHECK(judge([](auto& r) { r.extension_list = {b::seq({})}; }) == errc::der_truncated);
  CHECK(judge([](auto& r) { r.after_extensions = b::context(1, {b::seq({})}); }) ==
        errc::der_truncated);
}

TEST_CASE("R-033 one extension excuses a responder") {
  const auto excuses = [](const char* id) {
    const octets contents = b::oid(id);
    return nv2::is_ocsp_nocheck({as_bytes(contents).drop(2), {}, false});
  };
  CHECK(excuses("1.3.6.1.5.5.7.48.1.5"));
  CHECK(!excuses("1.3.6.1.5.5.7.48.1.4"));
  CHECK(!excuses("1.3.6.1.5.5.7.48.1"));
  CHECK(!excuses("1.3.6.1.5.5.7.48.1.5.5"));
  CHECK(!excuses("1.3.6.1.5.5.7.48.2.5"));
}

TEST_CASE("R-030 a response that ends early or has a byte changed never reads beyond its end") {
  response_parts parts;
  status_parts revoked;
  revoked.status = nv2_test::revoked_status(b::context(0, {b::element(0x0A, {1})}));
  revoked.extension_list = {b::extension("2.5.29.24", date("20250301000000Z"))};
  parts.statuses.push_back(revoked.der());
  parts.extension_list = {b::extension("1.2.3", b::null(), true)};
  parts.certificates = {b::seq({b::integer(1)})};
  const octets good = parts.der();
  const auto walk = [](nv2::bytes der) {
    ocsp_response response;
    const errc code = parse_ocsp_response(der, response);
    if (code != errc::ok) return code;
    nv2::certificate_status_reader reader{response};
    certificate_status status;
    while (reader.next(status)) {
    }
    return reader.error();
  };
  CHECK(walk(as_bytes(good)) == errc::ok);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const nv2_test::exact cut{as_bytes(good).first(size).as_text()};
    CHECK(walk(cut.view()) != errc::ok);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      octets bad = good;
      bad[at] = static_cast<std::uint8_t>(bad[at] ^ change);
      const nv2_test::exact copy{as_bytes(bad).as_text()};
      static_cast<void>(walk(copy.view()));
    }
  }
}
