// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Standard streams and signals.
#include "program.hpp"

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace client {

void prepare_program() {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    const int opened = ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
    if (opened != number) std::abort();
  }
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
}

void hide_passwords(int count, char** arguments) {
  bool is_value = false;
  for (int i = 1; i < count; ++i) {
    char* const argument = arguments[i];
    const std::string_view text{argument};
    if (text == "--") return;  // the command that follows is not ours
    const std::size_t name = text.find_first_not_of('-');
    const std::size_t equals = std::min(text.find('='), text.size());
    const bool is_option = name == 1 || name == 2;
    const std::string_view word = is_option ? text.substr(name, equals - name) : std::string_view{};
    const bool is_password = word == "p" || word == "password";
    // -pTEXT, which is joined without a sign.
    const bool is_joined =
        name == 1 && text.substr(0, 2) == "-p" && text.substr(0, 9) != "-password";
    const std::size_t start = is_value                       ? 0
                              : is_password                  ? std::min(equals + 1, text.size())
                              : is_joined && word.size() > 1 ? 2
                                                             : text.size();
    is_value = !is_value && is_password && equals == text.size();
    std::fill(argument + start, argument + text.size(), 'x');
  }
}

}  // namespace client
