// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What is in a layout: the artifact that is meant, and its signatures.
#ifndef NV2_CLIENT_SIGNATURES_HPP
#define NV2_CLIENT_SIGNATURES_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <nv2/base/errc.hpp>
#include <nv2/oci/content.hpp>

#include "file_io.hpp"
#include "layout.hpp"
#include "target.hpp"

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

/// The artifact that a target means: its descriptor in the layout, and the bytes, which match it.
struct layout_artifact {
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
};

/// Everything in a layout that may be a signature of one artifact, in the order of the lists.
struct signature_list {
  /// Those of the Notary Project, and after them those of the prototype, which do not tell whose they
  /// are.
  std::vector<found_signature> signatures;
  /// Manifests of which nobody can tell whether they are signatures. // spec: L-006
  std::vector<found_signature> unreadable;
};

/// The artifact that `target` means. Fails with exit code 1 when it is not there, not unique, or not
/// what its descriptor says. // spec: L-004 O-041 O-042 D-024 D-025
layout_artifact find_artifact(const layout& from, const layout_target& target);

/// The signatures of `artifact`. Reads every manifest that index.json leads to, and no signature.
/// // spec: L-005 L-006 O-007
signature_list find_signatures(const layout& from, const layout_artifact& artifact);

}  // namespace client

#endif  // NV2_CLIENT_SIGNATURES_HPP
