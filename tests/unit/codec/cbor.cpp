// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/codec/cbor.hpp>

using nv2::basic_cbor_reader;
using nv2::bytes;
using nv2::cbor_kind;
using nv2::cbor_reader;
using nv2::cbor_rounding;
using nv2::cbor_rules;
using nv2::errc;

namespace {

using octets = std::vector<std::uint8_t>;

/// Each input in a block of exactly its size, so that a sanitizer sees every step beyond it.
octets hex(std::string_view digits) {
  octets out;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < digits.size();) {
    if (digits[i] == ' ') {
      ++i;
      continue;
    }
    out.push_back(static_cast<std::uint8_t>(16 * value(digits[i]) + value(digits[i + 1])));
    i += 2;
  }
  out.shrink_to_fit();
  return out;
}

bytes view(const octets& data) { return {data.data(), data.size()}; }

octets repeat(std::string_view digits, std::size_t count, std::string_view end) {
  octets out;
  const octets once = hex(digits);
  for (std::size_t i = 0; i < count; ++i) out.insert(out.end(), once.begin(), once.end());
  const octets last = hex(end);
  out.insert(out.end(), last.begin(), last.end());
  return out;
}

template <cbor_rules Rules>
errc skip(const octets& input) {
  basic_cbor_reader<Rules> reader{view(input)};
  const bytes item = reader.skip_value();
  const errc error = reader.finish();
  CHECK((error != errc::ok || item.size() == input.size()));
  if (error != errc::ok) {
    // Nothing works any more.
    const std::size_t offset = reader.offset();
    std::uint32_t left = reader.enter_map();
    CHECK_FALSE(reader.next_entry(left));
    CHECK(reader.read_text().empty());
    CHECK(reader.read_int64() == 0);
    CHECK(reader.skip_value().empty());
    CHECK(reader.peek() == cbor_kind::none);
    reader.fail(errc::json_syntax);
    CHECK(reader.finish() == error);
    CHECK(reader.offset() == offset);
    CHECK(offset <= input.size());
  }
  return error;
}
errc cose(const octets& input) { return skip<cbor_rules::cose>(input); }
errc shortest(const octets& input) { return skip<cbor_rules::shortest>(input); }
errc well_formed(const octets& input) { return skip<cbor_rules::well_formed>(input); }

/// Reads one thing with `read` and ends.
template <typename Read>
errc outcome(std::string_view digits, Read read) {
  const octets input = hex(digits);
  cbor_reader reader{view(input)};
  read(reader);
  return reader.finish();
}

}  // namespace

TEST_CASE("C-008 integers from -2^64 to 2^64 - 1") {
  struct row {
    const char* input;
    bool negative;
    std::uint64_t argument;
  };
  const row rows[] = {{"00", false, 0},
                      {"17", false, 23},
                      {"1818", false, 24},
                      {"18ff", false, 255},
                      {"190100", false, 256},
                      {"1a00010000", false, 65536},
                      {"1affffffff", false, UINT32_MAX},
                      {"1b0000000100000000", false, std::uint64_t{1} << 32},
                      {"1b7fffffffffffffff", false, INT64_MAX},
                      {"1b8000000000000000", false, std::uint64_t{1} << 63},
                      {"1bffffffffffffffff", false, UINT64_MAX},
                      {"20", true, 0},
                      {"37", true, 23},
                      {"3903e7", true, 999},
                      {"3b7fffffffffffffff", true, INT64_MAX},
                      {"3b8000000000000000", true, std::uint64_t{1} << 63},
                      {"3bffffffffffffffff", true, UINT64_MAX}};
  for (const row& r : rows) {
    CAPTURE(r.input);
    const octets input = hex(r.input);
    cbor_reader reader{view(input)};
    CHECK(reader.peek() ==
          (r.negative ? cbor_kind::negative_integer : cbor_kind::unsigned_integer));
    const nv2::cbor_integer number = reader.read_integer();
    CHECK(reader.finish() == errc::ok);
    CHECK(number.negative == r.negative);
    CHECK(number.argument == r.argument);

    cbor_reader plain{view(input)};
    const std::uint64_t value = plain.read_unsigned();
    CHECK(plain.finish() == (r.negative ? errc::cbor_type : errc::ok));
    CHECK(value == (r.negative ? 0 : r.argument));

    cbor_reader small{view(input)};
    const std::int64_t signed_value = small.read_int64();
    const bool fits = r.argument <= INT64_MAX;
    CHECK(small.finish() == (fits ? errc::ok : errc::cbor_integer));
    const std::int64_t expected = fits ? static_cast<std::int64_t>(r.argument) : 0;
    CHECK(signed_value == (fits && r.negative ? -1 - expected : expected));
    CHECK(shortest(input) == errc::ok);
  }
}

