// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The seam to a crypto library: one small constant table.
// Does: check at compile time that an adapter is complete, and call through the table.
// Does not: implement any primitive. What no table names is not linked.
// The caller must: pass digests of the size of the hash; the core checks keys and lengths before it
// calls a verify function, so that all backends see the same well-formed input.
#ifndef NV2_CRYPTO_BACKEND_HPP
#define NV2_CRYPTO_BACKEND_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>

NV2_NAMESPACE_BEGIN

/// A verify function of a backend: errc::ok, errc::signature_mismatch, errc::crypto_unsupported, or
/// errc::crypto_failure when the library itself failed (memory, hardware). Whatever else it returns
/// counts as a failure.
using verify_function = errc (*)(const public_key& key, hash_algorithm hash, bytes digest,
                                 bytes signature) noexcept;

/// What the core needs of a crypto library. Made by make_backend<T>(), kept as a constant.
struct crypto_backend {
  const char* name;
  std::size_t hash_state_size;
  std::size_t hash_state_align;
  /// Starts a hash in `state`; false when the library cannot. A failed start needs no end.
  bool (*hash_begin)(void* state, hash_algorithm hash) noexcept;
  bool (*hash_update)(void* state, bytes data) noexcept;
  /// Ends the hash and releases what it held, also on failure. `digest` has the size of the hash.
  bool (*hash_end)(void* state, mutable_bytes digest) noexcept;
  /// Null = the backend has no such scheme.
  verify_function verify_rsa_pkcs1;
  /// MGF1 with the same hash; only a salt as long as the hash may pass.
  verify_function verify_rsa_pss;
  /// `signature` is r || s, each as wide as a coordinate.
  verify_function verify_ecdsa;
};

namespace detail {

template <typename T, typename = void>
struct has_hash_state : std::false_type {};
template <typename T>
struct has_hash_state<T, std::void_t<typename T::hash_state>> : std::true_type {};

#define NV2_DETAIL_HAS(member)              \
  template <typename T, typename = void>    \
  struct has_##member : std::false_type {}; \
  template <typename T>                     \
  struct has_##member<T, std::void_t<decltype(&T::member)>> : std::true_type {};
NV2_DETAIL_HAS(name)
NV2_DETAIL_HAS(hash_begin)
NV2_DETAIL_HAS(hash_update)
NV2_DETAIL_HAS(hash_end)
NV2_DETAIL_HAS(verify_rsa_pkcs1)
NV2_DETAIL_HAS(verify_rsa_pss)
NV2_DETAIL_HAS(verify_ecdsa)
#undef NV2_DETAIL_HAS

template <typename T>
struct hash_thunks {
  using state = typename T::hash_state;
  static bool begin(void* memory, hash_algorithm hash) noexcept {
    return T::hash_begin(*::new (memory) state(), hash);
  }
  static bool update(void* memory, bytes data) noexcept {
    return T::hash_update(*static_cast<state*>(memory), data);
  }
  static bool end(void* memory, mutable_bytes digest) noexcept {
    return T::hash_end(*static_cast<state*>(memory), digest);
  }
};

}  // namespace detail

/// Turns an adapter - a struct of static functions - into a backend table, or says which one is missing.
template <typename T>
constexpr crypto_backend make_backend() noexcept {
  static_assert(detail::has_name<T>::value, "a backend needs: static constexpr const char name[]");
  static_assert(detail::has_hash_state<T>::value, "a backend needs: a type hash_state");
  static_assert(
      detail::has_hash_begin<T>::value,
      "a backend needs: static bool hash_begin(hash_state&, nv2::hash_algorithm) noexcept");
  static_assert(detail::has_hash_update<T>::value,
                "a backend needs: static bool hash_update(hash_state&, nv2::bytes) noexcept");
  static_assert(detail::has_hash_end<T>::value,
                "a backend needs: static bool hash_end(hash_state&, nv2::mutable_bytes) noexcept");
  static_assert(
      detail::has_verify_rsa_pkcs1<T>::value,
      "a backend needs: verify_rsa_pkcs1, a verify_function, or a null one for 'not offered'");
  static_assert(
      detail::has_verify_rsa_pss<T>::value,
      "a backend needs: verify_rsa_pss, a verify_function, or a null one for 'not offered'");
  static_assert(
      detail::has_verify_ecdsa<T>::value,
      "a backend needs: verify_ecdsa, a verify_function, or a null one for 'not offered'");
  static_assert(std::is_trivially_destructible_v<typename T::hash_state>,
                "hash_state must be trivially destructible; hash_end releases what it holds");
  using thunks = detail::hash_thunks<T>;
  return {T::name,
          sizeof(typename T::hash_state),
          alignof(typename T::hash_state),
          &thunks::begin,
          &thunks::update,
          &thunks::end,
          T::verify_rsa_pkcs1,
          T::verify_rsa_pss,
          T::verify_ecdsa};
}

