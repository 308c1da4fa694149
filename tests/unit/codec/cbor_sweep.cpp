// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole items against a second decoder, which is written for shortness: it recurses, copies, and
// keeps every key.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/codec/cbor.hpp>

using nv2::basic_cbor_reader;
using nv2::bytes;
using nv2::cbor_kind;
using nv2::cbor_rules;
using nv2::errc;

namespace {

using octets = std::vector<std::uint8_t>;

std::string text_of(bytes data) { return std::string(data.as_text()); }

/// Numbers as "kind:argument", so that equal values are equal texts.
std::string number_text(unsigned kind, std::uint64_t argument) {
  return std::to_string(kind) + ':' + std::to_string(argument);
}

/// The second decoder. Throws nothing; `bad` is set once and stays.
class oracle {
 public:
  oracle(const octets& input, cbor_rules rules) : input_(input), rules_(rules) {}

  /// The one item that the input is, or nothing when it must be refused.
  std::optional<std::string> item() {
    const std::string text = any(0);
    if (bad_ || at_ != input_.size()) return std::nullopt;
    return text;
  }

 private:
  bool lax() const { return rules_ == cbor_rules::well_formed; }
  std::string refuse() {
    bad_ = true;
    return {};
  }
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (; width != 0; --width) {
      if (at_ >= input_.size()) bad_ = true;
      value = value << 8 | (bad_ ? 0 : input_[at_++]);
    }
    return value;
  }
  bool at_break() {
    if (at_ >= input_.size() || input_[at_] != 0xFF) return false;
    ++at_;
    return true;
  }

  std::string any(unsigned depth) {
    if (bad_ || at_ == input_.size()) return refuse();
    const unsigned first = input_[at_++];
    const unsigned major = first >> 5;
    const unsigned info = first & 31;
    if (major == 7) return simple_or_float(info);
    std::optional<std::uint64_t> argument;
    if (info < 24) {
      argument = info;
    } else if (info < 28) {
      const std::size_t width = std::size_t{1} << (info - 24);
      argument = number(width);
      const std::uint64_t least[] = {24, 0x100, 0x10000, 0x100000000};
      if (rules_ == cbor_rules::shortest && *argument < least[info - 24]) return refuse();
    } else if (info != 31 || !lax() || major < 2 || major == 6) {
      return refuse();
    }
    if (bad_) return {};
    if (major < 2) return number_text(major, *argument);
    if (major < 4) return argument ? string(major, *argument) : chunks(major, depth);
    if (depth == 32) return refuse();
    if (major == 6) return number_text(6, *argument) + '(' + any(depth + 1) + ')';
    return major == 4 ? array(argument, depth + 1) : map(argument, depth + 1);
  }

  std::string string(unsigned major, std::uint64_t size) {
    if (size > input_.size() - at_) return refuse();
    const std::string all(input_.begin() + static_cast<std::ptrdiff_t>(at_),
                          input_.begin() + static_cast<std::ptrdiff_t>(at_ + size));
    at_ += static_cast<std::size_t>(size);
    if (major == 3 && !nv2::is_utf8(bytes::of(all))) return refuse();
    return (major == 2 ? "b'" : "t'") + all + '\'';
  }
  std::string chunks(unsigned major, unsigned depth) {
    if (depth == 32) return refuse();
    std::string out = major == 2 ? "B[" : "T[";
    while (!bad_ && !at_break()) {
      if (at_ == input_.size() || input_[at_] >> 5 != major || (input_[at_] & 31) == 31) {
        return refuse();
      }
      out += any(depth + 1);
    }
    return out + ']';
  }
  std::string array(std::optional<std::uint64_t> size, unsigned depth) {
    if (size > 131072) return refuse();
    std::string out = "[";
    for (std::uint64_t i = 0; !bad_ && (size ? i < *size : !at_break()); ++i) out += any(depth);
    return out + ']';
  }
  std::string map(std::optional<std::uint64_t> size, unsigned depth) {
    if (size > 131072) return refuse();
    std::string out = "{";
    std::set<std::string> keys;
    for (std::uint64_t i = 0; !bad_ && (size ? i < *size : !at_break()); ++i) {
      const std::size_t start = at_;
      std::string key = any(depth);
      out += key;
      const unsigned major = bad_ ? 0 : input_[start] >> 5;
      const bool open = !bad_ && major != 7 && (input_[start] & 31) == 31;
      if (open || (major >= 4 && major <= 6)) {
        if (!lax()) return refuse();
        key = "raw" + std::string(input_.begin() + static_cast<std::ptrdiff_t>(start),
                                  input_.begin() + static_cast<std::ptrdiff_t>(at_));
      }
      if (!keys.insert(key).second) return refuse();
      out += any(depth);
    }
    return out + '}';
  }