TEST_CASE("C-013 heads may be longer than needed, unless the shortest form is asked for") {
  const char* const rows[] = {"1800",
                              "1817",
                              "190017",
                              "1900ff",
                              "1a00000000",
                              "1a0000ffff",
                              "1b0000000000000000",
                              "1b00000000ffffffff",
                              "3800",
                              "3b0000000000000001",
                              "5800",
                              "580161",
                              "5b000000000000000161",
                              "7801 61",
                              "790001 61",
                              "9800",
                              "980100",
                              "b800",
                              "b8010000",
                              "d80100",
                              "d9000100",
                              "da0000000100",
                              "fb0000000000000000",
                              "fa00000000",
                              "fa3f800000",
                              "fb3ff0000000000000",
                              "fb7ff0000000000000",
                              "faff800000",
                              "fb7ff8000000000000",
                              "fa7fc00000",
                              "fa33800000",
                              "fb36a0000000000000",
                              "fb47efffffe0000000",
                              "fa477fe000"};
  for (const char* const row : rows) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::ok);
    CHECK(well_formed(hex(row)) == errc::ok);
    CHECK(shortest(hex(row)) == errc::cbor_not_shortest);
  }
  const char* const short_ones[] = {
      "fb3690000000000000",  // 2^-150, half of the smallest there is in four bytes
      "f90000",
      "f98000",
      "f97c00",
      "f97e00",
      "f97e01",
      "f90001",
      "fa33000000",
      "fa33c00000",
      "fa387fe000",
      "fb36a8000000000000",
      "fa00000001",
      "fa477ff000",
      "fa47800000",
      "fa3f801000",
      "fb47efffffe0000001",
      "fb47f0000000000000",
      "fb0000000000000001",
      "fb3ff0000010000000",
      "fb36a0000000000001",
      "fa7fc00001",
      "fb7ff8000000000001",
      "fb7ff0000000000001",
      "fb3f11566666666666"};
  for (const char* const row : short_ones) {
    CAPTURE(row);
    CHECK(shortest(hex(row)) == errc::ok);
  }
}

TEST_CASE("C-004 items that end too early, or start with what is reserved") {
  const char* const short_ones[] = {"",
                                    "18",
                                    "19",
                                    "1900",
                                    "1a000000",
                                    "1b00000000000000",
                                    "38",
                                    "41",
                                    "4261",
                                    "5b7fffffffffffffff",
                                    "5bffffffffffffffff00",
                                    "61",
                                    "6261",
                                    "81",
                                    "8200",
                                    "a1",
                                    "a100",
                                    "a2000101",
                                    "c1",
                                    "d8",
                                    "d818",
                                    "f8",
                                    "f900",
                                    "fa000000",
                                    "fb00000000000000",
                                    "828100"};
  for (const char* const row : short_ones) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_truncated);
    CHECK(shortest(hex(row)) == errc::cbor_truncated);
    CHECK(well_formed(hex(row)) == errc::cbor_truncated);
  }
  for (unsigned major = 0; major < 8; ++major) {
    for (unsigned info = 28; info < 31; ++info) {
      const octets input{static_cast<std::uint8_t>(major << 5 | info), 0, 0, 0};
      CHECK(cose(input) == errc::cbor_head);
      CHECK(well_formed(input) == errc::cbor_head);
    }
  }
  for (const char* const row : {"1f", "3f", "df", "1f00", "dfff00"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_head);
    CHECK(well_formed(hex(row)) == errc::cbor_head);
  }
  for (unsigned value = 0; value < 256; ++value) {
    const octets input{0xF8, static_cast<std::uint8_t>(value)};
    CHECK(cose(input) == (value < 32 ? errc::cbor_head : errc::ok));
  }
}

