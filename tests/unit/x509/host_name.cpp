// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include <nv2/x509/host_name.hpp>

#include "support/test_pki.hpp"

using nv2::errc;
using nv2_test::dns_name;
using nv2_test::ip_address;
using nv2_test::octets;

namespace {

using names = std::vector<octets>;

/// What check_host() says of a certificate with these names. No entries = no subjectAltName.
errc covers(const names& alt_names, std::string_view host, bool san_only = false,
            const octets& subject = nv2_test::name_of("registry.example.com")) {
  static const nv2_test::test_key key = nv2_test::stub_key(1);
  nv2_test::certificate_plan plan;
  plan.subject_name = subject;
  plan.issuer = "CA";
  plan.key = plan.signer = &key;
  plan.alt_names = alt_names;
  const octets der = nv2_test::make_certificate(plan);
  nv2::certificate parsed;
  REQUIRE(nv2::parse_certificate(nv2_test::as_bytes(der), parsed) == errc::ok);
  return nv2::check_host(parsed, nv2::bytes::of(host), san_only);
}

struct row {
  names entries;
  const char* host;
  errc expected;
};

void check_rows(const std::vector<row>& rows) {
  for (const row& r : rows) {
    CAPTURE(std::string{r.host});
    CHECK(covers(r.entries, r.host) == r.expected);
    CHECK(covers(r.entries, r.host, true) == r.expected);
  }
}

constexpr errc ok = errc::ok;
constexpr errc no = errc::host_not_covered;

octets v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return ip_address({a, b, c, d});
}
octets v6(octets head, octets tail) {
  octets all = std::move(head);
  all.resize(16 - tail.size(), 0);
  all.insert(all.end(), tail.begin(), tail.end());
  return ip_address(all);
}

}  // namespace

TEST_CASE("N-114 names match label by label, without case, the dot at the end aside") {
  const names one = {dns_name("registry.example.com")};
  check_rows({
      {one, "registry.example.com", ok},
      {one, "REGISTRY.Example.COM", ok},
      {{dns_name("Registry.EXAMPLE.com")}, "registry.example.com", ok},
      {one, "registry.example.com.", ok},
      {one, "registry.example.com..", no},
      {one, "registry.example.comm", no},
      {one, "egistry.example.com", no},
      {one, "registry_example.com", no},
      {one, "example.com", no},
      {one, "a.registry.example.com", no},
      {{dns_name("registry.example.com.")}, "registry.example.com", no},
      {{dns_name("registry.example.com.")}, "registry.example.com.", ok},
      {{dns_name("my_registry.local")}, "my_registry.local", ok},
      {{dns_name("a")}, "a", ok},
      {{dns_name("other.example"), dns_name("registry.example.com")}, "registry.example.com", ok},
  });
}

TEST_CASE("N-114 a wildcard is a whole first label and stands for one label") {
  const names wild = {dns_name("*.example.com")};
  check_rows({
      {wild, "registry.example.com", ok},
      {wild, "REG.Example.com", ok},
      {wild, "registry.example.com.", ok},
      {wild, "_x.example.com", ok},
      {wild, "example.com", no},
      {wild, ".example.com", no},
      {wild, "a.b.example.com", no},
      {wild, "-a.example.com", no},
      {wild, "a b.example.com", no},
      {wild, "registry.example.org", no},
      {{dns_name("*")}, "registry", no},
      {{dns_name("*")}, "registry.example.com", no},
      {{dns_name("*.")}, "registry", no},
      {{dns_name("*.")}, "registry.", no},
      {{dns_name("r*.example.com")}, "registry.example.com", no},
      {{dns_name("*y.example.com")}, "registry.example.com", no},
      {{dns_name("registry.*.com")}, "registry.example.com", no},
      {{dns_name("*.*.com")}, "registry.example.com", no},
      {{dns_name("**.example.com")}, "registry.example.com", no},
      {{dns_name("*.com")}, "example.com", ok},
      {{dns_name("*.0.0.1")}, "127.0.0.1", no},
  });
}

