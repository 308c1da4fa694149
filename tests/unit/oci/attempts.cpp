// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <initializer_list>
#include <nv2/oci/attempts.hpp>

using nv2::errc;
using nv2::signature_attempts;

namespace {

/// Tries signatures with these outcomes; unset = it cannot be had.
errc outcome(std::initializer_list<errc> signatures, std::size_t limit, std::size_t& tried) {
  signature_attempts attempts(limit);
  tried = 0;
  for (const errc code : signatures) {
    if (!attempts.may_try()) break;
    ++tried;
    if (code == errc::unset) {
      attempts.add_unavailable();
    } else {
      attempts.add(code);
    }
  }
  return attempts.result();
}

}  // namespace

TEST_CASE("W-040 the first good signature decides, and the rest is not tried") {
  std::size_t tried = 0;
  CHECK(outcome({errc::ok, errc::json_syntax}, 100, tried) == errc::ok);
  CHECK(tried == 1);
  CHECK(outcome({errc::json_syntax, errc::ok, errc::ok}, 100, tried) == errc::ok);
  CHECK(tried == 2);
  CHECK(outcome({errc::json_syntax, errc::signature_mismatch}, 100, tried) ==
        errc::signature_mismatch);
  CHECK(tried == 2);
}

TEST_CASE("W-041 the limit on signatures") {
  std::size_t tried = 0;
  CHECK(outcome({errc::json_syntax, errc::json_type, errc::ok}, 2, tried) == errc::signatures_left);
  CHECK(tried == 2);
  CHECK(outcome({errc::json_syntax, errc::json_type}, 2, tried) == errc::json_type);
  CHECK(outcome({errc::json_syntax, errc::ok}, 2, tried) == errc::ok);
  CHECK(outcome({errc::ok}, 0, tried) == errc::signatures_left);
  CHECK(tried == 0);
  signature_attempts attempts;
  std::size_t allowed = 0;
  while (attempts.may_try()) {
    attempts.add(errc::json_syntax);
    ++allowed;
  }
  CHECK(allowed == 100);
  CHECK(attempts.result() == errc::signatures_left);
}

TEST_CASE("W-042 OV-15 a signature that cannot be had is a failed one") {
  std::size_t tried = 0;
  CHECK(outcome({errc::unset, errc::ok}, 100, tried) == errc::ok);
  CHECK(outcome({errc::unset}, 100, tried) == errc::signature_unavailable);
  CHECK(outcome({errc::unset, errc::ok}, 1, tried) == errc::signatures_left);
}

TEST_CASE("W-043 no signature at all is a failure") {
  std::size_t tried = 0;
  CHECK(outcome({}, 100, tried) == errc::no_signature);
  CHECK(nv2::class_of(errc::no_signature) == nv2::error_class::nosig);
}

TEST_CASE("W-040 after a good signature nothing changes the outcome") {
  signature_attempts attempts;
  CHECK(attempts.may_try());
  attempts.add(errc::ok);
  attempts.add(errc::json_syntax);
  attempts.add_unavailable();
  CHECK(attempts.result() == errc::ok);
  CHECK_FALSE(attempts.may_try());
}
