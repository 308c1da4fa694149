// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One table or function for each kind of option value.
#include "option_values.hpp"

#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "errors.hpp"
#include "refusal.hpp"
#include "time_text.hpp"

namespace client {
namespace {

struct compat_name {
  std::string_view name;
  nv2::compat flag;
  const char* effect;
};

constexpr compat_name known_compat[] = {
    {"dup_last_wins", nv2::compat::dup_last_wins,
     "a repeated JSON member is accepted, its last value counts (G-012)"},
    {"b64_lenient", nv2::compat::b64_lenient,
     "line ends and stray unused bits are accepted in base64 (G-016, G-017)"},
    {"nv2_trailing_data", nv2::compat::nv2_trailing_data,
     "anything may follow the JSON envelope (N-002)"},
    {"nv2_empty_references", nv2::compat::nv2_empty_references,
     "an empty list of references means none (N-008)"},
    {"nv2_ignore_kid", nv2::compat::nv2_ignore_kid, "a kid beside an x5c is not looked at (N-071)"},
    {"nv2_docker_default", nv2::compat::nv2_docker_default,
     "references without a registry mean docker.io (N-103)"},
    {"nv2_strip_port", nv2::compat::nv2_strip_port,
     "the port of a registry is not compared (N-104)"},
    {"nv2_no_eku", nv2::compat::nv2_no_eku,
     "the extended key usage of the signer does not matter (N-120)"},
    {"nv2_exp_inclusive", nv2::compat::nv2_exp_inclusive,
     "a signature is still good in the very second of exp (N-130)"},
    {"nv2_zero_is_absent", nv2::compat::nv2_zero_is_absent,
     "exp and nbf of 0 mean that there is none (N-132)"},
    {"nv2_ordered_x5c", nv2::compat::nv2_ordered_x5c,
     "stricter: each certificate of x5c must issue the one before it (N-082)"},
    {"nv2_require_ku", nv2::compat::nv2_require_ku,
     "stricter: the signer's certificate must have a key usage (N-092)"},
    {"nv2_san_only", nv2::compat::nv2_san_only,
     "stricter: the common name never stands for a host (N-112)"},
    {"policy_ignore_unknown", nv2::compat::policy_ignore_unknown,
     "unknown members of a trust policy are ignored (P-002)"},
    {"allow_global_skip", nv2::compat::allow_global_skip,
     "the level skip may be that of every artifact (P-018, P-020)"},
    {"policy_repeated_stores", nv2::compat::policy_repeated_stores,
     "a trust store may be listed again in a statement (P-013)"},
    {"jws_extra_top", nv2::compat::jws_extra_top,
     "unknown members of a JWS envelope are ignored (J-004)"},
    {"jws_overlap_names", nv2::compat::jws_overlap_names,
     "a name may stand in both headers of a JWS envelope (J-014)"},
    {"cose_crit_lenient", nv2::compat::cose_crit_lenient,
     "in COSE, crit may repeat labels and list usual ones (C-033, C-034)"},
    {"cose_ignore_other_time", nv2::compat::cose_ignore_other_time,
     "in COSE, the signing time of the other scheme is not looked at (C-023)"},
    {"cose_overlap_labels", nv2::compat::cose_overlap_labels,
     "a label may stand in both headers of a COSE envelope (C-040)"},
    {"cose_x5chain_bare", nv2::compat::cose_x5chain_bare,
     "a COSE chain of one certificate may stand without an array (C-042)"},
    {"cose_x5chain_protected", nv2::compat::cose_x5chain_protected,
     "a COSE chain may stand in the protected header (C-043)"},
    {"eku_allow_any", nv2::compat::eku_allow_any,
     "a signer's extended key usage may list any purpose (X-023)"},
    {"ca_bc_noncritical", nv2::compat::ca_bc_noncritical,
     "the basic constraints of an issuer need not be critical (X-025)"},
    {"weak_ca_keys", nv2::compat::weak_ca_keys,
     "an issuer's RSA key may have from 1024 bits on (X-028)"},
    {"sa_allow_future", nv2::compat::sa_allow_future,
     "an authentic signing time may lie in the future (W-065)"},
    {"crl_all_points", nv2::compat::crl_all_points,
     "stricter: each place that a certificate names must have a list that counts (R-005)"},
    {"ts_allow_crls", nv2::compat::ts_allow_crls,
     "revocation lists inside a timestamp are ignored (T-006)"},
    {"ts_any_imprint_hash", nv2::compat::ts_any_imprint_hash,
     "a timestamp may name the signature by any SHA-2 (T-012)"},
    {"ts_allow_future", nv2::compat::ts_allow_future,
     "the time of a timestamp may lie in the future (T-045)"},
};

constexpr std::string_view min_rsa_bits = "nv2_min_rsa_bits=";
constexpr const char* min_rsa_bits_effect =
    "RSA keys from N bits on are accepted, in place of 2048 (N-055)";

[[noreturn]] void refuse_value(const char* option, std::string_view value, std::string expected) {
  throw failure(exit_code::usage, fmt::format("invalid value \"{}\" for option {}", value, option),
                {next_step("use " + std::move(expected))});
}

std::size_t read_rsa_bits(std::string_view text) {
  std::size_t bits = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits);
  if (error != std::errc{} || stop != end || bits < 512 || bits > 8192) {
    refuse_value("--compat", std::string(min_rsa_bits) + std::string(text),
                 "nv2_min_rsa_bits=N with N from 512 to 8192");
  }
  return bits;
}

/// The value that belongs to `text` in a list of names.
template <typename T>
T choose(const char* option, std::string_view text,
         std::initializer_list<std::pair<std::string_view, T>> choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  refuse_value(option, text, "one of " + names);
}

}  // namespace

