// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in an envelope, for people. Decides nothing and works on broken ones.
#ifndef NV2_CLIENT_ENVELOPE_VIEW_HPP
#define NV2_CLIENT_ENVELOPE_VIEW_HPP

#include <optional>
#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>

#include "file_io.hpp"
#include "tolerant_json.hpp"

namespace client {

/// What only envelopes of the Notary Project have. "" = absent.
struct notary_view {
  std::string content_type, scheme, signing_agent;
  /// As instants, or as they stand when they are none.
  std::string signing_time, authentic_time, expiry;
  std::vector<std::string> critical;
  /// Bytes of the timestamp token.
  std::optional<std::size_t> timestamp_size;
  /// All attributes but certificates and timestamp; those of COSE by label, tags as objects.
  shown_json protected_attributes = shown_json::object();
  shown_json unprotected_attributes = shown_json::object();
};

struct signature_view {
  /// "" = absent or no string.
  std::string type, algorithm, key_id;
  /// Bytes of the primitive signature, when it could be decoded.
  std::optional<std::size_t> signature_size;
  std::vector<byte_buffer> certificates;
  std::optional<notary_view> notary;
};

// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON only asserts
struct envelope_view {
  /// "nv2-json", "nv2-jwt", "jws", "cose", or "" when it looks like none of them.
  std::string format;
  /// Prototype claims, or the payload.
  shown_json claims;
  std::vector<signature_view> signatures;
  /// What could not be read, in the order met.
  std::vector<std::string> problems;
};

envelope_view view_envelope(nv2::bytes envelope);

}  // namespace client

#endif  // NV2_CLIENT_ENVELOPE_VIEW_HPP
