// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Writing to one repository of a registry.
#ifndef NV2_CLIENT_REPOSITORY_WRITER_HPP
#define NV2_CLIENT_REPOSITORY_WRITER_HPP

#include <string>
#include <string_view>

#include <nv2/base/bytes.hpp>

#include "repository.hpp"
#include "signature_artifact.hpp"

namespace client {

/// Stores what it is given; every function fails with exit code 3 unless the registry says that it has
/// it.
class repository_writer {
 public:
  explicit repository_writer(repository& to) : to_(to) {}

  /// Whether a blob is there.
  bool has_blob(const std::string& digest);
  /// `content` must be what `digest` says.
  void push_blob(const std::string& digest, nv2::bytes content);
  /// Whether the registry lists the manifest among the referrers of its subject by itself. Fails with
  /// exit code 3 when it does not give back what it took. // spec: F-008
  bool push_manifest(const std::string& reference, std::string_view media_type, nv2::bytes content);
  /// Stores a signature, its manifest last, and sees to it that the referrers of `subject` list it: where
  /// the registry does not, in the index under the referrers tag. // spec: F-004 F-006 F-008
  void push_signature(const std::string& subject, const signature_artifact& added);
  /// Lists the manifest of `digest`, described by `entry`, in the index of the referrers tag.
  void list_referrer(const std::string& subject, const std::string& digest,
                     const std::string& entry);

 private:
  http_answer send(http_request wanted);
  http_answer put_manifest(const std::string& reference, std::string_view media_type,
                           nv2::bytes content);
  std::string upload_place(const http_answer& answer, const std::string& digest) const;

  repository& to_;
};

}  // namespace client

#endif  // NV2_CLIENT_REPOSITORY_WRITER_HPP