TEST_CASE("C-004 CV-08 CV-72 CV-78 indefinite lengths only where they are asked for") {
  const char* const rows[] = {
      "5fff",          "5f4161ff", "5f40ff",   "7fff",           "7f6161ff",
      "9fff",          "9f01ff",   "bfff",     "bf0001ff",       "819fff",
      "a100bfff",      "c19fff",   "9f9fffff", "9f829f01ff02ff", "bf00bf0102ff01a0ff",
      "bf5f4161ff00ff"};
  for (const char* const row : rows) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_indefinite);
    CHECK(shortest(hex(row)) == errc::cbor_indefinite);
    CHECK(well_formed(hex(row)) == errc::ok);
  }
  for (const char* const row :
       {"5f", "5f41", "7f61", "9f", "9f00", "bf", "bf00", "bf0000", "5f4161"}) {
    CAPTURE(row);
    CHECK(well_formed(hex(row)) == errc::cbor_truncated);
  }
  // A break where no item of indefinite length is open, or in the middle of an entry.
  for (const char* const row : {"ff", "81ff", "8200ff", "a1ff", "a100ff", "c1ff", "bf00ff",
                                "bf000001ff", "9f81ff00ff", "9fc1ffff", "9fa100ffff"}) {
    CAPTURE(row);
    CHECK(well_formed(hex(row)) == errc::cbor_break);
  }
  for (const char* const row : {"ff", "81ff", "a1ff", "a100ff", "c1ff"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_break);
  }
  // Chunks are strings of the same type with a length.
  for (const char* const row :
       {"5f00ff", "5f6161ff", "7f4161ff", "5f5fffff", "5f80ff", "5fc140ff"}) {
    CAPTURE(row);
    CHECK(well_formed(hex(row)) == errc::cbor_type);
  }
  CHECK(well_formed(hex("7f61c361a9ff")) == errc::cbor_utf8);
}

TEST_CASE("C-003 CV-10 nothing may follow") {
  for (const char* const row : {"0000", "8000", "a0ff", "820102ff", "6161f6"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_trailing);
  }
  // What was entered must be left, and nothing at all is no error.
  CHECK(outcome("80", [](cbor_reader& r) { CHECK(r.enter_array() == 0); }) == errc::cbor_trailing);
  CHECK(outcome("8101", [](cbor_reader& r) {
          CHECK(r.enter_array() == 1);
          CHECK(r.read_int64() == 1);
          r.leave();
        }) == errc::ok);
  CHECK(outcome("", [](cbor_reader& r) { CHECK(r.peek() == cbor_kind::none); }) == errc::ok);
  CHECK(cbor_reader{bytes{}}.finish() == errc::ok);
}

TEST_CASE("C-006 CV-93 CV-94 text is UTF-8") {
  for (const char* const row : {"60", "6161", "62c3a9", "63e6b0b4", "64f0908591", "64f48fbfbf",
                                "6b61626364656667c3a96869"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::ok);
  }
  for (const char* const row :
       {"6180", "61c3", "62c080", "63eda080", "64f4908080", "62c361", "6a61626364656667686980",
        "61ff", "8161c3", "a161c300", "a10061c3"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_utf8);
  }
  CHECK(cose(hex("41ff")) == errc::ok);
  CHECK(outcome("62c361", [](cbor_reader& r) { CHECK(r.read_text().empty()); }) == errc::cbor_utf8);
}

