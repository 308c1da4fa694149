// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The only memory the library writes to besides its stack.
// Does: hand out pieces of one caller buffer, in order, and take back the last ones.
// Does not: allocate, free single pieces, or run destructors.
// The caller must: keep the buffer alive as long as anything made from it is used.
#ifndef NV2_BASE_WORKSPACE_HPP
#define NV2_BASE_WORKSPACE_HPP

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// A bump arena over a buffer of the caller. When it is full, takes return null and change nothing.
class workspace {
 public:
  /// Borrows `buffer`; any alignment is fine.
  explicit workspace(mutable_bytes buffer) noexcept : data_(buffer.data()), size_(buffer.size()) {}
  workspace(const workspace&) = delete;
  workspace& operator=(const workspace&) = delete;

  /// `size` uninitialised bytes aligned to `align` (a power of two), or null when they do not fit.
  void* take(std::size_t size, std::size_t align) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(data_) + used_;
    const std::size_t gap = static_cast<std::size_t>(-address & (align - 1));
    if (gap > size_ - used_ || size > size_ - used_ - gap) return nullptr;
    void* const place = data_ + used_ + gap;
    used_ += gap + size;
    if (used_ > peak_) peak_ = used_;
    return place;
  }
  /// `count` value-initialised objects, or null. Only for types that need no destructor.
  template <typename T>
  T* take_array(std::size_t count) noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "a workspace runs no destructors");
    if (count > size_ / sizeof(T)) return nullptr;
    void* const place = take(count * sizeof(T), alignof(T));
    if (place == nullptr) return nullptr;
    T* const items = static_cast<T*>(place);
    for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(items + i)) T();
    return items;
  }
  /// `size` uninitialised bytes. Check with `size() == size`: an empty view of a full workspace and
  /// an empty request look the same.
  mutable_bytes take_bytes(std::size_t size) noexcept {
    void* const place = take(size, 1);
    return place == nullptr ? mutable_bytes{}
                            : mutable_bytes{static_cast<std::uint8_t*>(place), size};
  }

  /// A place to rewind to.
  std::size_t mark() const noexcept { return used_; }
  /// Takes back everything handed out since `mark`; views of it must no longer be used.
  void rewind(std::size_t mark) noexcept {
    if (mark < used_) used_ = mark;
  }
  /// The most bytes that were ever in use at once, alignment gaps included.
  std::size_t peak() const noexcept { return peak_; }
  std::size_t size() const noexcept { return size_; }

 private:
  std::uint8_t* data_;
  std::size_t size_;
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

/// A workspace that brings its own N bytes, for the stack or for static storage.
template <std::size_t N>
class static_workspace : public workspace {
 public:
  static_workspace() noexcept : workspace(mutable_bytes{storage_, N}) {}

 private:
  alignas(std::max_align_t) std::uint8_t storage_[N];
};

NV2_NAMESPACE_END

#endif  // NV2_BASE_WORKSPACE_HPP
