// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Notary Project envelopes made to order, with any one defect a test needs.
// Does: write JWS and COSE envelopes from lists of members, and let a function sign them.
// Does not: refuse anything: what is asked for is what is written.
#ifndef NV2_TESTS_SUPPORT_NOTARY_BUILDER_HPP
#define NV2_TESTS_SUPPORT_NOTARY_BUILDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nv2/base/bytes.hpp>

namespace nv2_test::notary {

using blob = std::vector<std::uint8_t>;

inline blob text(std::string_view characters) { return {characters.begin(), characters.end()}; }
inline nv2::bytes view(const blob& data) { return {data.data(), data.size()}; }
inline blob join(const std::vector<blob>& parts) {
  blob all;
  for (const blob& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// Makes a signature over the bytes it is given.
using signer = std::function<blob(const blob&)>;

constexpr std::string_view content_type = "application/vnd.cncf.notary.payload.v1+json";
constexpr std::string_view scheme_name = "io.cncf.notary.signingScheme";
constexpr std::string_view time_name = "io.cncf.notary.signingTime";
constexpr std::string_view authentic_name = "io.cncf.notary.authenticSigningTime";
constexpr std::string_view expiry_name = "io.cncf.notary.expiry";
constexpr std::string_view plugin_name = "io.cncf.notary.verificationPlugin";
constexpr std::string_view plugin_version_name = "io.cncf.notary.verificationPluginMinVersion";
constexpr std::string_view timestamp_name = "io.cncf.notary.timestampSignature";
constexpr std::string_view agent_name = "io.cncf.notary.signingAgent";
constexpr std::string_view authority = "notary.x509.signingAuthority";

/// The digest of nothing.
constexpr std::string_view some_digest =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

inline std::string some_payload() {
  return R"({"targetArtifact":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" +
         std::string(some_digest) + R"(","size":16724}})";
}

// --- lists of members -----------------------------------------------------------------------------

template <typename T>
using member_list = std::vector<std::pair<T, T>>;

/// Gives the first member with this name another value, or adds it at the end.
template <typename T>
void set(member_list<T>& members, const T& name, const T& value) {
  for (auto& member : members) {
    if (member.first != name) continue;
    member.second = value;
    return;
  }
  members.emplace_back(name, value);
}
template <typename T>
void drop(member_list<T>& members, const T& name) {
  members.erase(std::remove_if(members.begin(), members.end(),
                               [&](const auto& member) { return member.first == name; }),
                members.end());
}
template <typename T>
void rename(member_list<T>& members, const T& from, const T& to) {
  for (auto& member : members) {
    if (member.first == from) member.first = to;
  }
}

// --- JWS ------------------------------------------------------------------------------------------

inline std::string base64_of(const blob& data, bool url) {
  const char* const alphabet =
      url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
          : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? data[i + k] : 0U);
    for (std::size_t k = 0; k <= left; ++k) out += alphabet[group >> (18 - 6 * k) & 63];
    if (!url) out.append(3 - left, '=');
  }
  return out;
}
inline std::string base64url(std::string_view data) { return base64_of(text(data), true); }

inline std::string quoted(std::string_view characters) {
  return '"' + std::string(characters) + '"';
}

/// A JSON array of strings.
inline std::string list_of(const std::vector<std::string_view>& texts) {
  std::string out = "[";
  for (const std::string_view t : texts) out += (out.size() > 1 ? "," : "") + quoted(t);
  return out + "]";
}

/// What a JWS envelope is to say. Names stand without quotes, values are JSON.
struct jws_plan {
  using members = member_list<std::string>;

  members attributes = {
      {"alg", "\"ES256\""},
      {"crit", list_of({scheme_name})},
      {"cty", quoted(content_type)},
      {std::string(scheme_name), "\"notary.x509\""},
      {std::string(time_name), "\"2023-11-14T22:13:20Z\""},
  };
  members header;
  /// The members of the envelope; those that are not set here are made of the rest.
  members top;
  std::string payload = some_payload();
  std::vector<blob> chain = {{0x30, 0x00}, {0x30, 0x01, 0x7F}};
  signer sign = [](const blob&) { return blob(64, 0x5A); };
  /// White space or garbage around texts that are encoded.
  std::string after_attributes, before_payload, after_payload, after_envelope;

  static std::string object(const members& list) {
    std::string out = "{";
    for (const auto& member : list) {
      out += (out.size() > 1 ? "," : "") + quoted(member.first) + ":" + member.second;
    }
    return out + "}";
  }
  std::string chain_value() const {
    std::vector<std::string> texts;
    for (const blob& certificate : chain) texts.push_back(base64_of(certificate, false));
    return list_of({texts.begin(), texts.end()});
  }
  std::string protected_text() const { return base64url(object(attributes) + after_attributes); }
  std::string payload_text() const { return base64url(before_payload + payload + after_payload); }

