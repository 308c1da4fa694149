// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// spawn RUNS PROGRAM [ARGUMENT...] - runs a program so many times, and prints a line for each: microseconds of wall time,
// kilobytes of peak memory, exit status. The peak of a process counts what it was before exec(), so the one that
// starts it must be small, which Python is not.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count < 3) return 2;
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", O_WRONLY, 0);
  for (int runs = std::atoi(arguments[1]); runs > 0; --runs) {
    const auto begin = std::chrono::steady_clock::now();
    pid_t child = 0;
    if (posix_spawn(&child, arguments[2], &silent, nullptr, arguments + 2, environ) != 0) return 1;
    int status = 0;
    rusage used{};
    while (wait4(child, &status, 0, &used) < 0) {
      if (errno != EINTR) return 1;
    }
    const auto time = std::chrono::steady_clock::now() - begin;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    std::printf("%lld %ld %d\n", static_cast<long long>(us), used.ru_maxrss,
                WIFEXITED(status) ? WEXITSTATUS(status) : 255);
  }
}
