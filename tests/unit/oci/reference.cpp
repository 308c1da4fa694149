// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nv2/oci/reference.hpp>
#include <string>
#include <string_view>

using nv2::bytes;
using nv2::compat;
using nv2::errc;

namespace {

std::string text(bytes b) { return std::string(b.as_text()); }

const std::string hex64(64, 'a');
const std::string odd_digest = "A1+b.c_d-e:" + std::string(32, 'F');
const std::string sha256_digest = "sha256:" + hex64;

errc parse(const std::string& input) {
  nv2::reference ignored;
  return nv2::parse_reference(bytes::of(input), ignored);
}

struct host_result {
  errc code;
  std::string host;
};

host_result host_of(const std::string& input, compat options = compat::none) {
  nv2::reference parsed;
  bytes host;
  const errc code = nv2::check_registry_host(bytes::of(input), options, parsed, host);
  return {code, code == errc::ok ? text(host) : ""};
}

}  // namespace

TEST_CASE("D-021 D-022 parse_reference takes a reference apart") {
  struct row {
    std::string input, domain, repository, path, tag, digest;
  };
  const row rows[] = {
      {"app", "", "app", "app", "", ""},
      {"app:v1", "", "app", "app", "v1", ""},
      {"r.io:5000", "", "r.io", "r.io", "5000", ""},
      {"r.io/app", "r.io", "r.io/app", "app", "", ""},
      {"library/app", "library", "library/app", "app", "", ""},
      {"r.io/a/b.c/d__e:T_1.x-y", "r.io", "r.io/a/b.c/d__e", "a/b.c/d__e", "T_1.x-y", ""},
      {"r.io/f---g", "r.io", "r.io/f---g", "f---g", "", ""},
      {"host:5000/app:6000", "host:5000", "host:5000/app", "app", "6000", ""},
      {"UPPER/app", "UPPER", "UPPER/app", "app", "", ""},
      {"snake_case/app", "", "snake_case/app", "snake_case/app", "", ""},
      {"a--b/app", "a--b", "a--b/app", "app", "", ""},
      {"127.0.0.1/app", "127.0.0.1", "127.0.0.1/app", "app", "", ""},
      {"[::1]/app", "[::1]", "[::1]/app", "app", "", ""},
      {"[2001:DB8::1]:443/app:x", "[2001:DB8::1]:443", "[2001:DB8::1]:443/app", "app", "x", ""},
      {"r.io/app@" + sha256_digest, "r.io", "r.io/app", "app", "", sha256_digest},
      {"r.io/app:t@" + sha256_digest, "r.io", "r.io/app", "app", "t", sha256_digest},
      {"app@" + odd_digest, "", "app", "app", "", odd_digest},
  };
  for (const row& r : rows) {
    CAPTURE(r.input);
    nv2::reference parsed;
    REQUIRE(nv2::parse_reference(bytes::of(r.input), parsed) == errc::ok);
    CHECK(text(parsed.domain) == r.domain);
    CHECK(text(parsed.repository) == r.repository);
    CHECK(text(parsed.path) == r.path);
    CHECK(text(parsed.tag) == r.tag);
    CHECK(text(parsed.digest) == r.digest);
  }
}

TEST_CASE("N-100 D-021 D-022 D-023 what breaks the grammar of a reference") {
  const std::string inputs[] = {
      "", ":tag", "@" + sha256_digest, "/app", "app/", "a//b", "App", "r.io/App", "app ", " app",
      "app\n", std::string("app\0", 4), "r.io/a b", "r.io/\xC3\xA9",
      // domain
      "-r.io/app", "r-.io/app", "r..io/app", ".r.io/app", "r.io./app", "r.io:/app", "r.io:x/app",
      "under_score.io:80/app", "::1/app", "[]/app", "[::1/app", "::1]/app", "[::1%eth0]/app",
      "[::g]/app", "[::1]", "[::1]x/app",
      // path
      "r.io/_a", "r.io/a_", "r.io/a___b", "r.io/a..b", "r.io/a.-b", "r.io/a-", "r.io/-a",
      "r.io/a-_b",
      // tag
      "app:", "app:.x", "app:-x", "app:a~", "app:a:b", "app:a/b",
      // digest
      "app@", "app@sha256", "app@:" + hex64, "app@sha256:", "app@sha256:" + std::string(31, 'a'),
      "app@2:" + hex64, "app@sha256+:" + hex64, "app@sha256+2b:" + hex64,
      "app@sha256:" + hex64 + "g", "app@" + sha256_digest + ":t", "app@" + sha256_digest + "/x"};
  for (const std::string& input : inputs) {
    CAPTURE(input);
    CHECK(parse(input) == errc::reference_syntax);
  }
}

TEST_CASE("N-100 lengths of path and tag") {
  CHECK(parse("r.io/" + std::string(255, 'a')) == errc::ok);
  CHECK(parse("r.io/" + std::string(256, 'a')) == errc::reference_syntax);
  CHECK(parse(std::string(255, 'a')) == errc::ok);
  CHECK(parse(std::string(256, 'a')) == errc::reference_syntax);
  CHECK(parse("app:" + std::string(128, 't')) == errc::ok);
  CHECK(parse("app:" + std::string(129, 't')) == errc::reference_syntax);
}

