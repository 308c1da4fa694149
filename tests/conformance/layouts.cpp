// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include <nv2/nv2.hpp>
#include <nv2/trust/policy_document.hpp>

#include "backends.hpp"

namespace nv2_conformance {
namespace {

using nv2::errc;

/// The checks by the names that the suite has for them. Whether a signature is for the artifact counts
/// among integrity there.
std::string check_name(nv2::check kind) {
  switch (kind) {
    case nv2::check::authenticity: return "authenticity";
    case nv2::check::authentic_timestamp: return "authenticTimestamp";
    case nv2::check::expiry: return "expiry";
    case nv2::check::revocation: return "revocation";
    default: return "integrity";
  }
}

/// What came of a scenario.
struct outcome {
  errc code = errc::unset;
  bool skipped = false;
  std::string failed_check;
  std::vector<std::string> logged_checks;
};

/// A layout of the suite, in memory.
struct layout {
  octets version, index;
  std::map<std::string, octets> blobs;

  explicit layout(const json& line)
      : version(text_of(line.at("oci_layout"))), index(text_of(line.at("index"))) {
    for (const auto& [digest, content] : line.at("blobs").items()) {
      blobs.emplace(digest, from_base64(content.get<std::string>()));
    }
  }
  static octets text_of(const json& part) {
    return from_text(part.is_string() ? part.get<std::string>() : part.dump());
  }

  errc read(const nv2::content_descriptor& wanted, const nv2::crypto_backend& crypto,
            nv2::bytes& out) const {
    const auto found = blobs.find(std::string(wanted.digest.as_text()));
    if (found == blobs.end()) return errc::signature_unavailable;
    out = view(found->second);
    nv2::static_workspace<1024> memory;
    return nv2::check_content(out, wanted, crypto, memory);
  }
};

/// A statement of a policy with the certificates of its stores.
class scenario_policy {
 public:
  errc parse(const json& scenario, const json& certificates, nv2::bytes reference) {
    text_ = from_text(scenario.at("policy").dump());
    NV2_TRY(nv2::parse_policy_document(view(text_), nv2::policy_kind::oci, nv2::compat::none,
                                       memory_, document_)
                .code);
    const nv2::policy_statement* found = nullptr;
    NV2_TRY(nv2::find_oci_statement(document_, reference, found));
    statement_ = *found;
    for (const nv2::bytes store : statement_.stores) {
      add_store(scenario.at("trust_store"), certificates, store);
    }
    return errc::ok;
  }
  /// There is one once parse() has found it.
  const nv2::policy_statement& statement() const { return statement_; }
  nv2::policy policy() const {
    return nv2::policy::strict({anchors_.data(), anchors_.size()}, nv2::revocation::not_checked())
        .with_actions(statement_.actions)
        .with_timestamps(statement_.verify_timestamp)
        .with_identities(statement_.identities);
  }

 private:
  void add_store(const json& stores, const json& certificates, nv2::bytes item) {
    nv2::store_name name;
    if (nv2::parse_store_name(item, name) != errc::ok) throw std::runtime_error("store name");
    const std::string key(item.as_text());
    if (!stores.contains(key)) return;
    for (const json& file : stores.at(key)) {
      const octets pem = from_text(certificates.at(file.get<std::string>()).get<std::string>());
      octets room(pem.size() + 1024);
      nv2::workspace memory{{room.data(), room.size()}};
      nv2::pem_reader reader{view(pem)};
      for (nv2::pem_block block; reader.next(block, memory);) {
        const nv2::bytes der = block.der;
        ders_.emplace_back(der.begin(), der.end());
        anchors_.push_back({view(ders_.back()), name.type});
      }
      if (reader.finish() != errc::ok) throw std::runtime_error("certificate");
    }
  }

  octets text_, room_ = octets(256 * 1024);
  nv2::workspace memory_{{room_.data(), room_.size()}};
  nv2::policy_document document_;
  nv2::policy_statement statement_;
  std::vector<octets> ders_;  // moving a vector of vectors leaves the bytes where they are
  std::vector<nv2::trust_anchor> anchors_;
};

/// Verifies the artifact of a layout that is tagged v1.
class examination {
 public:
  examination(const layout& where, const scenario_policy& trust, nv2::time_basis time,
              const nv2::crypto_backend& crypto)
      : where_(where), policy_(trust.policy()), time_(time), crypto_(crypto) {}

  outcome run() {
    nv2::static_workspace<8192> memory;
    outcome out;
    out.code = nv2::check_layout_file(view(where_.version), memory);
    if (out.code == errc::ok) out.code = find_artifact(memory);
    if (out.code == errc::ok) out.code = try_signatures();
    out.failed_check = out.code == errc::no_signature            ? "no-signature"
                       : out.code != errc::ok && failed_.empty() ? "integrity"
                                                                 : failed_;
    out.logged_checks = logged_;
    return out;
  }

 private:
  errc find_artifact(nv2::workspace& memory) {
    NV2_TRY(nv2::parse_image_index(view(where_.index),
                                   nv2::bytes::of(nv2::media_types::image_index), memory, index_));
    nv2::index_entries entries{index_};
    while (entries.next()) {
      nv2::content_descriptor entry;
      NV2_TRY(entries.read(memory_, entry));
      if (nv2::has_tag(entry, "v1")) artifact_ = entry;
    }
    NV2_TRY(where_.read(artifact_, crypto_, manifest_));
    return nv2::check_own_media_type(manifest_, artifact_.media_type, memory);
  }

