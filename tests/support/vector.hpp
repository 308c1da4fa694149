// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads tests/vectors/: a case is a folder with an envelope and a case.json.
#ifndef NV2_TESTS_SUPPORT_VECTOR_HPP
#define NV2_TESTS_SUPPORT_VECTOR_HPP

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <nv2/nv2.hpp>

namespace nv2_test {

using blob = std::vector<std::uint8_t>;

inline blob read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline nv2::bytes view_of(const blob& data) { return {data.data(), data.size()}; }

inline nv2::compat compat_of(std::string_view name) {
  static const std::map<std::string_view, nv2::compat> names = {
      {"dup_last_wins", nv2::compat::dup_last_wins},
      {"b64_lenient", nv2::compat::b64_lenient},
      {"nv2_trailing_data", nv2::compat::nv2_trailing_data},
      {"nv2_empty_references", nv2::compat::nv2_empty_references},
      {"nv2_ignore_kid", nv2::compat::nv2_ignore_kid},
      {"nv2_docker_default", nv2::compat::nv2_docker_default},
      {"nv2_strip_port", nv2::compat::nv2_strip_port},
      {"nv2_no_eku", nv2::compat::nv2_no_eku},
      {"nv2_exp_inclusive", nv2::compat::nv2_exp_inclusive},
      {"nv2_zero_is_absent", nv2::compat::nv2_zero_is_absent},
      {"nv2_ordered_x5c", nv2::compat::nv2_ordered_x5c},
      {"nv2_require_ku", nv2::compat::nv2_require_ku},
      {"nv2_san_only", nv2::compat::nv2_san_only},
      {"jws_extra_top", nv2::compat::jws_extra_top},
      {"jws_overlap_names", nv2::compat::jws_overlap_names},
      {"cose_crit_lenient", nv2::compat::cose_crit_lenient},
      {"cose_ignore_other_time", nv2::compat::cose_ignore_other_time},
      {"cose_overlap_labels", nv2::compat::cose_overlap_labels},
      {"cose_x5chain_bare", nv2::compat::cose_x5chain_bare},
      {"cose_x5chain_protected", nv2::compat::cose_x5chain_protected},
      {"eku_allow_any", nv2::compat::eku_allow_any},
      {"ca_bc_noncritical", nv2::compat::ca_bc_noncritical},
      {"weak_ca_keys", nv2::compat::weak_ca_keys},
      {"sa_allow_future", nv2::compat::sa_allow_future},
      {"crl_all_points", nv2::compat::crl_all_points},
      {"ts_allow_crls", nv2::compat::ts_allow_crls},
      {"ts_any_imprint_hash", nv2::compat::ts_any_imprint_hash},
      {"ts_allow_future", nv2::compat::ts_allow_future},
  };
  return names.at(name);
}

inline nv2::anchor_role role_of(std::string_view name) {
  static const std::map<std::string_view, nv2::anchor_role> names = {
      {"ca", nv2::anchor_role::ca},
      {"signing_authority", nv2::anchor_role::signing_authority},
      {"tsa", nv2::anchor_role::tsa},
      {"signer", nv2::anchor_role::signer},
  };
  return names.at(name);
}

/// The enumerator from `first` to `last` that has this name.
template <typename T>
T named(std::string_view name, T last) {
  for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) {
    if (nv2::name(static_cast<T>(i)) == name) return static_cast<T>(i);
  }
  throw std::runtime_error("unknown name " + std::string{name});
}

template <typename T>
nv2::view<T> view_of(const std::vector<T>& list) {
  return {list.data(), list.size()};
}

/// What a case of the Notary Project says beyond what all cases say. Views into `texts`.
struct statement {
  std::vector<std::string> texts;
  std::vector<nv2::bytes> identities;
  std::vector<std::string_view> understands;
  std::vector<nv2::required_annotation> metadata;
  nv2::validation_actions actions;

