// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Envelopes of the Notary Project.
#ifndef NV2_CLIENT_NOTARY_WRITER_HPP
#define NV2_CLIENT_NOTARY_WRITER_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nv2/base/time.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/envelope/envelope.hpp>

#include "file_io.hpp"
#include "options.hpp"
#include "private_key.hpp"

namespace client {

/// What is signed: a manifest or a blob.
struct target_descriptor {
  std::string media_type, digest;
  std::int64_t size = 0;
  /// In the order of their keys.
  std::map<std::string, std::string> annotations;
};

/// The payload that describes `target`. // spec: J-051 J-052
std::string notary_payload(const target_descriptor& target);

/// What an envelope says besides its payload.
struct notary_attributes {
  nv2::signing_scheme scheme = nv2::signing_scheme::x509;
  /// Whole seconds. // spec: J-024 C-025
  nv2::unix_time signing_time = 0;
  std::optional<nv2::unix_time> expiry;
  std::string signing_agent;
};

/// Signs `payload` and writes the envelope. `algorithm` is the one of the key, and `chain` begins with
/// the certificate of the key and ends with its root.
std::string write_notary_envelope(envelope_form form, const std::string& payload,
                                  const notary_attributes& attributes, const private_key& key,
                                  nv2::signature_algorithm algorithm,
                                  const std::vector<byte_buffer>& chain);

}  // namespace client

#endif  // NV2_CLIENT_NOTARY_WRITER_HPP
