// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <nv2/trust/acquisition.hpp>

namespace {

using nv2::acquisition;
using nv2::bytes;
using nv2::errc;

const acquisition table[] = {
    {bytes::of("docker.io"), bytes::of("hub")},
    {bytes::of("docker.io/wabbit-networks"), bytes::of("wabbit")},
    {bytes::of("docker.io/wabbit-networks/net-monitor"), bytes::of("monitor")},
    {bytes::of("registry.acme-rockets.io:5000"), bytes::of("port")},
    {bytes::of(""), bytes::of("everything")},
};

/// The URL for `reference`, "" = none.
std::string_view url(std::string_view reference) {
  const acquisition* const found = nv2::find_acquisition(table, bytes::of(reference));
  return found == nullptr ? "" : found->url.as_text();
}

}  // namespace

TEST_CASE("Q-004 the longest prefix that ends where a part does is the one") {
  CHECK(url("docker.io/library/hello-world:latest") == "hub");
  CHECK(url("docker.io/wabbit-networks/other:v1") == "wabbit");
  CHECK(url("docker.io/wabbit-networks/net-monitor:v1") == "monitor");
  CHECK(url("docker.io/wabbit-networks/net-monitor@sha256:00") == "monitor");
  CHECK(url("docker.io/wabbit-networks/net-monitor:v1@sha256:00") == "monitor");
  CHECK(url("docker.io/wabbit-networks/net-monitor/more") == "monitor");
  CHECK(url("docker.io") == "hub");
  CHECK(url("registry.acme-rockets.io:5000/app:v1") == "port");
}

TEST_CASE("Q-004 what only begins alike is another name") {
  CHECK(url("docker.io.example/app") == "");
  CHECK(url("docker.ioo/app") == "");
  CHECK(url("docker.io:443/app") == "");
  CHECK(url("docker.io/wabbit-networks-too/app") == "hub");
  CHECK(url("docker.io/wabbit-networks/net-monitors") == "wabbit");
  CHECK(url("registry.acme-rockets.io/app") == "");
  CHECK(url("registry.acme-rockets.io:5000@sha256:docker.io/app") == "port");
  CHECK(url("x@docker.io/app") == "");
  CHECK(url("") == "");
  CHECK(nv2::find_acquisition({}, bytes::of("docker.io/app")) == nullptr);
}

TEST_CASE("Q-008 a name without a registry is not one of docker.io") {
  CHECK(url("hello-world:latest") == "");
  CHECK(url("library/hello-world") == "");
  CHECK(url("wabbit-networks/net-monitor:v1") == "");
}

TEST_CASE("Q-004 only who signs can be acquired, not what was signed") {
  CHECK(nv2::may_be_acquired(errc::no_signature));
  CHECK(nv2::may_be_acquired(errc::notary_not_anchored));
  CHECK(nv2::may_be_acquired(errc::kid_not_found));
  CHECK(nv2::may_be_acquired(errc::identity_mismatch));
  CHECK_FALSE(nv2::may_be_acquired(errc::artifact_digest));     // evidence of tampering
  CHECK_FALSE(nv2::may_be_acquired(errc::signature_mismatch));
  CHECK_FALSE(nv2::may_be_acquired(errc::certificate_revoked));
  CHECK_FALSE(nv2::may_be_acquired(errc::ok));
}
