// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The smallest whole verifier: hello MANIFEST SIGNATURE CERTIFICATE [UNIX-TIME]
// prints the digest when the signature is by the signer whose PEM certificate is given, or why not.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <vector>

#include <nv2/crypto/mbedtls.hpp>
#include <nv2/nv2.hpp>

using buffer = std::vector<std::uint8_t>;

static buffer read(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}
static nv2::bytes view(const buffer& data) { return {data.data(), data.size()}; }

int main(int count, char** arguments) {
  if (count < 4) return 2;
  const buffer manifest = read(arguments[1]), signature = read(arguments[2]),
               pem = read(arguments[3]);
  nv2::static_workspace<64 * 1024> memory;

  nv2::pem_reader blocks{view(pem)};
  nv2::pem_block certificate;
  if (!blocks.next(certificate, memory)) return 2;
  const nv2::trust_anchor trusted[] = {{certificate.der, nv2::anchor_role::signer}};
  const nv2::policy policy = nv2::policy::strict(trusted, nv2::revocation::not_checked());

  const nv2::verifier verifier{nv2::mbedtls_crypto, nv2::all_formats, policy};
  const auto artifact = nv2::artifact::content(
      view(manifest), "application/vnd.docker.distribution.manifest.v2+json");
  const auto now =
      nv2::time_basis::at(count > 4 ? std::strtoll(arguments[4], nullptr, 10) : std::time(nullptr));
  const nv2::verification answer = verifier.verify(view(signature), artifact, now, memory);
  if (!answer) {
    std::printf("refused: %s\n", nv2::name(answer.status().code));
    return 1;
  }
  const std::string_view digest = answer.value()->digest();
  std::printf("%.*s\n", static_cast<int>(digest.size()), digest.data());
  return 0;
}
