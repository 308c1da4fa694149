// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 bundle
#ifndef NV2_CLIENT_BUNDLE_HPP
#define NV2_CLIENT_BUNDLE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nv2/bundle_format.hpp>

#include "errors.hpp"
#include "file_io.hpp"
#include "options.hpp"
#include "signatures.hpp"

namespace client {

/// What is to be written into a bundle.
struct bundle_content {
  struct signature {
    std::string media_type;
    byte_buffer envelope;
  };

  std::uint64_t counter = 0;
  std::vector<signature> signatures;
  std::vector<byte_buffer> lists, responses;
  std::optional<owned_descriptor> artifact;
  /// Of the artifact, "" = not told.
  std::string reference;
  byte_buffer policy;
};

/// The only bundle that holds `content`: the same content gives the same bytes.
std::string write_bundle(const bundle_content& content);

/// Writes a bundle to a file.
exit_code run_bundle_create(const bundle_create_options& options);

/// Prints what is in a bundle. Judges nothing.
exit_code run_bundle_show(const bundle_show_options& options);

/// `shown` for people; every text in it is escaped.
std::string bundle_text(const nv2::bundle& shown, bool color);

/// `shown` as one JSON document, "nv2.bundle/1".
std::string bundle_document(const nv2::bundle& shown);

}  // namespace client

#endif  // NV2_CLIENT_BUNDLE_HPP
