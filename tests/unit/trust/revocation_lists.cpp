// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What lists cost, which of several failures is told, and what happens when something runs out. The
// keys are those of a stub; what lists decide is in revocation_vectors.cpp.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nv2/trust/revocation_lists.hpp>

#include "support/failing_backend.hpp"
#include "support/list_builder.hpp"

namespace b = nv2_test::build;

using nv2::errc;
using nv2_test::as_bytes;
using nv2_test::entry_of;
using nv2_test::list_parts;
using nv2_test::list_world;
using nv2_test::octets;
using nv2_test::reason_of;

namespace {

using change = std::function<void(list_parts&)>;

octets list_of(const list_world& world, const change& apply = {}) {
  list_parts parts;
  if (apply) apply(parts);
  return parts.signed_by(world.root_key);
}
octets signed_by_another(const list_world& world, const change& apply = {}) {
  list_parts parts;
  if (apply) apply(parts);
  return parts.signed_by(world.other_key);
}
void set_numbers(list_parts& list, int number, int base) {
  list.extension_list = {b::extension("2.5.29.20", b::integer(number)),
                         b::extension("2.5.29.27", b::integer(base), true)};
}
change delta(int number, int base) {
  return [=](list_parts& l) { set_numbers(l, number, base); };
}
void list_seventy_seven(list_parts& list) { list.entry_list = {entry_of(77)}; }
void expire(list_parts& list) { list.next_update = b::utc_time("250102000000Z"); }
void name_freshest(list_parts& list) {
  list.extension_list.push_back(b::extension("2.5.29.46", b::seq({})));
}

}  // namespace

TEST_CASE("G-003 at most 64 lists are looked at, whoever issued them") {
  list_world world;
  world.lists.assign(64, list_of(world));
  CHECK(world.ask() == errc::ok);
  CHECK(world.budget == 100 - 64);
  world.lists.push_back(world.lists[0]);
  CHECK(world.ask() == errc::crl_count);
  CHECK(world.budget == 100 - 64);
  world.lists.assign(65, octets{});
  CHECK(world.ask() == errc::crl_count);
}

TEST_CASE("G-003 a list has at most 32 MiB") {
  list_world world;
  const octets good = list_of(world);
  // Nothing of it may be read: there is no such memory.
  const nv2::bytes large[] = {{good.data(), (32U << 20) + 1}};
  CHECK(world.ask(large) == errc::crl_size);
  const nv2::bytes beside[] = {{good.data(), (32U << 20) + 1}, as_bytes(good)};
  CHECK(world.ask(beside) == errc::ok);
}

TEST_CASE("G-003 a list of exactly 32 MiB is read") {
  list_world world;
  list_parts parts;
  const octets one = b::seq({b::integer(1), b::utc_time("250101000000Z"),
                             b::seq({b::extension("1.2.3", b::octet_string(octets(1U << 20)))})});
  parts.entries = b::seq({b::repeat(one, 31), entry_of(77)});
  // One more entry makes up for what is missing; its lengths are as long in the end as before.
  std::size_t left = (32U << 20) - parts.signed_by(world.root_key).size() - 100;
  for (int tries = 0; tries < 3 && world.lists.empty(); ++tries) {
    const octets filler = b::seq({b::integer(2), b::utc_time("250101000000Z"),
                                  b::seq({b::extension("1.2.3", octets(left))})});
    parts.entries = b::seq({b::repeat(one, 31), filler, entry_of(77)});
    const octets list = parts.signed_by(world.root_key);
    if (list.size() == 32U << 20) world.lists = {list};
    left = left + (32U << 20) - list.size();
  }
  REQUIRE(world.lists.size() == 1);
  CHECK(world.ask() == errc::certificate_revoked);
}

TEST_CASE("G-003 each list of the issuer costs one signature check, and no other list does") {
  list_world world;
  world.lists = {list_of(world), signed_by_another(world), list_of(world, delta(6, 5)), octets{},
                 list_of(world, [](auto& l) { l.issuer = nv2_test::name_of("S"); })};
  world.budget = 3;
  CHECK(world.ask() == errc::ok);
  CHECK(world.budget == 0);
  world.budget = 2;
  CHECK(world.ask() == errc::signature_budget);
  CHECK(world.budget == 0);
  world.budget = 0;
  CHECK(world.ask() == errc::signature_budget);
  CHECK(world.answer.source == nv2::revocation_source::none);
}

TEST_CASE("each list is hashed at most once, with whatever it is combined") {
  list_world world;
  for (int number = 1; number <= 10; ++number) {
    world.lists.push_back(list_of(world, [=](auto& l) {
      l.extension_list = {b::extension("2.5.29.20", b::integer(number))};
      name_freshest(l);
    }));
    world.lists.push_back(list_of(world, delta(20 + number, 1)));
  }
  nv2_test::failing_backend counting{nv2_test::stub_crypto};
  world.crypto = &counting.table();
  CHECK(world.ask() == errc::ok);
  CHECK(counting.calls().begin == 20);
  CHECK(counting.calls().verify == 20);
  CHECK(counting.open_hashes() == 0);
}

