// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Envelopes for people.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_view.hpp"
#include "inspect.hpp"
#include "notary_view.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "time_text.hpp"

namespace client {
namespace {

/// Lines of "label  value" under headings.
class page {
 public:
  explicit page(bool color) : color_(color) {}

  void heading(std::size_t depth, const std::string& text) {
    out_ += std::string(2 * depth, ' ') + styled(text, style::bold, color_) + "\n";
  }
  /// Prints nothing for an empty value.
  void line(std::size_t depth, std::string_view label, std::string_view value) {
    if (value.empty()) return;
    const std::string shown = fmt::format("{:{}}{:<13}", "", 2 * depth, escaped(label));
    out_ += styled(shown, style::dim, color_) + " " + escaped(value) + "\n";
  }
  void problem(std::string_view text) {
    out_ += styled("problem", style::red, color_) + "  " + escaped(text) + "\n";
  }
  void space() { out_ += "\n"; }
  /// Adds lines that are escaped already.
  void append(const std::string& lines) { out_ += lines; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool color_;
};

bool is_instant(std::string_view name) { return name == "exp" || name == "nbf" || name == "iat"; }

bool is_int64(const shown_json& value) {
  return value.is_number_integer() &&
         (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
}

bool is_nested(std::string_view name) { return name == "targetArtifact" || name == "annotations"; }

void show_member(page& out, std::size_t depth, const std::string& name, const shown_json& value) {
  if (value.is_string()) {
    out.line(depth, name, value.get_ref<const std::string&>());
  } else if (is_instant(name) && is_int64(value)) {
    const auto instant = value.get<std::int64_t>();
    out.line(depth, name, fmt::format("{} ({})", instant, instant_text(instant)));
  } else if (value.is_array() && !value.empty()) {
    for (const shown_json& entry : value) show_member(out, depth, name, entry);
  } else if (value.is_object() && is_nested(name)) {
    out.heading(depth, name);
    for (const auto& [inner, member] : value.items()) show_member(out, depth + 1, inner, member);
  } else {
    out.line(depth, name, compact(value));
  }
}

void show_certificate(page& out, std::size_t index, const byte_buffer& der) {
  const certificate_view shown = view_certificate(view_of(der));
  out.heading(1, fmt::format("certificate {}", index));
  if (!shown.readable) out.line(2, "content", "no certificate that can be read");
  out.line(2, "subject", shown.subject);
  out.line(2, "issuer", shown.self_issued ? "the same" : shown.issuer);
  out.line(2, "serial", shown.serial);
  if (shown.not_before && shown.not_after) {
    out.line(2, "valid", instant_text(*shown.not_before) + " to " + instant_text(*shown.not_after));
  }
  for (const std::string& name : shown.names) out.line(2, "name", name);
  out.line(2, "key", shown.key);
  out.line(2, "key usage", fmt::format("{}", fmt::join(shown.key_usage, ", ")));
  out.line(2, "purposes", fmt::format("{}", fmt::join(shown.purposes, ", ")));
  if (shown.is_ca) out.line(2, "authority", "yes");
  out.line(2, "signed with", shown.signed_with);
  out.line(2, "kid", shown.kid);
  out.line(2, "sha256", shown.sha256);
}

/// Attributes that have no line of their own.
void show_others(page& out, const char* title, const shown_json& attributes) {
  bool first = true;
  for (const auto& [name, value] : attributes.items()) {
    if (is_known_attribute(name)) continue;
    if (first) out.heading(1, title);
    first = false;
    out.line(2, name, value.is_string() ? value.get<std::string>() : compact(value));
  }
}

void show_notary(page& out, const notary_view& shown) {
  out.line(1, "content type", shown.content_type);
  out.line(1, "scheme", shown.scheme);
  out.line(1, "signing time", shown.signing_time);
  out.line(1, "vouched time", shown.authentic_time);
  out.line(1, "expiry", shown.expiry);
  for (const std::string& name : shown.critical) out.line(1, "critical", name);
  out.line(1, "agent", shown.signing_agent);
  if (shown.timestamp_size) {
    out.line(1, "timestamp", fmt::format("{} bytes", *shown.timestamp_size));
  }
  show_others(out, "other signed attributes", shown.protected_attributes);
  show_others(out, "other unsigned attributes", shown.unprotected_attributes);
}

void show_signature(page& out, std::size_t index, const signature_view& signature) {
  out.heading(0, fmt::format("signature {}", index));
  out.line(1, "typ", signature.type);
  out.line(1, "alg", signature.algorithm);
  out.line(1, "kid", signature.key_id);
  if (signature.signature_size) {
    out.line(1, "size", fmt::format("{} bytes", *signature.signature_size));
  }
  if (signature.notary) show_notary(out, *signature.notary);
  for (std::size_t i = 0; i < signature.certificates.size(); ++i) {
    show_certificate(out, i, signature.certificates[i]);
  }
}

std::string problem_text(nv2::errc code) {
  return fmt::format("{}: {}", rule_text(code), nv2::message(code));
}

}  // namespace

std::string inspection_text(const envelope_view& shown, std::size_t size, bool color) {
  page out{color};
  out.line(0, "format", shown.format.empty() ? "unknown" : shown.format);
  out.line(0, "size", fmt::format("{} bytes", size));
  out.line(0, "verified", "no: this command judges nothing");
  if (shown.claims.is_object()) {
    const bool notary = shown.format == "jws" || shown.format == "cose";
    out.heading(0, notary ? "payload" : "claims");
    for (const auto& [name, value] : shown.claims.items()) show_member(out, 1, name, value);
  } else if (!shown.claims.is_null()) {
    out.line(0, "claims", compact(shown.claims));
  }
  for (std::size_t i = 0; i < shown.signatures.size(); ++i)
    show_signature(out, i + 1, shown.signatures[i]);
  for (const std::string& text : shown.problems) out.problem(text);
  return out.take();
}

std::string listing_text(const layout_listing& listing, bool color) {
  page out{color};
  out.heading(0, "artifact");
  out.line(1, "digest", listing.artifact.digest);
  out.line(1, "media type", listing.artifact.media_type);
  out.line(1, "size", fmt::format("{} bytes", listing.artifact.size));
  out.line(1, "signatures", std::to_string(listing.signatures.size()));
  for (const listed_signature& listed : listing.signatures) {
    out.space();
    out.line(0, "manifest", listed.found.manifest);
    out.line(0, "envelope", listed.found.envelope.digest);
    out.line(0, "media type", listed.found.envelope.media_type);
    if (listed.found.code != nv2::errc::ok) out.problem(problem_text(listed.found.code));
    if (!listed.shown) continue;
    const auto size = static_cast<std::size_t>(listed.found.envelope.size);
    out.append(inspection_text(*listed.shown, size, color));
  }
  for (const found_signature& found : listing.unreadable) {
    out.space();
    out.line(0, "manifest", found.manifest);
    out.problem(problem_text(found.code));
  }
  return out.take();
}

}  // namespace client
