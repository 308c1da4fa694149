// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/envelope/notary_payload.hpp>

#include "support/exact.hpp"
#include "support/notary_builder.hpp"

using namespace std::string_view_literals;
using nv2::compat;
using nv2::errc;
using nv2_test::exact;
using nv2_test::exact_workspace;
using nv2_test::text_of;
using nv2_test::notary::some_digest;
using nv2_test::notary::some_payload;

namespace {

struct parsed {
  explicit parsed(std::string_view payload, compat leniency = compat::none, std::size_t room = 4096)
      : text(payload), memory(room) {
    std::uint32_t offset = 0;
    const nv2::parse_context context{memory, leniency, offset};
    code = nv2::parse_notary_payload(text.view(), context, artifact);
  }

  exact text;
  exact_workspace memory;
  nv2::target_artifact artifact;
  errc code = errc::unset;
};

/// The good payload with `from` replaced by `to`.
std::string with(std::string_view from, std::string_view to) {
  std::string payload = some_payload();
  const std::size_t at = payload.find(from);
  REQUIRE(at != std::string::npos);
  return payload.replace(at, from.size(), to);
}
/// The good payload with another member in targetArtifact.
std::string with_member(std::string_view member) {
  return with("\"size\":", std::string(member) + ",\"size\":");
}

struct row {
  const char* what;
  std::string payload;
  errc expected;
};

void check(const std::vector<row>& rows) {
  for (const row& r : rows) {
    const std::string what = r.what;
    CAPTURE(what);
    CHECK(std::string(nv2::name(parsed{r.payload}.code)) == nv2::name(r.expected));
  }
}

}  // namespace

TEST_CASE("a plain payload: J-050 J-051 J-054") {
  const parsed result{some_payload()};
  REQUIRE(result.code == errc::ok);
  CHECK(text_of(result.artifact.media_type) == "application/vnd.oci.image.manifest.v1+json");
  CHECK(text_of(result.artifact.digest) == some_digest);
  CHECK(result.artifact.size == 16724);
  CHECK(result.artifact.annotations.empty());
}

TEST_CASE("the payload as JSON: J-050 G-010 G-011 G-012 J-058") {
  const std::string good = some_payload();
  check({
      {"empty", "", errc::json_truncated},
      {"JV-42 an array", "[" + good + "]", errc::json_type},
      {"JV-43 null", "null", errc::json_type},
      {"JV-44 trailing garbage", good + "x", errc::json_trailing},
      {"JV-44 CV-87 trailing space", " " + good + "\n", errc::ok},
      {"JV-45 an extra member", "{\"a\":null," + good.substr(1), errc::ok},
      {"JV-70 JWT claims", "{\"exp\":1,\"nbf\":\"x\"," + good.substr(1), errc::ok},
      {"JV-75 BOM", "\xEF\xBB\xBF" + good, errc::json_syntax},
      {"invalid UTF-8", with_member("\"x\":\"\xFF\""), errc::json_utf8},
      {"CV-87 targetArtifact twice", "{" + good.substr(1, good.size() - 2) + "," + good.substr(1),
       errc::json_duplicate_name},
  });
}

TEST_CASE("targetArtifact: J-051 J-053 J-054 D-001 D-002 D-003 D-004 D-006 G-013 G-014") {
  const std::string size = "\"size\":16724";
  check({
      {"none", "{}", errc::payload_target_missing},
      {"JV-46 in another case", with("targetArtifact", "TargetArtifact"),
       errc::payload_target_missing},
      {"null", "{\"targetArtifact\":null}", errc::json_type},
      {"an array", "{\"targetArtifact\":[]}", errc::json_type},
      {"nothing in it", "{\"targetArtifact\":{}}", errc::payload_media_type},
      {"no mediaType", with("mediaType", "mediatype"), errc::payload_media_type},
      {"mediaType empty", with("application/vnd.oci.image.manifest.v1+json", ""),
       errc::payload_media_type},
      {"mediaType a number", with("\"application/vnd.oci.image.manifest.v1+json\"", "1"),
       errc::json_type},
      {"mediaType with a parameter",
       with("application/vnd.oci.image.manifest.v1+json", "text/plain; charset=utf-8"), errc::ok},
      {"no digest", with("digest", "Digest"), errc::payload_digest_missing},
      {"digest empty", with(some_digest, ""), errc::payload_digest_missing},
      {"digest null", with("\"" + std::string(some_digest) + "\"", "null"), errc::json_type},
      {"D-001 digest without a colon", with("sha256:", "sha256"), errc::digest_syntax},
      {"D-002 JV-74 upper-case digits", with("e3b0", "E3B0"), errc::digest_syntax},
      {"D-002 too short", with("b855\"", "b85\""), errc::digest_syntax},
      {"D-003 D-004 another algorithm", with("sha256:", "blake3:"), errc::digest_unsupported},
      {"JV-47 digest twice", with_member("\"digest\":\"sha256:0\""), errc::json_duplicate_name},
      {"no size", with("\"size\"", "\"Size\""), errc::payload_size},
      {"D-006 size negative", with("16724", "-1"), errc::payload_size},
      {"size 0", with("16724", "0"), errc::ok},
      {"size the largest", with("16724", "9223372036854775807"), errc::ok},
      {"size too large", with("16724", "9223372036854775808"), errc::json_number},
      {"G-013 JV-48 a fraction", with("16724", "16724.0"), errc::json_number},
      {"G-013 JV-73 a text", with("16724", "\"16724\""), errc::json_type},
      {"G-013 JV-73 an exponent", with("16724", "1.6724e4"), errc::json_number},
      {"J-053 JV-49 artifactType", with_member("\"artifactType\":\"x\""), errc::ok},
      {"J-053 artifactType a number", with_member("\"artifactType\":1"), errc::json_type},
      {"J-054 JV-72 urls a number", with_member("\"urls\":1,\"data\":{},\"platform\":[]"),
       errc::ok},
  });
}

