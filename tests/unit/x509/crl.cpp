// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The form of revocation lists, part by part, and of the places that certificates name for them.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/x509/crl.hpp>

#include "support/exact.hpp"
#include "support/list_builder.hpp"

namespace b = nv2_test::build;

using nv2::certificate_list;
using nv2::errc;
using nv2_test::as_bytes;
using nv2_test::entry_of;
using nv2_test::list_parts;
using nv2_test::octets;
using nv2_test::reason_of;

namespace {

constexpr nv2::unix_time new_year = 1735689600;  // 2025-01-01

errc parse(const octets& der, certificate_list& out) {
  return parse_certificate_list(as_bytes(der), out);
}
/// A good list after a change.
errc judge(const std::function<void(list_parts&)>& change) {
  list_parts parts;
  change(parts);
  certificate_list out;
  return parse(parts.der(), out);
}
errc with_extension(const char* id, const octets& value) {
  return judge([&](list_parts& l) { l.extension_list = {b::extension(id, value)}; });
}
errc with_issuing_point(const octets& value) { return with_extension("2.5.29.28", value); }

errc details_of(const octets& entry, nv2::revoked_details& out) {
  certificate_list parsed;
  list_parts parts;
  parts.entry_list = {entry};
  const octets der = parts.der();
  REQUIRE(parse(der, parsed) == errc::ok);
  nv2::revoked_reader reader{parsed};
  nv2::revoked_certificate found;
  REQUIRE(reader.next(found));
  return parse_revoked(found, out);
}
errc details_of(const std::vector<octets>& extensions) {
  nv2::revoked_details out;
  return details_of(entry_of(1, extensions), out);
}
octets invalidity(const octets& value) { return b::extension("2.5.29.24", value); }

}  // namespace

TEST_CASE("R-010 a list of version 2 is parsed into its parts") {
  list_parts parts;
  parts.entry_list = {entry_of(7), entry_of(8)};
  parts.extension_list = {
      b::extension("2.5.29.35", b::seq({})), b::extension("2.5.29.20", b::integer(300)),
      b::extension("2.5.29.27", b::integer(200), true),
      b::extension("2.5.29.28",
                   b::seq({b::context(0, {nv2_test::point_of({nv2_test::uri_name("u:x")})}),
                           b::context_primitive(1, {0xFF})}),
                   true),
      b::extension("2.5.29.46", b::seq({}))};
  const octets der = parts.der();
  certificate_list list;
  REQUIRE(parse(der, list) == errc::ok);
  CHECK(equal(list.tbs, as_bytes(parts.tbs())));
  CHECK(equal(list.issuer, as_bytes(parts.issuer)));
  CHECK(equal(list.signature, as_bytes({1, 2, 3, 4})));
  CHECK(list.this_update == new_year);
  CHECK(list.has_next_update);
  CHECK(list.next_update == new_year + 365 * 86400);
  CHECK(list.signed_with.scheme == nv2::signature_scheme::ecdsa);
  CHECK(list.signed_with.hash == nv2::hash_algorithm::sha256);
  CHECK(equal(list.number, as_bytes({1, 44})));
  CHECK(equal(list.base_number, as_bytes({200})));
  CHECK(list.is_delta());
  CHECK(equal(list.point_name, as_bytes(nv2_test::point_of({nv2_test::uri_name("u:x")}))));
  CHECK(list.issuing_point.size() == 14);
  CHECK(list.scope == nv2::list_scope::users);
  CHECK(list.has_freshest_crl);
  CHECK(!list.has_unknown_critical);
}

TEST_CASE("R-010 what a list need not have is absent") {
  list_parts parts;
  parts.extension_list.clear();
  parts.next_update.clear();
  const octets der = parts.der();
  certificate_list list;
  REQUIRE(parse(der, list) == errc::ok);
  CHECK(!list.has_next_update);
  CHECK(list.entries.data() == nullptr);
  CHECK(list.number.data() == nullptr);
  CHECK(!list.is_delta());
  CHECK(list.issuing_point.data() == nullptr);
  CHECK(list.point_name.data() == nullptr);
  CHECK(list.scope == 0);
  CHECK(!list.has_freshest_crl);
  nv2::revoked_reader reader{list};
  nv2::revoked_certificate entry;
  CHECK(!reader.next(entry));
  CHECK(reader.error() == errc::ok);
}

