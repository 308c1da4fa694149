// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED  // the state of a hash must be plain bytes in the memory of the program
#include "machine.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <elf.h>
#include <openssl/sha.h>

#include <nv2/crypto/openssl.hpp>

#include "decide.hpp"

namespace {

constexpr int names[] = {
    UC_ARM_REG_R0,  UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3, UC_ARM_REG_R4,  UC_ARM_REG_R5,
    UC_ARM_REG_R6,  UC_ARM_REG_R7, UC_ARM_REG_R8, UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11,
    UC_ARM_REG_R12, UC_ARM_REG_SP, UC_ARM_REG_LR, UC_ARM_REG_PC, UC_ARM_REG_XPSR};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::exit(2);
}
void must(uc_err code, const char* what) {
  if (code != UC_ERR_OK) fail(std::string{what} + ": " + uc_strerror(code));
}

}  // namespace

machine::machine(const char* path) {
  must(uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &emulator_),
       "uc_open");
  must(uc_ctl_set_cpu_model(emulator_, UC_CPU_ARM_CORTEX_M4), "Cortex-M4");
  load(path);
  must(uc_mem_map_ptr(emulator_, code_base, code_size, UC_PROT_READ | UC_PROT_EXEC, code_.data()),
       "code");
  must(uc_mem_map_ptr(emulator_, data_base, data_size, UC_PROT_READ | UC_PROT_WRITE,
                      data_.bytes.data()),
       "data");
  uc_hook hook;
  must(uc_hook_add(emulator_, &hook, UC_HOOK_INTR, reinterpret_cast<void*>(on_call), this, 1, 0),
       "calls");
  must(uc_hook_add(emulator_, &hook, UC_HOOK_BLOCK, reinterpret_cast<void*>(on_block), this, 1, 0),
       "blocks");
  must(uc_context_alloc(emulator_, &reset_), "context");
  must(uc_context_save(emulator_, reset_), "context");
}

machine::~machine() {
  uc_context_free(reset_);
  uc_close(emulator_);
}

/// Code to its address, data to where the loader would copy it.
void machine::load(const char* path) {
  std::ifstream file{path, std::ios::binary};
  const std::vector<char> image{std::istreambuf_iterator<char>(file), {}};
  Elf32_Ehdr head;
  if (image.size() < sizeof head) fail(std::string{path} + " is no image");
  std::memcpy(&head, image.data(), sizeof head);
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    Elf32_Phdr part;
    std::memcpy(&part, &image.at(head.e_phoff + i * sizeof part), sizeof part);
    if (part.p_type != PT_LOAD || part.p_filesz == 0) continue;
    std::uint8_t* const place = const_cast<std::uint8_t*>(at(part.p_vaddr, part.p_memsz));
    if (place == nullptr) fail("the image does not fit");
    std::memcpy(place, &image.at(part.p_offset), part.p_filesz);
  }
  entry_ = head.e_entry;
  pristine_ = data_;
}

/// The data of the program at an address, or null.
std::uint8_t* machine::writable_at(std::uint32_t address, std::uint32_t size) {
  const bool fits =
      address >= data_base && size <= data_size && address - data_base <= data_size - size;
  return fits ? &data_.bytes[address - data_base] : nullptr;
}
/// The code or data of the program at an address, or null.
const std::uint8_t* machine::at(std::uint32_t address, std::uint32_t size) const {
  if (size <= code_size && address <= code_size - size) return &code_[address];
  return const_cast<machine*>(this)->writable_at(address, size);
}

void machine::set(const registers& values) {
  must(uc_context_restore(emulator_, reset_), "context");
  void* places[17];
  for (std::size_t i = 0; i < 17; ++i) places[i] = const_cast<std::uint32_t*>(&values[i]);
  // The program counter last, with the bit that means Thumb.
  registers thumb = values;
  thumb[pc] |= 1;
  places[pc] = &thumb[pc];
  must(uc_reg_write_batch(emulator_, const_cast<int*>(names), places, 17), "registers");
}
registers machine::get() const {
  registers values{};
  void* places[17];
  for (std::size_t i = 0; i < 17; ++i) places[i] = &values[i];
  must(uc_reg_read_batch(emulator_, const_cast<int*>(names), places, 17), "registers");
  return values;
}

