// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/codec/json.hpp>

#include "support/exact.hpp"

using nv2::bytes;
using nv2::errc;
using nv2::json_duplicates;
using nv2::json_kind;
using nv2::json_reader;
using nv2::json_string;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;
using namespace std::string_view_literals;

namespace {

/// A reader over an exact copy of `text`, with memory for exactly `max_members` names.
struct fixture {
  explicit fixture(std::string_view text, std::size_t max_members = 64,
                   json_duplicates duplicates = json_duplicates::refuse)
      : input(text),
        memory(duplicates == json_duplicates::refuse ? 4 * max_members + 3 : 0),
        reader(input.view(), memory, duplicates, max_members) {}
  exact input;
  exact_workspace memory;
  json_reader reader;
};

struct outcome {
  errc code;
  std::size_t offset;
};

outcome check(std::string_view text, json_duplicates duplicates = json_duplicates::refuse) {
  fixture f{text, 64, duplicates};
  const errc code = f.reader.finish();
  CHECK(f.reader.error() == code);
  return {code, f.reader.offset()};
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string all;
  while (count-- > 0) all += text;
  return all;
}

/// Writes what the reader sees, without white space, with strings unescaped and escaped again.
class rewriter {
 public:
  explicit rewriter(json_reader& reader) : reader_(reader) { value(); }
  std::string text;

 private:
  void value() {
    const json_kind kind = reader_.peek();
    if (kind == json_kind::object) return object();
    if (kind == json_kind::array) return array();
    if (kind == json_kind::string) return string(reader_.read_string());
    text += text_of(reader_.skip_value());
  }
  void object() {
    reader_.enter_object();
    text += '{';
    json_string name;
    for (bool first = true; reader_.next_member(name); first = false) {
      if (!first) text += ',';
      string(name);
      text += ':';
      value();
    }
    text += '}';
  }
  void array() {
    reader_.enter_array();
    text += '[';
    for (bool first = true; reader_.next_element(); first = false) {
      if (!first) text += ',';
      value();
    }
    text += ']';
  }
  void string(json_string s) {
    std::string plain;
    nv2::json_chars chars = s.chars();
    for (std::uint8_t c = 0; chars.next(c);) plain += static_cast<char>(c);
    text += nlohmann::json(plain).dump(-1, ' ', true);
  }

  json_reader& reader_;
};

const std::string_view documents[] = {
    R"({"signed":{"digest":"sha256:aa","size":528,"references":["r.io/n:v1","r.io/n:v2"],"iat":1},)"
    R"("signature":{"typ":"x509","sig":"Zm9vYmFyZm9vYmFyZm9v","alg":"RS256","x5c":["QUJD","REVG"]}})",
    " \t\r\n{ \"a\" : [ ] , \"b\" : { } , \"c\" : [ { \"d\" : null } , [ true , false ] ] }\n",
    R"([-0,0,-1,12,3.5,-0.25e+3,1E-2,0e0,"","\"\\\/\b\f\n\r\t\u20ac\ud83d\ude00"])",
    "[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 plain text long enough for the fast "
    "path\",{\"\xC3\xA9\":0}]",
    R"({"":{"":{"":[[[[]]]]}},"x":[1,[2,[3]]]})",
};

}  // namespace

TEST_CASE("G-010: texts that are JSON") {
  const std::string_view good[] = {
      "0",
      "-0",
      "10",
      "-1.5",
      "1e5",
      "1E+5",
      "0.0e-0",
      "\"\"",
      "true",
      "false",
      "null",
      "[]",
      "{}",
      " [ ] ",
      "\t\r\n 1 \t\r\n",
      "[1,2]",
      "[[],{}]",
      "{\"a\":1}",
      "{\"a\":1,\"b\":[]}",
      "[1.5,-2e3]",
      "{\"\":0}",
      "[\"\\u0000\"]",
      "9999999999999999999999999",
      "1e999999",
  };
  for (const std::string_view text : good) {
    CAPTURE(text);
    CHECK(check(text).code == errc::ok);
    CHECK(check(text).offset == text.size());
  }
  for (const std::string_view text : documents) CHECK(check(text).code == errc::ok);
}

