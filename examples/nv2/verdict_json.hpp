// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The document that --output json prints: "nv2.verdict/1", described by verdict.schema.json.
#ifndef NV2_CLIENT_VERDICT_JSON_HPP
#define NV2_CLIENT_VERDICT_JSON_HPP

#include <string>

#include "errors.hpp"
#include "verdict.hpp"

namespace client {

/// One line, ASCII, with a line feed at the end.
std::string verdict_document(const verdict& answer);

/// The document when no verdict was reached: nothing was judged, so nothing is trusted.
std::string verdict_document(const failure& reason);

}  // namespace client

#endif  // NV2_CLIENT_VERDICT_JSON_HPP
