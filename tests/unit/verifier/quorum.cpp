// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Several signatures of one artifact: who counts, who does not, and what a count answers.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nv2/nv2.hpp>

#include "support/notary_builder.hpp"
#include "support/stub_backend.hpp"
#include "support/test_pki.hpp"

using nv2::errc;
using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::stub_crypto;
using nv2_test::test_key;

namespace {

constexpr const char* media_type = "application/vnd.oci.image.manifest.v1+json";
constexpr nv2::time_basis now = nv2::time_basis::at(1700000000);

/// What an artifact is named by, with the hash of the stub.
std::string digest_of(std::string_view content,
                      nv2::hash_algorithm hash = nv2::hash_algorithm::sha256) {
  nv2::static_workspace<256> memory;
  nv2::hasher state{stub_crypto, memory, hash};
  state.update(nv2::bytes::of(content));
  nv2::digest_value digest;
  REQUIRE(state.finish(digest) == errc::ok);
  std::string out = hash == nv2::hash_algorithm::sha256 ? "sha256:" : "sha384:";
  for (const std::uint8_t byte : digest.view()) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

/// Who signs, with which key, and how.
struct signer_plan {
  std::uint8_t key = 1;
  std::string organisation = "Acme", name = "build";
  std::string artifact = "an artifact";
  nv2::hash_algorithm hash = nv2::hash_algorithm::sha256;
  bool expired = false, broken = false, stranger = false;
};

octets subject_of(const std::string& organisation, const std::string& name) {
  return nv2_test::sequence({nv2_test::attribute(6, "US", 0x13), nv2_test::attribute(8, "WA"),
                             nv2_test::attribute(10, organisation), nv2_test::attribute(3, name)});
}

const test_key& root_key(bool stranger) {
  static const test_key own = nv2_test::stub_key(200), other = nv2_test::stub_key(201);
  return stranger ? other : own;
}

octets root(bool stranger) {
  nv2_test::certificate_plan plan;
  plan.subject = plan.issuer = stranger ? "stranger" : "root";
  plan.key = plan.signer = &root_key(stranger);
  plan.ca = true;
  plan.key_usage = nv2::key_usage::cert_sign;
  return make_certificate(plan);
}

std::string envelope_of(const signer_plan& who) {
  const test_key key = nv2_test::stub_key(who.key);
  nv2_test::certificate_plan leaf;
  leaf.issuer = who.stranger ? "stranger" : "root";
  leaf.subject_name = subject_of(who.organisation, who.name);
  leaf.key = &key;
  leaf.signer = &root_key(who.stranger);
  leaf.key_usage = nv2::key_usage::digital_signature;
  if (who.expired) leaf.not_after = "20210101000000";
  nv2_test::notary::jws_plan plan;
  plan.chain = {make_certificate(leaf), root(who.stranger)};
  plan.payload = R"({"targetArtifact":{"mediaType":")" + std::string(media_type) +
                 R"(","digest":")" + digest_of(who.artifact, who.hash) + R"(","size":)" +
                 std::to_string(who.artifact.size()) + "}}";
  plan.sign = [&](const nv2_test::notary::blob& message) {
    nv2::public_key pub;
    REQUIRE(nv2::parse_public_key(as_bytes(key.spki), pub) == errc::ok);
    nv2::static_workspace<256> memory;
    nv2::hasher state{stub_crypto, memory, nv2::hash_algorithm::sha256};
    state.update(as_bytes(message));
    nv2::digest_value digest;
    REQUIRE(state.finish(digest) == errc::ok);
    octets raw(64, 0);
    nv2_test::stub_sign(pub, {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256},
                        digest.view(), {raw.data(), raw.size()});
    if (who.broken) raw[7] ^= 1U;
    return raw;
  };
  return plan.envelope();
}

/// Verifies and counts one signature after the other, in one workspace that is used anew each time.
class trial {
 public:
  explicit trial(nv2::quorum& count,
                 nv2::verification_level level = nv2::verification_level::strict)
      : count_(count), level_(level) {}

