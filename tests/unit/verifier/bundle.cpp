// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Verdicts about bundles: whose trust counts, which data, and in which order.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nv2/nv2.hpp>

#include "backend/backends.hpp"
#include "support/exact.hpp"
#include "support/notary_builder.hpp"
#include "support/vector.hpp"

using nv2::errc;

namespace {

using nv2_test::blob;
using nv2_test::view_of;
namespace cbor = nv2_test::notary;

const std::string cose_type = "application/cose", jws_type = "application/jose+json";

nv2_test::vector_case notary_case(const std::string& name) {
  return nv2_test::load_case(nv2_test::vectors_folder("notary") / name);
}
blob list_of_case(const std::string& name) {
  return nv2_test::read_file(nv2_test::vectors_folder("revocation") / name / "0.crl");
}

std::string hex_digest(const blob& content) {
  nv2::static_workspace<1024> memory;
  nv2::hasher state{*nv2_test::real_backends[0], memory, nv2::hash_algorithm::sha256};
  state.update(view_of(content));
  nv2::digest_value digest;
  REQUIRE(state.finish(digest) == errc::ok);
  std::string out = "sha256:";
  for (const std::uint8_t byte : digest.view()) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

/// A bundle to be.
struct content {
  std::uint64_t counter = 5;
  std::vector<std::pair<std::string, blob>> signatures;
  std::vector<blob> lists, responses;
  struct {
    std::string media_type, digest;
    std::int64_t size = 0;
  } artifact;  // none without a digest
  std::string policy;

  void describe(const nv2_test::vector_case& of) {
    artifact = {of.media_type, hex_digest(of.artifact),
                static_cast<std::int64_t>(of.artifact.size())};
  }
  blob made() const {
    std::vector<blob> items;
    for (const auto& [type, envelope] : signatures) {
      items.push_back(cbor::array({cbor::tstr(type), cbor::bstr(envelope)}));
    }
    cbor::member_list<blob> all = {{cbor::integer(0), cbor::cbor_head(0, counter)},
                                   {cbor::integer(1), cbor::array(items)}};
    std::int64_t key = 2;
    for (const auto* files : {&lists, &responses}) {
      std::vector<blob> strings;
      for (const blob& each : *files) strings.push_back(cbor::bstr(each));
      if (!strings.empty()) all.push_back({cbor::integer(key), cbor::array(strings)});
      ++key;
    }
    if (!artifact.digest.empty()) {
      all.push_back(
          {cbor::integer(4), cbor::map_of({{cbor::integer(0), cbor::tstr(artifact.media_type)},
                                           {cbor::integer(1), cbor::tstr(artifact.digest)},
                                           {cbor::integer(2), cbor::integer(artifact.size)}})});
    }
    if (!policy.empty()) all.push_back({cbor::integer(5), cbor::bstr(cbor::text(policy))});
    return cbor::join({blob{0x83}, cbor::tstr("nv2-bundle"), cbor::integer(1), cbor::map_of(all)});
  }
};

struct outcome {
  bool ok = false, accepted = false;
  errc code = errc::unset;
  nv2::status last;
  std::size_t signature = 0;
  std::uint64_t counter = 0;
  nv2::revocation_answer revocation;
  std::string digest;
};

/// Judges `made` for the artifact and with the trust of `world`, in no more memory than is promised.
outcome judge(const content& made, const nv2_test::vector_case& world,
              const nv2::bundle_rules& rules,
              const nv2::crypto_backend& crypto = *nv2_test::real_backends[0]) {
  const blob file = made.made();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view_of(file), carried) == errc::ok);
  nv2_test::exact_workspace memory{nv2::bundle_workspace_bound(
      nv2::all_formats, carried, rules.own.lists.size() + rules.own.responses.size())};
  const nv2::policy trust = world.policy();
  const nv2::bundle_verification answer = nv2::verify_bundle(
      view_of(file), world.subject(), crypto, nv2::all_formats, trust, world.time(), memory, rules);
  outcome out;
  out.ok = answer.ok();
  out.accepted = answer.accepted();
  out.code = answer.code();
  out.last = answer.answer().status();
  out.signature = answer.signature();
  out.counter = answer.counter();
  out.revocation = answer.answer().revocation();
  if (answer.answer().accepted_value() != nullptr) {
    out.digest = answer.answer().accepted_value()->digest();
  }
  CHECK(static_cast<bool>(answer) == answer.ok());
  CHECK((answer.code() == errc::ok) == answer.accepted());
  return out;
}

}  // namespace

