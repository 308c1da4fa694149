// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A recursive reader within limits.
#include "tolerant_cbor.hpp"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "hex.hpp"

namespace client {
namespace {

using kind = cbor_item::kind;

constexpr unsigned max_depth = 32;
constexpr std::size_t max_items = 20000;
constexpr std::size_t shown_octets = 64;
constexpr std::uint64_t open_end = UINT64_MAX;

class reader {
 public:
  reader(nv2::bytes data, const std::string& where, std::vector<std::string>& problems)
      : data_(data), where_(where), problems_(problems) {}

  cbor_item read_all() {
    cbor_item out;
    read(out, 0);
    if (!failed_ && at_ < data_.size()) {
      fail(fmt::format("{} bytes follow after the end", data_.size() - at_));
    }
    return out;
  }

 private:
  struct head {
    unsigned major = 0, info = 0;
    std::uint64_t argument = 0;
  };

  void fail(const std::string& what) {
    if (!failed_) problems_.push_back(where_ + ": " + what);
    failed_ = true;
  }
  /// The argument is open_end when a break ends the item.
  bool read_head(head& out) {
    if (at_ == data_.size()) {
      fail("the CBOR breaks off");
      return false;
    }
    out.major = data_[at_] >> 5;
    out.info = data_[at_++] & 0x1F;
    out.argument = out.info;
    if (out.info < 24) return true;
    if (out.info == 31) {
      out.argument = open_end;
      return true;
    }
    const std::size_t width = std::size_t{1} << (out.info - 24);
    if (out.info > 27 || data_.size() - at_ < width) {
      fail(out.info > 27 ? "a CBOR head is reserved" : "the CBOR breaks off");
      return false;
    }
    out.argument = 0;
    for (std::size_t i = 0; i < width; ++i) out.argument = out.argument << 8 | data_[at_++];
    return true;
  }
  void read(cbor_item& out, unsigned depth) {
    head next;
    if (depth > max_depth || ++items_ > max_items) return fail("too much CBOR");
    if (!read_head(next)) return;
    out.argument = next.argument;
    switch (next.major) {
      case 0: out.type = kind::unsigned_integer; break;
      case 1: out.type = kind::negative_integer; break;
      case 2:
      case 3: return read_string(next, out);
      case 4:
      case 5: return read_parts(next, out, depth);
      case 6:
        out.type = kind::tag;
        out.parts.emplace_back();
        read(out.parts.back(), depth + 1);
        return;
      default: return read_simple(next, out);
    }
    if (next.info == 31) fail("a CBOR head is reserved");
  }
  void read_string(const head& next, cbor_item& out) {
    out.type = next.major == 2 ? kind::octets : kind::text;
    if (next.argument != open_end) return append(next.argument, out.contents);
    while (!failed_ && !take_break()) {
      head chunk;
      if (++items_ > max_items) return fail("too much CBOR");
      if (!read_head(chunk)) return;
      if (chunk.major != next.major || chunk.argument == open_end) {
        return fail("a CBOR string has a part of another kind");
      }
      append(chunk.argument, out.contents);
    }
  }
  void append(std::uint64_t size, std::string& out) {
    const std::size_t left = data_.size() - at_;
    const bool enough = size <= left;
    const nv2::bytes piece = data_.sub(at_, enough ? static_cast<std::size_t>(size) : left);
    out += piece.as_text();
    at_ += piece.size();
    if (!enough) fail("the CBOR breaks off");
  }
  void read_parts(const head& next, cbor_item& out, unsigned depth) {
    out.type = next.major == 4 ? kind::array : kind::map;
    const std::uint64_t each = next.major == 4 ? 1 : 2;
    for (std::uint64_t i = 0; i < next.argument && !failed_; ++i) {
      if (next.argument == open_end && take_break()) return;
      for (std::uint64_t part = 0; part < each && !failed_; ++part) {
        out.parts.emplace_back();
        read(out.parts.back(), depth + 1);
      }
    }
  }
  void read_simple(const head& next, cbor_item& out) {
    out.type = next.info > 24 ? kind::floating : kind::simple;
    if (next.info == 31) {
      out.type = kind::missing;
      fail("a CBOR break ends nothing");
    } else if (next.info == 25) {
      out.argument = bits_of(half_value(static_cast<unsigned>(next.argument)));
    } else if (next.info == 26) {
      const auto bits = static_cast<std::uint32_t>(next.argument);
      float value = 0;
      std::memcpy(&value, &bits, sizeof value);
      out.argument = bits_of(static_cast<double>(value));
    }
  }
  static std::uint64_t bits_of(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  static double half_value(unsigned bits) {
    const int exponent = static_cast<int>(bits >> 10 & 0x1F);
    const double fraction = bits & 0x3FF;
    double value =
        std::ldexp(exponent == 0 ? fraction : fraction + 1024, exponent == 0 ? -24 : exponent - 25);
    if (exponent == 31) value = fraction == 0 ? HUGE_VAL : std::nan("");
    return (bits & 0x8000) != 0 ? -value : value;
  }
  bool take_break() {
    if (at_ == data_.size() || data_[at_] != 0xFF) return false;
    ++at_;
    return true;
  }

  nv2::bytes data_;
  const std::string& where_;
  std::vector<std::string>& problems_;
  std::size_t at_ = 0, items_ = 0;
  bool failed_ = false;
};

shown_json negative_number(std::uint64_t argument) {
  if (argument <= std::uint64_t{INT64_MAX}) return -1 - static_cast<std::int64_t>(argument);
  return fmt::format("-1 - {}", argument);
}

shown_json floating_number(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

shown_json simple_value(std::uint64_t number) {
  switch (number) {
    case 20: return false;
    case 21: return true;
    case 22: return nullptr;
    case 23: return "undefined";
    default: return fmt::format("simple({})", number);
  }
}

std::string octets_text(const std::string& contents) {
  const nv2::bytes all = nv2::bytes::of(contents);
  if (all.size() <= shown_octets) return fmt::format("h'{}'", hex_text(all));
  return fmt::format("h'{}...' ({} bytes)", hex_text(all.first(shown_octets)), all.size());
}

}  // namespace

cbor_item read_tolerant_cbor(nv2::bytes data, const std::string& where,
                             std::vector<std::string>& problems) {
  return reader{data, where, problems}.read_all();
}

shown_json json_of(const cbor_item& item, const std::string& where,
                   std::vector<std::string>& problems) {
  shown_json out;
  switch (item.type) {
    case kind::missing: return nullptr;
    case kind::unsigned_integer: return item.argument;
    case kind::negative_integer: return negative_number(item.argument);
    case kind::octets: return octets_text(item.contents);
    case kind::text: return item.contents;
    case kind::simple: return simple_value(item.argument);
    case kind::floating: return floating_number(item.argument);
    case kind::tag:
      out["tag"] = item.argument;
      out["value"] = json_of(item.parts.front(), where, problems);
      return out;
    case kind::array:
      out = shown_json::array();
      for (const cbor_item& part : item.parts) out.push_back(json_of(part, where, problems));
      return out;
    case kind::map: break;
  }
  out = shown_json::object();
  for (std::size_t i = 0; i + 1 < item.parts.size(); i += 2) {
    const cbor_item& key = item.parts[i];
    const std::string name =
        key.is(kind::text) ? key.contents : compact(json_of(key, where, problems));
    if (out.contains(name)) {
      problems.push_back(fmt::format("{}: key {} stands more than once", where, name));
    }
    out[name] = json_of(item.parts[i + 1], where, problems);
  }
  return out;
}

}  // namespace client
