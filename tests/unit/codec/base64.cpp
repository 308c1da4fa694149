// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <nv2/codec/base64.hpp>

#include "support/exact.hpp"

using nv2::base64_alphabet;
using nv2::base64_rules;
using nv2::bytes;
using nv2::errc;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;
using namespace std::string_view_literals;

namespace {

constexpr auto standard = base64_alphabet::standard_padded;
constexpr auto url = base64_alphabet::url_unpadded;
constexpr auto strict = base64_rules::strict;
constexpr auto lenient = base64_rules::lenient;

std::string_view characters(base64_alphabet alphabet) {
  return alphabet == standard
             ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"sv
             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"sv;
}

std::string encode(std::string_view data, base64_alphabet alphabet) {
  std::string text;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::string_view group = data.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool used = k <= group.size();
      if (used) text += characters(alphabet)[bits >> (18 - 6 * k) & 63];
      if (!used && alphabet == standard) text += '=';
    }
  }
  return text;
}

struct answer {
  errc code;
  std::string data;
};

/// Decodes in every way there is, which must all agree.
answer decode(std::string_view text, base64_alphabet alphabet, base64_rules rules = strict) {
  const exact input{text};
  exact apart{nv2::max_decoded_size(text.size())};
  std::size_t written = 77;
  const errc code = nv2::decode_base64(input.view(), alphabet, rules, apart.memory(), written);
  if (code != errc::ok) CHECK(written == 0);
  const std::string data = text_of(apart.view().first(written));

  exact place{text};
  std::size_t size = 77;
  CHECK(nv2::decode_base64(place.view(), alphabet, rules, place.memory(), size) == code);
  CHECK(text_of(place.view().first(size)) == data);

  exact_workspace memory{nv2::max_decoded_size(text.size())};
  nv2::mutable_bytes out;
  CHECK(nv2::decode_base64(input.view(), alphabet, rules, memory, out) == code);
  CHECK(text_of(out) == data);
  CHECK(memory.mark() == data.size());
  CHECK(memory.peak() == nv2::max_decoded_size(text.size()));
  return {code, data};
}

errc refusal(std::string_view text, base64_alphabet alphabet, base64_rules rules = strict) {
  return decode(text, alphabet, rules).code;
}

std::string random_bytes(std::size_t size) {
  static std::mt19937 random{20200723};
  std::string data;
  while (data.size() < size) data += static_cast<char>(random() & 0xFF);
  return data;
}

}  // namespace

TEST_CASE("G-016 G-017: text of any length is read in both alphabets") {
  for (std::size_t size = 0; size < 70; ++size) {
    CAPTURE(size);
    for (int round = 0; round < 4; ++round) {
      const std::string data = random_bytes(size);
      for (const auto alphabet : {standard, url}) {
        const answer got = decode(encode(data, alphabet), alphabet);
        CHECK(got.code == errc::ok);
        CHECK(got.data == data);
      }
    }
  }
}

TEST_CASE("the examples of RFC 4648 section 10 and of RFC 7515 appendix C") {
  CHECK(decode("", standard).data == "");
  CHECK(decode("Zg==", standard).data == "f");
  CHECK(decode("Zm8=", standard).data == "fo");
  CHECK(decode("Zm9v", standard).data == "foo");
  CHECK(decode("Zm9vYg==", standard).data == "foob");
  CHECK(decode("Zm9vYmFy", standard).data == "foobar");
  CHECK(decode("A-z_4ME", url).data == "\x03\xEC\xFF\xE0\xC1");
}

