// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Options that several commands have.
#include "command.hpp"

#include <fmt/format.h>

#include "errors.hpp"

namespace client {

std::string last_typed(const CLI::App& app, const char* option) {
  const CLI::Option* const known = app.get_option_no_throw(option);
  if (known == nullptr || known->results().empty()) return {};
  return known->results().back();
}

std::string command::typed(const char* option) const { return last_typed(app_, option); }

CLI::Option* add_single(CLI::App& app, const char* names, std::string& value, const char* type,
                        const std::string& help) {
  return app.add_option(names, value, help)->type_name(type)->take_last();
}

CLI::Option* add_list(CLI::App& app, const char* names, std::vector<std::string>& values,
                      const char* type, const std::string& help) {
  return app.add_option(names, values, help)->type_name(type)->allow_extra_args(false);
}

void add_color(CLI::App& app, std::string& value) {
  add_single(app, "--color", value, "WHEN", "auto, always or never (default auto)");
}

void add_common(CLI::App& app, common_values& values) {
  add_single(app, "--media-type", values.media_type, "TYPE",
             fmt::format("media type of the manifest (default {})", default_media_type));
  add_list(app, "--compat", values.compat, "NAME",
           "named deviation from the rules, repeatable; nv2 help compat lists them");
  add_registry(app, values.registry);
  add_color(app, values.color);
}

void add_output_form(CLI::App& app, std::string& value) {
  add_single(app, "--output", value, "FORM", "what is printed: text or json (default text)");
}

void add_target(CLI::App& app, std::string& value) {
  app.add_option(
         "TARGET", value,
         "file:PATH or file:///ABSOLUTE/PATH; docker://HOST/REPOSITORY[:TAG|@DIGEST] or oci://… "
         "for "
         "a registry; oci-layout:PATH[:TAG|@DIGEST], where PATH is a directory, a tar archive, or "
         "- for one on standard input; none = the manifest on standard input")
      ->type_name("");
}

void require_flags(std::initializer_list<std::pair<const char*, const std::string*>> needed,
                   const char* command_name) {
  std::string missing;
  std::size_t count = 0;
  for (const auto& [name, value] : needed) {
    if (!value->empty()) continue;
    missing += (count++ == 0 ? "" : ", ") + std::string(name);
  }
  if (count == 0) return;
  throw failure(exit_code::usage,
                fmt::format("Required flag{} \"{}\" not set", count == 1 ? "" : "s", missing),
                {next_step(fmt::format("nv2 {} --help", command_name))});
}

}  // namespace client
