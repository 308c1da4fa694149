// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <stdexcept>

#include <nv2/codec/der.hpp>

namespace nv2_conformance {
namespace {

/// A big-endian two's complement number in decimal digits.
std::string decimal(nv2::bytes number) {
  octets magnitude(number.begin(), number.end());
  const bool negative = !magnitude.empty() && magnitude[0] >= 0x80;
  if (negative) {
    for (std::uint8_t& byte : magnitude) byte = static_cast<std::uint8_t>(~byte);
    for (std::size_t i = magnitude.size(); i-- > 0 && ++magnitude[i] == 0;) {
    }
  }
  std::string digits;
  do {
    unsigned rest = 0;
    for (std::uint8_t& byte : magnitude) {
      rest = rest << 8 | byte;
      byte = static_cast<std::uint8_t>(rest / 10);
      rest %= 10;
    }
    digits += static_cast<char>('0' + rest);
  } while (std::any_of(magnitude.begin(), magnitude.end(), [](std::uint8_t b) { return b != 0; }));
  if (negative) digits += '-';
  return {digits.rbegin(), digits.rend()};
}

verdict judge(const std::string& kind, const json& line, const octets& input) {
  if (kind == "tlv") return judged(nv2::check_der(view(input)));
  nv2::der_reader reader(view(input));
  json value;
  if (kind == "boolean") {
    value = reader.read_boolean();
  } else if (kind == "integer") {
    value = decimal(reader.read_integer());
  } else if (kind == "bitstring") {
    std::uint8_t unused = 0;
    const std::string bits = to_hex(reader.read_bit_string(unused));
    value = {{"unused", unused}, {"hex", bits}};
  } else if (kind == "time") {
    value = time_text(reader.read_time());
  } else {
    throw std::runtime_error("unknown kind " + kind);
  }
  verdict v = judged(reader.finish());
  if (line.contains("value")) compare(v, "value", value.dump(), line["value"].dump());
  return v;
}

}  // namespace

std::vector<scorecard> run_der(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem, [&] {
      return judge(line.at("kind"), line, from_hex(line.at("hex").get<std::string>()));
    });
  });
  return {card};
}

}  // namespace nv2_conformance
