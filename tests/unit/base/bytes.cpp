// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <nv2/base/bytes.hpp>

using nv2::bytes;
using nv2::mutable_bytes;

namespace {

constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();

}  // namespace

TEST_CASE("a default-made view is empty and can be cut") {
  constexpr bytes none;
  CHECK(none.empty());
  CHECK(none.size() == 0);
  CHECK(none.begin() == none.end());
  CHECK(none.first(3).empty());
  CHECK(none.drop(3).empty());
  CHECK(none.sub(1, 2).empty());
  CHECK(none.as_text().empty());
  CHECK(mutable_bytes{}.empty());
  CHECK(mutable_bytes{}.first(1).empty());
}

TEST_CASE("every cut is clamped to what is there") {
  const std::uint8_t array[] = {10, 11, 12, 13};
  const bytes all = array;
  REQUIRE(all.size() == 4);
  for (const std::size_t count :
       {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{5}, huge}) {
    CAPTURE(count);
    const std::size_t kept = count < 4 ? count : 4;
    CHECK(all.first(count).data() == array);
    CHECK(all.first(count).size() == kept);
    CHECK(all.drop(count).size() == 4 - kept);
    if (kept < 4) CHECK(all.drop(count).data() == array + kept);
  }
  CHECK(all.sub(1, 2).data() == array + 1);
  CHECK(all.sub(1, 2).size() == 2);
  CHECK(all.sub(3, huge).size() == 1);
  CHECK(all.sub(4, 1).empty());
  CHECK(all.sub(huge, huge).empty());
  CHECK(all[3] == 13);
}

TEST_CASE("views compare by content") {
  const std::uint8_t a[] = {1, 2, 3};
  const std::uint8_t b[] = {1, 2, 3};
  const std::uint8_t c[] = {1, 2, 4};
  CHECK(equal(bytes{a}, bytes{b}));
  CHECK(!equal(bytes{a}, bytes{c}));
  CHECK(!equal(bytes{a}, bytes{b}.first(2)));
  CHECK(equal(bytes{}, bytes{a}.first(0)));
  CHECK(!equal(bytes{}, bytes{a}));
}

TEST_CASE("text and bytes are two views of one memory") {
  using namespace std::string_view_literals;
  const std::string_view text = "a\0b"sv;
  const bytes view = bytes::of(text);
  CHECK(view.size() == 3);
  CHECK(view[1] == 0);
  CHECK(view.as_text() == text);
  CHECK(view.as_text().data() == text.data());
  CHECK(equal(view, text));
  CHECK(!equal(view, "a"sv));
}

TEST_CASE("writable memory can be read, not the other way round") {
  std::uint8_t array[] = {1, 2, 3};
  const mutable_bytes writable = array;
  const bytes readable = writable;
  CHECK(readable.data() == array);
  CHECK(readable.size() == 3);
  CHECK(writable.first(2).size() == 2);
  CHECK(writable.first(9).size() == 3);
  static_assert(std::is_convertible_v<mutable_bytes, bytes>);
  static_assert(!std::is_convertible_v<bytes, mutable_bytes>);
}

TEST_CASE("a view of values knows its size") {
  static constexpr int values[] = {3, 4};
  constexpr nv2::view<int> two = values;
  static_assert(two.size() == 2 && two[1] == 4);
  int sum = 0;
  for (const int value : two) sum += value;
  CHECK(sum == 7);
  CHECK(nv2::view<int>{}.empty());
}

TEST_CASE("the first and the last of a byte are found wherever they stand") {
  std::uint8_t array[40];
  for (std::size_t size = 0; size <= sizeof array; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      // Neighbours of the value, which carries from byte to byte could take for it.
      for (std::size_t i = 0; i < size; ++i)
        array[i] = i % 3 == 0 ? 0x2D : i % 3 == 1 ? 0x2F : 0xAE;
      const bytes all{array, size};
      CHECK(count_before(all, 0x2E) == size);
      CHECK(count_through_last(all, 0x2E) == 0);
      if (at == size) continue;
      array[at] = 0x2E;
      CHECK(count_before(all, 0x2E) == at);
      CHECK(count_through_last(all, 0x2E) == at + 1);
      array[0] = 0x2E;
      CHECK(count_before(all, 0x2E) == 0);
      CHECK(count_through_last(all, 0x2E) == at + 1);
    }
  }
}

TEST_CASE("a literal counts without the zero behind it") {
  const std::uint8_t array[] = {'a', 'b', 0};
  CHECK(equal(bytes{array, 2}, "ab"));
  CHECK(!equal(bytes{array, 3}, "ab"));
  CHECK(equal(bytes{array, 3}, "ab\0"));
  CHECK(equal(bytes{}, ""));
}

TEST_CASE("equal sees each byte that differs, at each place of each length and alignment") {
  std::uint8_t left[32], right[32];
  for (std::size_t i = 0; i < sizeof left; ++i) left[i] = right[i] = static_cast<std::uint8_t>(i);
  for (std::size_t start = 0; start < 4; ++start) {
    for (std::size_t size = 0; size <= 20; ++size) {
      const nv2::bytes a{left + start, size}, b{right + start, size};
      CHECK(equal(a, b));
      for (std::size_t place = start; place < start + size; ++place) {
        right[place] ^= 0x80;
        CHECK(!equal(a, b));
        right[place] ^= 0x80;
      }
    }
  }
}
