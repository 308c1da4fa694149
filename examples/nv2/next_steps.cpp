// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One sentence for each kind of refusal.
#include "next_steps.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "artifact_source.hpp"
#include "certificate_view.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;
using nv2::error_class;

/// A claim that is an instant, as text; "" when there is none.
std::string claimed_time(const shown_json& claims, const char* name) {
  if (!claims.is_object() || !claims.contains(name)) return {};
  const shown_json& value = claims.at(name);
  const bool fits =
      value.is_number_integer() &&
      (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  return fits ? instant_text(value.get<std::int64_t>()) : compact(value);
}

/// Finds the next step.
class adviser {
 public:
  explicit adviser(const refusal_facts& facts) : facts_(facts) {}

  std::string next() const {
    if (code() == errc::bundle_rolled_back) {
      return "get the newest bundle; a lower --bundle-floor would let an old one pass";
    }
    if (code() == errc::bundle_artifact) return "get the bundle that was made for this artifact";
    if (code() == errc::signatures_left) return "give a larger --max-signatures";
    if (code() == errc::no_signature) {
      return "get the artifact from where its signatures are too, or give a signature file with "
             "--signature";
    }
    if (code() == errc::threshold_not_reached || code() == errc::required_signer_missing) {
      return "get signatures of more signers whom you trust: each with a key, a subject and a "
             "trusted "
             "identity of its own";
    }
    if (code() == errc::quorum_artifact) {
      return "get signatures that are all about this very artifact";
    }
    if (code() >= errc::version_missing && code() <= errc::version_too_low) {
      return next_for_version();
    }
    switch (group()) {
      case error_class::trust: return next_for_chain();
      case error_class::keynotfound: return next_for_key();
      case error_class::identity: return next_for_reference();
      case error_class::binding: return next_for_artifact();
      case error_class::certtime: return next_for_certificate_time();
      case error_class::expired:
        if (facts_.is_notary()) return "get a newer signature from the publisher";
        return fmt::format("it was good until {}; get a newer signature from the publisher",
                           claimed_time(shown().claims, "exp"));
      case error_class::notyet:
        return fmt::format("it starts at {}; check the clock of this machine",
                           claimed_time(shown().claims, "nbf"));
      case error_class::clock: return "give --time, or run where the clock is set";
      case error_class::policy: return "give only one of the two certificates as --cert";
      case error_class::timestamp: return next_for_timestamp();
      case error_class::revoked: return next_for_revoked();
      case error_class::revunknown: return next_for_revocation_data();
      case error_class::metadata:
        return fmt::format("{} shows the annotations that were signed", inspection());
      case error_class::critical:
        return "if you process the attribute yourself, give its name as --understands";
      case error_class::storage:
        return "this is a failure of this machine, not of the signature; try again";
      case error_class::chain:
        if (code() == errc::link_signature) return next_for_namesake();
        [[fallthrough]];
      case error_class::cert:
        return "the publisher has to sign with a certificate that follows the rule";
      default: return next_for_envelope();
    }
  }

 private:
  errc code() const { return facts_.code(); }
  error_class group() const { return facts_.group(); }
  const verdict& answer() const { return facts_.answer; }
  const verify_options& options() const { return facts_.options; }
  const trust& trusted() const { return facts_.trusted; }
  const envelope_view& shown() const { return facts_.shown; }
  const signature_view* signature() const { return facts_.signature(); }
  nv2::bytes signer() const { return facts_.signer(); }
  bool has_policy() const { return !trusted().statement().empty(); }

  std::string next_for_version() const {
    switch (code()) {
      case errc::version_too_low:
        return "do not go back to an older artifact; get a newer one from the publisher";
      case errc::version_ambiguous: return "ask the publisher for a signature of one reference";
      default:
        return fmt::format(
            "{} shows what was signed; --version-key names the annotation, without it "
            "the tag of the signed reference counts",
            inspection());
    }
  }
  // spec: W-060
  std::string next_for_timestamp() const {
    switch (code()) {
      case errc::timestamp_absent:
        return "get a signature with a timestamp; without a trust store of the type tsa, or "
               "--tsa-cert, none is asked for";
      case errc::timestamp_no_anchor:
      case errc::timestamp_path:
      case errc::timestamp_root:
        return fmt::format(
            "from a source you trust, acquire the root certificate of the timestamp service and {}",
            has_policy() ? "put it into a trust store of the type tsa that the policy names"
                         : "give it as --tsa-cert");
      case errc::timestamp_ahead: return "check the clock of this machine";
      case errc::timestamp_imprint:
        return "the timestamp belongs to another signature; get the file again from its source";
      case errc::timestamp_revoked:
        return "what this service stamped cannot be believed any more; get a signature with a "
               "timestamp of another one";
      case errc::timestamp_revocation: return next_for_revocation_data();
      default:
        return "get a signature with a timestamp of a service that follows the rule from the "
               "publisher";
    }
  }
  /// A certificate on hold may come back, others do not. // spec: R-023
  std::string next_for_revoked() const {
    constexpr std::int8_t hold = 6;
    if (answer().revocation.reason == hold) {
      return "the certificate is on hold: wait until its authority says more, and do not use the "
             "artifact before";
    }
    return "do not use the artifact; ask the publisher why, and for a signature with another "
           "certificate";
  }
  // spec: R-004 R-014
  std::string next_for_revocation_data() const {
    switch (code()) {
      case errc::revocation_time_unknown: return "give --time, or run where the clock is set";
      case errc::crl_ahead:
      case errc::ocsp_ahead: return "check the clock of this machine";
      case errc::crl_stale:
      case errc::ocsp_stale:
        return fmt::format("{}; --stale-revocation grace=DURATION lets old data count for a while",
                           next_for_current_data());
      default: return next_for_current_data();
    }
  }
  std::string next_for_current_data() const {
    if (!options().bundle.empty()) {
      return "get a newer bundle, or current revocation lists of the authority and give them as "
             "--crl";
    }
    return fmt::format("get a current revocation list of the authority and give it as --crl{}{}",
                       options().revocation.offline ? ", or leave --offline out" : "",
                       has_policy() ? "; a policy can set revocation to log or skip" : "");
  }
  std::string next_for_envelope() const {
    if (code() == errc::format_mismatch) {
      return "leave --format and --envelope-media-type out, or give the right ones";
    }
    if (code() == errc::format_unknown && has_policy() && options().format.empty()) {
      return "under a trust policy, signatures of the prototype count only with --format nv2-jwt "
             "or nv2-json";
    }
    if (code() == errc::signature_mismatch) {
      return "the file was changed, or another key made it; get it again from its source";
    }
    if (answer().is_stored) return "get the artifact again from its source, with its signatures";
    return fmt::format("get the file again from its source; {} shows what is in it", inspection());
  }
  std::string inspection() const {
    if (!options().bundle.empty()) return fmt::format("nv2 bundle show {}", options().bundle);
    const bool is_file = !answer().is_stored && !find_stored_target(options().signature);
    return fmt::format("nv2 inspect {}", is_file ? options().signature : "FILE");
  }

  /// Where a certificate of the chain would have to be trusted. // spec: S-020 W-030
  std::string next_for_anchor() const {
    const certificate_view last = end_of_chain();
    const std::string what = last.self_issued
                                 ? fmt::format("'{}' (SHA-256 {})", last.subject, last.sha256)
                                 : fmt::format("of the authority '{}'", last.issuer);
    const char* const place = has_policy()
                                  ? "put it into a trust store that the policy names"
                                  : "give it as --ca-cert (--sa-cert for a signing authority)";
    return fmt::format("from a source you trust, acquire the certificate {} and {}", what, place);
  }

  /// Which certificate would complete the chain.
  std::string next_for_chain() const {
    if (signature() == nullptr || signature()->certificates.empty()) return next_for_key();
    if (facts_.is_notary() || has_policy()) return next_for_anchor();
    const certificate_view last = end_of_chain();
    const std::string leaf = subject_of(signer());
    if (last.self_issued && last.sha256 == view_certificate(signer()).sha256) {
      return fmt::format(
          "from a source you trust, acquire the certificate '{}' (SHA-256 {}) and give it as "
          "--cert",
          leaf, last.sha256);
    }
    if (last.self_issued) {
      return fmt::format(
          "from a source you trust, acquire the certificate '{}' (SHA-256 {}) and give it as "
          "--ca-cert, "
          "or that of the signer '{}' and give it as --cert",
          last.subject, last.sha256, leaf);
    }
    return fmt::format(
        "from a source you trust, acquire the certificate of the authority '{}' and give it as "
        "--ca-cert, "
        "or that of the signer '{}' and give it as --cert",
        last.issuer, leaf);
  }

  /// A certificate was found by its name, but its key did not sign.
  std::string next_for_namesake() const {
    return fmt::format(
        "an authority of the right name was found, with another key; is it an older certificate? "
        "{}",
        next_for_chain());
  }

  /// The last certificate that the names in x5c lead to from the signer.
  certificate_view end_of_chain() const {
    std::vector<certificate_view> rest;
    for (const byte_buffer& der : signature()->certificates)
      rest.push_back(view_certificate(view_of(der)));
    certificate_view last = rest.front();
    for (std::size_t steps = 0; steps < rest.size() && !last.self_issued; ++steps) {
      for (const certificate_view& candidate : rest) {
        if (!candidate.readable || candidate.subject != last.issuer) continue;
        last = candidate;
        break;
      }
    }
    return last;
  }

  std::string next_for_key() const {
    if (code() == errc::kid_not_found && signature() != nullptr) {
      return fmt::format(
          "from a source you trust, acquire the certificate of the key {} and give it as --cert; "
          "a --ca-cert does not help here",
          signature()->key_id);
    }
    if (code() == errc::no_anchors && has_policy())
      return "put certificates into the trust stores that the policy names";
    if (code() == errc::no_anchors)
      return "give the certificate of the signer as --cert or of its authority as --ca-cert";
    return next_for_envelope();
  }

  std::string next_for_reference() const {
    if (code() == errc::common_name_refused)
      return "the publisher needs a certificate with subjectAltName";
    if (code() == errc::identity_mismatch) {
      return fmt::format(
          "if you trust '{}', add it to {}, without what may change", subject_of(signer()),
          has_policy() ? "the trustedIdentities of the policy" : "the values of --identity");
    }
    if (code() >= errc::subject_type && code() <= errc::subject_text) {
      return "no identity can name such a subject; only * matches it";
    }
    if (code() == errc::host_not_covered) {
      return "only the owner of that registry name may sign for it; ask the publisher for a "
             "signature "
             "with a certificate that covers it";
    }
    return "the publisher has to name the registry in full: registry.example.com/name:tag";
  }

  std::string signed_media_type() const {
    const shown_json& claims = shown().claims;
    const bool has_target = claims.is_object() && claims.contains("targetArtifact");
    const shown_json& target = has_target ? claims.at("targetArtifact") : claims;
    const bool known = target.is_object() && target.contains("mediaType");
    return known ? compact(target.at("mediaType")) : "?";
  }

  std::string next_for_artifact() const {
    if (answer().is_stored) return "do not use this artifact; get it again from its source";
    if (code() == errc::artifact_media_type) {
      return fmt::format(
          "the signature is for the media type {}; give --media-type when the artifact is of it",
          signed_media_type());
    }
    if (code() == errc::reference_digest) return next_for_envelope();
    if (code() == errc::blob_algorithm) return "the publisher has to sign with nv2 or notation";
    return fmt::format(
        "do not use this manifest; get it again byte for byte, or compare it with {}",
        inspection());
  }

  std::string next_for_certificate_time() const {
    return fmt::format(
        "judged at {}: check the clock, or get a signature with a current certificate",
        answer().time.known() == nv2::time_basis::kind::unknown
            ? "an unknown time"
            : instant_text(answer().time.value()));
  }

  const refusal_facts& facts_;
};

}  // namespace

