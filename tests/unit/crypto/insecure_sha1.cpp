// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-1 at every length around a block, against digests by another implementation (Python's hashlib).
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/crypto/insecure_sha1.hpp>

#include "support/exact.hpp"

namespace {

std::string hex_of(nv2::bytes digest) {
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

std::string sha1_of(std::string_view text) {
  const nv2_test::exact input{text};
  nv2_test::exact digest{nv2::insecure_sha1_size};
  nv2::insecure_sha1(input.view(), digest.memory());
  return hex_of(digest.view());
}

/// 0, 7, 14 ...
std::string counted(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += static_cast<char>(static_cast<std::uint8_t>(i * 7));
  return text;
}

}  // namespace

TEST_CASE("R-031 SHA-1 gives the digests of FIPS 180") {
  CHECK(sha1_of("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(sha1_of(std::string(1000000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("R-031 SHA-1 ends right at every length around a block") {
  struct row {
    std::size_t size;
    std::string_view digest;
  };
  constexpr row rows[] = {{0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
                          {1, "5ba93c9db0cff93f52b521d7420e43f6eda2784f"},
                          {3, "75550941124b46eb4161d17ac200c05c4fc03ce7"},
                          {55, "aecd1643c9903b9bae8cb94f53c50f8a4e18605b"},
                          {56, "f5d65c621c02cc8e785159feff8088e3072da1bc"},
                          {57, "a69640f450b01dd44b096a2a697b52e3f2aeb117"},
                          {63, "4952f0fe097e4d6410ae9eab4855aa836caf3bff"},
                          {64, "1e17ae1fc093e5daca033553c97a5192ca164486"},
                          {65, "ac44f5dbe3e9b5d2733fc9537fcad715c3c20bc3"},
                          {119, "b4a4e69060d0b1e7e8ebbf7041a4211c63438b57"},
                          {120, "b651390c2996406336a3f6647e4b590c18cdd6f8"},
                          {127, "374f47c1c8d4700fc2588e71f6d1e861b431b5c3"},
                          {128, "516846cd40bd1fe431119c3b0a0f362957992ee8"},
                          {1000, "38f3aa587f4aa04965a359f9151092759b3a4c2a"}};
  for (const row& r : rows) {
    CAPTURE(r.size);
    CHECK(sha1_of(counted(r.size)) == r.digest);
  }
}

TEST_CASE("R-031 the digest of the digests of all lengths below 300 is right") {
  std::string all;
  for (std::size_t size = 0; size < 300; ++size) {
    const nv2_test::exact input{counted(size)};
    nv2_test::exact digest{nv2::insecure_sha1_size};
    nv2::insecure_sha1(input.view(), digest.memory());
    all += digest.view().as_text();
  }
  CHECK(sha1_of(all) == "d86f432ef2b3a77b72697e5684cf65ebf943b865");
}
