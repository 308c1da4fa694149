// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Files of trust stores, written whole or not at all.
#include "trust_keys.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <nv2/trust/policy_statement.hpp>

#include "acquisition_file.hpp"
#include "base64_text.hpp"
#include "certificate_view.hpp"
#include "http.hpp"
#include "policy_file.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "time_text.hpp"
#include "trust_store.hpp"

namespace client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_key_file = std::size_t{1} << 20, name_digits = 16;

std::string configuration_of(const trust_key_options& options) {
  return options.config.empty() ? default_configuration() : options.config;
}

[[noreturn]] void refuse(std::string what, std::string next) {
  throw failure(exit_code::usage, std::move(what), {next_step(std::move(next))});
}

nv2::store_name parsed_store(const std::string& text) {
  nv2::store_name out;
  const nv2::errc code = nv2::parse_store_name(nv2::bytes::of(text), out);
  if (code == nv2::errc::ok) return out;
  throw failure(
      exit_code::usage, fmt::format("{}: {}", nv2::message(code), text),
      {{"rule", rule_text(code)}, next_step("write ca:name, signingAuthority:name or tsa:name")});
}

std::string pem_text(nv2::bytes der) {
  constexpr std::size_t line = 64;
  const std::string text = base64_standard(der);
  std::string out = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += line) out += text.substr(i, line) + "\n";
  return out + "-----END CERTIFICATE-----\n";
}

/// Whether somebody is there who can be asked, or need not be.
void require_answer(const trust_key_options& options, bool is_pinned) {
  if (options.yes || is_pinned || ::isatty(STDIN_FILENO) != 0) return;
  refuse("nobody can be asked here", "give --yes if you have compared it");
}

/// Asks the person at the terminal, unless that is not needed.
bool is_confirmed(const trust_key_options& options, bool is_pinned, const char* question) {
  if (options.yes || is_pinned) return true;
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// nv2 trust add.
class key_adder {
 public:
  explicit key_adder(const trust_key_options& options)
      : options_(options),
        config_(configuration_of(options)),
        keys_(read_acquisitions(config_)),
        entry_(find_acquirable(keys_, options.name)) {}

  exit_code run() {
    const std::string store = !options_.store.empty() ? options_.store
                              : entry_ != nullptr     ? entry_->store
                                                      : "";
    const std::string source = !options_.source.empty() ? options_.source
                               : entry_ != nullptr      ? entry_->url
                                                        : "";
    if (store.empty() || source.empty()) {
      refuse(fmt::format("acquire.json has no entry for {}", options_.name),
             "give --from and --store, or add one to " + config_ + "/acquire.json");
    }
    pin_ = wanted_pin();
    const nv2::store_name name = parsed_store(store);
    const trust_store before = read_trust_store(stores_of_configuration(config_), name);
    const std::vector<stored_certificate> found =
        check_store_file(name.type, store, source, get(source));
    if (found.empty()) refuse("there is no certificate: " + source, "give another --from");
    check_pin(found, source);
    require_answer(options_, !pin_.empty());
    for (const stored_certificate& each : found) describe(each, store);
    if (!is_confirmed(options_, !pin_.empty(), "trust it?")) return exit_code::refused;
    write(before, found);
    note_policies(store);
    return exit_code::ok;
  }

 private:
  /// The SHA-256 that was typed or written into the table, "" = none. Neither overrules the other.
  std::string wanted_pin() const {
    const std::string written = entry_ == nullptr ? "" : entry_->sha256;
    if (options_.sha256.empty() || written.empty() || options_.sha256 == written) {
      return options_.sha256.empty() ? written : options_.sha256;
    }
    refuse("acquire.json pins another certificate: " + written,
           "find out which of the two is right; " + config_ + "/acquire.json may be out of date");
  }
  byte_buffer get(const std::string& source) const {
    if (!is_web_url(source)) return read_file(source, "certificate file", max_key_file);
    const bool is_plain = source.compare(0, 5, "https") != 0 && source.compare(0, 5, "HTTPS") != 0;
    if (is_plain && pin_.empty() && !options_.insecure) {
      refuse("anybody on the way could replace what comes by http: " + source,
             "pin the certificate with --sha256, or give --insecure");
    }
    http_options how;
    how.offline = options_.offline;
    how.limit = max_key_file;
    return http_get(source, "certificate", how);
  }
  void check_pin(const std::vector<stored_certificate>& found, const std::string& source) const {
    if (pin_.empty()) return;
    const std::string sha256 = view_certificate(view_of(found.front().der)).sha256;
    if (found.size() == 1 && sha256 == pin_) return;
    throw failure(
        exit_code::refused, "it is not the certificate that was pinned: " + source,
        {{"pinned", pin_},
         {"found", found.size() == 1 ? sha256 : fmt::format("{} certificates", found.size())},
         next_step("nothing was changed; ask the owner of the key")});
  }
  void describe(const stored_certificate& each, const std::string& store) const {
    const certificate_view shown = view_certificate(view_of(each.der));
    std::string valid = "?";
    if (shown.not_before && shown.not_after) {
      valid =
          fmt::format("{} to {}", instant_text(*shown.not_before), instant_text(*shown.not_after));
    }
    for (const std::string& line :
         {fmt::format("certificate '{}'", shown.subject), "  SHA-256 " + shown.sha256,
          "  valid   " + valid, fmt::format("  goes to {} of {}", store, config_)}) {
      print_note(line, options_.color);
    }
  }
  /// All of them get into the store, or none.
  void write(const trust_store& before, const std::vector<stored_certificate>& found) const {
    std::vector<std::pair<std::string, std::unique_ptr<new_file>>> files;
    for (const stored_certificate& each : found) {
      if (is_there(before, each)) continue;
      const std::string path = new_path(before, each);
      const auto is_same = [&](const auto& other) { return other.first == path; };
      if (std::any_of(files.begin(), files.end(), is_same)) continue;
      files.emplace_back(
          path, std::make_unique<new_file>(path, pem_text(view_of(each.der)), links::refuse));
    }
    std::size_t done = 0;
    try {
      for (; done < files.size(); ++done) files[done].second->commit();
    } catch (...) {
      while (done-- > 0) files[done].second->withdraw();
      throw;
    }
    for (const auto& each : files) print_result(each.first + "\n");
  }
  bool is_there(const trust_store& before, const stored_certificate& each) const {
    const auto same = [&](const stored_certificate& other) { return other.der == each.der; };
    const auto at = std::find_if(before.certificates.begin(), before.certificates.end(), same);
    if (at == before.certificates.end()) return false;
    print_note("it is trusted already: " + at->path, options_.color);
    return true;
  }
  /// Where it goes. A file that is there has other certificates, which stay trusted.
  static std::string new_path(const trust_store& before, const stored_certificate& each) {
    std::error_code error;
    fs::create_directories(before.path, error);
    const std::string name = view_certificate(view_of(each.der)).sha256.substr(0, name_digits);
    std::string path = fmt::format("{}/{}.crt", before.path, name);
    if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
      throw failure(exit_code::refused, "a file of that name is there already: " + path,
                    {next_step("give it another name")});
    }
    return path;
  }
  /// A store that no statement names is trusted by nobody. // spec: S-022
  void note_policies(const std::string& store) const {
    bool has_policy = false;
    for (const nv2::policy_kind kind : {nv2::policy_kind::oci, nv2::policy_kind::blob}) {
      const std::string path = find_policy(config_, kind);
      if (path.empty()) continue;
      has_policy = true;
      const policy_file file{path, kind, {}};
      for (const nv2::policy_statement& statement : file.document().statements) {
        for (const nv2::bytes item : statement.stores) {
          if (item.as_text() == store) return;
        }
      }
    }
    if (has_policy) {
      print_note(
          fmt::format("no policy statement names the store {}: add it to trustStores", store),
          options_.color);
    }
  }

  const trust_key_options& options_;
  std::string config_, pin_;
  std::vector<acquirable_key> keys_;
  const acquirable_key* entry_;
};

