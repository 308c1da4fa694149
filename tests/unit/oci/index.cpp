// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <nv2/oci/index.hpp>
#include <string>
#include <string_view>
#include <vector>

using nv2::bytes;
using nv2::errc;
using json = nlohmann::ordered_json;

namespace {

const std::string image_type{nv2::media_types::image_manifest};
const std::string index_type{nv2::media_types::image_index};

json entry(char digit, const std::string& type = image_type) {
  return {{"mediaType", type}, {"digest", "sha256:" + std::string(64, digit)}, {"size", 500}};
}
json index_of(std::initializer_list<json> manifests) {
  return {{"schemaVersion", 2},
          {"mediaType", index_type},
          {"manifests", json(std::vector<json>(manifests))}};
}

errc parse(const std::string& text, nv2::image_index& out, const std::string& type = index_type) {
  nv2::static_workspace<2048> memory;
  const errc code = nv2::parse_image_index(bytes::of(text), bytes::of(type), memory, out);
  CHECK(memory.mark() == 0);
  return code;
}
errc parse(const json& input, const std::string& type = index_type) {
  nv2::image_index ignored;
  return parse(input.dump(), ignored, type);
}

/// Reads every entry: its digest, or the name of its error.
std::vector<std::string> entries_of(const std::string& text) {
  nv2::image_index index;
  REQUIRE(parse(text, index) == errc::ok);
  std::vector<std::string> out;
  nv2::index_entries entries{index};
  while (entries.next()) {
    nv2::static_workspace<2048> memory;
    nv2::content_descriptor read;
    const errc code = entries.read(memory, read);
    out.push_back(code == errc::ok ? std::string(read.digest.as_text().substr(7, 1)) : name(code));
  }
  return out;
}
std::vector<std::string> entries_of(const json& input) { return entries_of(input.dump()); }

/// One entry as it is read.
struct read_entry {
  explicit read_entry(const json& input) : text(input.dump()) {
    code = nv2::parse_descriptor(bytes::of(text), memory, value);
  }
  std::string text;
  nv2::static_workspace<2048> memory;
  nv2::content_descriptor value;
  errc code;
};

errc check_layout(const std::string& text) {
  nv2::static_workspace<512> memory;
  return nv2::check_layout_file(bytes::of(text), memory);
}

std::string tag_of(const std::string& digest, nv2::referrers_cut cut = nv2::referrers_cut::at_64) {
  std::uint8_t room[nv2::max_referrers_tag];
  std::size_t size = 0;
  const errc code = nv2::referrers_tag(bytes::of(digest), cut, room, size);
  if (code != errc::ok) return name(code);
  return std::string(bytes{room, size}.as_text());
}

}  // namespace

TEST_CASE("L-002 F-001 an index is read entry by entry, in its order") {
  CHECK(entries_of(index_of({entry('1'), entry('2'), entry('1')})) ==
        std::vector<std::string>{"1", "2", "1"});  // F-007
  CHECK(entries_of(index_of({})).empty());
  json bare = index_of({entry('1')});
  bare.erase("mediaType");
  CHECK(entries_of(bare) == std::vector<std::string>{"1"});
}

TEST_CASE("F-003 each page of a listing is an index of its own") {
  CHECK(entries_of(index_of({entry('1')})) == std::vector<std::string>{"1"});
  CHECK(entries_of(index_of({entry('2')})) == std::vector<std::string>{"2"});
}

TEST_CASE("L-002 unknown media types do no harm") {
  CHECK(entries_of(index_of({entry('1', "text/plain"), entry('2')})) ==
        std::vector<std::string>{"1", "2"});
}

TEST_CASE("L-002 O-042 what an index must have") {
  json other = index_of({});
  other["mediaType"] = image_type;
  CHECK(parse(other) == errc::index_media_type);
  CHECK(parse(other, image_type) == errc::ok);
  json version = index_of({});
  version["schemaVersion"] = 1;
  CHECK(parse(version) == errc::index_version);
  version.erase("schemaVersion");
  CHECK(parse(version) == errc::index_version);
  json bare = index_of({});
  bare.erase("manifests");
  CHECK(parse(bare) == errc::index_manifests_missing);
  // Some registries write a list of nothing so.
  bare["manifests"] = nullptr;
  nv2::image_index none;
  CHECK(parse(bare.dump(), none) == errc::ok);
  CHECK_FALSE(nv2::index_entries{none}.next());
  bare["manifests"] = "";
  CHECK(parse(bare) == errc::json_type);
  CHECK(parse(json::array()) == errc::json_type);
  nv2::image_index ignored;
  CHECK(parse(index_of({}).dump() + "x", ignored) == errc::json_trailing);
  std::string twice = index_of({entry('1')}).dump();
  twice.insert(twice.size() - 1, ",\"manifests\":[]");
  CHECK(parse(twice, ignored) == errc::json_duplicate_name);
  CHECK(ignored.manifests.empty());
}

