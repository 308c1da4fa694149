// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <nv2/oci/content.hpp>
#include <stub_backend.hpp>
#include <string>
#include <vector>

using nv2::bytes;
using nv2::content_descriptor;
using nv2::errc;
using json = nlohmann::ordered_json;

namespace {

const std::string good_digest = "sha256:" + std::string(64, 'a');

json good() {
  return {{"mediaType", "application/jose+json"}, {"digest", good_digest}, {"size", 20}};
}
json with(const char* name, const json& value) {
  json out = good();
  out[name] = value;
  return out;
}
json without(const char* name) {
  json out = good();
  out.erase(name);
  return out;
}

/// A descriptor with the memory it lies in.
struct parsed {
  explicit parsed(std::string content) : text(std::move(content)) {
    code = nv2::parse_descriptor(bytes::of(text), memory, value);
  }
  explicit parsed(const json& content) : parsed(content.dump()) {}

  std::string text;
  nv2::static_workspace<2048> memory;
  content_descriptor value;
  errc code;
};

std::string text(bytes part) { return std::string(part.as_text()); }

}  // namespace

TEST_CASE("a descriptor is read whole") {
  json all = good();
  all["artifactType"] = "application/vnd.example.thing";
  all["annotations"] = {{"a", "b"}, {"c", ""}};
  all["platform"] = {{"os", "linux"}};
  const parsed d(all);
  REQUIRE(d.code == errc::ok);
  CHECK(text(d.value.media_type) == "application/jose+json");
  CHECK(text(d.value.digest) == good_digest);
  CHECK(d.value.size == 20);
  CHECK(text(d.value.artifact_type) == "application/vnd.example.thing");
  CHECK(text(d.value.annotations) == R"({"a":"b","c":""})");
}

TEST_CASE("texts with escapes are read alike") {
  const parsed d(R"({"mediaType":"application\/jose+json","digest":"sha256\u003A)" +
                 std::string(64, 'a') + R"(","size":20})");
  REQUIRE(d.code == errc::ok);
  CHECK(nv2::same_descriptor(d.value, parsed(good()).value));
}

TEST_CASE("D-001 D-002 D-003 D-004 D-006 D-007 members that a descriptor must have") {
  struct row {
    json input;
    errc expected;
  };
  const row rows[] = {
      {without("mediaType"), errc::media_type_syntax},
      {with("mediaType", ""), errc::media_type_syntax},
      {with("mediaType", "text"), errc::media_type_syntax},
      {with("mediaType", "text/plain; charset=utf-8"), errc::media_type_syntax},
      {with("mediaType", 1), errc::json_type},
      {with("mediaType", nullptr), errc::json_type},
      {without("digest"), errc::digest_syntax},
      {with("digest", "sha256:abc"), errc::digest_syntax},
      {with("digest", "sha256:" + std::string(64, 'A')), errc::digest_syntax},
      {with("digest", "blake3:" + std::string(64, 'a')), errc::digest_unsupported},
      {without("size"), errc::descriptor_size},
      {with("size", -1), errc::descriptor_size},  // OV-14
      {with("size", "20"), errc::json_type},
      {with("size", 20.0), errc::json_number},
      {with("size", 0), errc::ok},
      {with("size", INT64_MAX), errc::ok},
      {with("size", 9223372036854775808U), errc::json_number},
      {with("artifactType", ""), errc::media_type_syntax},
      {with("artifactType", "x"), errc::media_type_syntax},
      {with("artifactType", nullptr), errc::json_type},
      {json::array({1}), errc::json_type},
  };
  for (const row& r : rows) {
    CAPTURE(r.input.dump());
    CHECK(parsed(r.input).code == r.expected);
  }
}

TEST_CASE("D-010 annotations are texts with a key") {
  struct row {
    const char* annotations;
    errc expected;
  };
  const row rows[] = {{"{}", errc::ok},
                      {R"({"a":"b"})", errc::ok},
                      {R"({"":"b"})", errc::payload_annotation_key},
                      {R"({"a":1})", errc::json_type},
                      {R"({"a":null})", errc::json_type},
                      {R"({"a":"b","\u0061":"c"})", errc::json_duplicate_name},
                      {"[]", errc::json_type},
                      {"null", errc::json_type}};
  for (const row& r : rows) {
    CAPTURE(r.annotations);
    std::string input = good().dump();
    input.insert(1, "\"annotations\":" + std::string(r.annotations) + ",");
    CHECK(parsed(input).code == r.expected);
  }
}

TEST_CASE("D-009 OV-22 embedded content is not looked at") {
  for (const json& data : {json("bm90IGl0"), json("%%%"), json(7), json(nullptr)}) {
    CAPTURE(data.dump());
    const parsed d(with("data", data));
    CHECK(d.code == errc::ok);
    CHECK(nv2::same_descriptor(d.value, parsed(good()).value));
  }
}

TEST_CASE("D-008 what makes two descriptors the same") {
  const parsed one(good());
  json same = with("annotations", {{"a", "b"}});
  same["artifactType"] = "a/b";
  same["platform"] = json::object();
  same["urls"] = {"https://example.com/"};
  CHECK(nv2::same_descriptor(one.value, parsed(same).value));
  CHECK_FALSE(nv2::same_descriptor(one.value, parsed(with("size", 21)).value));
  CHECK_FALSE(
      nv2::same_descriptor(one.value, parsed(with("mediaType", "application/JOSE+json")).value));
  const json other = with("digest", "sha256:" + std::string(63, 'a') + "b");
  CHECK_FALSE(nv2::same_descriptor(one.value, parsed(other).value));
  CHECK_FALSE(nv2::same_descriptor({}, {}));
}

TEST_CASE("D-005 D-004 O-001 O-008 L-003 content is compared by size, then by digest") {
  const std::string content = "some content";
  nv2::static_workspace<512> memory;
  bytes hash;
  REQUIRE(nv2::hash_bytes(nv2_test::stub_crypto, nv2::hash_algorithm::sha256, bytes::of(content),
                          memory, hash) == errc::ok);
  std::string digits;
  for (const std::uint8_t byte : hash) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  const std::string digest = "sha256:" + digits;
  content_descriptor expected;
  expected.digest = bytes::of(digest);
  expected.size = static_cast<std::int64_t>(content.size());
  const auto check = [&](const std::string& input) {
    return nv2::check_content(bytes::of(input), expected, nv2_test::stub_crypto, memory);
  };
  CHECK(check(content) == errc::ok);
  CHECK(check(content + "x") == errc::content_size);  // OV-13
  CHECK(check("") == errc::content_size);
  CHECK(check("some contenT") == errc::content_digest);  // OV-30
  expected.size = -1;
  CHECK(check(content) == errc::content_size);
  expected.size = static_cast<std::int64_t>(content.size());
  const std::string other = "blake3:" + digits;
  expected.digest = bytes::of(other);
  CHECK(check(content) == errc::digest_unsupported);
  expected.digest = {};
  CHECK(check(content) == errc::digest_syntax);
}

TEST_CASE("G-003 a descriptor that needs too much memory") {
  const std::string input = good().dump();
  nv2::static_workspace<64> memory;
  content_descriptor out;
  CHECK(nv2::parse_descriptor(bytes::of(input), memory, out) == errc::workspace_exhausted);
  CHECK(memory.mark() == 0);
  std::string names;
  for (int i = 0; i < 300; ++i) names += "\"m" + std::to_string(i) + "\":1,";
  std::string wide = input;
  wide.insert(1, names);
  CHECK(parsed(wide).code == errc::json_members);
}