ending machine::go(std::uint32_t from, std::uint32_t until) {
  end_ = ending::hung;
  const uc_err code = uc_emu_start(emulator_, from | 1, until, 0, 0);
  if (end_ == ending::hung && code != UC_ERR_OK) end_ = ending::crashed;
  return end_;
}

trace machine::record(unsigned input) {
  trace made;
  std::memcpy(made.start.bytes.data(), data_.bytes.data(), data_size);
  registers values{};
  values[0] = input;
  values[13] = data_base + data_size - 64;
  values[pc] = entry_;
  values[xpsr] = 1U << 24;
  recording_ = &made;
  uc_hook instructions, writes;
  must(uc_hook_add(emulator_, &instructions, UC_HOOK_CODE, reinterpret_cast<void*>(on_instruction),
                   this, 1, 0),
       "steps");
  must(uc_hook_add(emulator_, &writes, UC_HOOK_MEM_WRITE, reinterpret_cast<void*>(on_write), this,
                   1, 0),
       "writes");
  must(uc_ctl_flush_tlb(emulator_), "flush");  // code that was translated without these hooks
  set(values);
  blocks_ = 0;
  made.end = go(entry_, 0xFFFFFFFE);
  must(uc_hook_del(emulator_, instructions), "steps");
  must(uc_hook_del(emulator_, writes), "writes");
  must(uc_ctl_flush_tlb(emulator_), "flush");
  recording_ = nullptr;
  return made;
}

ending machine::run(const fault& what, const memory_image& memory) {
  std::memcpy(data_.bytes.data(), memory.bytes.data(), data_size);
  registers values = what.values;
  blocks_ = 0;
  if (what.patch_size != 0) {
    std::uint8_t kept[4];
    std::memcpy(kept, &code_[what.patch_address], what.patch_size);
    std::memcpy(&code_[what.patch_address], what.patch, what.patch_size);
    uc_ctl_remove_cache(emulator_, what.patch_address & ~63U, (what.patch_address & ~63U) + 128);
    set(values);
    const ending end = go(values[pc], what.until);
    std::memcpy(&code_[what.patch_address], kept, what.patch_size);
    uc_ctl_remove_cache(emulator_, what.patch_address & ~63U, (what.patch_address & ~63U) + 128);
    values = get();
    if (end != ending::hung || blocks_ > block_limit) return end;
    return go(values[pc], 0xFFFFFFFE);
  }
  set(values);
  return go(values[pc], 0xFFFFFFFE);
}

void machine::on_block(uc_engine* emulator, std::uint64_t, std::uint32_t, void* self) {
  if (++static_cast<machine*>(self)->blocks_ > block_limit) uc_emu_stop(emulator);
}
void machine::on_instruction(uc_engine*, std::uint64_t address, std::uint32_t, void* self) {
  machine& board = *static_cast<machine*>(self);
  registers values = board.get();
  values[pc] = static_cast<std::uint32_t>(address);
  board.recording_->steps.push_back({values, board.recording_->writes.size()});
}
void machine::on_write(uc_engine*, uc_mem_type, std::uint64_t address, int size, std::int64_t value,
                       void* self) {
  machine& board = *static_cast<machine*>(self);
  board.recording_->writes.push_back({static_cast<std::uint32_t>(address),
                                      static_cast<std::uint32_t>(size),
                                      static_cast<std::uint64_t>(value)});
}

