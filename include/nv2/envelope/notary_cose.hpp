// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Notary Project envelopes as COSE_Sign1 (RFC 9052), tagged.
//
//   18([ << { 1: alg, 2: [+ label], 3: content type, "io.cncf.notary.signingScheme": text,
//             ... times ... } >>,
//        { 33: [+ DER], ? "io.cncf.notary.timestampSignature": bytes,
//          ? "io.cncf.notary.signingAgent": text },
//        payload bytes, signature bytes ])
//
// Does: read and judge all of it but certificates and signature, without a copy.
// Does not: look into the payload.
// The caller must: see envelope/notary.hpp.
#ifndef NV2_ENVELOPE_NOTARY_COSE_HPP
#define NV2_ENVELOPE_NOTARY_COSE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/codec/cbor.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/envelope/notary_signer.hpp>

NV2_NAMESPACE_BEGIN

namespace notary_detail {

/// Labels of one header. // spec: G-003
constexpr std::uint32_t max_labels = 64;

/// The place of a label from 4 to 17, which the registry of COSE has for others than Notary.
constexpr unsigned parameter(unsigned label) noexcept { return label - 4 + first_other; }

/// The parse of one envelope.
class cose_parser {
 public:
  cose_parser(const parse_context& context, signed_message& out) noexcept
      : context_(context), out_(out) {}

  [[nodiscard]] errc parse(const bytes& envelope) noexcept {
    // spec: C-002
    if (envelope.size() < 2 || envelope[0] != 0xD2 || envelope[1] != 0x84) return errc::cose_prefix;
    cbor_reader reader{envelope.drop(1), cbor_tags::refuse};  // spec: C-009
    static_cast<void>(reader.enter_array());
    reader.read_string(cbor_kind::byte_string, out_.protected_header);
    if (!out_.protected_header.empty()) refuse(reader, parse_protected());
    read_header(reader, false);  // spec: C-012
    reader.read_string(cbor_kind::byte_string, out_.payload);
    if (out_.payload.empty()) refuse(reader, errc::cose_payload_empty);  // spec: C-010
    const bool is_signed = reader.peek() != cbor_kind::null;
    if (is_signed) reader.read_string(cbor_kind::byte_string, out_.signature);
    if (out_.signature.empty()) refuse(reader, errc::cose_signature_missing);  // spec: C-010
    reader.leave();
    const errc code = reader.finish();  // spec: C-003
    if (code != errc::ok) {
      context_.error_offset = static_cast<std::uint32_t>(reader.offset() + 1);
      return code;
    }
    NV2_TRY(judge());
    out_.signature_count = 1;
    return build_signed_parts();
  }

 private:
  /// A label that is no known one, and the one before it in the protected header. Either text or
  /// number has its neutral value.
  struct label {
    bytes text;
    std::int64_t number;
    const label* next;
  };

  [[gnu::noinline]] static void refuse(cbor_reader& reader, errc code) noexcept {
    if (code != errc::ok) reader.fail(code);
  }

  /// spec: C-011
  [[nodiscard]] errc parse_protected() noexcept {
    cbor_reader reader{out_.protected_header};
    read_header(reader, true);
    return reader.finish();
  }
  /// map = { * label => value }     label = int / tstr
  void read_header(cbor_reader& reader, bool is_protected) noexcept {
    std::uint32_t left = reader.enter_map();
    if (left > max_labels) refuse(reader, errc::cbor_members);  // spec: G-003
    while (reader.next_entry(left)) {
      const unsigned place = read_label(reader);
      if (is_protected) {
        signed_.present |= bit(place);
        if (place == unknown) refuse(reader, remember());
      } else if (is_signed(place)) {
        refuse(reader, errc::cose_label_in_both);  // spec: C-040
      }
      refuse(reader, read_value(reader, place, is_protected));
    }
  }
  /// The place of a label, which is then `label_`. // spec: C-008
  unsigned read_label(cbor_reader& reader) noexcept {
    const cbor_kind kind = reader.peek();
    if (kind == cbor_kind::text_string) {
      reader.read_string(kind, label_.text);
      label_.number = 0;
      const unsigned place = find_name(attribute_names + text_names_offset, label_.text) + scheme;
      return place < first_other ? place : find_understood(label_.text, context_.understands);
    }
    if (kind > cbor_kind::negative_integer) refuse(reader, errc::cose_label);
    label_.text = {};
    label_.number = reader.read_int64();
    const auto place = static_cast<unsigned>(label_.number);
    if (place != label_.number) return unknown;
    if (place == 33) return chain;
    if (place - 1 > 16) return unknown;
    return place < 4 ? place : parameter(place);
  }
  [[nodiscard]] errc remember() noexcept {
    void* const memory = context_.memory.take(sizeof(label), alignof(label));
    if (memory == nullptr) return errc::workspace_exhausted;
    label_.next = labels_;
    labels_ = ::new (memory) label(label_);
    return errc::ok;
  }
  /// Whether the protected header has `label_`, too.
  bool is_signed(unsigned place) const noexcept {
    if (!signed_.has(place) || has(context_.leniency, compat::cose_overlap_labels)) return false;
    if (place != unknown) return true;
    for (const label* other = labels_; other != nullptr; other = other->next) {
      if (other->number == label_.number && equal(other->text, label_.text)) return true;
    }
    return false;
  }