nv2::bytes refusal_facts::signer() const {
  if (signature() == nullptr) return {};
  if (!signature()->certificates.empty()) return view_of(signature()->certificates.front());
  for (const nv2::trust_anchor& anchor : trusted.anchors(false)) {
    if (view_certificate(anchor.der).kid == signature()->key_id) return anchor.der;
  }
  return {};
}

std::string next_step_for(const refusal_facts& facts) { return adviser{facts}.next(); }

/// The deviation that accepts what `code` refuses, for those who have old files to live with.
const char* deviation_for(errc code) {
  switch (code) {
    case errc::json_duplicate_name: return "dup_last_wins";
    case errc::base64_character:
    case errc::base64_trailing_bits: return "b64_lenient";
    case errc::json_trailing: return "nv2_trailing_data";
    case errc::claim_references_empty: return "nv2_empty_references";
    case errc::kid_mismatch: return "nv2_ignore_kid";
    case errc::reference_unqualified: return "nv2_docker_default";
    case errc::signer_purpose: return "nv2_no_eku";
    case errc::key_too_small: return "nv2_min_rsa_bits=N";
    case errc::jws_member_unknown: return "jws_extra_top";
    case errc::jws_name_in_both: return "jws_overlap_names";
    case errc::cose_label_in_both: return "cose_overlap_labels";
    case errc::ca_basic_constraints: return "ca_bc_noncritical";
    case errc::ca_key: return "weak_ca_keys";
    case errc::notary_time_ahead: return "sa_allow_future";
    case errc::timestamp_crls: return "ts_allow_crls";
    case errc::timestamp_imprint_choice: return "ts_any_imprint_hash";
    case errc::timestamp_ahead: return "ts_allow_future";
    default: return nullptr;
  }
}

}  // namespace client
