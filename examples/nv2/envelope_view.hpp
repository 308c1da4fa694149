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

struct signature_view {
  /// "" = absent or no string.
  std::string type, algorithm, key_id;
  /// Bytes of the primitive signature, when it could be decoded.
  std::optional<std::size_t> signature_size;
  std::vector<byte_buffer> certificates;
};

// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON only asserts
struct envelope_view {
  /// "nv2-json", "nv2-jwt", "jws", "cose", or "" when it looks like none of them.
  std::string format;
  shown_json claims;
  std::vector<signature_view> signatures;
  /// What could not be read, in the order met.
  std::vector<std::string> problems;
};

envelope_view view_envelope(nv2::bytes envelope);

}  // namespace client

#endif  // NV2_CLIENT_ENVELOPE_VIEW_HPP