TEST_CASE("G-010: texts that are not JSON, why and where") {
  const struct {
    std::string_view text;
    errc expected;
    std::size_t offset;
  } rows[] = {
      {"", errc::json_truncated, 0},
      {" \n", errc::json_truncated, 2},
      {"[", errc::json_truncated, 1},
      {"[1", errc::json_truncated, 2},
      {"[1,", errc::json_truncated, 3},
      {"{", errc::json_truncated, 1},
      {"{\"a", errc::json_truncated, 3},
      {"{\"a\"", errc::json_truncated, 4},
      {"{\"a\":", errc::json_truncated, 5},
      {"{\"a\":1", errc::json_truncated, 6},
      {"{\"a\":1,", errc::json_truncated, 7},
      {"\"", errc::json_truncated, 1},
      {"\"\\", errc::json_truncated, 2},
      {"\"\\u12", errc::json_truncated, 5},
      {"\"\\ud83d\\u", errc::json_truncated, 9},
      {"\"\xE2\x82", errc::json_truncated, 3},
      {"-", errc::json_truncated, 1},
      {"1.", errc::json_truncated, 2},
      {"1e", errc::json_truncated, 2},
      {"1e+", errc::json_truncated, 3},
      {"tru", errc::json_truncated, 3},
      {"n", errc::json_truncated, 1},
      {"fals", errc::json_truncated, 4},

      {"]", errc::json_syntax, 0},
      {"}", errc::json_syntax, 0},
      {",", errc::json_syntax, 0},
      {":", errc::json_syntax, 0},
      {"x", errc::json_syntax, 0},
      {"'a'", errc::json_syntax, 0},
      {"\0"sv, errc::json_syntax, 0},
      {"\xEF\xBB\xBF[]", errc::json_syntax, 0},
      {"\xFE\xFF\0["sv, errc::json_syntax, 0},
      {"\v1", errc::json_syntax, 0},
      {"\f1", errc::json_syntax, 0},
      {"\xC2\xA0"
       "1",
       errc::json_syntax, 0},
      {"// c\n1", errc::json_syntax, 0},
      {"/* c */1", errc::json_syntax, 0},
      {"[1 // c\n]", errc::json_syntax, 3},
      {"[,]", errc::json_syntax, 1},
      {"[,1]", errc::json_syntax, 1},
      {"[1,]", errc::json_syntax, 3},
      {"[1,,2]", errc::json_syntax, 3},
      {"[1 2]", errc::json_syntax, 3},
      {"[1:2]", errc::json_syntax, 2},
      {"[1}", errc::json_syntax, 2},
      {"[\0]"sv, errc::json_syntax, 1},
      {"{]", errc::json_syntax, 1},
      {"{1:2}", errc::json_syntax, 1},
      {"{a:1}", errc::json_syntax, 1},
      {"{\"a\"}", errc::json_syntax, 4},
      {"{\"a\" 1}", errc::json_syntax, 5},
      {"{\"a\",1}", errc::json_syntax, 4},
      {"{\"a\"::1}", errc::json_syntax, 5},
      {"{\"a\":}", errc::json_syntax, 5},
      {"{\"a\":1,}", errc::json_syntax, 7},
      {"{\"a\":1 \"b\":2}", errc::json_syntax, 7},
      {"{\"a\":1,,\"b\":2}", errc::json_syntax, 7},
      {"{\"a\":1]", errc::json_syntax, 6},
      {"{,\"a\":1}", errc::json_syntax, 1},
      {"{null:1}", errc::json_syntax, 1},
      {"True", errc::json_syntax, 0},
      {"TRUE", errc::json_syntax, 0},
      {"trux", errc::json_syntax, 3},
      {"nul1", errc::json_syntax, 3},
      {"fAlse", errc::json_syntax, 1},
      {"NaN", errc::json_syntax, 0},
      {"-Infinity", errc::json_syntax, 1},
      {"+1", errc::json_syntax, 0},
      {".5", errc::json_syntax, 0},
      {"-.5", errc::json_syntax, 1},
      {"01", errc::json_syntax, 0},
      {"-01", errc::json_syntax, 1},
      {"00.5", errc::json_syntax, 0},
      {"[01]", errc::json_syntax, 1},
      {"1.e5", errc::json_syntax, 2},
      {"1.-5", errc::json_syntax, 2},
      {"1ee5", errc::json_syntax, 2},
      {"1e+-5", errc::json_syntax, 3},
      {"1e5.0", errc::json_trailing, 3},
      {"--1", errc::json_syntax, 1},
      {"0x1", errc::json_trailing, 1},
      {"1_000", errc::json_trailing, 1},
      {"\"a\nb\"", errc::json_syntax, 2},
      {"\"a\tb\"", errc::json_syntax, 2},
      {"\"\0\""sv, errc::json_syntax, 1},
      {"\"\x1F\"", errc::json_syntax, 1},

      {"1 2", errc::json_trailing, 2},
      {"[] []", errc::json_trailing, 3},
      {"{}}", errc::json_trailing, 2},
      {"[]]", errc::json_trailing, 2},
      {"[],", errc::json_trailing, 2},
      {"truefalse", errc::json_trailing, 4},
      {"\"a\"b", errc::json_trailing, 3},
      {"[]\0"sv, errc::json_trailing, 2},
      {"{} // c", errc::json_trailing, 3},

      {"\"\xFF\"", errc::json_utf8, 1},
      {"\"a\x80\"", errc::json_utf8, 2},
      {"\"\xC3(\"", errc::json_utf8, 2},
      {"\"\xED\xA0\x80\"", errc::json_utf8, 3},
      {"{\"\xFF\":1}", errc::json_utf8, 2},
      {"\"\\x\"", errc::json_escape, 2},
      {"\"\\u00g0\"", errc::json_escape, 5},
      {"\"\\ud800\"", errc::json_escape, 7},
      {"\"\\udc00\"", errc::json_escape, 7},
      {"{\"\\q\":1}", errc::json_escape, 3},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const outcome got = check(row.text);
    CHECK(nv2::name(got.code) == std::string(nv2::name(row.expected)));
    CHECK(got.offset == row.offset);
  }
}