TEST_CASE("a bundle is trusted when one of its signatures is") {
  const nv2_test::vector_case jws = notary_case("jws_baseline"),
                              cose = notary_case("cose_baseline");
  const nv2_test::vector_case tampered = notary_case("jws_artifact_tampered");
  for (const nv2::crypto_backend* crypto : nv2_test::real_backends) {
    content made;
    made.describe(jws);
    made.signatures = {{jws_type, jws.envelope}};
    outcome out = judge(made, jws, {}, *crypto);
    CHECK(out.ok);
    CHECK(out.code == errc::ok);
    CHECK(out.counter == 5);
    CHECK(out.digest == made.artifact.digest);

    blob broken = jws.envelope;
    broken[broken.size() / 2] ^= 1;
    made.signatures = {{jws_type, broken}, {cose_type, cose.envelope}, {jws_type, jws.envelope}};
    out = judge(made, jws, {}, *crypto);
    CHECK(out.ok);
    CHECK(out.signature == 1);

    made.signatures = {{jws_type, broken}, {cose_type, jws.envelope}};
    out = judge(made, jws, {}, *crypto);
    CHECK_FALSE(out.accepted);
    CHECK(out.code == errc::format_mismatch);  // a media type is no more than it is elsewhere
    CHECK(out.signature == 1);
  }
  content made;
  made.signatures = {{jws_type, tampered.envelope}};
  CHECK(judge(made, tampered, {}).code == errc::artifact_digest);
}

TEST_CASE("only so many signatures of a bundle are tried (W-040 W-041)") {
  const nv2_test::vector_case jws = notary_case("jws_baseline");
  content made;
  made.signatures = {{jws_type, {1}}, {jws_type, {2}}, {jws_type, jws.envelope}};
  nv2::bundle_rules rules;
  rules.max_signatures = 2;
  CHECK(judge(made, jws, rules).code == errc::signatures_left);
  rules.max_signatures = 3;
  CHECK(judge(made, jws, rules).ok);
}

TEST_CASE("a bundle below the floor is refused before anything else (G-021)") {
  const nv2_test::vector_case jws = notary_case("jws_baseline");
  content made;
  made.signatures = {{jws_type, jws.envelope}};
  nv2::bundle_rules rules;
  for (const std::uint64_t floor : {std::uint64_t{0}, std::uint64_t{4}, std::uint64_t{5}}) {
    rules.floor = floor;
    CHECK(judge(made, jws, rules).ok);
  }
  rules.floor = 6;
  outcome out = judge(made, jws, rules);
  CHECK_FALSE(out.ok);
  CHECK(out.code == errc::bundle_rolled_back);
  CHECK(out.last.code == errc::unset);
  CHECK(out.counter == 5);

  made.describe(jws);
  made.artifact.size += 1;  // would be refused, too
  CHECK(judge(made, jws, rules).code == errc::bundle_rolled_back);

  made = {};
  made.counter = UINT64_MAX;
  made.signatures = {{jws_type, jws.envelope}};
  rules.floor = UINT64_MAX;
  CHECK(judge(made, jws, rules).ok);
}

