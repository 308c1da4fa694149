// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What looking at JSON envelopes of all forms takes.
#ifndef NV2_CLIENT_ENVELOPE_PARTS_HPP
#define NV2_CLIENT_ENVELOPE_PARTS_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/codec/base64.hpp>

#include "file_io.hpp"
#include "tolerant_json.hpp"

namespace client {

/// So many certificates of a list are shown.
constexpr std::size_t max_shown_certificates = 32;

/// What base64 `text` says; nothing and a problem with `what` in front when it is none.
std::optional<byte_buffer> decoded(std::string_view text, nv2::base64_alphabet alphabet,
                                   const std::string& what, std::vector<std::string>& problems);

/// The string member `name` of `object`, "" when there is none.
std::string text_member(const shown_json& object, const char* name,
                        std::vector<std::string>& problems);

/// The certificates in the member `x5c` of `header`.
std::vector<byte_buffer> read_x5c(const shown_json& header, std::vector<std::string>& problems);

}  // namespace client

#endif  // NV2_CLIENT_ENVELOPE_PARTS_HPP
