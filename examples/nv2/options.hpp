// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the command line asks for, checked.
#ifndef NV2_CLIENT_OPTIONS_HPP
#define NV2_CLIENT_OPTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nv2/base/compat.hpp>
#include <nv2/base/time.hpp>
#include <nv2/oci/attempts.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy_statement.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/trust/revocation.hpp>

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

/// Who is trusted: certificates and names from the command line, or a policy and trust stores.
struct trust_options {
  std::vector<std::string> certificates, ca_certificates, sa_certificates, tsa_certificates;
  std::vector<std::string> identities;
  /// Never skip; strict unless given.
  std::optional<nv2::verification_level> level;
  /// A policy document, a notation configuration directory, a directory with x509/TYPE/NAME.
  std::string policy, config, store;
  /// What a policy is looked up with: a repository for manifests, the name of a statement for blobs.
  std::string scope, policy_name;
  /// Where the target lies, "" = in no registry: the scope, unless another is given.
  std::string repository;
  /// So many different trusted signers must have signed, 0 = nothing is said, and these among them. A
  /// policy can only be made stricter by that.
  std::size_t threshold = 0;
  std::vector<std::string> required;

  /// What a policy, or a place where keys can be had, is looked up with.
  const std::string& lookup() const { return scope.empty() ? repository : scope; }
  /// Whether options of the command line say who is trusted.
  bool names_trust() const {
    return !certificates.empty() || !ca_certificates.empty() || !sa_certificates.empty() ||
           !tsa_certificates.empty() || !identities.empty() || level.has_value();
  }
};

/// Revocation data, and what may be done to have more.
struct revocation_options {
  /// Files of lists and of OCSP responses.
  std::vector<std::string> lists, responses;
  nv2::stale_rule stale = nv2::stale_rule::strict;
  std::uint32_t grace_seconds = 0;
  /// Nothing is got from the network.
  bool offline = false;
  /// Where copies of lists are kept, "" = in the cache of the user.
  std::string cache;

  /// Whether data was given, so that revocation counts without a policy too.
  bool has_data() const { return !lists.empty() || !responses.empty(); }
};

/// How registries are talked to. // spec: N-167
struct registry_options {
  /// "" = what docker's configuration knows.
  std::string username, password;
  /// Plain HTTP.
  bool insecure = false;
  /// Nothing is got from the network.
  bool offline = false;
  /// How many seconds all requests may take, but for the bodies of layers.
  long timeout = 120;
};

/// A key and the value that it must have.
using metadata_pair = std::pair<std::string, std::string>;

struct verify_options {
  std::string target, signature;
  /// More signature files, where signers are counted.
  std::vector<std::string> other_signatures;
  /// In place of signatures, "" = none; and the lowest counter that will do.
  std::string bundle;
  std::uint64_t bundle_floor = 0;
  trust_options trusted;
  revocation_options revocation;
  registry_options registry;
  /// The target is a blob, whose media type matters only when it is not "".
  bool is_blob = false;
  std::string media_type = default_media_type;
  /// --media-type was given.
  bool names_media_type = false;
  /// "" = any; else the name of the one format that may be used.
  std::string format;
  std::string envelope_media_type;
  std::vector<metadata_pair> user_metadata;
  /// The lowest version that will do, nothing = none is asked for: in the annotation `version_key`, ""
  /// = in the tag of the reference that was signed.
  std::optional<nv2::version> min_version;
  std::string version_key;
  /// Signatures of a layout that are tried at most. // spec: W-041
  std::size_t max_signatures = nv2::limits::attempts;
  /// Extended attributes that the caller processes.
  std::vector<std::string> understood;
  nv2::time_basis time = nv2::time_basis::unknown();
  leniency deviations;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;

  /// Whether revocation counts without a policy too: when data was given, and with a bundle, whatever is
  /// in it, so that taking lists out of a bundle never helps anybody.
  bool asks_for_revocation() const { return revocation.has_data() || !bundle.empty(); }
};

/// Many targets, one a line.
struct batch_options {
  /// What the lines do not say.
  verify_options common;
  /// "-" = standard input.
  std::string file;
  unsigned jobs = 1;
  /// Each target is judged by the clock as it then is.
  bool follows_clock = false;
};

/// A command that is run with what was verified.
struct run_options {
  verify_options verified;
  std::vector<std::string> command;
  /// Also where the policy skips verification.
  bool allows_skipped = false;
};

/// The same as verify, told in another way.
struct explain_options {
  verify_options verified;
};

struct policy_check_options {
  /// None = the documents of the configuration.
  std::vector<std::string> files;
  std::string config, store;
  /// Nothing = by the name of the file, or else its content.
  std::optional<nv2::policy_kind> kind;
  leniency deviations;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

enum class trust_action { add, list, remove };

struct trust_key_options {
  trust_action what = trust_action::list;
  /// Add: what acquire.json is looked up with. Remove: a store.
  std::string name;
  std::string source, store, config;
  /// Of the one certificate that is meant, "" = any.
  std::string sha256;
  bool offline = false, insecure = false, yes = false;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

enum class envelope_form { jwt, json, json_array, jws, cose };

/// Whether `form` is one of the Notary Project's.
constexpr bool is_notary(envelope_form form) { return form >= envelope_form::jws; }

struct sign_options {
  std::string target, key, certificates, output;
  std::vector<std::string> references;
  std::string media_type = default_media_type;
  envelope_form form = envelope_form::jwt;
  duration expiry = 0;
  /// The rest is for the forms of the Notary Project.
  nv2::signing_scheme scheme = nv2::signing_scheme::x509;
  /// To be signed as annotations.
  std::vector<metadata_pair> user_metadata;
  bool is_blob = false;
  /// Whether the signature goes into the target, which is a layout, in place of a file.
  bool attach = false;
  registry_options registry;
  leniency deviations;
  color_choice color = color_choice::automatic;
};

struct bundle_create_options {
  /// "" = the bundle does not tell what it is for.
  std::string target;
  std::string output;
  std::vector<std::string> signatures, lists, responses;
  std::string policy, reference;
  std::string media_type = default_media_type;
  /// --media-type was given.
  bool names_media_type = false;
  std::uint64_t counter = 0;
  registry_options registry;
  color_choice color = color_choice::automatic;
};

struct bundle_show_options {
  std::string file;
  /// Where the policy in the bundle goes, "" = nowhere.
  std::string extracted_policy;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

struct doctor_options {
  /// Artifacts in registries that must pass, and that must not.
  std::vector<std::string> trusted, untrusted;
  /// Policy and stores, unless containerd is examined.
  trust_options trusted_by;
  bool is_containerd = false;
  /// Each "" = the usual place.
  std::string bin_dir, containerd_config, verifier_config;
  registry_options registry;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

struct inspect_options {
  std::string file;
  registry_options registry;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

/// Signatures that exist already, to be put beside what they sign.
struct attach_options {
  std::string target;
  std::vector<std::string> signatures;
  /// "" = by content.
  std::string format;
  leniency deviations;
  registry_options registry;
  color_choice color = color_choice::automatic;
};

struct list_options {
  std::string target;
  registry_options registry;
  output_form output = output_form::text;
  color_choice color = color_choice::automatic;
};

/// A copy of an artifact and its signatures.
struct copy_options {
  /// What is copied, and by whom it must be signed.
  verify_options verified;
  std::string destination;
  /// Nobody looks at the signatures.
  bool is_unverified = false;
};

}  // namespace client

#endif  // NV2_CLIENT_OPTIONS_HPP
