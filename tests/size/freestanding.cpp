// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// An entry point that uses the core: every format, PEM, a trust policy document, names of errors, with the stub backend.
// Linked with memory.c and without any library but the compiler's own.
#include <stub_backend.hpp>

#include <nv2/nv2.hpp>
#include <nv2/trust/policy_document.hpp>

namespace {
nv2::static_workspace<8192> memory;
volatile char sink;
constexpr std::string_view media_type = "a/b";
}  // namespace

extern "C" nv2::bytes nv2_envelope, nv2_manifest, nv2_pem, nv2_policy;
nv2::bytes nv2_envelope, nv2_manifest, nv2_pem, nv2_policy;

extern "C" void nv2_entry() {
  nv2::policy_document document;
  sink = nv2::parse_policy_document(nv2_policy, nv2::policy_kind::oci, nv2::compat::none, memory,
                                    document)
             .ok();
  nv2::pem_reader blocks{nv2_pem};
  nv2::pem_block block;
  while (blocks.next(block, memory)) {
    const nv2::trust_anchor anchors[] = {{block.der}};
    const nv2::policy trust = nv2::policy::strict(anchors, nv2::revocation::not_checked());
    const nv2::verifier verifier{nv2_test::stub_crypto, nv2::all_formats, trust};
    const auto answer =
        verifier.verify(nv2_envelope, nv2::artifact::content(nv2_manifest, media_type),
                        nv2::time_basis::at(0), memory);
    const nv2::errc code = answer.status().code;
    sink = *nv2::name(code);
    sink = *nv2::rule(code);
    sink = *nv2::message(code);
    if (answer) sink = answer.value()->digest()[0];
  }
  sink = *nv2::name(blocks.finish());
}
