// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a timestamp service states: a hash and a time (TSTInfo, RFC 3161 section 2.4.2).
// Does: check the form, keep the time exact, and say between which instants it lies.
// Does not: compare it with anything.
// The caller must: keep the DER alive as long as the views of it are used.
#ifndef NV2_TRUST_TIMESTAMP_INFO_HPP
#define NV2_TRUST_TIMESTAMP_INFO_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/codec/rfc3339.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/x509/key.hpp>

NV2_NAMESPACE_BEGIN

/// An instant between two whole seconds.
struct precise_time {
  unix_time seconds = 0;
  /// Since then, 0 to 999999999.
  std::uint32_t nanoseconds = 0;

  constexpr unix_time rounded_down() const noexcept { return seconds; }
  constexpr unix_time rounded_up() const noexcept { return seconds + (nanoseconds != 0 ? 1 : 0); }
};

/// What a timestamp service states.
struct timestamp_info {
  /// The hash of what was stamped, as long as hashes of this kind are.
  bytes imprint;
  hash_algorithm imprint_hash = hash_algorithm::none;
  /// Contents of the OBJECT IDENTIFIER and of the INTEGER, for display.
  bytes policy, serial;
  precise_time gen_time;
  /// The stamp was made at most this long before or after gen_time; the sum of both.
  std::uint32_t accuracy_seconds = 0, accuracy_nanoseconds = 0;

  /// Not before this instant it was stamped.
  constexpr precise_time earliest() const noexcept {
    const bool borrow = gen_time.nanoseconds < accuracy_nanoseconds;
    return {gen_time.seconds - accuracy_seconds - (borrow ? 1 : 0),
            gen_time.nanoseconds + (borrow ? second : 0U) - accuracy_nanoseconds};
  }
  /// Not after this instant it was stamped.
  constexpr precise_time latest() const noexcept {
    const std::uint32_t sum = gen_time.nanoseconds + accuracy_nanoseconds;
    const bool carry = sum >= second;
    return {gen_time.seconds + accuracy_seconds + (carry ? 1 : 0), sum - (carry ? second : 0U)};
  }

 private:
  static constexpr std::uint32_t second = 1000000000;
};

