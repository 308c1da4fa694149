// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The outside, as a program on the Cortex-M asks it.
#ifndef NV2_TEST_HARDENED_OUTSIDE_HPP
#define NV2_TEST_HARDENED_OUTSIDE_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/backend.hpp>

#include "decide.hpp"

template <outside what>
inline std::size_t ask(std::size_t a = 0, std::size_t b = 0, std::size_t c = 0) noexcept {
  register std::size_t r0 asm("r0") = a;
  register std::size_t r1 asm("r1") = b;
  register std::size_t r2 asm("r2") = c;
  asm volatile("svc %3" : "+r"(r0) : "r"(r1), "r"(r2), "i"(what) : "memory");
  return r0;
}

inline std::size_t address(const void* place) noexcept {
  return reinterpret_cast<std::uintptr_t>(place);
}

/// SHA-256 and signatures, done by the outside.
struct outer_crypto {
  static constexpr const char name[] = "outside";
  struct hash_state {
    std::uint32_t words[32];
  };
  static bool hash_begin(hash_state& state, nv2::hash_algorithm hash) noexcept {
    return hash == nv2::hash_algorithm::sha256 && ask<outside::hash_begin>(address(&state)) == 1;
  }
  static bool hash_update(hash_state& state, nv2::bytes data) noexcept {
    return ask<outside::hash_update>(address(&state), address(data.data()), data.size()) == 1;
  }
  static bool hash_end(hash_state& state, nv2::mutable_bytes digest) noexcept {
    return ask<outside::hash_end>(address(&state), address(digest.data()), digest.size()) == 1;
  }
  template <nv2::signature_scheme scheme>
  static nv2::errc verify(const nv2::public_key& key, nv2::hash_algorithm hash, nv2::bytes digest,
                          nv2::bytes signature) noexcept {
    const outside_verify question{static_cast<std::size_t>(key.kind),
                                  static_cast<std::size_t>(hash),
                                  static_cast<std::size_t>(scheme),
                                  key.point.data(),
                                  key.point.size(),
                                  key.modulus.data(),
                                  key.modulus.size(),
                                  key.exponent.data(),
                                  key.exponent.size(),
                                  digest.data(),
                                  digest.size(),
                                  signature.data(),
                                  signature.size()};
    return static_cast<nv2::errc>(ask<outside::verify>(address(&question)));
  }
  static constexpr nv2::verify_function verify_rsa_pkcs1 = verify<nv2::signature_scheme::rsa_pkcs1>;
  static constexpr nv2::verify_function verify_rsa_pss = verify<nv2::signature_scheme::rsa_pss>;
  static constexpr nv2::verify_function verify_ecdsa = verify<nv2::signature_scheme::ecdsa>;
};

#endif  // NV2_TEST_HARDENED_OUTSIDE_HPP
