// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Which family of formats a JSON envelope belongs to.
// Does: look at the names of its members until one decides.
// Does not: check the rest; the parsers refuse mixtures.
#ifndef NV2_ENVELOPE_JSON_FORM_HPP
#define NV2_ENVELOPE_JSON_FORM_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>

NV2_NAMESPACE_BEGIN

/// `other`: no JSON object. `undecided`: one without a member that tells, as far as it is JSON.
enum class json_form : std::uint8_t { other, undecided, prototype, notary };

/// Finds the first of the members `payload`, `protected`, `signed` and `signatures`. Linear in what
/// stands before it; takes no memory. // spec: G-020
inline json_form find_json_form(const bytes& envelope) noexcept {
  workspace none{mutable_bytes{}};
  json_reader reader{envelope, none, json_duplicates::last_wins};
  if (reader.peek() != json_kind::object) return json_form::other;
  json_string name;
  for (reader.enter_object(); reader.next_member(name);) {
    if (name.equals("payload") || name.equals("protected")) return json_form::notary;
    if (name.equals("signed") || name.equals("signatures")) return json_form::prototype;
  }
  return json_form::undecided;
}

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_JSON_FORM_HPP