TEST_CASE("check_registry_host finds the host a certificate must cover") {
  struct row {
    const char* input;
    const char* host;
  };
  const row rows[] = {
      {"registry.example.com/hello-world:v1", "registry.example.com"},
      {"REGISTRY.Example.com/x", "REGISTRY.Example.com"},  // N-106: folding is left to the match
      {"localhost/a", "localhost"},
      {"localhost:5000/a:b", "localhost:5000"},  // N-104 NV-19
      {"name:80/a", "name:80"},
      {"Name/a", "Name"},
      {"127.0.0.1/a", "127.0.0.1"},  // N-105 NV-20
      {"[::1]/a", "[::1]"},
      {"[::1]:5000/a", "[::1]:5000"},  // NV-21
      {"docker.io/library/hello-world:latest", "docker.io"},
      {"index.docker.io/library/hello-world", "index.docker.io"},
  };
  for (const row& r : rows) {
    CAPTURE(r.input);
    const host_result got = host_of(r.input);
    CHECK(got.code == errc::ok);
    CHECK(got.host == r.host);
  }
}

TEST_CASE("N-101 N-102 N-103 N-107 D-020 references that do not name their registry") {
  struct row {
    const char* input;
    errc code;
  };
  const row rows[] = {
      {"", errc::reference_empty_domain},  // NV-22
      {"/", errc::reference_empty_domain},
      {"/foo", errc::reference_empty_domain},  // NV-22
      {"//foo", errc::reference_empty_domain},
      {"hello-world", errc::reference_without_path},
      {"hello-world:latest", errc::reference_without_path},
      {"registry.example.com", errc::reference_without_path},  // NV-24
      {"[::1]", errc::reference_without_path},
      {"no path & no grammar", errc::reference_without_path},
      {"library/hello-world", errc::reference_unqualified},
      {"library/hello-world:1.0", errc::reference_unqualified},
      {"local_host/app", errc::reference_unqualified},
      {"localhosts/app", errc::reference_unqualified},
      {"registry.example.com./a", errc::reference_syntax},         // NV-24
      {"registry.example.com/A B@@@", errc::reference_syntax},     // NV-24
      {"https://registry.example.com/a", errc::reference_syntax},  // NV-25
      {"registry.example.com/", errc::reference_syntax},
      {"snake_case.example/app", errc::reference_syntax},
      {"[face]x/app", errc::reference_syntax},
      {"[fe80::1%eth0]/app", errc::reference_syntax},  // N-105
      {"library/Hello", errc::reference_syntax},
      {"library/hello world", errc::reference_syntax},
      {"[face]/", errc::reference_syntax},
  };
  for (const row& r : rows) {
    CAPTURE(r.input);
    CHECK(host_of(r.input).code == r.code);
  }
}

TEST_CASE("N-103 nv2_docker_default reads a missing registry as docker.io") {
  constexpr compat option = compat::nv2_docker_default;
  CHECK(host_of("library/hello-world", option).host == "docker.io");
  CHECK(host_of("local_host/app", option).host == "docker.io");
  CHECK(host_of("index.docker.io/library/hello-world", option).host == "docker.io");
  CHECK(host_of("docker.io/library/hello-world", option).host == "docker.io");
  CHECK(host_of("r.io/app", option).host == "r.io");
  CHECK(host_of("localhost/app", option).host == "localhost");
  CHECK(host_of("[face]/app", option).host == "[face]");
  CHECK(host_of("hello-world", option).code == errc::reference_without_path);
  CHECK(host_of("/app", option).code == errc::reference_empty_domain);
  CHECK(host_of("library/App", option).code == errc::reference_syntax);
}

TEST_CASE("N-104 N-105 nv2_strip_port compares the host alone") {
  constexpr compat option = compat::nv2_strip_port;
  CHECK(host_of("localhost:5000/a", option).host == "localhost");
  CHECK(host_of("r.io:443/a", option).host == "r.io");
  CHECK(host_of("r.io/a:443", option).host == "r.io");
  CHECK(host_of("127.0.0.1/a", option).host == "127.0.0.1");
  CHECK(host_of("127.0.0.1:80/a", option).host == "127.0.0.1");
  CHECK(host_of("[::1]/a", option).host == "[::1]");
  CHECK(host_of("[::1]:5000/a", option).host == "[::1]");  // NV-21
}

TEST_CASE("N-108 check_registry_host hands out the parts of the reference") {
  const std::string input = "r.io/app:v1@" + sha256_digest;
  nv2::reference parsed;
  bytes host;
  REQUIRE(nv2::check_registry_host(bytes::of(input), compat::none, parsed, host) == errc::ok);
  CHECK(text(host) == "r.io");
  CHECK(text(parsed.tag) == "v1");
  CHECK(text(parsed.digest) == sha256_digest);
}