TEST_CASE("R-010 the version is 2, and spelled") {
  CHECK(judge([](auto& l) { l.version.clear(); }) == errc::crl_version);
  for (const int number : {0, 2, 3}) {
    CHECK(judge([=](auto& l) { l.version = b::integer(number); }) == errc::crl_version);
  }
  CHECK(judge([](auto& l) { l.version = b::hex("02020001"); }) == errc::der_integer);
  CHECK(judge([](auto& l) { l.version = b::context(0, {b::integer(1)}); }) == errc::crl_version);
}

TEST_CASE("R-010 both algorithms of a list are the same") {
  CHECK(judge([](auto& l) { l.outer_algorithm = b::sha256_with_rsa(); }) == errc::crl_algorithms);
  CHECK(judge([](auto& l) {
          l.inner_algorithm = b::seq({b::oid("1.2.840.10045.4.3.3")});
          l.outer_algorithm = b::ecdsa_with_sha256();
        }) == errc::crl_algorithms);
}

TEST_CASE("R-010 each part of a list has its place and form") {
  struct row {
    const char* what;
    std::function<void(list_parts&)> change;
    errc expected;
  };
  const row rows[] = {
      {"no algorithm", [](auto& l) { l.inner_algorithm.clear(); }, errc::der_tag},
      {"no issuer", [](auto& l) { l.issuer.clear(); }, errc::der_tag},
      {"no time", [](auto& l) { l.this_update = l.next_update = {}; }, errc::der_tag},
      {"time without seconds", [](auto& l) { l.this_update = b::utc_time("2501010000Z"); },
       errc::der_time},
      {"no such end", [](auto& l) { l.next_update = b::utc_time("250230000000Z"); },
       errc::der_time},
      {"entries in a set", [](auto& l) { l.entries = b::set({entry_of(1)}); }, errc::der_trailing},
      {"extensions in [1]", [](auto& l) { l.extensions = b::context(1, {b::seq({})}); },
       errc::der_trailing},
      {"no extension", [](auto& l) { l.extensions = b::context(0, {b::seq({})}); },
       errc::der_truncated},
      {"no list of extensions", [](auto& l) { l.extensions = b::context(0, {}); },
       errc::der_truncated},
      {"extension without value",
       [](auto& l) { l.extension_list = {b::seq({b::oid("2.5.29.20")})}; }, errc::der_truncated},
      {"extension with more",
       [](auto& l) {
         l.extension_list = {b::seq({b::oid("1.2.3"), b::octet_string({}), b::null()})};
       },
       errc::der_trailing},
      {"false spelled out",
       [](auto& l) {
         l.extension_list = {b::seq({b::oid("1.2.3"), b::boolean(false), b::octet_string({})})};
       },
       errc::der_boolean},
      {"something after extensions", [](auto& l) { l.after_extensions = b::null(); },
       errc::der_trailing},
      {"no signature", [](auto& l) { l.signature.clear(); }, errc::der_truncated},
      {"unused bits", [](auto& l) { l.signature = b::bit_string({2}, 1); }, errc::der_bit_string},
      {"something after the signature", [](auto& l) { l.after_signature = b::null(); },
       errc::der_trailing},
  };
  for (const row& r : rows) {
    INFO(std::string{r.what});
    CHECK(std::string{name(judge(r.change))} == name(r.expected));
  }
}

TEST_CASE("R-010 nothing follows a list, and no end of it is missing") {
  list_parts parts;
  parts.entry_list = {entry_of(7, {reason_of(1)})};
  const octets der = parts.der();
  certificate_list out;
  for (std::size_t size = 0; size < der.size(); ++size) {
    const nv2_test::exact cut{as_bytes(der).first(size).as_text()};
    CHECK(parse_certificate_list(cut.view(), out) != errc::ok);
  }
  octets longer = der;
  longer.push_back(0);
  CHECK(parse(longer, out) == errc::der_trailing);
}

TEST_CASE("R-010 no damage leads out of a list") {
  list_parts parts;
  parts.entry_list = {
      entry_of(7, {reason_of(1), invalidity(b::generalized_time("20250101000000Z"))})};
  parts.extension_list.push_back(b::extension(
      "2.5.29.28", b::seq({b::context(0, {nv2_test::point_of({nv2_test::uri_name("u:x")})})}),
      true));
  const octets der = parts.der();
  for (std::size_t at = 0; at < der.size(); ++at) {
    for (const unsigned change : {1U, 0x80U, 0xFFU}) {
      nv2_test::exact copy{as_bytes(der).as_text()};
      copy.memory().data()[at] = static_cast<std::uint8_t>(copy.memory().data()[at] ^ change);
      certificate_list out;
      if (parse_certificate_list(copy.view(), out) != errc::ok) continue;
      nv2::revoked_reader reader{out};
      nv2::revoked_certificate entry;
      nv2::revoked_details details;
      std::size_t count = 0;
      while (reader.next(entry)) {
        static_cast<void>(parse_revoked(entry, details));
        ++count;
      }
      CHECK(count <= 1);
      static_cast<void>(nv2::names_same_point(out.point_name, out.point_name));
    }
  }
}

