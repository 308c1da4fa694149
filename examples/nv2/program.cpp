// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Standard streams and signals.
#include "program.hpp"

#include <fcntl.h>

#include <csignal>
#include <cstdlib>

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

}  // namespace client
