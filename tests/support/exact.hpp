// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Memory of exactly the size that is asked for, so that a sanitizer sees each step outside.
#ifndef NV2_TESTS_SUPPORT_EXACT_HPP
#define NV2_TESTS_SUPPORT_EXACT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/workspace.hpp>

namespace nv2_test {

/// A copy of some text, or `size` bytes of A5, on a heap block of their own.
class exact {
 public:
  explicit exact(std::string_view text) : exact(text.size()) {
    if (!text.empty()) std::memcpy(data_.get(), text.data(), text.size());
  }
  explicit exact(std::size_t size) : data_(new std::uint8_t[size]), size_(size) {
    std::memset(data_.get(), 0xA5, size);
  }

  nv2::bytes view() const { return {data_.get(), size_}; }
  nv2::mutable_bytes memory() { return {data_.get(), size_}; }

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_;
};

/// A workspace of exactly `size` bytes.
class exact_workspace : exact, public nv2::workspace {
 public:
  explicit exact_workspace(std::size_t size) : exact(size), workspace(memory()) {}
};

inline std::string text_of(nv2::bytes view) { return std::string(view.as_text()); }

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_EXACT_HPP