  std::string simple_or_float(unsigned info) {
    if (info < 24) return number_text(7, info);
    if (info > 27) return refuse();
    if (info == 24) {
      const std::uint64_t value = number(1);
      return value < 32 ? refuse() : number_text(7, value);
    }
    const std::uint64_t wide = float_bits(info, number(std::size_t{1} << (info - 24)));
    for (unsigned narrow = 25; rules_ == cbor_rules::shortest && narrow < info; ++narrow) {
      // Try all that could be the same number; too slow for anything but a test.
      if (narrow == 25) {
        for (std::uint64_t half = 0; half < 0x10000; ++half) {
          if (float_bits(25, half) == wide) return refuse();
        }
      } else {
        const std::uint64_t sign = wide >> 63 << 31;
        const std::uint64_t mantissa = wide >> 29 & 0x7FFFFF;
        for (std::uint64_t exponent = 0; exponent < 256; ++exponent) {
          if (float_bits(26, sign | exponent << 23 | mantissa) == wide) return refuse();
        }
        for (unsigned shift = 0; shift < 24; ++shift) {
          if (float_bits(26, sign | (0x800000 | mantissa) >> shift) == wide) return refuse();
        }
      }
    }
    return number_text(8, wide);
  }
  static std::uint64_t float_bits(unsigned info, std::uint64_t number) {
    if (info == 27) return number;
    const unsigned digits = info == 25 ? 10 : 23;
    const unsigned width = info == 25 ? 16 : 32;
    const std::uint64_t sign = number >> (width - 1) << 63;
    std::uint64_t mantissa = number << (64 - digits) >> (64 - 52);
    const std::uint64_t top = (std::uint64_t{1} << (width - 1 - digits)) - 1;
    std::uint64_t exponent = number >> digits & top;
    if (exponent == top) return sign | std::uint64_t{0x7FF} << 52 | mantissa;
    if (exponent == 0 && mantissa == 0) return sign;
    if (exponent != 0) return sign | (exponent + 1023 - top / 2) << 52 | mantissa;
    for (exponent = 1024 - top / 2; mantissa >> 52 == 0; --exponent) mantissa <<= 1;
    return sign | exponent << 52 | (mantissa & 0xFFFFFFFFFFFFF);
  }

  const octets& input_;
  cbor_rules rules_;
  std::size_t at_ = 0;
  bool bad_ = false;
};

/// The same text by reading part by part.
template <cbor_rules Rules>
std::string read(basic_cbor_reader<Rules>& reader) {
  const cbor_kind kind = reader.peek();
  std::string out;
  switch (kind) {
    case cbor_kind::unsigned_integer: return number_text(0, reader.read_unsigned());
    case cbor_kind::negative_integer: return number_text(1, reader.read_integer().argument);
    case cbor_kind::byte_string: return "b'" + text_of(reader.read_bytes()) + '\'';
    case cbor_kind::text_string: return "t'" + text_of(reader.read_text()) + '\'';
    case cbor_kind::tag:
      out = number_text(6, reader.read_tag());
      return out + '(' + read(reader) + ')';
    case cbor_kind::boolean: return number_text(7, reader.read_boolean() ? 21 : 20);
    case cbor_kind::null: reader.read_null(); return number_text(7, 22);
    case cbor_kind::undefined: reader.read_undefined(); return number_text(7, 23);
    case cbor_kind::simple: return number_text(7, reader.read_simple());
    case cbor_kind::floating: return number_text(8, reader.read_float().bits);
    case cbor_kind::array:
      for (auto left = reader.enter_array(); reader.next_element(left);) out += read(reader);
      return '[' + out + ']';
    case cbor_kind::map:
      for (auto left = reader.enter_map(); reader.next_entry(left);) {
        out += read(reader);
        out += read(reader);
      }
      return '{' + out + '}';
    case cbor_kind::byte_chunks:
    case cbor_kind::text_chunks:
      for (auto left = reader.enter_chunks(); reader.next_element(left);) {
        const bytes chunk =
            kind == cbor_kind::byte_chunks ? reader.read_bytes() : reader.read_text();
        out += (kind == cbor_kind::byte_chunks ? "b'" : "t'") + text_of(chunk) + '\'';
      }
      return (kind == cbor_kind::byte_chunks ? "B[" : "T[") + out + ']';
    case cbor_kind::none: reader.skip_value(); break;
  }
  return {};
}

