// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Notary Project envelopes as JWS, in flattened JSON.
//
//   { "payload":   base64url of the payload,
//     "protected": base64url of { "alg": text, "crit": [text, ...], "cty": text,
//                                 "io.cncf.notary.signingScheme": text, ... times ... },
//     "header":    { "x5c": [base64 DER, ...],
//                    "io.cncf.notary.timestampSignature": base64 | absent,
//                    "io.cncf.notary.signingAgent": text | absent },
//     "signature": base64url of the raw signature }
//
// Does: read and judge all of it but certificates and signature; decode each base64 text once.
// Does not: look into the payload.
// The caller must: see envelope/notary.hpp.
#ifndef NV2_ENVELOPE_NOTARY_JWS_HPP
#define NV2_ENVELOPE_NOTARY_JWS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/codec/rfc3339.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/json_form.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/envelope/notary_signer.hpp>

NV2_NAMESPACE_BEGIN

namespace notary_detail {

/// Most bytes of a name or an attribute, and of a `payload` or `protected`, that has escapes.
constexpr std::size_t max_escaped_text = 64;
constexpr std::size_t max_escaped_part = 1024;
/// Members of the unprotected header that are not known.
constexpr unsigned max_header_names = 64;

/// The parse of one envelope.
class jws_parser {
 public:
  jws_parser(const parse_context& context, signed_message& out) noexcept
      : context_(context), out_(out) {}

  [[nodiscard]] errc parse(bytes envelope) noexcept {
    static constexpr std::uint8_t dot[] = {'.'};
    certificates_ = take_chain(context_.memory);
    if (certificates_ == nullptr) return errc::workspace_exhausted;
    NV2_TRY(parse_object(envelope, part_of::envelope));  // spec: J-002
    if (unsigned_ == 0 || out_.protected_header.empty() || out_.payload.empty() ||
        out_.signature.empty()) {
      return errc::jws_member_missing;  // spec: J-003
    }
    if ((unsigned_ & bit(chain)) == 0) return errc::jws_chain_missing;  // spec: J-010
    if (out_.certificates.empty()) return errc::notary_chain_empty;     // spec: J-010
    out_.signed_parts[1] = dot;
    const std::size_t mark = context_.memory.mark();
    NV2_TRY(parse_object(out_.protected_header, part_of::signed_header));  // spec: J-020
    context_.memory.rewind(mark);
    if (!signed_.has(content_type)) return errc::notary_content_type;  // spec: J-022
    NV2_TRY(check_attributes(signed_, 0, out_.scheme));
    out_.signature_count = 1;
    return check_times(out_, expiry_nanoseconds_);
  }

 private:
  enum class part_of : std::uint8_t { envelope, header, signed_header };
  static constexpr unsigned b64 = first_other + 1;

  /// The name of a member of the unprotected header that is no known one.
  struct name_node {
    json_string name;
    const name_node* next;
  };

  /// Parses an object, the unprotected header as a part of the envelope.
  [[nodiscard]] errc parse_object(const bytes& object, part_of whole) noexcept {
    json_reader reader{object, context_.memory, context_.duplicates()};
    reader_ = &reader;
    where_ = whole;
    reader.enter_object();
    while (true) {
      if (reader.next_member(string_)) {
        read_member();
      } else if (where_ == part_of::header) {
        where_ = part_of::envelope;
      } else {
        break;
      }
    }
    const errc code = reader.finish();
    if (code != errc::ok && whole == part_of::envelope) {
      context_.error_offset = static_cast<std::uint32_t>(reader.offset());
    }
    return code == errc::ok ? verdict_ : code;
  }
  void read_member() noexcept {
    take_text();
    if (where_ == part_of::signed_header) {
      const errc code = read_signed();
      if (verdict_ == errc::ok) verdict_ = code;
      return;
    }
    if (where_ == part_of::header) return refuse(read_unsigned());
    const unsigned place =
        find_name("\11protected\11signature\7payload\6header\12signatures\6signed", text_);
    if (place != 3) return refuse(read_part(place));
    where_ = part_of::header;
    reader_->enter_object();
  }
  void refuse(errc code) noexcept {
    if (code != errc::ok) reader_->fail(code);
  }