  errc operator()(const signer_plan& who) {
    if (!count_.may_try()) return errc::unset;
    const std::string envelope = envelope_of(who);
    const octets trusted = root(false);
    const nv2::trust_anchor anchors[] = {{as_bytes(trusted), nv2::anchor_role::ca}};
    const nv2::policy policy = nv2::policy::strict(anchors, nv2::revocation::not_checked())
                                   .with_actions(nv2::validation_actions{level_});
    const nv2::verifier verifier{stub_crypto, nv2::all_formats, policy};
    nv2::static_workspace<64 * 1024> memory;
    const auto subject = nv2::artifact::content(nv2::bytes::of(who.artifact), media_type);
    const nv2::verification answer =
        verifier.verify(nv2::bytes::of(envelope), subject, now, memory);
    return count_.add(answer, stub_crypto, memory);
  }

 private:
  nv2::quorum& count_;
  nv2::verification_level level_;
};

signer_plan signer(std::uint8_t key, std::string name, std::string organisation = "Acme") {
  signer_plan out;
  out.key = key;
  out.name = std::move(name);
  out.organisation = std::move(organisation);
  return out;
}

const std::string_view names[] = {
    "x509.subject: C=US, ST=WA, O=Acme", "x509.subject: C=US, ST=WA, O=Bolt",
    "x509.subject: C=US, ST=WA, O=Acme, CN=security", "x509.subject: C=US, ST=WA, O=Cargo"};
const nv2::bytes acme = nv2::bytes::of(names[0]), bolt = nv2::bytes::of(names[1]),
                 acme_security = nv2::bytes::of(names[2]), cargo = nv2::bytes::of(names[3]);

}  // namespace

TEST_CASE("a fresh count says no, and nobody can ask for nothing (G-004 W-040 W-043)") {
  static_assert(!std::is_copy_constructible_v<nv2::quorum>);
  static_assert(!std::is_constructible_v<nv2::static_quorum<2>, nv2::quorum_rules&&>);
  nv2::quorum_rules rules;
  {
    const nv2::static_quorum<2> fresh{rules};
    CHECK(fresh.result() == errc::no_signature);
    CHECK_FALSE(fresh.ok());
    CHECK(fresh.signers().empty());
  }
  for (const auto& [threshold, code] :
       {std::pair{0U, errc::threshold_zero}, std::pair{3U, errc::threshold_too_large}}) {
    rules.threshold = threshold;
    nv2::static_quorum<2> count{rules};
    CHECK(count.result() == code);
    CHECK_FALSE(count.may_try());
    CHECK(trial{count}(signer(1, "a")) == errc::unset);
    CHECK(count.result() == code);
  }
  rules.threshold = 1;
  const nv2::bytes three[] = {acme, bolt, cargo};
  rules.required = three;
  nv2::static_quorum<2> count{rules};
  CHECK(count.result() == errc::required_too_many);
  CHECK_FALSE(count.may_try());
}

TEST_CASE("W-040 one signature is never two, however often it stands there") {
  nv2::quorum_rules rules;
  rules.threshold = 2;
  nv2::static_quorum<4> count{rules};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK_FALSE(count.ok());
  for (int i = 0; i < 3; ++i) CHECK(add(signer(1, "a")) == errc::signer_counted);
  CHECK(add(signer(1, "b")) == errc::signer_counted);  // the same key under another name
  CHECK(add(signer(2, "a")) == errc::signer_counted);  // the same name with another key
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK(add(signer(2, "b")) == errc::ok);
  CHECK(count.ok());
  REQUIRE(count.signers().size() == 2);
  CHECK(count.signers()[0].signature == 0);
  CHECK(count.signers()[1].signature == 6);
  CHECK(count.signers()[1].identity == nv2::counted_signer::none);
  CHECK(add(signer(3, "c")) == errc::unset);  // enough: nothing more is tried
}

TEST_CASE("W-040 who matches the same trusted identity is the same") {
  const nv2::bytes listed[] = {acme, bolt};
  const nv2::bytes any[] = {nv2::bytes::of("*")};
  nv2::quorum_rules rules;
  rules.threshold = 2;
  rules.identities = listed;
  nv2::static_quorum<2> count{rules};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(add(signer(2, "b")) == errc::signer_counted);
  CHECK(add(signer(3, "c", "Cargo")) == errc::identity_mismatch);
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK(add(signer(1, "c", "Bolt")) == errc::signer_counted);
  CHECK(add(signer(3, "c", "Bolt")) == errc::ok);
  CHECK(count.ok());
  CHECK(count.signers()[1].identity == 1);

  const nv2::policy trust =
      nv2::policy::strict({}, nv2::revocation::not_checked()).with_identities(listed);
  const nv2::quorum_rules made = nv2::quorum_rules_of(trust, 3);
  CHECK(made.threshold == 3);
  CHECK(made.identities.begin() == listed);
  CHECK(made.required.empty());

  rules.identities = any;
  nv2::static_quorum<2> open{rules};
  trial add_any{open};
  CHECK(add_any(signer(1, "a")) == errc::ok);
  CHECK(add_any(signer(2, "b")) == errc::ok);
  CHECK(open.ok());
}

