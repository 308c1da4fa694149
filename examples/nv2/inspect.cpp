// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 inspect: read, show, judge nothing.
#include "inspect.hpp"

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>

#include "artifact_source.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace client {
namespace {

byte_buffer read_input(const std::string& file) {
  if (file == "-") return read_stdin("signature file", nv2::limits::envelope_size);
  const bool uri = file.find("://") != file.npos || file.compare(0, 5, "file:") == 0;
  return read_file(uri ? target_path(file) : file, "signature file", nv2::limits::envelope_size);
}

/// What is wrong with a signature first of all, or with what may be one, "" = nothing.
std::string first_problem(const layout_listing& listing) {
  for (const listed_signature& listed : listing.signatures) {
    if (listed.found.code != nv2::errc::ok) return nv2::message(listed.found.code);
    if (!listed.shown->problems.empty()) return listed.shown->problems.front();
  }
  if (!listing.unreadable.empty()) return nv2::message(listing.unreadable.front().code);
  return {};
}

exit_code finish(const inspect_options& options, const char* what, const std::string& problem) {
  if (problem.empty()) return exit_code::ok;
  print_diagnostic({fmt::format("{}: {}", what, problem), {{"file", options.file}}}, options.color);
  return exit_code::refused;
}

exit_code inspect_stored(const inspect_options& options, const stored_target& target) {
  const layout_listing listing = read_listing(target, options.registry);
  print_result(options.output == output_form::json
                   ? listing_document(listing)
                   : listing_text(listing, wants_color(options.color, stdout)));
  return finish(options, "not everything that may be a signature is well-formed",
                first_problem(listing));
}

}  // namespace

layout_listing read_listing(const stored_target& target, const registry_options& registry) {
  const std::unique_ptr<artifact_source> source = open_source(target, registry);
  const stored_artifact artifact = source->find_artifact();
  signature_list found = source->find_signatures(artifact);
  layout_listing out{artifact.descriptor, {}, std::move(found.unreadable)};
  for (found_signature& each : found.signatures) {
    listed_signature listed{std::move(each), {}};
    byte_buffer envelope;
    if (listed.found.code == nv2::errc::ok) {
      listed.found.code =
          source->read(listed.found.envelope.view(), nv2::limits::envelope_size, envelope);
    }
    if (listed.found.code == nv2::errc::ok) listed.shown = view_envelope(view_of(envelope));
    out.signatures.push_back(std::move(listed));
  }
  return out;
}

exit_code run_inspect(const inspect_options& options) {
  if (const auto target = find_stored_target(options.file)) return inspect_stored(options, *target);
  const byte_buffer envelope = read_input(options.file);
  const envelope_view shown = view_envelope(view_of(envelope));
  const bool color = wants_color(options.color, stdout);
  print_result(options.output == output_form::json
                   ? inspection_document(shown, envelope.size())
                   : inspection_text(shown, envelope.size(), color));
  return finish(options, "the file is not a well-formed signature",
                shown.problems.empty() ? "" : shown.problems.front());
}

}  // namespace client
