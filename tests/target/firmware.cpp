// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A device that starts an artifact only when it is signed: one format, one anchor, ECDSA on P-256, everything in flash. Leaves
// with 0 when the artifact may run. signed.inc and its arrays are made by firmware.py.
#include <nv2/crypto/mbedtls_sha256.hpp>
#include <nv2/crypto/p256m.hpp>
#include <nv2/envelope/notary_cose.hpp>
#include <nv2/verifier.hpp>

#include "signed.inc"
#include "support/board.h"

namespace {

constexpr const nv2::envelope_format* formats[] = {&nv2::notary_cose_format};
constexpr nv2::trust_anchor anchors[] = {{anchor_der, nv2::anchor_role::ca}};
constexpr nv2::policy trust = nv2::policy::strict(anchors, nv2::revocation::not_checked());
constexpr nv2::verifier judge{nv2::p256m_crypto<nv2::mbedtls_sha256_only>, formats, trust};

alignas(8) std::uint8_t buffer[4096];

}  // namespace

int board_main() {
  nv2::workspace memory{buffer};
  const auto subject = nv2::artifact::content(artifact_bytes, artifact_type);
  return judge.verify(envelope_bytes, subject, nv2::time_basis::at(now), memory).ok() ? 0 : 1;
}
