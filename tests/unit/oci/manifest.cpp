// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <nv2/oci/manifest.hpp>
#include <string>
#include <string_view>

using nv2::bytes;
using nv2::content_descriptor;
using nv2::errc;
using json = nlohmann::ordered_json;

namespace {

const std::string image_type{nv2::media_types::image_manifest};
const std::string signature_type{nv2::media_types::notary_signature};
const std::string empty_type{nv2::media_types::empty_config};

json descriptor(std::string_view type, char digit, std::int64_t size) {
  return {{"mediaType", std::string(type)},
          {"digest", "sha256:" + std::string(64, digit)},
          {"size", size}};
}
const json subject = descriptor(image_type, 'c', 528);

json signature() {
  return {{"schemaVersion", 2},
          {"mediaType", image_type},
          {"artifactType", signature_type},
          {"config", descriptor(empty_type, '4', 2)},
          {"layers", {descriptor("application/jose+json", 'e', 2000)}},
          {"subject", subject},
          {"annotations", {{"io.cncf.notary.x509chain.thumbprint#S256", "[\"00\"]"}}}};
}

/// A change of one member; null means that it goes.
json with(const char* name, const json& value) {
  json out = signature();
  out[name] = value;
  return out;
}
json without(const char* name) {
  json out = signature();
  out.erase(name);
  return out;
}
json with_layer(const char* name, const json& value) {
  json out = signature();
  out["layers"][0][name] = value;
  return out;
}

/// A manifest with the memory it lies in.
struct parsed {
  explicit parsed(std::string content) : text(std::move(content)) {
    code = nv2::parse_signature_manifest(bytes::of(text), memory, value);
  }
  explicit parsed(const json& content) : parsed(content.dump()) {}

  std::string text;
  nv2::static_workspace<4096> memory;
  nv2::signature_manifest value;
  errc code;
};

struct row {
  const char* what;
  json input;
  errc expected;
};

void check(const row& r) {
  CAPTURE(r.what);
  const parsed manifest(r.input);
  CHECK(manifest.code == r.expected);
  // Whatever is wrong with it, it is one of Notary, and so counts as a failed signature.
  CHECK(manifest.value.is_signature);
}

content_descriptor artifact(const parsed& manifest) { return manifest.value.subject; }

}  // namespace

TEST_CASE("OV-01 the manifest of a signature") {
  const parsed manifest(signature());
  REQUIRE(manifest.code == errc::ok);
  CHECK(manifest.value.is_signature);
  CHECK(manifest.value.envelope.media_type.as_text() == "application/jose+json");
  CHECK(manifest.value.envelope.digest.as_text() == "sha256:" + std::string(64, 'e'));
  CHECK(manifest.value.envelope.size == 2000);
  CHECK(manifest.value.subject.digest.as_text() == "sha256:" + std::string(64, 'c'));
  CHECK(nv2::check_subject(manifest.value, artifact(manifest)) == errc::ok);
}

TEST_CASE("O-003 O-013 which manifests are signatures") {
  struct form {
    const char* what;
    json artifact_type;  // null = absent
    std::string config_type;
    bool is_signature;
  };
  const form forms[] = {
      {"OV-01", signature_type, empty_type, true},
      {"OV-02", nullptr, signature_type, true},
      {"OV-03", signature_type, signature_type, false},
      {"OV-04", nullptr, empty_type, false},
      {"OV-05", "application/vnd.example", empty_type, false},
      {"empty", "", signature_type, false},
      {"OV-31 only the listing says so", "application/vnd.example", "application/vnd.example",
       false},
      {"upper case", "application/vnd.CNCF.notary.signature", empty_type, false},
      {"an ordinary image", nullptr, "application/vnd.oci.image.config.v1+json", false},
  };
  for (const form& f : forms) {
    CAPTURE(f.what);
    json input = signature();
    input["artifactType"] = f.artifact_type;
    if (f.artifact_type.is_null()) input.erase("artifactType");
    input["config"]["mediaType"] = f.config_type;
    const parsed manifest(input);
    CHECK(manifest.value.is_signature == f.is_signature);
    CHECK(manifest.code == (f.is_signature ? errc::ok : errc::manifest_not_signature));
  }
}

TEST_CASE("O-002 O-004 D-010 what the manifest says of itself") {
  json no_config_size = signature();
  no_config_size["config"].erase("size");
  json no_config_digest = signature();
  no_config_digest["config"].erase("digest");
  const row rows[] = {
      {"OV-18", with("schemaVersion", 3), errc::manifest_version},
      {"no version", without("schemaVersion"), errc::manifest_version_missing},
      {"OV-19", without("mediaType"), errc::manifest_media_type},
      {"OV-20", with("mediaType", "application/vnd.docker.distribution.manifest.v2+json"),
       errc::manifest_media_type},
      {"config without size", no_config_size, errc::descriptor_size},
      {"config without digest", no_config_digest, errc::digest_syntax},
      {"annotation without key", with("annotations", {{"", "x"}}), errc::payload_annotation_key},
      {"annotation is no text", with("annotations", {{"a", 1}}), errc::json_type},
      {"null for annotations", with("annotations", nullptr), errc::json_type},
  };
  for (const row& r : rows) check(r);
  CHECK(parsed(with("schemaVersion", "2")).code == errc::json_type);
  CHECK(parsed(without("config")).code == errc::manifest_not_signature);
  CHECK(parsed(std::string("[]")).code == errc::json_type);
  CHECK(parsed(std::string()).code == errc::json_truncated);
}

