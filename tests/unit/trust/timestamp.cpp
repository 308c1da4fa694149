// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Timestamp tokens, rule by rule, each one point away from a good one. The keys are those of a stub;
// real ones are in timestamp_keys.cpp.
#include <doctest/doctest.h>

#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <nv2/trust/timestamp.hpp>

#include "support/timestamp_builder.hpp"

namespace b = nv2_test::build;
namespace usage = nv2::key_usage;

using nv2::compat;
using nv2::errc;
using nv2::hash_algorithm;
using nv2::time_basis;
using nv2_test::as_bytes;
using nv2_test::octets;
using nv2_test::stamp_plan;
using nv2_test::stamp_world;

namespace {

constexpr nv2::unix_time noon = 1735732800;  // 2025-01-01T12:00:00Z

using change = std::function<void(stamp_world&)>;

/// A good token after a change.
errc judge(const change& apply = {}) {
  stamp_world world;
  if (apply) apply(world);
  return world.verify();
}
errc with_info(const std::function<void(stamp_plan&)>& apply) {
  return judge([&](stamp_world& w) { apply(w.stamp); });
}
errc with_attributes(const std::function<void(std::vector<octets>&)>& apply, bool sorted = true) {
  return with_info([&](stamp_plan& p) {
    p.change_attributes = apply;
    p.sorted = sorted;
  });
}
/// The token of a good world after a change of its bytes.
errc with_token(const std::function<void(octets&)>& apply) {
  stamp_world world;
  octets token = world.token();
  apply(token);
  return world.verify(token);
}
octets other_attribute(unsigned number) {
  return nv2_test::cms_attribute("1.2.3." + std::to_string(number), {b::null()});
}

}  // namespace

TEST_CASE("a good token says when (TV-01)") {
  stamp_world world;
  world.stamp.accuracy = b::seq({b::integer(2)});
  REQUIRE(world.verify() == errc::ok);
  CHECK(world.out.gen_time.seconds == noon);
  CHECK(world.out.gen_time.nanoseconds == 0);
  CHECK(world.out.accuracy_seconds == 2);
  CHECK(equal(world.out.policy, as_bytes({0x2A, 0x03})));
  CHECK(equal(world.out.serial, as_bytes({5})));
  CHECK(world.memory_left_taken == 0);
}

TEST_CASE("T-001 a token must be there (TV-25)") {
  CHECK(with_token([](octets& t) { t.clear(); }) == errc::timestamp_absent);
}

TEST_CASE("T-002 a token is one signed message in DER (TV-21, TV-22, TV-28, TV-29)") {
  CHECK(with_token([](octets& t) { t = b::text("garbage"); }) == errc::timestamp_encoding);
  CHECK(with_token([](octets& t) { t.push_back(0); }) == errc::timestamp_encoding);
  CHECK(with_token([](octets& t) { t.pop_back(); }) == errc::timestamp_encoding);
  const auto with_outer_length = [](const octets& length) {
    return with_token([&](octets& t) {
      REQUIRE(t[1] == 0x82);
      t.erase(t.begin() + 1, t.begin() + 4);
      t.insert(t.begin() + 1, length.begin(), length.end());
      if (length[0] == 0x80) t.insert(t.end(), 2, 0);
    });
  };
  const octets token = stamp_world{}.token();
  CHECK(with_outer_length({0x82, token[2], token[3]}) == errc::ok);
  CHECK(with_outer_length({0x83, 0, token[2], token[3]}) == errc::timestamp_encoding);
  CHECK(with_outer_length({0x80}) == errc::timestamp_encoding);
  CHECK(with_info([](auto& p) { p.message_type = b::oid("1.2.840.113549.1.7.1"); }) ==
        errc::timestamp_not_signed);
}

TEST_CASE("T-003 the signed message is of version 3") {
  for (const int version : {0, 1, 2, 4, 5}) {
    CHECK(with_info([=](auto& p) { p.version = b::integer(version); }) == errc::timestamp_version);
  }
}

TEST_CASE("T-004 a statement of time is signed, in one octet string") {
  CHECK(with_info([](auto& p) { p.content_type = b::oid("1.2.840.113549.1.7.1"); }) ==
        errc::timestamp_content);
  CHECK(with_info([](auto& p) { p.wrap = [](const octets&) { return octets{}; }; }) ==
        errc::timestamp_content);
  CHECK(with_info([](auto& p) { p.wrap = [](const octets& i) { return b::context(0, {i}); }; }) ==
        errc::timestamp_content);
  CHECK(with_info([](auto& p) {
          p.wrap = [](const octets& i) {
            return b::context(0, {b::element(0x24, b::octet_string(i))});
          };
        }) == errc::timestamp_content);
  CHECK(with_info([](auto& p) {
          p.wrap = [](const octets& i) {
            return b::context(0, {b::octet_string(i), b::octet_string(i)});
          };
        }) == errc::timestamp_encoding);
}

TEST_CASE("T-005 a token has certificates, all of X.509 (TV-07)") {
  CHECK(judge([](auto& w) { w.stamp.certificates = [](auto) { return octets{}; }; }) ==
        errc::timestamp_no_certificates);
  CHECK(judge([](auto& w) { w.stamp.certificates = [](auto) { return b::context(0, {}); }; }) ==
        errc::timestamp_no_certificates);
  const auto with = [](const octets& other) { return judge([&](auto& w) { w.others = {other}; }); };
  CHECK(with(b::context(1, {b::null()})) == errc::timestamp_certificate);
  CHECK(with(b::seq({b::null()})) == errc::timestamp_certificate);
  CHECK(with({0x30}) == errc::timestamp_certificate);
  CHECK(judge([](auto& w) { w.without_signer = true, w.others = {w.root_certificate()}; }) ==
        errc::timestamp_certificate_hash);
}

