// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the facade promises beyond the verdict of a vector: pieces, refusals that end the call, limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include <nv2/nv2.hpp>

#include "support/failing_backend.hpp"
#include "support/stub_backend.hpp"
#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#elif NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

namespace {

using nv2_test::blob;
using nv2_test::view_of;

#if NV2_TEST_OPENSSL
constexpr const nv2::crypto_backend& real_crypto = nv2::openssl_crypto;
#elif NV2_TEST_MBEDTLS
constexpr const nv2::crypto_backend& real_crypto = nv2::mbedtls_crypto;
#endif

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
/// An artifact that arrives in pieces of `step` bytes, goes on for ever, or breaks off.
struct stream {
  blob data;
  std::size_t step = 1, handed_out = 0;
  bool endless = false, broken = false;

  static bool read(void* context, std::uint64_t offset, nv2::bytes& piece) noexcept {
    auto& self = *static_cast<stream*>(context);
    if (self.broken && offset > 0) return false;
    auto at = static_cast<std::size_t>(offset);
    if (self.endless) at %= self.data.size();
    const std::size_t size = std::min(self.step, self.data.size() - at);
    piece = view_of(self.data).sub(at, size);
    self.handed_out += size;
    return true;
  }
};

nv2_test::vector_case load(const std::string& name) {
  return nv2_test::load_case(std::string{NV2_SOURCE_DIR} + "/tests/vectors/nv2/" + name);
}

nv2::errc judge(const nv2_test::vector_case& vector, const nv2::artifact& subject,
                const nv2::crypto_backend& crypto) {
  nv2::static_workspace<512 * 1024> memory;
  const nv2::policy trust = vector.policy();
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  return verifier.verify(view_of(vector.envelope), subject, vector.time(), memory).status().code;
}
#endif

}  // namespace

TEST_CASE("a fresh answer is a refusal") {
  const nv2::verification fresh;
  CHECK_FALSE(fresh.ok());
  CHECK_FALSE(static_cast<bool>(fresh));
  CHECK(fresh.value() == nullptr);
  CHECK(fresh.status().code == nv2::errc::unset);
  CHECK(fresh.report(nv2::check::integrity) == nv2::outcome::failed);
  static_assert(!std::is_default_constructible_v<nv2::verified>);
}

TEST_CASE("an envelope over the limit is refused before anything is read (G-003)") {
  const blob large(nv2::limits::envelope_size + 1, 'A');
  nv2::static_workspace<1024> memory;
  const nv2::policy trust = nv2::policy::strict({}, nv2::revocation::not_checked());
  const nv2::verifier verifier{nv2_test::stub_crypto, nv2::all_formats, trust};
  const auto subject = nv2::artifact::content({});
  const auto code = [&](nv2::bytes envelope) {
    return verifier.verify(envelope, subject, nv2::time_basis::unknown(), memory).status().code;
  };
  CHECK(code(view_of(large)) == nv2::errc::input_too_large);
  CHECK(code(view_of(large).first(large.size() - 1)) == nv2::errc::jwt_segments);
}

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
TEST_CASE("an artifact may come in pieces of any size (N-140)") {
  for (const char* name :
       {"jwt_ok_two_references", "json_ok_two_references", "array_manifests_ok_second"}) {
    const nv2_test::vector_case vector = load(name);
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{7}, std::size_t{64}, vector.artifact.size()}) {
      stream source{vector.artifact, step};
      const auto subject = nv2::artifact::pieces(stream::read, &source, vector.media_type);
      CHECK(judge(vector, subject, real_crypto) == nv2::errc::ok);
      CHECK(source.handed_out == vector.artifact.size());
    }
  }
}

TEST_CASE("what stands before the signed bytes is no less refused a second time (N-140)") {
  const nv2_test::vector_case vector = load("jwt_ok_two_references");
  blob longer(1024 + vector.artifact.size(), 'x');
  std::copy(vector.artifact.begin(), vector.artifact.end(), longer.begin() + 1024);
  stream source{longer, 1024};
  const auto subject = nv2::artifact::pieces(stream::read, &source, vector.media_type);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::artifact_size);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::artifact_size);
}

TEST_CASE("an endless artifact is given up at the signed size (N-140 D-005)") {
  const nv2_test::vector_case vector = load("jwt_ok_two_references");
  stream source{vector.artifact, 16};
  source.endless = true;
  const auto subject = nv2::artifact::pieces(stream::read, &source, vector.media_type);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::artifact_size);
  CHECK(source.handed_out <= vector.artifact.size() + source.step);
}

