// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Timestamps that `openssl ts` made, in whole verifications: the same comes of them in both formats.
// The signer's certificate ends with 2027; made by tests/vectors/matrix_generate.py.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <nv2/nv2.hpp>

#include "support/notary_builder.hpp"
#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#endif
#if NV2_TEST_MBEDTLS
#include <nv2/crypto/mbedtls.hpp>
#endif

#if NV2_TEST_OPENSSL || NV2_TEST_MBEDTLS
namespace {

using nv2::compat;
using nv2::errc;
using nv2::time_basis;
using nv2::timestamp_rule;
using nv2_test::blob;
using nv2_test::view_of;

const nv2::crypto_backend* const backends[] = {
#if NV2_TEST_OPENSSL
    &nv2::openssl_crypto,
#endif
#if NV2_TEST_MBEDTLS
    &nv2::mbedtls_crypto,
#endif
};
constexpr const char* formats[] = {"jws", "cose"};

constexpr nv2::unix_time long_ago = 1735732800, in_2027 = 1811808000, in_2030 = 1893456000;
const std::string label = "io.cncf.notary.timestampSignature";

blob read(const char* folder, const std::string& file) {
  return nv2_test::read_file(nv2_test::vectors_folder(folder) / file);
}

// --- tokens in envelopes

blob from_base64(const std::string& text) {
  blob out(nv2::max_decoded_size(text.size()));
  std::size_t size = 0;
  const blob in{text.begin(), text.end()};
  REQUIRE(nv2::decode_base64(view_of(in), nv2::base64_alphabet::standard_padded,
                             nv2::base64_rules::strict, {out.data(), out.size()},
                             size) == errc::ok);
  out.resize(size);
  return out;
}

/// Where the token is in an envelope: of JWS its text, of COSE the head of its byte string.
struct span {
  std::size_t begin, size;
};
span find_token(const std::string& form, const blob& envelope) {
  const auto found = std::search(envelope.begin(), envelope.end(), label.begin(), label.end());
  REQUIRE(found != envelope.end());
  const auto begin = static_cast<std::size_t>(found - envelope.begin()) + label.size();
  if (form == "cose") {
    REQUIRE(envelope[begin] == 0x59);  // two bytes of length follow
    return {begin, 3 + (std::size_t{envelope[begin + 1]} << 8 | envelope[begin + 2])};
  }
  const std::size_t text = begin + 3;  // after ":"
  const auto first = envelope.begin() + static_cast<std::ptrdiff_t>(text);
  return {text, static_cast<std::size_t>(std::find(first, envelope.end(), '"') - first)};
}
blob token_of(const std::string& form, const blob& envelope) {
  const span at = find_token(form, envelope);
  const auto first = envelope.begin() + static_cast<std::ptrdiff_t>(at.begin);
  const blob found{first, first + static_cast<std::ptrdiff_t>(at.size)};
  return form == "cose" ? blob{found.begin() + 3, found.end()}
                        : from_base64({found.begin(), found.end()});
}
blob with_token(const std::string& form, blob envelope, const blob& token) {
  const span at = find_token(form, envelope);
  blob made;
  if (form == "cose") {
    made = {0x59, static_cast<std::uint8_t>(token.size() >> 8),
            static_cast<std::uint8_t>(token.size())};
    made.insert(made.end(), token.begin(), token.end());
  } else {
    const std::string text = nv2_test::notary::base64_of(token, false);
    made.assign(text.begin(), text.end());
  }
  const auto first = envelope.begin() + static_cast<std::ptrdiff_t>(at.begin);
  envelope.insert(envelope.erase(first, first + static_cast<std::ptrdiff_t>(at.size)), made.begin(),
                  made.end());
  return envelope;
}

// --- one verification

struct question {
  std::string envelope = "stamped";
  time_basis time = time_basis::at(in_2030);
  timestamp_rule rule = timestamp_rule::always;
  std::string service = "matrix_tsa_root.der";  // "": none is trusted
  compat leniency = compat::none;
};

struct judged {
  errc code = errc::unset;
  nv2::time_report times;
};

judged judge(const question& asked, const std::string& form, const nv2::crypto_backend& crypto,
             const std::function<void(blob&)>& edit) {
  static const blob root = read("pki", "acme_root.der"), manifest = read("notary", "manifest.json");
  const blob service = asked.service.empty() ? blob{} : read("pki", asked.service);
  std::vector<nv2::trust_anchor> anchors = {{view_of(root)}};
  if (!service.empty()) anchors.push_back({view_of(service), nv2::anchor_role::tsa});
  blob envelope = read("matrix", asked.envelope + "." + form);
  if (edit) {
    blob token = token_of(form, envelope);
    edit(token);
    envelope = with_token(form, envelope, token);
  }
  const nv2::policy trust =
      nv2::policy::strict({anchors.data(), anchors.size()}, nv2::revocation::not_checked())
          .with(asked.leniency)
          .with_timestamps(asked.rule);
  nv2::static_workspace<32768> memory;
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  const nv2::verification answer = verifier.verify(
      view_of(envelope),
      nv2::artifact::content(view_of(manifest), "application/vnd.oci.image.manifest.v1+json"),
      asked.time, memory);
  return {answer.status().code, answer.times()};
}

/// Both formats, with every library, say the same.
void expect(const question& asked, errc code, const std::function<void(blob&)>& edit = {}) {
  for (const nv2::crypto_backend* const crypto : backends) {
    for (const char* const form : formats) {
      CAPTURE(std::string{form});
      CHECK(judge(asked, form, *crypto, edit).code == code);
    }
  }
}
void expect_edited(errc code, const std::function<void(blob&)>& edit) { expect({}, code, edit); }

/// The place of the last digits of genTime, which is GeneralizedTime of 15 characters.
std::size_t seconds_of(const blob& token) {
  for (std::size_t i = 0; i + 17 < token.size(); ++i) {
    if (token[i] == 0x18 && token[i + 1] == 0x0F && token[i + 16] == 'Z') return i + 15;
  }
  FAIL("no time in the token");
  return 0;
}

}  // namespace