TEST_CASE("N-115 what is no host name is covered by the same text only") {
  const names port = {dns_name("localhost:5000")};
  check_rows({
      {port, "localhost:5000", ok},
      {port, "LocalHost:5000", ok},
      {port, "localhost:5001", no},
      {port, "localhost", no},
      {{dns_name("localhost")}, "localhost:5000", no},
      {{dns_name("*.example.com")}, "registry.example.com:5000", no},
      {{dns_name("*.example.com:5000")}, "registry.example.com:5000", no},
      {{dns_name("*.example.com:5000")}, "*.example.com:5000", ok},
      {{dns_name("*.example.com")}, "*.example.com", ok},
      {{dns_name("a..b")}, "a..b", ok},
      {{dns_name("-a.b")}, "-A.b", ok},
      {{dns_name("[::1]:5000")}, "[::1]:5000", ok},
      {{dns_name("b\xC3\xBC"
                 "cher.example")},
       "b\xC3\xBC"
       "cher.example",
       ok},
      {{dns_name("b\xC3\x9C"
                 "cher.example")},
       "b\xC3\xBC"
       "cher.example",
       no},
      {{dns_name(std::string_view{"a.example\0.evil.example", 23})}, "a.example", no},
      {{dns_name("")}, "", no},
      {{dns_name(".")}, ".", no},
      {{dns_name("a"), dns_name("")}, "", no},
  });
}

TEST_CASE("N-113 IP addresses match iPAddress entries only, by value") {
  const names loopback = {v4(127, 0, 0, 1), v6({}, {1})};
  check_rows({
      {loopback, "127.0.0.1", ok},
      {loopback, "127.0.0.2", no},
      {loopback, "[127.0.0.1]", ok},
      {loopback, "[::1]", ok},
      {loopback, "::1", ok},
      {loopback, "[0:0:0:0:0:0:0:1]", ok},
      {loopback, "[0000:0000::0001]", ok},
      {loopback, "[::2]", no},
      {loopback, "[::1]:5000", no},
      {loopback, "127.0.0.1:5000", no},
      {loopback, "[::ffff:7f00:1]", ok},  // IPv4 in IPv6 clothes
      {{v6({}, {0xFF, 0xFF, 127, 0, 0, 1})}, "127.0.0.1", ok},
      {{v6({}, {0xFF, 0xFF, 127, 0, 0, 1})}, "[::FFFF:7F00:1]", ok},
      {{v6({}, {127, 0, 0, 1})}, "127.0.0.1", no},
      {loopback, "[::7f00:1]", no},
      {{v6({0x20, 0x01, 0x0D, 0xB8}, {0xAB, 0xCD})}, "[2001:db8::abcd]", ok},
      {{v6({0x20, 0x01, 0x0D, 0xB8}, {0xAB, 0xCD})}, "[2001:DB8:0:0::ABCD]", ok},
      {{v6({0x20, 0x01, 0x0D, 0xB8}, {})}, "[2001:db8::]", ok},
      {{v6({}, {})}, "[::]", ok},
      {{dns_name("127.0.0.1")}, "127.0.0.1", no},
      {{dns_name("[::1]")}, "[::1]", no},
      {{dns_name("::1")}, "::1", no},
      {{nv2_test::email_name("registry.example.com")}, "registry.example.com", no},
  });
}

