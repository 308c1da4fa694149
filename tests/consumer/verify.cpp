// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A user with a crypto library: verify MANIFEST SIGNATURE CERTIFICATE (PEM) prints the digest, or why not.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#ifdef NV2_CONSUMER_SINGLE_HEADER
#include <nv2.hpp>
#include <nv2_mbedtls.hpp>
#else
#include <nv2/crypto/mbedtls.hpp>
#include <nv2/nv2.hpp>
#endif

namespace {

std::vector<std::uint8_t> read(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}
nv2::bytes view(const std::vector<std::uint8_t>& data) { return {data.data(), data.size()}; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const auto manifest = read(arguments[1]), signature = read(arguments[2]), pem = read(arguments[3]);
  nv2::static_workspace<16 * 1024> memory;
  nv2::pem_reader blocks{view(pem)};
  nv2::pem_block block;
  if (!blocks.next(block, memory)) return 2;

  const nv2::trust_anchor anchors[] = {{block.der, nv2::anchor_role::signer}};
  const nv2::policy trust = nv2::policy::strict(anchors, nv2::revocation::not_checked());
  const nv2::verifier verifier{nv2::mbedtls_crypto, nv2::all_formats, trust};
  const auto artifact = nv2::artifact::content(
      view(manifest), "application/vnd.docker.distribution.manifest.v2+json");
  const auto answer = verifier.verify(view(signature), artifact, nv2::time_basis::at(1800000000), memory);
  if (!answer) {
    std::printf("refused: %s\n", nv2::name(answer.status().code));
    return 1;
  }
  std::printf("%.*s\n", static_cast<int>(answer.value()->digest().size()), answer.value()->digest().data());
  return 0;
}