std::string to_hex(const octets& data) {
  std::string out;
  for (const std::uint8_t byte : data) {
    out += "0123456789abcdef"[byte / 16];
    out += "0123456789abcdef"[byte % 16];
  }
  return out;
}

/// Skipping, reading and the second decoder must agree on `data`. Returns whether they accept.
template <cbor_rules Rules>
bool agree(const octets& data) {
  const octets input(data);  // a block of exactly this size
  const std::optional<std::string> expected = oracle(input, Rules).item();
  const bytes all{input.data(), input.size()};
  basic_cbor_reader<Rules> skipper{all};
  const bytes item = skipper.skip_value();
  const errc skipped = skipper.finish();
  bool good = (skipped == errc::ok) == expected.has_value() && skipped != errc::unset &&
              (skipped != errc::ok || item.size() == input.size());
  basic_cbor_reader<Rules> reader{all};
  const std::string text = read(reader);
  const errc found = reader.finish();
  // Only skip_value() counts tags as a level.
  if (skipped != errc::cbor_depth) good = good && found == skipped;
  if (expected) good = good && text == *expected;
  if (!good) FAIL(to_hex(input) << ": " << nv2::name(skipped) << ", " << nv2::name(found));
  return good && expected.has_value();
}
bool agree_in_all(const octets& input) {
  const bool cose = agree<cbor_rules::cose>(input);
  const bool shortest = agree<cbor_rules::shortest>(input);
  const bool lax = agree<cbor_rules::well_formed>(input);
  if ((shortest && !cose) || (cose && !lax)) FAIL(to_hex(input));
  return lax;
}

octets from_hex(std::string_view digits) {
  octets out;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(16 * value(digits[i]) + value(digits[i + 1])));
  }
  return out;
}

/// Items with something of everything in them.
std::vector<octets> seeds() {
  std::vector<octets> out;
  for (const char* const digits :
       {"a501260281026174c11a6553f10061624201020986f5f4f6f7f0f93e00", "d28440a0f6a0",
        "d28443a10126a0414041ff", "a601020304616105416206f507f93c0008",
        "83a20102fa3f80000003a1f60082a0f820", "9f01bf027f6161606162ffffd8185f4101420203ffff",
        "bf9fff0081f4a1f93e00011b000000010000000080ff",
        "84 6a5369676e61747572653143a101264043616263",
        "a3fb3ff00000000000000118ff02390100fa7fc00000", "c1fb41d954fc40100000", "a2a10102038180a0",
        "7f63e6b0b464f0908591ff"}) {
    std::string plain;
    for (const char c : std::string_view(digits)) {
      if (c != ' ') plain += c;
    }
    out.push_back(from_hex(plain));
  }
  return out;
}

