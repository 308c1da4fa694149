// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <nv2/codec/json.hpp>

#include "support/exact.hpp"

using nv2::base64_alphabet;
using nv2::base64_rules;
using nv2::bytes;
using nv2::errc;
using nv2::json_string;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;
using namespace std::string_view_literals;

namespace {

/// The only string of a text, which lives as long as this.
class parsed {
 public:
  explicit parsed(std::string_view inside) : text_('"' + std::string(inside) + '"') {
    exact_workspace memory{0};
    nv2::json_reader reader{text_.view(), memory, nv2::json_duplicates::last_wins};
    string = reader.read_string();
    code = reader.finish();
    offset = reader.offset();
  }
  json_string string;
  errc code = errc::unset;
  std::size_t offset = 0;

 private:
  exact text_;
};

std::string unescaped(json_string string) {
  std::string text;
  nv2::json_chars chars = string.chars();
  for (std::uint8_t c = 0; chars.next(c);) text += static_cast<char>(c);
  std::uint8_t c = 0;
  CHECK(!chars.next(c));
  return text;
}

std::string escape_all(std::string_view ascii) {
  static constexpr char digits[] = "0123456789aBcDeF";
  std::string text;
  for (const char c : ascii) {
    text += "\\u00";
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[c & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("what is escaped reads as what it means") {
  const struct {
    std::string_view inside, meaning;
  } rows[] = {
      {"", ""},
      {"plain", "plain"},
      {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
      {R"(\u0041\u007a)", "Az"},
      {R"(\u0000)", "\0"sv},
      {R"(a\u0000b)", "a\0b"sv},
      {R"(\u001f\u007F)", "\x1F\x7F"},
      {R"(\u0080)", "\xC2\x80"},
      {R"(\u07ff)", "\xDF\xBF"},
      {R"(\u0800)", "\xE0\xA0\x80"},
      {R"(\ud7ff\ue000)", "\xED\x9F\xBF\xEE\x80\x80"},
      {R"(\uFFFF)", "\xEF\xBF\xBF"},
      {R"(\ud800\udc00)", "\xF0\x90\x80\x80"},
      {R"(\uDBFF\uDFFF)", "\xF4\x8F\xBF\xBF"},
      {R"(x\ud83d\ude00y)", "x\xF0\x9F\x98\x80y"},
      {"\xC3\xA9\\n", "\xC3\xA9\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.inside);
    const parsed p{row.inside};
    REQUIRE(p.code == errc::ok);
    CHECK(text_of(p.string.raw()) == row.inside);
    CHECK(p.string.has_escapes() == (row.inside.find('\\') != std::string_view::npos));
    CHECK(unescaped(p.string) == row.meaning);
    CHECK(p.string.equals(row.meaning));
    CHECK(!p.string.equals(std::string(row.meaning) + 'x'));
    if (!row.meaning.empty()) {
      CHECK(!p.string.equals(row.meaning.substr(0, row.meaning.size() - 1)));
      CHECK(!p.string.equals(row.meaning.substr(1)));
    }
    if (row.inside != row.meaning) CHECK(!p.string.equals(row.inside));
  }
}

TEST_CASE("every code point, escaped and not, reads as its UTF-8") {
  for (std::uint32_t code = 0; code < 0x110000; code += code < 0x3000 ? 1 : 0xFD) {
    if (code >= 0xD800 && code < 0xE000) continue;
    const std::string utf8 =
        nlohmann::json::parse([code] {
          char text[32];
          if (code < 0x10000) {
            std::snprintf(text, sizeof text, "\"\\u%04x\"", code);
          } else {
            std::snprintf(text, sizeof text, "\"\\u%04X\\u%04x\"",
                          0xD800 + ((code - 0x10000) >> 10), 0xDC00 + (code & 0x3FF));
          }
          return std::string(text);
        }())
            .get<std::string>();
    const std::string escaped = nlohmann::json(utf8).dump(-1, ' ', true);
    const parsed p{escaped.substr(1, escaped.size() - 2)};
    CAPTURE(code);
    REQUIRE(p.code == errc::ok);
    REQUIRE(unescaped(p.string) == utf8);
    if (code < 0x20 || code == '"' || code == '\\') continue;
    const parsed q{utf8};
    REQUIRE(q.code == errc::ok);
    REQUIRE(!q.string.has_escapes());
    REQUIRE(unescaped(q.string) == utf8);
  }
}

TEST_CASE("json_escape: escapes that are none, and halves of surrogate pairs") {
  const std::string_view wrong[] = {
      R"(\a)",
      R"(\v)",
      R"(\0)",
      R"(\')",
      R"(\x41)",
      R"(\U0041)",
      R"(\ )",
      "\\\n",
      "\\\xC3\xA9",
      R"(\u)",
      R"(\u1)",
      R"(\u12)",
      R"(\u123)",
      R"(\u123g)",
      R"(\u12 3)",
      R"(\ug123)",
      R"(\u-123)",
      R"(\u+123)",
      R"(\u00 1)",
      R"(\u0x41)",
      R"(\ud800)",
      R"(\udbff)",
      R"(\udc00)",
      R"(\udfff)",
      R"(\ud800x)",
      R"(\ud800\n)",
      R"(\ud800\u0041)",
      R"(\ud800\ud800)",
      R"(\ud800\ue000)",
      R"(\udc00\ud800)",
      R"(\ud800\udbff)",
      R"(\ud83d\u)",
      R"(\ud83d \ude00)",
      R"(\ud83d\\ude00)",
      R"(\ud83d\Ude00)",
      "\\u004\0"sv,
      "\\u004/",
      "\\u004:",
      "\\u004@",
      "\\u004G",
      "\\u004`",
      "\\u004g",
  };
  for (const std::string_view inside : wrong) {
    CAPTURE(inside);
    const parsed p{inside};
    CHECK(p.code == errc::json_escape);
    CHECK(p.string.raw().empty());
    CHECK(parsed{"some text before it " + std::string(inside) + " and after"}.code ==
          errc::json_escape);
  }
}

TEST_CASE("json_utf8: what is no UTF-8") {
  const std::string_view wrong[] = {
      "\x80",
      "\xBF",
      "\xC0\x80",
      "\xC1\xBF",
      "\xC2",
      "\xC2\x41",
      "\xC2\xC0",
      "\xDF\x7F",
      "\xE0\x80\x80",
      "\xE0\x9F\xBF",
      "\xE0\xA0",
      "\xE0\xA0\x41",
      "\xE1\x41\x80",
      "\xED\xA0\x80",
      "\xED\xBF\xBF",
      "\xED\xA0\x80\xED\xB0\x80",
      "\xEF\xBF",
      "\xF0\x80\x80\x80",
      "\xF0\x8F\xBF\xBF",
      "\xF0\x90\x80",
      "\xF4\x90\x80\x80",
      "\xF5\x80\x80\x80",
      "\xF8\x88\x80\x80\x80",
      "\xFC\x84\x80\x80\x80\x80",
      "\xFE",
      "\xFF",
      "\xF1\x80\x80\x41",
      "\xF1\x80\xC0\x80",
  };
  for (const std::string_view inside : wrong) {
    CAPTURE(inside.size());
    CHECK(parsed{inside}.code == errc::json_utf8);
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string padding(before, 'a');
      CHECK(parsed{padding + std::string(inside) + "0123456789abcdef"}.code == errc::json_utf8);
    }
  }
}

TEST_CASE("json_utf8: all pairs and the ends of all triples agree with an independent reader") {
  const auto accepted = [](const std::string& inside) {
    const std::string text = '"' + inside + '"';
    return nlohmann::json::accept(text);
  };
  for (int a = 0x20; a < 256; ++a) {
    for (int b = 0x20; b < 256; ++b) {
      const std::string two = {static_cast<char>(a), static_cast<char>(b)};
      if (a == '\\' || b == '\\' || a == '"' || b == '"') continue;
      REQUIRE((parsed{two}.code == errc::ok) == accepted(two));
      if (a < 0xE0) continue;
      for (const char* rest : {"\x7F", "\x80", "\xBF", "\xC0", "\x80\x80", "\xBF\xBF", "\x80\x7F",
                               "\xBF\xC0", "\x80\x80\x80"}) {
        REQUIRE((parsed{two + rest}.code == errc::ok) == accepted(two + rest));
      }
    }
  }
}

TEST_CASE("json_syntax: control characters are not written raw in strings, wherever they stand") {
  for (unsigned c = 0; c < 256; ++c) {
    for (std::size_t before = 0; before < 40; ++before) {
      CAPTURE(c);
      CAPTURE(before);
      std::string inside(before, 'a');
      inside += static_cast<char>(c);
      inside += "bcdefghijklmnopqrstuvwxyz";
      const parsed p{inside};
      errc expected = c < 0x20 ? errc::json_syntax : c >= 0x80 ? errc::json_utf8 : errc::ok;
      if (c == '"') expected = errc::json_trailing;
      if (c == '\\') continue;  // \b means something
      REQUIRE(p.code == expected);
      if (expected == errc::json_syntax) REQUIRE(p.offset == before + 1);
      if (expected == errc::ok) REQUIRE(text_of(p.string.raw()) == inside);
    }
  }
}

TEST_CASE("strings of any length end where they end") {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string inside(size, '~');
    const parsed p{inside};
    CHECK(p.code == errc::ok);
    CHECK(p.string.raw().size() == size);
    const exact open{'"' + inside};
    exact_workspace memory{0};
    nv2::json_reader reader{open.view(), memory, nv2::json_duplicates::last_wins};
    CHECK(reader.finish() == errc::json_truncated);
    CHECK(reader.offset() == size + 1);
  }
}

TEST_CASE("G-011 a string is found in a list of names by what it reads") {
  constexpr const char* names = "\4size\6digest\3siz";
  CHECK(parsed("size").string.find_in(names) == 0);
  CHECK(parsed("digest").string.find_in(names) == 1);
  CHECK(parsed("d\\u0069gest").string.find_in(names) == 1);
  CHECK(parsed("siz").string.find_in(names) == 2);
  for (const char* const none : {"", "s", "sizes", "Size", "\\u0004size", "d\\u0049gest"}) {
    CAPTURE(none);
    CHECK(parsed(none).string.find_in(names) == 3);
  }
  CHECK(parsed("size").string.find_in("") == 0);
}

TEST_CASE("a default-made string is empty") {
  const json_string none;
  CHECK(none.raw().empty());
  CHECK(!none.has_escapes());
  CHECK(none.equals(""));
  CHECK(!none.equals("a"));
  CHECK(unescaped(none).empty());
}

TEST_CASE("unescape copies only what is escaped") {
  const parsed plain{"no escapes here"};
  exact_workspace nothing{0};
  bytes out;
  CHECK(nv2::unescape(plain.string, 0, nothing, out) == errc::ok);
  CHECK(out.data() == plain.string.raw().data());
  CHECK(out.size() == plain.string.raw().size());

  const parsed escaped{R"(a\u00e9\n\ud83d\ude00)"};
  const std::string meaning = "a\xC3\xA9\n\xF0\x9F\x98\x80";
  exact_workspace memory{100};
  CHECK(nv2::unescape(escaped.string, 100, memory, out) == errc::ok);
  CHECK(text_of(out) == meaning);
  CHECK(memory.mark() == meaning.size());
  CHECK(memory.peak() == escaped.string.raw().size());
  exact_workspace exactly{meaning.size()};
  CHECK(nv2::unescape(escaped.string, meaning.size(), exactly, out) == errc::ok);
  CHECK(text_of(out) == meaning);
}

TEST_CASE("json_copy_length, workspace_exhausted: unescape stops at either bound") {
  const parsed escaped{R"(abc\u0064efgh)"};
  for (std::size_t max = 0; max < 8; ++max) {
    exact_workspace memory{max};
    bytes out;
    CHECK(nv2::unescape(escaped.string, max, memory, out) == errc::json_copy_length);
    CHECK(out.empty());
    if (max == 0) continue;
    exact_workspace small{max - 1};
    CHECK(nv2::unescape(escaped.string, max, small, out) == errc::workspace_exhausted);
    CHECK(out.empty());
    CHECK(small.mark() == 0);
  }
}

TEST_CASE("base64 is read out of strings, escaped or not") {
  const std::string data =
      "some bytes \x01\x02\x03\xFF\xFE and a few more of them, to fill blocks?\x3F>>";
  const std::string text =
      "c29tZSBieXRlcyABAgP//iBhbmQgYSBmZXcgbW9yZSBvZiB0aGVtLCB0byBmaWxsIGJsb2Nrcz8/Pj4=";
  std::string slashes;
  for (const char c : text) slashes += c == '/' ? "\\/" : std::string(1, c);
  for (const std::string& inside :
       {text, slashes, escape_all(text), text.substr(0, 70) + escape_all(text.substr(70))}) {
    CAPTURE(inside);
    const parsed p{inside};
    REQUIRE(p.code == errc::ok);
    const std::size_t bound = nv2::max_decoded_size(inside.size());
    exact_workspace memory{bound};
    nv2::mutable_bytes out;
    CHECK(nv2::decode_base64(p.string, base64_alphabet::standard_padded, base64_rules::strict,
                             memory, out) == errc::ok);
    CHECK(text_of(out) == data);
    CHECK(memory.mark() == data.size());
    CHECK(memory.peak() == bound);
    exact room{data.size()};
    std::size_t written = 0;
    CHECK(nv2::decode_base64(p.string, base64_alphabet::standard_padded, base64_rules::strict,
                             room.memory(), written) == errc::ok);
    CHECK(text_of(room.view().first(written)) == data);
  }
}

TEST_CASE("base64 in a string may be decoded onto itself") {
  for (const std::string& inside : {std::string("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka"),
                                    escape_all("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka")}) {
    exact text{'"' + inside + '"'};
    exact_workspace memory{0};
    nv2::json_reader reader{text.view(), memory, nv2::json_duplicates::last_wins};
    const json_string string = reader.read_string();
    std::size_t written = 0;
    REQUIRE(nv2::decode_base64(string, base64_alphabet::standard_padded, base64_rules::strict,
                               {text.memory().data() + 1, inside.size()}, written) == errc::ok);
    REQUIRE(written == 27);
    for (std::size_t i = 0; i < written; ++i) CHECK(text.view()[i + 1] == i);
  }
}

TEST_CASE("G-016: base64 in a string is refused as it would be outside") {
  const struct {
    std::string_view inside;
    errc strict, lenient;
  } rows[] = {
      {"Zm9v", errc::ok, errc::ok},
      {R"(Zm9\u0076)", errc::ok, errc::ok},
      {R"(Zg\u003d=)", errc::ok, errc::ok},
      {R"(Zm\n9v)", errc::base64_character, errc::ok},
      {R"(\r\nZm9v\r\n)", errc::base64_character, errc::ok},
      {R"(Zm\t9v)", errc::base64_character, errc::base64_character},
      {R"(Zm9\u00e9)", errc::base64_character, errc::base64_character},
      {R"(Zm9\\v)", errc::base64_character, errc::base64_character},
      {R"(Zm9\u0000)", errc::base64_character, errc::base64_character},
      {R"(Zm\u0038)", errc::base64_length, errc::base64_length},
      {R"(Zh\u003d=)", errc::base64_trailing_bits, errc::ok},
      {R"(Zg=\u003dZg==)", errc::base64_length, errc::base64_length},
      {"\xC3\xA9", errc::base64_character, errc::base64_character},
  };
  for (const auto& row : rows) {
    CAPTURE(row.inside);
    const parsed p{row.inside};
    REQUIRE(p.code == errc::ok);
    for (const auto rules : {base64_rules::strict, base64_rules::lenient}) {
      exact_workspace memory{64};
      nv2::mutable_bytes out;
      CHECK(nv2::decode_base64(p.string, base64_alphabet::standard_padded, rules, memory, out) ==
            (rules == base64_rules::strict ? row.strict : row.lenient));
      CHECK(memory.mark() == out.size());
    }
  }
}

TEST_CASE("workspace_exhausted: base64 in a string needs three quarters of it") {
  for (const std::string& inside : {std::string("Zm9vYmFyZm9vYmFyZm9vYg=="), escape_all("Zm9v")}) {
    const parsed p{inside};
    for (std::size_t size = 0; size < nv2::max_decoded_size(inside.size()); ++size) {
      exact_workspace memory{size};
      nv2::mutable_bytes out;
      CHECK(nv2::decode_base64(p.string, base64_alphabet::standard_padded, base64_rules::strict,
                               memory, out) == errc::workspace_exhausted);
      CHECK(out.empty());
      CHECK(memory.mark() == 0);
    }
  }
}