TEST_CASE("R-020 numbers of lists are not negative, and there once") {
  for (const char* id : {"2.5.29.20", "2.5.29.27"}) {
    CHECK(with_extension(id, b::integer(0)) == errc::ok);
    CHECK(with_extension(id, b::integer(-1)) == errc::der_integer);
    CHECK(with_extension(id, b::hex("02020005")) == errc::der_integer);
    CHECK(with_extension(id, b::join({b::integer(5), b::null()})) == errc::der_trailing);
    CHECK(with_extension(id, b::null()) == errc::der_tag);
    CHECK(with_extension(id, {}) == errc::der_truncated);
    const octets one = b::extension(id, b::integer(5));
    CHECK(judge([&](auto& l) { l.extension_list = {one, one}; }) == errc::extension_duplicate);
  }
}

TEST_CASE("R-017 critical extensions that are not known are told") {
  const auto told = [](const octets& extension) {
    list_parts parts;
    parts.extension_list = {extension};
    const octets der = parts.der();
    certificate_list list;
    REQUIRE(parse(der, list) == errc::ok);
    return list.has_unknown_critical;
  };
  CHECK(told(b::extension("1.2.3", b::null(), true)));
  CHECK(told(b::extension("2.5.29.35", b::null(), true)));
  CHECK(told(b::extension("1.2.5.29.20", b::null(), true)));
  CHECK(!told(b::extension("1.2.3", b::null())));
  CHECK(!told(b::extension("2.5.29.20", b::integer(1), true)));
  CHECK(!told(b::extension("2.5.29.46", b::null(), true)));
}

TEST_CASE("R-016 the scope of a list") {
  const octets yes = {0xFF};
  const auto scope = [](const octets& value) {
    list_parts parts;
    parts.extension_list = {b::extension("2.5.29.28", value, true)};
    const octets der = parts.der();
    certificate_list list;
    REQUIRE(parse(der, list) == errc::ok);
    return unsigned{list.scope};
  };
  CHECK(scope(b::seq({b::context(0, {nv2_test::point_of({})})})) == 0);
  CHECK(scope(b::seq({b::context_primitive(1, yes)})) == nv2::list_scope::users);
  CHECK(scope(b::seq({b::context_primitive(2, yes)})) == nv2::list_scope::authorities);
  CHECK(scope(b::seq({b::context_primitive(3, {1, 0x40})})) == nv2::list_scope::some_reasons);
  CHECK(scope(b::seq({b::context_primitive(4, yes)})) == nv2::list_scope::indirect);
  CHECK(scope(b::seq({b::context_primitive(5, yes)})) == nv2::list_scope::attributes);
  CHECK(scope(b::seq({b::context_primitive(1, yes), b::context_primitive(5, yes)})) ==
        (nv2::list_scope::users | nv2::list_scope::attributes));

  CHECK(with_issuing_point(b::seq({})) == errc::extension_malformed);
  CHECK(with_issuing_point(b::null()) == errc::der_tag);
  CHECK(with_issuing_point(b::text("garbage")) == errc::der_tag);
  CHECK(with_issuing_point({}) == errc::der_truncated);
  CHECK(with_issuing_point(b::seq({b::context_primitive(1, {0})})) == errc::der_boolean);
  CHECK(with_issuing_point(b::seq({b::context_primitive(1, {1})})) == errc::der_boolean);
  CHECK(with_issuing_point(b::seq({b::context_primitive(4, {})})) == errc::der_boolean);
  CHECK(with_issuing_point(b::seq({b::context_primitive(5, {0xFF, 0xFF})})) == errc::der_boolean);
  CHECK(with_issuing_point(b::seq({b::context_primitive(6, yes)})) == errc::der_trailing);
  CHECK(with_issuing_point(b::seq({b::context(1, {})})) == errc::der_trailing);
  CHECK(with_issuing_point(b::seq({b::context_primitive(2, yes), b::context_primitive(1, yes)})) ==
        errc::der_trailing);
  CHECK(with_issuing_point(b::join({b::seq({b::context_primitive(1, yes)}), b::null()})) ==
        errc::der_trailing);
  const octets one = b::extension("2.5.29.28", b::seq({b::context_primitive(1, yes)}));
  CHECK(judge([&](auto& l) { l.extension_list = {one, one}; }) == errc::extension_duplicate);
}

