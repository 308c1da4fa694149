// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Private keys for signing.
#ifndef NV2_CLIENT_PRIVATE_KEY_HPP
#define NV2_CLIENT_PRIVATE_KEY_HPP

#include <memory>
#include <string>
#include <string_view>

#include <mbedtls/pk.h>
#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/algorithm.hpp>

#include "file_io.hpp"

namespace client {

struct key_deleter {
  void operator()(mbedtls_pk_context* key) const noexcept;
};
using key_handle = std::unique_ptr<mbedtls_pk_context, key_deleter>;

/// A private key of a kind that a form knows: RSA, or EC on P-256, P-384 or P-521.
class private_key {
 public:
  /// Reads the first PEM block of the file `path`: PKCS#8, PKCS#1 or SEC1, not encrypted. A key of
  /// another kind is refused as `unsupported`. // spec: N-053 N-162 J-040
  static private_key load(const std::string& path, nv2::errc unsupported);

  nv2::key_kind kind() const noexcept { return kind_; }
  /// The JOSE name of the one algorithm that this key signs with. // spec: N-056
  std::string_view algorithm() const noexcept;
  /// SubjectPublicKeyInfo in its canonical form, from which the key fingerprint is made.
  nv2::bytes public_key_info() const noexcept { return view_of(public_key_info_); }
  /// The raw signature over `message` by that algorithm: modulus length, or r || s.
  /// spec: N-052 N-054
  byte_buffer sign(std::string_view message) const;
  /// The same by `algorithm`, which must fit the key. // spec: J-044 J-045 C-053 C-054
  byte_buffer sign(std::string_view message, nv2::signature_algorithm algorithm) const;

 private:
  private_key() = default;

  key_handle key_;
  nv2::key_kind kind_ = nv2::key_kind::unsupported;
  byte_buffer public_key_info_;
};

}  // namespace client

#endif  // NV2_CLIENT_PRIVATE_KEY_HPP
