// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <nv2/codec/utf8.hpp>

namespace {

/// In a block of exactly its size.
bool is_utf8(const std::string& text) {
  const std::vector<std::uint8_t> copy(text.begin(), text.end());
  return nv2::is_utf8({copy.data(), copy.size()});
}

/// Any number in the pattern of `size` bytes, whether or not that is its shortest form.
std::string encode(std::uint32_t code, unsigned size) {
  if (size == 1) return std::string(1, static_cast<char>(code));
  std::string out;
  for (unsigned i = 1; i < size; ++i, code >>= 6) {
    out.insert(out.begin(), static_cast<char>(0x80 | (code & 0x3F)));
  }
  out.insert(out.begin(), static_cast<char>(0xFF00 >> size | code));
  return out;
}

/// Alone, and within plain text at any distance from a word's begin.
bool is_character(const std::string& text) {
  const bool alone = is_utf8(text);
  for (std::size_t i = 1; i < 9; ++i) {
    if (is_utf8(std::string(i, 'x') + text + std::string(9 - i, 'y')) != alone) FAIL(text);
  }
  return alone;
}

}  // namespace

TEST_CASE("G-010 C-006 every number in every length") {
  for (std::uint32_t code = 0; code < 0x200000; ++code) {
    const bool character = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    const unsigned shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned size = shortest; size <= 4; ++size) {
      if (is_utf8(encode(code, size)) != (character && size == shortest)) FAIL(code);
    }
  }
}

TEST_CASE("G-010 C-006 every start and end of a character") {
  for (unsigned lead = 0; lead < 256; ++lead) {
    const std::string first(1, static_cast<char>(lead));
    CHECK(is_character(first) == (lead < 0x80));
    for (unsigned second = 0; second < 256; ++second) {
      const std::string both = first + static_cast<char>(second);
      const bool two = lead >= 0xC2 && lead < 0xE0 && second >= 0x80 && second < 0xC0;
      if (is_character(both) != (two || (lead < 0x80 && second < 0x80))) FAIL(both);
    }
  }
  for (const char* const cut :
       {"\xE6\xB0", "\xF0\x90\x85", "\xF0\x90", "ok \xE6\xB0", "\xED\x9F"}) {
    CHECK_FALSE(is_utf8(cut));
  }
  CHECK(is_utf8(""));
  CHECK(nv2::is_utf8(nv2::bytes{}));
  CHECK(is_character("\xE6\xB0\xB4\xF0\x90\x85\x91\xC3\xBC"));
  CHECK_FALSE(is_character("\xF8\x88\x80\x80\x80"));
  CHECK_FALSE(is_character("\xFE"));
}

TEST_CASE("G-010 where a wrong character is left") {
  struct row {
    std::string text;
    std::size_t at;
  };
  for (const row& r : {row{"\xE6\xB0\xB4", 3}, row{"\xE6\xB0", 2}, row{"\xC3", 1}, row{"\xE6xy", 1},
                       row{"\x80", 0}, row{"\xF5\x80\x80\x80", 0}, row{"\xF0\x90\x85x", 3}}) {
    const nv2::bytes text = nv2::bytes::of(r.text);
    const std::uint8_t* at = text.begin();
    CHECK(nv2::skip_utf8_character(at, text.end()) == (r.at == 3 && r.text.size() == 3));
    CHECK(at == text.begin() + r.at);
  }
}
