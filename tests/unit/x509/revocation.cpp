// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Certificates that name somebody to ask about their revocation, and others.
#include <doctest/doctest.h>

#include <nv2/x509/revocation.hpp>

#include "support/der_builder.hpp"

using nv2::errc;
using namespace nv2_test::build;

namespace {

const blob place = element(0x86, text("http://pki.example.com/x"));

blob access(const blob& method) { return element(0x30, element(0x30, join({method, place}))); }

errc judged(const blob& access_extension, const blob& points = {}, bool has_freshest = false) {
  nv2::certificate subject;
  if (!access_extension.empty()) subject.authority_info_access = view(access_extension);
  if (!points.empty()) subject.crl_distribution_points = view(points);
  subject.has_freshest_crl = has_freshest;
  return nv2::check_irrevocable(subject);
}

const blob ocsp = hex("0608 2B06010505073001"), issuers = hex("0608 2B06010505073002");

}  // namespace

TEST_CASE("R-002 a certificate that names nobody to ask cannot be revoked") {
  CHECK(judged({}) == errc::ok);
  CHECK(judged(access(issuers)) == errc::ok);
}

TEST_CASE("R-004 of a certificate that names somebody to ask nothing is known") {
  CHECK(judged(access(ocsp)) == errc::revocation_unknown);
  CHECK(judged(element(0x30, join({element(0x30, join({issuers, place})),
                                   element(0x30, join({ocsp, place}))}))) ==
        errc::revocation_unknown);
  CHECK(judged({}, hex("3000")) == errc::revocation_unknown);
  CHECK(judged({}, {}, true) == errc::revocation_unknown);
}

TEST_CASE("R-003 an extension that cannot be read may name somebody") {
  const blob good = access(issuers);
  for (std::size_t size = 1; size < good.size(); ++size) {
    INFO(size);
    CHECK(judged(blob(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ==
          errc::revocation_unknown);
  }
  CHECK(judged(join({good, hex("00")})) == errc::revocation_unknown);
  CHECK(judged(hex("3002 3000")) == errc::revocation_unknown);
  CHECK(judged(hex("3000")) == errc::ok);
}