TEST_CASE("typed reads give the values of a document in its order") {
  fixture f{R"({"a":-7,"b":true,"c":null,"d":["x",false],"e":{"f":"y"},"g":0})"};
  json_reader& r = f.reader;
  json_string name;
  CHECK(r.peek() == json_kind::object);
  r.enter_object();
  CHECK(r.peek() == json_kind::none);
  REQUIRE(r.next_member(name));
  CHECK(name.equals("a"));
  CHECK(r.peek() == json_kind::number);
  CHECK(r.read_integer() == -7);
  REQUIRE(r.next_member(name));
  CHECK(r.peek() == json_kind::boolean);
  CHECK(r.read_boolean());
  REQUIRE(r.next_member(name));
  CHECK(r.peek() == json_kind::null);
  r.read_null();
  REQUIRE(r.next_member(name));
  CHECK(r.peek() == json_kind::array);
  r.enter_array();
  REQUIRE(r.next_element());
  CHECK(r.peek() == json_kind::string);
  CHECK(r.read_string().equals("x"));
  REQUIRE(r.next_element());
  CHECK(!r.read_boolean());
  CHECK(!r.next_element());
  REQUIRE(r.next_member(name));
  CHECK(name.equals("e"));
  r.enter_object();
  REQUIRE(r.next_member(name));
  CHECK(name.equals("f"));
  CHECK(r.read_string().equals("y"));
  CHECK(!r.next_member(name));
  REQUIRE(r.next_member(name));
  CHECK(name.equals("g"));
  CHECK(r.read_integer() == 0);
  CHECK(!r.next_member(name));
  CHECK(name.raw().empty());
  CHECK(r.finish() == errc::ok);
}

TEST_CASE("G-011: names are compared exactly, after unescaping") {
  fixture f{R"({"Signed":1,"signed ":2,"\u0073igned":3})"};
  f.reader.enter_object();
  std::vector<std::int64_t> found;
  for (json_string name; f.reader.next_member(name);) {
    if (name.equals("signed")) found.push_back(f.reader.read_integer());
  }
  CHECK(f.reader.finish() == errc::ok);
  CHECK(found == std::vector<std::int64_t>{3});
}

