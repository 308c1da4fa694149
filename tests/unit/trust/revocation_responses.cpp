// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What OCSP responses cost, which of several failures is told, and what happens when something runs
// out. The keys are those of a stub; what responses decide is in ocsp_vectors.cpp.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nv2/trust/revocation_responses.hpp>

#include "support/failing_backend.hpp"
#include "support/response_builder.hpp"

namespace b = nv2_test::build;

using nv2::errc;
using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::response_parts;
using nv2_test::response_world;
using nv2_test::status_parts;

namespace {

/// A response that says one thing, which is good after a change.
response_parts saying(const std::function<void(status_parts&)>& change = {}) {
  status_parts status;
  if (change) change(status);
  response_parts parts;
  parts.statuses = {status.der()};
  return parts;
}
void be_revoked(status_parts& status) { status.status = nv2_test::revoked_status(); }
void expire(status_parts& status) {
  status.next_update = b::context(0, {b::generalized_time("20250102000000Z")});
}
void do_not_know(status_parts& status) { status.status = b::context_primitive(2, {}); }
void be_critical(status_parts& status) {
  status.extension_list = {b::extension("1.2.3", b::null(), true)};
}
octets about_another(const response_world& world) {
  return saying([](auto& s) { s.serial = b::integer(76); }).signed_by(world.root_key);
}

}  // namespace

TEST_CASE("G-003 at most 64 responses are looked at, whatever they are about") {
  response_world world;
  world.responses.assign(64, saying().signed_by(world.root_key));
  CHECK(world.ask() == errc::ok);
  CHECK(world.budget == 100 - 64);
  world.responses.push_back(world.responses[0]);
  CHECK(world.ask() == errc::ocsp_count);
  CHECK(world.budget == 100 - 64);
  world.responses.assign(65, octets{});
  CHECK(world.ask() == errc::ocsp_count);
}

TEST_CASE("R-030 a response has at most 20480 bytes") {
  response_world world;
  // What is embedded behind the first certificate is not looked at.
  const auto of_size = [&](std::size_t size) {
    std::size_t filler = size;
    octets made;
    for (int tries = 0; tries < 3; ++tries) {
      response_parts parts = saying();
      parts.certificates = {make_certificate(world.root), b::octet_string(octets(filler))};
      made = parts.signed_by(world.root_key);
      filler = filler + size - made.size();
    }
    REQUIRE(made.size() == size);
    return made;
  };
  world.responses = {of_size(20480)};
  CHECK(world.ask() == errc::ok);
  world.responses = {of_size(20481)};
  CHECK(world.ask() == errc::ocsp_size);
  // Nothing of it may be read: there is no such memory.
  const octets one = saying().signed_by(world.root_key);
  const nv2::bytes both[] = {{one.data(), 20481}, as_bytes(one)};
  CHECK(world.ask(both) == errc::ok);
}

TEST_CASE("G-003 a response about the certificate costs one signature check, by a responder two") {
  response_world world;
  const octets direct = saying().signed_by(world.root_key);
  world.responses = {direct, about_another(world), octets{}, world.delegated(saying())};
  world.budget = 3;
  CHECK(world.ask() == errc::ok);
  CHECK(world.budget == 0);
  for (std::uint16_t budget = 0; budget < 3; ++budget) {
    world.budget = budget;
    CHECK(world.ask() == errc::signature_budget);
    CHECK(world.budget == 0);
    CHECK(world.answer.source == nv2::revocation_source::none);
  }
}

TEST_CASE("G-003 R-033 lists about a responder are on the same budget") {
  response_world world;
  world.responder.other_extensions.clear();
  world.responses = {world.delegated(saying())};
  world.lists = {nv2_test::list_parts{}.signed_by(world.root_key)};
  world.budget = 3;
  CHECK(world.ask() == errc::ok);
  CHECK(world.budget == 0);
  world.budget = 2;
  CHECK(world.ask() == errc::signature_budget);
}