TEST_CASE("G-003 a token has at most ten certificates and sixteen signed attributes") {
  const auto with_certificates = [](std::size_t count) {
    return judge([=](auto& w) { w.others.assign(count - 1, w.root_certificate()); });
  };
  CHECK(with_certificates(10) == errc::ok);
  CHECK(with_certificates(11) == errc::timestamp_certificate_count);
  const auto with_count = [](unsigned count) {
    return with_attributes([=](auto& list) {
      for (unsigned i = 3; i < count; ++i) list.push_back(other_attribute(i));
    });
  };
  CHECK(with_count(16) == errc::ok);
  CHECK(with_count(17) == errc::timestamp_attribute_count);
}

TEST_CASE("T-006 revocation lists are refused, or ignored on demand (TV-27)") {
  const auto with_lists = [](compat leniency) {
    return judge([=](auto& w) {
      w.stamp.lists = b::context(1, {b::null()});
      w.leniency = leniency;
    });
  };
  CHECK(with_lists(compat::none) == errc::timestamp_crls);
  CHECK(with_lists(compat::ts_allow_crls) == errc::ok);
}

TEST_CASE("T-007 a token has one signer") {
  CHECK(with_info([](auto& p) { p.signers = [](const octets&) { return b::set({}); }; }) ==
        errc::timestamp_signers);
  CHECK(with_info([](auto& p) {
          p.signers = [](const octets& one) { return b::set({one, one}); };
        }) == errc::timestamp_signers);
}

TEST_CASE("T-008 what is not signed does not matter") {
  CHECK(with_info([](auto& p) { p.unsigned_attributes = b::context(1, {b::null()}); }) == errc::ok);
  CHECK(with_info([](auto& p) { p.digest_algorithms = b::set({b::null()}); }) == errc::ok);
}

TEST_CASE("T-010 the statement is of version 1") {
  for (const int version : {0, 2, 300}) {
    CHECK(with_info([=](auto& p) { p.info_version = b::integer(version); }) ==
          errc::timestamp_info_version);
  }
}

TEST_CASE("T-011 a SHA-2 of the signature is stamped (TV-03, TV-15)") {
  CHECK(judge([](auto& w) { w.message = b::text("other"); }) == errc::timestamp_imprint);
  CHECK(judge([](auto& w) { w.message.clear(); }) == errc::timestamp_imprint);
  const auto with_imprint = [](const octets& algorithm, std::size_t size) {
    return with_info([&](auto& p) {
      p.imprint = b::seq({algorithm, b::octet_string(octets(size, 7))});
    });
  };
  CHECK(with_imprint(b::seq({b::oid("1.3.14.3.2.26"), b::null()}), 20) ==
        errc::timestamp_imprint_hash);
  CHECK(with_imprint(b::seq({b::oid("1.3.14.3.2.26")}), 32) == errc::timestamp_imprint_hash);
  CHECK(with_imprint(nv2_test::sha2_identifier(hash_algorithm::sha256), 31) ==
        errc::timestamp_imprint);
  CHECK(with_imprint(nv2_test::sha2_identifier(hash_algorithm::sha256), 0) ==
        errc::timestamp_imprint);
  CHECK(with_imprint(nv2_test::sha2_identifier(hash_algorithm::sha256), 32) ==
        errc::timestamp_imprint);
}

TEST_CASE("T-012 the hash of the signer's key is stamped, or any SHA-2 on demand (TV-02)") {
  for (const hash_algorithm key :
       {hash_algorithm::sha256, hash_algorithm::sha384, hash_algorithm::sha512}) {
    for (const hash_algorithm imprint :
         {hash_algorithm::sha256, hash_algorithm::sha384, hash_algorithm::sha512}) {
      const auto with = [=](compat leniency) {
        return judge([=](auto& w) {
          w.key_hash = key;
          w.stamp.imprint_hash = imprint;
          w.leniency = leniency;
        });
      };
      CHECK(with(compat::none) == (key == imprint ? errc::ok : errc::timestamp_imprint_choice));
      CHECK(with(compat::ts_any_imprint_hash) == errc::ok);
    }
  }
}

TEST_CASE("T-013 policy and serial number are there; nonce, ordering and tsa are ignored (TV-18)") {
  CHECK(with_info([](auto& p) {
          p.ordering = b::boolean(true);
          p.nonce = b::integer(99);
          p.tsa = b::context(0, {b::context(4, {b::common_name("service")})});
        }) == errc::ok);
  CHECK(with_info([](auto& p) { p.ordering = b::boolean(false); }) == errc::ok);
  CHECK(with_info([](auto& p) { p.policy = {}; }) == errc::timestamp_info);
  CHECK(with_info([](auto& p) { p.serial = {}; }) == errc::timestamp_info);
  CHECK(with_info([](auto& p) { p.serial = b::integer(-1); }) == errc::ok);
  CHECK(with_info([](auto& p) { p.serial = b::element(2, {0, 1}); }) == errc::timestamp_info);
  CHECK(with_info([](auto& p) { p.nonce = b::null(); }) == errc::timestamp_info);
  CHECK(with_info([](auto& p) { p.gen_time = {}; }) == errc::timestamp_info);
  CHECK(with_info([](auto& p) { p.gen_time = b::utc_time("250101120000Z"); }) ==
        errc::timestamp_info);
}

