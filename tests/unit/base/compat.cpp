// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nv2/base/compat.hpp>

using nv2::compat;

TEST_CASE("no deviation is on unless it was named") {
  const compat some = compat::b64_lenient | compat::nv2_san_only;
  CHECK(has(some, compat::b64_lenient));
  CHECK(has(some, compat::nv2_san_only));
  CHECK(!has(some, compat::dup_last_wins));
  CHECK(!has(compat::none, compat::dup_last_wins));
  CHECK(!has(some, compat::none));
  static_assert(has(compat::nv2_no_eku | compat::none, compat::nv2_no_eku));
}
