// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/x509/name.hpp>

#include "support/der_builder.hpp"

using nv2::errc;
using namespace nv2_test::build;

namespace {

errc checked(const blob& name) { return nv2::check_name(view(name)); }

/// A name of one attribute.
blob name_with(const blob& attribute) { return seq({set({attribute})}); }

/// "type=value" of all attributes.
std::vector<std::string> listed(const blob& name) {
  std::vector<std::string> out;
  nv2::name_reader reader{view(name)};
  nv2::name_attribute attribute;
  while (reader.next(attribute)) {
    out.push_back(std::to_string(attribute.type[2]) + "=" + std::string{attribute.value.as_text()});
  }
  return out;
}

std::string found_common_name(const blob& name) {
  nv2::name_attribute attribute;
  return nv2::find_common_name(view(name), attribute) ? std::string{attribute.value.as_text()}
                                                      : "-";
}

}  // namespace

TEST_CASE("X-008: well-formed names") {
  CHECK(checked(seq({})) == errc::ok);
  CHECK(checked(common_name("a")) == errc::ok);
  CHECK(checked(seq({rdn(6, printable("US")), rdn(10, utf8("acme")), rdn(3, utf8("x"))})) ==
        errc::ok);
  CHECK(
      checked(seq({set({seq({oid("2.5.4.3"), utf8("a")}), seq({oid("2.5.4.11"), utf8("b")})})})) ==
      errc::ok);
  // UTF8, Numeric, Printable, Teletex, IA5, Universal and BMP strings
  for (const unsigned tag : {0x0CU, 0x12U, 0x13U, 0x14U, 0x16U, 0x1CU, 0x1EU}) {
    CAPTURE(tag);
    CHECK(checked(common_name("")) == errc::ok);
    CHECK(checked(seq({rdn(3, element(static_cast<std::uint8_t>(tag), text("name")))})) ==
          errc::ok);
  }
}

TEST_CASE("X-008: an attribute value that is no string is refused") {
  for (const blob& value :
       {integer(1), bit_string({1}), oid("1.2.3"), seq({}), null(), boolean(true),
        octet_string({1}), utc_time("200101000000Z"), element(0x1A, text("visible")),
        context_primitive(0, {1}), element(0x1F, {})}) {
    CAPTURE(value);
    CHECK(checked(seq({rdn(3, value)})) == errc::name_malformed);
  }
  CHECK(checked(name_with(seq({oid("2.5.4.3")}))) == errc::name_malformed);
}

TEST_CASE("X-001: names that are not well-formed DER") {
  CHECK(checked({}) == errc::der_truncated);
  CHECK(checked(set({})) == errc::der_tag);
  CHECK(checked(seq({set({})})) == errc::der_truncated);
  CHECK(checked(seq({seq({})})) == errc::der_tag);
  CHECK(checked(name_with(set({oid("2.5.4.3"), utf8("x")}))) == errc::der_tag);
  CHECK(checked(name_with(seq({}))) == errc::der_truncated);
  CHECK(checked(name_with(seq({utf8("x"), oid("2.5.4.3")}))) == errc::der_tag);
  CHECK(checked(name_with(seq({hex("06 00"), utf8("x")}))) == errc::der_oid);
  CHECK(checked(name_with(seq({oid("2.5.4.3"), utf8("x"), null()}))) == errc::der_trailing);
  CHECK(checked(name_with(seq({oid("2.5.4.3"), hex("0C 05 41")}))) == errc::der_truncated);
  CHECK(checked(join({common_name("x"), null()})) == errc::der_trailing);
}

TEST_CASE("attributes are listed in their order, across RDNs of several values") {
  const blob name =
      seq({rdn(6, printable("US")),
           set({seq({oid("2.5.4.10"), utf8("acme")}), seq({oid("2.5.4.11"), utf8("ops")})}),
           rdn(3, utf8("host"))});
  CHECK(listed(name) == std::vector<std::string>{"6=US", "10=acme", "11=ops", "3=host"});
  CHECK(listed(seq({})).empty());
  CHECK(listed(hex("30 05 01")).empty());
  CHECK(listed({}).empty());

  nv2::name_reader reader{view(name)};
  nv2::name_attribute attribute;
  REQUIRE(reader.next(attribute));
  CHECK(attribute.tag == nv2::der_tag::printable_string);
}

TEST_CASE("N-112: the common name counts when there is exactly one") {
  CHECK(found_common_name(common_name("host")) == "host");
  CHECK(found_common_name(seq({rdn(3, utf8("host")), rdn(10, utf8("acme"))})) == "host");
  CHECK(found_common_name(seq({set(
            {seq({oid("2.5.4.10"), utf8("o")}), seq({oid("2.5.4.3"), utf8("cn")})})})) == "cn");
  CHECK(found_common_name(seq({})) == "-");
  CHECK(found_common_name(seq({rdn(10, utf8("acme"))})) == "-");
  CHECK(found_common_name(seq({rdn(3, utf8("a")), rdn(3, utf8("b"))})) == "-");
  CHECK(found_common_name(seq({rdn(3, utf8("a")), rdn(3, utf8("a"))})) == "-");
  CHECK(found_common_name(seq(
            {set({seq({oid("2.5.4.3"), utf8("a")}), seq({oid("2.5.4.3"), utf8("a")})})})) == "-");
  // 2.5.4.3.1 and 2.5.3.3 are not commonName.
  CHECK(found_common_name(name_with(seq({oid("2.5.4.3.1"), utf8("a")}))) == "-");
  CHECK(found_common_name(name_with(seq({oid("2.5.3.3"), utf8("a")}))) == "-");
}

TEST_CASE("X-008: names are equal when their bytes are, and never otherwise") {
  CHECK(nv2::equal(view(common_name("Acme")), view(common_name("Acme"))));
  CHECK_FALSE(nv2::equal(view(common_name("Acme")), view(common_name("acme"))));
  CHECK_FALSE(nv2::equal(view(common_name("Acme")), view(seq({rdn(3, printable("Acme"))}))));
}