  /// Makes `text_` of `string_`; the next use of the workspace may overwrite it.
  void take_text() noexcept {
    const std::size_t mark = context_.memory.mark();
    refuse(unescape(string_, max_escaped_text, context_.memory, text_));
    context_.memory.rewind(mark);
  }
  void read_text() noexcept {
    string_ = reader_->read_string();
    take_text();
  }
  unsigned read_place(const char* list) noexcept {
    read_text();
    return find_name(list, text_);
  }
  /// The place of the attribute named by `text_`.
  unsigned find() const noexcept {
    const unsigned place = find_name(attribute_names, text_);
    return place == jose_names_end ? find_understood(text_, context_.understands) : place;
  }

  [[nodiscard]] errc read_part(unsigned place) noexcept {
    if (place == 4) return errc::jws_several_signatures;  // spec: J-005
    if (place == 5) return errc::format_unknown;          // spec: G-020
    if (place > 5) {
      // spec: J-004
      return has(context_.leniency, compat::jws_extra_top) ? errc::ok : errc::jws_member_unknown;
    }
    bytes& out = place == 0 ? out_.protected_header : place == 1 ? out_.signature : out_.payload;
    NV2_TRY(read_base64(base64_alphabet::url_unpadded, out));  // spec: J-043 G-017
    // spec: J-042
    return unescape(string_, max_escaped_part, context_.memory, out_.signed_parts[place]);
  }
  [[nodiscard]] errc read_base64(base64_alphabet alphabet, bytes& out) noexcept {
    mutable_bytes decoded;
    string_ = reader_->read_string();
    const errc code = decode_base64(string_, alphabet, context_.base64(), context_.memory, decoded);
    out = decoded;
    return code;
  }

  /// Reads a member of the unprotected header, which can only supply candidates. What is not known
  /// is left to be skipped. // spec: G-021 J-013 J-038
  [[nodiscard]] errc read_unsigned() noexcept {
    const unsigned place = find();
    unsigned_ |= bit(place);
    if (place == critical) return errc::jws_critical_unprotected;  // spec: J-015
    if (place == chain) return read_chain();
    if (place == timestamp) {
      NV2_TRY(read_base64(base64_alphabet::standard_padded, out_.timestamp_token));
      if (out_.timestamp_token.empty()) return errc::notary_timestamp_empty;  // spec: J-011
    }
    if (place == agent) out_.signing_agent = reader_->read_string().raw();  // spec: J-012
    if (place == unknown) {
      if (name_count_++ == max_header_names) return errc::json_members;  // spec: G-003
      void* const node = context_.memory.take(sizeof(name_node), alignof(name_node));
      if (node == nullptr) return errc::workspace_exhausted;
      names_ = ::new (node) name_node{string_, names_};
    }
    return errc::ok;
  }
  /// spec: J-010 G-016 G-018
  [[nodiscard]] errc read_chain() noexcept {
    std::size_t count = 0;
    for (reader_->enter_array(); reader_->next_element(); ++count) {
      if (count == limits::certificates) return errc::chain_too_long;  // spec: G-003
      NV2_TRY(read_base64(base64_alphabet::standard_padded, certificates_[count]));
    }
    out_.certificates = {certificates_, count};
    return errc::ok;
  }