TEST_CASE("the descriptor of a bundle can refuse, and does not stand in for the artifact (D-005)") {
  const nv2_test::vector_case jws = notary_case("jws_baseline");
  content good;
  good.signatures = {{jws_type, jws.envelope}};
  good.describe(jws);
  content made = good;
  made.artifact.digest.back() = made.artifact.digest.back() == '0' ? '1' : '0';
  CHECK(judge(made, jws, {}).code == errc::bundle_artifact);
  for (const std::int64_t change : {-1, 1}) {
    made = good;
    made.artifact.size += change;
    const outcome out = judge(made, jws, {});
    CHECK(out.code == errc::bundle_artifact);
    CHECK(out.last.code == errc::unset);
  }
  made = good;
  made.artifact.media_type = "application/other";
  CHECK(judge(made, jws, {}).code == errc::bundle_artifact);

  // Another artifact, for which the descriptor was made: the signature decides.
  nv2_test::vector_case other = notary_case("jws_baseline");
  other.artifact.back() ^= 1;
  CHECK(judge(good, other, {}).code == errc::bundle_artifact);
  made = good;
  made.describe(other);
  CHECK(judge(made, other, {}).code == errc::artifact_digest);
  made.artifact.digest.clear();
  CHECK(judge(made, other, {}).code == errc::artifact_digest);

  // A blob without a media type has any.
  const nv2_test::vector_case file = notary_case("cose_blob");
  made = {};
  made.signatures = {{cose_type, file.envelope}};
  made.describe(file);
  if (made.artifact.media_type.empty()) made.artifact.media_type = "application/octet-stream";
  CHECK(judge(made, file, {}).ok);

  // Nothing can be said when it cannot be read, or not be hashed.
  const nv2_test::vector_case& world = jws;
  const blob bundle = good.made();
  nv2_test::exact_workspace none{4};
  const nv2::policy trust = world.policy();
  CHECK(nv2::verify_bundle(view_of(bundle), world.subject(), *nv2_test::real_backends[0],
                           nv2::all_formats, trust, world.time(), none, {})
            .code() == errc::workspace_exhausted);
  const auto read = [](void*, std::uint64_t, nv2::bytes&) noexcept { return false; };
  nv2::static_workspace<65536> memory;
  CHECK(nv2::verify_bundle(view_of(bundle), nv2::artifact::pieces(read, nullptr, world.media_type),
                           *nv2_test::real_backends[0], nv2::all_formats, trust, world.time(),
                           memory, {})
            .code() == errc::artifact_unreadable);
}

TEST_CASE("a second signature of a bundle does not meet the rest that the first one left (N-140)") {
  const nv2_test::vector_case world = notary_case("cose_baseline");
  blob longer(1024 + world.artifact.size(), 'x');
  std::copy(world.artifact.begin(), world.artifact.end(), longer.begin() + 1024);
  const auto read = [](void* context, std::uint64_t offset, nv2::bytes& piece) noexcept {
    const auto& all = *static_cast<const blob*>(context);
    const auto place = static_cast<std::size_t>(offset);
    piece = view_of(all).sub(place, std::min<std::size_t>(1024, all.size() - place));
    return true;
  };
  content made;
  made.signatures = {{cose_type, world.envelope}, {cose_type, world.envelope}};
  const blob bundle = made.made();
  const nv2::policy trust = world.policy();
  nv2::static_workspace<65536> memory;
  const auto answer = nv2::verify_bundle(
      view_of(bundle), nv2::artifact::pieces(read, &longer, world.media_type),
      *nv2_test::real_backends[0], nv2::all_formats, trust, world.time(), memory, {});
  CHECK(!answer.ok());
  CHECK(answer.code() == errc::artifact_size);
}

TEST_CASE("revocation data of a bundle counts as that of the caller does (R-004 R-006 R-014)") {
  for (const std::string form : {"jws", "cose"}) {
    CAPTURE(form);
    const nv2_test::vector_case world = notary_case(form + "_revocation_unknown");
    content made;
    made.signatures = {{form == "jws" ? jws_type : cose_type, world.envelope}};
    nv2::bundle_rules rules;
    rules.decide = nv2::revocation_by_data;
    CHECK(judge(made, world, rules).code == errc::revocation_unknown);

    made.lists = {list_of_case("signer_not_listed")};
    outcome out = judge(made, world, rules);
    CHECK(out.ok);
    CHECK(out.revocation.source == nv2::revocation_source::list);
    rules.decide = nv2::revocation_by_lists;
    CHECK(judge(made, world, rules).ok);
    rules.decide = nullptr;  // the policy of this case has no data, and goes on having none
    CHECK(judge(made, world, rules).code == errc::revocation_unknown);

    rules.decide = nv2::revocation_by_data;
    made.lists = {list_of_case("signer_listed")};
    CHECK(judge(made, world, rules).code == errc::certificate_revoked);

    // A list of the caller is not outvoted by one that travels.
    const blob listed = list_of_case("signer_listed"), clean = list_of_case("signer_not_listed");
    const nv2::bytes own_listed[] = {view_of(listed)}, own_clean[] = {view_of(clean)};
    made.lists = {clean};
    rules.own.lists = own_listed;
    CHECK(judge(made, world, rules).code == errc::certificate_revoked);
    made.lists = {listed, clean};
    rules.own.lists = own_clean;
    CHECK(judge(made, world, rules).code == errc::certificate_revoked);
    made.lists.clear();
    CHECK(judge(made, world, rules).ok);

    // How old data may be, the caller says.
    rules.own = {};
    made.lists = {list_of_case("expired")};
    made.responses = {blob{0x30, 0x00}};
    CHECK(judge(made, world, rules).code == errc::crl_stale);
    rules.own.stale = nv2::stale_rule::ignore;
    const errc lenient = judge(made, world, rules).code;
    CHECK(lenient != errc::crl_stale);
  }
}