TEST_CASE("T-014 the time is GeneralizedTime in UTC, and has no zero at its end") {
  struct row {
    const char* text;
    errc code;
    nv2::unix_time seconds;
    std::uint32_t nanoseconds;
  };
  constexpr errc bad = errc::timestamp_gen_time;
  const row rows[] = {
      {"20250101120000Z", errc::ok, noon, 0},
      {"20250101120000.5Z", errc::ok, noon, 500000000},
      {"20250101120001.000000001Z", errc::ok, noon + 1, 1},
      {"20250101120000.123456789Z", errc::ok, noon, 123456789},
      {"20250101120000.1234567891Z", bad, 0, 0},
      {"20250101120000.50Z", bad, 0, 0},
      {"20250101120000.0Z", bad, 0, 0},
      {"20250101120000.Z", bad, 0, 0},
      {"20250101120000,5Z", bad, 0, 0},
      {"20250101120000.5", bad, 0, 0},
      {"20250101120000.5ZZ", bad, 0, 0},
      {"20250101120000", bad, 0, 0},
      {"202501011200Z", bad, 0, 0},
      {"2025010112Z", bad, 0, 0},
      {"20250101120000+0000", bad, 0, 0},
      {"20250101120000.5+0100", bad, 0, 0},
      {"20250101120060Z", bad, 0, 0},
      {"20250230120000Z", bad, 0, 0},
      {"20250101250000Z", bad, 0, 0},
      {"2025010112000aZ", bad, 0, 0},
      {"", bad, 0, 0},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    stamp_world world;
    world.stamp.gen_time = b::generalized_time(r.text);
    CHECK(world.verify() == r.code);
    CHECK(world.out.gen_time.seconds == r.seconds);
    CHECK(world.out.gen_time.nanoseconds == r.nanoseconds);
  }
}

TEST_CASE("T-015 the accuracy is a sum of parts in their ranges (TV-16, TV-17)") {
  struct row {
    octets accuracy;
    std::uint32_t seconds, nanoseconds;
  };
  const auto part = [](unsigned number, const octets& digits) {
    return b::context_primitive(number, digits);
  };
  const row good[] = {
      {{}, 0, 0},
      {b::seq({}), 0, 0},
      {b::seq({b::integer(0)}), 0, 0},
      {b::seq({b::integer(60)}), 60, 0},
      {b::seq({b::integer(4294967294)}), 4294967294U, 0},
      {b::seq({part(0, {1})}), 0, 1000000},
      {b::seq({part(0, {0x7F})}), 0, 127000000},
      {b::seq({part(0, {0x00, 0x80})}), 0, 128000000},
      {b::seq({part(0, {0x03, 0xE7})}), 0, 999000000},
      {b::seq({part(1, {0x03, 0xE7})}), 0, 999000},
      {b::seq({b::integer(1), part(0, {0x03, 0xE7}), part(1, {0x03, 0xE7})}), 1, 999999000},
  };
  for (const row& r : good) {
    CAPTURE(nv2_test::hex_of(r.accuracy));
    stamp_world world;
    world.stamp.accuracy = r.accuracy;
    REQUIRE(world.verify() == errc::ok);
    CHECK(world.out.accuracy_seconds == r.seconds);
    CHECK(world.out.accuracy_nanoseconds == r.nanoseconds);
  }
  const octets bad[] = {
      b::seq({b::integer(-1)}),
      b::seq({b::integer(4294967295)}),
      b::seq({b::integer(std::numeric_limits<std::int64_t>::max())}),
      b::seq({part(0, {})}),
      b::seq({part(0, {0})}),
      b::seq({part(1, {0})}),
      b::seq({part(0, {0x80})}),
      b::seq({part(0, {0x00, 0x01})}),
      b::seq({part(0, {0x03, 0xE8})}),
      b::seq({part(1, {0x03, 0xE8})}),
      b::seq({part(0, {0xFF, 0xFF})}),
      b::seq({part(0, {0x00, 0x03, 0xE7})}),
      b::seq({part(1, {1}), part(0, {1})}),
      b::seq({part(0, {1}), part(0, {1})}),
      b::seq({part(2, {1})}),
      b::seq({part(0, {1}), b::integer(1)}),
      b::seq({b::null()}),
  };
  for (const octets& accuracy : bad) {
    CAPTURE(nv2_test::hex_of(accuracy));
    CHECK(with_info([&](auto& p) { p.accuracy = accuracy; }) == errc::timestamp_accuracy);
  }
}

TEST_CASE("T-015 the baseline policy means a second when nothing else is said") {
  const auto accuracy = [](const char* policy, const octets& said) {
    stamp_world world;
    world.stamp.policy = b::oid(policy);
    world.stamp.accuracy = said;
    REQUIRE(world.verify() == errc::ok);
    REQUIRE(world.out.accuracy_nanoseconds % 1000000 == 0);
    return world.out.accuracy_seconds * 1000 + world.out.accuracy_nanoseconds / 1000000;
  };
  CHECK(accuracy("0.4.0.2023.1.1", {}) == 1000);
  CHECK(accuracy("0.4.0.2023.1.1", b::seq({b::integer(0)})) == 1000);
  CHECK(accuracy("0.4.0.2023.1.1", b::seq({b::context_primitive(0, {5})})) == 5);
  CHECK(accuracy("0.4.0.2023.1.2", {}) == 0);
}

TEST_CASE("T-016 no critical extension is known") {
  const auto with_extension = [](const octets& one) {
    return with_info([&](auto& p) { p.extensions = b::context(1, {one}); });
  };
  CHECK(with_extension(b::extension("1.2.3", b::null())) == errc::ok);
  CHECK(with_extension(b::extension("1.2.3", b::null(), true)) == errc::timestamp_extension);
  CHECK(with_extension(b::null()) == errc::timestamp_info);
  CHECK(with_extension({}) == errc::timestamp_info);
}

TEST_CASE("T-017 nothing follows the statement") {
  CHECK(with_info([](auto& p) { p.after_info = {0}; }) == errc::timestamp_info_trailing);
  CHECK(with_info([](auto& p) { p.after_info = b::null(); }) == errc::timestamp_info_trailing);
  CHECK(with_info([](auto& p) { p.inside_info = b::null(); }) == errc::timestamp_info);
}

TEST_CASE("T-020 the signer is named by issuer and serial number, in version 1") {
  CHECK(with_info([](auto& p) { p.signer_version = b::integer(2); }) ==
        errc::timestamp_signer_version);
  CHECK(with_info([](auto& p) { p.signer_version = b::integer(3); }) ==
        errc::timestamp_signer_version);
  const octets key_id = b::context_primitive(0, octets(20, 1));
  CHECK(with_info([&](auto& p) { p.sid = key_id; }) == errc::timestamp_signer_version);
  CHECK(with_info([&](auto& p) { p.sid = key_id, p.signer_version = b::integer(3); }) ==
        errc::timestamp_signer_version);
}

