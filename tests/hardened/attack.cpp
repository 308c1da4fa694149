// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Attacks the decision of a Cortex-M program with one fault at a time, in an emulator:
//   skip     each instruction that is executed is left out
//   invert   each conditional branch that is executed goes the other way
//   flip     each bit of r0 is turned at each return of a function
// An input that is refused without a fault must be refused with it; a hang or a crash is no yes either.
//
//   attack [--every N] [--fault KIND] IMAGE NUMBER
//
// The image has NUMBER inputs that it must refuse, and then one that it must accept. --every N: only each Nth fault.
// Prints `input KIND INPUT faults accepted refused crashed hung`, and for each wrong yes where the fault was. A yes is wrong
// wherever it comes from; memory holds what a verification of the good input left there.
// Exit status: 0 when done, 1 when an input is not judged like that, 2 for a wrong command line.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "faults.hpp"
#include "machine.hpp"

namespace {

struct counts {
  unsigned long faults = 0, by_ending[4] = {};
};

/// One input under one kind of fault.
class attack {
 public:
  attack(machine& board, const trace& golden, fault_kind kind, unsigned every)
      : board_(board), golden_(golden), kind_(kind), every_(every) {}

  counts run() {
    std::vector<fault> faults;
    memory_image memory = golden_.start;
    const std::vector<bool> inside = find_blocks(board_.code(), golden_);
    for (std::size_t step = golden_.begin; step + 1 < golden_.steps.size(); ++step) {
      memory.apply(golden_.writes, golden_.steps[step].writes_before);
      if (inside[step]) continue;
      if (step % check_step == 0 && board_.run(no_fault(golden_, step), memory) != golden_.end) {
        std::printf("error: without a fault, step %zu leads elsewhere\n", step);
        is_sound_ = false;
      }
      if (is_left_by_branch(board_.code(), golden_, step)) {
        std::printf("error: an IT block with a branch, at step %zu\n", step);
        is_sound_ = false;
      }
      faults.clear();
      find_faults(board_.code(), golden_, step, kind_, faults);
      for (const fault& each : faults) {
        if (number_++ % every_ == 0) judge(each, memory);
      }
    }
    return counts_;
  }
  /// Whether the emulator did what the attack takes for granted.
  bool is_sound() const { return is_sound_; }

 private:
  /// Of so many steps one is run on from without a fault.
  static constexpr std::size_t check_step = 41;

  void judge(const fault& each, const memory_image& memory) {
    const ending end = board_.run(each, memory);
    ++counts_.faults;
    ++counts_.by_ending[static_cast<std::size_t>(end)];
    if (end == ending::accepted) {
      std::printf("  accepted: %s at %#x, step %zu of %zu, bit %d\n", name(kind_), each.address,
                  each.from, golden_.steps.size(), each.bit);
    }
  }

  machine& board_;
  const trace& golden_;
  fault_kind kind_;
  unsigned every_;
  unsigned long number_ = 0;
  counts counts_;
  bool is_sound_ = true;
};

/// Attacks the input `number`, with what the good input `good` leaves in memory.
bool attack_input(machine& board, unsigned number, unsigned good, unsigned every,
                  const char* only) {
  board.restart();
  if (const trace t = board.record(good); t.end != ending::accepted) {
    std::printf("error: the good input is not accepted: %s %zu pc %x\n", name(t.end),
                t.steps.size(), t.steps.empty() ? 0 : t.steps.back().values[pc]);
    return false;
  }
  const trace golden = board.record(number);
  std::printf("input %u executes %zu instructions, %s\n", number,
              golden.steps.size() - golden.begin, name(golden.end));
  if (number == good) return true;
  if (golden.end != ending::refused) return false;
  for (const fault_kind kind : {fault_kind::skip, fault_kind::invert, fault_kind::flip}) {
    if (only != nullptr && std::strcmp(only, name(kind)) != 0) continue;
    attack one{board, golden, kind, every};
    const counts all = one.run();
    std::printf("input %s %u %lu %lu %lu %lu %lu\n", name(kind), number, all.faults,
                all.by_ending[0], all.by_ending[1], all.by_ending[2], all.by_ending[3]);
    std::fflush(stdout);
    if (!one.is_sound()) return false;
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  unsigned every = 1;
  const char* only = nullptr;
  int at = 1;
  for (; at + 1 < count && std::strncmp(arguments[at], "--", 2) == 0; at += 2) {
    if (std::strcmp(arguments[at], "--every") == 0) {
      every = static_cast<unsigned>(std::strtoul(arguments[at + 1], nullptr, 10));
    } else if (std::strcmp(arguments[at], "--fault") == 0) {
      only = arguments[at + 1];
    } else {
      return 2;
    }
  }
  if (at + 2 != count || every == 0) return 2;
  const auto good = static_cast<unsigned>(std::strtoul(arguments[at + 1], nullptr, 10));
  machine board{arguments[at]};
  bool right = true;
  for (unsigned input = 0; input <= good; ++input) {
    right = attack_input(board, input, good, every, only) && right;
  }
  return right ? 0 : 1;
}