TEST_CASE(
    "responses of a bundle count, and lists alone are not enough for who is asked there (R-002)") {
  nv2_test::vector_case world = notary_case("cose_revocation_unknown");
  const auto matrix = nv2_test::vectors_folder("matrix");
  world.envelope = nv2_test::read_file(matrix / "access.cose");
  world.facts["time"]["value"] = 1893456000;
  content made;
  made.signatures = {{cose_type, world.envelope}};
  nv2::bundle_rules rules;
  rules.decide = nv2::revocation_by_data;
  CHECK(judge(made, world, rules).code == errc::revocation_unknown);
  made.responses = {nv2_test::read_file(matrix / "good.ocsp")};
  const outcome out = judge(made, world, rules);
  CHECK(out.ok);
  CHECK(out.revocation.source == nv2::revocation_source::response);
  rules.decide = nv2::revocation_by_lists;
  CHECK_FALSE(judge(made, world, rules).ok);

  // Responses of the caller come first, and a bundle cannot take them back.
  const blob good = made.responses[0];
  const nv2::bytes own[] = {view_of(good)};
  rules.decide = nv2::revocation_by_data;
  rules.own.responses = own;
  made.responses.clear();
  CHECK(judge(made, world, rules).ok);
}

TEST_CASE("timestamps travel inside the envelopes of a bundle (W-063)") {
  nv2_test::vector_case world = notary_case("cose_baseline");
  world.envelope = nv2_test::read_file(nv2_test::vectors_folder("matrix") / "stamped.cose");
  const blob tsa = nv2_test::read_file(nv2_test::vectors_folder("pki") / "matrix_tsa_root.der");
  world.anchors.push_back({view_of(tsa), nv2::anchor_role::tsa});
  content made;
  made.signatures = {{cose_type, world.envelope}};
  const blob file = made.made();
  const nv2::policy trust = world.policy();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view_of(file), carried) == errc::ok);
  nv2_test::exact_workspace memory{nv2::bundle_workspace_bound(nv2::all_formats, carried) +
                                   nv2::timestamp_memory};
  const nv2::bundle_verification answer =
      nv2::verify_bundle(view_of(file), world.subject(), *nv2_test::real_backends[0],
                         nv2::all_formats, trust, nv2::time_basis::at(1893456000), memory, {});
  CHECK(answer.code() == errc::ok);
  CHECK(answer.ok());
  CHECK(answer.answer().times().source == nv2::time_source::timestamp);
}

TEST_CASE("what a bundle says about trust is not heard (G-021)") {
  const nv2_test::vector_case stranger = notary_case("cose_anchor_none");
  content made;
  made.signatures = {{cose_type, stranger.envelope}};
  const errc without = judge(made, stranger, {}).code;
  made.policy = R"({"version":"1.0","trustPolicies":[{"name":"all","registryScopes":["*"],)"
                R"("signatureVerification":{"level":"skip"}}]})";
  const outcome out = judge(made, stranger, {});
  CHECK_FALSE(out.accepted);
  CHECK(out.code == without);
  CHECK(out.code != errc::ok);
}

TEST_CASE("levels hold for bundles, too (W-003 W-005)") {
  const nv2_test::vector_case audit = notary_case("cose_audit_stranger");
  content made;
  made.signatures = {{cose_type, audit.envelope}};
  outcome out = judge(made, audit, {});
  CHECK_FALSE(out.ok);
  CHECK(out.accepted);
  CHECK(out.code == errc::ok);

  const nv2_test::vector_case jws = notary_case("jws_baseline");
  made.signatures = {{jws_type, jws.envelope}, {jws_type, jws.envelope}};
  const blob file = made.made();
  const nv2::policy skips =
      jws.policy().with_actions(nv2::validation_actions{nv2::verification_level::skip});
  nv2::static_workspace<65536> memory;
  const nv2::bundle_verification answer =
      nv2::verify_bundle(view_of(file), jws.subject(), *nv2_test::real_backends[0],
                         nv2::all_formats, skips, jws.time(), memory, {});
  CHECK_FALSE(answer.accepted());
  CHECK(answer.code() == errc::policy_skips);
  CHECK(answer.answer().verdict() == nv2::verdict::skipped);
  CHECK(answer.signature() == 0);
}