TEST_CASE("G-012: json_duplicate_name, in the same object and after unescaping") {
  const struct {
    std::string_view text;
    bool refused;
    std::size_t offset;
  } rows[] = {
      {R"({"a":1,"a":2})", true, 8},
      {R"({"a":1,"b":2,"a":3})", true, 14},
      {R"({"a":1,"\u0061":2})", true, 8},
      {R"({"\u0061":1,"a":2})", true, 13},
      {R"({"\u0061":1,"\u0061":2})", true, 13},
      {R"({"\u00E9":1,"\u00e9":2})", true, 13},
      {"{\"\xC3\xA9\":1,\"\\u00e9\":2}", true, 9},
      {R"({"\ud83d\ude00x":1,"\uD83D\uDE00x":2})", true, 20},
      {R"({"a\/b":1,"a/b":2})", true, 11},
      {R"({"\n":1,"\u000a":2})", true, 9},
      {R"({"\"":1,"\u0022":2})", true, 9},
      {R"({"\\":1,"\u005c":2})", true, 9},
      {R"({"":1,"":2})", true, 7},
      {R"({" : ":1," : ":2})", true, 10},
      {R"({"o":{"a":1,"a":2}})", true, 13},
      {R"([{"a":1},{"a":1,"a":2}])", true, 17},
      {R"({"a":{"b":1},"c":{"b":1},"a":2})", true, 26},
      {R"({"a":{"a":{"a":1}}})", false, 0},
      {R"({"a":{"b":1},"b":{"a":1}})", false, 0},
      {R"([{"a":1},{"a":1}])", false, 0},
      {R"({"x":{},"y":{},"z":{"x":{},"y":{}}})", false, 0},
      {R"({"a":1,"A":2})", false, 0},
      {R"({"a":1,"aa":2,"aaa":3,"":4})", false, 0},
      {R"({"aaa":1,"aa":2,"a":3})", false, 0},
      {R"({"a":1,"\\u0061":2})", false, 0},
      {R"({"\u0061b":1,"a":2,"\u0061":3})", true, 20},
      {R"({"a\u0000":1,"a":2})", false, 0},
      {R"({"a\"":1,"a":2,"a\\":3})", false, 0},
      {R"({"\u00e9":1,"\u00ea":2,"\u00e90":3,"\u00c3\u00a9":4})", false, 0},
      {R"({"\ud83d\ude00":1,"\ud83d\ude01":2})", false, 0},
      {R"({"\u0041\u0042":1,"A\u0043":2})", false, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const outcome got = check(row.text);
    CHECK(got.code == (row.refused ? errc::json_duplicate_name : errc::ok));
    if (row.refused) CHECK(got.offset == row.offset);
    CHECK(check(row.text, json_duplicates::last_wins).code == errc::ok);
  }
}

TEST_CASE("G-012: of many names each is compared with each") {
  for (std::size_t repeated = 0; repeated < 20; ++repeated) {
    for (std::size_t place = repeated + 1; place < 20; ++place) {
      std::string text = "{";
      for (std::size_t i = 0; i < 20; ++i) {
        if (i > 0) text += ',';
        text += "\"name" + std::to_string(i == place ? repeated : i) + "\":{\"name0\":[]}";
      }
      CHECK(check(text + "}").code == errc::json_duplicate_name);
    }
  }
}

TEST_CASE("G-003: json_members counts the names of all objects that are open") {
  const auto object = [](std::size_t members, const std::string& last) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
      if (i > 0) text += ',';
      text += '"' + std::to_string(i) + "\":" + (i + 1 == members ? last : "0");
    }
    return text + '}';
  };
  const auto run = [](const std::string& text, std::size_t max) {
    fixture f{text, max};
    return f.reader.finish();
  };
  CHECK(run(object(64, "0"), 64) == errc::ok);
  CHECK(run(object(65, "0"), 64) == errc::json_members);
  CHECK(run(object(65, "0"), 65) == errc::ok);
  CHECK(run(object(3, object(2, "0")), 5) == errc::ok);
  CHECK(run(object(3, object(2, "0")), 4) == errc::json_members);
  CHECK(run("[" + object(5, "0") + "," + object(5, "[]") + "]", 5) == errc::ok);
  CHECK(run("{\"a\":" + object(4, "{}") + ",\"b\":" + object(4, "{}") + "}", 6) == errc::ok);
  CHECK(run("{\"a\":" + object(4, "{}") + ",\"b\":" + object(5, "{}") + "}", 6) ==
        errc::json_members);
  CHECK(run("{}", 0) == errc::ok);
  CHECK(run("{\"a\":0}", 0) == errc::json_members);
  fixture unlimited{object(5000, "0"), 0, json_duplicates::last_wins};
  CHECK(unlimited.reader.finish() == errc::ok);
}