TEST_CASE("an endless artifact is given up at the largest of several signed sizes (N-021 D-005)") {
  const nv2_test::vector_case vector = load("array_manifests_ok_second");
  stream source{vector.artifact, 16};
  source.endless = true;
  const auto subject = nv2::artifact::pieces(stream::read, &source, vector.media_type);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::artifact_not_signed);
  CHECK(source.handed_out <= vector.artifact.size() + source.step);
}

TEST_CASE("the signature checks of an envelope are counted, and the last is final (G-003)") {
  // Copies of one signature object whose signature is wrong, the good one last: each costs two checks
  // for its chain and one for itself.
  nv2_test::vector_case vector = load("json_ok_chain");
  const nlohmann::json whole = nlohmann::json::parse(vector.envelope);
  const std::string text{vector.envelope.begin(), vector.envelope.end()};
  const std::size_t start = text.find("\"signed\":") + 9, end = text.find(",\"signature\":");
  nlohmann::json wrong = whole["signature"];
  wrong["sig"] = std::string(342, 'A') + "==";
  for (const std::size_t copies : {std::size_t{41}, std::size_t{42}, std::size_t{60}}) {
    std::string list;
    for (std::size_t i = 0; i < copies; ++i) list += wrong.dump() + ",";
    const std::string envelope = "{\"signed\":" + text.substr(start, end - start) +
                                 ",\"signatures\":[" + list + whole["signature"].dump() + "]}";
    vector.envelope.assign(envelope.begin(), envelope.end());
    nv2_test::failing_backend counting{real_crypto};
    const auto subject = nv2::artifact::content(view_of(vector.artifact), vector.media_type);
    const nv2::errc code = judge(vector, subject, counting.table());
    CHECK(code == (3 * (copies + 1) <= nv2::limits::signature_checks
                       ? nv2::errc::ok
                       : nv2::errc::signature_budget));
    CHECK(counting.calls().verify <= nv2::limits::signature_checks);
  }
}

TEST_CASE("an artifact that breaks off says so") {
  const nv2_test::vector_case vector = load("jwt_ok_two_references");
  stream source{vector.artifact, 16};
  source.broken = true;
  const auto subject = nv2::artifact::pieces(stream::read, &source, vector.media_type);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::artifact_unreadable);
  // The check that was under way is the one that failed.
  static_assert(nv2::check_of({nv2::errc::artifact_unreadable, nv2::stage::binding}) ==
                nv2::check::binding);
  static_assert(nv2::check_of({nv2::errc::time_unknown, nv2::stage::time}) == nv2::check::expiry);
  static_assert(nv2::check_of({nv2::errc::time_unknown, nv2::stage::chain}) ==
                nv2::check::authentic_timestamp);
}

TEST_CASE("claims are looked at only under a good signature (N-005)") {
  // The claims are malformed in both; in the second the signature does not fit them either.
  nv2_test::vector_case vector = load("json_digest_missing");
  const auto subject = nv2::artifact::content(view_of(vector.artifact), vector.media_type);
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::claim_digest_missing);
  const std::string from = "\"size\":";
  const auto at =
      std::search(vector.envelope.begin(), vector.envelope.end(), from.begin(), from.end());
  REQUIRE(at != vector.envelope.end());
  *(at + 1) = 'S';
  CHECK(judge(vector, subject, real_crypto) == nv2::errc::signature_mismatch);
}

TEST_CASE("the answer names the artifact by the signed digest (N-146)") {
  const nv2_test::vector_case vector = load("jwt_ok_two_references");
  nv2::static_workspace<32 * 1024> memory;
  const nv2::verification answer = vector.verify(real_crypto, view_of(vector.envelope), memory);
  REQUIRE(answer.ok());
  CHECK(answer.value()->digest().size() == 71);
  CHECK(answer.value()->media_type() == vector.media_type);
  CHECK(answer.value()->references().substr(0, 2) == "[\"");
  CHECK(nv2::equal(answer.value()->signer().der, view_of(vector.certificates[0])));
}

TEST_CASE("a backend without the scheme refuses, whatever the envelope says") {
  const nv2_test::vector_case vector = load("jwt_ok_two_references");
  nv2::crypto_backend partial = real_crypto;
  partial.verify_ecdsa = nullptr;
  const auto subject = nv2::artifact::content(view_of(vector.artifact), vector.media_type);
  CHECK(judge(vector, subject, partial) == nv2::errc::crypto_unsupported);
}
#endif
