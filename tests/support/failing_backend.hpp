// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A real backend that counts its calls and fails at one of them.
// The caller must: keep one failing_backend at a time; a table of plain functions has no object to
// carry its state, so the state is a static of this class.
#ifndef NV2_TEST_FAILING_BACKEND_HPP
#define NV2_TEST_FAILING_BACKEND_HPP

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>

namespace nv2_test {

/// Calls that reached the table, the failed one included.
struct backend_calls {
  unsigned begin = 0, update = 0, end = 0, verify = 0;

  unsigned total() const noexcept { return begin + update + end + verify; }
};

struct failing_backend_state {
  const nv2::crypto_backend* real = nullptr;
  backend_calls calls;
  unsigned fail_at = 0;
  nv2::errc verify_result = nv2::errc::crypto_failure;
  int open_hashes = 0;
  bool failed = false;
};

class failing_backend {
 public:
  /// Wraps `real`. Call number `fail_at`, counted from 1 over all functions, fails; 0 = none. A
  /// failing verify function returns `verify_result`.
  explicit failing_backend(const nv2::crypto_backend& real, unsigned fail_at = 0,
                           nv2::errc verify_result = nv2::errc::crypto_failure) noexcept
      : table_(real) {
    state_ = failing_backend_state{};
    state_.real = &real;
    state_.fail_at = fail_at;
    state_.verify_result = verify_result;
    table_.name = "failing";
    table_.hash_begin = &hash_begin;
    table_.hash_update = &hash_update;
    table_.hash_end = &hash_end;
    if (real.verify_rsa_pkcs1 != nullptr) table_.verify_rsa_pkcs1 = &verify_rsa_pkcs1;
    if (real.verify_rsa_pss != nullptr) table_.verify_rsa_pss = &verify_rsa_pss;
    if (real.verify_ecdsa != nullptr) table_.verify_ecdsa = &verify_ecdsa;
  }
  failing_backend(const failing_backend&) = delete;
  failing_backend& operator=(const failing_backend&) = delete;

  const nv2::crypto_backend& table() const noexcept { return table_; }
  backend_calls calls() const noexcept { return state_.calls; }
  /// True once the call that was to fail has been made.
  bool has_failed() const noexcept { return state_.failed; }
  /// Hashes that began and did not end: 0 after every operation, or something leaks.
  int open_hashes() const noexcept { return state_.open_hashes; }

 private:
  static bool fails_now(unsigned& kind) noexcept {
    ++kind;
    if (state_.calls.total() != state_.fail_at) return false;
    state_.failed = true;
    return true;
  }
  static bool hash_begin(void* memory, nv2::hash_algorithm hash) noexcept {
    if (fails_now(state_.calls.begin) || !state_.real->hash_begin(memory, hash)) return false;
    ++state_.open_hashes;
    return true;
  }
  static bool hash_update(void* memory, nv2::bytes data) noexcept {
    return !fails_now(state_.calls.update) && state_.real->hash_update(memory, data);
  }
  static bool hash_end(void* memory, nv2::mutable_bytes digest) noexcept {
    --state_.open_hashes;
    const bool fails = fails_now(state_.calls.end);
    return state_.real->hash_end(memory, digest) && !fails;
  }
  static nv2::errc verify_rsa_pkcs1(const nv2::public_key& key, nv2::hash_algorithm hash,
                                    nv2::bytes digest, nv2::bytes signature) noexcept {
    if (fails_now(state_.calls.verify)) return state_.verify_result;
    return state_.real->verify_rsa_pkcs1(key, hash, digest, signature);
  }
  static nv2::errc verify_rsa_pss(const nv2::public_key& key, nv2::hash_algorithm hash,
                                  nv2::bytes digest, nv2::bytes signature) noexcept {
    if (fails_now(state_.calls.verify)) return state_.verify_result;
    return state_.real->verify_rsa_pss(key, hash, digest, signature);
  }
  static nv2::errc verify_ecdsa(const nv2::public_key& key, nv2::hash_algorithm hash,
                                nv2::bytes digest, nv2::bytes signature) noexcept {
    if (fails_now(state_.calls.verify)) return state_.verify_result;
    return state_.real->verify_ecdsa(key, hash, digest, signature);
  }

  static inline failing_backend_state state_;
  nv2::crypto_backend table_;
};

/// Runs `operation(backend)` once to count its calls, then once for each call with that call failing,
/// and passes each outcome to `check(outcome, failing_backend, n)`. Returns the number of calls.
template <typename Operation, typename Check>
unsigned fail_each_call(const nv2::crypto_backend& real, Operation operation, Check check) {
  unsigned total = 0;
  {
    failing_backend counting{real};
    static_cast<void>(operation(counting.table()));
    total = counting.calls().total();
  }
  for (unsigned n = 1; n <= total; ++n) {
    failing_backend failing{real, n};
    auto outcome = operation(failing.table());
    check(outcome, failing, n);
  }
  return total;
}

}  // namespace nv2_test

#endif  // NV2_TEST_FAILING_BACKEND_HPP
