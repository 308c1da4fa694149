// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the facade answers with. Inside the library functions return a bare errc.
#ifndef NV2_BASE_RESULT_HPP
#define NV2_BASE_RESULT_HPP

#include <cstdint>

#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

/// The step of a verification at which it ended.
enum class stage : std::uint8_t {
  none,
  envelope,
  certificate,
  chain,
  signature,
  identity,
  claims,
  time,
  revocation,
  binding,
  policy
};

constexpr const char* name(stage s) noexcept {
#if NV2_ERROR_STRINGS
  constexpr const char* names[] = {"none",       "envelope", "certificate", "chain",
                                   "signature",  "identity", "claims",      "time",
                                   "revocation", "binding",  "policy"};
  return names[static_cast<std::uint8_t>(s)];
#else
  static_cast<void>(s);
  return "";
#endif
}

/// Why and where. A fresh one is a failure.
struct [[nodiscard]] status {
  errc code = errc::unset;
  stage where = stage::none;
  /// Index of the certificate concerned in the envelope's list, -1 for none.
  std::int8_t certificate = -1;
  /// Byte offset in the envelope where a syntax error was seen, 0 when not known.
  std::uint32_t offset = 0;

  constexpr bool ok() const noexcept { return code == errc::ok; }
};

NV2_NAMESPACE_END

#endif  // NV2_BASE_RESULT_HPP