TEST_CASE("what can be told without a signature check is told without one (R-010 to R-018)") {
  struct row {
    const char* what;
    change apply;
    errc expected;
  };
  const octets yes = {0xFF};
  const auto scope = [](const octets& value) {
    return [=](list_parts& l) {
      l.extension_list = {b::extension("2.5.29.28", b::seq({value}), true)};
    };
  };
  const row rows[] = {
      {"R-010 form", [](auto& l) { l.after_extensions = b::null(); }, errc::crl_malformed},
      {"R-010 version", [](auto& l) { l.version.clear(); }, errc::crl_version},
      {"R-010 algorithms", [](auto& l) { l.outer_algorithm = b::sha256_with_rsa(); },
       errc::crl_algorithms},
      {"R-012 issuer", [](auto& l) { l.issuer = nv2_test::name_of("r"); }, errc::crl_issuer},
      {"R-013 algorithm",
       [](auto& l) { l.inner_algorithm = b::seq({b::oid("1.2.840.10045.4.1")}); },
       errc::crl_algorithm},
      {"R-016 users", scope(b::context_primitive(2, yes)), errc::crl_scope},
      {"R-016 attributes", scope(b::context_primitive(5, yes)), errc::crl_scope},
      {"R-016 reasons", scope(b::context_primitive(3, {1, 0x40})), errc::crl_scope},
      {"R-016 place", scope(b::context(0, {nv2_test::point_of({nv2_test::uri_name("u:x")})})),
       errc::crl_point},
      {"R-017 extension",
       [](auto& l) { l.extension_list = {b::extension("1.2.3", b::null(), true)}; },
       errc::crl_extension},
      {"R-018 indirect", scope(b::context_primitive(4, yes)), errc::crl_indirect},
      {"R-014 ahead",
       [](auto& l) {
         l.this_update = b::utc_time("300101000000Z");
         l.next_update = b::utc_time("310101000000Z");
       },
       errc::crl_ahead},
  };
  for (const row& r : rows) {
    INFO(std::string{r.what});
    list_world world;
    // Whatever it lists.
    world.lists = {list_of(world, [&](auto& l) { list_seventy_seven(l), r.apply(l); })};
    nv2_test::failing_backend counting{nv2_test::stub_crypto};
    world.crypto = &counting.table();
    CHECK(std::string{nv2::name(world.ask())} == nv2::name(r.expected));
    CHECK(counting.calls().total() == 0);
    CHECK(world.budget == 100);
  }
}

TEST_CASE("R-011 the issuer must be an authority that may sign lists") {
  const auto asked = [](const std::function<void(list_world&)>& apply) {
    list_world world;
    apply(world);
    world.add({});
    return world.ask();
  };
  CHECK(asked([](auto&) {}) == errc::ok);
  CHECK(asked([](auto& w) { w.root.key_usage = 0; }) == errc::ok);
  CHECK(asked([](auto& w) { w.root.key_usage = nv2::key_usage::crl_sign; }) == errc::ok);
  CHECK(asked([](auto& w) { w.root.key_usage = nv2::key_usage::cert_sign; }) ==
        errc::crl_issuer_usage);
  CHECK(asked([](auto& w) { w.root.ca = false; }) == errc::crl_issuer_usage);
}

TEST_CASE("of several lists that do not count the one is told that came closest (R-004)") {
  list_world made;
  const octets other = list_of(made, [](auto& l) { l.issuer = nv2_test::name_of("S"); });
  const octets broken = octets{0x30};
  const octets indirect = list_of(made, [](auto& l) {
    l.extension_list = {b::extension("2.5.29.28", b::seq({b::context_primitive(4, {0xFF})}))};
  });
  const octets forged = signed_by_another(made), stale = list_of(made, expire);
  const octets lonely = list_of(made, delta(6, 5)), incomplete = list_of(made, name_freshest);
  // From the farthest to the closest.
  const std::vector<octets> all = {other, broken, indirect, forged, stale, lonely, incomplete};
  const errc told[] = {errc::crl_issuer,       errc::crl_malformed, errc::crl_indirect,
                       errc::crl_signature,    errc::crl_stale,     errc::crl_is_delta,
                       errc::crl_delta_missing};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      CAPTURE(i);
      CAPTURE(j);
      // A delta completes the last list.
      if (i == 6 && j == 5) continue;
      for (const bool in_order : {false, true}) {
        list_world world;
        world.lists = {all[in_order ? j : i], all[in_order ? i : j]};
        CHECK(std::string{nv2::name(world.ask())} == nv2::name(told[i]));
      }
    }
  }
  list_world world;
  CHECK(world.ask() == errc::revocation_unknown);
}

TEST_CASE("G-001 a list that may be current is told as such, whatever else is wrong with others") {
  list_world world;
  world.time = nv2::time_basis::unknown();
  world.lists = {signed_by_another(world), list_of(world), octets{}};
  CHECK(world.ask() == errc::revocation_time_unknown);
  world.lists.push_back(list_of(world, list_seventy_seven));
  CHECK(world.ask() == errc::certificate_revoked);
}

