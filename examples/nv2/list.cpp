// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 list: an artifact, and a line for each of its signatures.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "artifact_source.hpp"
#include "attach.hpp"
#include "certificate_view.hpp"
#include "inspect.hpp"
#include "refusal.hpp"
#include "terminal.hpp"

namespace client {
namespace {

using json = nlohmann::ordered_json;

std::string format_of(const listed_signature& listed) {
  return listed.shown && !listed.shown->format.empty() ? listed.shown->format : "unknown";
}

/// Whose certificate comes first in the signature, "" = nobody's.
std::string signer_of(const listed_signature& listed) {
  if (!listed.shown || listed.shown->signatures.empty()) return {};
  const std::vector<byte_buffer>& chain = listed.shown->signatures.front().certificates;
  return chain.empty() ? std::string{} : view_certificate(view_of(chain.front())).subject;
}

std::string problem_of(const listed_signature& listed) {
  if (listed.found.code != nv2::errc::ok) return nv2::message(listed.found.code);
  if (listed.shown && !listed.shown->problems.empty()) return listed.shown->problems.front();
  return {};
}

std::string list_text(const layout_listing& listing, bool color) {
  std::string out = styled(escaped(listing.artifact.digest), style::bold, color) + "\n";
  for (const listed_signature& each : listing.signatures) {
    out += fmt::format("{}  {:<8}  {:>6}  {}\n", escaped(each.found.manifest), format_of(each),
                       each.found.envelope.size, escaped(signer_of(each)));
    if (const std::string problem = problem_of(each); !problem.empty()) {
      out += fmt::format("  {}\n", styled(escaped(problem), style::red, color));
    }
  }
  for (const found_signature& each : listing.unreadable) {
    out += fmt::format("{}  {}\n", escaped(each.manifest),
                       styled(nv2::message(each.code), style::red, color));
  }
  return out;
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string list_document(const layout_listing& listing) {
  json out{{"schema", "nv2.list/1"}};
  out["artifact"] = json{{"mediaType", listing.artifact.media_type},
                         {"digest", listing.artifact.digest},
                         {"size", listing.artifact.size}};
  out["signatures"] = json::array();
  for (const listed_signature& each : listing.signatures) {
    out["signatures"].push_back(json{{"manifest", each.found.manifest},
                                     {"envelope", text_or_null(each.found.envelope.digest)},
                                     {"size", each.found.envelope.size},
                                     {"format", format_of(each)},
                                     {"signer", text_or_null(signer_of(each))},
                                     {"problem", text_or_null(problem_of(each))}});
  }
  out["unreadable"] = json::array();
  for (const found_signature& each : listing.unreadable) {
    out["unreadable"].push_back(
        json{{"manifest", text_or_null(each.manifest)}, {"problem", nv2::message(each.code)}});
  }
  return out.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace

exit_code run_list(const list_options& options) {
  const auto target = find_stored_target(options.target);
  if (!target) {
    throw failure(exit_code::usage,
                  fmt::format("the target holds no list of signatures: {}", options.target),
                  {next_step("write docker://HOST/REPOSITORY:TAG or oci-layout:PATH:TAG")});
  }
  const layout_listing listing = read_listing(*target, options.registry);
  print_result(options.output == output_form::json
                   ? list_document(listing)
                   : list_text(listing, wants_color(options.color, stdout)));
  return exit_code::ok;
}

}  // namespace client
