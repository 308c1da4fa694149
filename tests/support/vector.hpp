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
#include <stdexcept>
#include <string>
#include <string_view>
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
  };
  return names.at(name);
}

/// One case, with everything it refers to in memory.
struct vector_case {
  std::string name;
  nlohmann::json facts;
  blob envelope, artifact;
  std::vector<blob> certificates;
  std::vector<nv2::trust_anchor> anchors;
  std::string media_type, declared, expect;

  nv2::time_basis time() const {
    const auto value = facts["time"]["value"].get<std::int64_t>();
    const std::string basis = facts["time"]["basis"];
    if (basis == "at") return nv2::time_basis::at(value);
    if (basis == "not_before") return nv2::time_basis::not_before(value);
    return nv2::time_basis::unknown();
  }
  nv2::policy policy() const {
    nv2::policy trust =
        nv2::policy::strict({anchors.data(), anchors.size()}, nv2::revocation::not_checked())
            .with_min_rsa_bits(facts.value("min_rsa_bits", std::size_t{2048}));
    for (const std::string flag : facts["compat"]) trust = trust.with(compat_of(flag));
    return trust;
  }
  /// Judges `signature` in place of the case's own envelope.
  nv2::verification verify(const nv2::crypto_backend& crypto, nv2::bytes signature,
                           nv2::workspace& memory) const {
    const nv2::policy trust = policy();
    const nv2::verifier judge{crypto, nv2::all_formats, trust};
    return judge.verify(signature, nv2::artifact::content(view_of(artifact), media_type), time(),
                        memory, declared);
  }
};

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
    const bool signer = made.facts["anchors"][i]["role"] == "signer";
    made.anchors.push_back(
        {view_of(made.certificates[i]), signer ? nv2::anchor_role::signer : nv2::anchor_role::ca});
  }
  return made;
}

/// All cases of `area`, in order of their names.
inline std::vector<vector_case> load_cases(const std::string& area) {
  const std::filesystem::path root =
      std::filesystem::path{NV2_SOURCE_DIR} / "tests" / "vectors" / area;
  std::vector<vector_case> all;
  for (const auto& entry : std::filesystem::directory_iterator{root}) {
    if (entry.is_directory()) all.push_back(load_case(entry.path()));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace nv2_test

#endif  // NV2_TESTS_SUPPORT_VECTOR_HPP
