// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts of option values and what they mean. Wrong ones fail with exit code 2.
#ifndef NV2_CLIENT_OPTION_VALUES_HPP
#define NV2_CLIENT_OPTION_VALUES_HPP

#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace client {

/// What nv2 help compat prints: the names that --compat takes and what they do.
std::string compat_help();

leniency read_compat(const std::vector<std::string>& names);
color_choice read_color(const std::string& text);
output_form read_output_form(const std::string& text);
duration read_expiry(const std::string& text);
nv2::time_basis read_time(const std::string& text);
/// The value of verify --format: "" for auto.
std::string read_format(const std::string& text);
/// The value of sign --format.
envelope_form read_envelope_form(const std::string& text);
/// The value of --signing-scheme, "" = the usual one.
nv2::signing_scheme read_signing_scheme(const std::string& text);
/// The values of --user-metadata; neither key nor value may be empty.
std::vector<metadata_pair> read_metadata(const std::vector<std::string>& texts);
/// As read_metadata(), of annotations that an artifact must have: no key twice or reserved.
/// // spec: M-003
std::vector<metadata_pair> read_required_metadata(const std::vector<std::string>& texts);
/// The value of --level, which is never skip.
nv2::verification_level read_level(const std::string& text);
/// Sets what stale data is worth from the value of --stale-revocation: strict, ignore, or grace= and a
/// duration of whole seconds.
void read_stale_rule(const std::string& text, revocation_options& out);
/// The value of --max-signatures, at least 1. // spec: W-041
std::size_t read_max_signatures(const std::string& text);
/// A number of 64 bits, the value of `option`.
std::uint64_t read_counter(const char* option, const std::string& text);
/// The value of --threshold, from 1 to policy_limits::threshold.
std::size_t read_threshold(const std::string& text);
/// The value of --min-version.
nv2::version read_min_version(const std::string& text);
/// The value of policy check --kind.
nv2::policy_kind read_policy_kind(const std::string& text);
/// Fails unless `text` is the only method there is. // spec: N-161
void check_method(const std::string& text);

}  // namespace client

#endif  // NV2_CLIENT_OPTION_VALUES_HPP