TEST_CASE("T-021 type and digest are signed, each once and with one value") {
  CHECK(with_info([](auto& p) { p.without_attributes = true; }) == errc::timestamp_attributes);
  for (const std::size_t missing : {0U, 1U}) {
    CHECK(with_attributes([=](auto& list) {
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(missing));
          }) == errc::timestamp_attributes);
  }
  CHECK(with_attributes([](auto& list) { list.clear(); }) == errc::timestamp_attributes);
  using nv2_test::cms_attribute;
  const octets info_type = b::oid("1.2.840.113549.1.9.16.1.4");
  const octets data_type = b::oid("1.2.840.113549.1.7.1");
  const auto with_type = [](const std::vector<octets>& values) {
    return with_attributes(
        [&](auto& list) { list[0] = cms_attribute("1.2.840.113549.1.9.3", values); });
  };
  CHECK(with_type({info_type}) == errc::ok);
  CHECK(with_type({data_type}) == errc::timestamp_attribute_type);
  CHECK(with_type({}) == errc::timestamp_attribute_values);
  CHECK(with_type({info_type, data_type}) == errc::timestamp_attribute_values);
  CHECK(with_type({b::null()}) == errc::timestamp_encoding);
  const auto with_digest = [](const std::vector<octets>& values) {
    return with_attributes(
        [&](auto& list) { list[1] = cms_attribute("1.2.840.113549.1.9.4", values); });
  };
  CHECK(with_digest({b::octet_string(octets(32, 1))}) == errc::timestamp_digest);
  CHECK(with_digest({b::octet_string({})}) == errc::timestamp_digest);
  CHECK(with_digest({}) == errc::timestamp_attribute_values);
  // Twice, and not the same.
  CHECK(with_attributes([&](auto& list) {
          list.push_back(cms_attribute("1.2.840.113549.1.9.4", {b::octet_string(octets(32, 1))}));
        }) == errc::timestamp_attribute_values);
  CHECK(with_attributes([&](auto& list) {
          list.push_back(cms_attribute("1.2.840.113549.1.9.3", {data_type}));
        }) == errc::timestamp_attribute_type);
  // Others may be there, with any values, even several of a type.
  CHECK(with_attributes([](auto& list) {
          list.push_back(cms_attribute("1.2.3", {b::null(), b::null()}));
          list.push_back(cms_attribute("1.2.3", {b::integer(1)}));
          list.push_back(cms_attribute("1.2.840.113549.1.9.1", {b::null()}));
          list.push_back(cms_attribute("1.2.840.113549.1.9.16.2.12", {b::null()}));
          list.push_back(cms_attribute("1.2.840.113549.1.9.52", {b::null()}));
        }) == errc::ok);
}

TEST_CASE("T-022 attributes are in order, none is there twice, and the set of them is signed") {
  const auto reversed = [](auto& list) { list = {list.rbegin(), list.rend()}; };
  const auto sort_and = [](const auto& apply) {
    return [apply](std::vector<octets>& list) {
      std::sort(list.begin(), list.end());
      apply(list);
    };
  };
  CHECK(with_attributes(sort_and([](auto&) {}), false) == errc::ok);
  CHECK(with_attributes(sort_and(reversed), false) == errc::timestamp_attribute_order);
  CHECK(with_attributes(sort_and([](auto& list) { std::swap(list[1], list[2]); }), false) ==
        errc::timestamp_attribute_order);
  CHECK(with_attributes([](auto& list) {
          list.push_back(other_attribute(1));
          list.push_back(other_attribute(1));
        }) == errc::timestamp_attribute_order);
  CHECK(with_info([](auto& p) { p.sign_as_sent = true; }) == errc::timestamp_signature);
}

TEST_CASE("T-023 the token signs which certificate is its signer's, by SHA-2 (TV-04)") {
  CHECK(with_attributes([](auto& list) { list.pop_back(); }) == errc::timestamp_certificate_id);
  CHECK(with_attributes([](auto& list) {
          list.back() = nv2_test::cms_attribute(
              "1.2.840.113549.1.9.16.2.12",
              {b::seq({b::seq({b::seq({b::octet_string(octets(20, 1))})})})});
        }) == errc::timestamp_certificate_id);
  CHECK(judge([](auto& w) { w.stamp.ids = [](auto) { return b::seq({b::seq({})}); }; }) ==
        errc::timestamp_certificate_id);
}

TEST_CASE("T-024 the signed hash and name are those of a certificate of the token (TV-05)") {
  using nv2_test::sha2_identifier;
  const auto with_id = [](const std::function<octets(stamp_world&)>& one) {
    return judge(
        [&](auto& w) { w.stamp.ids = [&w, one](auto) { return b::seq({b::seq({one(w)})}); }; });
  };
  const auto digest = [](stamp_world& w, hash_algorithm hash) {
    return b::octet_string(nv2_test::digest_of(*w.crypto, hash, w.signer_certificate()));
  };
  for (const hash_algorithm hash :
       {hash_algorithm::sha256, hash_algorithm::sha384, hash_algorithm::sha512}) {
    CHECK(with_id([&](auto& w) {
            return b::seq({sha2_identifier(hash), digest(w, hash)});
          }) == errc::ok);
  }
  CHECK(with_id([&](auto& w) { return b::seq({digest(w, hash_algorithm::sha256)}); }) == errc::ok);
  CHECK(with_id([&](auto& w) { return b::seq({digest(w, hash_algorithm::sha384)}); }) ==
        errc::timestamp_certificate_hash);
  CHECK(with_id([](auto&) { return b::seq({b::octet_string(octets(32, 1))}); }) ==
        errc::timestamp_certificate_hash);
  CHECK(with_id([](auto&) {
          return b::seq({b::seq({b::oid("1.3.14.3.2.26")}), b::octet_string(octets(20, 1))});
        }) == errc::timestamp_certificate_hash);

  const auto with_name = [&](const octets& names, const octets& serial) {
    return with_id([&](auto& w) {
      return b::seq({digest(w, hash_algorithm::sha256), b::seq({names, serial})});
    });
  };
  const auto directory = [](const char* name) { return b::context(4, {b::common_name(name)}); };
  CHECK(with_name(b::seq({directory("R")}), b::integer(77)) == errc::ok);
  CHECK(with_name(b::seq({directory("S")}), b::integer(77)) == errc::timestamp_issuer_serial);
  CHECK(with_name(b::seq({directory("R")}), b::integer(78)) == errc::timestamp_issuer_serial);
  CHECK(with_name(b::seq({directory("R"), directory("R")}), b::integer(77)) ==
        errc::timestamp_encoding);
  CHECK(with_name(b::seq({b::context_primitive(2, b::text("R"))}), b::integer(77)) ==
        errc::timestamp_encoding);
  CHECK(with_name(b::seq({}), b::integer(77)) == errc::timestamp_encoding);
}

