// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 inspect
#ifndef NV2_CLIENT_INSPECT_HPP
#define NV2_CLIENT_INSPECT_HPP

#include <string>

#include "envelope_view.hpp"
#include "errors.hpp"
#include "options.hpp"

namespace client {

/// Prints what is in a signature file. Ends with `refused` when it could not be read to its end.
exit_code run_inspect(const inspect_options& options);

/// `shown` for people; every text in it is escaped.
std::string inspection_text(const envelope_view& shown, std::size_t size, bool color);

/// `shown` as one JSON document, "nv2.inspection/1".
std::string inspection_document(const envelope_view& shown, std::size_t size);

}  // namespace client

#endif  // NV2_CLIENT_INSPECT_HPP
