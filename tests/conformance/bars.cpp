// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The bars that the READMEs of the suites propose, where they are below 100 %. None is proposed for
// the accepts of x509-parse/cases; one of them has a serial number longer than X-003 allows. One of the
// accepts of oci-image-spec is no JSON.
#include "suite.hpp"

namespace nv2_conformance {
namespace {

constexpr bar bars[] = {
    {"x509-parse", "cases", bar_basis::accepts, 90},
    {"x509-parse", "zlint", bar_basis::accepts, 97},
    {"x509-parse", "gofuzz", bar_basis::rejects, 95},
    {"oci-image-spec", "accept", bar_basis::accepts, 90},
    {"oci-image-spec", "reject", bar_basis::rejects, 80},
    {"x509-limbo", "core", bar_basis::firm, 98},
    {"x509-pkits", "core", bar_basis::firm, 98},
    {"x509-openssl", "core", bar_basis::firm, 98},
};

}  // namespace

const bar* find_bar(const std::string& suite, const std::string& group) {
  for (const bar& b : bars) {
    if (b.suite == suite && b.group == group) return &b;
  }
  return nullptr;
}

}  // namespace nv2_conformance