TEST_CASE("L-006 a bad entry does not hide the others") {
  json negative = entry('1');
  negative["size"] = -1;
  json no_digest = entry('1');
  no_digest.erase("digest");
  json unsupported = entry('1');
  unsupported["digest"] = "blake3:" + std::string(64, '1');
  const std::vector<std::string> expected{"descriptor_size",    "2",         "digest_syntax",
                                          "digest_unsupported", "json_type", "3"};
  CHECK(entries_of(index_of({negative, entry('2'), no_digest, unsupported, 7, entry('3')})) ==
        expected);
}

TEST_CASE("G-003 O-001 an index has a limit") {
  std::string text = "{\"schemaVersion\":2,\"manifests\":[0";
  for (std::size_t i = 1; i < nv2::limits::index_entries; ++i) text += ",0";
  nv2::image_index ignored;
  CHECK(parse(text + "]}", ignored) == errc::ok);
  CHECK(parse(text + ",0]}", ignored) == errc::index_too_long);
  CHECK(parse(std::string(nv2::limits::manifest_size + 1, ' '), ignored) == errc::input_too_large);
}

TEST_CASE("F-002 OV-33 a listing is filtered by the type of its entries") {
  json listed = entry('1');
  CHECK_FALSE(nv2::is_listed_signature(read_entry(listed).value));
  listed["artifactType"] = "application/vnd.cncf.notary.signature";
  CHECK(nv2::is_listed_signature(read_entry(listed).value));
  listed["artifactType"] = "application/vnd.example";
  CHECK_FALSE(nv2::is_listed_signature(read_entry(listed).value));
}

TEST_CASE("F-006 an entry proves nothing: another manifest may be behind it") {
  json listed = entry('1');
  listed["artifactType"] = "application/vnd.cncf.notary.signature";
  const read_entry hint(listed);
  REQUIRE(nv2::is_listed_signature(hint.value));
  const std::string behind = R"({"schemaVersion":2,"config":{"mediaType":"a/b"}})";
  nv2::static_workspace<2048> memory;
  nv2::signature_manifest manifest;
  CHECK(nv2::parse_signature_manifest(bytes::of(behind), memory, manifest) ==
        errc::manifest_not_signature);
}

TEST_CASE("L-004 tags are annotations of entries") {
  json tagged = entry('1');
  CHECK_FALSE(nv2::has_tag(read_entry(tagged).value, ""));
  tagged["annotations"] = {{"a", "v2"}, {"org.opencontainers.image.ref.name", "v1"}};
  const read_entry read(tagged);
  CHECK(nv2::has_tag(read.value, "v1"));
  CHECK_FALSE(nv2::has_tag(read.value, "v2"));
  CHECK_FALSE(nv2::has_tag(read.value, "V1"));
  CHECK_FALSE(nv2::has_tag(read.value, "v"));
}

TEST_CASE("L-001 OV-28 the file oci-layout") {
  CHECK(check_layout(R"({"imageLayoutVersion": "1.0.0"})") == errc::ok);
  CHECK(check_layout(R"({"x":[1],"imageLayoutVersion":"1.0.0"})"
                     "\n") == errc::ok);
  CHECK(check_layout(R"({"imageLayoutVersion":"2.0.0"})") == errc::layout_version);
  CHECK(check_layout(R"({"imageLayoutVersion":"1.0"})") == errc::layout_version);
  CHECK(check_layout(R"({"imagelayoutversion":"1.0.0"})") == errc::layout_version);
  CHECK(check_layout("{}") == errc::layout_version);
  CHECK(check_layout(R"({"imageLayoutVersion":1})") == errc::json_type);
  CHECK(check_layout(R"("1.0.0")") == errc::json_type);
  CHECK(check_layout("") == errc::json_truncated);  // OV-29: an empty file is no better than none
}