  /// Reads a value, if only to check it. What is not protected can only supply candidates.
  /// // spec: G-021 C-028 C-046
  [[nodiscard]] errc read_value(cbor_reader& reader, unsigned place, bool is_protected) noexcept {
    constexpr std::uint32_t candidates = bit(chain) | bit(timestamp) | bit(agent);
    constexpr std::uint32_t texts = bit(content_type) | bit(scheme) | bit(agent);
    constexpr std::uint32_t strings = bit(timestamp) | bit(parameter(4));
    // Counter signatures of one byte string may stand here without a meaning; other ones, and what
    // belongs to content that is encrypted, not at all. // spec: C-029
    constexpr std::uint32_t unprotected = bit(parameter(9)) | bit(parameter(12));
    constexpr std::uint32_t refused =
        bit(parameter(5)) | bit(parameter(6)) | bit(parameter(7)) | bit(parameter(11));
    if (place < first_other && ((candidates & bit(place)) != 0) == is_protected) {
      if (place == critical) return errc::cose_critical_unprotected;  // spec: C-030
      const bool any_chain = has(context_.leniency, compat::cose_x5chain_protected);
      if (place != chain || !any_chain) place = unknown;  // spec: C-043
    }
    const std::uint32_t here = bit(place);
    if ((here & (is_protected ? refused | unprotected : refused)) != 0) {
      return errc::cose_parameter;  // spec: C-029
    }
    if (place == chain) return read_chain(reader);
    if (place == algorithm) return read_algorithm(reader);
    if (place == critical) return read_critical(reader);
    const bool is_type = place == parameter(16) && reader.peek() != cbor_kind::unsigned_integer;
    bytes value;
    if (is_type || (here & (texts | strings | unprotected)) != 0) {
      const bool is_text = is_type || (here & texts) != 0;
      reader.read_string(is_text ? cbor_kind::text_string : cbor_kind::byte_string, value);
    } else {
      value = reader.skip_value();
      if (place - signing_time > expiry - signing_time) NV2_TRY(check_unread(value));
    }
    switch (place) {
      case content_type:  // spec: C-021
        return find_name(content_type_names, value) == 0 ? errc::ok : errc::notary_content_type;
      case scheme: return parse_scheme(find_name(scheme_names, value), out_.scheme);
      case signing_time:
      case authentic_time:
      case expiry: times_[place - signing_time] = value; break;
      case timestamp:  // spec: C-044
        out_.timestamp_token = value;
        return value.empty() ? errc::notary_timestamp_empty : errc::ok;
      case agent: out_.signing_agent = value; break;  // spec: C-045
      case parameter(16):
        return is_type && !is_media_type(value) ? errc::cose_parameter : errc::ok;  // spec: C-029
      default: break;
    }
    return errc::ok;
  }
  /// Numbers of more than 64 bits with a sign, and tags 0 to 3 about what they cannot be about
  /// (RFC 8949 section 3.4), are wrong anywhere, even where nobody looks. // spec: C-008
  [[nodiscard]] [[gnu::noinline]] static errc check_unread(bytes value) noexcept {
    constexpr auto kind = [](cbor_kind one) { return bit(static_cast<unsigned>(one)); };
    constexpr std::uint32_t integers =
        kind(cbor_kind::unsigned_integer) | kind(cbor_kind::negative_integer);
    // What the tags 0, 1, 2 and 3 are about.
    static constexpr std::uint16_t in_tags[] = {
        kind(cbor_kind::text_string), integers | kind(cbor_kind::floating),
        kind(cbor_kind::byte_string), kind(cbor_kind::byte_string)};
    std::uint32_t allowed = ~std::uint32_t{0};
    detail::cbor_head head{};
    for (const std::uint8_t* at = value.begin(); at != value.end(); at = head.end) {
      NV2_TRY(detail::read_cbor_head<cbor_rules::cose>(at, value.end(), head));
      const std::uint32_t here = kind(head.kind);
      if ((allowed & here) == 0) return errc::cbor_type;
      if ((integers & here) != 0 && head.argument >> 63 != 0) return errc::cbor_integer;
      const bool known = head.kind == cbor_kind::tag && head.argument < 4;
      allowed = known ? in_tags[head.argument] : ~std::uint32_t{0};
    }
    return errc::ok;
  }
  /// Two parts around the only slash, and no space at the ends.
  static bool is_media_type(bytes text) noexcept {
    unsigned slashes = 0;
    for (const std::uint8_t c : text) slashes += c == '/' ? 1 : 0;
    return slashes == 1 && text[0] != ' ' && text[text.size() - 1] != ' ';
  }
  /// -7, -35 and -36 are ECDSA with SHA-256, -384 and -512; -37 to -39 RSASSA-PSS. // spec: C-020
  [[nodiscard]] [[gnu::noinline]] errc read_algorithm(cbor_reader& reader) noexcept {
    if (reader.peek() == cbor_kind::text_string) return errc::notary_algorithm_unknown;
    const std::int64_t number = reader.read_int64();
    auto place = static_cast<unsigned>(-static_cast<std::int8_t>(number));
    if (place == 7 || place == 34) place ^= 7 ^ 34;
    if (number != static_cast<std::int8_t>(number)) place = 0;
    return parse_algorithm(place - 34, out_.algorithm);
  }
  /// spec: C-030
  [[nodiscard]] [[gnu::noinline]] errc read_critical(cbor_reader& reader) noexcept {
    for (std::uint32_t left = reader.enter_array(); reader.next_element(left);) {
      signed_.list(read_label(reader));
    }
    return errc::ok;
  }
  /// spec: C-041
  [[nodiscard]] [[gnu::noinline]] errc read_chain(cbor_reader& reader) noexcept {
    const bool bare = has(context_.leniency, compat::cose_x5chain_bare) &&
                      reader.peek() == cbor_kind::byte_string;  // spec: C-042
    const std::uint32_t count = bare ? 1 : reader.enter_array();
    if (count > limits::certificates) return errc::chain_too_long;  // spec: G-003
    bytes* const certificates = take_chain(context_.memory);
    if (certificates == nullptr) return errc::workspace_exhausted;
    out_.certificates = {certificates, count};
    for (std::uint32_t i = 0; i < count; ++i) {
      reader.read_string(cbor_kind::byte_string, certificates[i]);
    }
    if (!bare) reader.leave();
    return errc::ok;
  }
  /// What the protected header says as a whole.
  [[nodiscard]] errc judge() noexcept {
    std::uint32_t tolerated = 0;
    if (has(context_.leniency, compat::cose_crit_lenient)) {  // spec: C-033 C-034
      tolerated = bit(algorithm) | bit(critical) | bit(content_type) | bit(signing_time);
    }
    const unsigned own = out_.scheme == signing_scheme::x509 ? signing_time : authentic_time;
    if (has(context_.leniency, compat::cose_ignore_other_time)) {  // spec: C-023
      signed_.present &= ~(bit(signing_time + authentic_time - own));
    }
    NV2_TRY(check_attributes(signed_, tolerated, out_.scheme));
    if (!signed_.has(content_type)) return errc::cose_content_type_missing;  // spec: C-021
    if (out_.certificates.empty()) return errc::notary_chain_empty;          // spec: C-041
    const bytes when = times_[own - signing_time];
    NV2_TRY(parse_time(when, cbor_rounding::up, out_.signing_time));
    out_.has_expiry = signed_.has(expiry);
    if (out_.has_expiry) NV2_TRY(parse_time(times_[2], cbor_rounding::down, out_.expiry));
    NV2_TRY(check_times(out_, 0));
    return own == authentic_time ? parse_instant(when) : errc::ok;
  }
  /// Of a time that an authority vouches for both ends of the second count. // spec: W-064 W-066
  [[nodiscard]] errc parse_instant(bytes value) noexcept {
    const unix_time end = out_.signing_time;
    NV2_TRY(parse_time(value, cbor_rounding::down, out_.signing_time));
    out_.signing_nanoseconds = end == out_.signing_time ? 0 : 1;
    return errc::ok;
  }
  /// time = #6.1(int / float) // spec: C-024 C-025 C-026
  [[nodiscard]] static errc parse_time(bytes value, cbor_rounding direction,
                                       unix_time& out) noexcept {
    cbor_reader reader{value};
    if (reader.read_tag() != 1) refuse(reader, errc::cose_time);  // spec: C-024
    out = reader.read_rounded(direction);                         // spec: C-025
    constexpr unix_time first = -62135596799;
    constexpr unix_time last = 253402300799;
    const auto since_first = static_cast<std::uint64_t>(out) - static_cast<std::uint64_t>(first);
    if (since_first > last - first) refuse(reader, errc::cose_time_range);  // spec: C-026
    return reader.finish();
  }