TEST_CASE("G-003: json_depth after 32 levels of either kind") {
  CHECK(check(repeat("[", 32) + repeat("]", 32)).code == errc::ok);
  CHECK(check(repeat("[", 33) + repeat("]", 33)).code == errc::json_depth);
  CHECK(check(repeat("[", 33)).offset == 32);
  CHECK(check(repeat("{\"a\":", 32) + "0" + repeat("}", 32)).code == errc::ok);
  CHECK(check(repeat("{\"a\":", 33) + "0" + repeat("}", 33)).code == errc::json_depth);
  CHECK(check(repeat("[{\"a\":", 16) + "0" + repeat("}]", 16)).code == errc::ok);
  CHECK(check(repeat("[{\"a\":", 16) + "{}" + repeat("}]", 16)).code == errc::json_depth);
  CHECK(check(repeat("[{\"a\":", 16) + "0" + repeat("]}", 16)).code == errc::json_syntax);
  CHECK(check(repeat("[", 100000)).code == errc::json_depth);
  CHECK(check("[" + repeat("[],", 1000) + "{}]").code == errc::ok);
  fixture f{repeat("[", 33)};
  for (int i = 0; i < 32; ++i) {
    f.reader.enter_array();
    CHECK(f.reader.next_element());
  }
  f.reader.enter_array();
  CHECK(f.reader.error() == errc::json_depth);
}

TEST_CASE("G-013: integers of 64 bits, exactly") {
  const struct {
    std::string_view text;
    std::int64_t value;
  } good[] = {
      {"0", 0},
      {"-0", 0},
      {"7", 7},
      {"-1", -1},
      {"1234567890123456789", 1234567890123456789},
      {"999999999999999999", 999999999999999999},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775807", -INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
  };
  for (const auto& row : good) {
    CAPTURE(row.text);
    fixture f{row.text};
    CHECK(f.reader.read_integer() == row.value);
    CHECK(f.reader.finish() == errc::ok);
  }
  const struct {
    std::string_view text;
    errc expected;
  } wrong[] = {
      {"9223372036854775808", errc::json_number},
      {"-9223372036854775809", errc::json_number},
      {"9999999999999999999", errc::json_number},
      {"-9999999999999999999", errc::json_number},
      {"18446744073709551615", errc::json_number},
      {"18446744073709551616", errc::json_number},
      {"10000000000000000000", errc::json_number},
      {"100000000000000000000000000000000", errc::json_number},
      {"528.0", errc::json_number},
      {"0.5", errc::json_number},
      {"1e3", errc::json_number},
      {"1E0", errc::json_number},
      {"-0.0", errc::json_number},
      {"01", errc::json_syntax},
      {"-01", errc::json_syntax},
      {"-", errc::json_truncated},
      {"-x", errc::json_syntax},
      {"1.", errc::json_truncated},
      {"1.x", errc::json_syntax},
      {"+1", errc::json_syntax},
      {"\"1\"", errc::json_type},
      {"null", errc::json_type},
      {"true", errc::json_type},
      {"[1]", errc::json_type},
      {"1 1", errc::json_trailing},
      {"1x", errc::json_trailing},
      {"0x10", errc::json_trailing},
  };
  for (const auto& row : wrong) {
    CAPTURE(row.text);
    fixture f{row.text};
    const std::int64_t value = f.reader.read_integer();
    CHECK(f.reader.finish() == row.expected);
    if (row.expected != errc::json_trailing) CHECK(value == 0);
  }
}

