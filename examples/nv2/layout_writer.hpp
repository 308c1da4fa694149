// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Putting signatures into OCI image layouts.
#ifndef NV2_CLIENT_LAYOUT_WRITER_HPP
#define NV2_CLIENT_LAYOUT_WRITER_HPP

#include <cstddef>
#include <optional>
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
  std::string_view envelope_media_type;
  const target_descriptor& subject;
  const std::vector<byte_buffer>& chain;
  nv2::unix_time created;
};

/// The manifest that links `added` with its subject. Of the two forms of O-003 it has the one without
/// artifactType, since notation before 2.0 finds no other in a layout.
/// // spec: O-002 O-003 O-004 O-005 O-007 O-009
std::string signature_manifest_text(const attachment& added);

/// `index` with `entry` after its last entry, and otherwise byte for byte the same. Fails when `index`
/// is none, or would become one that no reader takes. // spec: L-002
std::string index_with(const byte_buffer& index, const std::string& entry);

/// Holds a directory against other writers that ask.
class folder_lock {
 public:
  explicit folder_lock(const std::string& folder);
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;
  ~folder_lock();

 private:
  int descriptor_;
};

/// An attachment on its way into a layout: all of its files appear, or none stays.
class layout_addition {
 public:
  /// Writes everything beside its places in the layout directory `folder`.
  layout_addition(const std::string& folder, const attachment& added);
  layout_addition(const layout_addition&) = delete;
  layout_addition& operator=(const layout_addition&) = delete;
  /// Takes away what was not committed.
  ~layout_addition() = default;

  /// Gives the files their names, that of the index last. // spec: L-003 L-005
  void commit();
  /// Takes committed files away again, and puts the old index back.
  void withdraw() noexcept;

 private:
  folder_lock lock_;
  // In the order in which they get their names; destroyed from the last to the first.
  std::optional<new_file> files_[4];
  std::size_t committed_ = 0;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_WRITER_HPP