TEST_CASE("what can be told without a signature check is told without one (R-030 to R-035)") {
  struct row {
    const char* what;
    std::function<void(response_parts&)> apply;
    errc expected;
  };
  const auto status = [](const std::function<void(status_parts&)>& change) {
    return [=](response_parts& r) { r.statuses = saying(change).statuses; };
  };
  const octets failed = b::element(0x0A, {6});
  const row rows[] = {
      {"R-030 form", [](auto& r) { r.after_all = b::null(); }, errc::ocsp_malformed},
      {"R-030 status", [&](auto& r) { r.response_status = failed; }, errc::ocsp_unsuccessful},
      {"R-030 type", [](auto& r) { r.type = b::oid("1.2.3"); }, errc::ocsp_type},
      {"R-030 version", [](auto& r) { r.version = b::context(0, {b::integer(0)}); },
       errc::ocsp_version},
      {"R-030 form of a status", [](auto& r) { r.statuses.push_back(b::null()); },
       errc::ocsp_malformed},
      {"R-031 serial", status([](auto& s) { s.serial = b::integer(76); }),
       errc::ocsp_other_certificate},
      {"R-031 name", status([](auto& s) { s.name_hash = b::octet_string(octets(20)); }),
       errc::ocsp_other_certificate},
      {"R-031 key", status([](auto& s) { s.key_hash = b::octet_string(octets(20)); }),
       errc::ocsp_other_certificate},
      {"R-031 hash", status([](auto& s) { s.hash = b::seq({b::oid("1.2.3")}); }),
       errc::ocsp_other_certificate},
      {"R-034 ahead",
       status([](auto& s) { s.this_update = b::generalized_time("20300101000000Z"); }),
       errc::ocsp_ahead},
      {"R-034 stale", status(expire), errc::ocsp_stale},
      {"R-035 single", status(be_critical), errc::ocsp_extension},
      {"R-035 whole", [](auto& r) { r.extension_list = {b::extension("1.2.3", b::null(), true)}; },
       errc::ocsp_extension},
      {"R-032 algorithm", [](auto& r) { r.algorithm = b::seq({b::oid("1.2.840.10045.4.1")}); },
       errc::ocsp_algorithm},
      {"R-032 certificate", [](auto& r) { r.certificates = {b::seq({})}; },
       errc::ocsp_responder_malformed},
  };
  for (const row& r : rows) {
    INFO(std::string{r.what});
    response_world world;
    response_parts parts = saying();
    r.apply(parts);
    world.responses = {parts.signed_by(world.root_key)};
    nv2_test::failing_backend counting{nv2_test::stub_crypto};
    world.crypto = &counting.table();
    CHECK(std::string{nv2::name(world.ask())} == nv2::name(r.expected));
    CHECK(counting.calls().total() == 0);
    CHECK(world.budget == 100);
  }
}

TEST_CASE("R-031 the issuer is hashed once by each hash, however often a response names it") {
  response_world world;
  nv2_test::failing_backend counting{nv2_test::stub_crypto};
  world.crypto = &counting.table();
  response_parts parts = saying();
  for (int i = 0; i < 50; ++i) {
    for (const int arc : {1, 2, 3}) {
      status_parts status;
      status.hash = b::seq({b::oid("2.16.840.1.101.3.4.2." + std::to_string(arc))});
      parts.statuses.push_back(status.der());
    }
  }
  world.responses = {parts.signed_by(world.root_key)};
  CHECK(world.ask() == errc::ok);
  // Two for each of three hashes, one for the signature.
  CHECK(counting.calls().begin == 7);
  CHECK(counting.calls().verify == 1);
}

TEST_CASE("of several responses that do not count the one is told that came closest (R-004)") {
  response_world made;
  const octets forged = saying().signed_by(made.other_key);
  const octets other = about_another(made), stale = saying(expire).signed_by(made.root_key);
  const octets critical = saying(be_critical).signed_by(made.root_key);
  const octets unknown = saying(do_not_know).signed_by(made.root_key);
  made.responder.other_extensions.clear();
  const octets unchecked = made.delegated(saying());
  made.responder.purposes.clear();
  const octets no_purpose = made.delegated(saying());
  // From the farthest to the closest.
  const std::vector<octets> all = {other,  {0x30},     stale,     critical,
                                   forged, no_purpose, unchecked, unknown};
  const errc told[] = {
      errc::ocsp_other_certificate,   errc::ocsp_malformed, errc::ocsp_stale,
      errc::ocsp_extension,           errc::ocsp_signature, errc::ocsp_responder_purpose,
      errc::ocsp_responder_unchecked, errc::ocsp_unknown};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      CAPTURE(i);
      CAPTURE(j);
      for (const bool in_order : {false, true}) {
        response_world world;
        world.responses = {all[in_order ? j : i], all[in_order ? i : j]};
        CHECK(std::string{nv2::name(world.ask())} == nv2::name(told[i]));
      }
    }
  }
  response_world world;
  CHECK(world.ask() == errc::revocation_unknown);
}

