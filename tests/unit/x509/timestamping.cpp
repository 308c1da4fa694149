// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates of timestamp services and of their issuers.
#include <doctest/doctest.h>

#include <functional>
#include <iterator>
#include <vector>

#include <nv2/x509/timestamping.hpp>

#include "support/test_pki.hpp"

using nv2::errc;
using nv2_test::as_bytes;
using nv2_test::certificate_plan;
using nv2_test::octets;
using nv2_test::test_key;
namespace usage = nv2::key_usage;

namespace {

const octets time_stamping{std::begin(nv2::oid::time_stamping), std::end(nv2::oid::time_stamping)};
const octets any_purpose{std::begin(nv2::oid::any_purpose), std::end(nv2::oid::any_purpose)};
const octets code_signing{std::begin(nv2::oid::code_signing), std::end(nv2::oid::code_signing)};

using change = std::function<void(certificate_plan&)>;

nv2::certificate parsed(const certificate_plan& plan, octets& made) {
  made = make_certificate(plan);
  nv2::certificate out;
  REQUIRE(nv2::parse_certificate(as_bytes(made), out) == errc::ok);
  return out;
}

/// A good service after a change.
errc service(const change& apply = {}) {
  const test_key key = nv2_test::stub_key(1);
  certificate_plan plan;
  plan.subject = "service";
  plan.issuer = "R";
  plan.key = plan.signer = &key;
  plan.key_usage = usage::digital_signature;
  plan.purposes = {time_stamping};
  plan.purposes_critical = true;
  if (apply) apply(plan);
  octets made;
  return nv2::check_timestamping_leaf(parsed(plan, made));
}
errc service_with_key(const test_key& key) {
  return service([&](auto& p) { p.key = &key; });
}

/// A good issuer after a change, with so many others below it.
errc issuer(int between, const change& apply = {}) {
  const test_key key = nv2_test::stub_key(1);
  certificate_plan plan;
  plan.subject = plan.issuer = "R";
  plan.key = plan.signer = &key;
  plan.ca = true;
  plan.key_usage = usage::cert_sign;
  if (apply) apply(plan);
  octets made;
  return nv2::check_timestamping_ca(parsed(plan, made), between);
}

}  // namespace

TEST_CASE(
    "X-060 a service may sign and no more; its key usage need not be critical (TV-09, TV-10)") {
  CHECK(service() == errc::ok);
  CHECK(service([](auto& p) { p.usage_critical = false; }) == errc::ok);
  CHECK(service([](auto& p) { p.key_usage |= usage::content_commitment; }) == errc::ok);
  CHECK(service([](auto& p) { p.key_usage = usage::content_commitment; }) == errc::timestamp_leaf);
  CHECK(service([](auto& p) { p.key_usage = 0; }) == errc::timestamp_leaf);
  for (unsigned bit = 2; bit < 9; ++bit) {
    CAPTURE(bit);
    CHECK(service([&](auto& p) { p.key_usage |= 1U << bit; }) == errc::timestamp_leaf);
  }
  CHECK(service([](auto& p) { p.has_basic_constraints = true; }) == errc::ok);
  CHECK(service([](auto& p) { p.ca = true; }) == errc::timestamp_leaf);
}

TEST_CASE("X-060 X-024 a service has one of the six kinds of keys (TV-12, TV-13)") {
  for (const std::size_t bits : {2048U, 3072U, 4096U}) {
    CHECK(service_with_key(nv2_test::stub_rsa_key(bits)) == errc::ok);
  }
  for (const std::size_t bits : {1024U, 2047U, 2049U, 2560U, 4097U, 8192U}) {
    CAPTURE(bits);
    CHECK(service_with_key(nv2_test::stub_rsa_key(bits)) == errc::timestamp_leaf);
  }
  CHECK(service_with_key(nv2_test::stub_ec_key(1, {0x2B, 0x81, 0x04, 0x00, 0x22}, 48)) == errc::ok);
  CHECK(service_with_key(nv2_test::stub_ec_key(1, {0x2B, 0x81, 0x04, 0x00, 0x23}, 66)) == errc::ok);
  const test_key p224{nv2_test::stub_ec_key(1, {0x2B, 0x81, 0x04, 0x00, 0x21}, 28).spki, {}};
  CHECK(service_with_key(p224) == errc::timestamp_leaf);
}

TEST_CASE("X-061 timeStamping is the one purpose of a service, and critical") {
  const auto with = [](const std::vector<octets>& purposes) {
    return service([&](auto& p) { p.purposes = purposes; });
  };
  CHECK(with({time_stamping}) == errc::ok);
  CHECK(with({}) == errc::timestamp_purpose);
  CHECK(with({any_purpose}) == errc::timestamp_purpose);
  CHECK(with({code_signing}) == errc::timestamp_purpose);
  CHECK(with({time_stamping, code_signing}) == errc::timestamp_purpose);
  CHECK(with({code_signing, time_stamping}) == errc::timestamp_purpose);
  CHECK(with({time_stamping, any_purpose}) == errc::timestamp_purpose);
  CHECK(with({time_stamping, time_stamping}) == errc::timestamp_purpose);
  CHECK(service([](auto& p) { p.purposes_critical = false; }) == errc::timestamp_purpose);
}

TEST_CASE("X-062 an issuer of a service is an authority; its key usage need not be critical") {
  CHECK(issuer(0) == errc::ok);
  CHECK(issuer(9) == errc::ok);
  CHECK(issuer(0, [](auto& p) { p.usage_critical = false; }) == errc::ok);
  CHECK(issuer(0, [](auto& p) { p.key_usage = 0x1FF; }) == errc::ok);
  CHECK(issuer(0, [](auto& p) { p.key_usage = 0; }) == errc::timestamp_ca);
  CHECK(issuer(0, [](auto& p) { p.key_usage = usage::crl_sign; }) == errc::timestamp_ca);
  CHECK(issuer(0, [](auto& p) { p.ca = false; }) == errc::timestamp_ca);
  CHECK(issuer(0, [](auto& p) { p.ca = false, p.has_basic_constraints = true; }) ==
        errc::timestamp_ca);
  CHECK(issuer(0, [](auto& p) { p.constraints_critical = false; }) == errc::timestamp_ca);
  CHECK(issuer(1, [](auto& p) { p.path_length = 1; }) == errc::ok);
  CHECK(issuer(2, [](auto& p) { p.path_length = 1; }) == errc::timestamp_ca);
  CHECK(issuer(0, [](auto& p) { p.path_length = 0; }) == errc::ok);
}
