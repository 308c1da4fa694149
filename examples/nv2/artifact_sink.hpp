// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where copies of artifacts and their signatures go.
#ifndef NV2_CLIENT_ARTIFACT_SINK_HPP
#define NV2_CLIENT_ARTIFACT_SINK_HPP

#include <memory>
#include <string>

#include <nv2/base/bytes.hpp>

#include "artifact_source.hpp"
#include "blob_file.hpp"
#include "signatures.hpp"

namespace client {

/// A store that is written to. Everything that is put was checked before. What a descriptor leads to is
/// put before what holds the descriptor, so that nobody finds half of an artifact.
class artifact_sink {
 public:
  artifact_sink() = default;
  artifact_sink(const artifact_sink&) = delete;
  artifact_sink& operator=(const artifact_sink&) = delete;
  /// Takes back what it can when commit() was not reached.
  virtual ~artifact_sink() = default;

  /// A folder for files on their way.
  virtual std::string scratch() const = 0;
  /// Whether such files become its own.
  virtual bool keeps_files() const = 0;
  virtual bool has_blob(const owned_descriptor& what) = 0;
  virtual void put_blob(const owned_descriptor& what, blob_file& content) = 0;
  /// A manifest that another one names.
  virtual void put_manifest(const owned_descriptor& what, nv2::bytes content) = 0;
  /// The manifest of a signature over `subject`; `entry` is how lists describe it.
  virtual void put_signature(const owned_descriptor& what, nv2::bytes content,
                             const std::string& subject, const std::string& entry) = 0;
  /// The artifact itself, under the tag of the destination if it has one.
  virtual void put_artifact(const owned_descriptor& what, nv2::bytes content) = 0;
  /// Makes everything seen.
  virtual void commit() = 0;
};

/// Opens the destination `target`. Fails with exit code 2 when it is none to write to.
std::unique_ptr<artifact_sink> open_sink(const stored_target& target,
                                         const registry_options& options);

}  // namespace client

#endif  // NV2_CLIENT_ARTIFACT_SINK_HPP
