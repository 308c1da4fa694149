// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <nv2/base/workspace.hpp>

using nv2::mutable_bytes;
using nv2::workspace;

namespace {

constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();

bool is_aligned(const void* place, std::size_t align) {
  return reinterpret_cast<std::uintptr_t>(place) % align == 0;
}

}  // namespace

TEST_CASE("pieces are handed out in order until the workspace is full") {
  std::uint8_t buffer[8];
  workspace memory{buffer};
  CHECK(memory.size() == 8);
  const mutable_bytes first = memory.take_bytes(3);
  const mutable_bytes second = memory.take_bytes(5);
  CHECK(first.data() == buffer);
  CHECK(first.size() == 3);
  CHECK(second.data() == buffer + 3);
  CHECK(second.size() == 5);
  CHECK(memory.take_bytes(1).size() == 0);
  CHECK(memory.take(1, 1) == nullptr);
  CHECK(memory.mark() == 8);
}

TEST_CASE("G-003: what does not fit changes nothing") {
  std::uint8_t buffer[8];
  workspace memory{buffer};
  REQUIRE(memory.take_bytes(2).size() == 2);
  for (const std::size_t size : {std::size_t{7}, huge - 1, huge}) {
    CAPTURE(size);
    CHECK(memory.take(size, 1) == nullptr);
    CHECK(memory.take(size, 8) == nullptr);
    CHECK(memory.take_bytes(size).empty());
    CHECK(memory.mark() == 2);
    CHECK(memory.peak() == 2);
  }
  CHECK(memory.take_array<std::uint32_t>(huge / 2) == nullptr);
  CHECK(memory.take_array<std::uint64_t>(huge / 8 + 2) == nullptr);
  CHECK(memory.take_bytes(6).size() == 6);
}

TEST_CASE("pieces are aligned wherever the buffer starts") {
  alignas(16) std::uint8_t buffer[64];
  for (std::size_t start = 0; start < 16; ++start) {
    for (std::size_t align = 1; align <= 16; align *= 2) {
      CAPTURE(start);
      CAPTURE(align);
      workspace memory{mutable_bytes{buffer + start, 40}};
      void* const place = memory.take(5, align);
      REQUIRE(place != nullptr);
      CHECK(is_aligned(place, align));
      CHECK(static_cast<std::uint8_t*>(place) >= buffer + start);
      CHECK(static_cast<std::uint8_t*>(place) < buffer + start + align);
      CHECK(memory.mark() ==
            static_cast<std::size_t>(static_cast<std::uint8_t*>(place) - (buffer + start)) + 5);
    }
  }
}

TEST_CASE("the alignment gap counts: a piece that fits only without it is refused") {
  alignas(8) std::uint8_t buffer[16];
  workspace memory{mutable_bytes{buffer + 1, 8}};
  CHECK(memory.take(8, 8) == nullptr);
  CHECK(memory.mark() == 0);
  CHECK(memory.take(1, 8) == static_cast<void*>(buffer + 8));
  CHECK(memory.mark() == 8);
  workspace gap_only{mutable_bytes{buffer + 1, 3}};
  CHECK(gap_only.take(0, 8) == nullptr);
}

TEST_CASE("arrays are value-initialised") {
  alignas(8) std::uint8_t buffer[24];
  std::memset(buffer, 0xAA, sizeof buffer);
  workspace memory{buffer};
  std::uint32_t* const numbers = memory.take_array<std::uint32_t>(3);
  REQUIRE(numbers != nullptr);
  CHECK(numbers[0] == 0);
  CHECK(numbers[2] == 0);
  CHECK(buffer[12] == 0xAA);
  struct point {
    std::int16_t x = 7;
  };
  point* const points = memory.take_array<point>(2);
  REQUIRE(points != nullptr);
  CHECK(points[1].x == 7);
  CHECK(memory.take_array<std::uint32_t>(3) == nullptr);
}

TEST_CASE("rewind takes back what came after the mark, never forward") {
  std::uint8_t buffer[8];
  workspace memory{buffer};
  REQUIRE(memory.take_bytes(2).size() == 2);
  const std::size_t mark = memory.mark();
  REQUIRE(memory.take_bytes(6).size() == 6);
  memory.rewind(mark);
  CHECK(memory.mark() == 2);
  memory.rewind(5);
  CHECK(memory.mark() == 2);
  CHECK(memory.take_bytes(6).data() == buffer + 2);
  memory.rewind(0);
  CHECK(memory.take_bytes(8).size() == 8);
}

TEST_CASE("peak remembers the most that was ever in use") {
  alignas(8) std::uint8_t buffer[32];
  workspace memory{buffer};
  CHECK(memory.peak() == 0);
  static_cast<void>(memory.take_bytes(20));
  memory.rewind(0);
  static_cast<void>(memory.take_bytes(1));
  CHECK(memory.peak() == 20);
  REQUIRE(memory.take(20, 8) != nullptr);
  CHECK(memory.peak() == 28);
}

TEST_CASE("a workspace over nothing is full") {
  workspace memory{mutable_bytes{}};
  CHECK(memory.size() == 0);
  CHECK(memory.take(1, 1) == nullptr);
  CHECK(memory.take_bytes(0).size() == 0);
}

TEST_CASE("a static workspace is aligned for everything and uses all of its bytes") {
  nv2::static_workspace<64> memory;
  CHECK(memory.size() == 64);
  void* const place = memory.take(64, alignof(std::max_align_t));
  REQUIRE(place != nullptr);
  CHECK(is_aligned(place, alignof(std::max_align_t)));
  std::memset(place, 0, 64);
}
