// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The document that --output json prints: "nv2.verdict/1", described by verdict.schema.json.
#ifndef NV2_CLIENT_VERDICT_JSON_HPP
#define NV2_CLIENT_VERDICT_JSON_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "errors.hpp"
#include "verdict.hpp"

namespace client {

/// One line, ASCII, with a line feed at the end.
std::string verdict_document(const verdict& answer);

/// The document when no verdict was reached: nothing was judged, so nothing is trusted.
std::string verdict_document(const failure& reason);

/// Which target of several an answer is about.
struct answer_label {
  std::size_t line = 0;
  /// "" = it has none.
  std::string id;
  /// "" = the line does not tell.
  std::string target;
  /// That nv2 verify would have had for this target.
  exit_code code = exit_code::ok;
  /// What nv2 verify would have said on stderr.
  std::vector<std::string> messages;
};

/// The documents above, with a label.
std::string verdict_document(const verdict& answer, const answer_label& label);
std::string verdict_document(const failure& reason, const answer_label& label);

}  // namespace client

#endif  // NV2_CLIENT_VERDICT_JSON_HPP