std::string compat_help() {
  std::string out =
      "Named deviations from the rules, for --compat NAME. All are off unless named.\n\n";
  for (const compat_name& known : known_compat) {
    out += fmt::format("  {:<24}{}\n", known.name, known.effect);
  }
  return out + fmt::format("  {:<24}{}\n", std::string(min_rsa_bits) + "N", min_rsa_bits_effect);
}

leniency read_compat(const std::vector<std::string>& names) {
  leniency out;
  for (const std::string& name : names) {
    const std::string_view text = name;
    if (text.substr(0, min_rsa_bits.size()) == min_rsa_bits) {
      out.min_rsa_bits = read_rsa_bits(text.substr(min_rsa_bits.size()));
      continue;
    }
    nv2::compat flag = nv2::compat::none;
    for (const compat_name& known : known_compat) {
      if (known.name == name) flag = known.flag;
    }
    if (flag == nv2::compat::none)
      refuse_value("--compat", name, "one of those that nv2 help compat lists");
    out.flags = out.flags | flag;
  }
  return out;
}

color_choice read_color(const std::string& text) {
  return choose<color_choice>("--color", text,
                              {{"auto", color_choice::automatic},
                               {"always", color_choice::always},
                               {"never", color_choice::never}});
}

output_form read_output_form(const std::string& text) {
  return choose<output_form>("--output", text,
                             {{"text", output_form::text}, {"json", output_form::json}});
}

duration read_expiry(const std::string& text) {
  const auto value = parse_duration(text);
  if (!value) refuse_value("--expiry", text, "a duration like 8760h, 30m or 1h30m");
  return *value;
}

nv2::time_basis read_time(const std::string& text) {
  const auto value = parse_time_basis(text);
  if (!value) {
    refuse_value("--time", text,
                 "2026-01-15T12:00:00Z, seconds since 1970, after:TIME, or unknown");
  }
  return *value;
}

std::string read_format(const std::string& text) {
  return choose<std::string>("--format", text,
                             {{"auto", ""},
                              {"nv2-json", "nv2-json"},
                              {"nv2-jwt", "nv2-jwt"},
                              {"jws", "jws"},
                              {"cose", "cose"}});
}