TEST_CASE("R-036 no response that does not count, and no good one, hides one that says revoked") {
  response_world world;
  const octets revoked = saying([](auto& s) {
                           s.status =
                               nv2_test::revoked_status(b::context(0, {b::element(0x0A, {6})}));
                         }).signed_by(world.root_key);
  world.responses = {
      saying().signed_by(world.other_key),
      octets{},
      saying(do_not_know).signed_by(world.root_key),
      saying(be_critical).signed_by(world.root_key),
      saying([](auto& s) { be_revoked(s), be_critical(s); }).signed_by(world.root_key),
      saying().signed_by(world.root_key),
      revoked};
  CHECK(world.ask() == errc::certificate_revoked);
  CHECK(int{world.answer.reason} == 6);
  CHECK(world.answer.source == nv2::revocation_source::response);
  CHECK(world.answer.fresh == nv2::freshness::current);
  CHECK(world.answer.has_as_of);
  // What comes after it is not looked at.
  world.responses.insert(world.responses.begin(), revoked);
  world.budget = 1;
  CHECK(world.ask() == errc::certificate_revoked);
}

TEST_CASE("G-003 R-005 data of the other kind does not hide what too much of one kind may say") {
  response_world world;
  world.by_data = true;
  world.lists = {nv2_test::list_parts{}.signed_by(world.root_key)};
  world.responses = {saying(be_revoked).signed_by(world.root_key)};
  CHECK(world.ask() == errc::certificate_revoked);
  world.responses.insert(world.responses.end(), 64, octets{});
  CHECK(world.ask() == errc::ocsp_count);

  world.leaf.other_extensions = {b::extension("2.5.29.31", b::seq({}))};
  nv2_test::list_parts revoking;
  revoking.entry_list = {b::seq({b::integer(77), b::utc_time("250101000000Z")})};
  world.lists = {revoking.signed_by(world.root_key)};
  world.responses = {saying().signed_by(world.root_key)};
  CHECK(world.ask() == errc::certificate_revoked);
  world.lists.insert(world.lists.end(), 64, octets{});
  CHECK(world.ask() == errc::crl_count);
}

TEST_CASE("R-035 revoked with what is not understood beats good, but only when it is signed") {
  response_world world;
  const response_parts doubtful = saying([](auto& s) { be_revoked(s), be_critical(s); });
  world.responses = {saying().signed_by(world.root_key), doubtful.signed_by(world.other_key)};
  CHECK(world.ask() == errc::ok);
  world.responses.push_back(doubtful.signed_by(world.root_key));
  CHECK(world.ask() == errc::ocsp_revoked_critical);
  CHECK(world.answer.source == nv2::revocation_source::none);
}

TEST_CASE("R-032 a responder must be certified by the issuer, by name and by key") {
  const auto asked = [](const std::function<void(response_world&)>& change) {
    response_world world;
    change(world);
    world.responses = {world.delegated(saying())};
    return world.ask();
  };
  CHECK(asked([](auto&) {}) == errc::ok);
  CHECK(asked([](auto& w) { w.responder.issuer = "S"; }) == errc::ocsp_responder_issuer);
  CHECK(asked([](auto& w) { w.responder.signer = &w.other_key; }) == errc::ocsp_responder_issuer);
  CHECK(asked([](auto& w) { w.responder.break_signature = true; }) == errc::ocsp_responder_issuer);
  CHECK(asked([](auto& w) { w.responder.key_usage = 0; }) == errc::ok);
  CHECK(asked([](auto& w) { w.responder.key_usage = nv2::key_usage::cert_sign; }) ==
        errc::ocsp_responder_purpose);
  CHECK(asked([](auto& w) {
          w.responder.purposes = {{0x55, 0x1D, 0x25, 0x00}};
        }) == errc::ocsp_responder_purpose);
  CHECK(asked([](auto& w) { w.responder.not_after = "20250614000000"; }) ==
        errc::ocsp_responder_time);
  CHECK(asked([](auto& w) { w.responder.not_before = "20250616000000"; }) ==
        errc::ocsp_responder_time);
  const octets critical = b::extension("1.2.3", b::null(), true);
  CHECK(asked([&](auto& w) { w.responder.other_extensions.push_back(critical); }) ==
        errc::ocsp_responder_extension);
  const octets constraints = b::extension("2.5.29.30", b::seq({}), true);
  CHECK(asked([&](auto& w) { w.responder.other_extensions.push_back(constraints); }) ==
        errc::ocsp_responder_extension);
}