TEST_CASE("O-005 O-006 O-008 the one layer") {
  json two = signature();
  two["layers"].push_back(two["layers"][0]);
  const row rows[] = {
      {"OV-10", with("layers", json::array()), errc::manifest_layers},
      {"OV-11", two, errc::manifest_layers},
      {"no layers", without("layers"), errc::manifest_layers},
      {"null for layers", with("layers", nullptr), errc::json_type},
      {"layer is a text", with("layers", {"x"}), errc::json_type},
      {"OV-12", with_layer("mediaType", "text/plain"), errc::envelope_media_type},
      {"upper case", with_layer("mediaType", "application/JOSE+json"), errc::envelope_media_type},
      {"parameter", with_layer("mediaType", "application/cose;x=y"), errc::media_type_syntax},
      {"COSE", with_layer("mediaType", "application/cose"), errc::ok},
      {"OV-14", with_layer("size", -2000), errc::descriptor_size},
      {"32 MiB", with_layer("size", 32 << 20), errc::ok},
      {"more", with_layer("size", (32 << 20) + 1), errc::input_too_large},
      {"OV-22", with_layer("data", "bm90IGl0"), errc::ok},
      {"digest", with_layer("digest", "sha256:zz"), errc::digest_syntax},
      {"digest", with_layer("digest", "md5:" + std::string(32, 'a')), errc::digest_unsupported},
  };
  for (const row& r : rows) check(r);
}

TEST_CASE("O-007 L-005 whose signature it is") {
  const parsed manifest(signature());
  struct difference {
    const char* what;
    json subject;
  };
  const difference rows[] = {
      {"OV-06 OV-32", descriptor(image_type, 'd', 528)},
      {"OV-07", descriptor("application/vnd.docker.distribution.manifest.v2+json", 'c', 528)},
      {"OV-08", descriptor(image_type, 'c', 529)},
  };
  for (const difference& r : rows) {
    CAPTURE(r.what);
    const parsed other(with("subject", r.subject));
    REQUIRE(other.code == errc::ok);
    CHECK(nv2::check_subject(other.value, artifact(manifest)) == errc::manifest_subject);
  }
  json annotated = subject;
  annotated["annotations"] = {{"a", "b"}};  // D-008
  CHECK(nv2::check_subject(parsed(with("subject", annotated)).value, artifact(manifest)) ==
        errc::ok);

  const parsed none(without("subject"));  // OV-06
  CHECK(none.code == errc::manifest_subject);
  CHECK(nv2::check_subject(none.value, artifact(manifest)) == errc::manifest_subject);
  CHECK(nv2::check_subject(none.value, content_descriptor{}) == errc::manifest_subject);
  check({"null", with("subject", nullptr), errc::json_type});
  check({"size", with("subject", descriptor(image_type, 'c', -1)), errc::descriptor_size});
}

TEST_CASE("O-007 the subject of a broken signature is told, so that it can be passed over") {
  json other = with("layers", json::array());
  other["subject"] = descriptor(image_type, 'd', 528);
  const parsed manifest(other);
  CHECK(manifest.code == errc::manifest_layers);
  CHECK(manifest.value.subject.digest.as_text() == "sha256:" + std::string(64, 'd'));
}

TEST_CASE("G-012 OV-26 OV-27 manifests that are not good JSON") {
  const std::string good = signature().dump();
  std::string twice = good;
  twice.insert(good.rfind('}'), ",\"layers\":" + signature()["layers"].dump());
  CHECK(parsed(twice).code == errc::json_duplicate_name);  // OV-26
  CHECK(parsed(twice).value.is_signature);
  CHECK(parsed(good + "x").code == errc::json_trailing);  // OV-27
  CHECK(parsed(good + "x").value.is_signature);
  CHECK(parsed(good.substr(0, good.size() - 1)).code == errc::json_truncated);
  CHECK_FALSE(parsed(std::string("{\"config\":")).value.is_signature);
}

TEST_CASE("O-011 unknown members and annotations are ignored") {
  json input = with("org.example", {{"layers", json::array()}});
  input["annotations"]["org.opencontainers.image.created"] = "2026-01-01T00:00:00Z";
  CHECK(parsed(input).code == errc::ok);
}

TEST_CASE("O-001 G-003 manifests that are too large") {
  std::string large = signature().dump();
  large.append(nv2::limits::manifest_size - large.size(), ' ');
  CHECK(parsed(large).code == errc::ok);
  large += ' ';
  CHECK(parsed(large).code == errc::input_too_large);
  nv2::static_workspace<512> memory;
  nv2::signature_manifest out;
  const std::string good = signature().dump();
  CHECK(nv2::parse_signature_manifest(bytes::of(good), memory, out) == errc::workspace_exhausted);
  CHECK(memory.mark() == 0);
}