TEST_CASE("N-113 what is almost an IP address is none") {
  const names all = {v4(1, 2, 3, 4), v4(0, 0, 0, 0), v4(1, 2, 3, 0),    v6({}, {}),
                     v6({}, {1}),    v6({0, 1}, {}), v6({0, 1}, {0, 2})};
  for (const char* host : {"1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.",
                           ".1.2.3",
                           "1..2.3",
                           "1.2.3.04",
                           "01.2.3.4",
                           "1.2.3.256",
                           "1.2.3.1000",
                           "1.2.3.4294967300",
                           "1.2.3.0x4",
                           "1.2.3.+4",
                           "1.2.3.-4",
                           " 1.2.3.4",
                           "00.0.0.0",
                           "[",
                           "[]",
                           "[:]",
                           "[:::]",
                           "[1]",
                           "[:1]",
                           "[1:]",
                           "[::1",
                           "::1]",
                           "[::1:]",
                           "[1:::2]",
                           "[1::2::3]",
                           "[::00001]",
                           "[::g]",
                           "[::1%eth0]",
                           "[::1%25eth0]",
                           "[::1.2.3.4]",
                           "[0:0:0:0:0:0:0:0:1]",
                           "[0:0:0:0:0:0:0]",
                           "[0:0:0:0:0:0:0:0::]",
                           "[::0:0:0:0:0:0:0:1]",
                           "[0:0:0:0::0:0:0:1]",
                           "[[::1]]",
                           "[::1] "}) {
    CAPTURE(std::string{host});
    CHECK(covers(all, host) == no);
  }
  const names eight = {v6({0, 1, 0, 2, 0, 3, 0, 4}, {0, 5, 0, 6, 0, 7, 0, 8}), v4(1, 1, 1, 1)};
  CHECK(covers(eight, "[1:2:3:4:5:6:7:8]") == ok);
  for (const char* host : {"[:1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8:]", "[1:2:3:4:5:6:7:8::]",
                           "[1:2:3:4:5:6:7]", "2561.1.1.1", "1.1.1.2561"}) {
    CAPTURE(std::string{host});
    CHECK(covers(eight, host) == no);
  }
  std::string groups = "1", numbers = "1";
  for (int i = 0; i < 100; ++i) {
    groups += ":1";
    numbers += ".1";
    CHECK(covers(eight, groups) == no);
    CHECK(covers(eight, numbers) == (i == 2 ? ok : no));
  }
  // One group of zeros is what "::" stands for at least.
  CHECK(covers({v6({}, {1})}, "[0:0:0:0:0:0::1]") == ok);
}

TEST_CASE("N-111 with a subjectAltName the common name does not count") {
  const octets subject = nv2_test::name_of("registry.example.com");
  CHECK(covers({dns_name("other.example.com")}, "registry.example.com", false, subject) == no);
  CHECK(covers({nv2_test::email_name("a@b")}, "registry.example.com", false, subject) == no);
  CHECK(covers({v4(1, 2, 3, 4)}, "registry.example.com", false, subject) == no);
}

TEST_CASE("N-112 without a subjectAltName the one common name counts") {
  const auto by_name = [](std::string_view common_name, std::string_view host) {
    return covers({}, host, false, nv2_test::name_of(common_name));
  };
  CHECK(by_name("registry.example.com", "registry.example.com") == ok);
  CHECK(by_name("Registry.Example.com", "registry.example.COM.") == ok);
  CHECK(by_name("*.example.com", "registry.example.com") == ok);
  CHECK(by_name("*.example.com", "a.b.example.com") == no);
  CHECK(by_name("registry.example.com", "other.example.com") == no);
  CHECK(by_name("localhost:5000", "localhost:5000") == no);
  CHECK(by_name("registry.example.com.", "registry.example.com.") == no);
  CHECK(by_name("*.example.com", "*.example.com") == no);
  CHECK(by_name("127.0.0.1", "127.0.0.1") == no);
  CHECK(by_name("::1", "[::1]") == no);
  CHECK(by_name("Acme Rockets", "Acme Rockets") == no);
  CHECK(by_name("", "registry.example.com") == no);
  CHECK(by_name("", "") == no);

  const auto attribute = [](std::uint8_t type, const char* value, std::uint8_t tag = 0x0C) {
    return nv2_test::attribute(type, value, tag);
  };
  const char* host = "registry.example.com";
  const octets with_others = nv2_test::sequence({attribute(6, "US"), attribute(3, host, 0x13)});
  const octets twice = nv2_test::sequence({attribute(3, host), attribute(3, host)});
  const octets other_type = nv2_test::sequence({attribute(10, host)});
  CHECK(covers({}, host, false, with_others) == ok);
  CHECK(covers({}, host, false, twice) == no);
  CHECK(covers({}, host, false, other_type) == no);
}

TEST_CASE("N-112 nv2_san_only refuses the common name") {
  CHECK(covers({}, "registry.example.com", true) == errc::common_name_refused);
  CHECK(covers({}, "other.example.com", true) == errc::common_name_refused);
  CHECK(covers({dns_name("registry.example.com")}, "registry.example.com", true) == ok);
}
