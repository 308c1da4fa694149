// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// An artifact where it is stored, and which of the manifests there lead to its signatures.
#ifndef NV2_CLIENT_SIGNATURES_HPP
#define NV2_CLIENT_SIGNATURES_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>

#include "file_io.hpp"

namespace client {

/// A descriptor that owns its texts.
struct owned_descriptor {
  std::string media_type, digest, artifact_type, annotations;
  std::int64_t size = 0;

  owned_descriptor() = default;
  explicit owned_descriptor(const nv2::content_descriptor& from);
  /// Lends its texts.
  nv2::content_descriptor view() const;
};

/// The artifact that a target means: its descriptor, and the bytes, which match it.
struct stored_artifact {
  owned_descriptor descriptor;
  byte_buffer manifest;
};

/// A manifest that leads to a signature of the artifact, or would if it were good.
struct found_signature {
  /// The digest of that manifest.
  std::string manifest;
  /// The signature, when `code` is ok.
  owned_descriptor envelope;
  nv2::errc code = nv2::errc::unset;
  /// Bytes of that manifest.
  std::int64_t manifest_size = 0;
};

/// Everything that may be a signature of one artifact, in the order of the lists.
struct signature_list {
  /// Those of the Notary Project, and after them those of the prototype, which do not tell whose they
  /// are.
  std::vector<found_signature> signatures;
  /// Manifests of which nobody can tell whether they are signatures. // spec: L-006
  std::vector<found_signature> unreadable;
};

class artifact_source;

/// What a manifest is to the signatures of an artifact.
struct manifest_reading {
  bool is_notary = false, is_prototype = false;
  /// Of the Notary Project's; empty = not known.
  owned_descriptor subject;
  found_signature signature;
};

/// Reads the manifest that `entry` leads to; nothing is known of one that cannot be read.
manifest_reading read_signature_manifest(const artifact_source& from,
                                         const nv2::content_descriptor& entry);
/// The same with the manifest in hand.
manifest_reading read_signature_manifest(const stored_artifact& manifest);

/// Collects the signatures of one artifact from the entries of lists, whose order it keeps. Reads the
/// manifests that they lead to, and no signature. // spec: L-005 L-006 O-007 O-013
class signature_collector {
 public:
  signature_collector(const artifact_source& from, const stored_artifact& artifact)
      : from_(from), artifact_(artifact) {}

  /// `code` tells why the entry, or what is behind it, cannot be read.
  void visit(const nv2::content_descriptor& entry, nv2::errc code);
  signature_list finish();

 private:
  void add(manifest_reading reading);

  const artifact_source& from_;
  const stored_artifact& artifact_;
  signature_list out_;
  std::vector<found_signature> prototypes_;
};

}  // namespace client

#endif  // NV2_CLIENT_SIGNATURES_HPP
