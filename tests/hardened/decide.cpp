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

#include "outside.hpp"

namespace {

alignas(16) std::uint8_t buffer[16 * 1024];

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