TEST_CASE("G-014: json_type for every value of another kind, null included") {
  const std::string_view values[] = {"{}", "[]", "\"s\"", "1", "true", "null"};
  for (std::size_t wanted = 0; wanted < 6; ++wanted) {
    for (std::size_t given = 0; given < 6; ++given) {
      CAPTURE(wanted);
      CAPTURE(given);
      fixture f{" " + std::string(values[given])};
      json_reader& r = f.reader;
      json_string name;
      switch (wanted) {
        case 0:
          r.enter_object();
          if (wanted == given) CHECK(!r.next_member(name));
          break;
        case 1:
          r.enter_array();
          if (wanted == given) CHECK(!r.next_element());
          break;
        case 2: CHECK(r.read_string().equals(wanted == given ? "s" : "")); break;
        case 3: CHECK(r.read_integer() == (wanted == given ? 1 : 0)); break;
        case 4: CHECK(r.read_boolean() == (wanted == given)); break;
        default: r.read_null(); break;
      }
      CHECK(r.finish() == (wanted == given ? errc::ok : errc::json_type));
      if (wanted != given) CHECK(r.offset() == 1);
    }
  }
}

TEST_CASE("N-004: skip_value returns exactly the bytes of the value") {
  const std::string value = "{ \"size\" : 5 ,\n\t\"x\":[ 1, \"}\" ] }";
  fixture f{"{\"before\":1 , \"signed\" : \r\n" + value + " \t, \"after\" :2}"};
  f.reader.enter_object();
  std::string found;
  for (json_string name; f.reader.next_member(name);) {
    if (name.equals("signed")) found = text_of(f.reader.skip_value());
  }
  CHECK(f.reader.finish() == errc::ok);
  CHECK(found == value);
  for (const std::string_view scalar :
       {"1"sv, "-1.5e+10"sv, "true"sv, "null"sv, "\"a\\n\""sv, "[]"sv, "{}"sv, "[ [ ] ]"sv}) {
    fixture s{" \n" + std::string(scalar) + "\n "};
    CHECK(s.reader.skip_value().as_text() == scalar);
    CHECK(s.reader.finish() == errc::ok);
    fixture e{"[" + std::string(scalar) + " ," + std::string(scalar) + "]"};
    e.reader.enter_array();
    REQUIRE(e.reader.next_element());
    CHECK(e.reader.skip_value().as_text() == scalar);
    REQUIRE(e.reader.next_element());
    CHECK(e.reader.skip_value().as_text() == scalar);
    CHECK(!e.reader.next_element());
    CHECK(e.reader.finish() == errc::ok);
  }
}

TEST_CASE("skip_value checks what it skips") {
  const struct {
    std::string_view text;
    errc expected;
  } rows[] = {
      {"[1,{\"a\":[tru]}]", errc::json_syntax},
      {"[1,{\"a\":\"\\x\"}]", errc::json_escape},
      {"[[1,{\"a\":1,\"a\":2}]]", errc::json_duplicate_name},
      {"[[\"\xFF\"]]", errc::json_utf8},
      {"[[1}]", errc::json_syntax},
      {"[[1", errc::json_truncated},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    fixture f{row.text};
    CHECK(f.reader.skip_value().empty());
    CHECK(f.reader.error() == row.expected);
  }
}

TEST_CASE("G-015: values that nobody reads are checked and skipped") {
  fixture f{R"({"a":{"x":[1,2,{}]},"b":[true],"c":"s","d":9,"e":null})"};
  f.reader.enter_object();
  int members = 0;
  std::int64_t d = 0;
  for (json_string name; f.reader.next_member(name); ++members) {
    if (name.equals("d")) d = f.reader.read_integer();
  }
  CHECK(members == 5);
  CHECK(d == 9);
  CHECK(f.reader.finish() == errc::ok);

  fixture elements{"[1,[2,3],{\"a\":[]}]"};
  elements.reader.enter_array();
  int count = 0;
  while (elements.reader.next_element()) ++count;
  CHECK(count == 3);
  CHECK(elements.reader.finish() == errc::ok);

  fixture wrong{R"({"a":[1,],"b":1})"};
  wrong.reader.enter_object();
  json_string name;
  CHECK(wrong.reader.next_member(name));
  CHECK(!wrong.reader.next_member(name));
  CHECK(wrong.reader.finish() == errc::json_syntax);

  fixture nothing_read{"[1,2]"};
  CHECK(nothing_read.reader.finish() == errc::ok);
  fixture nothing_read_wrong{"[1,2"};
  CHECK(nothing_read_wrong.reader.finish() == errc::json_truncated);
}