TEST_CASE("a fresh answer says no") {
  const nv2::bundle_verification fresh;
  CHECK_FALSE(fresh.ok());
  CHECK_FALSE(fresh.accepted());
  CHECK(fresh.code() == errc::unset);
  nv2::static_workspace<1024> memory;
  const nv2_test::vector_case jws = notary_case("jws_baseline");
  const nv2::policy trust = jws.policy();
  const nv2::bundle_verification answer =
      nv2::verify_bundle({}, jws.subject(), *nv2_test::real_backends[0], nv2::all_formats, trust,
                         jws.time(), memory, {});
  CHECK(answer.code() == errc::bundle_unknown);
  CHECK_FALSE(answer.ok());
}

TEST_CASE("views of lists lie in the workspace, or nothing is decided (G-003)") {
  content made;
  made.signatures = {{jws_type, {1}}};
  made.lists = {blob{1}, blob{2}};
  made.responses = {blob{3}};
  const blob file = made.made();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view_of(file), carried) == errc::ok);
  const std::uint8_t mine[] = {9};
  const nv2::bytes own[] = {mine};
  nv2::revocation_data data, all;
  data.lists = own;
  data.grace_seconds = 77;
  data.stale = nv2::stale_rule::grace;
  nv2::static_workspace<4 * sizeof(nv2::bytes)> memory;
  REQUIRE(nv2::collect_revocation(carried, data, memory, all) == errc::ok);
  CHECK(all.lists.size() == 3);
  CHECK(all.lists[0][0] == 9);
  CHECK(all.lists[1][0] == 1);
  CHECK(all.lists[2][0] == 2);
  CHECK(all.responses.size() == 1);
  CHECK(all.responses[0][0] == 3);
  CHECK(all.grace_seconds == 77);
  CHECK(all.stale == nv2::stale_rule::grace);
  nv2::static_workspace<4 * sizeof(nv2::bytes) - 1> small;
  CHECK(nv2::collect_revocation(carried, data, small, all) == errc::workspace_exhausted);
}

TEST_CASE("a threshold counts the signatures of a bundle (W-040)") {
  const nv2_test::vector_case jws = notary_case("jws_baseline"),
                              cose = notary_case("cose_baseline");
  content made;
  made.signatures = {{jws_type, jws.envelope}, {cose_type, cose.envelope}};
  made.describe(jws);
  const blob file = made.made();
  const nv2::crypto_backend& crypto = *nv2_test::real_backends[0];
  nv2::static_workspace<65536> memory;

  const auto count = [&](std::size_t threshold) {
    nv2::bundle carried;
    REQUIRE(nv2::parse_bundle(view_of(file), carried) == errc::ok);
    memory.rewind(0);
    REQUIRE(nv2::check_bundle(carried, 5, jws.subject(), crypto, memory) == errc::ok);
    nv2::revocation_data all;
    REQUIRE(nv2::collect_revocation(carried, {}, memory, all) == errc::ok);
    const nv2::policy trust = jws.policy();
    const nv2::verifier verifier{crypto, nv2::all_formats, trust};
    nv2::quorum_rules rules;
    rules.threshold = threshold;
    nv2::static_quorum<4> signers{rules};
    nv2::bundle_cursor cursor{carried.signatures};
    const std::size_t mark = memory.mark();
    for (nv2::bundled_signature each; cursor.next(each) && signers.may_try();) {
      memory.rewind(mark);
      const nv2::verification answer =
          verifier.verify(each.envelope, jws.subject(), jws.time(), memory, each.media_type);
      static_cast<void>(signers.add(answer, crypto, memory));
    }
    return signers.result();
  };
  CHECK(count(1) == errc::ok);
  CHECK(count(2) == errc::threshold_not_reached);  // both are by one signer
}
