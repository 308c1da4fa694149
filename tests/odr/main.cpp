// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Split headers, single header and another configuration of the library in one program: equal
// configurations are one and the same library, different ones keep apart.
#include <cstdio>
#include <cstring>

#include "odr.hpp"

static int failed = 0;

static void check(bool holds, const char* what) {
  std::printf("%s %s\n", holds ? "ok  " : "FAIL", what);
  failed += holds ? 0 : 1;
}

int main() {
  const odr_report split = report_split();
  const odr_report single = report_single();
  const odr_report quiet = report_quiet();
  check(split.jwt_format == single.jwt_format, "split and single header share their constants");
  check(split.jwt_format != quiet.jwt_format, "another configuration has constants of its own");
  check(split.error_code == single.error_code && split.error_code == quiet.error_code,
        "all three refuse rubbish with the same code");
  check(std::strcmp(split.error_name, "jwt_segments") == 0, "error names where they are on");
  check(std::strcmp(single.error_name, "jwt_segments") == 0, "error names in the single header");
  check(std::strcmp(quiet.error_name, "") == 0, "no error names where they are off");
  return failed == 0 ? 0 : 1;
}
