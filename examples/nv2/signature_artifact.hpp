// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A signature as layouts and registries hold it: a manifest, and the blobs that it names.
#ifndef NV2_CLIENT_SIGNATURE_ARTIFACT_HPP
#define NV2_CLIENT_SIGNATURE_ARTIFACT_HPP

#include <string>
#include <string_view>
#include <vector>

#include <nv2/base/time.hpp>

#include "file_io.hpp"
#include "notary_writer.hpp"

namespace client {

/// A signature that is to be stored beside the manifest it signs. All of it is borrowed.
struct attachment {
  const std::string& envelope;
  /// jws_envelope, cose_envelope, or a config type of the prototype. // spec: O-006 O-031
  std::string_view envelope_media_type;
  const target_descriptor& subject;
  const std::vector<byte_buffer>& chain;
  nv2::unix_time created;
};

/// What is stored for a signature.
struct signature_artifact {
  std::string manifest;
  /// "sha256:…" of the manifest.
  std::string digest;
  /// What the manifest names, in the order in which it is to be stored.
  std::vector<std::string_view> blobs;
  /// The descriptor of the manifest, for lists of referrers and index.json. // spec: F-006
  std::string entry;
};

/// Of the two forms of O-003 the manifest has the one without artifactType, since notation before 2.0
/// finds no other in a layout. Prototype signatures have the form of O-030, and a subject beside it, by
/// which they are found. `blobs` borrow from `added`.
/// // spec: O-002 O-003 O-004 O-005 O-007 O-009 O-030 O-031 O-033
signature_artifact make_signature_artifact(const attachment& added);

/// "sha256:…" of `content`.
std::string digest_of(std::string_view content);

}  // namespace client

#endif  // NV2_CLIENT_SIGNATURE_ARTIFACT_HPP