TEST_CASE("T-025 the signer is the certificate that is signed") {
  const auto with_sid = [](const char* issuer, int serial) {
    return with_info([=](auto& p) {
      p.sid = b::seq({b::common_name(issuer), b::integer(serial)});
    });
  };
  CHECK(with_sid("R", 77) == errc::ok);
  CHECK(with_sid("S", 77) == errc::timestamp_signer_id);
  CHECK(with_sid("R", 1) == errc::timestamp_signer_id);
}

TEST_CASE("T-026 further certificates and policies beside the signer's are ignored") {
  CHECK(judge([](auto& w) {
          w.stamp.ids = [](const octets& one) {
            return b::seq({b::seq({one, b::seq({b::octet_string({1})})}), b::seq({b::null()})});
          };
        }) == errc::ok);
  CHECK(judge([](auto& w) {
          w.stamp.ids = [](const octets& one) { return b::seq({b::seq({one, b::null()})}); };
        }) == errc::timestamp_encoding);
}

TEST_CASE("T-027 the algorithm of the signature is known and keeps to one hash (TV-06)") {
  const auto with_algorithm = [](const octets& signature) {
    return with_info([&](auto& p) { p.signature_algorithm = signature; });
  };
  CHECK(with_algorithm(b::ecdsa_with_sha256()) == errc::ok);
  CHECK(with_algorithm(b::seq({b::oid("1.2.840.10045.4.3.3")})) == errc::timestamp_algorithm);
  CHECK(with_algorithm(b::seq({b::oid("1.2.840.10045.4.1")})) == errc::timestamp_algorithm);
  CHECK(with_algorithm(b::seq({b::oid("1.2.840.10045.2.1")})) == errc::timestamp_algorithm);
  CHECK(with_algorithm(b::seq({b::oid("1.3.101.112")})) == errc::timestamp_algorithm);
  CHECK(with_algorithm(b::seq({b::oid("1.2.840.113549.1.1.5"), b::null()})) ==
        errc::timestamp_algorithm);
  // RSA, which the key is not.
  CHECK(with_algorithm(b::sha256_with_rsa()) == errc::timestamp_signature);
  CHECK(with_algorithm(b::seq({b::oid("1.2.840.113549.1.1.1"), b::null()})) ==
        errc::timestamp_signature);
  CHECK(with_info([](auto& p) { p.digest_algorithm = b::seq({b::oid("1.3.14.3.2.26")}); }) ==
        errc::timestamp_algorithm);
  CHECK(with_info([](auto& p) {
          p.digest_algorithm = nv2_test::sha2_identifier(hash_algorithm::sha512);
        }) == errc::timestamp_algorithm);
  CHECK(with_info([](auto& p) {
          p.digest_algorithm = b::seq({b::oid("1.3.14.3.2.26"), b::null()});
          p.signature_algorithm = b::seq({b::oid("1.2.840.10045.4.1")});
        }) == errc::timestamp_algorithm);
  CHECK(with_info([](auto& p) { p.break_signature = true; }) == errc::timestamp_signature);
  CHECK(judge([](auto& w) { w.crypto = &nv2_test::hash_only_crypto; }) ==
        errc::timestamp_algorithm);
}

TEST_CASE("T-028 a signing time does not contradict a certificate") {
  const auto with_time = [](const octets& time) {
    return with_attributes([&](auto& list) {
      list.push_back(nv2_test::cms_attribute("1.2.840.113549.1.9.5", {time}));
    });
  };
  CHECK(with_time(b::utc_time("250101120000Z")) == errc::ok);
  CHECK(with_time(b::utc_time("200101000000Z")) == errc::ok);
  CHECK(with_time(b::utc_time("191231235959Z")) == errc::timestamp_signing_time);
  CHECK(with_time(b::utc_time("300101000000Z")) == errc::ok);
  CHECK(with_time(b::utc_time("300101000001Z")) == errc::timestamp_signing_time);
  CHECK(with_time(b::utc_time("2501011200Z")) == errc::timestamp_encoding);
  CHECK(judge([&](auto& w) {
          w.root.not_before = "20240601000000";
          w.stamp.change_attributes = [](auto& list) {
            list.push_back(
                nv2_test::cms_attribute("1.2.840.113549.1.9.5", {b::utc_time("240531235959Z")}));
          };
        }) == errc::timestamp_signing_time);
}

TEST_CASE("T-040 a path leads to a trusted root, over certificates of the token (TV-08, TV-24)") {
  CHECK(judge([](auto& w) { w.others = {w.root_certificate()}; }) == errc::ok);
  CHECK(judge([](auto& w) { w.signer_last = true, w.others = {w.root_certificate()}; }) ==
        errc::ok);
  CHECK(judge([](auto& w) { w.other_root(); }) == errc::timestamp_path);
  CHECK(judge([](auto& w) { w.with_intermediate(); }) == errc::ok);
  CHECK(judge([](auto& w) { w.with_intermediate(), w.signer_last = true; }) == errc::ok);
  CHECK(judge([](auto& w) { w.with_intermediate(), w.others.clear(); }) == errc::timestamp_path);
  CHECK(judge([](auto& w) { w.service.break_signature = true; }) == errc::timestamp_path);
}

