// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole verdicts by revocation lists.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nv2/nv2.hpp>

#include "backend/backends.hpp"
#include "support/vector.hpp"

namespace {

using nv2::errc;
using nv2_test::view_of;

struct judged {
  nv2::verdict verdict;
  errc code, logged;
  nv2::revocation_answer answer;
  bool has_floor;
  nv2::unix_time floor = 0;
};

/// An envelope of ../vectors/notary, judged by the list of a case of ../vectors/revocation.
judged judge(const std::string& envelope, const std::string& list,
             const nv2::crypto_backend& crypto) {
  const nv2_test::vector_case vector =
      nv2_test::load_case(nv2_test::vectors_folder("notary") / envelope);
  const nv2_test::blob der =
      nv2_test::read_file(nv2_test::vectors_folder("revocation") / list / "0.crl");
  const nv2::bytes lists[] = {view_of(der)};
  const nv2::revocation_data data{lists, {}, nv2::stale_rule::strict, 0};
  const nv2::policy trust = vector.policy().with_revocation(nv2::revocation_by_lists(data));
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  nv2::static_workspace<64 * 1024> memory;
  const nv2::verification made =
      verifier.verify(view_of(vector.envelope), vector.subject(), vector.time(), memory);
  judged out{made.verdict(), made.status().code, made.logged(nv2::check::revocation),
             made.revocation(), false};
  out.has_floor = made.time_floor(out.floor);
  return out;
}

}  // namespace

TEST_CASE("lists decide whether a signature is trusted, as the level says (R-004 R-006)") {
  constexpr nv2::unix_time made_at = 1767225600 - 5 * 86400;
  for (const nv2::crypto_backend* crypto : nv2_test::real_backends) {
    for (const std::string form : {"jws", "cose"}) {
      CAPTURE(form);
      const std::string strict = form + "_revocation_unknown", logs = form + "_revocation_logged";
      judged made = judge(strict, "signer_not_listed", *crypto);
      CHECK(made.verdict == nv2::verdict::trusted);
      CHECK(made.answer.source == nv2::revocation_source::list);
      CHECK(made.answer.as_of == made_at);
      CHECK(made.has_floor);
      CHECK(made.floor == made_at);

      made = judge(strict, "signer_listed", *crypto);
      CHECK(made.verdict == nv2::verdict::rejected);
      CHECK(made.code == errc::certificate_revoked);
      CHECK(int{made.answer.reason} == 1);
      CHECK(int{made.answer.certificate} == 0);

      made = judge(logs, "signer_listed", *crypto);
      CHECK(made.verdict == nv2::verdict::accepted);
      CHECK(made.logged == errc::certificate_revoked);

      made = judge(strict, "expired", *crypto);
      CHECK(made.verdict == nv2::verdict::rejected);
      CHECK(made.code == errc::crl_stale);
      CHECK(judge(logs, "other_key", *crypto).logged == errc::crl_signature);
    }
  }
}