TEST_CASE("G-016: refusals of the standard alphabet") {
  const struct {
    std::string_view text;
    errc expected;
  } rows[] = {
      {"Zm8", errc::base64_length},         {"Zg", errc::base64_length},
      {"Zg=", errc::base64_length},         {"Z", errc::base64_length},
      {"Z=", errc::base64_length},          {"Z===", errc::base64_length},
      {"=", errc::base64_length},           {"====", errc::base64_length},
      {"Zm9v=", errc::base64_length},       {"Zm9v====", errc::base64_length},
      {"Zm8==", errc::base64_length},       {"Zg===", errc::base64_length},
      {"Zg==Zg==", errc::base64_length},    {"Zm8=Zm9v", errc::base64_length},
      {"Zg=v", errc::base64_length},        {"Zm9vZm8=Zm9vZm9vZm9vZm9vZm9v", errc::base64_length},
      {"Zh==", errc::base64_trailing_bits}, {"Zk==", errc::base64_trailing_bits},
      {"Zm9=", errc::base64_trailing_bits}, {"Zm9vZm9vZm9vZm9vZm+=", errc::base64_trailing_bits},
      {"Zm9v\n", errc::base64_character},   {"Zm\r\n9v", errc::base64_character},
      {" Zm9v", errc::base64_character},    {"Zm9v\t", errc::base64_character},
      {"Zm9-", errc::base64_character},     {"Zm9_", errc::base64_character},
      {"Zm9\0"sv, errc::base64_character},  {"Zg==\n", errc::base64_character},
      {"Zm9.", errc::base64_character},     {"\xEF\xBB\xBFZm9v", errc::base64_character},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(refusal(row.text, standard) == row.expected);
  }
}

TEST_CASE("G-017: refusals of the URL alphabet") {
  const struct {
    std::string_view text;
    errc expected;
  } rows[] = {
      {"Z", errc::base64_length},
      {"Zm9vZ", errc::base64_length},
      {"Zh", errc::base64_trailing_bits},
      {"Zm9", errc::base64_trailing_bits},
      {"Zm9vZm9vZm9vZm9vZm-", errc::base64_trailing_bits},
      {"Zg==", errc::base64_character},
      {"Zm8=", errc::base64_character},
      {"Zm9+", errc::base64_character},
      {"Zm9/", errc::base64_character},
      {"Zm9v\n", errc::base64_character},
      {"Zm9v ", errc::base64_character},
      {"Zm9v.", errc::base64_character},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(refusal(row.text, url) == row.expected);
  }
}

TEST_CASE("G-016 G-017: only the alphabet is read, at every place of a long text") {
  for (const auto alphabet : {standard, url}) {
    const std::string good = encode(random_bytes(24), alphabet);
    REQUIRE(good.size() == 32);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (unsigned c = 0; c < 256; ++c) {
        std::string text = good;
        text[i] = static_cast<char>(c);
        const bool in_alphabet = characters(alphabet).find(text[i]) != std::string_view::npos;
        const answer got = decode(text, alphabet);
        CAPTURE(i);
        CAPTURE(c);
        if (in_alphabet) {
          REQUIRE(got.code == errc::ok);
          REQUIRE(encode(got.data, alphabet) == text);
        } else if (c == '=' && alphabet == standard) {
          const bool may_end = i % 4 == 3 && got.code == errc::base64_trailing_bits;
          const bool ends = i == good.size() - 1 && got.code == errc::ok;
          REQUIRE((may_end || ends || got.code == errc::base64_length));
        } else {
          REQUIRE(got.code == errc::base64_character);
        }
      }
    }
  }
}

TEST_CASE("G-016 G-017: of all spellings of the last character one is accepted") {
  for (const auto alphabet : {standard, url}) {
    for (const std::size_t last : {std::size_t{2}, std::size_t{3}}) {
      int accepted = 0;
      int leniently = 0;
      for (const char c : characters(alphabet)) {
        std::string text(last - 1, 'A');
        text += c;
        if (alphabet == standard) text.append(4 - last, '=');
        const answer got = decode(text, alphabet);
        CHECK((got.code == errc::ok) == (encode(got.data, alphabet) == text));
        CHECK((got.code == errc::ok || got.code == errc::base64_trailing_bits));
        if (got.code == errc::ok) ++accepted;
        if (decode(text, alphabet, lenient).code == errc::ok) ++leniently;
      }
      CHECK(accepted == (last == 2 ? 4 : 16));
      CHECK(leniently == 64);
    }
  }
}

