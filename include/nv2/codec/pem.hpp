// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// PEM (RFC 7468), read strictly.
// Does: find the blocks of a text, decode their bodies; text between blocks is ignored.
// Does not: look into what was decoded, decrypt, or read header lines (they are refused).
// The caller must: check the label of each block, and ask finish() before believing any.
#ifndef NV2_CODEC_PEM_HPP
#define NV2_CODEC_PEM_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/base64.hpp>

NV2_NAMESPACE_BEGIN

/// One block: its label ("CERTIFICATE") in the text, its decoded body in the workspace.
struct pem_block {
  bytes label;
  mutable_bytes der;
};

/// Whether `block` has that label. // spec: S-007
[[nodiscard]] inline errc check_label(const pem_block& block, std::string_view label) noexcept {
  return equal(block.label, label) ? errc::ok : errc::pem_label;
}

/// Reads the blocks of a text in order.
///
///     block = "-----BEGIN " label "-----" eol
///             1*( base64 eol )
///             "-----END " label "-----" ( eol / end of text )
///     eol   = LF / CRLF
///
/// A block without its end, or a line that starts like a boundary and is none, is an error: nothing
/// that was meant as a block is passed over. Lines may have any length; white space in them is
/// refused. The first error sticks.
class pem_reader {
 public:
  /// Borrows `text`; the labels are slices of it.
  explicit pem_reader(bytes text) noexcept : rest_(text) {}

  /// Reads the next block; false at the end and after an error. Its body takes as many bytes of
  /// `memory` as it has, for a moment three quarters of its text. Errors: pem_syntax, those of
  /// decode_base64(), workspace_exhausted.
  bool next(pem_block& block, workspace& memory) noexcept {
    block = {};
    while (error_ == errc::ok && !rest_.empty()) {
      const bytes line = read_line(rest_);
      pem_block found;
      if (is_boundary(line, begin_mark, found.label)) {
        fail(read_body(found, memory));
        if (error_ != errc::ok) return false;
        has_blocks_ = true;
        block = found;
        return true;
      }
      if (starts_with(line, begin_word) || starts_with(line, end_word)) {
        fail(errc::pem_syntax);  // spec: S-007
      }
    }
    return false;
  }

  errc error() const noexcept { return error_; }
  /// The first error; pem_empty when there was no block; pem_syntax when text is left unread.
  [[nodiscard]] errc finish() noexcept {
    if (!rest_.empty()) fail(errc::pem_syntax);
    if (!has_blocks_) fail(errc::pem_empty);  // spec: S-007
    return error_;
  }

 private:
  static constexpr std::string_view begin_mark = "-----BEGIN ";
  static constexpr std::string_view end_mark = "-----END ";
  static constexpr std::string_view begin_word = "-----BEGIN";
  static constexpr std::string_view end_word = "-----END";
  static constexpr std::string_view dashes = "-----";

  void fail(errc code) noexcept {
    if (error_ == errc::ok) error_ = code;
  }

  static bool starts_with(bytes line, std::string_view text) noexcept {
    return equal(line.first(text.size()), text);
  }

  /// Cuts the first line off `rest`, without its end.
  static bytes read_line(bytes& rest) noexcept {
    const std::size_t size = count_before(rest, '\n');
    const bool has_end = size != rest.size();
    const bytes line = rest.first(size);
    rest = rest.drop(size + 1);
    const bool has_return = has_end && !line.empty() && line[line.size() - 1] == '\r';
    return has_return ? line.first(line.size() - 1) : line;
  }

  /// Whether `line` is `mark` label "-----", with a label of printable characters.
  static bool is_boundary(bytes line, std::string_view mark, bytes& label) noexcept {
    if (!starts_with(line, mark)) return false;
    const bytes tail = line.drop(mark.size());
    if (tail.size() <= dashes.size()) return false;
    label = tail.first(tail.size() - dashes.size());
    for (const std::uint8_t c : label) {
      if (c < 0x20 || c > 0x7E) return false;
    }
    return equal(tail.drop(label.size()), dashes);
  }

  /// Reads all lines up to the end boundary, which must have the label of `block`.
  errc read_body(pem_block& block, workspace& memory) noexcept {
    bytes body = rest_;
    bytes label;
    bytes line;
    do {
      if (rest_.empty()) return errc::pem_syntax;  // spec: S-007
      body = {body.data(), static_cast<std::size_t>(rest_.data() - body.data())};
      line = read_line(rest_);
    } while (!starts_with(line, dashes));
    if (!is_boundary(line, end_mark, label) || !equal(label, block.label) || body.empty()) {
      return errc::pem_syntax;  // spec: S-007
    }
    const std::size_t mark = memory.mark();
    const std::size_t max = max_decoded_size(body.size());
    const mutable_bytes room = memory.take_bytes(max);
    if (room.size() != max) return errc::workspace_exhausted;
    std::size_t size = 0;
    const errc error = decode_lines(body, room, size);
    memory.rewind(mark + size);
    block.der = room.first(size);
    return error;
  }
  static errc decode_lines(bytes body, mutable_bytes room, std::size_t& size) noexcept {
    base64_decoder decoder{base64_alphabet::standard_padded, base64_rules::strict, room};
    while (!body.empty()) {
      const bytes line = read_line(body);
      if (line.empty()) return errc::pem_syntax;  // spec: S-007
      NV2_TRY(decoder.update(line));
    }
    return decoder.finish(size);
  }

  bytes rest_;
  errc error_ = errc::ok;
  bool has_blocks_ = false;
};

NV2_NAMESPACE_END

#endif  // NV2_CODEC_PEM_HPP
