// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// All that the core may ask of its surroundings - the memory functions that compilers ask for anyway - and an entry point
// that uses the core: every format, PEM, names of errors, with the stub backend. Linked without any library but the
// compiler's own.
#include <stub_backend.hpp>

#include <nv2/nv2.hpp>

extern "C" {
void* memcpy(void* to, const void* from, std::size_t size) {
  volatile auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (std::size_t i = 0; i < size; ++i) out[i] = in[i];
  return to;
}
void* memmove(void* to, const void* from, std::size_t size) {
  volatile auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  if (out < in) return memcpy(to, from, size);
  for (std::size_t i = size; i > 0; --i) out[i - 1] = in[i - 1];
  return to;
}
void* memset(void* to, int value, std::size_t size) {
  volatile auto* out = static_cast<unsigned char*>(to);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(value);
  return to;
}
int memcmp(const void* a, const void* b, std::size_t size) {
  const volatile auto* left = static_cast<const unsigned char*>(a);
  const volatile auto* right = static_cast<const unsigned char*>(b);
  for (std::size_t i = 0; i < size; ++i) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}
// Compilers make these of comparisons with zero and of texts.
int bcmp(const void* a, const void* b, std::size_t size) { return memcmp(a, b, size); }
std::size_t strlen(const char* text) {
  const volatile char* at = text;
  while (*at != '\0') ++at;
  return static_cast<std::size_t>(at - text);
}
// <cstring> offers memchr in the way of C++, const in and const out, so its name in C is given here.
void* find_byte(const void* in, int value, std::size_t size) asm("memchr");
void* find_byte(const void* in, int value, std::size_t size) {
  auto* at = static_cast<unsigned char*>(const_cast<void*>(in));
  for (std::size_t i = 0; i < size; ++i) {
    if (const_cast<volatile unsigned char*>(at)[i] == static_cast<unsigned char>(value))
      return at + i;
  }
  return nullptr;
}
}

namespace {
nv2::static_workspace<8192> memory;
volatile char sink;
}  // namespace

extern "C" nv2::bytes nv2_envelope, nv2_manifest, nv2_pem;
nv2::bytes nv2_envelope, nv2_manifest, nv2_pem;

extern "C" void nv2_entry() {
  nv2::pem_reader blocks{nv2_pem};
  nv2::pem_block block;
  while (blocks.next(block, memory)) {
    const nv2::trust_anchor anchors[] = {{block.der}};
    const nv2::policy trust = nv2::policy::strict(anchors, nv2::revocation::not_checked());
    const nv2::verifier verifier{nv2_test::stub_crypto, nv2::all_formats, trust};
    const auto answer = verifier.verify(nv2_envelope, nv2::artifact::content(nv2_manifest, "a/b"),
                                        nv2::time_basis::at(0), memory);
    const nv2::errc code = answer.status().code;
    sink = *nv2::name(code);
    sink = *nv2::rule(code);
    sink = *nv2::message(code);
    if (answer) sink = answer.value()->digest()[0];
  }
  sink = *nv2::name(blocks.finish());
}