TEST_CASE("C-005 G-003 nesting") {
  for (const char* const open : {"81", "a100", "c1"}) {
    CAPTURE(open);
    CHECK(cose(repeat(open, 32, "00")) == errc::ok);
    CHECK(cose(repeat(open, 33, "00")) == errc::cbor_depth);
    CHECK(well_formed(repeat(open, 33, "00")) == errc::cbor_depth);
  }
  CHECK(cose(repeat("81", 31, "80")) == errc::ok);
  CHECK(cose(repeat("81", 32, "80")) == errc::cbor_depth);
  CHECK(cose(repeat("81", 32, "a0")) == errc::cbor_depth);
  const octets open_ended = repeat("9f", 32, "");
  CHECK(well_formed(open_ended) == errc::cbor_truncated);
  CHECK(well_formed(repeat("9f", 33, "")) == errc::cbor_depth);
  CHECK(well_formed(repeat("bf00", 33, "")) == errc::cbor_depth);
  CHECK(well_formed(repeat("bf00", 100, "")) == errc::cbor_depth);
  CHECK(well_formed(repeat("a1009f", 100, "")) == errc::cbor_depth);

  // What the caller entered counts, what it left does not.
  const octets nested = repeat("82f6", 33, "00");
  cbor_reader reader{view(nested)};
  for (int i = 0; i < 32; ++i) {
    CHECK(reader.enter_array() == 2);
    reader.read_null();
  }
  CHECK(reader.error() == errc::ok);
  reader.enter_array();
  CHECK(reader.finish() == errc::cbor_depth);

  const octets flat = repeat("80", 100, "");
  cbor_reader many{view(flat)};
  for (int i = 0; i < 100; ++i) {
    std::uint32_t left = many.enter_array();
    CHECK_FALSE(many.next_element(left));
  }
  CHECK(many.finish() == errc::ok);

  // Leaving more than was entered ends in an error, not in unbounded depth.
  const octets deep = repeat("81", 40, "00");
  cbor_reader misused{view(deep)};
  misused.leave();
  CHECK(misused.skip_value().empty());
  CHECK(misused.finish() == errc::cbor_depth);
}

TEST_CASE("C-005 number of elements") {
  octets array = hex("9a00020000");
  array.resize(array.size() + 131072);
  CHECK(cose(array) == errc::ok);
  array[4] = 1;
  array.push_back(0);
  CHECK(cose(array) == errc::cbor_members);
  for (const char* const row : {"9a00020001", "9bffffffffffffffff", "9b0000000100000000",
                                "ba00020001", "bb8000000000000000", "bbffffffffffffffff"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_members);
    CHECK(well_formed(hex(row)) == errc::cbor_members);
  }
  CHECK(cose(hex("9a00020000")) == errc::cbor_truncated);
  CHECK(cose(hex("ba00020000")) == errc::cbor_truncated);
}