namespace detail {

/// 0.4.0.2023.1.1, the baseline policy of ETSI EN 319 421.
inline constexpr std::uint8_t baseline_policy_id[] = {0x04, 0x00, 0x8F, 0x67, 0x01, 0x01};

/// How a reader ended; what is wrong with the DER itself becomes `malformed`.
[[nodiscard]] inline errc finish_as(der_reader& reader, errc malformed) noexcept {
  const errc code = reader.finish();
  return static_cast<unsigned>(code) >> 8U == 2 ? malformed : code;
}

/// GeneralizedTime ::= "YYYYMMDDhhmmss[.f+]Z", the last digit of a fraction not 0. Fractions have
/// nine digits at most, so that nothing is rounded. // spec: T-014 G-003
inline bool parse_gen_time(bytes text, precise_time& out) noexcept {
  constexpr std::size_t whole = 14;
  std::uint8_t plain[whole + 1] = {};
  if (text.size() <= whole) return false;
  std::memcpy(plain, text.data(), whole);
  plain[whole] = 'Z';
  civil_time time;
  if (!parse_time(plain, sizeof plain, time)) return false;
  out.seconds = to_unix_time(time);
  text = text.drop(whole);
  const std::size_t before = text.size();
  if (!read_fraction(text, out.nanoseconds)) return false;
  if (text.size() != 1 || text[0] != 'Z') return false;
  return before == 1 || (before <= 11 && text.data()[-1] != '0');
}

/// [number] IMPLICIT INTEGER (1..999) OPTIONAL
inline std::uint32_t read_thousandths(der_reader& reader, unsigned number) noexcept {
  bytes digits;
  if (!reader.read_optional(der_tag::context(number), digits)) return 0;
  const std::uint32_t value = der_reader::small_value(digits);
  const bool shortest = digits.size() == (value < 0x80 ? 1U : 2U);
  if (!shortest || value == 0 || value > 999) reader.fail(errc::timestamp_accuracy);
  return value;
}

/// Accuracy ::= SEQUENCE {
///   seconds INTEGER OPTIONAL, millis [0] INTEGER (1..999) OPTIONAL,
///   micros [1] INTEGER (1..999) OPTIONAL }
inline void read_accuracy(der_reader& outer, timestamp_info& out) noexcept {
  der_reader reader{outer.read(der_tag::sequence)};
  if (reader.next_is(der_tag::integer)) out.accuracy_seconds = reader.read_small();
  const std::uint32_t millis = read_thousandths(reader, 0);
  const std::uint32_t micros = read_thousandths(reader, 1);
  out.accuracy_nanoseconds = millis * 1000000 + micros * 1000;
  if (reader.finish() != errc::ok) outer.fail(errc::timestamp_accuracy);  // spec: T-015
}

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, here [1] IMPLICIT; none is known.
inline void skip_info_extensions(der_reader& reader) noexcept {
  const der_reader::outer_end outer = reader.enter(der_tag::context_constructed(1));
  do {
    const der_reader::outer_end end = reader.enter(der_tag::sequence);
    static_cast<void>(reader.read_oid());
    if (reader.read_flag()) reader.fail(errc::timestamp_extension);  // spec: T-016
    reader.skip(der_tag::octet_string);
    reader.leave(end);
  } while (reader.more());
  reader.leave(outer);
}

/// MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING }
inline void read_imprint(der_reader& reader, timestamp_info& out) noexcept {
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  out.imprint_hash = read_sha2(reader);
  out.imprint = reader.read(der_tag::octet_string);
  reader.leave(end);
  const std::size_t size = digest_size(out.imprint_hash);
  if (size == 0) reader.fail(errc::timestamp_imprint_hash);              // spec: T-011
  if (out.imprint.size() != size) reader.fail(errc::timestamp_imprint);  // spec: T-011
}

/// TSTInfo ::= SEQUENCE {
///   version INTEGER { v1(1) }, policy OBJECT IDENTIFIER, messageImprint MessageImprint,
///   serialNumber INTEGER, genTime GeneralizedTime, accuracy Accuracy OPTIONAL,
///   ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL, tsa [0] GeneralName OPTIONAL,
///   extensions [1] IMPLICIT Extensions OPTIONAL }
[[nodiscard]] inline errc parse_timestamp_info(bytes der, timestamp_info& out) noexcept {
  der_reader reader{der};
  const der_reader::outer_end end = reader.enter(der_tag::sequence);
  if (reader.read_small() != 1) reader.fail(errc::timestamp_info_version);  // spec: T-010
  out.policy = reader.read_oid();                                           // spec: T-013
  read_imprint(reader, out);
  out.serial = reader.read_integer();  // spec: T-013
  const bytes time = reader.read(der_tag::generalized_time);
  if (!parse_gen_time(time, out.gen_time)) reader.fail(errc::timestamp_gen_time);  // spec: T-014
  if (reader.next_is(der_tag::sequence)) read_accuracy(reader, out);
  const bool exact = out.accuracy_seconds == 0 && out.accuracy_nanoseconds == 0;
  if (exact && equal(out.policy, baseline_policy_id)) out.accuracy_seconds = 1;  // spec: T-015
  static_cast<void>(reader.skip_optional(der_tag::boolean));
  static_cast<void>(reader.skip_optional(der_tag::integer));
  static_cast<void>(reader.skip_optional(der_tag::context_constructed(0)));
  if (reader.next_is(der_tag::context_constructed(1))) skip_info_extensions(reader);
  reader.leave(end);
  if (reader.more()) reader.fail(errc::timestamp_info_trailing);  // spec: T-017
  return finish_as(reader, errc::timestamp_info);
}

}  // namespace detail

NV2_NAMESPACE_END

#endif  // NV2_TRUST_TIMESTAMP_INFO_HPP
