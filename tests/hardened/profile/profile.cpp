// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the hardened profile promises beyond the plain one, as far as a host can show it; tests/hardened/run.py attacks the
// instructions of a Cortex-M. Built with NV2_HARDENED=1, beside tests of verdicts that must come out as ever.
#include <doctest/doctest.h>

#include <algorithm>
#include <bitset>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include <nv2/nv2.hpp>

#include "backend/backends.hpp"
#include "support/failing_backend.hpp"
#include "support/vector.hpp"

using nv2::errc;
using nv2_test::vector_case;

namespace {

static_assert(nv2::is_hardened);

const nv2::crypto_backend& real() {
  REQUIRE(!nv2_test::real_backends.empty());
  return *nv2_test::real_backends[0];
}

vector_case load(const std::string& name) {
  return nv2_test::load_case(nv2_test::vectors_folder("notary") / name);
}

/// Turns each bit of `object` in turn and asks.
template <typename T, typename Question>
void for_each_bit(T& object, Question ask) {
  static_assert(std::is_trivially_copyable_v<T>);
  auto* const raw = reinterpret_cast<unsigned char*>(&object);
  for (std::size_t i = 0; i < sizeof object * 8; ++i) {
    const auto bit = static_cast<unsigned char>(1U << i % 8);
    CAPTURE(i);
    raw[i / 8] ^= bit;
    ask();
    raw[i / 8] ^= bit;
  }
}

nv2::verification judge(const vector_case& vector, const nv2::crypto_backend& crypto,
                        nv2::workspace& memory) {
  return vector.verify(crypto, nv2_test::view_of(vector.envelope), memory);
}

}  // namespace

TEST_CASE("hardened: no bit of a refusal makes it a yes") {
  for (const char* const name :
       {"cose_artifact_tampered", "cose_anchor_none", "jws_valid_leaf_expired", "cose_baseline"}) {
    vector_case vector = load(name);
    if (std::string{name} == "cose_baseline") vector.envelope.back() ^= 1;  // its signature
    nv2::static_workspace<64 * 1024> memory;
    nv2::verification answer = judge(vector, real(), memory);
    REQUIRE(!answer.accepted());
    for_each_bit(answer, [&] {
      CHECK(!answer.ok());
      CHECK(!answer.accepted());
      CHECK(answer.value() == nullptr);
      CHECK(answer.accepted_value() == nullptr);
      CHECK(answer.verdict() != nv2::verdict::trusted);
      CHECK(answer.verdict() != nv2::verdict::accepted);
    });
  }
}

TEST_CASE("hardened: no bit of what a policy let pass makes it trusted") {
  vector_case vector = load("cose_audit_no_anchor");
  nv2::static_workspace<64 * 1024> memory;
  nv2::verification answer = judge(vector, real(), memory);
  REQUIRE(answer.verdict() == nv2::verdict::accepted);
  for_each_bit(answer, [&] {
    CHECK(!answer.ok());
    CHECK(answer.value() == nullptr);
    CHECK(answer.verdict() != nv2::verdict::trusted);
  });
}

TEST_CASE("hardened: a yes that only one judgement came to is a no") {
  const vector_case good = load("cose_baseline"), bad = load("cose_signature_of_other_payload");
  nv2::static_workspace<64 * 1024> memory;
  unsigned calls = 0;
  {
    const nv2_test::failing_backend counting{real()};
    REQUIRE(judge(good, counting.table(), memory).ok());
    calls = counting.calls().total();
    CHECK(counting.calls().verify == 2 * 3);  // two certificates and the signature, twice
  }
  // The crypto library errs once, whenever that is: in favour of the signer, or against.
  unsigned yes = 0;
  for (unsigned call = 1; call <= calls; ++call) {
    CAPTURE(call);
    memory.rewind(0);
    const nv2_test::failing_backend lying{real(), call, errc::ok};
    yes += judge(bad, lying.table(), memory).ok();
    memory.rewind(0);
    const nv2_test::failing_backend refusing{real(), call, errc::signature_mismatch};
    CHECK(!judge(good, refusing.table(), memory).ok());
    CHECK(refusing.has_failed());
  }
  CHECK(yes == 0);
}

