// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/codec/pem.hpp>

#include "support/exact.hpp"

using nv2::bytes;
using nv2::errc;
using nv2::pem_block;
using nv2::pem_reader;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;
using namespace std::string_view_literals;

namespace {

struct block {
  std::string label, body;
  friend bool operator==(const block& a, const block& b) {
    return a.label == b.label && a.body == b.body;
  }
};

struct outcome {
  errc code;
  std::vector<block> blocks;
};

outcome read(std::string_view text, std::size_t memory_size = 1000) {
  const exact input{text};
  exact_workspace memory{memory_size};
  pem_reader reader{input.view()};
  outcome all{errc::unset, {}};
  for (pem_block b; reader.next(b, memory);) {
    all.blocks.push_back({text_of(b.label), text_of(b.der)});
  }
  pem_block none;
  CHECK(!reader.next(none, memory));
  CHECK(none.label.empty());
  CHECK(none.der.empty());
  all.code = reader.finish();
  return all;
}

errc refusal(std::string_view text) { return read(text).code; }

const std::string foo =
    "-----BEGIN CERTIFICATE-----\n"
    "Zm9v\n"
    "-----END CERTIFICATE-----\n";

std::string with_returns(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c == '\n') all += '\r';
    all += c;
  }
  return all;
}

std::string replace(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("S-007: blocks are read in order, text between them is ignored") {
  const std::string text = "subject=/CN=one\n\n" + foo +
                           "\nsome text - with -- dashes ---\n----BEGIN nothing\n"
                           "-----BEGIN EC PRIVATE KEY-----\n"
                           "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy\n"
                           "Zm9vYmFyZm9vYg==\n"
                           "-----END EC PRIVATE KEY-----\n"
                           "the end";
  const std::vector<block> expected = {
      {"CERTIFICATE", "foo"},
      {"EC PRIVATE KEY", "foobarfoobarfoobarfoobarfoobarfoobarfoobarfoobarfoobarfoob"},
  };
  CHECK(read(text).code == errc::ok);
  CHECK(read(text).blocks == expected);
  CHECK(read(with_returns(text)).code == errc::ok);
  CHECK(read(with_returns(text)).blocks == expected);
  CHECK(read(foo + foo + with_returns(foo) + foo).blocks.size() == 4);
}

TEST_CASE("lines may have any length, and the last needs no end") {
  const std::string long_line =
      "-----BEGIN X-----\nZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy\n-----END X-----";
  const std::string short_lines =
      "-----BEGIN X-----\nZ\nm9\nvYm\nFyZm9v\nYmFyZm9vYmFyZ\nm9vYmFyZm9vYmFyZm9vYmF\ny\n"
      "-----END X-----";
  CHECK(read(long_line).code == errc::ok);
  CHECK(read(short_lines).code == errc::ok);
  CHECK(read(long_line).blocks == read(short_lines).blocks);
  CHECK(read(foo.substr(0, foo.size() - 1)).code == errc::ok);
  CHECK(read("-----BEGIN X-----\nZg=\n=\n-----END X-----\n").blocks.at(0).body == "f");
}

TEST_CASE("S-007: pem_empty when there is no block") {
  CHECK(refusal("") == errc::pem_empty);
  CHECK(refusal("\n") == errc::pem_empty);
  CHECK(refusal("some text\nand more") == errc::pem_empty);
  CHECK(refusal("\x30\x82\x01\x00"sv) == errc::pem_empty);
  CHECK(refusal(" -----BEGIN\n") == errc::pem_empty);
}

TEST_CASE("S-007: pem_syntax for what was meant as a block") {
  const std::string wrong[] = {
      foo.substr(0, foo.find("-----END")),
      "-----BEGIN CERTIFICATE-----",
      "-----BEGIN CERTIFICATE-----\n",
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----- "),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE-----x"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGINCERTIFICATE-----"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN -----"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN-----"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERT\tIFICATE-----"),
      replace(foo, "BEGIN CERTIFICATE-----", "BEGIN CERT\xC3\xA9-----"),
      replace(foo, "END CERTIFICATE-----", "END CERTIFICATE----"),
      replace(foo, "END CERTIFICATE-----", "END CERTIFICATE----- "),
      replace(foo, "END CERTIFICATE-----", "END X509 CRL-----"),
      replace(foo, "END CERTIFICATE-----", "END CERTIFICAT-----"),
      replace(foo, "END CERTIFICATE-----", "END certificate-----"),
      replace(foo, "END CERTIFICATE-----", "END -----"),
      replace(foo, "-----END", "-----BEGIN"),
      replace(foo, "-----END", "-----"),
      replace(foo, "Zm9v\n", ""),
      replace(foo, "Zm9v\n", "\n"),
      replace(foo, "Zm9v\n", "Zm9v\n\n"),
      replace(foo, "Zm9v\n", "\nZm9v\n"),
      "-----END CERTIFICATE-----\n",
      " " + foo,
      "\xEF\xBB\xBF" + foo,
      foo + "-----END CERTIFICATE-----\n",
      foo + "-----BEGIN CERTIFICATE-----\nZm9v\n",
      foo + "-----BEGIN CERTIFICATE\n",
  };
  for (const std::string& text : wrong) {
    CAPTURE(text);
    CHECK(refusal(text) == errc::pem_syntax);
    CHECK(refusal(with_returns(text)) == errc::pem_syntax);
  }
}