TEST_CASE("a caller that loses its place is refused, not misled") {
  json_string name;
  SUBCASE("a second read of one value") {
    fixture f{"[1,2]"};
    f.reader.enter_array();
    CHECK(f.reader.next_element());
    CHECK(f.reader.read_integer() == 1);
    CHECK(f.reader.read_integer() == 0);
    CHECK(f.reader.finish() == errc::json_syntax);
  }
  SUBCASE("a read before next_element") {
    fixture f{"[1]"};
    f.reader.enter_array();
    CHECK(f.reader.read_integer() == 0);
    CHECK(f.reader.error() == errc::json_syntax);
  }
  SUBCASE("a second skip of one value") {
    fixture f{"[1,2]"};
    f.reader.enter_array();
    CHECK(f.reader.next_element());
    CHECK(!f.reader.skip_value().empty());
    CHECK(f.reader.skip_value().empty());
    CHECK(f.reader.error() == errc::json_syntax);
  }
  SUBCASE("members of an array and elements of an object") {
    fixture f{"[1]"};
    f.reader.enter_array();
    CHECK(!f.reader.next_member(name));
    CHECK(f.reader.error() == errc::json_type);
    fixture g{"{\"a\":1}"};
    g.reader.enter_object();
    CHECK(!g.reader.next_element());
    CHECK(g.reader.error() == errc::json_type);
  }
  SUBCASE("members of nothing") {
    fixture f{"{\"a\":1}"};
    CHECK(!f.reader.next_member(name));
    CHECK(f.reader.error() == errc::json_type);
  }
  SUBCASE("an inner array left before its end") {
    fixture f{"{\"a\":[1,2],\"b\":1}"};
    f.reader.enter_object();
    CHECK(f.reader.next_member(name));
    f.reader.enter_array();
    CHECK(f.reader.next_element());
    CHECK(!f.reader.next_member(name));
    CHECK(f.reader.error() == errc::json_type);
  }
  SUBCASE("finish before the end") {
    fixture f{"{\"a\":1,\"b\":2}"};
    f.reader.enter_object();
    CHECK(f.reader.next_member(name));
    CHECK(f.reader.read_integer() == 1);
    CHECK(f.reader.finish() == errc::json_trailing);
  }
}

TEST_CASE("the first error sticks and makes everything after it harmless") {
  fixture f{R"({"a":1,"b":{"c":[true]}})"};
  json_reader& r = f.reader;
  json_string name;
  r.enter_object();
  CHECK(r.next_member(name));
  r.fail(errc::claim_size_negative);
  r.fail(errc::json_type);
  const std::size_t offset = r.offset();
  CHECK(r.peek() == json_kind::none);
  CHECK(r.read_integer() == 0);
  CHECK(!r.read_boolean());
  r.read_null();
  CHECK(r.read_string().raw().empty());
  CHECK(r.skip_value().empty());
  r.enter_object();
  r.enter_array();
  CHECK(!r.next_member(name));
  CHECK(name.raw().empty());
  CHECK(!r.next_element());
  CHECK(r.offset() == offset);
  CHECK(r.error() == errc::claim_size_negative);
  CHECK(r.finish() == errc::claim_size_negative);
  CHECK(r.finish() == errc::claim_size_negative);
  CHECK(r.offset() == offset);
}

TEST_CASE("input_too_large: texts whose offsets do not fit") {
  if constexpr (sizeof(std::size_t) > 4) {
    // Nothing but the size is looked at, so that nothing needs to be there.
    static const std::uint8_t byte = '1';
    const std::uint8_t* volatile somewhere = &byte;
    exact_workspace memory{4};
    json_reader r{bytes{somewhere, std::size_t{1} << 31}, memory, json_duplicates::refuse, 1};
    CHECK(r.peek() == json_kind::none);
    CHECK(r.skip_value().empty());
    CHECK(r.finish() == errc::input_too_large);
  }
}

