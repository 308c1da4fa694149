// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// An incomplete crypto adapter is told in one sentence what it lacks.
//
// expect 1: a backend needs: static constexpr const char name
// expect 2: a backend needs: a type hash_state
// expect 3: a backend needs: static bool hash_begin\(hash_state&, nv2::hash_algorithm\) noexcept
// expect 4: a backend needs: static bool hash_update\(hash_state&, nv2::bytes\) noexcept
// expect 5: a backend needs: static bool hash_end\(hash_state&, nv2::mutable_bytes\) noexcept
// expect 6: a backend needs: verify_rsa_pkcs1
// expect 7: a backend needs: verify_rsa_pss
// expect 8: a backend needs: verify_ecdsa
// expect 9: hash_state must be trivially destructible
#include <nv2/crypto/backend.hpp>

struct adapter {
#if NV2_BAD != 1
  static constexpr const char name[] = "test";
#endif
#if NV2_BAD == 9
  struct hash_state {
    ~hash_state() {}
  };
#elif NV2_BAD != 2
  struct hash_state {};
#else
  struct hash_status {};
  using state = hash_status;
#endif
#if NV2_BAD != 2
  using state = hash_state;
#endif
#if NV2_BAD != 3
  static bool hash_begin(state&, nv2::hash_algorithm) noexcept { return false; }
#endif
#if NV2_BAD != 4
  static bool hash_update(state&, nv2::bytes) noexcept { return false; }
#endif
#if NV2_BAD != 5
  static bool hash_end(state&, nv2::mutable_bytes) noexcept { return false; }
#endif
#if NV2_BAD != 6
  static constexpr nv2::verify_function verify_rsa_pkcs1 = nullptr;
#endif
#if NV2_BAD != 7
  static constexpr nv2::verify_function verify_rsa_pss = nullptr;
#endif
#if NV2_BAD != 8
  static constexpr nv2::verify_function verify_ecdsa = nullptr;
#endif
};

constexpr nv2::crypto_backend table = nv2::make_backend<adapter>();
static_assert(table.verify_ecdsa == nullptr);