TEST_CASE("W-040 required signers must be among those counted") {
  const nv2::bytes required[] = {bolt};
  nv2::quorum_rules rules;
  rules.threshold = 2;
  rules.required = required;
  nv2::static_quorum<2> count{rules};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(add(signer(2, "b")) == errc::ok);
  CHECK(count.result() == errc::required_signer_missing);
  CHECK(add(signer(3, "c")) == errc::signer_not_needed);
  CHECK(count.result() == errc::required_signer_missing);
  CHECK(add(signer(4, "d", "Bolt")) == errc::ok);  // takes a place that is not required
  CHECK(count.ok());
  CHECK(count.signers().size() == 2);

  // A required signer alone is not enough.
  nv2::static_quorum<2> alone{rules};
  CHECK(trial{alone}(signer(4, "d", "Bolt")) == errc::ok);
  CHECK(alone.result() == errc::threshold_not_reached);
}

TEST_CASE("W-040 a required signer takes the place of one with the same identity, key or name") {
  const nv2::bytes listed[] = {acme, bolt}, required[] = {acme_security};
  nv2::quorum_rules rules;
  rules.threshold = 2;
  rules.identities = listed;
  rules.required = required;
  nv2::static_quorum<2> count{rules};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(add(signer(2, "security")) == errc::ok);
  CHECK(count.signers().size() == 1);
  CHECK(add(signer(3, "b")) == errc::signer_counted);  // who is required stays
  CHECK(add(signer(5, "security")) == errc::signer_counted);
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK(add(signer(4, "x", "Bolt")) == errc::ok);
  CHECK(count.ok());

  // The place of two is not taken: the count never goes down.
  rules.threshold = 3;
  nv2::static_quorum<4> three{rules};
  trial more{three};
  CHECK(more(signer(1, "a")) == errc::ok);
  CHECK(more(signer(2, "b", "Bolt")) == errc::ok);
  CHECK(more(signer(2, "security")) == errc::signer_counted);
  CHECK(three.signers().size() == 2);
}

TEST_CASE("W-040 one signer does not stand for two required ones") {
  const nv2::bytes required[] = {acme, acme_security};
  nv2::quorum_rules rules;
  rules.required = required;
  nv2::static_quorum<2> count{rules};
  trial add{count};
  CHECK(add(signer(2, "security")) == errc::ok);
  CHECK(count.result() == errc::required_signer_missing);
  CHECK(add(signer(3, "security")) == errc::signer_counted);
  CHECK(count.result() == errc::required_signer_missing);
}

TEST_CASE("W-081 what a lenient policy lets pass does not count") {
  nv2::quorum_rules rules;
  rules.threshold = 2;
  for (const auto level : {nv2::verification_level::permissive, nv2::verification_level::audit}) {
    nv2::static_quorum<2> count{rules};
    trial add{count, level};
    signer_plan expired = signer(1, "a");
    expired.expired = true;
    CHECK(add(expired) == errc::signature_not_counted);
    CHECK(add(signer(2, "b")) == errc::ok);
    CHECK(count.result() == errc::threshold_not_reached);
    CHECK(add(signer(3, "c")) == errc::ok);
    CHECK(count.ok());
  }
  nv2::static_quorum<2> audited{rules};
  signer_plan stranger = signer(1, "a");
  stranger.stranger = true;
  CHECK(trial(audited, nv2::verification_level::audit)(stranger) == errc::signature_not_counted);
  nv2::static_quorum<2> skipped{rules};
  CHECK(trial(skipped, nv2::verification_level::skip)(signer(1, "a")) == errc::policy_skips);
  CHECK(skipped.result() == errc::threshold_not_reached);
}