  explicit statement(const nlohmann::json& facts) {
    texts.reserve(2 * facts["user_metadata"].size() + facts["understands"].size() +
                  facts["identities"].size());  // what views point to must not move
    for (const auto& item : facts["identities"]) {
      identities.push_back(nv2::bytes::of(keep(item.get<std::string>())));
    }
    for (const auto& item : facts["understands"]) {
      understands.push_back(keep(item.get<std::string>()));
    }
    for (const auto& [key, value] : facts["user_metadata"].items()) {
      const std::string_view kept = keep(key);
      metadata.push_back({kept, keep(value.get<std::string>())});
    }
    actions = nv2::validation_actions{
        named(facts["level"].get<std::string>(), nv2::verification_level::skip)};
    nv2::action_overrides overrides;
    for (const auto& [kind, what] : facts["override"].items()) {
      if (overrides.set(named(kind, nv2::validation::revocation),
                        named(what.get<std::string>(), nv2::action::skip)) != nv2::errc::ok) {
        throw std::runtime_error("no such override");
      }
    }
    if (actions.apply(overrides) != nv2::errc::ok) throw std::runtime_error("override of skip");
  }
  std::string_view keep(std::string text) {
    texts.push_back(std::move(text));
    return texts.back();
  }
};

/// One case, with everything it refers to in memory.
struct vector_case {
  std::string name;
  nlohmann::json facts;
  blob envelope, artifact;
  std::vector<blob> certificates;
  std::vector<nv2::trust_anchor> anchors;
  std::string media_type, declared, expect;
  /// Null for the forms of the prototype.
  std::unique_ptr<statement> said;

  nv2::time_basis time() const {
    const auto value = facts["time"]["value"].get<std::int64_t>();
    const std::string basis = facts["time"]["basis"];
    if (basis == "at") return nv2::time_basis::at(value);
    if (basis == "not_before") return nv2::time_basis::not_before(value);
    return nv2::time_basis::unknown();
  }
  bool wants_revocation() const { return facts.value("revocation", "") == "no_data"; }
  nv2::policy policy() const {
    nv2::policy trust = nv2::policy::strict({anchors.data(), anchors.size()},
                                            wants_revocation() ? nv2::revocation::no_data()
                                                               : nv2::revocation::not_checked())
                            .with_min_rsa_bits(facts.value("min_rsa_bits", std::size_t{2048}));
    for (const std::string flag : facts["compat"]) trust = trust.with(compat_of(flag));
    if (said == nullptr) return trust;
    trust = trust.with_identities(view_of(said->identities))
                .with_actions(said->actions)
                .with_understood(view_of(said->understands));
    if (!said->metadata.empty()) trust = trust.with_user_metadata(view_of(said->metadata));
    return trust.with_timestamps(facts["verify_timestamp"] == "afterCertExpiry"
                                     ? nv2::timestamp_rule::after_cert_expiry
                                     : nv2::timestamp_rule::always);
  }
  nv2::artifact subject() const {
    const bool is_blob = facts.value("blob", false);
    return is_blob ? nv2::artifact::blob(view_of(artifact), media_type)
                   : nv2::artifact::content(view_of(artifact), media_type);
  }
  /// Judges `signature` in place of the case's own envelope.
  nv2::verification verify(const nv2::crypto_backend& crypto, nv2::bytes signature,
                           nv2::workspace& memory) const {
    const nv2::policy trust = policy();
    const nv2::verifier judge{crypto, nv2::all_formats, trust};
    return judge.verify(signature, subject(), time(), memory, declared);
  }
};

inline std::filesystem::path vectors_folder(const std::string& area) {
  return std::filesystem::path{NV2_SOURCE_DIR} / "tests" / "vectors" / area;
}

inline vector_case load_case(const std::filesystem::path& folder) {
  vector_case made;
  made.name = folder.filename().string();
  made.facts = nlohmann::json::parse(read_file(folder / "case.json"));
  made.envelope = read_file(folder / made.facts["envelope"].get<std::string>());
  made.artifact = read_file(folder / made.facts["artifact"].get<std::string>());
  made.media_type = made.facts["media_type"];
  made.declared = made.facts["declared"];
  made.expect = made.facts["expect"];
  for (const auto& anchor : made.facts["anchors"]) {
    made.certificates.push_back(read_file(folder / anchor["file"].get<std::string>()));
  }
  for (std::size_t i = 0; i < made.certificates.size(); ++i) {
    const std::string role = made.facts["anchors"][i]["role"];
    made.anchors.push_back({view_of(made.certificates[i]), role_of(role)});
  }
  if (made.facts.contains("level")) made.said = std::make_unique<statement>(made.facts);
  return made;
}

/// All cases of `area`, in order of their names.
inline std::vector<vector_case> load_cases(const std::string& area) {
  std::vector<vector_case> all;
  for (const auto& entry : std::filesystem::directory_iterator{vectors_folder(area)}) {
    if (entry.is_directory()) all.push_back(load_case(entry.path()));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_VECTOR_HPP