  /// Sig_structure = [ "Signature1", protected : bstr, external_aad : h'', payload : bstr ]
  /// with shortest heads. // spec: C-050 C-051 C-052 C-056
  [[nodiscard]] errc build_signed_parts() noexcept {
    static constexpr std::uint8_t start[] = {0x84, 0x6A, 'S', 'i', 'g', 'n',
                                             'a',  't',  'u', 'r', 'e', '1'};
    constexpr std::size_t room = 6;
    auto* const heads = static_cast<std::uint8_t*>(context_.memory.take(2 * room, 1));
    if (heads == nullptr) return errc::workspace_exhausted;
    out_.signed_parts[0] = start;
    out_.signed_parts[1] = {heads, write_head(heads, out_.protected_header.size())};
    out_.signed_parts[2] = out_.protected_header;
    heads[room] = 0x40;
    out_.signed_parts[3] = {heads + room, write_head(heads + room + 1, out_.payload.size()) + 1};
    out_.signed_parts[4] = out_.payload;
    return errc::ok;
  }
  /// Writes the shortest head of a byte string, and returns its length: 1 to 5.
  static std::size_t write_head(std::uint8_t* out, std::size_t size) noexcept {
    const unsigned log = size < 0x100 ? 0 : size < 0x10000 ? 1 : 2;
    if (size < 24) {
      *out = static_cast<std::uint8_t>(0x40 | size);
      return 1;
    }
    *out = static_cast<std::uint8_t>(0x58 | log);
    const std::size_t width = std::size_t{1} << log;
    for (std::size_t i = width; i != 0; --i, size >>= 8) out[i] = static_cast<std::uint8_t>(size);
    return width + 1;
  }

