// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The C interface seen from C++: one list of errors, and a context that says no until it is complete. What every function
// does is tested from C, in tests/c_api/api.c.
#include <doctest/doctest.h>

#include <cstring>
#include <set>

#include <nv2/c_api.hpp>
#include <stub_backend.hpp>

NV2_C_API(nv2_test::stub_crypto, &nv2::notary_cose_format);

namespace {

constexpr nv2_error code(nv2::errc value) { return static_cast<nv2_error>(value); }

}  // namespace

TEST_CASE("the errors of C are those of the library, with the same numbers") {
#define NV2_X(name, number, rule, group, message) \
  static_assert(NV2_ERR_##name == static_cast<int>(nv2::errc::name));
  NV2_ERRC_LIST(NV2_X)
#undef NV2_X
  std::set<nv2_error> numbers{NV2_OK, NV2_UNSET};
  std::size_t count = 2;
#define NV2_X(name, number, rule, group, message)                 \
  numbers.insert(NV2_ERR_##name);                                 \
  CHECK(std::strcmp(nv2_error_name(NV2_ERR_##name), #name) == 0); \
  ++count;
  NV2_ERRC_LIST(NV2_X)
#undef NV2_X
  CHECK(numbers.size() == count);
}

// G-004
TEST_CASE("a context says no until everything has been told") {
  nv2_context context = {};
  unsigned char memory[NV2_MEMORY_COSE];
  CHECK(nv2_verify(&context, "x", 1) == code(nv2::errc::c_context));
  CHECK(nv2_init(&context, sizeof context, memory, sizeof memory) == NV2_OK);
  CHECK(nv2_verify(&context, "x", 1) == code(nv2::errc::c_incomplete));
  CHECK(nv2_revocation_not_checked(&context) == NV2_OK);
  CHECK(nv2_time_unknown(&context) == NV2_OK);
  CHECK(nv2_artifact(&context, "x", 1, nullptr, 0) == NV2_OK);
  CHECK(nv2_verify(&context, nullptr, 1) == code(nv2::errc::c_argument));
  CHECK(nv2_verify(&context, "x", 1) == code(nv2::errc::format_unknown));
  CHECK(nv2_result(&context) == code(nv2::errc::format_unknown));
}

TEST_CASE("a context in the wrong place is none") {
  alignas(nv2_context) unsigned char room[sizeof(nv2_context) + 1] = {};
  auto* const crooked = reinterpret_cast<nv2_context*>(static_cast<void*>(room + 1));
  CHECK(nv2_init(crooked, sizeof *crooked, nullptr, 0) == code(nv2::errc::c_context));
}
