// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Putting signatures into OCI image layouts.
#ifndef NV2_CLIENT_LAYOUT_WRITER_HPP
#define NV2_CLIENT_LAYOUT_WRITER_HPP

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "file_io.hpp"
#include "signature_artifact.hpp"

namespace client {

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
  ~layout_addition();

  /// Gives the files their names, that of the index last. // spec: L-003 L-005
  void commit();
  /// Takes committed files away again, and puts the old index back.
  void withdraw() noexcept;

 private:
  folder_lock lock_;
  void add(const std::string& path, std::string_view content);

  // In the order in which they get their names; destroyed from the last to the first.
  std::vector<std::unique_ptr<new_file>> files_;
  std::size_t committed_ = 0;
};

}  // namespace client

#endif  // NV2_CLIENT_LAYOUT_WRITER_HPP
