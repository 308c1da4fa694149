// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>

#include <nv2/base/result.hpp>

TEST_CASE("a fresh status is a failure, and only ok is none") {
  nv2::status fresh;
  CHECK(!fresh.ok());
  CHECK(fresh.code == nv2::errc::unset);
  CHECK(fresh.certificate == -1);
  fresh.code = nv2::errc::json_syntax;
  CHECK(!fresh.ok());
  fresh.code = nv2::errc::ok;
  CHECK(fresh.ok());
}

TEST_CASE("every stage has a name of its own") {
  std::set<std::string> names;
  for (auto s = nv2::stage::none; s <= nv2::stage::policy;
       s = static_cast<nv2::stage>(static_cast<int>(s) + 1)) {
    const std::string name = nv2::name(s);
    CHECK(!name.empty());
    CHECK(names.insert(name).second);
  }
  CHECK(names.count("none") == 1);
  CHECK(names.count("policy") == 1);
}
