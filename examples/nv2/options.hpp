// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the command line asks for, checked.
#ifndef NV2_CLIENT_OPTIONS_HPP
#define NV2_CLIENT_OPTIONS_HPP

#include <cstddef>
#include <string>
#include <vector>

#include <nv2/base/compat.hpp>
#include <nv2/base/time.hpp>

#include "duration.hpp"
#include "terminal.hpp"

namespace client {

// spec: N-168
constexpr const char* default_media_type = "application/vnd.docker.distribution.manifest.v2+json";

enum class output_form { text, json };

/// Named deviations from the rules.
struct leniency {
  nv2::compat flags = nv2::compat::none;
  std::size_t min_rsa_bits = 2048;
};

struct verify_options {
  std::string target, signature;
  std::vector<std::string> certificates, ca_certificates;
  std::string media_type = default_media_type;
  /// "" = any; else the name of the one format that may be used.
  std::string format;
  std::string envelope_media_type;
  nv2::time_basis time = nv2::time_basis::unknown();
  leniency deviations;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

enum class envelope_form { jwt, json, json_array };

struct sign_options {
  std::string target, key, certificates, output;
  std::vector<std::string> references;
  std::string media_type = default_media_type;
  envelope_form form = envelope_form::jwt;
  duration expiry = 0;
  leniency deviations;
  color_choice color = color_choice::automatic;
};

struct inspect_options {
  std::string file;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

}  // namespace client

#endif  // NV2_CLIENT_OPTIONS_HPP
