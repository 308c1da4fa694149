// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 inspect
#ifndef NV2_CLIENT_INSPECT_HPP
#define NV2_CLIENT_INSPECT_HPP

#include <optional>
#include <string>
#include <vector>

#include "artifact_source.hpp"
#include "envelope_view.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "signatures.hpp"

namespace client {

/// Prints what is in a signature file, or in the signatures of an artifact in a layout. Ends with
/// `refused` when something could not be read to its end.
exit_code run_inspect(const inspect_options& options);

/// `shown` for people; every text in it is escaped.
std::string inspection_text(const envelope_view& shown, std::size_t size, bool color);

/// `shown` as one JSON document, "nv2.inspection/1".
std::string inspection_document(const envelope_view& shown, std::size_t size);

/// A signature in a layout, and what is in it when it could be read.
struct listed_signature {
  found_signature found;
  std::optional<envelope_view> shown;
};

/// An artifact in a layout with everything that may be a signature of it.
struct layout_listing {
  owned_descriptor artifact;
  std::vector<listed_signature> signatures;
  std::vector<found_signature> unreadable;
};

/// The artifact of `target` and its signatures, as far as they can be read.
layout_listing read_listing(const stored_target& target, const registry_options& registry);

/// `listing` for people; every text in it is escaped.
std::string listing_text(const layout_listing& listing, bool color);

/// `listing` as one JSON document, "nv2.listing/1".
std::string listing_document(const layout_listing& listing);

}  // namespace client

#endif  // NV2_CLIENT_INSPECT_HPP
