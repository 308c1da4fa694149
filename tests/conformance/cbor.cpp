// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <stdexcept>

#include <nv2/codec/cbor.hpp>

namespace nv2_conformance {
namespace {

using nv2::cbor_kind;
using nv2::cbor_rules;
using nv2::errc;
using well_formed_reader = nv2::basic_cbor_reader<cbor_rules::well_formed>;

/// -1 - argument.
std::string negative_text(std::uint64_t argument) {
  return argument == UINT64_MAX ? "-18446744073709551616" : "-" + std::to_string(argument + 1);
}

/// The digits of C99 with all 13 places, zero as 0x0.0p+0.
std::string float_text(nv2::cbor_float number) {
  const std::uint64_t mantissa = number.bits & 0xFFFFFFFFFFFFF;
  const int exponent = static_cast<int>(number.bits >> 52 & 0x7FF);
  const std::string sign = number.bits >> 63 != 0 ? "-" : "";
  if (!number.is_finite()) return mantissa != 0 ? "NaN" : sign + "Infinity";
  if (number.bits << 1 == 0) return sign + "0x0.0p+0";
  char digits[64];
  std::snprintf(digits, sizeof digits, "0x%d.%013llxp%+d", exponent != 0 ? 1 : 0,
                static_cast<unsigned long long>(mantissa), std::max(exponent, 1) - 1023);
  return sign + digits;
}

/// Rounding must be what floating point makes of it.
void check_rounding(nv2::cbor_float number) {
  static_assert(sizeof(double) == sizeof number.bits, "not IEEE 754");
  double value = 0;
  std::memcpy(&value, &number.bits, sizeof value);
  std::int64_t down = 0;
  std::int64_t up = 0;
  const bool in_range = number.is_finite() && value > -0x1p53 && value < 0x1p53;
  if (number.round(nv2::cbor_rounding::down, down) != in_range ||
      number.round(nv2::cbor_rounding::up, up) != in_range) {
    throw std::runtime_error("a float is rounded that cannot be, or is not");
  }
  if (!in_range) return;
  const double low = static_cast<double>(down);
  const double high = static_cast<double>(up);
  const bool exact = low == value && high == value && down == up;
  const bool between = low < value && value < high && up - down == 1;
  if (!exact && !between) throw std::runtime_error("a float is rounded wrongly");
}

std::string string_text(bool text, nv2::bytes contents) {
  if (!text) return "h'" + to_hex(contents) + "'";
  return json(std::string(contents.begin(), contents.end())).dump(-1, ' ', true);
}

/// The next item, read part by part, as the suites write it.
std::string read_item(well_formed_reader& reader);

std::string read_chunks(well_formed_reader& reader) {
  const bool text = reader.peek() == cbor_kind::text_chunks;
  octets all;
  for (auto left = reader.enter_chunks(); reader.next_element(left);) {
    const nv2::bytes chunk = text ? reader.read_text() : reader.read_bytes();
    all.insert(all.end(), chunk.begin(), chunk.end());
  }
  return reader.error() == errc::ok ? string_text(text, view(all)) : "";
}

std::string read_parts(well_formed_reader& reader) {
  const bool map = reader.peek() == cbor_kind::map;
  std::string out(1, map ? '{' : '[');
  const char* separator = "";
  for (auto left = map ? reader.enter_map() : reader.enter_array(); reader.next_element(left);) {
    out += separator + read_item(reader);
    if (map) out += ": " + read_item(reader);
    separator = ", ";
  }
  return out + (map ? '}' : ']');
}

std::string read_item(well_formed_reader& reader) {
  switch (reader.peek()) {
    case cbor_kind::unsigned_integer: return std::to_string(reader.read_unsigned());
    case cbor_kind::negative_integer: return negative_text(reader.read_integer().argument);
    case cbor_kind::byte_string: return string_text(false, reader.read_bytes());
    case cbor_kind::text_string: return string_text(true, reader.read_text());
    case cbor_kind::byte_chunks:
    case cbor_kind::text_chunks: return read_chunks(reader);
    case cbor_kind::array:
    case cbor_kind::map: return read_parts(reader);
    case cbor_kind::tag: {
      const std::string number = std::to_string(reader.read_tag());
      return number + '(' + read_item(reader) + ')';
    }
    case cbor_kind::boolean: return reader.read_boolean() ? "true" : "false";
    case cbor_kind::null: return reader.read_null(), "null";
    case cbor_kind::undefined: return reader.read_undefined(), "undefined";
    case cbor_kind::simple: return "simple(" + std::to_string(reader.read_simple()) + ')';
    case cbor_kind::floating: {
      const nv2::cbor_float number = reader.read_float();
      if (reader.error() == errc::ok) check_rounding(number);
      return float_text(number);
    }
    case cbor_kind::none: break;
  }
  reader.skip_value();
  return "";
}

template <cbor_rules Rules>
errc skip(const octets& input) {
  nv2::basic_cbor_reader<Rules> reader(view(input));
  const nv2::bytes item = reader.skip_value();
  const errc error = reader.finish();
  if (error == errc::ok && item.size() != input.size()) {
    throw std::runtime_error("an item was skipped in part");
  }
  return error;
}

bool has_trait(const json& line, const std::string& name) {
  const json traits = line.value("traits", json::array());
  return std::find(traits.begin(), traits.end(), name) != traits.end();
}

/// What stricter rules make of an item that the widest ones accept.
void check_stricter(errc found, std::initializer_list<errc> allowed) {
  if (std::find(allowed.begin(), allowed.end(), found) != allowed.end()) return;
  throw std::runtime_error(std::string("stricter rules say ") + nv2::name(found));
}

verdict judge(const json& line, const octets& input) {
  const errc skipped = skip<cbor_rules::well_formed>(input);
  const errc cose = skip<cbor_rules::cose>(input);
  const errc shortest = skip<cbor_rules::shortest>(input);
  if (skipped != errc::ok) {
    if (cose == errc::ok || shortest == errc::ok) throw std::runtime_error("stricter is laxer");
    return refused(skipped);
  }
  well_formed_reader reader(view(input));
  const std::string diag = read_item(reader);
  if (reader.finish() != errc::ok) {
    throw std::runtime_error(std::string("skipping says ok, reading says ") +
                             nv2::name(reader.error()));
  }
  const errc definite = has_trait(line, "indefinite") ? errc::cbor_indefinite : errc::ok;
  check_stricter(cose, {definite, errc::cbor_key});
  if (!has_trait(line, "non-preferred")) {
    check_stricter(shortest, {definite, errc::cbor_key});
  } else if (diag != "NaN") {  // whose payload is for us part of the value
    check_stricter(shortest, {errc::cbor_not_shortest, errc::cbor_indefinite, errc::cbor_key});
  }
  verdict v = accepted();
  if (line.contains("diag")) compare(v, "diag", diag, line["diag"]);
  return v;
}

}  // namespace

std::vector<scorecard> run_cbor(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem,
             [&] { return judge(line, from_hex(line.at("hex").get<std::string>())); });
  });
  return {card};
}

}  // namespace nv2_conformance
