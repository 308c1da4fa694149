// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A verifier as a WebAssembly module that asks its surroundings for nothing: plain functions over a piece of memory that
// both sides see. verify.mjs uses it; docs/portability.md tells how it is built.
#include <cstddef>
#include <cstdint>

#include <nv2/crypto/mbedtls.hpp>
#include <nv2/nv2.hpp>

namespace {

constexpr std::size_t input_size = 1024 * 1024;
std::uint8_t input[input_size];
nv2::errc last = nv2::errc::unset;

/// Of what stands in the input, one right after the other.
nv2::errc judge(nv2::bytes signature, nv2::bytes manifest, nv2::bytes pem, std::int64_t now) {
  nv2::static_workspace<64 * 1024> memory;
  nv2::pem_reader blocks{pem};
  nv2::pem_block certificate;
  if (!blocks.next(certificate, memory)) return nv2::errc::no_anchors;
  const nv2::trust_anchor trusted[] = {{certificate.der, nv2::anchor_role::signer}};
  const nv2::policy policy = nv2::policy::strict(trusted, nv2::revocation::not_checked());
  const nv2::verifier verifier{nv2::mbedtls_crypto, nv2::all_formats, policy};
  const auto artifact =
      nv2::artifact::content(manifest, "application/vnd.docker.distribution.manifest.v2+json");
  const auto answer = verifier.verify(signature, artifact, nv2::time_basis::at(now), memory);
  if (answer.ok()) return nv2::errc::ok;
  // A policy that lets failures pass would say accepted(), which is no yes here.
  return answer.accepted() ? nv2::errc::unset : answer.status().code;
}

}  // namespace

extern "C" {

/// Where the caller puts signature, manifest and PEM certificate, one right after the other.
[[clang::export_name("input")]] std::uint8_t* nv2_wasm_input() { return input; }
[[clang::export_name("input_size")]] std::size_t nv2_wasm_input_size() { return input_size; }

/// Whether the signature is by the owner of the certificate and of the manifest, `now` seconds after 1970.
[[clang::export_name("verify")]] int nv2_wasm_verify(std::size_t signature, std::size_t manifest,
                                                     std::size_t pem, std::int64_t now) {
  last = nv2::errc::unset;
  if (signature > input_size || manifest > input_size - signature ||
      pem > input_size - signature - manifest) {
    return 0;
  }
  const std::uint8_t* const end = input + signature + manifest;
  last = judge({input, signature}, {input + signature, manifest}, {end, pem}, now);
  return last == nv2::errc::ok;
}

/// The name of the last verdict, with a zero at its end.
[[clang::export_name("reason")]] const char* nv2_wasm_reason() { return nv2::name(last); }

}  // extern "C"