  const parse_context& context_;
  signed_message& out_;
  const label* labels_ = nullptr;
  label label_{};
  attribute_set signed_;
  /// Signing time, authentic signing time and expiry, as they stand.
  bytes times_[3];
};

/// The parser, labels that are not known, the certificate list once for each bucket, heads, the member names of
/// the payload, and two texts of it.
constexpr std::size_t cose_working_memory =
    sizeof(cose_parser) + max_labels * (sizeof(bytes) + sizeof(std::int64_t) + sizeof(void*)) +
    2 * limits::certificates * sizeof(bytes) + 12 + 64 * sizeof(std::uint32_t) + max_digest_text +
    max_media_type;

}  // namespace notary_detail

/// Parses an envelope in COSE_Sign1 and judges all of its attributes, but no certificate and no
/// signature. `out` is of no use on an error.
///
/// Takes a certificate list, twelve bytes, and the labels that are not known from the workspace.
/// Errors: codes cose_*, notary_*, cbor_*, chain_too_long, workspace_exhausted.
[[nodiscard]] inline errc parse_notary_cose(bytes envelope, const parse_context& context,
                                            signed_message& out) noexcept {
  using parser = notary_detail::cose_parser;
  void* const place = context.memory.take(sizeof(parser), alignof(parser));  // not on the stack
  if (place == nullptr) return errc::workspace_exhausted;
  return (::new (place) parser{context, out})->parse(envelope);
}

namespace notary_cose {

inline bool sniff(bytes envelope) noexcept {
  return envelope.size() > 1 && envelope[0] == 0xD2 && envelope[1] == 0x84;
}

}  // namespace notary_cose

/// Notary Project signatures as COSE_Sign1. // spec: C-001
inline constexpr envelope_format notary_cose_format = {
    "cose",
    "application/cose",
    notary_cose::sniff,
    parse_notary_cose,
    nullptr,
    notary_signer::verify_signer,
    notary_signer::parse_claims,
    nullptr,
    nullptr,
    notary_detail::cose_working_memory,
    false,
};

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NOTARY_COSE_HPP
