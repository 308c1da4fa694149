// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nv2/codec/der.hpp>

#include "support/der_builder.hpp"

using nv2::bytes;
using nv2::der_reader;
using nv2::errc;
using namespace nv2_test::build;

namespace {

namespace tag = nv2::der_tag;

/// What `use` makes of a reader over exactly these bytes.
template <typename F>
errc outcome(const blob& input, F use) {
  const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[input.size() + 1]);
  std::copy(input.begin(), input.end(), exact.get());
  der_reader reader{bytes{exact.get(), input.size()}};
  use(reader);
  return reader.finish();
}

errc skipped(const blob& input) {
  return outcome(input, [](der_reader& r) { r.skip(tag::octet_string); });
}

blob of_view(bytes b) { return {b.begin(), b.end()}; }

}  // namespace

TEST_CASE("X-001: lengths are definite, shortest and inside the input") {
  const struct {
    blob input;
    errc expected;
  } rows[] = {
      {hex("04 00"), errc::ok},
      {hex("04 01 AA"), errc::ok},
      {element(0x04, repeat({1}, 0x7F)), errc::ok},
      {element(0x04, repeat({1}, 0x80)), errc::ok},
      {element(0x04, repeat({1}, 0xFF)), errc::ok},
      {element(0x04, repeat({1}, 0x100)), errc::ok},
      {element(0x04, repeat({1}, 0x10000)), errc::ok},
      {hex(""), errc::der_truncated},
      {hex("04"), errc::der_truncated},
      {hex("04 01"), errc::der_truncated},
      {hex("04 81"), errc::der_truncated},
      {hex("04 82 01"), errc::der_truncated},
      {hex("04 84 FF FF FF FF"), errc::der_truncated},
      {hex("04 84 7F FF FF FF 00"), errc::der_truncated},
      {hex("04 80 00 00"), errc::der_length},
      {hex("04 81 00"), errc::der_length},
      {hex("04 81 7F"), errc::der_length},
      {join({hex("04 82 00 80"), repeat({1}, 0x80)}), errc::der_length},
      {hex("04 85 00 00 00 00 01 AA"), errc::der_length},
      {hex("04 FF"), errc::der_length},
      {hex("04 00 00"), errc::der_trailing},
      {hex("05 00"), errc::der_tag},
  };
  for (const auto& row : rows) {
    CAPTURE(row.input);
    CHECK(skipped(row.input) == row.expected);
  }
}

TEST_CASE("reading by tag: contents, whole elements, optional ones, any") {
  const blob input = join({octet_string({1, 2}), integer(5), context_primitive(3, {9}), null()});
  const errc code = outcome(input, [](der_reader& r) {
    CHECK(r.next_is(tag::octet_string));
    CHECK(r.next_tag() == tag::octet_string);
    CHECK(of_view(r.read(tag::octet_string)) == blob{1, 2});
    bytes contents;
    CHECK_FALSE(r.read_optional(tag::octet_string, contents));
    CHECK_FALSE(r.skip_optional(tag::octet_string));
    const std::uint8_t* const start = r.rest().data();
    CHECK(of_view(r.read_element(tag::integer)) == integer(5));
    CHECK(of_view(r.since(start)) == integer(5));
    CHECK(r.read_optional(tag::context(3), contents));
    CHECK(of_view(contents) == blob{9});
    std::uint8_t found = 0;
    CHECK(of_view(r.read_any_element(found)) == null());
    CHECK(found == tag::null);
    CHECK_FALSE(r.more());
    CHECK(r.next_tag() == 0);
  });
  CHECK(code == errc::ok);
}

TEST_CASE("X-001: an element has the expected tag, and a tag of one byte") {
  CHECK(outcome(null(), [](der_reader& r) { r.skip_any(); }) == errc::ok);
  CHECK(outcome(integer(1), [](der_reader& r) { r.skip(tag::null); }) == errc::der_tag);
  CHECK(outcome(hex("1F 1F 00"), [](der_reader& r) { r.skip_any(); }) == errc::der_tag);
  CHECK(outcome(hex("BF 81 00 00"), [](der_reader& r) { r.skip_any(); }) == errc::der_tag);
  CHECK(outcome(hex("00 00"), [](der_reader& r) { r.skip_any(); }) == errc::der_tag);
  CHECK(outcome({}, [](der_reader& r) { r.skip_any(); }) == errc::der_truncated);
}

