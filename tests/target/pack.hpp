// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Cases as pack.py writes them, read from a file of the host into static memory.
#ifndef NV2_TEST_TARGET_PACK_HPP
#define NV2_TEST_TARGET_PACK_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/nv2.hpp>

#include "support/board.h"

namespace nv2_test {

/// Room for at most `Capacity` things.
template <typename T, std::size_t Capacity>
class list {
 public:
  /// The place of the next one; the board stops when there is none.
  T& add() {
    if (size_ == Capacity) board_leave(4);
    return items_[size_++];
  }
  nv2::view<T> view() const { return {items_, size_}; }
  void clear() { size_ = 0; }

 private:
  T items_[Capacity] = {};
  std::size_t size_ = 0;
};

/// The bytes of one case: numbers are little-endian, strings have their length before them.
class case_reader {
 public:
  explicit case_reader(nv2::bytes content) : rest_(content) {}

  std::uint8_t u8() { return take(1)[0]; }
  std::uint32_t u32() {
    const nv2::bytes b = take(4);
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
  }
  std::int64_t i64() {
    const std::uint64_t low = u32();
    return static_cast<std::int64_t>(low | std::uint64_t{u32()} << 32);
  }
  nv2::bytes string() { return take(u32()); }
  std::string_view text() {
    const nv2::bytes b = string();
    return {reinterpret_cast<const char*>(b.data()), b.size()};
  }

 private:
  nv2::bytes take(std::size_t size) {
    if (size > rest_.size()) board_leave(5);
    const nv2::bytes taken{rest_.data(), size};
    rest_ = nv2::bytes{rest_.data() + size, rest_.size() - size};
    return taken;
  }

  nv2::bytes rest_;
};

/// What a verifier is asked. All of it lies in the bytes of the case and in this.
struct target_case {
  std::string_view media_type, declared;
  nv2::time_basis time = nv2::time_basis::unknown();
  nv2::compat leniency = nv2::compat::none;
  std::size_t min_rsa_bits = 0;
  bool is_blob = false, wants_revocation = false, has_statement = false;
  nv2::timestamp_rule timestamps = nv2::timestamp_rule::always;
  nv2::validation_actions actions;
  list<nv2::bytes, 16> identities;
  list<std::string_view, 16> understood;
  list<nv2::required_annotation, 16> metadata;
  list<nv2::trust_anchor, 16> anchors;
  nv2::bytes artifact, envelope;

  nv2::artifact subject() const {
    return is_blob ? nv2::artifact::blob(artifact, media_type)
                   : nv2::artifact::content(artifact, media_type);
  }
  nv2::policy policy() const {
    const nv2::revocation decision =
        wants_revocation ? nv2::revocation::no_data() : nv2::revocation::not_checked();
    nv2::policy trust = nv2::policy::strict(anchors.view(), decision)
                            .with_min_rsa_bits(min_rsa_bits)
                            .with(leniency);
    if (!has_statement) return trust;
    trust = trust.with_identities(identities.view())
                .with_actions(actions)
                .with_understood(understood.view());
    if (!metadata.view().empty()) trust = trust.with_user_metadata(metadata.view());
    return trust.with_timestamps(timestamps);
  }
};

inline nv2::time_basis read_time(case_reader& in) {
  const auto kind = static_cast<nv2::time_basis::kind>(in.u8());
  const nv2::unix_time value = in.i64();
  if (kind == nv2::time_basis::kind::at) return nv2::time_basis::at(value);
  if (kind == nv2::time_basis::kind::not_before) return nv2::time_basis::not_before(value);
  return nv2::time_basis::unknown();
}

inline void read_statement(case_reader& in, target_case& out) {
  out.timestamps = static_cast<nv2::timestamp_rule>(in.u8());
  out.actions = nv2::validation_actions{static_cast<nv2::verification_level>(in.u8())};
  nv2::action_overrides overrides;
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    const auto kind = static_cast<nv2::validation>(in.u8());
    if (overrides.set(kind, static_cast<nv2::action>(in.u8())) != nv2::errc::ok) board_leave(6);
  }
  if (out.actions.apply(overrides) != nv2::errc::ok) board_leave(6);
  out.identities.clear();
  out.understood.clear();
  out.metadata.clear();
  for (std::uint32_t left = in.u32(); left > 0; --left) out.identities.add() = in.string();
  for (std::uint32_t left = in.u32(); left > 0; --left) out.understood.add() = in.text();
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    nv2::required_annotation& pair = out.metadata.add();
    pair.key = in.text();
    pair.value = in.text();
  }
}

inline void read_case(case_reader in, target_case& out) {
  out.media_type = in.text();
  out.declared = in.text();
  out.time = read_time(in);
  out.leniency = static_cast<nv2::compat>(in.u32());
  out.min_rsa_bits = in.u32();
  out.is_blob = in.u8() != 0;
  out.wants_revocation = in.u8() != 0;
  out.has_statement = in.u8() != 0;
  if (out.has_statement) read_statement(in, out);
  out.anchors.clear();
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    nv2::trust_anchor& anchor = out.anchors.add();
    anchor.role = static_cast<nv2::anchor_role>(in.u8());
    anchor.der = in.string();
  }
  out.artifact = in.string();
  out.envelope = in.string();
}

}  // namespace nv2_test

#endif  // NV2_TEST_TARGET_PACK_HPP
