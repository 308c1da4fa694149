// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A bundle: all that the signatures of one artifact need, in one file. See docs/bundle.md.
// Does: read the file strictly, and lend what is in it.
// Does not: look into signatures, lists, responses and policies, or verify anything (bundle.hpp).
// The caller must: keep the file alive as long as anything read from it.
#ifndef NV2_BUNDLE_FORMAT_HPP
#define NV2_BUNDLE_FORMAT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/codec/cbor.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/oci/reference.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/trust/revocation_responses.hpp>

NV2_NAMESPACE_BEGIN

/// What a bundle may hold, besides the limits on each envelope, list and response. // spec: G-003
namespace limits {
constexpr std::size_t bundle_size = std::size_t{128} << 20;
constexpr std::uint32_t bundle_signatures = 100;
constexpr std::uint32_t bundle_lists = 64;
constexpr std::uint32_t bundle_responses = 64;
constexpr std::size_t bundle_policy_size = std::size_t{1} << 20;
}  // namespace limits

/// How every bundle begins: an array of three, the first one the text "nv2-bundle".
constexpr std::string_view bundle_start = "\x83\x6Anv2-bundle";
constexpr std::uint64_t bundle_format_version = 1;

/// Items of a bundle, one behind the other, that parse_bundle() found good.
struct bundle_items {
  bytes text;
  std::uint32_t count = 0;
};

/// A signature in a bundle: an envelope, with its timestamp and certificates inside, and what kind of
/// envelope it is said to be.
struct bundled_signature {
  std::string_view media_type;
  bytes envelope;
};

/// Goes through items in their order. Allocates and copies nothing.
class bundle_cursor {
 public:
  /// Borrows what the items lie in.
  explicit bundle_cursor(const bundle_items& items) noexcept
      : reader_(items.text), left_(items.count) {}

  /// The next revocation list or response; false at the end.
  bool next(bytes& file) noexcept {
    if (!step()) return false;
    file = reader_.read_bytes();
    return reader_.error() == errc::ok;
  }
  /// The next signature; false at the end.
  bool next(bundled_signature& out) noexcept {
    if (!step()) return false;
    static_cast<void>(reader_.enter_array());
    out.media_type = reader_.read_text().as_text();
    out.envelope = reader_.read_bytes();
    reader_.leave();
    return reader_.error() == errc::ok;
  }

 private:
  bool step() noexcept {
    if (left_ == 0) return false;
    --left_;
    return true;
  }

  basic_cbor_reader<cbor_rules::shortest> reader_;
  std::uint32_t left_;
};

/// Which artifact a bundle is said to be for. Only ever compared with the artifact in hand.
struct bundled_artifact {
  /// Without parameters.
  std::string_view media_type;
  /// As parse_digest() accepts it.
  std::string_view digest;
  std::int64_t size = 0;
  /// Where it is said to come from, "" = not said. As parse_reference() accepts it; a digest in it is
  /// the one above. To be shown, and for nothing else.
  std::string_view reference;
};

/// What a bundle holds: slices of the file, none of it verified.
struct bundle {
  /// Rises with every bundle of the same line. See bundle_rules::floor.
  std::uint64_t counter = 0;
  /// At least one.
  bundle_items signatures;
  /// Revocation lists and OCSP responses, DER that was not looked at.
  bundle_items lists, responses;
  bool has_artifact = false;
  bundled_artifact artifact;
  /// A trust policy document that was not looked at, empty = none. To be shown or kept for a person
  /// to judge: what travels with an artifact never says who is trusted. // spec: G-021
  bytes policy;
};

namespace detail {

class bundle_parser {
 public:
  bundle_parser(bytes text, bundle& out) noexcept : text_(text), reader_(text), out_(out) {}

  [[nodiscard]] errc run() noexcept {
    if (text_.size() > limits::bundle_size) return errc::bundle_size;  // spec: G-003
    if (!equal(text_.first(bundle_start.size()), bundle_start)) return errc::bundle_unknown;
    static_cast<void>(reader_.enter_array());
    static_cast<void>(reader_.read_text());
    const std::uint64_t version = reader_.read_unsigned();
    if (reader_.error() == errc::ok && version != bundle_format_version) {
      return errc::bundle_version;  // spec: G-020
    }
    read_map(6, 1U << 0 | 1U << 1, &bundle_parser::read_member);
    reader_.leave();
    return reader_.finish();
  }

 private:
  using member_reader = void (bundle_parser::*)(std::uint64_t key) noexcept;

  /// A map with keys below `end`, in ascending order, those in the set `needed` among them.
  void read_map(std::uint64_t end, unsigned needed, member_reader read) noexcept {
    unsigned seen = 0;
    std::uint64_t lowest = 0;
    for (std::uint32_t left = reader_.enter_map(); reader_.next_entry(left);) {
      const std::uint64_t key = reader_.read_unsigned();
      if (key >= end) return reader_.fail(errc::bundle_member_unknown);  // spec: G-021
      if (key < lowest) reader_.fail(errc::bundle_key_order);
      lowest = key + 1;
      seen |= 1U << key;
      (this->*read)(key);
    }
    if ((seen & needed) != needed) reader_.fail(errc::bundle_member_missing);
  }

