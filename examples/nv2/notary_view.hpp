// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in envelopes of the Notary Project, for people.
#ifndef NV2_CLIENT_NOTARY_VIEW_HPP
#define NV2_CLIENT_NOTARY_VIEW_HPP

#include <string_view>

#include <nv2/base/bytes.hpp>

#include "envelope_view.hpp"

namespace client {

/// Fills `out` from the members of a flattened JWS.
void view_jws(const shown_json& all, envelope_view& out);

/// Whether `envelope` begins like COSE, tagged or not, and so like no text.
bool looks_like_cose(nv2::bytes envelope);
/// Fills `out` from a COSE_Sign1.
void view_cose(nv2::bytes envelope, envelope_view& out);

/// Whether an attribute is shown by a field of notary_view.
bool is_known_attribute(std::string_view name);

}  // namespace client

#endif  // NV2_CLIENT_NOTARY_VIEW_HPP
