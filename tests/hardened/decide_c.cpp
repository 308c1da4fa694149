// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The same as decide.cpp by the functions of nv2.h, from nv2_verify() on: what is set before in a context is not attacked.
// The context still has the answer about the artifact before. The two questions have different words for yes: of two that
// must be one and the same, compilers compare the second with the first, whatever that is.
#include <nv2/c_api.hpp>

#include "decide.hpp"
#include "outside.hpp"

namespace {

alignas(16) std::uint8_t buffer[20 * 1024];
nv2_context context;

[[noreturn]] [[gnu::noinline]] void decide(const attacked_input& input) noexcept {
  const nv2::bytes envelope = input.envelope;
  if (nv2_verify(&context, envelope.data(), envelope.size()) == NV2_OK &&
      nv2_get_verdict(&context) == NV2_TRUSTED) {
    ask<outside::accept>();
  }
  for (;;) ask<outside::refuse>();
}

}  // namespace

extern const nv2::crypto_backend attacked_crypto = nv2::make_backend<outer_crypto>();
extern const nv2::envelope_format* const attacked_formats[1] = {&NV2_ATTACKED_FORMAT};
NV2_C_API(attacked_crypto, &NV2_ATTACKED_FORMAT);

extern "C" [[noreturn]] void start(std::size_t number) noexcept {
  const attacked_input& input = attacked_inputs[number];
  if (nv2::c_context::find(&context) == nullptr) {
    static_cast<void>(nv2_init(&context, sizeof context, buffer, sizeof buffer));
  }
  nv2::c_context& self = *nv2::c_context::find(&context);
  self.use_policy(input.trust);
  self.decide_revocation(nv2::revocation::not_checked());
  self.set_artifact(input.subject);
  self.set_time(input.time);
  ask<outside::begin>();
  decide(input);
}
