// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The C++ library for WASI cannot unwind: what a test throws ends the program, which is then a test that failed.
#include <cstdio>
#include <cstdlib>
#include <typeinfo>

extern "C" {

void* __cxa_allocate_exception(std::size_t size) { return std::malloc(size); }
void __cxa_free_exception(void* exception) { std::free(exception); }

[[noreturn]] void __cxa_throw(void* /*exception*/, std::type_info* type,
                              void (* /*destroy*/)(void*)) {
  std::fprintf(stderr, "an exception of type %s was thrown\n", type->name());
  std::exit(70);
}

}  // extern "C"
