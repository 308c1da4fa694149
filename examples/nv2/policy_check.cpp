// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Everything that is wrong with a configuration, each with its place, rule and next step.
#include "policy_check.hpp"

#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "policy_file.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "tolerant_json.hpp"
#include "trust_store.hpp"

namespace client {
namespace {

using nv2::policy_kind;

/// What was found about one document or store.
struct finding {
  std::string path;
  /// What is right with it; empty when a problem is told.
  std::string good;
  diagnostic problem;
  exit_code code = exit_code::ok;
};

const char* kind_name(policy_kind kind) { return kind == policy_kind::blob ? "blob" : "oci"; }

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Statements with scopes are about manifests, others about blobs.
policy_kind kind_by_content(nv2::bytes text) {
  std::vector<std::string> ignored;
  const shown_json document = read_tolerant(text, "", ignored);
  if (!document.is_object() || !document.contains("trustPolicies")) return policy_kind::oci;
  const shown_json& statements = document.at("trustPolicies");
  if (!statements.is_array() || statements.empty()) return policy_kind::oci;
  for (const shown_json& statement : statements) {
    if (statement.is_object() && statement.contains("registryScopes")) return policy_kind::oci;
  }
  return policy_kind::blob;
}

policy_kind kind_of(const std::string& path, const policy_check_options& options) {
  if (options.kind) return *options.kind;
  if (ends_with(path, "trustpolicy.blob.json")) return policy_kind::blob;
  if (ends_with(path, "trustpolicy.oci.json")) return policy_kind::oci;
  return kind_by_content(view_of(read_policy_text(path)));
}

/// Checks documents and stores one after the other.
class configuration_check {
 public:
  explicit configuration_check(const policy_check_options& options) : options_(options) {
    if (!options.store.empty()) {
      stores_ = options.store + "/x509";
    } else if (!options.config.empty() || options.files.empty()) {
      stores_ = stores_of_configuration(directory());
    }
  }

  std::vector<finding> run() {
    for (const std::string& path : options_.files) check_document(path, kind_of_file(path));
    if (options_.files.empty()) check_configuration();
    return std::move(found_);
  }

 private:
  std::string directory() const {
    return options_.config.empty() ? default_configuration() : options_.config;
  }

  void check_configuration() {
    for (const policy_kind kind : {policy_kind::oci, policy_kind::blob}) {
      if (options_.kind && *options_.kind != kind) continue;
      const std::string path = find_policy(directory(), kind);
      if (!path.empty()) check_document(path, kind);
    }
    if (!found_.empty()) return;
    const std::string path = policy_paths(directory(), options_.kind.value_or(policy_kind::oci))[0];
    const nv2::errc code = nv2::errc::policy_missing;
    add(path, failure(exit_code::usage, fmt::format("{}: {}", nv2::message(code), path),
                      {{"rule", rule_text(code)},  // spec: P-023
                       next_step("give the documents as FILE, or their directory as --config")}));
  }

  /// The kind, oci for a file that cannot be read, which is told later.
  policy_kind kind_of_file(const std::string& path) const {
    try {
      return kind_of(path, options_);
    } catch (const failure&) {
      return policy_kind::oci;
    }
  }

  void check_document(const std::string& path, policy_kind kind) {
    try {
      const policy_file file{path, kind, options_.deviations};
      const std::size_t count = file.document().statements.size();
      found_.push_back({path,
                        fmt::format("policy of kind {}, {} statement{}", kind_name(kind), count,
                                    count == 1 ? "" : "s"),
                        {},
                        exit_code::ok});
      if (!stores_.empty()) check_stores(file.document());
    } catch (const failure& reason) {
      add(path, reason);
    }
  }

  void check_stores(const nv2::policy_document& document) {
    for (const nv2::policy_statement& statement : document.statements) {
      for (const nv2::bytes item : statement.stores) {
        nv2::store_name name;
        const bool is_name = nv2::parse_store_name(item, name) == nv2::errc::ok;
        const bool is_new = is_name && known_.insert(std::string(item.as_text())).second;
        if (is_new) check_store(name, statement);
      }
    }
  }

  void check_store(nv2::store_name name, const nv2::policy_statement& statement) {
    try {
      const trust_store store = read_trust_store(stores_, name);
      const std::size_t count = store.certificates.size();
      if (count > 0) {
        found_.push_back({store.path,
                          fmt::format("trust store {}, {} certificate{}", store.name, count,
                                      count == 1 ? "" : "s"),
                          {},
                          exit_code::ok});
        return;
      }
      // spec: S-011
      add(store.path,
          failure(exit_code::usage,
                  fmt::format("the trust store {} {}: {}", store.name,
                              store.exists ? "has no certificate" : "does not exist", store.path),
                  {{"rule", "S-011"},
                   {"statement", std::string(statement.name.as_text())},
                   next_step("put the certificates there, or name another store")}));
    } catch (const failure& reason) {
      add(fmt::format("{}/{}/{}", stores_, store_type_name(name.type), name.name.as_text()),
          reason);
    }
  }

  void add(const std::string& path, const failure& reason) {
    // A file that is too large is a wrong one.
    const bool cannot = reason.code() == exit_code::unavailable;
    found_.push_back({path, {}, reason.message(), cannot ? reason.code() : exit_code::usage});
  }

  const policy_check_options& options_;
  /// "" = not known.
  std::string stores_;
  std::set<std::string> known_;
  std::vector<finding> found_;
};

shown_json document_of(const std::vector<finding>& findings, exit_code code) {
  shown_json list = shown_json::array();
  for (const finding& each : findings) {
    shown_json entry = {{"path", each.path}, {"ok", each.code == exit_code::ok}};
    entry["message"] = each.code == exit_code::ok ? each.good : each.problem.headline;
    for (const detail_line& line : each.problem.details) entry[line.label] = line.text;
    list.push_back(std::move(entry));
  }
  return {{"schema", "nv2.policy-check/1"},
          {"ok", code == exit_code::ok},
          {"findings", std::move(list)}};
}

}  // namespace

exit_code run_policy_check(const policy_check_options& options) {
  const std::vector<finding> findings = configuration_check{options}.run();
  exit_code worst = exit_code::ok;
  std::string good;
  for (const finding& each : findings) {
    if (each.code > worst) worst = each.code;
    if (each.code != exit_code::ok) print_diagnostic(each.problem, options.color);
    if (each.code == exit_code::ok)
      good += escaped(fmt::format("ok  {}: {}", each.path, each.good)) + "\n";
  }
  const bool wants_json = options.output == output_form::json;
  print_result(wants_json ? compact(document_of(findings, worst)) + "\n" : good);
  return worst;
}

}  // namespace client