TEST_CASE("F-004 OV-34 OV-36 the tag of the referrers of a digest") {
  const std::string a64(64, 'a');
  CHECK(tag_of("sha256:" + a64) == "sha256-" + a64);
  CHECK(tag_of("sha384:" + a64 + std::string(32, 'b')) == "sha384-" + a64);
  CHECK(tag_of("sha384:" + a64 + std::string(32, 'b'), nv2::referrers_cut::at_96) ==
        "sha384-" + a64 + std::string(32, 'b'));
  CHECK(tag_of("sha512:" + a64 + std::string(64, 'b')) == "sha512-" + a64);
  CHECK(tag_of("sha256+b64u:abc_=") == "sha256-b64u-abc_-");
  const std::string long_name = std::string(20, 'x') + "." + std::string(20, 'y');
  CHECK(tag_of(long_name + ":abc") == std::string(20, 'x') + "." + std::string(11, 'y') + "-abc");
  CHECK(tag_of("sha256") == "digest_syntax");
  CHECK(tag_of("sha256:" + a64 + "0") == "digest_syntax");
  CHECK(tag_of("sha256:../../x") == "digest_syntax");
}

TEST_CASE("F-004 a buffer that is too small for the tag") {
  std::uint8_t room[12] = {};
  std::size_t size = 1;
  const std::string digest = "other:0123456";
  CHECK(nv2::referrers_tag(bytes::of(digest), nv2::referrers_cut::at_64, room, size) ==
        errc::workspace_exhausted);
  CHECK(size == 0);
}

TEST_CASE("F-005 OV-35 what is no index lists nothing") {
  nv2::image_index index;
  CHECK(parse(R"({"schemaVersion":2,"config":{},"layers":[]})", index) ==
        errc::index_manifests_missing);
  nv2::index_entries entries{index};
  CHECK_FALSE(entries.next());
}

namespace {

nv2::digest_value thumbprint() {
  nv2::digest_value out;
  out.hash = nv2::hash_algorithm::sha256;
  for (std::size_t i = 0; i < 32; ++i) out.data[i] = static_cast<std::uint8_t>(i * 11 + 3);
  return out;
}
std::string digits_of(const nv2::digest_value& value, const char* alphabet) {
  std::string out;
  for (const std::uint8_t byte : value.view()) {
    out += alphabet[byte >> 4];
    out += alphabet[byte & 15];
  }
  return out;
}
bool lists(const std::string& list) { return nv2::has_thumbprint(bytes::of(list), thumbprint()); }

}  // namespace

TEST_CASE("O-009 W-044 OV-16 OV-17 thumbprints say what to try first, and nothing else") {
  const std::string lower = digits_of(thumbprint(), "0123456789abcdef");
  const std::string upper = digits_of(thumbprint(), "0123456789ABCDEF");
  CHECK(lists("[\"" + lower + "\"]"));
  CHECK(lists("[\"" + upper + "\"]"));
  CHECK(lists("[\"00\", \"" + upper + "\"]"));
  CHECK_FALSE(lists("[]"));
  CHECK_FALSE(lists("[\"" + lower.substr(2) + "\"]"));
  CHECK_FALSE(lists("[\"" + lower + "0\"]"));
  CHECK_FALSE(lists("[\"" + lower.substr(0, 63) + "g\"]"));
  CHECK_FALSE(lists("\"" + lower + "\""));
  CHECK_FALSE(lists("[\"" + lower + "\""));
  CHECK_FALSE(lists("garbage"));
  CHECK_FALSE(nv2::has_thumbprint(bytes::of("[\"\"]"), nv2::digest_value{}));
}

TEST_CASE("O-009 O-010 the annotation with the thumbprints") {
  const auto find = [](const char* annotations) {
    nv2::signature_manifest manifest;
    manifest.annotations = bytes::of(annotations);
    nv2::json_string list;
    return nv2::find_thumbprints(manifest, list) ? std::string(list.raw().as_text()) : "none";
  };
  CHECK(find(R"({"io.cncf.notary.x509chain.thumbprint#S256":"[]"})") == "[]");
  CHECK(find(R"({"io.cncf.notary.x509certs.fingerprint.sha256":"[]"})") == "none");
  CHECK(find("") == "none");
}