TEST_CASE("enter and leave: an element is read to its end and not beyond") {
  const blob input = seq({seq({integer(1)}), integer(2)});
  const auto both = [](der_reader& r) {
    const auto outer = r.enter(tag::sequence);
    const auto inner = r.enter(tag::sequence);
    CHECK(r.read_small() == 1);
    CHECK_FALSE(r.more());
    r.leave(inner);
    CHECK(r.read_small() == 2);
    r.leave(outer);
  };
  CHECK(outcome(input, both) == errc::ok);

  const auto too_early = [](der_reader& r) {
    const auto outer = r.enter(tag::sequence);
    r.leave(r.enter(tag::sequence));
    r.leave(outer);
  };
  CHECK(outcome(input, too_early) == errc::der_trailing);

  const auto too_far = [](der_reader& r) {
    const auto outer = r.enter(tag::sequence);
    const auto inner = r.enter(tag::sequence);
    r.skip(tag::integer);
    r.skip(tag::integer);
    r.leave(inner);
    r.leave(outer);
  };
  CHECK(outcome(input, too_far) == errc::der_truncated);
}

TEST_CASE("the first error sticks and nothing is read after it, on no level") {
  const blob input = join({seq({seq({integer(1), integer(2)}), integer(3)}), integer(4)});
  der_reader r{view(input)};
  const auto outer = r.enter(tag::sequence);
  const auto middle = r.enter(tag::sequence);
  r.skip(tag::null);
  CHECK(r.error() == errc::der_tag);
  CHECK_FALSE(r.more());
  CHECK(r.read(tag::integer).empty());
  CHECK(r.read_element(tag::integer).empty());
  CHECK(r.read_rest().empty());
  CHECK(r.rest().empty());
  const auto inner = r.enter(tag::sequence);
  CHECK_FALSE(r.more());
  r.leave(inner);
  CHECK_FALSE(r.more());
  r.leave(middle);
  CHECK_FALSE(r.more());
  CHECK_FALSE(r.next_is(tag::integer));
  r.leave(outer);
  CHECK_FALSE(r.more());
  CHECK(r.read(tag::integer).empty());
  r.fail(errc::der_time);
  CHECK(r.finish() == errc::der_tag);
}

TEST_CASE("X-001: BOOLEAN is 00 or FF") {
  const auto read = [](der_reader& r) { r.read_boolean(); };
  CHECK(outcome(boolean(true), [](der_reader& r) { CHECK(r.read_boolean()); }) == errc::ok);
  CHECK(outcome(boolean(false), [](der_reader& r) { CHECK_FALSE(r.read_boolean()); }) == errc::ok);
  for (const char* bad : {"01 01 01", "01 01 80", "01 00", "01 02 FF FF"}) {
    CAPTURE(bad);
    CHECK(outcome(hex(bad), read) == errc::der_boolean);
  }
}

TEST_CASE("X-001: a BOOLEAN DEFAULT FALSE is TRUE or absent") {
  CHECK(outcome(boolean(true), [](der_reader& r) { CHECK(r.read_flag()); }) == errc::ok);
  CHECK(outcome({}, [](der_reader& r) { CHECK_FALSE(r.read_flag()); }) == errc::ok);
  CHECK(outcome(boolean(false), [](der_reader& r) { r.read_flag(); }) == errc::der_boolean);
  CHECK(outcome(hex("01 00"), [](der_reader& r) { r.read_flag(); }) == errc::der_boolean);
}

TEST_CASE("X-001: INTEGER is as short as it can be") {
  for (const char* good : {"02 01 00", "02 01 7F", "02 01 80", "02 01 FF", "02 02 00 80",
                           "02 02 FF 7F", "02 02 01 00", "02 09 00 FF FF FF FF FF FF FF FF"}) {
    CAPTURE(good);
    const blob input = hex(good);
    CHECK(outcome(input, [&](der_reader& r) {
            CHECK(of_view(r.read_integer()) == blob(input.begin() + 2, input.end()));
          }) == errc::ok);
  }
  for (const char* bad : {"02 00", "02 02 00 00", "02 02 00 7F", "02 02 FF 80", "02 02 FF FF"}) {
    CAPTURE(bad);
    CHECK(outcome(hex(bad), [](der_reader& r) { r.read_integer(); }) == errc::der_integer);
  }
}