TEST_CASE("R-021 entries are listed in their order, up to one that is not well-formed") {
  list_parts parts;
  parts.entry_list = {entry_of(7), entry_of(300, {reason_of(1)}), entry_of(-9)};
  const octets good = parts.der();
  certificate_list list;
  REQUIRE(parse(good, list) == errc::ok);
  nv2::revoked_reader reader{list};
  nv2::revoked_certificate entry;
  REQUIRE(reader.next(entry));
  CHECK(equal(entry.serial, as_bytes({7})));
  REQUIRE(reader.next(entry));
  CHECK(equal(entry.serial, as_bytes({1, 44})));
  REQUIRE(reader.next(entry));
  CHECK(equal(entry.serial, as_bytes({0xF7})));
  CHECK(!reader.next(entry));
  CHECK(reader.error() == errc::ok);

  struct row {
    octets entry;
    errc expected;
  };
  const octets number = b::integer(8), date = b::utc_time("250101000000Z");
  const row rows[] = {
      {b::null(), errc::der_tag},
      {b::seq({}), errc::der_truncated},
      {b::seq({number}), errc::der_truncated},
      {b::seq({date}), errc::der_tag},
      {b::seq({b::element(2, {}), date}), errc::der_integer},
      {b::seq({b::hex("02020007"), date}), errc::der_integer},
      {b::seq({number, b::null()}), errc::der_tag},
      {b::seq({number, date, b::null()}), errc::der_trailing},
      {b::seq({number, date, b::seq({}), b::seq({})}), errc::der_trailing},
      {b::hex("3081"), errc::der_length},
  };
  for (const row& r : rows) {
    parts.entry_list = {entry_of(7), r.entry, entry_of(9)};
    const octets der = parts.der();
    REQUIRE(parse(der, list) == errc::ok);
    nv2::revoked_reader broken{list};
    CHECK(broken.next(entry));
    CHECK(!broken.next(entry));
    CHECK(std::string{name(broken.error())} == name(r.expected));
    CHECK(!broken.next(entry));
  }
}

TEST_CASE("R-021 what an entry says besides its number") {
  nv2::revoked_details out;
  REQUIRE(details_of(entry_of(1), out) == errc::ok);
  CHECK(out.date == new_year);
  CHECK(out.reason == nv2::crl_reason::none);
  CHECK(!out.has_invalidity_date);
  CHECK(!out.has_other_critical);
  const octets all = entry_of(1, {reason_of(6), invalidity(b::generalized_time("20250101000001Z")),
                                  b::extension("1.2.3", b::null())});
  REQUIRE(details_of(all, out) == errc::ok);
  CHECK(out.reason == nv2::crl_reason::hold);
  CHECK(out.has_invalidity_date);
  CHECK(out.invalidity_date == new_year + 1);
  CHECK(!out.has_other_critical);

  const octets when = b::generalized_time("20250101000001Z");
  REQUIRE(details_of(entry_of(1, {b::extension("2.5.29.24", when, true)}), out) == errc::ok);
  CHECK(!out.has_other_critical);
  const octets hold = b::element(0x0A, {6});
  REQUIRE(details_of(entry_of(1, {b::extension("2.5.29.21", hold, true)}), out) == errc::ok);
  CHECK(out.has_other_critical);
  REQUIRE(details_of(entry_of(1, {b::extension("2.5.29.29", b::null(), true)}), out) == errc::ok);
  CHECK(out.has_other_critical);

  CHECK(details_of({invalidity(b::utc_time("250101000000Z"))}) == errc::der_time);
  CHECK(details_of({invalidity(b::generalized_time("20250101000000.5Z"))}) == errc::der_time);
  CHECK(details_of({invalidity(b::null())}) == errc::der_time);
  CHECK(details_of({invalidity({})}) == errc::der_time);
  CHECK(details_of({invalidity(b::join({when, b::null()}))}) == errc::der_trailing);
  CHECK(details_of({invalidity(when), invalidity(when)}) == errc::extension_duplicate);
  CHECK(details_of({reason_of(1), reason_of(1)}) == errc::extension_duplicate);
  CHECK(details_of({reason_of(0x80)}) == errc::extension_malformed);
  CHECK(details_of({b::extension("2.5.29.21", b::element(0x0A, {}))}) == errc::extension_malformed);
  CHECK(details_of({b::extension("2.5.29.21", b::element(0x0A, {0, 6}))}) ==
        errc::extension_malformed);
  CHECK(details_of({b::extension("2.5.29.21", b::integer(6))}) == errc::der_tag);
  CHECK(details_of({b::extension("2.5.29.21", b::join({hold, b::null()}))}) == errc::der_trailing);
  CHECK(details_of({b::null()}) == errc::der_tag);
  CHECK(details_of(b::seq({b::integer(1), b::utc_time("250101000000Z"), b::seq({})}), out) ==
        errc::der_truncated);
  CHECK(details_of(b::seq({b::integer(1), b::utc_time("250230000000Z")}), out) == errc::der_time);
}