TEST_CASE("R-005 no list that does not count hides one that says revoked") {
  list_world world;
  world.lists = {signed_by_another(world),
                 octets{},
                 list_of(world, name_freshest),
                 list_of(world, delta(9, 8)),
                 list_of(world),
                 list_of(world, [](auto& l) { l.entry_list = {entry_of(77, {reason_of(6)})}; })};
  CHECK(world.ask() == errc::certificate_revoked);
  CHECK(int{world.answer.reason} == 6);
  CHECK(world.answer.source == nv2::revocation_source::list);
}

TEST_CASE("R-002 where nobody is named no list is looked at") {
  list_world world;
  world.leaf.other_extensions.clear();
  world.lists.assign(65, list_of(world, list_seventy_seven));
  nv2_test::failing_backend counting{nv2_test::stub_crypto};
  world.crypto = &counting.table();
  CHECK(world.ask() == errc::ok);
  CHECK(counting.calls().total() == 0);
  CHECK(world.answer.source == nv2::revocation_source::none);
  CHECK(!world.answer.has_as_of);
}

TEST_CASE("R-013 a scheme that the backend does not have is one that is not accepted") {
  list_world world;
  world.crypto = &nv2_test::hash_only_crypto;
  world.lists = {list_of(world, list_seventy_seven)};
  CHECK(world.ask() == errc::crl_algorithm);
}

TEST_CASE("a backend that fails ends the question, and says neither good nor revoked") {
  const auto asked = [](const nv2::crypto_backend& crypto) {
    list_world world;
    world.crypto = &crypto;
    world.lists = {list_of(world), list_of(world, list_seventy_seven)};
    return world.ask();
  };
  const unsigned calls =
      nv2_test::fail_each_call(nv2_test::stub_crypto, asked,
                               [](errc code, const nv2_test::failing_backend& failing, unsigned n) {
                                 CAPTURE(n);
                                 CHECK(code == errc::crypto_failure);
                                 CHECK(failing.open_hashes() == 0);
                               });
  CHECK(calls == 8);
}

TEST_CASE("a workspace that is too small is told, and all of it is given back") {
  list_world world;
  world.lists = {list_of(world), list_of(world, delta(6, 5)), signed_by_another(world)};
  REQUIRE(world.ask() == errc::ok);
  CHECK(world.memory_left_taken == 0);
  const std::size_t needed = world.memory_peak;
  CHECK(needed <= 1024);
  for (std::size_t size = 0; size < needed; ++size) {
    world.memory_size = size;
    world.budget = 3;
    CHECK(world.ask() == errc::workspace_exhausted);
    CHECK(world.memory_left_taken == 0);
    CHECK(world.answer.source == nv2::revocation_source::none);
  }
}

TEST_CASE("lists that do not count take no workspace") {
  list_world world;
  world.lists = {list_of(world)};
  REQUIRE(world.ask() == errc::ok);
  const std::size_t needed = world.memory_peak;
  world.lists.insert(world.lists.begin(), 60, signed_by_another(world));
  CHECK(world.ask() == errc::ok);
  CHECK(world.memory_peak == needed);
}

TEST_CASE("R-005 places that cannot be read may be places without a list") {
  list_world world;
  world.leniency = nv2::compat::crl_all_points;
  world.add({});
  CHECK(world.ask() == errc::ok);
  const octets one = nv2_test::distribution_point_of(
      nv2_test::point_of({nv2_test::uri_name(nv2_test::list_place)}));
  world.leaf.other_extensions = {b::extension("2.5.29.31", b::seq({one, b::null()}))};
  CHECK(world.ask() == errc::crl_point_missing);
  world.leniency = nv2::compat::none;
  CHECK(world.ask() == errc::ok);
}

TEST_CASE("a long list is read to its end in one go") {
  list_world world;
  list_parts parts;
  parts.entries = b::seq({b::repeat(entry_of(76, {reason_of(1)}), 50000), entry_of(77)});
  world.lists = {parts.signed_by(world.root_key)};
  CHECK(world.ask() == errc::certificate_revoked);
  parts.entries = b::seq({b::repeat(entry_of(76), 50000), b::null()});
  world.lists = {parts.signed_by(world.root_key)};
  CHECK(world.ask() == errc::crl_malformed);
}

TEST_CASE("R-021 serial numbers are compared as a whole") {
  const auto listed = [](const octets& serial) {
    list_world world;
    list_parts parts;
    parts.entry_list = {b::seq({serial, b::utc_time("250101000000Z")})};
    world.add(parts);
    return world.ask();
  };
  CHECK(listed(b::integer(77)) == errc::certificate_revoked);
  CHECK(listed(b::integer(77 * 256)) == errc::ok);
  CHECK(listed(b::integer(256 + 77)) == errc::ok);
  CHECK(listed(b::integer(77 - 256)) == errc::ok);
  CHECK(listed(b::integer(0)) == errc::ok);
}