TEST_CASE(
    "b64_lenient: line ends are skipped anywhere and unused bits do not matter, nothing else") {
  const std::string data = random_bytes(100);
  for (const auto alphabet : {standard, url}) {
    const std::string good = encode(data, alphabet);
    for (std::size_t i = 0; i <= good.size(); ++i) {
      for (const std::string_view inserted : {"\n"sv, "\r"sv, "\r\n\r\n"sv}) {
        std::string text = good;
        text.insert(i, inserted);
        CAPTURE(i);
        CHECK(decode(text, alphabet, lenient).data == data);
        CHECK(refusal(text, alphabet, strict) == errc::base64_character);
      }
      for (const std::string_view inserted : {" "sv, "\t"sv, "\v"sv, "\0"sv, "."sv}) {
        std::string text = good;
        text.insert(i, inserted);
        CHECK(refusal(text, alphabet, lenient) == errc::base64_character);
      }
    }
  }
  CHECK(decode("\n\r", standard, lenient).code == errc::ok);
  CHECK(decode("Zg==\n", standard, lenient).data == "f");
  CHECK(decode("Zg=\r\n=", standard, lenient).data == "f");
  CHECK(decode("Zh==", standard, lenient).data == "f");
  CHECK(decode("Zh", url, lenient).data == "f");
  CHECK(refusal("Zg", standard, lenient) == errc::base64_length);
  CHECK(refusal("Zg=", standard, lenient) == errc::base64_length);
  CHECK(refusal("Zg==\nZg==", standard, lenient) == errc::base64_length);
  CHECK(refusal("Zg==", url, lenient) == errc::base64_character);
  CHECK(refusal("Z\n", url, lenient) == errc::base64_length);
}

TEST_CASE("lines of 76 characters are read leniently") {
  const std::string data = random_bytes(1000);
  std::string text;
  for (const char c : encode(data, standard)) {
    if (text.size() % 78 == 76) text += "\r\n";
    text += c;
  }
  CHECK(decode(text, standard, lenient).data == data);
}

TEST_CASE("workspace_exhausted: output that is too small by any number of bytes") {
  for (std::size_t size = 1; size < 60; ++size) {
    const std::string data = random_bytes(size);
    for (const auto alphabet : {standard, url}) {
      const exact text{encode(data, alphabet)};
      for (std::size_t room = 0; room < size; ++room) {
        CAPTURE(size);
        CAPTURE(room);
        exact out{room};
        std::size_t written = 7;
        CHECK(nv2::decode_base64(text.view(), alphabet, strict, out.memory(), written) ==
              errc::workspace_exhausted);
        CHECK(written == 0);
      }
      exact out{size};
      std::size_t written = 0;
      CHECK(nv2::decode_base64(text.view(), alphabet, strict, out.memory(), written) == errc::ok);
      CHECK(text_of(out.view()) == data);
    }
  }
}

TEST_CASE("workspace_exhausted: a workspace that is too small keeps nothing") {
  const std::string text = encode(random_bytes(33), standard);
  for (std::size_t size = 0; size < 33; ++size) {
    exact_workspace memory{size};
    nv2::mutable_bytes out;
    CHECK(nv2::decode_base64(bytes::of(text), standard, strict, memory, out) ==
          errc::workspace_exhausted);
    CHECK(out.empty());
    CHECK(memory.mark() == 0);
  }
}

TEST_CASE("text in pieces reads like text in one") {
  for (const std::size_t size : {std::size_t{20}, std::size_t{40}, std::size_t{41}}) {
    const std::string data = random_bytes(size);
    for (const auto alphabet : {standard, url}) {
      const std::string text = encode(data, alphabet);
      for (std::size_t i = 0; i <= text.size(); ++i) {
        for (std::size_t k = i; k <= text.size(); k += 5) {
          exact out{nv2::max_decoded_size(text.size())};
          nv2::base64_decoder decoder{alphabet, strict, out.memory()};
          const std::string_view all = text;
          CHECK(decoder.update(exact{all.substr(0, i)}.view()) == errc::ok);
          CHECK(decoder.update(exact{all.substr(i, k - i)}.view()) == errc::ok);
          CHECK(decoder.update(exact{all.substr(k)}.view()) == errc::ok);
          std::size_t written = 0;
          CHECK(decoder.finish(written) == errc::ok);
          CHECK(text_of(out.view().first(written)) == data);
        }
      }
    }
  }
}

TEST_CASE("the bound on the decoded size holds, and no text can need more") {
  const std::size_t expected[] = {0, 0, 1, 2, 3, 3, 4, 5, 6, 6};
  for (std::size_t size = 0; size < 10; ++size) {
    CHECK(nv2::max_decoded_size(size) == expected[size]);
  }
  static_assert(nv2::max_decoded_size(4000) == 3000);
  static_assert(nv2::max_decoded_size(SIZE_MAX) == SIZE_MAX / 4 * 3 + 2);
}