TEST_CASE("R-003 the places of a certificate are listed, and what is special about them") {
  const octets name = nv2_test::point_of({nv2_test::uri_name("u:x")});
  const octets by_others = b::context(2, {nv2_test::uri_name("u:y")});
  const octets extension = b::seq(
      {nv2_test::distribution_point_of(name), nv2_test::distribution_point_of({}, by_others),
       nv2_test::distribution_point_of(name, b::context_primitive(1, {1, 0x40})), b::seq({})});
  nv2::distribution_point_reader reader{as_bytes(extension)};
  nv2::distribution_point point;
  REQUIRE(reader.next(point));
  CHECK(equal(point.name, as_bytes(name)));
  CHECK(!point.is_limited);
  REQUIRE(reader.next(point));
  CHECK(point.name.empty());
  CHECK(point.is_limited);
  REQUIRE(reader.next(point));
  CHECK(equal(point.name, as_bytes(name)));
  CHECK(point.is_limited);
  REQUIRE(reader.next(point));
  CHECK(point.name.empty());
  CHECK(!point.is_limited);
  CHECK(!reader.next(point));
  CHECK(reader.error() == errc::ok);

  const auto error_of = [](const octets& value) {
    nv2::distribution_point_reader broken{as_bytes(value)};
    nv2::distribution_point ignored;
    while (broken.next(ignored)) continue;
    return broken.error();
  };
  CHECK(error_of({}) == errc::der_truncated);
  CHECK(error_of(b::null()) == errc::der_tag);
  CHECK(error_of(b::seq({b::null()})) == errc::der_tag);
  CHECK(error_of(b::seq({b::seq({b::null()})})) == errc::der_trailing);
  CHECK(error_of(b::seq({b::seq({by_others, b::context(0, {name})})})) == errc::der_trailing);
  CHECK(error_of(b::seq({b::hex("3005A0")})) == errc::der_truncated);
}

TEST_CASE("R-016 two places are the same when they have a name in common") {
  const auto uri = [](std::string_view text) { return nv2_test::uri_name(text); };
  const auto same = [](const octets& wanted, const octets& listed) {
    return nv2::names_same_point(as_bytes(wanted), as_bytes(listed));
  };
  const auto full = [](const std::vector<octets>& names) { return nv2_test::point_of(names); };
  const octets ab = full({uri("a"), uri("b")}), bc = full({uri("b"), uri("c")});
  CHECK(same(ab, ab));
  CHECK(same(ab, bc));
  CHECK(same(bc, ab));
  CHECK(same(full({uri("c")}), bc));
  CHECK(!same(full({uri("a")}), bc));
  CHECK(!same(full({uri("B")}), bc));
  CHECK(!same(full({uri("bc")}), bc));
  CHECK(!same(full({b::element(0x82, {'b'})}), bc));
  CHECK(!same({}, {}));
  CHECK(!same({}, bc));
  CHECK(!same(bc, {}));
  CHECK(!same(full({}), bc));
  const octets relative = b::context(1, {b::oid("2.5.4.3")});
  CHECK(same(relative, relative));
  CHECK(!same(relative, b::context(1, {b::oid("2.5.4.4")})));
  CHECK(!same(b::context(1, {uri("b")}), bc));
  // What is broken names nothing, whatever it has in common.
  CHECK(!same(b::hex("A0038602 62"), b::hex("A0048602 6262")));
  CHECK(!same(b::hex("A0028601"), b::hex("A0038601 62")));
  CHECK(!same(b::hex("A005860162 8601"), b::hex("A0028601")));

  std::vector<octets> names;
  for (int i = 0; i < 7; ++i) names.push_back(uri("x" + std::to_string(i)));
  std::vector<octets> more = names;
  names.push_back(uri("a"));
  more.push_back(uri("x7"));
  more.push_back(uri("a"));
  CHECK(same(ab, full(names)));
  CHECK(!same(ab, full(more)));  // G-003 beyond max_point_names
  CHECK(same(full(more), ab));
}