TEST_CASE("the body is strict base64: header lines, white space and more are refused") {
  const struct {
    std::string_view body;
    errc expected;
  } rows[] = {
      {"Proc-Type: 4,ENCRYPTED\nZm9v\n", errc::base64_character},
      {"Zm9v \n", errc::base64_character},
      {"\tZm9v\n", errc::base64_character},
      {"Zm\r9v\n", errc::base64_character},
      {"Zm9v\r\r\n", errc::base64_character},
      {"Zm9-\n", errc::base64_character},
      {"Zm9\0\n"sv, errc::base64_character},
      {"Zm9\n", errc::base64_length},
      {"Zg==\nZg==\n", errc::base64_length},
      {"Z===\n", errc::base64_length},
      {"Zh==\n", errc::base64_trailing_bits},
      {"----\n", errc::base64_character},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    CHECK(refusal(replace(foo, "Zm9v\n", row.body)) == row.expected);
  }
}

TEST_CASE("S-007: pem_label when a block has another label") {
  exact_workspace memory{10};
  pem_reader reader{bytes::of(foo)};
  pem_block b;
  REQUIRE(reader.next(b, memory));
  CHECK(check_label(b, "CERTIFICATE") == errc::ok);
  CHECK(check_label(b, "CERTIFICATE ") == errc::pem_label);
  CHECK(check_label(b, "X509 CERTIFICATE") == errc::pem_label);
  CHECK(check_label(b, "") == errc::pem_label);
  CHECK(reader.finish() == errc::ok);
}

TEST_CASE("only the body is kept in the workspace") {
  exact_workspace memory{20};
  pem_reader reader{bytes::of(foo)};
  pem_block b;
  REQUIRE(reader.next(b, memory));
  CHECK(memory.mark() == 3);
  CHECK(memory.peak() <= nv2::max_decoded_size(5));
}

TEST_CASE("workspace_exhausted: bodies that do not fit, and nothing after them is read") {
  for (std::size_t size = 0; size < 2 * 3; ++size) {
    const outcome got = read(foo + foo, size);
    CHECK(got.code == errc::workspace_exhausted);
    CHECK(got.blocks.size() == size / 3);
  }
  CHECK(read(foo + foo, 6).code == errc::ok);
}

TEST_CASE("blocks before an error are read, none after it") {
  const outcome got = read(foo + replace(foo, "Zm9v", "Zm9=") + foo);
  CHECK(got.code == errc::base64_trailing_bits);
  CHECK(got.blocks.size() == 1);
}

TEST_CASE("finish wants everything to be read") {
  exact_workspace memory{10};
  pem_reader reader{bytes::of(foo)};
  CHECK(reader.finish() == errc::pem_syntax);
  pem_block b;
  CHECK(!reader.next(b, memory));
}

TEST_CASE(
    "sweep: beginnings and replaced bytes are refused or mean the same or end up in the label") {
  const std::string text =
      "-----BEGIN CERTIFICATE-----\nZm9vYmFy\nZm8=\n-----END CERTIFICATE-----\n";
  const std::size_t size = text.size() - 1;
  for (std::size_t cut = 0; cut < size; ++cut) {
    CAPTURE(cut);
    CHECK(refusal(text.substr(0, cut)) != errc::ok);
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (unsigned c = 0; c < 256; ++c) {
      std::string changed = text;
      changed[i] = static_cast<char>(c);
      CAPTURE(i);
      CAPTURE(c);
      const outcome got = read(changed);
      if (got.code != errc::ok) continue;
      REQUIRE(got.blocks.size() == 1);
      REQUIRE(got.blocks[0].label == "CERTIFICATE");
      const bool same = changed == text || c == '\r';
      REQUIRE((same || got.blocks[0].body != "foobarfo"));
    }
  }
}