/// A random item, with all lengths in any width, or not quite an item.
void append_random(octets& out, std::mt19937& random, unsigned depth) {
  const auto below = [&random](std::uint32_t n) {
    return static_cast<std::uint32_t>(random() % n);
  };
  const auto head = [&](unsigned major, std::uint64_t argument) {
    unsigned info = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : 3;
    if (argument > UINT32_MAX) info = 4;
    while (info < 4 && below(8) == 0) ++info;
    const std::uint64_t low = info == 0 ? argument : 23 + info;
    out.push_back(static_cast<std::uint8_t>(major << 5 | low));
    for (unsigned width = info == 0 ? 0 : 1U << (info - 1); width != 0; --width) {
      out.push_back(static_cast<std::uint8_t>(argument >> 8 * (width - 1)));
    }
  };
  const std::uint64_t number = below(2) != 0   ? below(4)
                               : below(2) != 0 ? below(300)
                                               : ~std::uint64_t{below(9)};
  switch (below(depth > 6 ? 6 : 10)) {
    case 0: return head(0, number);
    case 1: return head(1, number);
    case 2:
    case 3: {
      const std::uint32_t size = below(4);
      head(2 + below(2), size);
      for (std::uint32_t i = 0; i < size; ++i)
        out.push_back(static_cast<std::uint8_t>(0x60 + below(3)));
      return;
    }
    case 4: return out.push_back(static_cast<std::uint8_t>(0xE0 + below(24)));
    case 5: {
      const std::uint32_t width = below(3);
      out.push_back(static_cast<std::uint8_t>(0xF9 + width));
      out.push_back(static_cast<std::uint8_t>(width == 0 ? 0x3C : 0x3F));
      if (width != 0) out.push_back(static_cast<std::uint8_t>(width == 1 ? 0x80 : 0xF0));
      out.resize(out.size() + (width == 0 ? 1 : width == 1 ? 2 : 6));
      return;
    }
    case 6: head(6, number); return append_random(out, random, depth + 1);
    default: {
      const unsigned major = 4 + below(2);
      const std::uint32_t size = below(4);
      const bool open = below(6) == 0;
      if (open) {
        out.push_back(static_cast<std::uint8_t>(major << 5 | 31));
      } else {
        head(major, size);
      }
      for (std::uint32_t i = 0; i < size * (major - 3); ++i) append_random(out, random, depth + 1);
      if (open) out.push_back(0xFF);
      return;
    }
  }
}

}  // namespace

TEST_CASE("C-003 C-004 every item of up to two bytes") {
  std::size_t accepted = 0;
  for (unsigned first = 0; first < 256; ++first) {
    const auto byte = static_cast<std::uint8_t>(first);
    if (agree_in_all({byte})) ++accepted;
    for (unsigned second = 0; second < 256; ++second) {
      if (agree_in_all({byte, static_cast<std::uint8_t>(second)})) ++accepted;
    }
  }
  // Of one byte: 24 integers of each sign, 4 empty things, 24 simple values. Of two: 512 integers,
  // 384 strings of a byte, 4 empty things with a longer head and 4 with a break, 224 simple values,
  // and each item of one byte in an array or one of 24 tags.
  CHECK(accepted == 76 + 512 + 384 + 8 + 224 + 25 * 76);
}

TEST_CASE("C-004 cut after every byte") {
  for (const octets& seed : seeds()) {
    CAPTURE(to_hex(seed));
    CHECK(agree_in_all(seed));
    for (std::size_t size = 0; size < seed.size(); ++size) {
      const bool part =
          agree_in_all(octets(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK_FALSE(part);
    }
    octets longer(seed);
    longer.push_back(0);
    CHECK_FALSE(agree_in_all(longer));
  }
}

TEST_CASE("C-004 every byte replaced, removed, doubled") {
  for (const octets& seed : seeds()) {
    for (std::size_t i = 0; i < seed.size(); ++i) {
      octets changed(seed);
      for (unsigned value = 0; value < 256; ++value) {
        changed[i] = static_cast<std::uint8_t>(value);
        agree_in_all(changed);
      }
      changed[i] = seed[i];
      changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), seed[i]);
      agree_in_all(changed);
      changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i),
                    changed.begin() + static_cast<std::ptrdiff_t>(i) + 2);
      agree_in_all(changed);
    }
  }
}

TEST_CASE("C-007 C-013 random items, whole and damaged") {
  std::mt19937 random(20260101);
  std::size_t accepted = 0;
  constexpr int rounds = 20000;
  for (int i = 0; i < rounds; ++i) {
    octets item;
    append_random(item, random, 0);
    if (agree_in_all(item)) ++accepted;
    item[random() % item.size()] = static_cast<std::uint8_t>(random());
    agree_in_all(item);
  }
  CHECK(accepted > rounds / 2);
  CHECK(accepted < rounds);
}
