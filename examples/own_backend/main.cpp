// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A program with a backend of its own: own_backend MANIFEST SIGNATURE CERTIFICATE UNIX-TIME
// compares the engine with a library, verifies with it, and verifies again with each transfer to the
// engine broken in each way. Prints what came of it; exit 0 = the signature is good, and only the
// verification with a sound engine said so.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "board_crypto.hpp"

namespace {

using buffer = std::vector<std::uint8_t>;

buffer read(const char* path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}
nv2::bytes view(const buffer& data) { return {data.data(), data.size()}; }

nv2::digest_value hash(const nv2::crypto_backend& crypto, nv2::bytes text, std::size_t piece) {
  nv2::static_workspace<512> memory;
  nv2::hasher state{crypto, memory, nv2::hash_algorithm::sha256};
  for (; !text.empty(); text = text.drop(piece)) state.update(text.first(piece));
  nv2::digest_value digest;
  if (state.finish(digest) != nv2::errc::ok) return {};
  return digest;
}

/// Every size up to some blocks, at every alignment, in pieces and at once.
bool agrees_with_library() {
  buffer text(300);
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<std::uint8_t>(11 * i + 5);
  for (std::size_t size = 0; size + 4 <= text.size(); ++size) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
      const nv2::bytes part = view(text).drop(shift).first(size);
      const nv2::digest_value expected = hash(nv2::mbedtls_crypto, part, 300);
      for (const std::size_t piece : {1U, 61U, 64U, 300U}) {
        const nv2::digest_value digest = hash(board_crypto, part, piece);
        if (std::memcmp(digest.data, expected.data, sizeof digest.data) != 0) return false;
      }
    }
  }
  return true;
}

/// Two hashes that take turns at the one engine.
bool keeps_hashes_apart() {
  nv2::static_workspace<1024> memory;
  nv2::hasher first{board_crypto, memory, nv2::hash_algorithm::sha256};
  nv2::hasher second{board_crypto, memory, nv2::hash_algorithm::sha256};
  const buffer text(200, 0x5A);
  for (const std::size_t piece : {70U, 1U, 129U}) {
    first.update(view(text).first(piece));
    second.update(view(text).first(piece));
  }
  nv2::digest_value one, other;
  return first.finish(one) == nv2::errc::ok && second.finish(other) == nv2::errc::ok &&
         std::memcmp(one.data, other.data, sizeof one.data) == 0 &&
         std::memcmp(one.data, hash(nv2::mbedtls_crypto, view(text), 200).data, sizeof one.data) ==
             0;
}

struct question {
  buffer manifest, envelope;
  nv2::bytes certificate;
  std::int64_t now;

  nv2::errc ask(bool& trusted) const {
    const nv2::trust_anchor anchors[] = {{certificate, nv2::anchor_role::signer}};
    const nv2::policy policy = nv2::policy::strict(anchors, nv2::revocation::not_checked());
    const nv2::verifier verifier{board_crypto, nv2::all_formats, policy};
    const auto artifact = nv2::artifact::content(
        view(manifest), "application/vnd.docker.distribution.manifest.v2+json");
    nv2::static_workspace<16 * 1024> memory;
    const auto answer = verifier.verify(view(envelope), artifact, nv2::time_basis::at(now), memory);
    trusted = answer.ok();
    return answer.status().code;
  }
};

/// Breaks each of `transfers` once. An engine that says so is a failure of the library; whatever it
/// does, the answer is no.
bool refuses_when_broken(const question& asked, unsigned transfers, hash_engine::fault how) {
  for (unsigned n = 1; n <= transfers; ++n) {
    board_hash_engine.break_transfer(n, how);
    bool trusted = true;
    const nv2::errc code = asked.ask(trusted);
    if (trusted) return false;
    if (how != hash_engine::fault::noise && code != nv2::errc::crypto_failure) return false;
  }
  board_hash_engine.break_transfer(0, how);
  return true;
}

bool say(const char* what, bool so) {
  std::printf("%-58s %s\n", what, so ? "yes" : "NO");
  return so;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  question asked{
      read(arguments[1]), read(arguments[2]), {}, std::strtoll(arguments[4], nullptr, 10)};
  const buffer pem = read(arguments[3]);
  nv2::static_workspace<4096> memory;
  nv2::pem_reader blocks{view(pem)};
  nv2::pem_block certificate;
  if (!blocks.next(certificate, memory)) return 2;
  asked.certificate = certificate.der;

  bool good = say("the engine knows the known answer", board_hash_is_right());
  good = say("it agrees with mbedTLS, whatever size and alignment", agrees_with_library()) && good;
  good = say("it keeps two hashes apart", keeps_hashes_apart()) && good;

  board_hash_engine.break_transfer(0, hash_engine::fault::noise);
  bool trusted = false;
  const nv2::errc code = asked.ask(trusted);
  const unsigned transfers = board_hash_engine.transfers();
  std::printf("the signature: %s, by %u transfers to the engine\n", nv2::name(code), transfers);
  good = say("the signature is trusted", trusted && transfers > 0) && good;
  good = say("not when the bus fails, for any transfer",
             refuses_when_broken(asked, transfers, hash_engine::fault::bus_error)) &&
         good;
  good = say("not when the engine hangs",
             refuses_when_broken(asked, transfers, hash_engine::fault::hang)) &&
         good;
  good = say("not when it is silently wrong",
             refuses_when_broken(asked, transfers, hash_engine::fault::noise)) &&
         good;
  board_hash_engine.break_transfer(1, hash_engine::fault::noise);
  good = say("which the known answer shows beforehand", !board_hash_is_right()) && good;
  return good ? 0 : 1;
}