  void read_member(std::uint64_t key) noexcept {
    switch (key) {
      case 0: out_.counter = reader_.read_unsigned(); break;
      case 1: read_signatures(); break;
      case 2:
        read_files(limits::bundle_lists, errc::bundle_lists_too_many, limits::revocation_list_size,
                   errc::bundle_list_size, out_.lists);
        break;
      case 3:
        read_files(limits::bundle_responses, errc::bundle_responses_too_many,
                   limits::revocation_response_size, errc::bundle_response_size, out_.responses);
        break;
      case 4:
        read_map(4, 1U << 0 | 1U << 1 | 1U << 2, &bundle_parser::read_artifact);
        out_.has_artifact = true;
        check_reference();
        break;
      default: out_.policy = read_file(limits::bundle_policy_size, errc::bundle_policy_size); break;
    }
  }

  /// A byte string of 1 to `limit` bytes.
  bytes read_file(std::size_t limit, errc too_large) noexcept {
    const bytes file = reader_.read_bytes();
    if (file.empty()) reader_.fail(errc::bundle_member_empty);
    if (file.size() > limit) reader_.fail(too_large);  // spec: G-003
    return file;
  }
  /// Steps into an array of 1 to `limit` items.
  std::uint32_t enter_items(std::uint32_t limit, errc too_many) noexcept {
    const std::uint32_t count = reader_.enter_array();
    if (count == 0) reader_.fail(errc::bundle_member_empty);
    if (count > limit) reader_.fail(too_many);  // spec: G-003
    return count;
  }
  void keep_items(std::size_t start, std::uint32_t count, bundle_items& out) const noexcept {
    out = {text_.sub(start, reader_.offset() - start), count};
  }

  void read_files(std::uint32_t most, errc too_many, std::size_t limit, errc too_large,
                  bundle_items& out) noexcept {
    const std::uint32_t count = enter_items(most, too_many);
    const std::size_t start = reader_.offset();
    for (std::uint32_t left = count; reader_.next_element(left);) {
      static_cast<void>(read_file(limit, too_large));
    }
    keep_items(start, count, out);
  }
  void read_signatures() noexcept {
    const std::uint32_t count =
        enter_items(limits::bundle_signatures, errc::bundle_signatures_too_many);
    const std::size_t start = reader_.offset();
    for (std::uint32_t left = count; reader_.next_element(left);) {
      if (reader_.enter_array() != 2) reader_.fail(errc::bundle_signature_parts);
      read_media_type();
      static_cast<void>(read_file(limits::envelope_size, errc::bundle_signature_size));
      reader_.leave();
    }
    keep_items(start, count, out_.signatures);
  }
  std::string_view read_media_type() noexcept {
    const bytes text = reader_.read_text();
    const errc code = check_media_type(text);
    if (code != errc::ok) reader_.fail(code);  // spec: D-007
    return text.as_text();
  }

  void read_artifact(std::uint64_t key) noexcept {
    bundled_artifact& artifact = out_.artifact;
    switch (key) {
      case 0: artifact.media_type = read_media_type(); break;
      case 1: {
        const bytes text = reader_.read_text();
        parsed_digest parts;
        const errc code = parse_digest(text, parts);
        if (code != errc::ok) reader_.fail(code);  // spec: D-001 D-003
        artifact.digest = text.as_text();
        break;
      }
      case 2:
        artifact.size = reader_.read_int64();
        if (artifact.size < 0) reader_.fail(errc::descriptor_size);  // spec: D-006
        break;
      default: artifact.reference = reader_.read_text().as_text(); break;
    }
  }
  void check_reference() noexcept {
    const std::string_view text = out_.artifact.reference;
    if (reader_.error() != errc::ok || text.data() == nullptr) return;
    reference parts;
    const errc code = parse_reference(bytes::of(text), parts);
    if (code != errc::ok) return reader_.fail(code);  // spec: N-100
    if (!parts.digest.empty() && parts.digest.as_text() != out_.artifact.digest) {
      reader_.fail(errc::bundle_reference);  // spec: D-025
    }
  }

  bytes text_;
  basic_cbor_reader<cbor_rules::shortest> reader_;
  bundle& out_;
};

}  // namespace detail

/// Reads a bundle, which has exactly one form for what it holds: deterministic CBOR (RFC 8949 section
/// 4.2.1), no members that are not known, nothing behind it.
///
///     bundle = ["nv2-bundle", 1, {
///       0: uint,                             ; counter
///       1: [1*100 [tstr, bstr]],             ; signatures: media type, envelope
///       ? 2: [1*64 bstr], ? 3: [1*64 bstr],  ; revocation lists, OCSP responses
///       ? 4: {0: tstr, 1: tstr, 2: uint, ? 3: tstr},  ; media type, digest, size, reference
///       ? 5: bstr }]                         ; trust policy document
///
/// Linear in the number of items, whatever their sizes, but for texts. What is in the byte strings is
/// not looked at. After an error `out` means nothing.
/// Errors: those of the block bundle, and of CBOR, media types, digests and references.
[[nodiscard]] inline errc parse_bundle(bytes text, bundle& out) noexcept {
  out = {};
  return detail::bundle_parser{text, out}.run();
}

NV2_NAMESPACE_END

#endif  // NV2_BUNDLE_FORMAT_HPP
