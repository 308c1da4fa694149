// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Names and exit codes of verdicts.
#include "verdict.hpp"

namespace client {

const char* check_name(nv2::check kind) {
  switch (kind) {
    case nv2::check::integrity: return "integrity";
    case nv2::check::authenticity: return "authenticity";
    case nv2::check::authentic_timestamp: return "authenticTimestamp";
    case nv2::check::expiry: return "expiry";
    case nv2::check::revocation: return "revocation";
    case nv2::check::binding: return "binding";
  }
  return "";
}

bool verdict::has_validity() const {
  switch (times.source) {
    case nv2::time_source::signing_authority: return true;
    case nv2::time_source::timestamp: return times.last != 0;  // 0: the timestamp is not good
    case nv2::time_source::present:
    case nv2::time_source::none: break;
  }
  return false;
}

void verdict::refuse(nv2::check kind, nv2::status why) {
  accepted = false;
  digest.clear();
  signer_subject.clear();
  signer_sha256.clear();
  signers.clear();
  version.reset();
  status = why;
  of(kind) = nv2::outcome::failed;
}

std::string version_text(const nv2::version& version) {
  std::string out, ending;
  for (const std::uint32_t part : version.parts) {
    ending += (ending.empty() && out.empty() ? "" : ".") + std::to_string(part);
    if (part == 0 && !out.empty()) continue;
    out += ending;
    ending.clear();
  }
  return out;
}

exit_code exit_code_of(nv2::errc code) {
  switch (nv2::class_of(code)) {
    case nv2::error_class::policy:
    case nv2::error_class::nopolicy: return exit_code::usage;
    case nv2::error_class::storage: return exit_code::unavailable;
    default: return exit_code::refused;
  }
}

}  // namespace client