TEST_CASE("T-040 W-066 every certificate was valid at the time of the token, root included") {
  const auto ends = [](nv2_test::certificate_plan stamp_world::*which, const char* not_after,
                       const char* gen_time) {
    return judge([=](auto& w) {
      (w.*which).not_after = not_after;
      w.stamp.gen_time = b::generalized_time(gen_time);
    });
  };
  for (const auto which : {&stamp_world::service, &stamp_world::root}) {
    CHECK(ends(which, "20250101120000", "20250101120000Z") == errc::ok);  // expired by now
    CHECK(ends(which, "20250101120000", "20250101120000.1Z") == errc::timestamp_path_time);
    CHECK(ends(which, "20250101115959", "20250101120000Z") == errc::timestamp_path_time);
    CHECK(judge([=](auto& w) { (w.*which).not_before = "20250101120000"; }) == errc::ok);
    CHECK(judge([=](auto& w) { (w.*which).not_before = "20250101120001"; }) ==
          errc::timestamp_path_time);
    CHECK(judge([=](auto& w) {
            (w.*which).not_before = "20250101120001";
            w.stamp.gen_time = b::generalized_time("20250101120000.5Z");
          }) == errc::timestamp_path_time);
  }
}

TEST_CASE("T-041 a self-signed root of a timestamp service is trusted, nothing else (TV-23)") {
  CHECK(judge([](auto& w) { w.anchors = std::vector<octets>{}; }) == errc::timestamp_no_anchor);
  for (const auto role :
       {nv2::anchor_role::ca, nv2::anchor_role::signing_authority, nv2::anchor_role::signer}) {
    CHECK(judge([=](auto& w) { w.role = role; }) == errc::timestamp_no_anchor);
  }
  CHECK(judge([](auto& w) { w.anchors = {w.signer_certificate()}; }) == errc::timestamp_root);
  CHECK(judge([](auto& w) {
          w.with_intermediate();
          w.anchors = w.others;
        }) == errc::timestamp_root);
  CHECK(judge([](auto& w) { w.root.break_signature = true; }) == errc::timestamp_root);
  CHECK(judge([](auto& w) { w.root.issuer = "S"; }) == errc::timestamp_root);
  CHECK(judge([](auto& w) {
          w.other_root();
          w.authorities = {w.root_certificate()};
        }) == errc::timestamp_path);
  // A service that signed itself is no root.
  CHECK(judge([](auto& w) {
          w.service.issuer = "service";
          w.service.signer = w.service.key;
          w.anchors = {w.signer_certificate()};
        }) == errc::timestamp_root);
  CHECK(judge([](auto& w) { w.anchors = {octets{0x30, 0x00}}; }) == errc::timestamp_path);
}

TEST_CASE("T-042 X-060 X-061 the service may stamp and no more (TV-09, TV-10, TV-12, TV-13)") {
  CHECK(judge([](auto& w) { w.service.usage_critical = false; }) == errc::ok);
  CHECK(judge([](auto& w) { w.service.key_usage |= usage::content_commitment; }) == errc::ok);
  CHECK(judge([](auto& w) { w.service.key_usage |= usage::cert_sign; }) == errc::timestamp_leaf);
  CHECK(judge([](auto& w) { w.service.key_usage = 0; }) == errc::timestamp_leaf);
  CHECK(judge([](auto& w) { w.service.ca = true; }) == errc::timestamp_leaf);
  const auto with_rsa = [](std::size_t bits) {
    return judge([=](auto& w) {
      w.use_rsa(bits);
      w.stamp.signature_algorithm = b::sha256_with_rsa();
    });
  };
  CHECK(with_rsa(2048) == errc::ok);
  CHECK(with_rsa(1024) == errc::timestamp_leaf);
  CHECK(judge([](auto& w) { w.service.purposes_critical = false; }) == errc::timestamp_purpose);
  CHECK(judge([](auto& w) {
          w.service.purposes.push_back({0x2A, 0x03});
        }) == errc::timestamp_purpose);
  CHECK(judge([](auto& w) { w.service.purposes.clear(); }) == errc::timestamp_purpose);
}

TEST_CASE("T-042 X-062 X-063 issuers of the service are authorities") {
  CHECK(judge([](auto& w) { w.root.usage_critical = false; }) == errc::ok);
  CHECK(judge([](auto& w) { w.root.constraints_critical = false; }) == errc::timestamp_ca);
  CHECK(judge([](auto& w) { w.root.ca = false; }) == errc::timestamp_ca);
  CHECK(judge([](auto& w) { w.root.key_usage = usage::crl_sign; }) == errc::timestamp_ca);
  CHECK(judge([](auto& w) { w.root.path_length = 0; }) == errc::ok);
  CHECK(judge([](auto& w) { w.root.path_length = 0, w.with_intermediate(); }) ==
        errc::timestamp_ca);
  CHECK(judge([](auto& w) { w.root.path_length = 1, w.with_intermediate(); }) == errc::ok);
}

