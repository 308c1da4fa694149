// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#ifndef NV2_TESTS_CONFORMANCE_BACKENDS_HPP
#define NV2_TESTS_CONFORMANCE_BACKENDS_HPP

#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/crypto/backend.hpp>

namespace nv2_conformance {

/// The crypto backends compiled into this program; throws when there is none.
const std::vector<const nv2::crypto_backend*>& backends();

nv2::errc hash(const nv2::crypto_backend& crypto, nv2::hash_algorithm algorithm, nv2::bytes data,
               nv2::digest_value& digest);
/// SHA-256 in hexadecimal digits, by the first backend.
std::string sha256_hex(nv2::bytes data);

}  // namespace nv2_conformance

#endif  // NV2_TESTS_CONFORMANCE_BACKENDS_HPP
