// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Verify, pin, become the command.
#include "run_if_trusted.hpp"

#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "artifact_source.hpp"
#include "target.hpp"
#include "terminal.hpp"
#include "verify.hpp"

namespace client {
namespace {

[[noreturn]] void refuse_tag(const std::string& argument) {
  throw failure(exit_code::usage,
                fmt::format("an argument of the command names the target without the digest that "
                            "is verified: {}",
                            argument),
                {next_step("write {} in its place: a tag may mean something else by then")});
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Whether a name goes on with `rest`, so that it is another name.
bool continues_name(std::string_view rest) {
  if (rest.empty()) return false;
  if (is_word(rest[0]) || rest[0] == '/') return true;
  return rest[0] == '.' && rest.size() > 1 && continues_name(rest.substr(1));
}

/// Whether `text` holds `name` as a whole without `pin` after it; "" = whatever begins like a digest will do.
bool names_unpinned(std::string_view text, std::string_view name, const std::string& pin) {
  const std::string wanted = "@" + pin;
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::string_view rest = text.substr(at + name.size());
    const bool begins =
        at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '.' && text[at - 1] != '/');
    const bool is_address = at > 1 && text.substr(at - 2, 2) == "//";
    const bool is_pinned = rest.substr(0, wanted.size()) == wanted;
    if ((begins || is_address) && !continues_name(rest) && !is_pinned) return true;
  }
  return false;
}

/// The ways to write a name of the registry that docker uses when none is named.
std::vector<std::string> names_of(const registry_target& target) {
  std::vector<std::string> out{target.name()};
  if (target.host != "docker.io") return out;
  constexpr std::string_view official = "library/";
  std::vector<std::string> names{target.repository};
  if (target.repository.compare(0, official.size(), official) == 0) {
    names.push_back(target.repository.substr(official.size()));
  }
  for (const std::string& each : names) {
    out.push_back("docker.io/" + each);
    out.push_back("index.docker.io/" + each);
    out.push_back("registry-1.docker.io/" + each);
    out.push_back(each);
  }
  return out;
}

/// What stands for the target in the command.
struct pinned_target {
  std::string digest, reference;
};

/// What was looked at; where the policy skipped, what the target means now, for nobody verified it.
std::string digest_of(const examination& done, const verify_options& options) {
  if (done.answer.accepted) return done.answer.digest;
  if (const auto stored = find_stored_target(options.target)) {
    return open_source(*stored, options.registry)->find_artifact().descriptor.digest;
  }
  return manifest_digest(read_manifest(options.target));
}

pinned_target pin(const std::string& digest, const std::string& target) {
  const auto registry = find_registry_target(target);
  return {digest, registry ? registry->name() + "@" + digest : digest};
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// The signals that a client handles in its own way.
void give_back_signals() {
  static_cast<void>(std::signal(SIGPIPE, SIG_DFL));
  static_cast<void>(std::signal(SIGXFSZ, SIG_DFL));
}

[[noreturn]] void become(const std::vector<std::string>& command, const pinned_target& target,
                         color_choice color) {
  std::vector<std::string> arguments;
  arguments.reserve(command.size());
  for (const std::string& each : command) {
    arguments.push_back(
        replaced(replaced(each, "{}", target.reference), "{digest}", target.digest));
  }
  std::vector<char*> pointers;
  pointers.reserve(command.size() + 1);
  for (std::string& each : arguments) pointers.push_back(each.data());
  pointers.push_back(nullptr);
  // NOLINTBEGIN(concurrency-mt-unsafe): one thread
  const bool is_set = ::setenv("NV2_DIGEST", target.digest.c_str(), 1) == 0 &&
                      ::setenv("NV2_REFERENCE", target.reference.c_str(), 1) == 0;
  // NOLINTEND(concurrency-mt-unsafe)
  if (!is_set) throw failure(exit_code::unavailable, "not enough memory");
  give_back_signals();
  ::execvp(pointers.front(), pointers.data());
  const int problem = errno;
  print_diagnostic(
      {fmt::format("cannot run the command: {}: {}", std::strerror(problem), arguments[0]),
       {next_step("the target is trusted; name a program that can be run")}},
      color);
  // As shells have it.
  ::_exit(problem == ENOENT ? 127 : 126);
}

[[noreturn]] void refuse_skipped(const examination& done) {
  throw failure(exit_code::refused, "NOT VERIFIED, NOT RUN: the policy skips verification",
                {{"policy", fmt::format("statement '{}' of {}", done.trusted.statement(),
                                        done.trusted.policy_path())},
                 next_step("give the statement another level than skip; --allow-skipped runs what "
                           "nobody has verified")});
}

/// A level that only takes note of who signed lets everybody pass, which is not what was asked for.
void refuse_stranger(const examination& done) {
  if (done.answer.of(nv2::check::authenticity) != nv2::outcome::logged) return;
  throw failure(
      exit_code::refused, "NOT TRUSTED, NOT RUN: the policy lets pass whoever signed",
      {next_step("give it the level strict or permissive; --allow-skipped runs what nobody "
                 "trusted has signed")});
}

}  // namespace

void check_pinned(const std::vector<std::string>& command, const std::string& target,
                  const std::string& digest) {
  const auto registry = find_registry_target(target);
  const auto layout = find_layout_target(target);
  std::vector<std::string> names;
  if (registry) names = names_of(*registry);
  if (layout && !layout->tag.empty()) names.push_back(layout->path + ":" + layout->tag);
  for (const std::string& argument : command) {
    for (const std::string& name : names) {
      if (names_unpinned(argument, name, digest)) refuse_tag(argument);
    }
  }
}

exit_code run_if_trusted(const run_options& options) {
  const verify_options& wanted = options.verified;
  check_pinned(options.command, wanted.target, {});
  pinned_target target;
  {
    // Everything that was opened is closed when the command takes over.
    const examination done = examine(wanted);
    if (done.answer.skipped) {
      if (!options.allows_skipped) refuse_skipped(done);
      report_skipped(done, wanted);
    } else if (!done.answer.accepted) {
      return report_refused(done, wanted);
    }
    print_logged(done.answer, wanted.color);
    if (!options.allows_skipped) refuse_stranger(done);
    target = pin(digest_of(done, wanted), wanted.target);
    check_pinned(options.command, wanted.target, target.digest);
  }
  become(options.command, target, wanted.color);
}

}  // namespace client