TEST_CASE("annotations: J-052 J-057 D-010") {
  check({
      {"none in it", with_member("\"annotations\":{}"), errc::ok},
      {"some", with_member("\"annotations\":{\"a\":\"1\",\"io.cncf.notary.x\":\"2\"}"), errc::ok},
      {"JV-71 a number", with_member("\"annotations\":{\"a\":1}"), errc::json_type},
      {"null", with_member("\"annotations\":null"), errc::json_type},
      {"an array", with_member("\"annotations\":[]"), errc::json_type},
      {"a key twice", with_member("\"annotations\":{\"a\":\"1\",\"\\u0061\":\"1\"}"),
       errc::json_duplicate_name},
      {"D-010 an empty key", with_member("\"annotations\":{\"\":\"1\"}"),
       errc::payload_annotation_key},
  });
  const parsed result{with_member("\"annotations\" : { \"a\\n\" : \"1\" } ")};
  REQUIRE(result.code == errc::ok);
  CHECK(text_of(result.artifact.annotations) == "{ \"a\\n\" : \"1\" }");
}

TEST_CASE("the last of equal names counts where they are allowed: G-012") {
  const parsed result{
      with_member("\"digest\":\"sha512:1\",\"digest\":\"" + std::string(some_digest) + "\""),
      compat::dup_last_wins};
  CHECK(result.code == errc::ok);
  CHECK(text_of(result.artifact.digest) == some_digest);
}

TEST_CASE("texts with escapes are copied: G-011") {
  const std::string payload = with("application/", "application\\/");
  const parsed result{payload};
  REQUIRE(result.code == errc::ok);
  CHECK(text_of(result.artifact.media_type) == "application/vnd.oci.image.manifest.v1+json");
  CHECK(parsed{with("application/", "\\u0061" + std::string(255, 'x'))}.code ==
        errc::json_copy_length);
  CHECK(parsed{with("sha256:", "sha256\\u003a")}.code == errc::ok);
  const std::size_t enough = result.memory.peak();
  for (std::size_t room = 0; room < enough; ++room) {
    CHECK(parsed{payload, compat::none, room}.code == errc::workspace_exhausted);
  }
}

TEST_CASE("cut or bent anywhere, a payload is refused or well-formed") {
  const std::string good = with_member("\"annotations\":{\"a\":\"1\"}");
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(parsed{good.substr(0, size)}.code != errc::ok);
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned value = 0; value < 256; ++value) {
      std::string bent = good;
      bent[i] = static_cast<char>(value);
      const parsed result{bent};
      CHECK(result.code != errc::unset);
    }
  }
}

TEST_CASE("user metadata: M-001 M-002 M-003 M-004 J-057") {
  const parsed result{with_member(
      R"("annotations":{"team":"blue","empty":"","\u0062uild":"n\u006Fw","io.cncf.notary.x":"1"})")};
  REQUIRE(result.code == errc::ok);
  const nv2::bytes annotations = result.artifact.annotations;
  const auto judge = [annotations](const std::vector<nv2::required_annotation>& required) {
    return nv2::check_user_metadata(annotations, {required.data(), required.size()});
  };
  CHECK(judge({}) == errc::ok);
  CHECK(judge({{"team", "blue"}}) == errc::ok);
  CHECK(judge({{"build", "now"}, {"team", "blue"}, {"empty", ""}}) == errc::ok);
  CHECK(judge({{"team", "red"}}) == errc::metadata_mismatch);
  CHECK(judge({{"team", "blu"}}) == errc::metadata_mismatch);
  CHECK(judge({{"Team", "blue"}}) == errc::metadata_mismatch);
  CHECK(judge({{"team", "blue"}, {"other", ""}}) == errc::metadata_mismatch);
  CHECK(judge({{"io.cncf.notary.x", "1"}}) == errc::metadata_reserved);
  CHECK(judge({{"io.cncf.notary", "1"}}) == errc::metadata_reserved);
  CHECK(judge({{"io.cncf.notar", "1"}}) == errc::metadata_mismatch);
  nv2::json_string value;
  CHECK(nv2::find_annotation(annotations, "team", value));
  CHECK(value.equals("blue"));
  CHECK(!nv2::find_annotation({}, "team", value));
  CHECK(nv2::check_user_metadata({}, {}) == errc::ok);
}