TEST_CASE("C-007 CV-65 CV-66 no key stands twice in a map") {
  const char* const rows[] = {"a201000100",
                              "a201001801 00",
                              "a2190001001b000000000000000100",  // integers by value
                              "a220003800 00",
                              "a23bffffffffffffffff003bffffffffffffffff00",
                              "a2616100616100",
                              "a2616100780161 00",
                              "a240005800 00",
                              "a2410100410100",  // strings
                              "a2f400f400",
                              "a2f600f600",
                              "a2f8ff00f8ff00",
                              "a2e000e000",  // simple values
                              "a2f93c0000fa3f80000000",
                              "a2fa3f80000000fb3ff000000000000000",  // floats by value
                              "a2f90001 00fa3380000000",
                              "a2f97c0000fb7ff000000000000000",
                              "a2f97e0000f97e0000",
                              "a3010002000100",
                              "a3010002000200",
                              "a30282010203a0 0200",  // not neighbours
                              "81a201000100",
                              "a100a201000100",
                              "c1a201000100",
                              "a20002 01a201000100",  // inside
                              "a2 0081a0 00a0"};
  for (const char* const row : rows) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_duplicate_key);
    CHECK(well_formed(hex(row)) == errc::cbor_duplicate_key);
  }
  const char* const different[] = {
      "a201002000",          "a20100f93c0000",    "a2616100416100",
      "a2616100616200",      "a2616100626161 00", "a2f400f500",
      "a2f600f700",          "a200004000",        "a2f9000000f9800000",
      "a2f97e0000f97e0100",  "a2f500 1500",       "a200a1000001a10000",
      "82a10000a10000",      "a200a0 01a0",       "a2f95500 00 195500 00",
      "a20001 01a20001 0200"};
  for (const char* const row : different) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::ok);
  }
  // Found on entering, before any entry is read.
  CHECK(outcome("a201001801 00", [](cbor_reader& r) {
          std::uint32_t left = r.enter_map();
          CHECK_FALSE(r.next_entry(left));
          CHECK(r.offset() == 3);
        }) == errc::cbor_duplicate_key);
  // With indefinite lengths, and with keys that have parts.
  for (const char* const row :
       {"bf01000100ff", "bf0100616100180100ff", "a2800080 00", "a281010081 0100",
        "a3a0009fff00 a000", "a25f4161ff005f4161ff00", "a2c10000c10000", "bf9fff009fff00ff",
        "bf019f9fff01ff020001bfffff"}) {
    CAPTURE(row);
    CHECK(well_formed(hex(row)) == errc::cbor_duplicate_key);
  }
  for (const char* const row : {"a280008100 00", "a25f4161ff00416100", "a2a00080 00",
                                "a2c10000c20000", "bf9fff0080009f00ff00ff", "a281010081180100"}) {
    CAPTURE(row);
    CHECK(well_formed(hex(row)) == errc::ok);
  }
}

TEST_CASE("C-008 CV-92 keys are numbers, strings or simple values") {
  for (const char* const row :
       {"a10000", "a12000", "a14000", "a16000", "a1f400", "a1f600", "a1f90000 00", "a1e000"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::ok);
  }
  for (const char* const row :
       {"a18000", "a1a000", "a1c10000", "a200008000", "a100a1c100 00", "a2800080 00"}) {
    CAPTURE(row);
    CHECK(cose(hex(row)) == errc::cbor_key);
    CHECK(shortest(hex(row)) == errc::cbor_key);
  }
  CHECK(well_formed(hex("a3800081000181a002")) == errc::ok);
}

TEST_CASE("G-003 input of 2 GiB and more") {
  const octets input = hex("00");
  cbor_reader reader{bytes{input.data(), 0x80000000U}};
  CHECK(reader.error() == errc::input_too_large);
  CHECK(reader.peek() == cbor_kind::none);
  CHECK(reader.read_unsigned() == 0);
  CHECK(reader.offset() == 0);
  CHECK(reader.finish() == errc::input_too_large);
}

TEST_CASE("G-003 work spent on keys has an end") {
  const auto map_of = [](unsigned entries) {
    octets map{0xB9, static_cast<std::uint8_t>(entries >> 8), static_cast<std::uint8_t>(entries)};
    for (unsigned i = 0; i < entries; ++i) {
      const std::uint8_t entry[] = {0x19, static_cast<std::uint8_t>(i >> 8),
                                    static_cast<std::uint8_t>(i), 0xF6};
      map.insert(map.end(), entry, entry + sizeof entry);
    }
    return map;
  };
  CHECK(cose(map_of(64)) == errc::ok);
  CHECK(cose(map_of(250)) == errc::ok);
  CHECK(cose(map_of(260)) == errc::cbor_key_work);
  CHECK(cose(map_of(65535)) == errc::cbor_key_work);
  // The reader has one purse for all its maps.
  octets maps{0x82};
  const octets map = map_of(200);
  for (int i = 0; i < 2; ++i) maps.insert(maps.end(), map.begin(), map.end());
  CHECK(cose(maps) == errc::cbor_key_work);
  // Long values between keys, and long keys that only differ at the end, are paid for.
  octets wide = hex("a2009a00010000");
  wide.resize(wide.size() + 65536);
  wide.insert(wide.end(), {0x01, 0x00});
  CHECK(cose(wide) == errc::cbor_key_work);
  octets keys = hex("b820");
  for (std::uint8_t i = 0; i < 32; ++i) {
    const octets head = hex("5a00010000");
    keys.insert(keys.end(), head.begin(), head.end());
    keys.resize(keys.size() + 65535);
    keys.insert(keys.end(), {i, 0xF6});
  }
  CHECK(cose(keys) == errc::cbor_key_work);
  // Numbers of parts that add up to more than 32 bits.
  octets huge = hex("a200");
  for (int i = 0; i < 31; ++i) {
    const octets head = hex("9a00020000");
    huge.insert(huge.end(), head.begin(), head.end());
  }
  CHECK(cose(huge) == errc::cbor_truncated);
  CHECK(cose(hex("a200bb80000000000000000100")) == errc::cbor_members);
}

