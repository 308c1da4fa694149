// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The seam between the program under attack (decide.cpp), its inputs (made by run.py) and the attacker (attack.cpp).
#ifndef NV2_TEST_HARDENED_DECIDE_HPP
#define NV2_TEST_HARDENED_DECIDE_HPP

#include <nv2/base/bytes.hpp>
#include <nv2/base/time.hpp>
#include <nv2/verifier.hpp>

/// What a boot loader knows when it is built, or finds in flash: nothing of it is put together on the stack, where a fault
/// could leave what was there before.
struct attacked_input {
  nv2::bytes envelope;
  nv2::artifact subject;
  const nv2::policy& trust;
  nv2::verifier judge;
  nv2::time_basis time;
};

extern const nv2::crypto_backend attacked_crypto;
extern const nv2::envelope_format* const attacked_formats[1];
/// Made by run.py.
extern const attacked_input attacked_inputs[];

/// What the program asks of the outside, by a supervisor call with this number. The attacker answers in one step, so that
/// only instructions of the decision are there to be skipped.
enum class outside { begin = 1, accept, refuse, hash_begin, hash_update, hash_end, verify };

/// Arguments of outside::verify. All fields have the size of an address.
struct outside_verify {
  std::size_t kind, hash, scheme;
  const std::uint8_t* point;
  std::size_t point_size;
  const std::uint8_t* modulus;
  std::size_t modulus_size;
  const std::uint8_t* exponent;
  std::size_t exponent_size;
  const std::uint8_t* digest;
  std::size_t digest_size;
  const std::uint8_t* signature;
  std::size_t signature_size;
};

#endif  // NV2_TEST_HARDENED_DECIDE_HPP