TEST_CASE("hardened: the artifact is hashed twice, so what can be read once only is refused") {
  struct pieces {
    nv2::bytes all;
    std::uint64_t at = 0;
    bool again = false;
    unsigned reads = 0;

    static bool read(void* context, std::uint64_t offset, nv2::bytes& piece) noexcept {
      auto& self = *static_cast<pieces*>(context);
      if (offset == 0) ++self.reads;
      if (offset != self.at && !self.again) return false;
      const auto place = static_cast<std::size_t>(offset);
      piece = {self.all.data() + place, std::min<std::size_t>(100, self.all.size() - place)};
      self.at = offset + piece.size();
      return true;
    }
  };
  const vector_case good = load("cose_baseline");
  for (const bool again : {true, false}) {
    pieces source{nv2_test::view_of(good.artifact)};
    source.again = again;
    nv2::static_workspace<64 * 1024> memory;
    const nv2::policy trust = good.policy();
    const nv2::verifier verifier{real(), nv2::all_formats, trust};
    const auto subject = nv2::artifact::pieces(&pieces::read, &source, good.media_type);
    const auto answer =
        verifier.verify(nv2_test::view_of(good.envelope), subject, good.time(), memory);
    CHECK(source.reads == 2);
    CHECK(answer.ok() == again);
    if (!again) CHECK(answer.status().code == errc::artifact_unreadable);
  }
}

TEST_CASE("hardened: twice in the same workspace, and what a verdict says lies there") {
  const vector_case good = load("jws_baseline");
  const std::size_t bound = nv2::workspace_bound(nv2::notary_jws_format, good.envelope.size());
  std::vector<std::uint8_t> room(bound);
  nv2::workspace memory{{room.data(), room.size()}};
  const auto answer = judge(good, real(), memory);
  REQUIRE(answer.ok());
  CHECK(memory.peak() <= bound);
  CHECK(answer.value()->size() == static_cast<std::int64_t>(good.artifact.size()));
  CHECK(answer.report(nv2::check::integrity) == nv2::outcome::passed);
}

TEST_CASE("hardened: no bit of a count that lacks a signer makes it enough") {
  const vector_case good = load("cose_baseline");
  nv2::static_workspace<64 * 1024> memory;
  nv2::counted_signer room[4];
  nv2::quorum_rules rules;
  rules.threshold = 2;
  nv2::quorum count{rules, room, 4};
  REQUIRE(count.may_try());
  const auto answer = judge(good, real(), memory);
  const nv2_test::failing_backend counting{real()};
  REQUIRE(count.add(answer, counting.table(), memory) == errc::ok);
  CHECK(counting.calls().begin == 2 * 3);  // artifact, key and subject are looked at twice
  REQUIRE(count.result() == errc::threshold_not_reached);
  // Not the addresses of its rules and its room: a count that looks elsewhere is no decision.
  auto* const raw = reinterpret_cast<unsigned char*>(&count);
  for (std::size_t i = 2 * sizeof(void*) * 8; i < sizeof count * 8; ++i) {
    CAPTURE(i);
    const auto bit = static_cast<unsigned char>(1U << i % 8);
    raw[i / 8] ^= bit;
    if (count.signers().size() <= 4) CHECK(!count.ok());
    raw[i / 8] ^= bit;
  }
  for_each_bit(rules.threshold, [&] {
    if (rules.threshold > 1) CHECK(!count.ok());
  });
  CHECK(count.result() == errc::threshold_not_reached);
}

TEST_CASE("the four verdicts are at least eight bits apart") {
  constexpr nv2::verdict all[] = {nv2::verdict::rejected, nv2::verdict::skipped,
                                  nv2::verdict::accepted, nv2::verdict::trusted};
  for (const nv2::verdict one : all) {
    for (const nv2::verdict other : all) {
      const std::bitset<16> differ{static_cast<unsigned>(one) ^ static_cast<unsigned>(other)};
      CHECK(differ.count() >= (one == other ? 0U : 8U));
    }
  }
}