TEST_CASE("X-001: unsigned and small integers") {
  const auto digits = [](const blob& input) {
    blob out;
    CHECK(outcome(input, [&](der_reader& r) { out = of_view(r.read_unsigned()); }) == errc::ok);
    return out;
  };
  CHECK(digits(integer(0)) == blob{0});
  CHECK(digits(integer(127)) == blob{127});
  CHECK(digits(integer(128)) == blob{128});
  CHECK(digits(integer(256)) == blob{1, 0});
  CHECK(outcome(integer(-1), [](der_reader& r) { r.read_unsigned(); }) == errc::der_integer);
  CHECK(outcome(hex("02 00"), [](der_reader& r) { r.read_unsigned(); }) == errc::der_integer);

  const auto small = [](std::int64_t value, errc expected) {
    CHECK(outcome(integer(value), [&](der_reader& r) {
            const std::uint32_t got = r.read_small();
            if (expected == errc::ok) CHECK(got == value);
          }) == expected);
  };
  small(0, errc::ok);
  small(0x80, errc::ok);
  small(0x7FFFFFFF, errc::ok);
  small(0xFFFFFFFE, errc::ok);
  small(0xFFFFFFFF, errc::der_integer);
  small(0x100000000, errc::der_integer);
  small(-5, errc::der_integer);
}

TEST_CASE("X-001: NULL is empty") {
  CHECK(outcome(null(), [](der_reader& r) { r.read_null(); }) == errc::ok);
  CHECK(outcome(hex("05 01 00"), [](der_reader& r) { r.read_null(); }) == errc::der_trailing);
}

TEST_CASE("X-001: OBJECT IDENTIFIER arcs end, and start without padding") {
  for (const char* good : {"06 01 00", "06 03 55 1D 0F", "06 03 2B 81 04", "06 04 2A 86 80 01",
                           "06 09 2A 86 48 86 F7 0D 01 01 0B"}) {
    CAPTURE(good);
    CHECK(outcome(hex(good), [](der_reader& r) { r.read_oid(); }) == errc::ok);
  }
  for (const char* bad : {"06 00", "06 01 80", "06 02 55 81", "06 03 55 80 01", "06 02 80 01"}) {
    CAPTURE(bad);
    CHECK(outcome(hex(bad), [](der_reader& r) { r.read_oid(); }) == errc::der_oid);
  }
}

TEST_CASE("X-001: BIT STRING says how many bits are unused, and they are zero") {
  const auto read = [](const blob& input, errc expected, const blob& bits = {},
                       unsigned unused = 0) {
    CAPTURE(input);
    CHECK(outcome(input, [&](der_reader& r) {
            std::uint8_t count = 0xEE;
            const blob got = of_view(r.read_bit_string(count));
            if (expected != errc::ok) return;
            CHECK(got == bits);
            CHECK(count == unused);
          }) == expected);
  };
  read(hex("03 01 00"), errc::ok);
  read(hex("03 02 00 FF"), errc::ok, {0xFF}, 0);
  read(hex("03 02 07 80"), errc::ok, {0x80}, 7);
  read(hex("03 03 01 FF FE"), errc::ok, {0xFF, 0xFE}, 1);
  read(hex("03 00"), errc::der_bit_string);
  read(hex("03 01 01"), errc::der_bit_string);
  read(hex("03 02 08 00"), errc::der_bit_string);
  read(hex("03 02 07 41"), errc::der_bit_string);
  read(hex("03 03 01 FF FF"), errc::der_bit_string);

  const auto whole = [](der_reader& r) {
    const auto outer = r.enter_bit_string();
    CHECK(of_view(r.read_rest()) == blob{0xAA});
    r.leave(outer);
  };
  CHECK(outcome(hex("03 02 00 AA"), whole) == errc::ok);
  const auto enter = [](der_reader& r) { r.enter_bit_string(); };
  CHECK(outcome(hex("03 02 01 AA"), enter) == errc::der_bit_string);
  CHECK(outcome(hex("03 00"), enter) == errc::der_bit_string);
}