TEST_CASE("W-040 W-042 what fails or cannot be had counts for nobody") {
  nv2::quorum_rules rules;
  nv2::static_quorum<2> count{rules};
  trial add{count};
  signer_plan broken = signer(1, "a"), stranger = signer(2, "b"), expired = signer(3, "c");
  broken.broken = stranger.stranger = expired.expired = true;
  CHECK(add(broken) == errc::signature_mismatch);
  CHECK(add(stranger) == errc::notary_not_anchored);
  CHECK(add(expired) == errc::certificate_expired);
  REQUIRE(count.may_try());
  count.add_unavailable();
  CHECK(count.result() == errc::threshold_not_reached);
  const nv2::verification fresh;
  nv2::static_workspace<512> memory;
  CHECK(count.add(fresh, stub_crypto, memory) == errc::unset);
  CHECK(count.signers().empty());
  CHECK(add(signer(3, "c")) == errc::ok);
  CHECK(count.ok());
}

TEST_CASE("W-041 the limit on signatures") {
  nv2::quorum_rules rules;
  rules.threshold = 2;
  nv2::static_quorum<2> count{rules, 2};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(add(signer(1, "a")) == errc::signer_counted);
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK(add(signer(2, "b")) == errc::unset);
  CHECK(count.result() == errc::signatures_left);
  nv2::static_quorum<2> enough{rules, 2};
  trial two{enough};
  CHECK(two(signer(1, "a")) == errc::ok);
  CHECK(two(signer(2, "b")) == errc::ok);
  CHECK_FALSE(enough.may_try());
  CHECK(enough.ok());
  nv2::static_quorum<1> none{rules, 0};
  CHECK_FALSE(none.ok());
}

TEST_CASE("W-080 signatures of another artifact end the count for ever") {
  nv2::quorum_rules rules;
  rules.threshold = 2;
  signer_plan other = signer(2, "b");
  other.artifact = "something else";
  nv2::static_quorum<2> count{rules};
  trial add{count};
  CHECK(add(signer(1, "a")) == errc::ok);
  CHECK(add(other) == errc::quorum_artifact);
  CHECK(count.result() == errc::quorum_artifact);
  CHECK(count.signers().size() == 1);
  CHECK(add(signer(2, "b")) == errc::unset);
  CHECK(count.result() == errc::quorum_artifact);
}

TEST_CASE("W-080 digests by several algorithms are of one artifact when the caller made them") {
  const std::string digests[] = {digest_of("an artifact"),
                                 digest_of("an artifact", nv2::hash_algorithm::sha384)};
  const std::string_view both[] = {digests[0], digests[1]}, first[] = {digests[0]};
  signer_plan other = signer(2, "b");
  other.hash = nv2::hash_algorithm::sha384;
  nv2::quorum_rules rules;
  rules.threshold = 2;
  nv2::static_quorum<2> unnamed{rules};
  CHECK(trial{unnamed}(signer(1, "a")) == errc::ok);
  CHECK(trial{unnamed}(other) == errc::quorum_artifact);

  rules.names = both;
  nv2::static_quorum<2> count{rules};
  CHECK(trial{count}(signer(1, "a")) == errc::ok);
  CHECK(trial{count}(other) == errc::ok);
  CHECK(count.ok());

  rules.names = first;
  nv2::static_quorum<2> named{rules};
  CHECK(trial{named}(other) == errc::quorum_artifact);
  CHECK_FALSE(named.ok());
}

TEST_CASE("without memory for a hash nobody counts (G-003)") {
  nv2::quorum_rules rules;
  nv2::static_quorum<1> count{rules};
  const std::string envelope = envelope_of(signer(1, "a"));
  const octets trusted = root(false);
  const nv2::trust_anchor anchors[] = {{as_bytes(trusted), nv2::anchor_role::ca}};
  const nv2::policy policy = nv2::policy::strict(anchors, nv2::revocation::not_checked());
  const nv2::verifier verifier{stub_crypto, nv2::all_formats, policy};
  nv2::static_workspace<64 * 1024> memory;
  const auto subject = nv2::artifact::content(nv2::bytes::of("an artifact"), media_type);
  const nv2::verification answer = verifier.verify(nv2::bytes::of(envelope), subject, now, memory);
  REQUIRE(answer.ok());
  nv2::static_workspace<4> small;
  CHECK(count.add(answer, stub_crypto, small) == errc::workspace_exhausted);
  CHECK(count.result() == errc::threshold_not_reached);
  CHECK(count.add(answer, stub_crypto, memory) == errc::ok);
  CHECK(count.ok());
}
