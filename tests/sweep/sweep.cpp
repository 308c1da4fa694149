// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Damages every good envelope in every small way and asks for the verdict again:
//   replace    each byte by three other values       truncate   at each length
//   workspace  too small at each allocation          backend    failing at each call
// Whatever is still accepted must say exactly what the undamaged envelope said. Best run with
// sanitizers; the build has a test for each of its shards.
//
//   nv2-sweep [--shard I/N] [--values V]       prints `N passed, N failed` over the envelopes
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nv2/crypto/openssl.hpp>

#include "support/failing_backend.hpp"
#include "support/vector.hpp"

namespace {

using nv2_test::blob;
using nv2_test::view_of;

/// What a verdict says, by value.
struct meaning {
  std::string digest, media_type, references, signer, format;
  std::string annotations;
  std::int64_t size = 0, expiry = 0;

  explicit meaning(const nv2::verified& value)
      : digest(value.digest()),
        media_type(value.media_type()),
        references(value.references()),
        signer(value.signer().der.as_text()),
        format(value.format().name),
        annotations(value.annotations()),
        size(value.size()),
        expiry(value.has_expiry() ? value.expiry() : 0) {}
  bool operator==(const meaning& other) const {
    return digest == other.digest && media_type == other.media_type &&
           references == other.references && signer == other.signer && format == other.format &&
           annotations == other.annotations && size == other.size && expiry == other.expiry;
  }
};

struct counts {
  unsigned long judged = 0, accepted = 0;
};

class sweep {
 public:
  explicit sweep(const nv2_test::vector_case& vector) : vector_(vector), memory_(64 * 1024) {
    nv2::workspace memory{{memory_.data(), memory_.size()}};
    const nv2::verification answer =
        vector_.verify(nv2::openssl_crypto, view_of(vector_.envelope), memory);
    peak_ = memory.peak();
    if (answer.ok()) expected_.emplace_back(*answer.value());
  }
  bool is_good() const { return !expected_.empty(); }
  const counts& total() const { return counts_; }

  bool replace(unsigned values) {
    static const std::uint8_t flips[] = {0x01, 0x20, 0x80, 0x02, 0x04, 0x08, 0x10, 0x40, 0xFF};
    blob changed = vector_.envelope;
    bool good = true;
    for (std::size_t i = 0; i < changed.size(); ++i) {
      for (unsigned v = 0; v < values && v < sizeof flips; ++v) {
        changed[i] = static_cast<std::uint8_t>(vector_.envelope[i] ^ flips[v]);
        good = judge(changed, "replace", i) && good;
      }
      changed[i] = vector_.envelope[i];
    }
    return good;
  }
  bool truncate() {
    bool good = true;
    for (std::size_t size = 0; size < vector_.envelope.size(); ++size) {
      // A block of its own, so that a sanitizer sees every read past the end.
      const blob shorter(vector_.envelope.begin(),
                         vector_.envelope.begin() + static_cast<std::ptrdiff_t>(size));
      good = judge(shorter, "truncate", size) && good;
    }
    return good;
  }
  /// Every size below the peak must end in workspace_exhausted, and the peak itself must do.
  bool workspace() {
    bool good = true;
    for (std::size_t size = 0; size <= peak_; ++size) {
      blob buffer(size);
      nv2::workspace memory{{buffer.data(), buffer.size()}};
      const nv2::errc code =
          vector_.verify(nv2::openssl_crypto, view_of(vector_.envelope), memory).status().code;
      ++counts_.judged;
      const nv2::errc expected = size == peak_ ? nv2::errc::ok : nv2::errc::workspace_exhausted;
      if (code != expected) good = complain("workspace", size, nv2::name(code));
    }
    return good;
  }
  /// Whichever call of the backend fails, the answer is no and every hash is closed.
  bool backend() {
    bool good = true;
    nv2_test::fail_each_call(
        nv2::openssl_crypto,
        [&](const nv2::crypto_backend& crypto) {
          nv2::workspace memory{{memory_.data(), memory_.size()}};
          return vector_.verify(crypto, view_of(vector_.envelope), memory).status().code;
        },
        [&](nv2::errc code, const nv2_test::failing_backend& backend, unsigned call) {
          ++counts_.judged;
          if (code != nv2::errc::crypto_failure) good = complain("backend", call, nv2::name(code));
          if (backend.open_hashes() != 0) good = complain("backend", call, "a hash stays open");
        });
    return good;
  }