TEST_CASE("C-010 CV-80 CV-81 CV-83 the wrong type") {
  struct row {
    const char* input;
    cbor_kind kind;
  };
  const row rows[] = {{"01", cbor_kind::unsigned_integer},
                      {"20", cbor_kind::negative_integer},
                      {"40", cbor_kind::byte_string},
                      {"60", cbor_kind::text_string},
                      {"80", cbor_kind::array},
                      {"a0", cbor_kind::map},
                      {"c100", cbor_kind::tag},
                      {"f5", cbor_kind::boolean},
                      {"f4", cbor_kind::boolean},
                      {"f6", cbor_kind::null},
                      {"f7", cbor_kind::undefined},
                      {"e0", cbor_kind::simple},
                      {"f820", cbor_kind::simple},
                      {"f90000", cbor_kind::floating},
                      {"fa00000000", cbor_kind::floating},
                      {"fb0000000000000000", cbor_kind::floating}};
  for (const row& r : rows) {
    CAPTURE(r.input);
    const auto check = [&r](cbor_kind wanted, auto read) {
      const octets input = hex(r.input);
      cbor_reader reader{view(input)};
      CHECK(reader.peek() == r.kind);
      read(reader);
      CHECK(reader.error() == (r.kind == wanted ? errc::ok : errc::cbor_type));
    };
    check(cbor_kind::unsigned_integer, [](cbor_reader& x) { x.read_unsigned(); });
    check(cbor_kind::byte_string, [](cbor_reader& x) { x.read_bytes(); });
    check(cbor_kind::text_string, [](cbor_reader& x) { x.read_text(); });
    check(cbor_kind::array, [](cbor_reader& x) { x.enter_array(); });
    check(cbor_kind::map, [](cbor_reader& x) { x.enter_map(); });
    check(cbor_kind::tag, [](cbor_reader& x) { x.read_tag(); });
    check(cbor_kind::boolean, [](cbor_reader& x) { x.read_boolean(); });
    check(cbor_kind::null, [](cbor_reader& x) { x.read_null(); });
    check(cbor_kind::undefined, [](cbor_reader& x) { x.read_undefined(); });
    check(cbor_kind::floating, [](cbor_reader& x) { x.read_float(); });
  }
  for (const char* const row : {"", "fc", "fd", "fe", "ff"}) {
    const octets input = hex(row);
    CHECK(cbor_reader{view(input)}.peek() == cbor_kind::none);
  }
  const octets input = hex("5fff");
  CHECK(basic_cbor_reader<cbor_rules::well_formed>{view(input)}.peek() == cbor_kind::byte_chunks);
}

