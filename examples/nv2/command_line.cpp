// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The program in terms of CLI11. Each command has its own file, command_line_*.cpp.
#include "command_line.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nv2/base/config.hpp>

#include "arguments.hpp"
#include "errors.hpp"
#include "option_values.hpp"

namespace client {
namespace {

constexpr const char* description =
    "Verifies and makes Notary v2 signatures of container manifests.\n"
    "Without TARGET the manifest is read from standard input.";

std::string exit_codes() {
  std::string out = "Exit codes:";
  for (const exit_code_text& each : exit_code_texts) {
    out += fmt::format("\n  {}  {}", static_cast<int>(each.code), each.meaning);
  }
  return out;
}

struct command_entry {
  std::string_view name;
  std::unique_ptr<command> (*make)(CLI::App&);
};
constexpr command_entry all_commands[] = {
    {"verify", make_verify_command},   {"run-if-trusted", make_run_command},
    {"explain", make_explain_command}, {"sign", make_sign_command},
    {"inspect", make_inspect_command}, {"attach", make_attach_command},
    {"list", make_list_command},       {"pull", make_pull_command},
    {"copy", make_copy_command},       {"policy", make_policy_command},
    {"trust", make_trust_command},     {"bundle", make_bundle_command},
    {"doctor", make_doctor_command}};

}  // namespace

class command_line::parser {
 public:
  /// When `first`, the first argument, is a command, only that one is made: all take milliseconds.
  explicit parser(std::string_view first) {
    app_.get_formatter()->column_width(34);
    app_.set_version_flag("-v,--version", fmt::format("nv2 version {}.{}.{}", NV2_VERSION_MAJOR,
                                                      NV2_VERSION_MINOR, NV2_VERSION_PATCH));
    app_.footer(exit_codes());
    app_.require_subcommand(0, 1);
    const auto chosen = std::find_if(std::begin(all_commands), std::end(all_commands),
                                     [&](const command_entry& each) { return each.name == first; });
    const bool is_chosen = chosen != std::end(all_commands);
    for (const command_entry& each : all_commands) {
      if (!is_chosen || each.name == first) commands_.push_back(each.make(app_));
    }
    std::vector<std::string> topics;
    for (const auto& each : commands_) topics.push_back(each->app().get_name());
    app_.add_subcommand("help", "prints the help of a command, or of compat")
        ->alias("h")
        ->add_option("COMMAND", topic_, fmt::format("{} or compat", fmt::join(topics, ", ")))
        ->type_name("");
  }

  request read(std::vector<std::string> arguments) {
    cut_command(arguments);
    std::vector<std::string> reversed = normalised(app_, arguments);
    std::reverse(reversed.begin(), reversed.end());
    try {
      app_.parse(reversed);
    } catch (const CLI::CallForVersion& wanted) {
      return print_request{std::string(wanted.what()) + "\n"};
    } catch (const CLI::CallForHelp&) {
      return print_request{app_.help()};
    } catch (const CLI::ExtrasError&) {
      refuse_extras();
    } catch (const CLI::ParseError& error) {
      throw failure(exit_code::usage, error.what(), {next_step("nv2 --help")});
    }
    return checked();
  }

  bool wants_json_verdict() const {
    const command* const chosen = parsed();
    return chosen != nullptr && chosen->gives_verdict() && chosen->typed("--output") == "json";
  }
  color_choice color() const {
    const std::string wanted = parsed() == nullptr ? "" : parsed()->typed("--color");
    if (wanted == "always") return color_choice::always;
    return wanted == "never" ? color_choice::never : color_choice::automatic;
  }

 private:
  /// Takes the command that is to be run away from the command that runs it.
  void cut_command(std::vector<std::string>& arguments) const {
    const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    if (dashes == arguments.end()) return;
    for (const auto& each : commands_) {
      if (!each->takes_command() || each->app().get_name() != arguments.front()) continue;
      each->give_command({dashes + 1, arguments.end()});
      arguments.erase(dashes, arguments.end());
      return;
    }
  }
  /// The command that was named, or null.
  const command* parsed() const {
    for (const auto& each : commands_) {
      if (each->app().parsed()) return each.get();
    }
    return nullptr;
  }

  /// The help of the program itself, even when `nv2 help` was the command.
  std::string overview() const {
    return app_.get_formatter()->make_help(&app_, "", CLI::AppFormatMode::Normal);
  }

  [[noreturn]] void refuse_extras() const {
    const std::vector<std::string> extras = app_.remaining(true);
    const std::string first = extras.empty() ? "" : extras.front();
    const bool option = first.size() > 1 && first[0] == '-';
    const bool is_command = app_.get_subcommands().empty();
    const char* const what = option       ? "unknown option"
                             : is_command ? "unknown command"
                                          : "unexpected argument";
    throw failure(exit_code::usage, fmt::format("{}: {}", what, first),
                  {next_step("nv2 --help and nv2 COMMAND --help list what this version knows")});
  }

  request checked() const {
    if (const command* const chosen = parsed(); chosen != nullptr) return chosen->checked();
    if (topic_.empty()) return print_request{overview()};  // spec: N-160
    if (topic_ == "compat") return print_request{compat_help()};
    for (const auto& each : commands_) {
      if (each->app().get_name() == topic_) return print_request{each->app().help("nv2")};
    }
    throw failure(exit_code::usage, fmt::format("unknown command: {}", topic_),
                  {next_step("nv2 --help")});
  }

  CLI::App app_{description, "nv2"};
  std::vector<std::unique_ptr<command>> commands_;
  std::string topic_;
};

command_line::command_line(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)),
      parser_(std::make_unique<parser>(arguments_.empty() ? "" : arguments_.front())) {}

command_line::~command_line() = default;

request command_line::read() { return parser_->read(arguments_); }

bool command_line::wants_json_verdict() const { return parser_->wants_json_verdict(); }

color_choice command_line::color() const { return parser_->color(); }

}  // namespace client
