// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Every build option of the library, each 0 or 1 with a default. Nothing is configured by absence.
#ifndef NV2_BASE_CONFIG_HPP
#define NV2_BASE_CONFIG_HPP

#define NV2_VERSION_MAJOR 0
#define NV2_VERSION_MINOR 1
#define NV2_VERSION_PATCH 0

/// 1: error names, rules and messages are available as text. 0: they cost nothing and read "".
#ifndef NV2_ERROR_STRINGS
#define NV2_ERROR_STRINGS 1
#endif

#if NV2_ERROR_STRINGS != 0 && NV2_ERROR_STRINGS != 1
#error "NV2_ERROR_STRINGS must be 0 or 1"
#endif

/// 1: no single skipped instruction and no single inverted branch in a verification makes a yes out of a
/// no: everything is decided twice, and a yes needs both. Twice the time; docs/hardened.md says what
/// the caller has to do. 0: decided once.
#ifndef NV2_HARDENED
#define NV2_HARDENED 0
#endif

#if NV2_HARDENED != 0 && NV2_HARDENED != 1
#error "NV2_HARDENED must be 0 or 1"
#endif

// The inline namespace carries the version and each option that changes generated code, so that two
// differently configured translation units can share one program.
#define NV2_DETAIL_JOIN(major, minor, strings, hardened) \
  v##major##_##minor##_s##strings##_h##hardened
#define NV2_DETAIL_ABI(major, minor, strings, hardened) \
  NV2_DETAIL_JOIN(major, minor, strings, hardened)
#define NV2_ABI \
  NV2_DETAIL_ABI(NV2_VERSION_MAJOR, NV2_VERSION_MINOR, NV2_ERROR_STRINGS, NV2_HARDENED)

#define NV2_NAMESPACE_BEGIN \
  namespace nv2 {           \
  inline namespace NV2_ABI {
#define NV2_NAMESPACE_END \
  }                       \
  }

#endif  // NV2_BASE_CONFIG_HPP
