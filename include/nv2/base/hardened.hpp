// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the hardened profile (NV2_HARDENED) is made of.
// A fault in the processor - a glitch of voltage or clock, a beam - leaves out an instruction or turns a
// bit, once. Whatever one fault can do, it cannot do to two judgements that are made one after the
// other, from the inputs on. So everything is decided twice, and the yes is a word that only two equal
// yeses make, looked at in more than one place.
// Does: tell which profile this is, and keep the compiler from deciding once what is to be looked at twice.
// Does not: protect against two faults, or against one that lasts.
// The caller must: branch on ok() itself, not on a copy of its answer.
#ifndef NV2_BASE_HARDENED_HPP
#define NV2_BASE_HARDENED_HPP

#include <cstdint>

#include <nv2/base/config.hpp>

/// A question whose answer must not pass through a register: the branches stand where it is asked.
#if NV2_HARDENED
#define NV2_DECISION [[gnu::always_inline]]
#else
#define NV2_DECISION
#endif

NV2_NAMESPACE_BEGIN

constexpr bool is_hardened = NV2_HARDENED != 0;

namespace detail {

/// Reads `value`; in the hardened profile from memory, whatever the compiler knows about it.
template <typename T>
NV2_DECISION inline T read_again(const T& value) noexcept {
  if constexpr (is_hardened) {
    return static_cast<const volatile T&>(value);
  } else {
    return value;
  }
}

/// What two judgements agreed on, as a word. One that nobody sealed is no word of ours.
template <bool>
class agreement {
 public:
  /// The plain profile has one judgement, and nothing to agree on.
  constexpr void seal(std::uint32_t, std::uint32_t) noexcept {}
  constexpr bool is(std::uint32_t) const noexcept { return true; }
};
template <>
class agreement<true> {
 public:
  void seal(std::uint32_t first, std::uint32_t second) noexcept { word_ = join(first, second); }
  /// Whether both judgements came to `grade`.
  NV2_DECISION bool is(std::uint32_t grade) const noexcept {
    return read_again(word_) == join(grade, grade);
  }

 private:
  static constexpr std::uint32_t join(std::uint32_t first, std::uint32_t second) noexcept {
    return (first << 7 | first >> 25) ^ second;
  }
  std::uint32_t word_ = 0;
};

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_BASE_HARDENED_HPP
