// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Messages about refused signatures, built from the error and from what the envelope shows.
#include "refusal.hpp"

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_view.hpp"
#include "envelope_view.hpp"
#include "reference_check.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;
using nv2::error_class;

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
    default: return nullptr;
  }
}

void append_references(const shown_json& holder, std::vector<std::string>& out) {
  if (!holder.is_object() || !holder.contains("references")) return;
  for (const shown_json& entry : holder.at("references")) {
    if (entry.is_string()) out.push_back(entry.get<std::string>());
  }
}

/// All references in the claims, those of the older `manifests` form included.
std::vector<std::string> references_in(const shown_json& claims) {
  std::vector<std::string> out;
  append_references(claims, out);
  if (claims.is_object() && claims.contains("manifests")) {
    for (const shown_json& manifest : claims.at("manifests")) append_references(manifest, out);
  }
  return out;
}

/// A claim that is an instant, as text; "" when there is none.
std::string claimed_time(const shown_json& claims, const char* name) {
  if (!claims.is_object() || !claims.contains(name)) return {};
  const shown_json& value = claims.at(name);
  const bool fits =
      value.is_number_integer() &&
      (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  return fits ? instant_text(value.get<std::int64_t>()) : compact(value);
}

/// Everything that the parts of a message are made from.
class explanation {
 public:
  explanation(const verdict& answer, const verify_options& options, nv2::bytes envelope,
              const trust& trusted)
      : answer_(answer), options_(options), trusted_(trusted), shown_(view_envelope(envelope)) {}

  diagnostic build() {
    add_facts();
    add_next_step();
    return std::move(out_);
  }

 private:
  errc code() const { return answer_.status.code; }
  error_class group() const { return nv2::class_of(code()); }
  void add(const char* label, std::string text) {
    out_.details.push_back({label, std::move(text)});
  }

  /// The signature that the error is about, when there is only one.
  const signature_view* signature() const {
    return shown_.signatures.size() == 1 ? &shown_.signatures.front() : nullptr;
  }
  /// The signer's certificate as far as anybody has it.
  nv2::bytes signer() const {
    if (signature() == nullptr) return {};
    if (!signature()->certificates.empty()) return view_of(signature()->certificates.front());
    for (const nv2::trust_anchor& anchor : trusted_.anchors(false)) {
      if (view_certificate(anchor.der).kid == signature()->key_id) return anchor.der;
    }
    return {};
  }

  void add_facts() {
    out_.headline = headline();
    add("check", check_name(nv2::check_of(answer_.status)));
    add("rule", rule_text(code()));
    add_place();
    for (std::size_t i = 0; i < answer_.tried.size(); ++i) {
      add("signature", fmt::format("{}: {}, {}", i + 1, nv2::message(answer_.tried[i]),
                                   rule_text(answer_.tried[i])));
    }
    add_certificate();
    add_reference();
    add_policy();
  }

  void add_place() {
    const std::uint32_t offset = answer_.status.offset;
    const std::string near = offset == 0 ? "" : fmt::format(", near byte {}", offset);
    if (!answer_.in_layout) return add("file", options_.signature + near);
    add("layout", options_.target.substr(0, options_.target.find('@')));
    for (std::size_t i = 0; i < answer_.signatures.size(); ++i) {
      add_tried(fmt::format("{}", i + 1), answer_.signatures[i]);
    }
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < answer_.unreadable.size() && i < shown; ++i) {
      add_tried("not readable", answer_.unreadable[i]);
    }
    if (answer_.unreadable.size() > shown) {
      add("", fmt::format("and {} more", answer_.unreadable.size() - shown));
    }
  }
  /// A manifest by the beginning of its digest: nothing in a refusal shall look like a digest that
  /// one may use. // spec: N-174
  void add_tried(const std::string& which, const tried_signature& each) {
    const std::size_t colon = each.manifest.find(':');
    const std::string name = colon == each.manifest.npos
                                 ? std::string("an entry of an index")
                                 : "manifest " + each.manifest.substr(colon + 1, 12);
    add("signature",
        fmt::format("{}: {}: {}, {}", which, name, nv2::message(each.code), rule_text(each.code)));
  }

  void add_policy() {
    if (trusted_.statement().empty()) return;
    add("policy", fmt::format("statement '{}' (level {}) of {}", trusted_.statement(),
                              nv2::name(answer_.level), trusted_.policy_path()));
    if (group() != error_class::trust && group() != error_class::keynotfound) return;
    for (const used_store& store : trusted_.stores()) {
      const char* const state = !store.exists             ? "does not exist"  // spec: S-011
                                : store.certificates == 0 ? "has no certificate"
                                                          : nullptr;
      if (state != nullptr) add("store", fmt::format("{} {}: {}", store.name, state, store.path));
    }
  }

  std::string headline() const {
    if (group() == error_class::storage)
      return fmt::format("cannot verify: {}", nv2::message(code()));
    const char* const bound = group() == error_class::binding ? "manifest is not signed: " : "";
    return fmt::format("verification failure: {}{}", bound, nv2::message(code()));  // spec: N-174
  }

  bool concerns_signer() const {
    return group() == error_class::cert || group() == error_class::certtime ||
           group() == error_class::trust || group() == error_class::identity;
  }

  void add_certificate() {
    const bool named = signature() != nullptr && answer_.status.certificate >= 0;
    const std::size_t index = named ? static_cast<std::uint8_t>(answer_.status.certificate) : 0;
    const bool listed = named && index < signature()->certificates.size();
    if (!listed && !concerns_signer()) return;
    const nv2::bytes der = listed ? view_of(signature()->certificates[index]) : signer();
    if (der.empty()) return;
    const certificate_view shown = view_certificate(der);
    const std::string subject = shown.readable ? shown.subject : "unreadable";
    add("certificate", (listed ? fmt::format("x5c[{}] {}", index, subject) : subject));
    if (group() == error_class::certtime && shown.not_before && shown.not_after) {
      add("valid",
          fmt::format("{} to {}", instant_text(*shown.not_before), instant_text(*shown.not_after)));
    }
    if (code() == errc::host_not_covered)
      add("names", fmt::format("{}", fmt::join(shown.names, ", ")));
  }

  void add_reference() {
    if (signature() == nullptr) return;
    const auto refused =
        find_refused(references_in(shown_.claims), signer(), options_.deviations.flags);
    if (refused && refused->code == code()) add("reference", refused->text);
  }

  void add_next_step() {
    if (const char* const name = deviation_for(code()); name != nullptr) {
      add("relaxed by", fmt::format("--compat {}, for old files you have reason to trust", name));
    }
    add("next", next());
  }

  std::string next() const {
    if (code() == errc::signatures_left) return "give a larger --max-signatures";
    if (code() == errc::no_signature) {
      return "get a layout that has the signatures of the artifact too, or give a signature file "
             "with --signature";
    }
    switch (group()) {
      case error_class::trust: return next_for_chain();
      case error_class::keynotfound: return next_for_key();
      case error_class::identity: return next_for_reference();
      case error_class::binding: return next_for_artifact();
      case error_class::certtime: return next_for_certificate_time();
      case error_class::expired:
        if (is_notary()) return "get a newer signature from the publisher";
        return fmt::format("it was good until {}; get a newer signature from the publisher",
                           claimed_time(shown_.claims, "exp"));
      case error_class::notyet:
        return fmt::format("it starts at {}; check the clock of this machine",
                           claimed_time(shown_.claims, "nbf"));
      case error_class::clock: return "give --time, or run where the clock is set";
      case error_class::policy: return "give only one of the two certificates as --cert";
      case error_class::timestamp:
        return "this version verifies no timestamps; without a trust store of the type tsa, or "
               "--tsa-cert, none is asked for";
      case error_class::revunknown:
        return "this version reads no revocation data; a policy can set revocation to log or skip";
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

  std::string next_for_envelope() const {
    if (code() == errc::format_mismatch) {
      return "leave --format and --envelope-media-type out, or give the right ones";
    }
    if (code() == errc::signature_mismatch) {
      return "the file was changed, or another key made it; get it again from its source";
    }
    if (answer_.in_layout) return "get the layout again from its source, with its signatures";
    return fmt::format("get the file again from its source; {} shows what is in it", inspection());
  }
  std::string inspection() const {
    return fmt::format("nv2 inspect {}", answer_.in_layout ? "FILE" : options_.signature);
  }

  bool is_notary() const { return shown_.format == "jws" || shown_.format == "cose"; }

  /// Where a certificate of the chain would have to be trusted. // spec: S-020 W-030
  std::string next_for_anchor() const {
    if (signature() == nullptr || signature()->certificates.empty()) return next_for_envelope();
    const certificate_view root = view_certificate(view_of(signature()->certificates.back()));
    const std::string place = trusted_.statement().empty()
                                  ? "give it as --ca-cert (--sa-cert for a signing authority)"
                                  : "put it into a trust store that the policy names";
    return fmt::format("from a source you trust, acquire the certificate '{}' (SHA-256 {}) and {}",
                       root.subject, root.sha256, place);
  }

  /// Which certificate would complete the chain.
  std::string next_for_chain() const {
    if (is_notary()) return next_for_anchor();
    if (signature() == nullptr || signature()->certificates.empty()) return next_for_key();
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
    if (code() == errc::no_anchors)
      return "give the certificate of the signer as --cert or of its authority as --ca-cert";
    return next_for_envelope();
  }

  std::string next_for_reference() const {
    if (code() == errc::common_name_refused)
      return "the publisher needs a certificate with subjectAltName";
    if (code() == errc::identity_mismatch) {
      return fmt::format("if you trust '{}', add it to {}, without what may change",
                         subject_of(signer()),
                         trusted_.statement().empty() ? "the values of --identity"
                                                      : "the trustedIdentities of the policy");
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
    const shown_json& claims = shown_.claims;
    const bool has_target = claims.is_object() && claims.contains("targetArtifact");
    const shown_json& target = has_target ? claims.at("targetArtifact") : claims;
    const bool known = target.is_object() && target.contains("mediaType");
    return known ? compact(target.at("mediaType")) : "?";
  }

  std::string next_for_artifact() const {
    if (answer_.in_layout) return "do not use this artifact; get the layout again from its source";
    if (code() == errc::artifact_media_type) {
      return fmt::format(
          "the signature is for the media type {}; give --media-type when the artifact is of it",
          signed_media_type());
    }
    if (code() == errc::reference_digest) return next_for_envelope();
    if (code() == errc::blob_algorithm) return "the publisher has to sign with nv2 or notation";
    return fmt::format(
        "do not use this manifest; get it again byte for byte, or compare it with nv2 inspect {}",
        options_.signature);
  }

  std::string next_for_certificate_time() const {
    return fmt::format(
        "judged at {}: check the clock, or get a signature with a current certificate",
        answer_.time.known() == nv2::time_basis::kind::unknown
            ? "an unknown time"
            : instant_text(answer_.time.value()));
  }

  const verdict& answer_;
  const verify_options& options_;
  const trust& trusted_;
  envelope_view shown_;
  diagnostic out_;
};

}  // namespace

std::string rule_text(errc code) {
  return fmt::format("{} ({})", nv2::rule(code), nv2::name(code));
}

diagnostic explain_refusal(const verdict& answer, const verify_options& options,
                           nv2::bytes envelope, const trust& trusted) {
  return explanation{answer, options, envelope, trusted}.build();
}

}  // namespace client