TEST_CASE("X-064 what cannot be obeyed is refused on the path of a service (TV-11)") {
  const octets code_signing{std::begin(nv2::oid::code_signing), std::end(nv2::oid::code_signing)};
  const octets any{std::begin(nv2::oid::any_purpose), std::end(nv2::oid::any_purpose)};
  CHECK(judge([&](auto& w) { w.root.purposes = {code_signing}; }) == errc::timestamp_path_rules);
  CHECK(judge([&](auto& w) { w.root.purposes = {any}; }) == errc::ok);
  CHECK(judge([&](auto& w) { w.root.purposes = w.service.purposes; }) == errc::ok);
  const octets unknown = nv2_test::extension_of({0x2A, 0x03}, true, {0x05, 0x00});
  const octets constraints = nv2_test::extension_of({0x55, 0x1D, 0x1E}, true, {0x30, 0x00});
  const octets sha1 = b::seq({b::oid("1.2.840.10045.4.1")});
  for (const auto which : {&stamp_world::service, &stamp_world::root}) {
    CHECK(judge([=](auto& w) { (w.*which).other_extensions = {unknown}; }) ==
          errc::timestamp_path_rules);
    CHECK(judge([=](auto& w) { (w.*which).other_extensions = {constraints}; }) ==
          errc::timestamp_path_rules);
    CHECK(judge([=](auto& w) { (w.*which).algorithm_der = sha1; }) == errc::timestamp_path_rules);
  }
  CHECK(judge([](auto& w) { w.use_rsa_root(1024); }) == errc::timestamp_path_rules);
  CHECK(judge([](auto& w) { w.use_rsa_root(2048); }) == errc::ok);
}

TEST_CASE(
    "T-043 T-046 a chain is valid all the time in which it may have been stamped (TV-16, TV-17, "
    "TV-19)") {
  nv2::certificate chain[2];
  chain[0].not_before = noon - 60;
  chain[0].not_after = noon + 60;
  chain[1].not_before = 0;
  chain[1].not_after = noon + 1000;
  const auto window = [&](nv2::unix_time seconds, std::uint32_t nanoseconds, std::uint32_t accuracy,
                          std::uint32_t accuracy_nanoseconds) {
    nv2::timestamp_info info;
    info.gen_time = {seconds, nanoseconds};
    info.accuracy_seconds = accuracy;
    info.accuracy_nanoseconds = accuracy_nanoseconds;
    std::int8_t invalid = 7;
    const errc code = check_timestamp_window(chain, info, invalid);
    CHECK(invalid == (code == errc::ok ? -1 : 0));
    return code;
  };
  constexpr errc outside = errc::timestamp_window;
  CHECK(window(noon, 0, 0, 0) == errc::ok);
  CHECK(window(noon, 0, 60, 0) == errc::ok);
  CHECK(window(noon, 0, 60, 1000) == outside);
  CHECK(window(noon, 0, 7200, 0) == outside);
  CHECK(window(noon - 60, 0, 0, 0) == errc::ok);
  CHECK(window(noon - 60, 0, 0, 1000) == outside);
  CHECK(window(noon - 60, 500000000, 0, 500000000) == errc::ok);
  CHECK(window(noon - 60, 500000000, 0, 500001000) == outside);
  CHECK(window(noon - 61, 999999999, 0, 0) == outside);
  CHECK(window(noon + 60, 0, 0, 0) == errc::ok);
  CHECK(window(noon + 60, 1, 0, 0) == outside);
  CHECK(window(noon + 59, 500000000, 0, 500000000) == errc::ok);
  CHECK(window(noon + 59, 500000001, 0, 500000000) == outside);
  CHECK(window(noon + 1000, 0, 0, 0) == outside);
  CHECK(window(noon, 999999999, 4294967294U, 999999000) == outside);

  chain[1].not_after = noon + 30;
  nv2::timestamp_info info;
  info.gen_time = {noon + 31, 0};
  std::int8_t invalid = -1;
  CHECK(check_timestamp_window(chain, info, invalid) == outside);
  CHECK(invalid == 1);
}

TEST_CASE("T-044 R-008 R-001 a service that may have been revoked is none") {
  const octets points = nv2_test::extension_of({0x55, 0x1D, 0x1F}, false, {0x30, 0x00});
  const auto judged = [&](const change& apply) {
    stamp_world world;
    apply(world);
    return world.verify();
  };
  const auto service = [&](auto& w) { w.service.other_extensions = {points}; };
  CHECK(judged(service) == errc::timestamp_revocation);
  CHECK(judged([&](auto& w) {
          w.root.other_extensions = {points};
          w.with_intermediate();
        }) == errc::timestamp_revocation);
  CHECK(judged([&](auto& w) { w.root.other_extensions = {points}; }) == errc::ok);
  CHECK(judged([&](auto& w) {
          service(w);
          w.decision = nv2::revocation::not_checked();
        }) == errc::ok);

  stamp_world unknown;
  service(unknown);
  CHECK(unknown.verify() == errc::timestamp_revocation);
  CHECK(unknown.out.revocation == errc::revocation_unknown);
  CHECK(unknown.out.service.certificate == 0);
  stamp_world bad;
  bad.message.clear();
  CHECK(bad.verify() == errc::timestamp_imprint);
  CHECK(bad.out.revocation == errc::unset);
}

TEST_CASE("T-044 R-006 R-008 what the decision says of each certificate of the service's path") {
  struct judge {
    errc of_service = errc::ok, of_issuer = errc::ok;
    int asked = 0;
    static errc decide(const void* data, nv2::revocation_question& question,
                       nv2::revocation_answer& answer) noexcept {
      judge& self = *const_cast<judge*>(static_cast<const judge*>(data));
      ++self.asked;
      CHECK(nv2::equal(question.subject.issuer, question.issuer.subject));
      CHECK_FALSE(question.has_signing_time);  // spec: T-044
      answer.source = nv2::revocation_source::list;
      return question.subject.is_ca ? self.of_issuer : self.of_service;
    }
  };
  const auto judged = [](judge& made) {
    stamp_world world;
    world.with_intermediate();
    world.decision = nv2::revocation::by(judge::decide, &made);
    return world.verify();
  };
  judge good;
  CHECK(judged(good) == errc::ok);
  CHECK(good.asked == 2);  // R-001: all but the root
  judge revoked{errc::certificate_revoked, errc::ok};
  CHECK(judged(revoked) == errc::timestamp_revoked);
  CHECK(revoked.asked == 1);
  judge both{errc::revocation_unknown, errc::certificate_revoked};
  CHECK(judged(both) == errc::timestamp_revoked);  // R-006: revoked counts more than unknown
  judge unknown{errc::ok, errc::revocation_time_unknown};
  CHECK(judged(unknown) == errc::timestamp_revocation);
  judge broken{errc::crypto_failure, errc::certificate_revoked};
  CHECK(judged(broken) == errc::crypto_failure);
}

