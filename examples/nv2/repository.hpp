// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading from one repository of a registry. What arrives is hashed here; headers are believed only
// where they name a media type. // spec: N-145
#ifndef NV2_CLIENT_REPOSITORY_HPP
#define NV2_CLIENT_REPOSITORY_HPP

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>
#include <nv2/oci/index.hpp>

#include "file_io.hpp"
#include "options.hpp"
#include "registry_connection.hpp"
#include "signatures.hpp"
#include "target.hpp"

namespace client {

/// The tag that leads to the referrers of `digest` where a registry does not list them. // spec: F-004
std::string referrers_tag_of(const std::string& digest, nv2::referrers_cut cut);

class repository {
 public:
  /// `options` must outlive it.
  repository(registry_target target, const registry_options& options);

  const registry_target& target() const { return target_; }
  registry_connection& connection() { return connection_; }

  /// The manifest under a tag or digest: its bytes, the digest that they have, and the media type that
  /// the registry gives them, without parameters. Nothing when it is not there. Fails with exit code 1
  /// when the bytes have another digest than the one asked for, or a malformed media type.
  /// // spec: N-144 N-145 D-024 D-025 O-041
  std::optional<stored_artifact> get_manifest(const std::string& reference);

  /// Reads a manifest or a blob, by the media type, and checks it. // spec: D-005
  /// Errors: signature_unavailable, input_too_large, content_size, content_digest.
  nv2::errc read(const nv2::content_descriptor& wanted, std::size_t limit, byte_buffer& out);

  /// Hands a blob to `into`, unchecked, and shows how far it has come.
  void fetch(const nv2::content_descriptor& wanted, body_sink& into);

  using visitor = std::function<void(const nv2::content_descriptor& entry, nv2::errc code)>;
  /// Visits what refers to the manifest `digest` and has one of `types`, as the registry lists it, or as
  /// the index under the referrers tag does. `code` tells of an entry, or a page, that cannot be read.
  /// // spec: F-001 F-002 F-003 F-004 F-005 F-006 F-007
  void visit_referrers(const std::string& digest, nv2::view<std::string_view> types,
                       const visitor& visit);

  /// Fails with exit code 3, for an answer that is none.
  [[noreturn]] void refuse(const http_answer& answer, const char* what) const {
    refuse_status(answer.status, what);
  }
  std::string path(std::string_view kind, std::string_view reference) const;

 private:
  [[noreturn]] void refuse_status(long status, const char* what) const;
  http_answer get_listing(const std::string& url);
  long visit_listing(const std::string& digest, std::string_view type,
                     nv2::view<std::string_view> types, bool& is_filtered, const visitor& visit);
  bool visit_tag(const std::string& digest, nv2::view<std::string_view> types,
                 const visitor& visit);
  void visit_index(nv2::bytes index, nv2::view<std::string_view> types, const visitor& visit);
  bool is_new(const nv2::content_descriptor& entry);
  std::string next_page(const http_answer& answer, const std::string& digest) const;

  registry_target target_;
  registry_connection connection_;
  /// How many more entries and bytes of lists are read, and which entries were visited.
  std::size_t entries_left_ = 0, bytes_left_ = 0;
  std::set<std::string> visited_;
};

}  // namespace client

#endif  // NV2_CLIENT_REPOSITORY_HPP
