// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The answer of the library, copied out of the memory it lay in.
#ifndef NV2_CLIENT_VERDICT_HPP
#define NV2_CLIENT_VERDICT_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/report.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/verification.hpp>

#include "acquisition_file.hpp"
#include "errors.hpp"

namespace client {

/// A manifest in a layout that leads to a signature, or may do so, and what came of it.
struct tried_signature {
  /// Its digest; "" when even that is not known.
  std::string manifest;
  /// Of the signature; "" when it is not known.
  std::string media_type;
  /// Where signers are counted: ok when this one counts.
  nv2::errc code = nv2::errc::unset;
  /// The file that it is from, "" = a layout.
  std::string file = {};
};

struct counted_certificate {
  std::string subject, sha256;
};

struct verdict {
  /// The artifact may be used: every check passed, or failed only where the level lets that pass.
  bool accepted = false;
  /// The policy wants no verification; nothing was looked at. // spec: W-003
  bool skipped = false;
  /// The artifact is one of a layout, with its own signatures.
  bool is_stored = false;
  /// Everybody signed who must, where signers are counted. // spec: W-040
  bool is_counted = false;
  /// What counting this one signature came to.
  nv2::errc counted = nv2::errc::unset;
  /// Of the artifact; empty unless accepted.
  std::string digest;
  /// Of the envelope; empty when it was not recognised.
  std::string format;
  nv2::time_basis time = nv2::time_basis::unknown();
  /// Indexed by nv2::check.
  std::array<nv2::outcome, nv2::check_count> checks{};
  /// Why a check that was only logged failed; unset for the others. // spec: W-005 W-081
  std::array<nv2::errc, nv2::check_count> logged{};
  std::string signer_subject, signer_sha256;
  /// How the question for revocation was answered, and which time counted for the certificates; as
  /// they are at first where nothing got that far.
  nv2::revocation_answer revocation;
  nv2::time_report times;
  /// When the signature ceases to be good, if it says so.
  std::optional<nv2::unix_time> expiry;
  /// The statement of the policy, empty when the command line decides, and its level.
  std::string statement;
  nv2::verification_level level = nv2::verification_level::strict;
  nv2::status status;
  /// Where a key can be had that may turn the no into a yes. // spec: Q-004
  std::optional<acquirable_key> acquire;
  /// Why each signature failed, when there were several.
  std::vector<nv2::errc> tried;
  /// Of the bundle that the signatures are from.
  std::optional<std::uint64_t> bundle_counter;
  /// Every signature that was tried where there may be several, and manifests of a layout of which
  /// nobody can tell what they are. // spec: W-040 L-006
  std::vector<tried_signature> signatures, unreadable;

  /// How many different signers must have signed, 0 = they are not counted; and who counts.
  /// // spec: W-040
  std::size_t threshold = 0;
  std::vector<counted_certificate> signers;
  /// The signed version, if one was asked for; of several signatures the lowest.
  std::optional<nv2::version> version;

  nv2::outcome& of(nv2::check kind) { return checks[static_cast<std::size_t>(kind)]; }
  nv2::outcome of(nv2::check kind) const { return checks[static_cast<std::size_t>(kind)]; }
  /// Whether the certificates were judged at a time other than the present: `times` tells it.
  bool has_validity() const;
  /// Turns a yes into a no.
  void refuse(nv2::check kind, nv2::status why);
};

/// The name of a check in messages and documents: "authenticTimestamp".
const char* check_name(nv2::check kind);

/// "1.2", without zeros at its end.
std::string version_text(const nv2::version& version);

/// What a refusal with `code` means for the caller of the program.
exit_code exit_code_of(nv2::errc code);

}  // namespace client

#endif  // NV2_CLIENT_VERDICT_HPP
