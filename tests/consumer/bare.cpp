// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The least a user can own: a compiler and the headers. Rubbish must be refused, and by name.
#include <cstdio>
#include <string_view>

#include <nv2/nv2.hpp>

namespace {

struct no_crypto {
  static constexpr const char name[] = "none";
  struct hash_state {};
  static bool hash_begin(hash_state&, nv2::hash_algorithm) noexcept { return false; }
  static bool hash_update(hash_state&, nv2::bytes) noexcept { return false; }
  static bool hash_end(hash_state&, nv2::mutable_bytes) noexcept { return false; }
  static constexpr nv2::verify_function verify_rsa_pkcs1 = nullptr;
  static constexpr nv2::verify_function verify_rsa_pss = nullptr;
  static constexpr nv2::verify_function verify_ecdsa = nullptr;
};
constexpr nv2::crypto_backend crypto = nv2::make_backend<no_crypto>();

}  // namespace

int main() {
  const nv2::policy trust = nv2::policy::strict({}, nv2::revocation::not_checked());
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  nv2::static_workspace<4096> memory;
  const auto answer = verifier.verify(nv2::bytes::of("rubbish"), nv2::artifact::content({}),
                                      nv2::time_basis::unknown(), memory);
  std::printf("refused: %s\n", nv2::name(answer.status().code));
  return !answer && nv2::name(answer.status().code) == std::string_view{"jwt_segments"} ? 0 : 1;
}
