// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The image verifier that containerd starts from its plugin directory for each image that is to be pulled:
//
//   nv2-containerd-verifier -name NAME -digest DIGEST -stdin-media-type TYPE  < descriptor
//
// Exit code 0 lets the image be pulled, any other does not; standard output tells why. Nothing else ever ends
// with 0, neither help nor version.
#include <sys/types.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enforcement.hpp"
#include "errors.hpp"
#include "file_io.hpp"
#include "image_request.hpp"
#include "program.hpp"
#include "reason.hpp"
#include "refusal.hpp"
#include "terminal.hpp"
#include "verify.hpp"

namespace containerd {
namespace {

using client::exit_code;
using client::failure;
using client::next_step;

constexpr std::size_t max_descriptor = std::size_t{1} << 20;
/// Until the configuration tells another limit.
constexpr unsigned first_seconds = 9;

/// Ends the program in time, whatever it waits for: containerd would end it without a reason.
extern "C" void end_late(int) {
  constexpr char why[] =
      "not verified in time; next: see whether the registry can be reached, or "
      "raise \"timeout\" in the configuration of nv2 and per_verifier_timeout in "
      "that of containerd\n";
  static_cast<void>(::write(STDOUT_FILENO, why, sizeof why - 1) < 0);
  ::_exit(static_cast<int>(exit_code::unavailable));
}

std::string find_configuration(const image_request& asked) {
  if (!asked.config.empty()) return asked.config;
  const std::string own = client::enforcement_beside("/proc/self/exe");
  return own.empty() ? client::default_enforcement : own;
}

client::enforcement read_configuration(const image_request& asked) {
  const std::string path = find_configuration(asked);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw failure(exit_code::usage, fmt::format("there is no configuration: {}", path),
                  {next_step("write it; until then nothing is pulled")});
  }
  return client::read_enforcement(path);
}

/// Keeps the program hermetic: what tells it whom to trust is the configuration, no variable.
void set_environment(const client::enforcement& rules) {
  for (const char* const name : {"NOTATION_CONFIG", "XDG_CONFIG_HOME"}) ::unsetenv(name);
  if (::setenv("DOCKER_CONFIG", rules.docker_config.c_str(), 1) != 0) throw std::bad_alloc();
}

exit_code tell(const client::diagnostic& message, exit_code code, bool is_verbose) {
  if (is_verbose) client::print_diagnostic(message, client::color_choice::never);
  client::print_result(reason_line(message) + "\n");
  return code;
}

/// Whether the registry tells us of the same thing as containerd. A manifest that is taken for one of another
/// type can mean something else.
void check_same(const client::owned_descriptor& ours, const image_descriptor& theirs) {
  const auto refuse = [&](const char* what, const std::string& one, const std::string& other) {
    throw failure(
        exit_code::refused,
        fmt::format("containerd was told another {} of the image: {}, not {}", what, other, one),
        {next_step("do not use this image; tell who runs the registry")});
  };
  if (ours.digest != theirs.digest) refuse("digest", ours.digest, theirs.digest);
  if (ours.media_type != theirs.media_type) {
    refuse("media type", ours.media_type, theirs.media_type);
  }
  const auto size = static_cast<std::uint64_t>(ours.size);
  if (size != theirs.size) refuse("size", std::to_string(size), std::to_string(theirs.size));
}

exit_code judge(const image_request& asked, const client::enforcement& rules) {
  const image_descriptor image =
      parse_descriptor(client::view_of(client::read_stdin("descriptor", max_descriptor)), asked);
  const image_name name = parse_name(asked);
  const client::verify_options options =
      rules.options_for(name.host, name.repository, image.digest);
  const client::examination done = client::examine(options);
  const client::verdict& answer = done.answer;
  if (answer.accepted && (!done.artifact || answer.digest != image.digest)) {
    throw failure(exit_code::unavailable, "internal error: something else was verified");
  }
  if (done.artifact) check_same(*done.artifact, image);
  if (answer.accepted || answer.skipped) {
    client::print_result(acceptance(done) + "\n");
    return exit_code::ok;
  }
  return tell(
      client::explain_refusal(answer, options, client::view_of(done.envelope), done.trusted),
      client::exit_code_of(answer.status.code), rules.is_verbose);
}

exit_code run(const std::vector<std::string>& words) {
  bool is_verbose = false;
  try {
    const image_request asked = read_arguments(words);
    const client::enforcement rules = read_configuration(asked);
    is_verbose = rules.is_verbose;
    ::alarm(rules.timeout_seconds);
    set_environment(rules);
    return judge(asked, rules);
  } catch (const failure& reason) {
    return tell(reason.message(), reason.code(), is_verbose);
  } catch (const std::bad_alloc&) {
    return tell({"not enough memory", {}}, exit_code::unavailable, is_verbose);
  } catch (const std::exception& reason) {
    return tell({fmt::format("internal error: {}", reason.what()), {}}, exit_code::unavailable,
                is_verbose);
  }
}

}  // namespace
}  // namespace containerd

int main(int argc, char** argv) {
  client::prepare_program();
  static_cast<void>(std::signal(SIGALRM, containerd::end_late));
  ::alarm(containerd::first_seconds);
  try {
    return static_cast<int>(
        containerd::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
  } catch (const std::exception&) {
    return static_cast<int>(client::exit_code::unavailable);
  }
}