TEST_CASE("workspace_exhausted: every workspace that is too small for the names") {
  const exact text{documents[0]};
  for (std::size_t size = 0; size < 4 * 20; ++size) {
    exact_workspace memory{size};
    json_reader r{text.view(), memory, json_duplicates::refuse, 20};
    CHECK(r.peek() == json_kind::none);
    CHECK(r.finish() == errc::workspace_exhausted);
    CHECK(memory.mark() == 0);
  }
  exact_workspace memory{4 * 20 + 3};
  json_reader r{text.view(), memory, json_duplicates::refuse, 20};
  CHECK(r.finish() == errc::ok);
  exact_workspace none{0};
  json_reader unchecked{text.view(), none, json_duplicates::last_wins};
  CHECK(unchecked.finish() == errc::ok);
  json_reader absurd{text.view(), memory, json_duplicates::refuse, SIZE_MAX};
  CHECK(absurd.finish() == errc::workspace_exhausted);
}

TEST_CASE("documents read like an independent reader reads them") {
  for (const std::string_view text : documents) {
    fixture f{text};
    const rewriter rewritten{f.reader};
    REQUIRE(f.reader.finish() == errc::ok);
    CHECK(nlohmann::json::parse(rewritten.text) == nlohmann::json::parse(text));
  }
}

TEST_CASE("sweep: of the beginnings of a document none is accepted") {
  for (const std::string_view text : documents) {
    const std::size_t size = text.find_last_of("]}") + 1;
    for (std::size_t cut = 0; cut < size; ++cut) {
      CAPTURE(cut);
      const outcome got = check(text.substr(0, cut));
      REQUIRE(got.code == errc::json_truncated);
      REQUIRE(got.offset == cut);
      fixture f{text.substr(0, cut)};
      const rewriter rewritten{f.reader};
      REQUIRE(f.reader.finish() == errc::json_truncated);
    }
  }
}

TEST_CASE("sweep: with any byte replaced, removed or doubled, two readers still agree") {
  const auto agree = [](const std::string& text) {
    // The other reader takes a NUL for the end of the text.
    const bool expected = text.find('\0') == std::string::npos && nlohmann::json::accept(text);
    const bool accepted = check(text, json_duplicates::last_wins).code == errc::ok;
    REQUIRE(accepted == expected);
    const errc strict = check(text).code;
    const bool repeats = strict == errc::json_duplicate_name;
    REQUIRE((repeats || (strict == errc::ok) == expected));
    if (!accepted) return;
    fixture f{text, 64, json_duplicates::last_wins};
    const rewriter rewritten{f.reader};
    REQUIRE(nlohmann::json::parse(rewritten.text) == nlohmann::json::parse(text));
  };
  for (const std::string_view document : documents) {
    for (std::size_t i = 0; i < document.size(); ++i) {
      CAPTURE(i);
      std::string text{document};
      text.erase(i, 1);
      agree(text);
      text.insert(i, 2, document[i]);
      agree(text);
      text = document;
      for (unsigned c = 0; c < 256; ++c) {
        CAPTURE(c);
        text[i] = static_cast<char>(c);
        agree(text);
      }
    }
  }
}

TEST_CASE("the work of comparing long equal names is bounded by their number") {
  // 40 names of 20000 characters that differ in the last one only.
  std::string text = "{";
  for (char last = 'A'; last < 'A' + 40; ++last) {
    if (last > 'A') text += ',';
    text += '"' + std::string(20000, 'n') + (last == '\\' ? '/' : last) + "\":0";
  }
  CHECK(check(text + '}').code == errc::ok);
}

TEST_CASE("room for more names than there is memory is refused before it is counted out") {
  for (const std::size_t names :
       {SIZE_MAX / sizeof(std::uint32_t) + 1, SIZE_MAX / 4, SIZE_MAX, std::size_t{17}}) {
    nv2::static_workspace<64> memory;
    nv2::json_reader reader{nv2::bytes::of(R"({"a":1})"), memory, nv2::json_duplicates::refuse,
                            names};
    CHECK(reader.error() == nv2::errc::workspace_exhausted);
    CHECK(memory.mark() == 0);
  }
}
