// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Prototype envelopes, byte for byte as the prototype's tools lay them out.
#ifndef NV2_CLIENT_ENVELOPE_WRITER_HPP
#define NV2_CLIENT_ENVELOPE_WRITER_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "file_io.hpp"
#include "options.hpp"
#include "private_key.hpp"

namespace client {

/// What is signed.
struct claims {
  std::string media_type, digest;
  std::int64_t size = 0;
  std::vector<std::string> references;
  std::optional<std::int64_t> expiry, not_before;
  std::int64_t issued_at = 0;
};

/// Signs `content` and writes the envelope. With `certificates` they go into `x5c`, without them the
/// key is named by its fingerprint. // spec: N-163
std::string write_envelope(envelope_form form, const claims& content, const private_key& key,
                           const std::vector<byte_buffer>& certificates);

}  // namespace client

#endif  // NV2_CLIENT_ENVELOPE_WRITER_HPP
