// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every case of tests/vectors/ with every backend: the verdict, the code, and what a verdict promises.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/nv2.hpp>
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif
#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#endif

#include "support/vector.hpp"

namespace {

const std::vector<const nv2::crypto_backend*>& backends() {
  static const std::vector<const nv2::crypto_backend*> all = {
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
#if NV2_TEST_OPENSSL
    &nv2::openssl_crypto,
#endif
  };
  return all;
}

void check_promises(const nv2_test::vector_case& vector, const nv2::verification& answer) {
  CHECK(answer.ok() == (answer.value() != nullptr));
  CHECK(answer.ok() == (answer.report(nv2::check::binding) == nv2::outcome::passed));
  CHECK(answer.report(nv2::check::revocation) == nv2::outcome::not_run);
  if (const nv2::verified* value = answer.value()) {
    CHECK(value->size() == static_cast<std::int64_t>(vector.artifact.size()));
    CHECK(value->digest().substr(0, 3) == "sha");
    CHECK(std::string{value->format().name} == vector.facts["format"]);
    CHECK(answer.tried()[value->signature_index()] == nv2::errc::ok);
  } else {
    CHECK(answer.report(nv2::check_of(answer.status())) == nv2::outcome::failed);
    CHECK(nv2::rule(answer.status().code)[0] != '\0');
  }
}

}  // namespace

TEST_CASE("each vector gets the verdict and the code it names, from every backend") {
  const std::vector<nv2_test::vector_case> cases = nv2_test::load_cases("nv2");
  REQUIRE(cases.size() > 400);
  REQUIRE(!backends().empty());
  for (const nv2_test::vector_case& vector : cases) {
    for (const nv2::crypto_backend* crypto : backends()) {
      CAPTURE(vector.name);
      CAPTURE(std::string{crypto->name});
      nv2::static_workspace<64 * 1024> memory;
      const nv2::verification answer =
          vector.verify(*crypto, nv2_test::view_of(vector.envelope), memory);
      CHECK(std::string{nv2::name(answer.status().code)} == vector.expect);
      CHECK(memory.peak() <= nv2::workspace_bound(nv2::all_formats, vector.envelope.size()));
      check_promises(vector, answer);
    }
  }
}