  std::string envelope() const {
    members all = top;
    const auto add = [&all](const char* name, const std::string& value) {
      const auto same = [name](const auto& member) { return member.first == name; };
      if (std::none_of(all.begin(), all.end(), same)) all.emplace_back(name, value);
    };
    add("payload", quoted(payload_text()));
    add("protected", quoted(protected_text()));
    members unprotected = header;
    if (!chain.empty()) unprotected.emplace(unprotected.begin(), "x5c", chain_value());
    add("header", object(unprotected));
    add("signature", quoted(base64_of(sign(text(protected_text() + "." + payload_text())), true)));
    for (std::size_t i = 0; i < all.size();) {
      if (all[i].second.empty()) {
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    return object(all) + after_envelope;
  }
  /// Turns to the scheme of signing authorities.
  void use_authority() {
    set<std::string>(attributes, std::string(scheme_name), quoted(authority));
    set<std::string>(attributes, "crit", list_of({scheme_name, authentic_name}));
    rename<std::string>(attributes, std::string(time_name), std::string(authentic_name));
  }
  void use_expiry(std::string_view time) {
    set<std::string>(attributes, "crit", list_of({scheme_name, expiry_name}));
    set<std::string>(attributes, std::string(expiry_name), quoted(time));
  }
};

// --- COSE -----------------------------------------------------------------------------------------

/// A head of major type `major` with `argument` in so many bytes: 0 = the shortest form, 1 = 24, ...
inline blob cbor_head(unsigned major, std::uint64_t argument, unsigned width = 0) {
  if (width == 0) {
    if (argument < 24) return {static_cast<std::uint8_t>(major << 5 | argument)};
    width = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument >> 32 == 0 ? 4 : 8;
  }
  const unsigned info = width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
  blob out{static_cast<std::uint8_t>(major << 5 | info)};
  for (unsigned i = width; i != 0; --i) {
    out.push_back(static_cast<std::uint8_t>(argument >> 8 * (i - 1)));
  }
  return out;
}
inline blob integer(std::int64_t value, unsigned width = 0) {
  return value < 0 ? cbor_head(1, static_cast<std::uint64_t>(-1 - value), width)
                   : cbor_head(0, static_cast<std::uint64_t>(value), width);
}
inline blob bstr(const blob& contents, unsigned width = 0) {
  return join({cbor_head(2, contents.size(), width), contents});
}
inline blob tstr(std::string_view characters) {
  return join({cbor_head(3, characters.size()), text(characters)});
}
inline blob array(const std::vector<blob>& items) {
  return join({cbor_head(4, items.size()), join(items)});
}
inline blob tagged(std::uint64_t number, const blob& item, unsigned width = 0) {
  return join({cbor_head(6, number, width), item});
}
inline blob float64(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return cbor_head(7, bits, 8);
}
inline blob map_of(const member_list<blob>& entries, unsigned width = 0) {
  blob out = cbor_head(5, entries.size(), width);
  for (const auto& entry : entries) out = join({out, entry.first, entry.second});
  return out;
}

constexpr std::int64_t some_time = 1700000000;

/// What a COSE envelope is to say, item by item in CBOR.
struct cose_plan {
  using members = member_list<blob>;

  members attributes = {
      {integer(1), integer(-7)},
      {integer(2), array({tstr(scheme_name)})},
      {integer(3), tstr(content_type)},
      {tstr(scheme_name), tstr("notary.x509")},
      {tstr(time_name), tagged(1, integer(some_time))},
  };
  members header = {{integer(33), array({bstr({0x30, 0x00}), bstr({0x30, 0x01, 0x7F})})}};
  blob payload = text(some_payload());
  signer sign = [](const blob&) { return blob(64, 0x5A); };
  /// When not empty, what stands there instead: what is inside the protected header, and the four
  /// elements and what is before them.
  blob start = {0xD2, 0x84}, attributes_content;
  blob element[4];
  blob after;
  unsigned protected_width = 0, map_width = 0, payload_width = 0;
  bool empty_attributes = false;

  blob protected_content() const {
    if (empty_attributes) return {};
    return attributes_content.empty() ? map_of(attributes, map_width) : attributes_content;
  }
  /// Written once more here, so that the library's own pieces have something to be compared with.
  blob to_be_signed() const {
    return array({tstr("Signature1"), bstr(protected_content()), bstr({}), bstr(payload)});
  }
  blob envelope() const {
    const auto or_else = [this](unsigned i, const blob& made) {
      return element[i].empty() ? made : element[i];
    };
    return join({start, or_else(0, bstr(protected_content(), protected_width)),
                 or_else(1, map_of(header)), or_else(2, bstr(payload, payload_width)),
                 or_else(3, bstr(sign(to_be_signed()))), after});
  }
  void set_attribute(const blob& label, const blob& value) { set<blob>(attributes, label, value); }
  void set_header(const blob& label, const blob& value) { set<blob>(header, label, value); }
  void set_critical(const std::vector<blob>& labels) { set_attribute(integer(2), array(labels)); }
  void use_authority() {
    set_attribute(tstr(scheme_name), tstr(authority));
    set_critical({tstr(scheme_name), tstr(authentic_name)});
    rename<blob>(attributes, tstr(time_name), tstr(authentic_name));
  }
  void use_expiry(const blob& time) {
    set_critical({tstr(scheme_name), tstr(expiry_name)});
    set_attribute(tstr(expiry_name), time);
  }
};

}  // namespace nv2_test::notary

#endif  // NV2_TESTS_SUPPORT_NOTARY_BUILDER_HPP