TEST_CASE("R-032 a forged response is forged with the certificate of a good responder, too") {
  response_world world;
  response_parts parts = saying();
  parts.certificates = {make_certificate(world.responder)};
  world.responses = {parts.signed_by(world.other_key)};
  CHECK(world.ask() == errc::ocsp_signature);
  world.responses = {parts.signed_by(world.responder_key)};
  CHECK(world.ask() == errc::ok);
  parts.certificates.insert(parts.certificates.begin(), make_certificate(world.leaf));
  world.responses = {parts.signed_by(world.responder_key)};
  CHECK(world.ask() == errc::ocsp_signature);
}

TEST_CASE("X-028 G-003 a responder's key is of a size that is worth a check") {
  const auto asked = [](std::size_t bits) {
    response_world world;
    world.responder_key = nv2_test::stub_rsa_key(bits);
    response_parts parts = saying();
    parts.algorithm = b::sha256_with_rsa();
    parts.certificates = {make_certificate(world.responder)};
    parts.signature = b::bit_string(world.responder_key.sign(
        {nv2::signature_scheme::rsa_pkcs1, nv2::hash_algorithm::sha256}, as_bytes(parts.tbs())));
    world.responses = {parts.der()};
    return world.ask();
  };
  CHECK(asked(2047) == errc::ocsp_responder_key);
  CHECK(asked(2048) == errc::ok);
  CHECK(asked(8192) == errc::ok);
  CHECK(asked(8200) == errc::ocsp_responder_key);
}

TEST_CASE("R-032 a scheme that the backend does not have is one that is not accepted") {
  response_world world;
  world.crypto = &nv2_test::hash_only_crypto;
  world.responses = {saying(be_revoked).signed_by(world.root_key)};
  CHECK(world.ask() == errc::ocsp_algorithm);
}

TEST_CASE("R-002 where nobody is named no response is looked at") {
  response_world world;
  world.leaf.other_extensions.clear();
  world.responses.assign(65, saying(be_revoked).signed_by(world.root_key));
  nv2_test::failing_backend counting{nv2_test::stub_crypto};
  world.crypto = &counting.table();
  CHECK(world.ask() == errc::ok);
  CHECK(counting.calls().total() == 0);
  CHECK(world.answer.source == nv2::revocation_source::none);
}

TEST_CASE("a backend that fails ends the question about responses, and says neither") {
  const auto asked = [](const nv2::crypto_backend& crypto) {
    response_world world;
    world.crypto = &crypto;
    world.responder.other_extensions.clear();
    world.responses = {world.delegated(saying()), saying(be_revoked).signed_by(world.root_key)};
    world.lists = {nv2_test::list_parts{}.signed_by(world.root_key)};
    return world.ask();
  };
  const unsigned calls =
      nv2_test::fail_each_call(nv2_test::stub_crypto, asked,
                               [](errc code, const nv2_test::failing_backend& failing, unsigned n) {
                                 CAPTURE(n);
                                 CHECK(code == errc::crypto_failure);
                                 CHECK(failing.open_hashes() == 0);
                               });
  CHECK(calls == 4 * 4);
}

TEST_CASE("a workspace that is too small for responses is told, and all of it is given back") {
  response_world world;
  world.responder.other_extensions.clear();
  world.lists = {nv2_test::list_parts{}.signed_by(world.root_key)};
  world.responses = {world.delegated(saying()), saying().signed_by(world.root_key)};
  REQUIRE(world.ask() == errc::ok);
  CHECK(world.memory_left_taken == 0);
  const std::size_t needed = world.memory_peak;
  CHECK(needed <= 1024);
  for (std::size_t size = 0; size < needed; ++size) {
    world.memory_size = size;
    world.budget = 4;
    CHECK(world.ask() == errc::workspace_exhausted);
    CHECK(world.memory_left_taken == 0);
    CHECK(world.answer.source == nv2::revocation_source::none);
  }
}
