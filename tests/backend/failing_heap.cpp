// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every allocation of the crypto library fails once: no good signature turns bad, no bad one good,
// and nothing leaks. The heap of the whole program is replaced, which needs glibc, no sanitizer.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "backends.hpp"
#include "vectors.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define NV2_TEST_SANITIZED 1
#endif
#endif
#if !defined(NV2_TEST_SANITIZED) && \
    (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__))
#define NV2_TEST_SANITIZED 1
#endif

#if !defined(NV2_TEST_SANITIZED)

namespace {

struct heap_state {
  bool armed = false;
  long fail_at = 0;  // 0 = never
  long allocations = 0;
  long live = 0;
};
heap_state heap;

bool fails_now() noexcept {
  if (!heap.armed) return false;
  return ++heap.allocations == heap.fail_at;
}
void* counted(void* memory) noexcept {
  if (heap.armed && memory != nullptr) ++heap.live;
  return memory;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): these are glibc's own
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  return fails_now() ? nullptr : counted(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  return fails_now() ? nullptr : counted(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) noexcept {
  if (fails_now()) return nullptr;
  void* const moved = __libc_realloc(memory, size);
  return memory == nullptr ? counted(moved) : moved;
}
void free(void* memory) noexcept {
  if (heap.armed && memory != nullptr) --heap.live;
  __libc_free(memory);
}
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

namespace {

using namespace nv2_test;
using nv2::errc;

/// A vector, ready to be verified without further use of the heap by the test.
struct prepared_case {
  explicit prepared_case(const signature_row& from)
      : row(from), signature(from_hex(from.signature)) {}

  const signature_row& row;
  buffer signature;
  buffer digest;
  const owned_key* key = nullptr;

  errc verify(const nv2::crypto_backend& crypto) const {
    return nv2::verify_signature(crypto, key->view(), {row.scheme, row.hash}, view_of(digest),
                                 view_of(signature));
  }
};

struct heap_outcome {
  errc code = errc::unset;
  long allocations = 0;
  long left = 0;
};

/// Runs twice when something is left: what a library keeps for good, it keeps once.
template <typename Operation>
heap_outcome run_with_heap(long fail_at, Operation operation, bool again = true) {
  heap = {true, fail_at, 0, 0};
  heap_outcome outcome;
  outcome.code = operation();
  heap.armed = false;
  outcome.allocations = heap.allocations;
  outcome.left = heap.live;
  return outcome.left > 0 && again ? run_with_heap(fail_at, operation, false) : outcome;
}

/// One good row and one of each way to be bad for each scheme; the smallest keys, to be quick.
bool is_chosen(const signature_row& row) {
  const bool small = std::strcmp(row.key, "rsa2048") == 0 ||
                     std::strncmp(row.key, "ec_p256", 7) == 0 ||
                     std::strcmp(row.key, "even modulus") == 0;
  static constexpr const char* faults[] = {"good",
                                           "one bit differs",
                                           "all ones",
                                           "even modulus",
                                           "one bit of r differs",
                                           "s is the order",
                                           "point off the curve",
                                           "salt of 20",
                                           "r is 0",
                                           "another digest",
                                           "no DigestInfo",
                                           "neither DigestInfo nor digest",
                                           "MGF1 with sha384"};
  if (!small) return false;
  for (const char* fault : faults) {
    if (std::strcmp(row.fault, fault) == 0) return true;
  }
  return false;
}

}  // namespace

// G-004
TEST_CASE("an allocation that fails is a failure, never an answer, and leaks nothing") {
  std::vector<owned_key> keys(std::begin(key_rows), std::end(key_rows));
  for (const nv2::crypto_backend* crypto : real_backends) {
    long runs = 0, wrongly_refused = 0;
    // Through PSA, mbedTLS tells a lack of memory from a wrong encoding in most places only.
    const bool is_psa = std::string_view{crypto->name} == "psa";
    for (const signature_row& row : signature_rows) {
      if (!is_chosen(row)) continue;
      prepared_case prepared{row};
      nv2::digest_value digest;
      REQUIRE(hash_with(*crypto, row.hash, nv2::bytes::of(vector_message), digest) == errc::ok);
      prepared.digest.assign(digest.data, digest.data + nv2::digest_size(row.hash));
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (std::strcmp(key_rows[i].name, row.key) == 0) prepared.key = &keys[i];
      }
      const auto verify = [&] { return prepared.verify(*crypto); };
      CAPTURE(std::string{crypto->name} + ", " + row.key + ", " + row.fault);

      const heap_outcome whole = run_with_heap(0, verify);
      CHECK(whole.code == row.expected);
      CHECK(whole.left == 0);
      for (long n = 1; n <= whole.allocations; ++n) {
        CAPTURE(n);
        const heap_outcome outcome = run_with_heap(n, verify);
        ++runs;
        if (n >= 100) n += whole.allocations / 50;
        const bool right = outcome.code == row.expected || outcome.code == errc::crypto_failure;
        if (!right) ++wrongly_refused;
        const bool allowed = right || (is_psa && row.scheme == nv2::signature_scheme::rsa_pss &&
                                       outcome.code == errc::signature_mismatch);
        if (row.expected != errc::ok) CHECK(outcome.code != errc::ok);
        CHECK_MESSAGE(allowed, std::string{nv2::name(outcome.code)});
        CHECK(outcome.left <= 0);
      }
    }
    MESSAGE(std::string{crypto->name}, ": ", runs, " runs with a failing allocation, ",
            wrongly_refused, " with a misleading code");
    CHECK((runs > 100) == uses_heap(*crypto));
    if (!uses_heap(*crypto)) CHECK(runs == 0);
  }
}

TEST_CASE("backends that offer less and need no heap ask for none") {
  std::vector<owned_key> keys(std::begin(key_rows), std::end(key_rows));
  for (const partial_backend& pair : partial_backends) {
    for (const signature_row& row : signature_rows) {
      if (!is_chosen(row) || row.hash != nv2::hash_algorithm::sha256) continue;
      prepared_case prepared{row};
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (std::strcmp(key_rows[i].name, row.key) == 0) prepared.key = &keys[i];
      }
      prepared.digest.resize(nv2::digest_size(row.hash));
      const heap_outcome outcome = run_with_heap(0, [&] {
        nv2::digest_value digest;
        NV2_TRY(hash_with(*pair.tested, row.hash, nv2::bytes::of(vector_message), digest));
        std::memcpy(prepared.digest.data(), digest.data, prepared.digest.size());
        return prepared.verify(*pair.tested);
      });
      CAPTURE(std::string{row.key} + ", " + row.fault);
      CHECK(outcome.allocations == 0);
      CHECK((outcome.code == row.expected || outcome.code == errc::crypto_unsupported));
    }
  }
}

TEST_CASE("a hash whose allocation fails is a failure and leaks nothing") {
  for (const nv2::crypto_backend* crypto : real_backends) {
    CAPTURE(std::string{crypto->name});
    const auto hash = [&] {
      nv2::digest_value digest;
      return hash_with(*crypto, nv2::hash_algorithm::sha384, nv2::bytes::of("abc"), digest);
    };
    const heap_outcome whole = run_with_heap(0, hash);
    CHECK(whole.code == errc::ok);
    CHECK(whole.left == 0);
    for (long n = 1; n <= whole.allocations; ++n) {
      CAPTURE(n);
      const heap_outcome outcome = run_with_heap(n, hash);
      CHECK((outcome.code == errc::ok || outcome.code == errc::crypto_failure));
      CHECK(outcome.left <= 0);
    }
  }
}

#else

TEST_CASE("an allocation that fails is a failure") {
  MESSAGE("skipped: the heap cannot be replaced in this build");
}

#endif