envelope_form read_envelope_form(const std::string& text) {
  return choose<envelope_form>("--format", text,
                               {{"nv2-jwt", envelope_form::jwt},
                                {"nv2-json", envelope_form::json},
                                {"nv2-json-array", envelope_form::json_array},
                                {"jws", envelope_form::jws},
                                {"cose", envelope_form::cose}});
}

nv2::signing_scheme read_signing_scheme(const std::string& text) {
  return choose<nv2::signing_scheme>(
      "--signing-scheme", text.empty() ? "notary.x509" : text,
      {{"notary.x509", nv2::signing_scheme::x509},
       {"notary.x509.signingAuthority", nv2::signing_scheme::signing_authority}});
}

std::vector<metadata_pair> read_metadata(const std::vector<std::string>& texts) {
  std::vector<metadata_pair> out;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == text.npos || equals + 1 == text.size()) {
      refuse_value("--user-metadata", text, "KEY=VALUE");
    }
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

std::vector<metadata_pair> read_required_metadata(const std::vector<std::string>& texts) {
  std::vector<metadata_pair> out = read_metadata(texts);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string& key = out[i].first;
    if (key.compare(0, 14, "io.cncf.notary") == 0) {  // spec: M-003
      throw failure(exit_code::usage, fmt::format("the annotation '{}' is reserved", key),
                    {{"rule", rule_text(nv2::errc::metadata_reserved)},
                     next_step("require annotations that do not begin with io.cncf.notary")});
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (out[other].first == key) {
        refuse_value("--user-metadata", texts[i], "every key only once");
      }
    }
  }
  return out;
}

std::size_t read_max_signatures(const std::string& text) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end || count == 0) {
    refuse_value("--max-signatures", text, "a number from 1 on");
  }
  return count;
}

std::uint64_t read_counter(const char* option, const std::string& text) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end) refuse_value(option, text, "a number of 64 bits");
  return count;
}

std::size_t read_threshold(const std::string& text) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end || count == 0 || count > nv2::policy_limits::threshold) {
    refuse_value("--threshold", text,
                 fmt::format("a number from 1 to {}", nv2::policy_limits::threshold));
  }
  return count;
}

nv2::version read_min_version(const std::string& text) {
  nv2::version out;
  if (nv2::parse_version(nv2::bytes::of(text), out) != nv2::errc::ok) {
    refuse_value("--min-version", text, "one to four numbers with dots between, like 1.2.3");
  }
  return out;
}

void read_stale_rule(const std::string& text, revocation_options& out) {
  constexpr std::string_view grace = "grace=";
  constexpr duration second = 1000000000;
  constexpr const char* option = "--stale-revocation";
  if (text.compare(0, grace.size(), grace) != 0) {
    out.stale = choose<nv2::stale_rule>(
        option, text, {{"strict", nv2::stale_rule::strict}, {"ignore", nv2::stale_rule::ignore}});
    return;
  }
  const auto length = parse_duration(std::string_view{text}.substr(grace.size()));
  const bool fits = length && *length > 0 && *length % second == 0 &&
                    *length / second <= std::numeric_limits<std::uint32_t>::max();
  if (!fits) refuse_value(option, text, "grace=72h or another time of whole seconds");
  out.stale = nv2::stale_rule::grace;
  out.grace_seconds = static_cast<std::uint32_t>(*length / second);
}

nv2::verification_level read_level(const std::string& text) {
  return choose<nv2::verification_level>("--level", text,
                                         {{"strict", nv2::verification_level::strict},
                                          {"permissive", nv2::verification_level::permissive},
                                          {"audit", nv2::verification_level::audit}});
}

nv2::policy_kind read_policy_kind(const std::string& text) {
  return choose<nv2::policy_kind>(
      "--kind", text, {{"oci", nv2::policy_kind::oci}, {"blob", nv2::policy_kind::blob}});
}

void check_method(const std::string& text) {
  if (text == "x509") return;
  throw failure(exit_code::usage, fmt::format("unsupported signing method: {}", text),
                {next_step("use --method x509")});
}

}  // namespace client
