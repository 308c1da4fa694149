// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Views of memory that somebody else owns.
// Does: carry pointer and length together; every cut is clamped to what is there.
// Does not: own, copy or extend the life of anything.
// The caller must: keep the memory alive as long as any view of it is used.
#ifndef NV2_BASE_BYTES_HPP
#define NV2_BASE_BYTES_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <nv2/base/config.hpp>

NV2_NAMESPACE_BEGIN

/// A read-only view of bytes. A default-made one is empty.
class bytes {
 public:
  constexpr bytes() noexcept = default;
  constexpr bytes(const std::uint8_t* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  // NOLINTNEXTLINE(google-explicit-constructor): an array is a view of itself
  constexpr bytes(const std::uint8_t (&array)[N]) noexcept : data_(array), size_(N) {}

  /// A view of the characters of `text`, without any terminator.
  static bytes of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  constexpr const std::uint8_t* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const std::uint8_t* begin() const noexcept { return data_; }
  constexpr const std::uint8_t* end() const noexcept { return data_ + size_; }
  /// The byte at `index`, which the caller has checked to be below size().
  constexpr std::uint8_t operator[](std::size_t index) const noexcept { return data_[index]; }

  /// The first `count` bytes, or all when there are fewer.
  constexpr bytes first(std::size_t count) const noexcept {
    return {data_, count < size_ ? count : size_};
  }
  /// All but the first `count` bytes; empty when there are fewer.
  constexpr bytes drop(std::size_t count) const noexcept {
    return count < size_ ? bytes{data_ + count, size_ - count} : bytes{};
  }
  /// `count` bytes from `offset` on, cut to what is there.
  constexpr bytes sub(std::size_t offset, std::size_t count) const noexcept {
    return drop(offset).first(count);
  }
  /// The same memory seen as characters.
  std::string_view as_text() const noexcept {
    return {reinterpret_cast<const char*>(data_), size_};
  }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A writable view of bytes.
class mutable_bytes {
 public:
  constexpr mutable_bytes() noexcept = default;
  constexpr mutable_bytes(std::uint8_t* data, std::size_t size) noexcept
      : data_(data), size_(size) {}
  template <std::size_t N>
  // NOLINTNEXTLINE(google-explicit-constructor): an array is a view of itself
  constexpr mutable_bytes(std::uint8_t (&array)[N]) noexcept : data_(array), size_(N) {}

  constexpr std::uint8_t* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr mutable_bytes first(std::size_t count) const noexcept {
    return {data_, count < size_ ? count : size_};
  }
  // NOLINTNEXTLINE(google-explicit-constructor): writable memory can be read
  constexpr operator bytes() const noexcept { return {data_, size_}; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Same length and same content. Not constant time: nothing compared here is secret.
inline bool equal(const bytes& a, const bytes& b) noexcept {
  if (a.size() != b.size()) return false;
  const std::uint8_t *left = a.begin(), *right = b.begin();
  // By words: small C libraries compare byte by byte.
  for (; a.end() - left >= 4; left += 4, right += 4) {
    std::uint32_t x = 0, y = 0;
    std::memcpy(&x, left, sizeof x);
    std::memcpy(&y, right, sizeof y);
    if (x != y) return false;
  }
  return left == a.end() || std::memcmp(left, right, static_cast<std::size_t>(a.end() - left)) == 0;
}
inline bool equal(const bytes& a, std::string_view b) noexcept { return equal(a, bytes::of(b)); }
/// The same for a literal, whose length nobody has to count when the program runs.
template <std::size_t N>
inline bool equal(const bytes& a, const char (&literal)[N]) noexcept {
  return equal(a, std::string_view{literal, N - 1});
}
template <std::size_t N>
bool equal(bytes a, char (&buffer)[N]) = delete;  // no literal: say where its text ends

/// How many bytes of `all` stand before the first `value`; all of them when there is none.
inline std::size_t count_before(bytes all, std::uint8_t value) noexcept {
  const std::uint8_t* at = all.begin();
  while (at != all.end() && *at != value) ++at;
  return static_cast<std::size_t>(at - all.begin());
}
/// How many bytes of `all` stand up to its last `value`, that one included; 0 when there is none.
/// Where registers have 64 bits, looks at eight bytes at a time.
inline std::size_t count_through_last(bytes all, std::uint8_t value) noexcept {
  std::size_t count = all.size();
  if constexpr (sizeof(std::size_t) >= 8) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    for (; count >= 8; count -= 8) {
      std::uint64_t other = 0;  // a byte of it is 0 where there is one of `value`
      std::memcpy(&other, all.data() + count - 8, sizeof other);
      other ^= ones * value;
      if (((other - ones) & ~other & ones << 7) != 0) break;
    }
  }
  while (count != 0 && all[count - 1] != value) --count;
  return count;
}

/// A read-only view of `size()` values of type T that somebody else owns.
template <typename T>
class view {
 public:
  constexpr view() noexcept = default;
  constexpr view(const T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  /// A named array; the type is deduced so that no braced list, which would not last, can pass for one.
  template <typename Array, typename = std::enable_if_t<std::is_array_v<Array>>>
  // NOLINTNEXTLINE(google-explicit-constructor): an array is a view of itself
  constexpr view(const Array& array) noexcept : data_(array), size_(std::extent_v<Array>) {}

  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const T* begin() const noexcept { return data_; }
  constexpr const T* end() const noexcept { return data_ + size_; }
  /// The value at `index`, which the caller has checked to be below size().
  constexpr const T& operator[](std::size_t index) const noexcept { return data_[index]; }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

NV2_NAMESPACE_END

#endif  // NV2_BASE_BYTES_HPP