void machine::on_call(uc_engine* emulator, std::uint32_t, void* self) {
  machine& board = *static_cast<machine*>(self);
  const registers values = board.get();
  // The number is in the instruction before.
  const std::uint8_t* const call = values[pc] >= 2 ? board.at(values[pc] - 2, 2) : nullptr;
  const unsigned number = call != nullptr && call[1] == 0xDF ? call[0] : 0;
  if (number == static_cast<unsigned>(outside::accept) ||
      number == static_cast<unsigned>(outside::refuse)) {
    board.end_ =
        number == static_cast<unsigned>(outside::accept) ? ending::accepted : ending::refused;
    uc_emu_stop(emulator);
    return;
  }
  if (number == static_cast<unsigned>(outside::begin)) {
    if (board.recording_ != nullptr) board.recording_->begin = board.recording_->steps.size();
    return;
  }
  if (number < static_cast<unsigned>(outside::hash_begin) ||
      number > static_cast<unsigned>(outside::verify)) {
    board.end_ = ending::crashed;
    uc_emu_stop(emulator);
    return;
  }
  const std::uint32_t result = board.answer(number, values);
  must(uc_reg_write(emulator, UC_ARM_REG_R0, &result), "answer");
}

/// Reads and writes only what belongs to the program; 0 for anything else.
std::uint32_t machine::answer(unsigned call, const registers& values) {
  if (call == static_cast<unsigned>(outside::verify)) return answer_verify(values[0]);
  std::uint8_t* const place = writable_at(values[0], sizeof(SHA256_CTX));
  if (place == nullptr) return 0;
  SHA256_CTX state;
  std::memcpy(&state, place, sizeof state);
  if (call == static_cast<unsigned>(outside::hash_begin)) {
    SHA256_Init(&state);
  } else if (state.num >= sizeof state.data || state.md_len != SHA256_DIGEST_LENGTH) {
    return 0;  // not a state that was begun
  } else if (call == static_cast<unsigned>(outside::hash_update)) {
    const std::uint8_t* const data = at(values[1], values[2]);
    if (data == nullptr) return 0;
    SHA256_Update(&state, data, values[2]);
  } else {
    std::uint8_t* const digest = writable_at(values[1], values[2]);
    if (digest == nullptr || values[2] != SHA256_DIGEST_LENGTH) return 0;
    SHA256_Final(digest, &state);
    note_write(values[1], values[2]);
  }
  std::memcpy(place, &state, sizeof state);
  note_write(values[0], sizeof state);
  return 1;
}

/// What the outside wrote belongs to the trace as well.
void machine::note_write(std::uint32_t address, std::uint32_t size) {
  if (recording_ == nullptr) return;
  for (std::uint32_t done = 0; done < size;) {
    const std::uint32_t part = size - done < 8 ? size - done : 8;
    memory_write each{address + done, part, 0};
    std::memcpy(&each.value, at(each.address, part), part);
    recording_->writes.push_back(each);
    done += part;
  }
}

std::uint32_t machine::answer_verify(std::uint32_t question) {
  constexpr auto failure = static_cast<std::uint32_t>(nv2::errc::crypto_failure);
  const std::uint8_t* const place = at(question, 13 * 4);
  if (place == nullptr) return failure;
  std::uint32_t field[13];
  std::memcpy(field, place, sizeof field);
  nv2::bytes parts[5];  // point, modulus, exponent, digest, signature
  for (std::size_t i = 0; i < 5; ++i) {
    const std::uint8_t* const data = at(field[3 + 2 * i], field[4 + 2 * i]);
    if (data == nullptr && field[4 + 2 * i] != 0) return failure;
    parts[i] = {data, field[4 + 2 * i]};
  }
  nv2::public_key key;
  key.kind = static_cast<nv2::key_kind>(field[0]);
  key.point = parts[0];
  key.modulus = parts[1];
  key.exponent = parts[2];
  const nv2::signature_algorithm algorithm{static_cast<nv2::signature_scheme>(field[2]),
                                           static_cast<nv2::hash_algorithm>(field[1])};
  return static_cast<std::uint32_t>(
      nv2::verify_signature(nv2::openssl_crypto, key, algorithm, parts[3], parts[4]));
}
