// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// All that the library asks of its surroundings: the four memory functions that a freestanding compiler asks for anyway.
#include <stddef.h>

void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int value, size_t size);
int memcmp(const void* a, const void* b, size_t size);

// Volatile, or the compiler would see what the loops do, and call these functions for it.
void* memcpy(void* to, const void* from, size_t size) {
  volatile unsigned char* const out = to;
  const unsigned char* const in = from;
  for (size_t i = 0; i < size; ++i) out[i] = in[i];
  return to;
}
void* memmove(void* to, const void* from, size_t size) {
  volatile unsigned char* const out = to;
  const unsigned char* const in = from;
  if (out < in) return memcpy(to, from, size);
  for (size_t i = size; i > 0; --i) out[i - 1] = in[i - 1];
  return to;
}
void* memset(void* to, int value, size_t size) {
  volatile unsigned char* const out = to;
  for (size_t i = 0; i < size; ++i) out[i] = (unsigned char)value;
  return to;
}
int memcmp(const void* a, const void* b, size_t size) {
  const volatile unsigned char* const left = a;
  const volatile unsigned char* const right = b;
  for (size_t i = 0; i < size; ++i) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}