TEST_CASE("X-006: times have one form each and are real dates") {
  const auto read = [](const blob& input, errc expected, nv2::unix_time time = 0) {
    CAPTURE(std::string(input.begin() + 2, input.end()));
    CHECK(outcome(input, [&](der_reader& r) { CHECK(r.read_time() == time); }) == expected);
  };
  read(utc_time("700101000000Z"), errc::ok, 0);
  read(utc_time("700101000001Z"), errc::ok, 1);
  read(utc_time("691231235959Z"), errc::ok, -1);
  read(utc_time("500101000000Z"), errc::ok, -631152000);
  read(utc_time("491231235959Z"), errc::ok, 2524607999);
  read(utc_time("000229120000Z"), errc::ok, 951825600);
  read(generalized_time("20500101000000Z"), errc::ok, 2524608000);
  read(generalized_time("20491231235959Z"), errc::ok, 2524607999);
  read(generalized_time("19700101000000Z"), errc::ok, 0);
  read(generalized_time("00000101000000Z"), errc::ok, -62167219200);
  read(generalized_time("99991231235959Z"), errc::ok, 253402300799);

  for (const char* bad :
       {"7001010000Z", "700101000000", "700101000000z", "700101000000+0000", "7001010000000Z",
        "70010100000 Z", "70O101000000Z", "-00101000000Z", "700001000000Z", "701301000000Z",
        "700100000000Z", "700132000000Z", "700431000000Z", "700229000000Z", "700101240000Z",
        "700101006000Z", "700101000060Z", "19700101000000Z", ""}) {
    read(utc_time(bad), errc::der_time);
  }
  for (const char* bad :
       {"700101000000Z", "197001010000Z", "19700101000000", "19700101000000.5Z",
        "19700101000000+0100", "19000229000000Z", "21000229000000Z", "1970010100000/Z", ""}) {
    read(generalized_time(bad), errc::der_time);
  }
  read(integer(5), errc::der_tag);
}

TEST_CASE("check_der walks everything that is constructed") {
  CHECK(nv2::check_der(view(null())) == errc::ok);
  CHECK(nv2::check_der(view(seq({}))) == errc::ok);
  CHECK(nv2::check_der(view(seq({seq({}), set({seq({integer(1)}), null()}), null()}))) == errc::ok);
  CHECK(nv2::check_der(view(join({null(), null()}))) == errc::der_trailing);
  CHECK(nv2::check_der({}) == errc::der_truncated);
  CHECK(nv2::check_der(view(seq({hex("02 05 01")}))) == errc::der_truncated);
  CHECK(nv2::check_der(view(seq({null(), hex("04 80")}))) == errc::der_length);
  CHECK(nv2::check_der(view(seq({hex("00 00")}))) == errc::der_tag);
}

TEST_CASE("check_der takes tags of several bytes in their shortest form") {
  for (const char* good : {"9F 1F 00", "9F 7F 00", "9F 81 00 00", "BF 1F 02 05 00"}) {
    CAPTURE(good);
    CHECK(nv2::check_der(view(hex(good))) == errc::ok);
  }
  for (const char* bad : {"9F 1E 00", "9F 00 00", "9F 80 01 00", "BF 1E 02 05 00"}) {
    CAPTURE(bad);
    CHECK(nv2::check_der(view(hex(bad))) == errc::der_tag);
  }
  for (const char* cut : {"9F", "9F 81", "9F 1F", "BF 1F 01"}) {
    CAPTURE(cut);
    CHECK(nv2::check_der(view(hex(cut))) == errc::der_truncated);
  }
}

TEST_CASE("G-003: check_der stops at its depth limit") {
  const auto nested = [](std::size_t depth) {
    blob out = null();
    for (std::size_t i = 0; i < depth; ++i) out = seq({out});
    return out;
  };
  CHECK(nv2::check_der(view(nested(nv2::max_der_depth))) == errc::ok);
  CHECK(nv2::check_der(view(nested(nv2::max_der_depth + 1))) == errc::der_depth);
  CHECK(nv2::check_der(view(nested(5000))) == errc::der_depth);
}

TEST_CASE("check_der survives every cut and every replaced byte") {
  const blob input =
      seq({seq({oid("1.2.840.113549.1.1.11"), null()}), set({utf8("name"), boolean(true)}),
           context(3, {octet_string(repeat({7}, 200))}), hex("9F 81 01 01 AA")});
  REQUIRE(nv2::check_der(view(input)) == errc::ok);
  for (std::size_t size = 0; size < input.size(); ++size) {
    const blob cut(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(nv2::check_der(view(cut)) != errc::ok);
  }
  for (std::size_t i = 0; i < input.size(); ++i) {
    for (unsigned value = 0; value < 256; ++value) {
      blob changed = input;
      changed[i] = static_cast<std::uint8_t>(value);
      static_cast<void>(nv2::check_der(view(changed)));
    }
  }
}