  errc try_signatures() {
    nv2::signature_attempts attempts;
    nv2::index_entries entries{index_};
    while (entries.next()) {
      nv2::static_workspace<8192> memory;
      nv2::content_descriptor entry;
      nv2::signature_manifest signature;
      const errc found = find_signature(entries, memory, entry, signature);
      if (found == errc::manifest_not_signature || found == errc::manifest_subject) continue;
      if (!attempts.may_try()) break;
      attempts.add(found == errc::ok ? verify(signature.envelope) : found);
    }
    return attempts.result();
  }

  errc find_signature(const nv2::index_entries& entries, nv2::workspace& memory,
                      nv2::content_descriptor& entry, nv2::signature_manifest& out) const {
    NV2_TRY(entries.read(memory, entry));
    if (!nv2::equal(entry.media_type, nv2::media_types::image_manifest)) {
      return errc::manifest_not_signature;
    }
    nv2::bytes text;
    NV2_TRY(where_.read(entry, crypto_, text));
    const errc code = nv2::parse_signature_manifest(text, memory, out);
    if (out.subject.digest.empty()) return code;
    NV2_TRY(nv2::check_subject(out, artifact_));
    return code;
  }

  errc verify(const nv2::content_descriptor& wanted) {
    nv2::bytes envelope;
    failed_.clear();
    logged_.clear();
    NV2_TRY(where_.read(wanted, crypto_, envelope));
    octets room(nv2::workspace_bound(nv2::all_formats, envelope.size()) + nv2::timestamp_memory);
    nv2::workspace memory{{room.data(), room.size()}};
    const nv2::verifier verifier{crypto_, nv2::all_formats, policy_};
    const auto artifact = nv2::artifact::content(manifest_, artifact_.media_type.as_text());
    const nv2::verification answer =
        verifier.verify(envelope, artifact, time_, memory, wanted.media_type.as_text());
    for (std::size_t i = 0; i < nv2::check_count; ++i) {
      const auto kind = static_cast<nv2::check>(i);
      if (answer.report(kind) == nv2::outcome::failed) failed_ = check_name(kind);
      if (answer.report(kind) == nv2::outcome::logged) logged_.push_back(check_name(kind));
    }
    return answer.accepted() ? errc::ok : answer.status().code;
  }

  const layout& where_;
  const nv2::policy policy_;
  const nv2::time_basis time_;
  const nv2::crypto_backend& crypto_;
  nv2::static_workspace<8192> memory_;
  nv2::image_index index_;
  nv2::content_descriptor artifact_;
  nv2::bytes manifest_;
  std::string failed_;
  std::vector<std::string> logged_;
};

std::string reference_of(const json& scenario, const layout& where) {
  const json index = json::parse(where.index);
  for (const json& entry : index.at("manifests")) {
    if (entry.value("annotations", json::object()).value("org.opencontainers.image.ref.name", "") !=
        "v1") {
      continue;
    }
    return "localhost:5000/" + scenario.at("layout").get<std::string>() + "@" +
           entry.at("digest").get<std::string>();
  }
  throw std::runtime_error("no manifest has the tag v1");
}

outcome examine(const json& scenario, const layout& where, const json& certificates,
                const nv2::crypto_backend& crypto) {
  const octets reference = from_text(reference_of(scenario, where));
  scenario_policy policy;
  outcome out;
  out.code = policy.parse(scenario, certificates, view(reference));
  out.failed_check = "policy";
  if (out.code != errc::ok) return out;
  out.skipped = policy.statement().actions.skips_everything();
  if (out.skipped) return out;
  const auto time = nv2::time_basis::at(time_value(scenario.at("time")));
  return examination(where, policy, time, crypto).run();
}

verdict judge(const json& scenario, const layout& where, const json& certificates,
              const nv2::crypto_backend& crypto) {
  const outcome found = examine(scenario, where, certificates, crypto);
  const std::string failed = scenario.value("failed_check", "");
  if (found.code != errc::ok && !failed.empty() && failed != found.failed_check) {
    throw std::runtime_error("the check that failed is " + found.failed_check + ", not " + failed +
                             ": " + name(found.code));
  }
  verdict v = judged(found.code);
  if (const std::string logged = scenario.value("logged_check", ""); !logged.empty()) {
    const json all = found.logged_checks;
    compare(v, "logged",
            std::find(all.begin(), all.end(), logged) == all.end() ? all.dump() : logged, logged);
  } else {
    compare(v, "logged", json(found.logged_checks).dump(), "[]");
  }
  return v;
}

}  // namespace

std::vector<scorecard> run_layouts(const suite_folder& folder) {
  const json certificates = folder.document("certs.json");
  std::map<std::string, layout> layouts;
  folder.for_each([&](const json& line, const std::string& stem) {
    if (stem == "layouts") layouts.emplace(line.at("id"), layout(line));
  });
  std::vector<scorecard> cards;
  for (const nv2::crypto_backend* crypto : backends()) {
    scorecard card = folder.card(crypto->name);
    folder.for_each([&](const json& line, const std::string& stem) {
      if (stem == "layouts") return;
      card.run(line.at("id"), line.at("expect"), stem,
               [&] { return judge(line, layouts.at(line.at("layout")), certificates, *crypto); });
    });
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace nv2_conformance
