// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one place that knows Go's flag syntax.
#include "arguments.hpp"

#include <cstddef>
#include <string_view>

namespace client {
namespace {

/// The option of `command` that is spelled `name` without its dashes, or null.
const CLI::Option* find_option(const CLI::App& command, std::string_view name) {
  const std::string dashed = (name.size() == 1 ? "-" : "--") + std::string(name);
  return command.get_option_no_throw(dashed);
}

/// Rewrites the options of one command.
class rewriter {
 public:
  rewriter(const CLI::App& command, const std::vector<std::string>& arguments, std::size_t at)
      : command_(command), arguments_(arguments), at_(at) {}

  void run(std::vector<std::string>& out) {
    for (; at_ < arguments_.size() && arguments_[at_] != "--"; ++at_) rewrite(out);
    out.insert(out.end(), arguments_.begin() + static_cast<std::ptrdiff_t>(at_), arguments_.end());
  }

 private:
  void rewrite(std::vector<std::string>& out) {
    const std::string& argument = arguments_[at_];
    std::string_view name = argument;
    for (int dashes = 0; dashes < 2 && !name.empty() && name[0] == '-'; ++dashes) {
      name.remove_prefix(1);
    }
    const std::size_t equals = name.find('=');
    const CLI::Option* const option = name.size() == argument.size() || name.empty()
                                          ? nullptr
                                          : find_option(command_, name.substr(0, equals));
    if (option == nullptr || option->get_lnames().empty()) {
      out.push_back(argument);
      return;
    }
    const std::string canonical = "--" + option->get_lnames().front();
    if (equals != name.npos) {
      add(canonical, std::string(name.substr(equals + 1)), out);
    } else if (option->get_items_expected_min() == 0 && option->get_items_expected_max() != 0) {
      // A value that may be left out must be joined, but for the one that is no word.
      if (at_ + 1 < arguments_.size() && arguments_[at_ + 1] == "-") ++at_;
      add(canonical, "-", out);
    } else if (option->get_items_expected_max() == 0 || at_ + 1 == arguments_.size()) {
      out.push_back(canonical);
    } else {
      add(canonical, arguments_[++at_], out);
    }
  }
  /// Joined where the value could pass for an option, apart where it is empty.
  static void add(const std::string& name, const std::string& value,
                  std::vector<std::string>& out) {
    if (value.empty()) {
      out.push_back(name);
      out.push_back(value);
    } else {
      out.push_back(name + "=" + value);
    }
  }

  const CLI::App& command_;
  const std::vector<std::string>& arguments_;
  std::size_t at_;
};

}  // namespace

std::vector<std::string> normalised(const CLI::App& app,
                                    const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  if (arguments.empty()) return out;
  const auto named = [&](const CLI::App* command) { return command->check_name(arguments[0]); };
  const std::vector<const CLI::App*> found = app.get_subcommands(named);
  if (!found.empty()) out.push_back(arguments[0]);
  rewriter{found.empty() ? app : *found[0], arguments, out.size()}.run(out);
  return out;
}

}  // namespace client
