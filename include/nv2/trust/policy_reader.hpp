// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The pieces that policy documents are read in: members, words, texts and lists.
// Does: keep the first refusal, and the place of the value or the name that was refused.
// Does not: know what a document says (policy_document.hpp).
#ifndef NV2_TRUST_POLICY_READER_HPP
#define NV2_TRUST_POLICY_READER_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/json.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy_statement.hpp>

NV2_NAMESPACE_BEGIN

namespace detail {

/// Reads pieces of one document. The first error sticks, like that of the JSON, and so does its place.
class policy_reader {
 public:
  policy_reader(bytes text, compat leniency, workspace& memory) noexcept
      : reader_(text, memory, json_duplicates::refuse, policy_limits::members),
        memory_(memory),
        begin_(text.begin()),
        leniency_(leniency) {
    if (text.size() > policy_limits::document_size) refuse(errc::input_too_large);  // spec: G-003
  }

  /// Where the value or the name begins that was refused, or the JSON is wrong.
  std::size_t offset() const noexcept { return refused_ ? place_ : reader_.offset(); }

 protected:
  bool failed() const noexcept { return reader_.error() != errc::ok; }
  /// Ends the document at the place that was marked last.
  [[gnu::noinline]] void refuse(errc code) noexcept {
    if (failed()) return;
    refused_ = true;
    reader_.fail(code);
  }
  void check(errc code) noexcept {
    if (code != errc::ok) refuse(code);
  }
  /// Marks the value that is due.
  std::size_t mark() noexcept {
    static_cast<void>(reader_.peek());
    if (!failed()) place_ = reader_.offset();
    return place_;
  }
  void return_to(std::size_t place) noexcept {
    if (!failed()) place_ = place;
  }
  bool allows(compat flag) const noexcept { return has(leniency_, flag); }

  /// Reads the next name and marks it; `place` is its place in `words`.
  bool next_member(const char* words, unsigned& place) noexcept {
    json_string name;
    if (!reader_.next_member(name)) return false;
    place_ = static_cast<std::size_t>(name.raw().begin() - begin_) - 1;
    place = find_word(text_of(name), words);
    return true;
  }
  /// Passes over a member that has no meaning. // spec: P-002
  void ignore_member() noexcept {
    if (!allows(compat::policy_ignore_unknown)) refuse(errc::policy_member_unknown);
  }
  /// The place in `words` of the string that is due; others are refused with `code`.
  unsigned read_word(const char* words, errc code) noexcept {
    const unsigned place = find_word(read_text(), words);
    if (*word_at(words, place) == 0) refuse(code);
    return failed() ? 0 : place;
  }
  bytes read_text() noexcept {
    mark();
    return text_of(reader_.read_string());
  }
  bytes text_of(json_string string) noexcept {
    bytes text;
    check(unescape(string, policy_limits::text_size, memory_, text));
    return text;
  }
  void* enter_array(std::size_t limit, errc too_many, std::size_t element_size,
                    std::size_t& count) noexcept;

  json_reader reader_;

 private:
  workspace& memory_;
  const std::uint8_t* begin_;
  /// The value or name that is judged.
  std::size_t place_ = 0;
  compat leniency_;
  bool refused_ = false;
};

/// Enters the array that is due, and gives room for its elements, which a reader that goes ahead
/// counts. When that one fails, its error is the first.
inline void* policy_reader::enter_array(std::size_t limit, errc too_many, std::size_t element_size,
                                        std::size_t& count) noexcept {
  static_assert(alignof(bytes) == alignof(policy_statement));
  mark();
  json_reader ahead = reader_;
  for (ahead.enter_array(); ahead.next_element();) ++count;
  if (ahead.error() != errc::ok) reader_ = ahead;
  void* room = nullptr;
  if (count > limit) {
    refuse(too_many);  // spec: G-003
  } else {
    room = memory_.take(count * element_size, alignof(bytes));
    if (room == nullptr) refuse(errc::workspace_exhausted);
  }
  reader_.enter_array();
  return room;
}

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_TRUST_POLICY_READER_HPP