/// A digest by value.
struct digest_value {
  std::uint8_t data[max_digest_size] = {};
  hash_algorithm hash = hash_algorithm::none;

  bytes view() const noexcept { return {data, digest_size(hash)}; }
};

/// A running hash whose first error sticks. Its state lies in the workspace until the object ends.
class hasher {
 public:
  hasher(const crypto_backend& crypto, workspace& memory, hash_algorithm hash) noexcept
      : crypto_(crypto), memory_(memory), mark_(memory.mark()), hash_(hash) {
    state_ = memory.take(crypto.hash_state_size, crypto.hash_state_align);
    if (state_ == nullptr) {
      error_ = errc::workspace_exhausted;
    } else if (!crypto.hash_begin(state_, hash)) {
      error_ = errc::crypto_failure;
    } else {
      running_ = true;
      error_ = errc::ok;
    }
  }
  hasher(const hasher&) = delete;
  hasher& operator=(const hasher&) = delete;
  ~hasher() {
    if (running_) {
      digest_value discarded;
      static_cast<void>(end(discarded));
    }
    memory_.rewind(mark_);
  }

  void update(bytes data) noexcept {
    if (running_ && error_ == errc::ok && !crypto_.hash_update(state_, data)) {
      error_ = errc::crypto_failure;
    }
  }
  /// The digest of all updates, or the first error.
  [[nodiscard]] errc finish(digest_value& digest) noexcept {
    if (!running_) return error_ == errc::ok ? errc::crypto_failure : error_;
    const bool ended = end(digest);
    if (error_ != errc::ok) return error_;
    return ended ? errc::ok : errc::crypto_failure;
  }

 private:
  bool end(digest_value& digest) noexcept {
    running_ = false;
    digest.hash = hash_;
    return crypto_.hash_end(state_, mutable_bytes{digest.data, digest_size(hash_)});
  }

  const crypto_backend& crypto_;
  workspace& memory_;
  std::size_t mark_;
  void* state_ = nullptr;
  errc error_ = errc::unset;
  hash_algorithm hash_;
  bool running_ = false;
};

/// Hashes `text`; `digest` then lies in `memory`, until the caller takes that back.
[[nodiscard]] inline errc hash_bytes(const crypto_backend& crypto, hash_algorithm hash, bytes text,
                                     workspace& memory, bytes& digest) noexcept {
  const mutable_bytes room = memory.take_bytes(digest_size(hash));
  const std::size_t mark = memory.mark();
  void* const state = memory.take(crypto.hash_state_size, crypto.hash_state_align);
  if (room.data() == nullptr || state == nullptr) return errc::workspace_exhausted;
  if (!crypto.hash_begin(state, hash)) return errc::crypto_failure;
  const bool updated = crypto.hash_update(state, text);
  const bool ended = crypto.hash_end(state, room);
  memory.rewind(mark);
  digest = room;
  return updated && ended ? errc::ok : errc::crypto_failure;
}

/// Checks `signature` over `digest` with `key`; costs one signature check of the backend.
/// The key decides: the scheme must be one the key can make and the length must be exact.
/// `signature` is raw: modulus length for RSA, r || s for ECDSA. // spec: N-051 N-052 N-054
[[nodiscard]] inline errc verify_signature(const crypto_backend& crypto, const public_key& key,
                                           signature_algorithm algorithm, bytes digest,
                                           bytes signature) noexcept {
  const bool wants_rsa = algorithm.scheme != signature_scheme::ecdsa;
  if (key.kind == key_kind::unsupported) return errc::key_unsupported;
  if (algorithm.scheme == signature_scheme::none) return errc::algorithm_unknown;
  if (wants_rsa != (key.kind == key_kind::rsa)) return errc::algorithm_key_mismatch;
  if (signature.size() != signature_size(key)) return errc::signature_length;
  if (digest.size() != digest_size(algorithm.hash)) return errc::crypto_failure;
  const verify_function verify = !wants_rsa ? crypto.verify_ecdsa
                                 : algorithm.scheme == signature_scheme::rsa_pss
                                     ? crypto.verify_rsa_pss
                                     : crypto.verify_rsa_pkcs1;
  if (verify == nullptr) return errc::crypto_unsupported;
  return verify(key, algorithm.hash, digest, signature);
}

NV2_NAMESPACE_END

#endif  // NV2_CRYPTO_BACKEND_HPP
