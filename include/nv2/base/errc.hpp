// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Why something was refused: the codes of errc_list.hpp, their names, rules, classes and sentences.
#ifndef NV2_BASE_ERRC_HPP
#define NV2_BASE_ERRC_HPP

#include <cstdint>

#include <nv2/base/config.hpp>
#include <nv2/base/errc_list.hpp>

NV2_NAMESPACE_BEGIN

/// Why something was refused. `unset` is what a fresh status holds and counts as a failure; `ok` is
/// far from every other code, so that no small slip turns a refusal into it.
enum class errc : std::uint16_t {
  unset = 0,
  ok = 0xF69A,
#define NV2_X(name, code, rule, group, message) name = code,
  NV2_ERRC_LIST(NV2_X)
#undef NV2_X
};

/// The class of a failure, as the rule books group them.
enum class error_class : std::uint8_t {
  none,
  nosig,
  limit,
  malformed,
  unsupported,
  critical,
  plugin,
  integrity,
  cert,
  chain,
  keynotfound,
  trust,
  identity,
  expired,
  notyet,
  certtime,
  timestamp,
  revoked,
  revunknown,
  binding,
  metadata,
  policy,
  nopolicy,
  clock,
  storage
};

/// The name of `code` ("json_syntax"), or "" when it is unknown or NV2_ERROR_STRINGS is 0.
constexpr const char* name(errc code) noexcept {
  switch (code) {
#if NV2_ERROR_STRINGS
    case errc::unset: return "unset";
    case errc::ok: return "ok";
#define NV2_X(name, number, rule, group, message) \
  case errc::name: return #name;
      NV2_ERRC_LIST(NV2_X)
#undef NV2_X
#endif
    default: return "";
  }
}

/// The id of the rule that `code` enforces ("N-030"), or "".
constexpr const char* rule(errc code) noexcept {
  switch (code) {
#if NV2_ERROR_STRINGS
#define NV2_X(name, number, rule, group, message) \
  case errc::name: return rule;
    NV2_ERRC_LIST(NV2_X)
#undef NV2_X
#endif
    default: return "";
  }
}

/// One sentence about `code`, for people, or "". Never to be parsed.
constexpr const char* message(errc code) noexcept {
  switch (code) {
#if NV2_ERROR_STRINGS
#define NV2_X(name, number, rule, group, message) \
  case errc::name: return message;
    NV2_ERRC_LIST(NV2_X)
#undef NV2_X
#endif
    default: return "";
  }
}

/// The class of `code`; `none` for ok, unset and unknown codes.
constexpr error_class class_of(errc code) noexcept {
  switch (code) {
#define NV2_X(name, number, rule, group, message) \
  case errc::name: return error_class::group;
    NV2_ERRC_LIST(NV2_X)
#undef NV2_X
    default: return error_class::none;
  }
}

NV2_NAMESPACE_END

/// Leaves the function with the error of `expression` (an errc) unless it is ok.
#define NV2_TRY(expression)                                                                      \
  do {                                                                                           \
    if (const ::nv2::errc nv2_try_ = (expression); nv2_try_ != ::nv2::errc::ok) return nv2_try_; \
  } while (false)

#endif  // NV2_BASE_ERRC_HPP
