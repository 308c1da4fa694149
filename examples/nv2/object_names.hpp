// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Names of object identifiers, for people. They are those that OpenSSL shows.
#ifndef NV2_CLIENT_OBJECT_NAMES_HPP
#define NV2_CLIENT_OBJECT_NAMES_HPP

#include <string>
#include <string_view>

#include <nv2/base/bytes.hpp>

namespace client {

/// "1.2.840.113549.1.1.11" of the contents of an OBJECT IDENTIFIER.
std::string dotted_text(nv2::bytes object);

/// "CN" and so on; empty when it is none of those that have a short name.
std::string_view attribute_name(nv2::bytes object);

/// Of signature algorithms, kinds of keys, curves and purposes; dotted when it is not known.
std::string object_text(nv2::bytes object);

}  // namespace client

#endif  // NV2_CLIENT_OBJECT_NAMES_HPP