TEST_CASE("T-015 T-043 the ends of the window are exact") {
  nv2::timestamp_info info;
  info.gen_time = {noon, 500000000};
  info.accuracy_seconds = 3;
  info.accuracy_nanoseconds = 500000000;
  CHECK(info.earliest().seconds == noon - 3);
  CHECK(info.earliest().nanoseconds == 0);
  CHECK(info.latest().seconds == noon + 4);
  CHECK(info.latest().nanoseconds == 0);
  info.accuracy_nanoseconds = 500001000;
  CHECK(info.earliest().seconds == noon - 4);
  CHECK(info.earliest().nanoseconds == 999999000);
  CHECK(info.latest().seconds == noon + 4);
  CHECK(info.latest().nanoseconds == 1000);
}

TEST_CASE("T-005 T-011 what is wrong with the form is refused before any hash is made") {
  const auto parsed = [](const change& apply) {
    stamp_world world;
    apply(world);
    const octets token = world.token();
    nv2::timestamp_token out;
    const errc code = parse_timestamp_token(as_bytes(token), compat::none, out);
    CHECK((out.certificate_count == 0) == (code != errc::ok));
    return code;
  };
  CHECK(parsed([](auto&) {}) == errc::ok);
  CHECK(parsed([](auto& w) { w.others = {b::context(1, {b::null()})}; }) ==
        errc::timestamp_certificate);
  CHECK(parsed([](auto& w) { w.others = {octets{0x30}}; }) == errc::timestamp_certificate);
  CHECK(parsed([](auto& w) {
          w.stamp.imprint = b::seq(
              {nv2_test::sha2_identifier(hash_algorithm::sha256), b::octet_string(octets(48, 1))});
        }) == errc::timestamp_imprint);
}

TEST_CASE("T-045 the time of a token does not lie ahead, unless that is allowed") {
  const auto at = [](time_basis time, const octets& accuracy = {}, compat leniency = compat::none,
                     const char* gen_time = "20250101120000Z") {
    return judge([&](auto& w) {
      w.time = time;
      w.stamp.accuracy = accuracy;
      w.leniency = leniency;
      w.stamp.gen_time = b::generalized_time(gen_time);
    });
  };
  CHECK(at(time_basis::at(noon)) == errc::ok);
  CHECK(at(time_basis::at(noon - 1)) == errc::timestamp_ahead);
  CHECK(at(time_basis::at(noon - 1), b::seq({b::integer(1)})) == errc::ok);
  CHECK(at(time_basis::at(noon - 2), b::seq({b::integer(1)})) == errc::timestamp_ahead);
  CHECK(at(time_basis::at(noon), {}, compat::none, "20250101120000.9Z") == errc::ok);
  CHECK(at(time_basis::at(noon), {}, compat::none, "20250101120001Z") == errc::timestamp_ahead);
  CHECK(at(time_basis::not_before(noon)) == errc::ok);
  CHECK(at(time_basis::not_before(noon - 1)) == errc::time_unknown);
  CHECK(at(time_basis::unknown()) == errc::time_unknown);
  for (const time_basis time : {time_basis::at(noon - 1), time_basis::unknown()}) {
    CHECK(at(time, {}, compat::ts_allow_future) == errc::ok);
  }
}

TEST_CASE("G-003 the budget of signature checks ends the check, and goes down by what was spent") {
  for (std::uint16_t budget = 0; budget < 6; ++budget) {
    stamp_world world;
    world.budget = budget;
    CHECK(world.verify() == (budget < 3 ? errc::signature_budget : errc::ok));
    CHECK(world.budget == (budget < 3 ? 0 : budget - 3));
  }
}

TEST_CASE("G-003 too little workspace is said, whatever is missing") {
  stamp_world world;
  world.with_intermediate();
  REQUIRE(world.verify() == errc::ok);
  const std::size_t needed = world.memory_peak;
  for (std::size_t size = 0; size < needed + 64; size += 8) {
    world.memory_size = size;
    world.budget = 20;
    const errc code = world.verify();
    CHECK((code == errc::ok || (code == errc::workspace_exhausted && size < needed)));
    CHECK(world.memory_left_taken == 0);
  }
}

TEST_CASE("no truncated token is accepted") {
  stamp_world world;
  const octets token = world.token();
  for (std::size_t size = 0; size < token.size(); ++size) {
    const octets part(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(size));
    world.budget = 20;
    CHECK(world.verify(part) == (size == 0 ? errc::timestamp_absent : errc::timestamp_encoding));
  }
}

TEST_CASE("no changed bit of a token changes what it says") {
  stamp_world world;
  world.others = {world.root_certificate()};
  world.stamp.unsigned_attributes = b::context(1, {b::null()});
  world.stamp.accuracy = b::seq({b::integer(2), b::context_primitive(0, {5})});
  const octets token = world.token();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < token.size() * 8; ++i) {
    CAPTURE(i);
    octets changed = token;
    changed[i / 8] = static_cast<std::uint8_t>(changed[i / 8] ^ (1U << (i % 8)));
    world.budget = 20;
    if (world.verify(changed) != errc::ok) {
      CHECK(world.out.gen_time.seconds == 0);
      continue;
    }
    ++accepted;
    CHECK(world.out.gen_time.seconds == noon);
    CHECK(world.out.gen_time.nanoseconds == 0);
    CHECK(world.out.accuracy_seconds == 2);
    CHECK(world.out.accuracy_nanoseconds == 5000000);
    CHECK(equal(world.out.policy, as_bytes({0x2A, 0x03})));
    CHECK(equal(world.out.serial, as_bytes({5})));
  }
  // Only what nobody looks at: digest algorithms, attributes that are not signed, another certificate.
  CHECK(accepted < token.size() * 8 / 2);
}
