// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Floors of versions in whole verifications.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include <nv2/nv2.hpp>

#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#elif NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
namespace {

using nv2::errc;
using nv2::version_rule;

#if NV2_TEST_OPENSSL
constexpr const nv2::crypto_backend& real_crypto = nv2::openssl_crypto;
#else
constexpr const nv2::crypto_backend& real_crypto = nv2::mbedtls_crypto;
#endif

constexpr nv2::version floor_of(std::uint32_t major, std::uint32_t minor = 0) {
  return {{major, minor, 0, 0}};
}

struct judged {
  errc code, version_code;
  nv2::check failed;
  nv2::version version;
};

judged judge(const char* area, const char* name, const version_rule& rule, bool lenient = false) {
  const nv2_test::vector_case vector = nv2_test::load_case(nv2_test::vectors_folder(area) / name);
  nv2::policy trust = vector.policy().with_version_floor(rule);
  if (lenient) {
    trust = trust.with_actions(nv2::validation_actions{nv2::verification_level::audit});
  }
  const nv2::verifier verifier{real_crypto, nv2::all_formats, trust};
  nv2::static_workspace<64 * 1024> memory;
  const nv2::verification answer =
      verifier.verify(nv2_test::view_of(vector.envelope), vector.subject(), vector.time(), memory);
  judged out{answer.status().code, errc::unset, nv2::check_of(answer.status()), {}};
  CHECK(answer.accepted() == (out.code == errc::ok));
  if (const nv2::verified* const value = answer.value(); value != nullptr) {
    out.version_code = nv2::read_version(rule, nv2::bytes::of(value->annotations()),
                                         nv2::bytes::of(value->references()), memory, out.version);
  }
  return out;
}

}  // namespace

TEST_CASE("M-001 M-002 the tag of a signed reference must not be lower than the floor") {
  for (const char* const name : {"jwt_ok_chain", "json_ok_chain", "array_ok_second"}) {
    const judged good = judge("nv2", name, version_rule::tag("", floor_of(1)));
    CHECK(good.code == errc::ok);
    CHECK(good.version_code == errc::ok);
    CHECK(good.version == floor_of(1));
    CHECK(judge("nv2", name, version_rule::tag("registry.example.com/net-monitor", floor_of(0, 9)))
              .code == errc::ok);
    const judged low = judge("nv2", name, version_rule::tag("", floor_of(1, 1)));
    CHECK(low.code == errc::version_too_low);
    CHECK(low.failed == nv2::check::binding);
    CHECK(judge("nv2", name, version_rule::tag("registry.example.com/other", floor_of(0))).code ==
          errc::version_missing);
    CHECK(judge("nv2", name, version_rule::annotation("version", floor_of(0))).code ==
          errc::version_missing);
  }
  // Of several references the caller has to name one; of several manifests that of the artifact counts.
  const char* const two = "jwt_ok_two_references";
  CHECK(judge("nv2", two, version_rule::tag("", floor_of(0))).code == errc::version_ambiguous);
  CHECK(judge("nv2", two, version_rule::tag("registry.example.com/team/other", floor_of(2))).code ==
        errc::ok);
  CHECK(judge("nv2", "array_manifests_ok_second", version_rule::tag("", floor_of(1))).code ==
        errc::ok);
  CHECK(judge("nv2", "json_ok_no_references", version_rule::tag("", floor_of(0))).code ==
        errc::version_missing);
}

TEST_CASE("M-002 W-006 no level softens a floor of versions") {
  for (const char* const name : {"jws_metadata", "cose_metadata"}) {
    for (const bool lenient : {false, true}) {
      const judged missing =
          judge("notary", name, version_rule::annotation("version", floor_of(0)), lenient);
      CHECK(missing.code == errc::version_missing);
      CHECK(missing.failed == nv2::check::binding);
      CHECK(judge("notary", name, version_rule::annotation("commit", floor_of(0)), lenient).code ==
            errc::version_malformed);
      CHECK(judge("notary", name, version_rule::tag("", floor_of(0)), lenient).code ==
            errc::version_missing);
    }
  }
}

TEST_CASE("a version is looked at only after the artifact was found to be the signed one (M-002)") {
  CHECK(judge("notary", "cose_metadata_after_binding", version_rule::annotation("no", floor_of(0)))
            .failed == nv2::check::binding);
  CHECK(judge("notary", "cose_metadata_after_binding", version_rule::annotation("no", floor_of(0)))
            .code != errc::version_missing);
}
#endif
