// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON text exactly as the prototype's tools write it.
#ifndef NV2_CLIENT_GO_JSON_HPP
#define NV2_CLIENT_GO_JSON_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace client {

/// `text` as a JSON string with '<', '>', '&', U+2028 and U+2029 escaped. `text` must be UTF-8.
std::string go_string(std::string_view text);

/// Writes one object, members in the order of the calls, no white space.
class go_object {
 public:
  go_object& text(std::string_view name, std::string_view value);
  go_object& number(std::string_view name, std::int64_t value);
  go_object& texts(std::string_view name, const std::vector<std::string>& values);
  /// `value` is JSON already.
  go_object& raw(std::string_view name, std::string_view value);
  std::string finish() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace client

#endif  // NV2_CLIENT_GO_JSON_HPP
