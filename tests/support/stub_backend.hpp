// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Backends without cryptography, for tests of everything around it. They protect nothing.
// Does: give the core a hash that depends on all input, and signatures that anybody can make.
// Does not: need the heap, iostreams or any library, so that it links on bare metal too.
#ifndef NV2_TEST_STUB_BACKEND_HPP
#define NV2_TEST_STUB_BACKEND_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

namespace nv2_test {

/// Byte `index` of a signature by `key` over `digest`.
inline std::uint8_t stub_signature_byte(const nv2::public_key& key,
                                        nv2::signature_algorithm algorithm, nv2::bytes digest,
                                        std::size_t index) noexcept {
  const nv2::bytes material = key.kind == nv2::key_kind::rsa ? key.modulus : key.point;
  const unsigned key_byte = material.empty() ? 0U : material[(index + 1) % material.size()];
  const unsigned digest_byte = digest.empty() ? 0U : digest[index % digest.size()];
  const unsigned scheme_byte =
      static_cast<unsigned>(algorithm.scheme) * 16U + static_cast<unsigned>(algorithm.hash);
  return static_cast<std::uint8_t>(key_byte ^ digest_byte ^ scheme_byte);
}

/// Makes the signature that stub_crypto accepts. `signature` has the size that the key demands.
inline void stub_sign(const nv2::public_key& key, nv2::signature_algorithm algorithm,
                      nv2::bytes digest, nv2::mutable_bytes signature) noexcept {
  for (std::size_t i = 0; i < signature.size(); ++i) {
    signature.data()[i] = stub_signature_byte(key, algorithm, digest, i);
  }
}

/// A 64-bit FNV-1a, stretched to the size of the hash.
struct stub_hash {
  struct hash_state {
    std::uint64_t value = 0;
    nv2::hash_algorithm hash = nv2::hash_algorithm::none;
  };

  static bool hash_begin(hash_state& state, nv2::hash_algorithm hash) noexcept {
    state.value = 0xCBF29CE484222325U + static_cast<std::uint64_t>(hash);
    state.hash = hash;
    return hash != nv2::hash_algorithm::none;
  }
  static bool hash_update(hash_state& state, nv2::bytes data) noexcept {
    for (const std::uint8_t byte : data) absorb(state, byte);
    return true;
  }
  static bool hash_end(hash_state& state, nv2::mutable_bytes digest) noexcept {
    for (std::size_t i = 0; i < digest.size(); ++i) {
      absorb(state, static_cast<std::uint8_t>(i));
      digest.data()[i] = static_cast<std::uint8_t>(state.value >> 56);
    }
    return digest.size() == nv2::digest_size(state.hash);
  }

 private:
  static void absorb(hash_state& state, std::uint8_t byte) noexcept {
    state.value = (state.value ^ byte) * 0x100000001B3U;
  }
};

/// Accepts exactly what stub_sign makes.
struct stub_adapter : stub_hash {
  static constexpr const char name[] = "stub";

  static nv2::errc verify_rsa_pkcs1(const nv2::public_key& key, nv2::hash_algorithm hash,
                                    nv2::bytes digest, nv2::bytes signature) noexcept {
    return check(key, {nv2::signature_scheme::rsa_pkcs1, hash}, digest, signature);
  }
  static nv2::errc verify_rsa_pss(const nv2::public_key& key, nv2::hash_algorithm hash,
                                  nv2::bytes digest, nv2::bytes signature) noexcept {
    return check(key, {nv2::signature_scheme::rsa_pss, hash}, digest, signature);
  }
  static nv2::errc verify_ecdsa(const nv2::public_key& key, nv2::hash_algorithm hash,
                                nv2::bytes digest, nv2::bytes signature) noexcept {
    return check(key, {nv2::signature_scheme::ecdsa, hash}, digest, signature);
  }

 private:
  static nv2::errc check(const nv2::public_key& key, nv2::signature_algorithm algorithm,
                         nv2::bytes digest, nv2::bytes signature) noexcept {
    for (std::size_t i = 0; i < signature.size(); ++i) {
      if (signature[i] != stub_signature_byte(key, algorithm, digest, i)) {
        return nv2::errc::signature_mismatch;
      }
    }
    return nv2::errc::ok;
  }
};

/// Accepts every signature of the right length.
struct accept_all_adapter : stub_hash {
  static constexpr const char name[] = "accept_all";

  static nv2::errc accept(const nv2::public_key&, nv2::hash_algorithm, nv2::bytes,
                          nv2::bytes) noexcept {
    return nv2::errc::ok;
  }
  static constexpr nv2::verify_function verify_rsa_pkcs1 = &accept;
  static constexpr nv2::verify_function verify_rsa_pss = &accept;
  static constexpr nv2::verify_function verify_ecdsa = &accept;
};

/// Can only hash: every scheme is a null slot.
struct hash_only_adapter : stub_hash {
  static constexpr const char name[] = "hash_only";

  static constexpr nv2::verify_function verify_rsa_pkcs1 = nullptr;
  static constexpr nv2::verify_function verify_rsa_pss = nullptr;
  static constexpr nv2::verify_function verify_ecdsa = nullptr;
};

inline constexpr nv2::crypto_backend stub_crypto = nv2::make_backend<stub_adapter>();
inline constexpr nv2::crypto_backend accept_all_crypto = nv2::make_backend<accept_all_adapter>();
inline constexpr nv2::crypto_backend hash_only_crypto = nv2::make_backend<hash_only_adapter>();

}  // namespace nv2_test

#endif  // NV2_TEST_STUB_BACKEND_HPP
