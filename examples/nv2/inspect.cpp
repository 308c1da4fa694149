// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 inspect: read, show, judge nothing.
#include "inspect.hpp"

#include <fmt/format.h>
#include <nv2/envelope/envelope.hpp>

#include "target.hpp"

namespace client {
namespace {

byte_buffer read_input(const std::string& file) {
  if (file == "-") return read_stdin("signature file", nv2::limits::envelope_size);
  const bool uri = file.find("://") != file.npos || file.compare(0, 5, "file:") == 0;
  return read_file(uri ? target_path(file) : file, "signature file", nv2::limits::envelope_size);
}

}  // namespace

exit_code run_inspect(const inspect_options& options) {
  const byte_buffer envelope = read_input(options.file);
  const envelope_view shown = view_envelope(view_of(envelope));
  const bool color = wants_color(options.color, stdout);
  print_result(options.output == output_form::json
                   ? inspection_document(shown, envelope.size())
                   : inspection_text(shown, envelope.size(), color));
  if (shown.problems.empty()) return exit_code::ok;
  print_diagnostic(
      {fmt::format("the file is not a well-formed signature: {}", shown.problems.front()),
       {{"file", options.file}}},
      options.color);
  return exit_code::refused;
}

}  // namespace client
