// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The program under attack: what a boot loader does with an artifact, on a Cortex-M, from the call to the jump. The attack
// ends where it asks the outside to accept or to refuse. NV2_HARDENED says which profile of the library it has.
#include "decide.hpp"

#include <nv2/envelope/notary_cose.hpp>
#include <nv2/envelope/notary_jws.hpp>
#include <nv2/envelope/nv2_json.hpp>
#include <nv2/envelope/nv2_jwt.hpp>

namespace {

alignas(16) std::uint8_t buffer[16 * 1024];

template <outside what>
std::size_t ask(std::size_t a = 0, std::size_t b = 0, std::size_t c = 0) noexcept {
  register std::size_t r0 asm("r0") = a;
  register std::size_t r1 asm("r1") = b;
  register std::size_t r2 asm("r2") = c;
  asm volatile("svc %3" : "+r"(r0) : "r"(r1), "r"(r2), "i"(what) : "memory");
  return r0;
}

std::size_t address(const void* place) noexcept { return reinterpret_cast<std::uintptr_t>(place); }

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

/// From the call to the jump.
[[noreturn]] [[gnu::noinline]] void decide(const attacked_input& input) noexcept {
  nv2::workspace memory{buffer};
  const auto answer = input.judge.verify(input.envelope, input.subject, input.time, memory);
  if (answer.ok()) ask<outside::accept>();
  for (;;) ask<outside::refuse>();
}

}  // namespace

extern const nv2::crypto_backend attacked_crypto = nv2::make_backend<outer_crypto>();
extern const nv2::envelope_format* const attacked_formats[1] = {&NV2_ATTACKED_FORMAT};

extern "C" [[noreturn]] void start(std::size_t number) noexcept {
  const attacked_input& input = attacked_inputs[number];
  ask<outside::begin>();
  decide(input);
}