TEST_CASE("W-063 T-043 a timestamp within the certificate's validity counts after its end") {
  expect({}, errc::ok);
  question asked;
  asked.rule = timestamp_rule::after_cert_expiry;
  expect(asked, errc::ok);  // spec: W-062
  for (const char* const form : formats) {
    const judged made = judge(asked, form, *backends[0], {});
    CHECK(made.times.source == nv2::time_source::timestamp);
    CHECK(made.times.last - made.times.first == 2);  // an accuracy of one second
    CHECK(made.times.first > long_ago);
    CHECK(made.times.last < in_2027);
  }
}

TEST_CASE("W-062 nobody reads a token that is not needed yet") {
  question asked;
  asked.time = time_basis::at(in_2027);
  asked.rule = timestamp_rule::after_cert_expiry;
  expect(asked, errc::ok);
  expect(asked, errc::ok, [](blob& token) { token.assign(9, 'x'); });
  asked.rule = timestamp_rule::always;
  expect(asked, errc::timestamp_encoding, [](blob& token) { token.assign(9, 'x'); });
  asked.time = time_basis::at(in_2030);
  asked.rule = timestamp_rule::after_cert_expiry;
  expect(asked, errc::timestamp_encoding, [](blob& token) { token.assign(9, 'x'); });
}

TEST_CASE("W-061 without a trusted service the present counts") {
  question asked;
  asked.service = "";
  expect(asked, errc::certificate_expired);
  asked.time = time_basis::at(in_2027);
  expect(asked, errc::ok);
}

TEST_CASE("T-001 a trusted service wants a timestamp") {
  question asked;
  asked.envelope = "valid";
  expect(asked, errc::timestamp_absent);
  asked.rule = timestamp_rule::after_cert_expiry;
  expect(asked, errc::ok);
  asked.envelope = "expired";
  expect(asked, errc::timestamp_absent);
}

TEST_CASE("T-040 T-041 the service is one that is trusted, by the root of it") {
  question asked;
  asked.service = "acme_root.der";
  expect(asked, errc::timestamp_path);
  asked.service = "matrix_tsa.der";
  expect(asked, errc::timestamp_root);
}

TEST_CASE("T-045 a timestamp does not lie ahead, as far as anybody knows") {
  question asked;
  const std::pair<time_basis, errc> rows[] = {
      {time_basis::at(long_ago), errc::timestamp_ahead},
      {time_basis::not_before(long_ago), errc::time_unknown},
      {time_basis::unknown(), errc::time_unknown},
      {time_basis::not_before(in_2027), errc::ok}};
  for (const auto& row : rows) {
    asked.time = row.first;
    asked.leniency = compat::none;
    expect(asked, row.second);
    asked.leniency = compat::ts_allow_future;
    expect(asked, errc::ok);
  }
}

TEST_CASE("a token is that of its signature, and as it was made") {
  expect_edited(errc::timestamp_encoding, [](blob& t) { t.push_back(0); });         // T-002
  expect_edited(errc::timestamp_encoding, [](blob& t) { t.pop_back(); });           // T-002
  expect_edited(errc::timestamp_digest, [](blob& t) { t[seconds_of(t)] ^= 1; });    // T-021
  expect_edited(errc::timestamp_signature, [](blob& t) { t[t.size() - 1] ^= 1; });  // T-027
  for (const char* const form : formats) {
    CAPTURE(std::string{form});
    const std::string other = form == std::string{"jws"} ? "cose" : "jws";
    const blob token = token_of(other, read("matrix", "stamped." + other));
    const judged made = judge({}, form, *backends[0], [&](blob& t) { t = token; });
    CHECK(made.code == errc::timestamp_imprint);  // T-011
  }
}
#endif
