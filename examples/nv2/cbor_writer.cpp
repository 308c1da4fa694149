// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// CBOR heads and what stands behind them.
#include "cbor_writer.hpp"

namespace client {

cbor_writer& cbor_writer::integer(std::int64_t value) {
  if (value < 0) return head(1, static_cast<std::uint64_t>(-1 - value));
  return head(0, static_cast<std::uint64_t>(value));
}

cbor_writer& cbor_writer::octets(nv2::bytes value) {
  head(2, value.size());
  written_ += value.as_text();
  return *this;
}

cbor_writer& cbor_writer::text(std::string_view value) {
  head(3, value.size());
  written_ += value;
  return *this;
}

cbor_writer& cbor_writer::head(unsigned major, std::uint64_t argument) {
  unsigned width = 0;  // bytes behind the first one
  if (argument > 23) width = 1;
  if (argument > 0xFF) width = 2;
  if (argument > 0xFFFF) width = 4;
  if (argument > 0xFFFFFFFF) width = 8;
  constexpr unsigned widths[] = {0, 24, 25, 0, 26, 0, 0, 0, 27};
  const unsigned info = width == 0 ? static_cast<unsigned>(argument) : widths[width];
  written_ += static_cast<char>(major << 5 | info);
  for (unsigned left = width; left > 0; --left) {
    written_ += static_cast<char>(argument >> 8 * (left - 1) & 0xFF);
  }
  return *this;
}

}  // namespace client