/// All stores of a configuration, in order.
std::vector<trust_store> all_stores(const std::string& config) {
  const std::string root = stores_of_configuration(config);
  std::vector<trust_store> out;
  for (const char* const type : {"ca", "signingAuthority", "tsa"}) {
    std::error_code error;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path{root} / type, error)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const std::string text = fmt::format("{}:{}", type, name);
      out.push_back(read_trust_store(root, parsed_store(text)));
    }
  }
  return out;
}

exit_code list_keys(const trust_key_options& options) {
  nlohmann::ordered_json document = {{"schema", "nv2.trust/1"},
                                     {"certificates", nlohmann::ordered_json::array()}};
  std::string text;
  for (const trust_store& store : all_stores(configuration_of(options))) {
    for (const stored_certificate& each : store.certificates) {
      const certificate_view shown = view_certificate(view_of(each.der));
      text += fmt::format("{}  {}  {}  {}\n", store.name, shown.sha256, escaped(shown.subject),
                          escaped(each.path));
      document["certificates"].push_back({{"store", store.name},
                                          {"sha256", shown.sha256},
                                          {"subject", escaped(shown.subject)},
                                          {"file", escaped(each.path)}});
    }
  }
  print_result(options.output == output_form::json ? document.dump() + "\n" : text);
  return exit_code::ok;
}

/// The files of the store that have nothing but what is to go.
std::vector<std::string> files_to_remove(const trust_store& store, const std::string& sha256) {
  std::vector<std::string> out;
  for (const stored_certificate& each : store.certificates) {
    const bool goes = sha256.empty() || view_certificate(view_of(each.der)).sha256 == sha256;
    const auto in_file = [&](const stored_certificate& other) { return other.path == each.path; };
    const auto count = std::count_if(store.certificates.begin(), store.certificates.end(), in_file);
    if (!goes) continue;
    if (!sha256.empty() && count > 1) {
      refuse("the file has other certificates too: " + each.path, "edit the file");
    }
    if (std::find(out.begin(), out.end(), each.path) == out.end()) out.push_back(each.path);
  }
  return out;
}

exit_code remove_keys(const trust_key_options& options) {
  const trust_store store = read_trust_store(stores_of_configuration(configuration_of(options)),
                                             parsed_store(options.name));
  const std::vector<std::string> files = files_to_remove(store, options.sha256);
  if (files.empty()) {
    throw failure(exit_code::refused, "nothing to remove in the store " + store.name,
                  {next_step("nv2 trust list shows what is trusted")});
  }
  require_answer(options, false);
  for (const std::string& path : files) print_note("goes: " + path, options.color);
  if (!is_confirmed(options, false, "remove it?")) return exit_code::refused;
  for (const std::string& path : files) {
    std::error_code error;
    if (!fs::remove(path, error)) {
      throw failure(exit_code::unavailable,
                    fmt::format("cannot remove {}: {}", path, error.message()),
                    {next_step("check who may write there")});
    }
    print_result(path + "\n");
  }
  return exit_code::ok;
}

}  // namespace

exit_code run_trust(const trust_key_options& options) {
  switch (options.what) {
    case trust_action::add: return key_adder{options}.run();
    case trust_action::remove: return remove_keys(options);
    case trust_action::list: break;
  }
  return list_keys(options);
}

}  // namespace client