namespace {

json prototype(const char* form = "application/vnd.cncf.notary.config.v2+jwt") {
  return {{"schemaVersion", 2}, {"config", descriptor(form, 'f', 906)}, {"layers", json::array()}};
}

errc parse_prototype(const std::string& text, nv2::prototype_manifest& out) {
  nv2::static_workspace<4096> memory;
  return nv2::parse_prototype_manifest(bytes::of(text), memory, out);
}
errc parse_prototype(const std::string& text) {
  nv2::prototype_manifest ignored;
  return parse_prototype(text, ignored);
}
errc prototype_with(const char* name, const json& value) {
  json changed = prototype();
  changed[name] = value;
  return parse_prototype(changed.dump());
}

}  // namespace

TEST_CASE("O-031 O-032 the config of a prototype manifest is the signature") {
  for (const char* form : {"application/vnd.cncf.notary.config.v2+jwt",
                           "application/vnd.cncf.notary.config.v2+json"}) {
    CAPTURE(form);
    const std::string text = prototype(form).dump();
    nv2::prototype_manifest manifest;
    REQUIRE(parse_prototype(text, manifest) == errc::ok);
    CHECK(manifest.envelope.media_type.as_text() == form);
    CHECK(manifest.envelope.digest.as_text() == "sha256:" + std::string(64, 'f'));
    CHECK(manifest.envelope.size == 906);
  }
  CHECK(parse_prototype(prototype("application/vnd.oci.image.config.v1+json").dump()) ==
        errc::prototype_not_signature);
  CHECK(parse_prototype("{}") == errc::prototype_not_signature);
  CHECK(parse_prototype(signature().dump()) == errc::prototype_not_signature);
  nv2::prototype_manifest broken;
  CHECK(parse_prototype(prototype().dump() + "x", broken) == errc::json_trailing);
  CHECK(broken.is_signature);
  CHECK(parse_prototype(signature().dump() + "x", broken) == errc::json_trailing);
  CHECK_FALSE(broken.is_signature);
}

TEST_CASE("O-030 O-033 the rest of a prototype manifest") {
  json bare = prototype();
  bare.erase("layers");
  CHECK(parse_prototype(bare.dump()) == errc::ok);
  CHECK(prototype_with("layers", nullptr) == errc::ok);
  CHECK(prototype_with("layers", json::array({subject})) == errc::prototype_layers);
  CHECK(prototype_with("layers", "") == errc::json_type);
  CHECK(prototype_with("schemaVersion", 1) == errc::prototype_version);
  bare.erase("schemaVersion");
  CHECK(parse_prototype(bare.dump()) == errc::prototype_version);
  CHECK(prototype_with("config", nullptr) == errc::json_type);
  CHECK(prototype_with("config", descriptor("application/vnd.cncf.notary.config.v2+jwt", 'f',
                                            -1)) == errc::descriptor_size);
  CHECK(prototype_with("config", descriptor("application/vnd.cncf.notary.config.v2+jwt", 'f',
                                            (32 << 20) + 1)) == errc::input_too_large);  // O-008
  CHECK(parse_prototype(prototype().dump() + "{}") == errc::json_trailing);
  CHECK(parse_prototype(std::string(nv2::limits::manifest_size + 1, ' ')) ==
        errc::input_too_large);  // O-001
}

TEST_CASE("O-030 O-034 members that the prototype did not write mean nothing") {
  CHECK(prototype_with("mediaType", "x") == errc::ok);
  CHECK(prototype_with("artifactType", 1) == errc::ok);
  CHECK(prototype_with("subject", nullptr) == errc::ok);
}

TEST_CASE("O-035 prototype signatures that are an index") {
  CHECK(prototype_with("manifests", json::array({subject})) == errc::prototype_index);
  json third = prototype("application/vnd.cncf.notary.index.config.v2+jwt");
  CHECK(parse_prototype(third.dump()) == errc::prototype_not_signature);
}

TEST_CASE("O-041 O-042 a manifest may not contradict the descriptor that leads to it") {
  nv2::static_workspace<2048> memory;
  const auto judge = [&](const std::string& text, std::string_view type) {
    return nv2::check_own_media_type(bytes::of(text), bytes::of(type), memory);
  };
  CHECK(judge(R"({"mediaType":"a/b"})", "a/b") == errc::ok);
  CHECK(judge(R"({"mediaType":"a\/b"})", "a/b") == errc::ok);
  CHECK(judge(R"({"other":{"mediaType":"c/d"}})", "a/b") == errc::ok);
  CHECK(judge(R"({"mediaType":"a/B"})", "a/b") == errc::manifest_own_media_type);
  CHECK(judge(R"({"mediaType":""})", "a/b") == errc::manifest_own_media_type);
  CHECK(judge(R"({"mediaType":null})", "a/b") == errc::json_type);
  CHECK(judge(R"({"mediaType":"a/b","mediaType":"a/b"})", "a/b") == errc::json_duplicate_name);
  CHECK(judge("x", "a/b") == errc::json_syntax);
  CHECK(memory.mark() == 0);
}
