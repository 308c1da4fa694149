// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Signatures in the Notary Project's forms.
#include <fmt/format.h>
#include <nv2/base/config.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/binding.hpp>
#include <nv2/envelope/notary.hpp>
#include <nv2/x509/key.hpp>

#include "client_crypto.hpp"
#include "blob.hpp"
#include "certificate_view.hpp"
#include "errors.hpp"
#include "hex.hpp"
#include "notary_self_check.hpp"
#include "notary_writer.hpp"
#include "refusal.hpp"
#include "sign_job.hpp"
#include "tolerant_json.hpp"

namespace client {
namespace {

using nv2::errc;

/// The algorithm for signatures by `key`; none, and why in `code`, when there is no such.
nv2::signature_algorithm find_algorithm(const private_key& key, errc& code) {
  nv2::public_key parsed;
  code = nv2::parse_public_key(key.public_key_info(), parsed);
  if (code != errc::ok) return {};
  const nv2::signature_algorithm found = nv2::find_notary_algorithm(parsed);
  code = nv2::check_notary_algorithm(parsed, found);
  return found;
}

const char* hash_name(nv2::hash_algorithm hash) {
  switch (hash) {
    case nv2::hash_algorithm::sha384: return "sha384";
    case nv2::hash_algorithm::sha512: return "sha512";
    default: return "sha256";
  }
}

/// What hashing gives, with the hash that goes with the key. // spec: J-056 O-045
void hash_blob(const sign_target& target, nv2::hash_algorithm hash, target_descriptor& out) {
  nv2::static_workspace<1024> memory;
  nv2::hasher state{client_crypto, memory, hash};
  nv2::digest_value digest;
  errc code = errc::unset;
  if (target.path.empty()) {
    const auto artifact = nv2::artifact::blob(view_of(target.content));
    code = artifact.hash(state, INT64_MAX, digest, out.size);
  } else {
    blob_reader file{target.path};
    code = file.artifact({}).hash(state, INT64_MAX, digest, out.size);
    file.check();
  }
  if (code != errc::ok) throw failure(exit_code::unavailable, "the crypto library failed");
  out.digest = fmt::format("{}:{}", hash_name(hash), hex_text(digest.view()));
}

/// A manifest that names its own media type must be signed with it. // spec: O-042
void check_own_media_type(const sign_job& job) {
  std::vector<std::string> ignored;
  const shown_json manifest = read_tolerant(view_of(job.target.content), "manifest", ignored);
  if (!manifest.is_object() || !manifest.contains("mediaType")) return;
  const shown_json& own = manifest.at("mediaType");
  if (!own.is_string() || own.get_ref<const std::string&>() == job.target.media_type) return;
  const auto& text = own.get_ref<const std::string&>();
  throw failure(exit_code::refused, "cannot sign: the manifest names another media type",
                {{"rule", "O-042"},
                 {"manifest", text},
                 {"to be signed", job.target.media_type},
                 next_step(fmt::format("give --media-type {}, here and to nv2 verify", text))});
}

target_descriptor describe(const sign_job& job, nv2::hash_algorithm hash) {
  target_descriptor out;
  out.media_type = job.target.media_type;
  if (job.options.is_blob) {
    hash_blob(job.target, hash, out);
  } else {
    out.digest = job.target.digest;
    out.size = static_cast<std::int64_t>(job.target.content.size());
  }
  out.annotations.insert(job.options.user_metadata.begin(), job.options.user_metadata.end());
  return out;
}

notary_attributes make_attributes(const sign_job& job) {
  notary_attributes out;
  out.scheme = job.options.scheme;
  out.signing_time = whole_seconds(job.now);
  if (job.options.expiry != 0) out.expiry = out.signing_time + whole_seconds(job.options.expiry);
  out.signing_agent =
      fmt::format("nv2/{}.{}.{}", NV2_VERSION_MAJOR, NV2_VERSION_MINOR, NV2_VERSION_PATCH);
  return out;
}

/// What to do about a result that a verifier refuses.
const char* advice_for(errc code) {
  switch (nv2::class_of(code)) {
    case nv2::error_class::chain:
      return "give the certificate of the key first, then each issuer, and the root last";
    case nv2::error_class::cert:
      return "use certificates for code signing: digitalSignature alone for the key";
    default: return "use a key and certificates that follow the rule";
  }
}

[[noreturn]] void refuse_result(const nv2::status& reason, const sign_job& job) {
  std::vector<detail_line> details{{"rule", rule_text(reason.code)}};
  const auto place =
      static_cast<std::uint8_t>(reason.certificate);  // -1, none, is beyond any chain
  if (place < job.chain.size()) {
    const byte_buffer& der = job.chain[place];
    details.push_back({"certificate", fmt::format("{} of {}: {}", place + 1, job.chain.size(),
                                                  subject_of(view_of(der)))});
  }
  details.push_back(next_step(advice_for(reason.code)));
  throw failure(exit_code_of(reason.code) == exit_code::unavailable ? exit_code::unavailable
                                                                    : exit_code::refused,
                fmt::format("cannot sign: no verifier would accept the result: {}",
                            nv2::message(reason.code)),
                details);
}

}  // namespace

void check_notary_key(const private_key& key) {
  errc code = errc::unset;
  find_algorithm(key, code);
  if (code == errc::ok) return;
  throw failure(exit_code::refused, fmt::format("cannot sign: {}", nv2::message(code)),
                {{"rule", rule_text(code)},
                 next_step("use an RSA key of exactly 2048, 3072 or 4096 bits, or an EC key on "
                           "P-256, P-384 or P-521")});
}

made_signature make_notary_signature(const sign_job& job) {
  if (!job.options.is_blob) check_own_media_type(job);
  errc code = errc::unset;
  const nv2::signature_algorithm algorithm = find_algorithm(job.key, code);
  const target_descriptor target = describe(job, algorithm.hash);
  const std::string envelope =
      write_notary_envelope(job.options.form, notary_payload(target), make_attributes(job), job.key,
                            algorithm, job.chain);
  // spec: X-040 X-041 X-042 X-043 X-044 N-177
  const nv2::status checked = check_own_notary(job, envelope);
  if (!checked.ok()) refuse_result(checked, job);
  return {envelope, target};
}

}  // namespace client