  /// Reads a member of the protected header; what is not known is left to be skipped.
  [[nodiscard]] errc read_signed() noexcept {
    const unsigned place = find();
    if (is_unsigned(place)) return errc::jws_name_in_both;  // spec: J-014
    signed_.present |= bit(place);
    switch (place) {
      case algorithm:  // spec: J-021
        return parse_algorithm(read_place("\5ES256\5ES384\5ES512\5PS256\5PS384\5PS512"),
                               out_.algorithm);
      case critical: read_critical(); return errc::ok;
      case content_type:  // spec: J-022
        return read_place(content_type_names) == 0 ? errc::ok : errc::notary_content_type;
      case scheme: return parse_scheme(read_place(scheme_names), out_.scheme);
      case signing_time:
      case authentic_time: return read_time(out_.signing_time, out_.signing_nanoseconds);
      case expiry: out_.has_expiry = true; return read_time(out_.expiry, expiry_nanoseconds_);
      default: return place == b64 ? errc::jws_unencoded_payload : errc::ok;  // spec: J-036
    }
  }
  bool is_unsigned(unsigned place) const noexcept {
    if ((unsigned_ & bit(place)) == 0) return false;
    if (has(context_.leniency, compat::jws_overlap_names)) return false;
    if (place != unknown) return true;
    for (const name_node* node = names_; node != nullptr; node = node->next) {
      if (node->name.equals(text_.as_text())) return true;
    }
    return false;
  }
  /// spec: J-030
  void read_critical() noexcept {
    signed_.listed = signed_.repeated = 0;
    for (reader_->enter_array(); reader_->next_element();) {
      read_text();
      signed_.list(find());
    }
  }
  /// spec: J-024
  [[nodiscard]] errc read_time(unix_time& seconds, std::uint32_t& nanoseconds) noexcept {
    read_text();
    return parse_rfc3339(text_, seconds, nanoseconds);
  }

  const parse_context& context_;
  signed_message& out_;
  json_reader* reader_ = nullptr;
  /// The name or value at which the parse stands, and its text without escapes.
  json_string string_;
  bytes text_;
  bytes* certificates_ = nullptr;
  const name_node* names_ = nullptr;
  unsigned name_count_ = 0;
  attribute_set signed_;
  std::uint32_t unsigned_ = 0;
  std::uint32_t expiry_nanoseconds_ = 0;
  /// What is wrong with a protected attribute; what is no JSON is told before.
  errc verdict_ = errc::ok;
  part_of where_ = part_of::envelope;
};

/// The parser, member names of two open readers, those of the unprotected header as a list, parts with escapes,
/// the certificate list, and two texts of the payload.
constexpr std::size_t jws_working_memory =
    sizeof(jws_parser) + 2 * 64 * sizeof(std::uint32_t) +
    max_header_names * (sizeof(json_string) + sizeof(void*)) + 3 * max_escaped_part +
    limits::certificates * sizeof(bytes) + max_digest_text + max_media_type;

}  // namespace notary_detail

/// Parses an envelope in flattened JWS JSON and judges all of its attributes, but no certificate and
/// no signature. `out` is of no use on an error.
///
/// Takes three quarters of the envelope, its names, a certificate list and texts with escapes from
/// the workspace. Errors: codes jws_*, notary_*, json_*, base64_*, time_text, format_unknown,
/// chain_too_long, workspace_exhausted.
[[nodiscard]] inline errc parse_notary_jws(bytes envelope, const parse_context& context,
                                           signed_message& out) noexcept {
  using parser = notary_detail::jws_parser;
  void* const place = context.memory.take(sizeof(parser), alignof(parser));  // not on the stack
  if (place == nullptr) return errc::workspace_exhausted;
  return (::new (place) parser{context, out})->parse(envelope);
}

namespace notary_jws {

inline bool sniff(bytes envelope) noexcept {
  const json_form form = find_json_form(envelope);
  return form == json_form::notary || form == json_form::undecided;
}

}  // namespace notary_jws

/// Notary Project signatures as JWS. // spec: J-001
inline constexpr envelope_format notary_jws_format = {
    "jws",
    "application/jose+json",
    notary_jws::sniff,
    parse_notary_jws,
    nullptr,
    notary_signer::verify_signer,
    notary_signer::parse_claims,
    nullptr,
    nullptr,
    notary_detail::jws_working_memory,
    true,
};

NV2_NAMESPACE_END

#endif  // NV2_ENVELOPE_NOTARY_JWS_HPP
