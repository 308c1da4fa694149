// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The Cortex-M that runs the program under attack, and what is known of an undisturbed run.
#ifndef NV2_TEST_HARDENED_MACHINE_HPP
#define NV2_TEST_HARDENED_MACHINE_HPP

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <unicorn/unicorn.h>

constexpr std::uint32_t code_base = 0, code_size = 1U << 20;
constexpr std::uint32_t data_base = 0x20000000, data_size = 1U << 15;
/// Blocks of instructions that a run may take.
constexpr unsigned long block_limit = 400000;

/// How a run ended.
enum class ending { accepted, refused, crashed, hung };
inline const char* name(ending end) {
  constexpr const char* names[] = {"accepted", "refused", "crashed", "hung"};
  return names[static_cast<std::size_t>(end)];
}

/// r0 to r12, sp, lr, pc, xpsr.
using registers = std::array<std::uint32_t, 17>;
constexpr std::size_t pc = 15, xpsr = 16;

/// Bytes that an instruction wrote.
struct memory_write {
  std::uint32_t address, size;
  std::uint64_t value;
};

/// The state before an instruction: registers, and how many of the writes came before.
struct step {
  registers values;
  std::size_t writes_before;
};

/// All data memory.
struct memory_image {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(data_size);
  std::size_t applied = 0;

  /// Brings the image to the state after so many of the writes.
  void apply(const std::vector<memory_write>& writes, std::size_t until) {
    for (; applied < until; ++applied) {
      const memory_write& each = writes[applied];
      if (each.address - data_base < data_size) {
        std::memcpy(&bytes[each.address - data_base], &each.value, each.size);
      }
    }
  }
};

/// A run without faults.
struct trace {
  std::vector<step> steps;
  std::vector<memory_write> writes;
  memory_image start;
  /// The step at which the decision begins.
  std::size_t begin = 0;
  ending end = ending::hung;
};

/// One fault: run on from the state before step `from`, with these changes.
struct fault {
  std::size_t from;
  std::uint32_t address;
  int bit;
  registers values;
  /// Code to be replaced until `until` is reached; none when `patch_size` is 0.
  std::uint32_t patch_address = 0, patch_size = 0, until = 0;
  std::uint8_t patch[4] = {};
};

class machine {
 public:
  /// Loads an ELF image.
  explicit machine(const char* path);
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;
  ~machine();

  const std::uint8_t* code() const { return code_.data(); }
  /// Brings data memory to what it is after a start.
  void restart() { std::memcpy(data_.bytes.data(), pristine_.bytes.data(), data_size); }
  /// Runs without a fault. Data memory is as the run before left it, as on a device that stays on.
  trace record(unsigned input);
  ending run(const fault& what, const memory_image& memory);

 private:
  static void on_call(uc_engine*, std::uint32_t number, void* self);
  static void on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_instruction(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_write(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t value,
                       void* self);
  void load(const char* path);
  void set(const registers& values);
  registers get() const;
  std::uint32_t answer(unsigned call, const registers& values);
  std::uint32_t answer_verify(std::uint32_t question);
  const std::uint8_t* at(std::uint32_t address, std::uint32_t size) const;
  std::uint8_t* writable_at(std::uint32_t address, std::uint32_t size);
  void note_write(std::uint32_t address, std::uint32_t size);
  ending go(std::uint32_t from, std::uint32_t until);

  uc_engine* emulator_ = nullptr;
  /// The processor after a start: what a fault may change of it beyond the registers is undone by this.
  uc_context* reset_ = nullptr;
  std::vector<std::uint8_t> code_ = std::vector<std::uint8_t>(code_size);
  memory_image data_, pristine_;
  std::uint32_t entry_ = 0;
  unsigned long blocks_ = 0;
  ending end_ = ending::hung;
  trace* recording_ = nullptr;
};

#endif  // NV2_TEST_HARDENED_MACHINE_HPP