 private:
  bool judge(const blob& envelope, const char* what, std::size_t at) {
    nv2::workspace memory{{memory_.data(), memory_.size()}};
    const nv2::verification answer = vector_.verify(nv2::openssl_crypto, view_of(envelope), memory);
    ++counts_.judged;
    if (!answer.ok()) return true;
    ++counts_.accepted;
    return meaning{*answer.value()} == expected_.front() || complain(what, at, "accepted");
  }
  bool complain(const char* what, std::size_t at, const char* why) const {
    std::printf("FAILED %s: %s at %zu: %s\n", vector_.name.c_str(), what, at, why);
    return false;
  }

  const nv2_test::vector_case& vector_;
  blob memory_;
  std::size_t peak_ = 0;
  std::vector<meaning> expected_;
  counts counts_;
};

/// Notary Project envelopes of every make, each by what only it has; --every takes all good ones.
const std::set<std::string>& chosen() {
  static const std::set<std::string> names = {"cose_agent",         "cose_authority",
                                              "cose_baseline",      "cose_blob",
                                              "cose_expiry_later",  "cose_key_rsa2048",
                                              "cose_lone",          "cose_metadata_required",
                                              "cose_three",         "cose_timestamp_garbage",
                                              "jws_agent",          "jws_authority",
                                              "jws_baseline",       "jws_blob",
                                              "jws_escaped_names",  "jws_expiry_later",
                                              "jws_identity_match", "jws_key_rsa2048",
                                              "jws_lone",           "jws_metadata_required",
                                              "jws_three",          "jws_timestamp_garbage"};
  return names;
}

/// The good cases of all areas.
std::vector<nv2_test::vector_case> good_cases(bool every) {
  std::vector<nv2_test::vector_case> good;
  for (nv2_test::vector_case& vector : nv2_test::load_cases("nv2")) {
    if (vector.expect == "ok") good.push_back(std::move(vector));
  }
  for (nv2_test::vector_case& vector : nv2_test::load_cases("notary")) {
    const bool wanted = every || chosen().count(vector.name) != 0;
    if (wanted && vector.facts["verdict"] == "trusted") good.push_back(std::move(vector));
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned shard = 0, shards = 1, values = 3;
  const bool every = argc > 1 && std::string{argv[1]} == "--every";
  for (int i = every ? 2 : 1; i < argc; i += 2) {
    const std::string option = argv[i];
    const bool known =
        i + 1 < argc && option == "--values"
            ? std::sscanf(argv[i + 1], "%u", &values) == 1
            : option == "--shard" && std::sscanf(argv[i + 1], "%u/%u", &shard, &shards) == 2;
    if (!known || shards == 0 || values == 0) {
      std::fprintf(stderr, "usage: nv2-sweep [--every] [--shard I/N] [--values V]\n");
      return 2;
    }
  }
  unsigned passed = 0, failed = 0, number = 0;
  counts total;
  for (const nv2_test::vector_case& vector : good_cases(every)) {
    if (number++ % shards != shard) continue;
    sweep one{vector};
    const bool good =
        one.is_good() && one.replace(values) && one.truncate() && one.workspace() && one.backend();
    good ? ++passed : ++failed;
    total.judged += one.total().judged;
    total.accepted += one.total().accepted;
  }
  std::printf("%lu damaged envelopes judged, %lu of them still said the same\n", total.judged,
              total.accepted);
  std::printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
