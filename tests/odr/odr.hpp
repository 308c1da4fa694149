// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What each translation unit of the program reports about its own copy of the library.
#ifndef NV2_TEST_ODR_HPP
#define NV2_TEST_ODR_HPP

struct odr_report {
  const void* jwt_format;  // address of a constant of the library
  const char* error_name;  // name() of a code
  unsigned error_code;     // what verifying rubbish gave
};

odr_report report_split() noexcept;
odr_report report_single() noexcept;
odr_report report_quiet() noexcept;

#endif  // NV2_TEST_ODR_HPP