TEST_CASE("C-009 CV-85 CV-90 no tags where they are refused") {
  for (const char* const row : {"c100", "81d82a00", "a100c100", "a100a16161c2 40", "8201c1f6"}) {
    CAPTURE(row);
    const octets input = hex(row);
    CHECK(cose(input) == errc::ok);
    cbor_reader reader{view(input), nv2::cbor_tags::refuse};
    CHECK(reader.skip_value().empty());
    CHECK(reader.finish() == errc::cbor_tag);
  }
  const octets tag = hex("d818 41a0");
  cbor_reader reader{view(tag), nv2::cbor_tags::refuse};
  CHECK(reader.peek() == cbor_kind::tag);
  CHECK(reader.read_tag() == 0);
  CHECK(reader.finish() == errc::cbor_tag);
  const octets plain = hex("82a10001 4101");
  cbor_reader without{view(plain), nv2::cbor_tags::refuse};
  CHECK(without.skip_value().size() == plain.size());
  CHECK(without.finish() == errc::ok);
}

TEST_CASE("C-009 CV-38 CV-91 CV-92 everything together, item by item") {
  // {1: -7, "t": 1(1700000000), "b": h'0102', 9: [true, false, null, undefined, 16, 1.5], 10: {}}
  const octets input = hex("a5 01 26 6174 c11a6553f100 6162 420102 09 86 f5f4f6f7f0f93e00 0a a0");
  cbor_reader reader{view(input)};
  std::uint32_t entries = reader.enter_map();
  CHECK(entries == 5);
  REQUIRE(reader.next_entry(entries));
  CHECK(reader.read_int64() == 1);
  CHECK(reader.read_int64() == -7);
  REQUIRE(reader.next_entry(entries));
  CHECK(equal(reader.read_text(), "t"));
  CHECK(reader.read_tag() == 1);
  CHECK(reader.read_rounded(cbor_rounding::down) == 1700000000);
  REQUIRE(reader.next_entry(entries));
  CHECK(equal(reader.read_text(), "b"));
  CHECK(equal(reader.read_bytes(), view(hex("0102"))));
  REQUIRE(reader.next_entry(entries));
  CHECK(reader.read_unsigned() == 9);
  const std::size_t list = reader.offset();
  cbor_reader skipper = reader;
  CHECK(equal(skipper.skip_value(), view(hex("86 f5f4f6f7f0f93e00"))));
  std::uint32_t elements = reader.enter_array();
  CHECK(elements == 6);
  REQUIRE(reader.next_element(elements));
  CHECK(reader.read_boolean());
  REQUIRE(reader.next_element(elements));
  CHECK_FALSE(reader.read_boolean());
  REQUIRE(reader.next_element(elements));
  reader.read_null();
  REQUIRE(reader.next_element(elements));
  reader.read_undefined();
  REQUIRE(reader.next_element(elements));
  CHECK(reader.read_simple() == 16);
  REQUIRE(reader.next_element(elements));
  CHECK(reader.read_float().bits == 0x3FF8000000000000);
  CHECK_FALSE(reader.next_element(elements));
  CHECK(reader.offset() == list + 9);
  REQUIRE(reader.next_entry(entries));
  CHECK(reader.read_unsigned() == 10);
  std::uint32_t none = reader.enter_map();
  CHECK_FALSE(reader.next_entry(none));
  CHECK_FALSE(reader.next_entry(entries));
  CHECK(reader.finish() == errc::ok);

  const octets open = hex("9f 01 bf 02 7f 6161 60 6162 ff ff ff");
  basic_cbor_reader<cbor_rules::well_formed> lax{view(open)};
  std::uint32_t outer = lax.enter_array();
  REQUIRE(lax.next_element(outer));
  CHECK(lax.read_unsigned() == 1);
  REQUIRE(lax.next_element(outer));
  std::uint32_t map = lax.enter_map();
  REQUIRE(lax.next_entry(map));
  CHECK(lax.read_unsigned() == 2);
  std::string text;
  for (std::uint32_t left = lax.enter_chunks(); lax.next_element(left);) {
    text += lax.read_text().as_text();
  }
  CHECK(text == "ab");
  CHECK_FALSE(lax.next_entry(map));
  CHECK_FALSE(lax.next_element(outer));
  CHECK(lax.finish() == errc::ok);
  CHECK(outcome("5fff", [](cbor_reader& r) { r.enter_chunks(); }) == errc::cbor_indefinite);
}
