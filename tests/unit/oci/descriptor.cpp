// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nv2/oci/descriptor.hpp>
#include <string>
#include <string_view>

using nv2::bytes;
using nv2::errc;
using nv2::hash_algorithm;

namespace {

errc parse(const std::string& input) {
  nv2::parsed_digest ignored;
  return nv2::parse_digest(bytes::of(input), ignored);
}
errc media_type(const std::string& input) { return nv2::check_media_type(bytes::of(input)); }

}  // namespace

TEST_CASE("D-002 D-003 N-141 the three algorithms of a digest") {
  struct row {
    const char* name;
    hash_algorithm algorithm;
    std::size_t digits;
  };
  const row rows[] = {{"sha256", hash_algorithm::sha256, 64},
                      {"sha384", hash_algorithm::sha384, 96},
                      {"sha512", hash_algorithm::sha512, 128}};
  for (const row& r : rows) {
    CAPTURE(r.name);
    const std::string name = r.name;
    const std::string digits = std::string(r.digits - 10, 'f') + "0123456789";
    const std::string input = name + ":" + digits;
    nv2::parsed_digest parsed;
    REQUIRE(nv2::parse_digest(bytes::of(input), parsed) == errc::ok);
    CHECK(parsed.algorithm == r.algorithm);
    CHECK(parsed.hex.as_text() == digits);

    CHECK(parse(input + "0") == errc::digest_syntax);
    CHECK(parse(input.substr(0, input.size() - 1)) == errc::digest_syntax);
    CHECK(parse(name + ":" + std::string(r.digits, 'F')) == errc::digest_syntax);  // NV-26
    CHECK(parse(name + ":" + std::string(r.digits, 'g')) == errc::digest_syntax);
    CHECK(parse(name + ":" + std::string(r.digits, '-')) == errc::digest_syntax);
  }
}

TEST_CASE("D-001 digests that are not well-formed") {
  const std::string digits(64, '0');
  const std::string inputs[] = {
      "",
      ":",
      "sha256",
      "sha256:",
      ":" + digits,
      digits,
      "SHA256:" + digits,
      "sha256 :" + digits,
      "sha256: " + digits,
      " sha256:" + digits,
      "sha256:" + digits + "\n",
      "sha256:" + digits.substr(1) + "/",
      "sha256::" + digits,
      "sha256+:" + digits,
      "+sha256:" + digits,
      "sha256++b64:" + digits,
      "sha256._b64:" + digits,
      "sha256/b64:" + digits,
      "blake3:",
      "blake3:a:b",
      "blake3:a b",
      "blake3:\xC3\xA9",
  };
  for (const std::string& input : inputs) {
    CAPTURE(input);
    CHECK(parse(input) == errc::digest_syntax);
  }
}

TEST_CASE("D-004 well-formed digests of other algorithms") {
  const std::string digits(64, '0');
  for (const std::string& input :
       {"blake3:" + digits, std::string("md5:00"), "sha256+b64u:" + std::string("LCa0a2j_xo-5m0U="),
        "sha512.256:" + digits, "sha-256:" + digits, "sha_256:" + digits, "sha2566:" + digits}) {
    CAPTURE(input);
    CHECK(parse(input) == errc::digest_unsupported);
  }
}

TEST_CASE("parse_digest leaves the result alone when it refuses") {
  nv2::parsed_digest parsed;
  CHECK(nv2::parse_digest(bytes::of("sha256:00"), parsed) == errc::digest_syntax);
  CHECK(parsed.algorithm == hash_algorithm::none);
  CHECK(parsed.hex.empty());
}

TEST_CASE("N-140 N-142 digest_equals compares digits with bytes") {
  std::string input = "sha256:";
  nv2::digest_value value;
  value.hash = hash_algorithm::sha256;
  for (unsigned i = 0; i < 32; ++i) {
    value.data[i] = static_cast<std::uint8_t>(i * 0x1F);
    input += "0123456789abcdef"[value.data[i] >> 4];
    input += "0123456789abcdef"[value.data[i] & 15];
  }
  nv2::parsed_digest parsed;
  REQUIRE(nv2::parse_digest(bytes::of(input), parsed) == errc::ok);
  CHECK(nv2::digest_equals(parsed, value));

  for (std::size_t i = 0; i < 32; ++i) {
    for (const unsigned flip : {0x01U, 0x10U}) {
      nv2::digest_value other = value;
      other.data[i] = static_cast<std::uint8_t>(other.data[i] ^ flip);
      CHECK_FALSE(nv2::digest_equals(parsed, other));
    }
  }
  nv2::digest_value other = value;
  other.hash = hash_algorithm::sha384;
  CHECK_FALSE(nv2::digest_equals(parsed, other));
  CHECK_FALSE(nv2::digest_equals({hash_algorithm::sha256, parsed.hex.first(62)}, value));
  CHECK_FALSE(nv2::digest_equals({}, nv2::digest_value{}));
}

TEST_CASE("N-038 D-007 media types") {
  const std::string longest(127, 'x');
  for (const std::string& input :
       {std::string("application/vnd.oci.image.manifest.v1+json"), std::string("a/b"),
        std::string("0/9"), std::string("Text/PLAIN"), std::string("a!#$&-^_.+/b!#$&-^_.+"),
        longest + "/" + longest}) {
    CAPTURE(input);
    CHECK(media_type(input) == errc::ok);
  }
  for (const std::string& input : {std::string(),
                                   std::string("/"),
                                   std::string("a"),
                                   std::string("a/"),
                                   std::string("/b"),
                                   std::string("a//b"),
                                   std::string("a/b/"),
                                   std::string("a/b/c"),
                                   std::string("+a/b"),
                                   std::string("a/.b"),
                                   std::string("a/-"),
                                   std::string("a /b"),
                                   std::string("a/b "),
                                   std::string("a/b;charset=utf-8"),
                                   std::string("a/b; q=1"),
                                   std::string("a/*"),
                                   std::string("a/b\n"),
                                   std::string("a/b\0", 4),
                                   std::string("a/\xC3\xA9"),
                                   longest + "x/b",
                                   "a/x" + longest}) {
    CAPTURE(input);
    CHECK(media_type(input) == errc::media_type_syntax);
  }
}
