// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Paths, rule by rule, over certificates that differ from a good one in one point each. The keys
// are those of a stub; tests/unit/x509/link.cpp has real ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/x509/chain.hpp>

#include "support/test_pki.hpp"

using nv2::errc;
using nv2::time_basis;
using nv2_test::as_bytes;
using nv2_test::certificate_plan;
using nv2_test::octets;
using nv2_test::stub_key;
using nv2_test::test_key;

namespace {

constexpr nv2::unix_time year_2025 = 1735689600;

const octets server_auth{std::begin(nv2::oid::server_auth), std::end(nv2::oid::server_auth)};
const octets client_auth{std::begin(nv2::oid::client_auth), std::end(nv2::oid::client_auth)};
const octets any_purpose{std::begin(nv2::oid::any_purpose), std::end(nv2::oid::any_purpose)};

/// An extension that nobody knows.
octets unknown_extension(bool critical) {
  return nv2_test::extension_of({0x2A, 0x03, 0x04}, critical, {0x05, 0x00});
}
octets name_constraints(bool critical) {
  return nv2_test::extension_of({0x55, 0x1D, 0x1E}, critical, {0x30, 0x00});
}

/// The key of a name: the same letter, the same key.
const test_key& key_of(const std::string& name) {
  static std::vector<test_key> keys;
  if (keys.empty()) {
    for (unsigned i = 0; i < 128; ++i) keys.push_back(stub_key(static_cast<std::uint8_t>(i)));
  }
  return keys[static_cast<std::uint8_t>(name.empty() ? 0 : name[0]) % 128];
}

certificate_plan leaf(const std::string& issuer, const std::string& subject = "signer") {
  certificate_plan plan;
  plan.subject = subject;
  plan.issuer = issuer;
  plan.key = &key_of(subject);
  plan.signer = &key_of(issuer);
  return plan;
}
certificate_plan ca(const std::string& subject, const std::string& issuer) {
  certificate_plan plan = leaf(issuer, subject);
  plan.ca = true;
  plan.key_usage = nv2::key_usage::cert_sign;
  return plan;
}
certificate_plan root(const std::string& subject = "R") { return ca(subject, subject); }

template <typename Change>
certificate_plan with(certificate_plan plan, Change change) {
  change(plan);
  return plan;
}

/// What goes into a search, and what comes out.
struct scene {
  std::vector<octets> offered;
  std::vector<octets> trusted;
  nv2::rfc5280_rules rules{time_basis::at(year_2025)};
  /// Whether the rules count as such, or only the part of them that are the prototype's.
  bool rfc5280 = false;
  nv2::anchor_role role = nv2::anchor_role::ca;
  const nv2::crypto_backend* crypto = &nv2_test::stub_crypto;
  std::size_t workspace_size = 8192;

  nv2::path found;
  /// Index of the anchor found, -1 for none.
  int anchor = -1;

  scene(const std::vector<certificate_plan>& offers, const std::vector<certificate_plan>& anchors) {
    for (const certificate_plan& plan : offers) offered.push_back(make_certificate(plan));
    for (const certificate_plan& plan : anchors) trusted.push_back(make_certificate(plan));
  }

  errc verify() {
    std::vector<nv2::certificate> parsed(offered.size());
    for (std::size_t i = 0; i < offered.size(); ++i) {
      REQUIRE(nv2::parse_certificate(as_bytes(offered[i]), parsed[i]) == errc::ok);
    }
    std::vector<nv2::trust_anchor> anchors;
    for (const octets& der : trusted) anchors.push_back({as_bytes(der), role});
    std::vector<std::uint8_t> memory(workspace_size);
    nv2::workspace workspace{nv2::mutable_bytes{memory.data(), memory.size()}};
    const nv2::view<nv2::certificate> certificates{parsed.data(), parsed.size()};
    const nv2::view<nv2::trust_anchor> trust{anchors.data(), anchors.size()};
    const nv2::path_rules& prototype = rules;
    const errc code =
        rfc5280 ? nv2::verify_path(certificates, trust, rules, *crypto, workspace, found)
                : nv2::verify_path(certificates, trust, prototype, *crypto, workspace, found);
    CHECK(workspace.mark() == 0);
    CHECK((found.anchor != nullptr) == (code == errc::ok));
    anchor = found.anchor == nullptr ? -1 : static_cast<int>(found.anchor - anchors.data());
    return code;
  }
  std::vector<int> numbers() const { return {found.numbers, found.numbers + found.length}; }
};

/// Checks that a search fails with `code` because of the certificate `concerned`.
void refuses(scene s, errc code, int concerned) {
  CHECK(std::string{nv2::name(s.verify())} == nv2::name(code));
  CHECK(int{s.found.concerned} == concerned);
}
void accepts(scene s) { CHECK(std::string{nv2::name(s.verify())} == "ok"); }

using change = std::function<void(certificate_plan&)>;

/// A signer S, two issuers and an anchor, one of which is changed: 0 = S ... 2 = upper issuer, -1 =
/// the anchor.
scene changed(int which, const change& apply) {
  std::vector<certificate_plan> plans = {leaf("I"), ca("I", "J"), ca("J", "R"), root()};
  apply(plans[which < 0 ? 3 : static_cast<std::size_t>(which)]);
  return {{plans[0], plans[1], plans[2]}, {plans[3]}};
}

}  // namespace

TEST_CASE("N-084 a path leads over issuers to an anchor") {
  scene direct{{leaf("R")}, {root()}};
  CHECK(direct.verify() == errc::ok);
  CHECK(direct.numbers() == std::vector<int>{0});
  CHECK(direct.anchor == 0);
  CHECK(direct.found.signature_checks == 1);

  scene longer{{leaf("I"), ca("I", "J"), ca("J", "R")}, {root("Q"), root("R")}};
  CHECK(longer.verify() == errc::ok);
  CHECK(longer.numbers() == std::vector<int>{0, 1, 2});
  CHECK(longer.anchor == 1);
  CHECK(longer.found.signature_checks == 3);
}

TEST_CASE(
    "N-082 the other certificates may stand in any order, unrelated and repeated ones among them") {
  const certificate_plan unrelated = ca("X", "Y");
  const certificate_plan other_leaf = leaf("I", "neighbour");
  scene mixed{{leaf("I"), other_leaf, ca("J", "R"), unrelated, ca("I", "J"), root()}, {root()}};
  CHECK(mixed.verify() == errc::ok);
  CHECK(mixed.numbers() == std::vector<int>{0, 4, 2});
  CHECK(mixed.found.signature_checks == 3);

  scene repeated{{leaf("I"), leaf("I"), ca("I", "R"), ca("I", "R"), root(), root()}, {root()}};
  CHECK(repeated.verify() == errc::ok);
  CHECK(repeated.numbers() == std::vector<int>{0, 2});

  // What stands at the anchor's place among the offers is not used for it.
  refuses({{leaf("R"), root()}, {root("Q")}}, errc::no_path_to_anchor, 0);
  // Unrelated certificates need not meet any rule.
  accepts(
      {{leaf("R"), with(ca("X", "R"), [](auto& p) { p.not_after = "20210101000000"; })}, {root()}});
  accepts({{leaf("R"),
            with(ca("X", "R"), [](auto& p) { p.other_extensions = {unknown_extension(true)}; })},
           {root()}});
}

TEST_CASE("N-082 nv2_ordered_x5c: each certificate must have issued the one before it") {
  const auto ordered = [](std::vector<certificate_plan> offers) {
    scene s{offers, {root()}};
    s.rules.ordered = true;
    return s;
  };
  accepts(ordered({leaf("R")}));
  accepts(ordered({leaf("I"), ca("I", "J"), ca("J", "R")}));
  accepts(ordered({leaf("I"), ca("I", "J"), ca("J", "R"), root()}));
  accepts(ordered({leaf("R"), root()}));
  refuses(ordered({leaf("I"), ca("J", "R"), ca("I", "J")}), errc::chain_order, 0);
  refuses(ordered({leaf("I"), ca("I", "R"), ca("X", "Y")}), errc::chain_order, 1);
  refuses(ordered({leaf("R"), ca("X", "Y")}), errc::chain_order, 0);
  refuses(ordered({leaf("I"), ca("I", "R"), ca("I", "R")}), errc::chain_order, 1);
  refuses(ordered({leaf("R"), root(), root("Q")}), errc::chain_order, 1);
  // In order by name, but the second did not sign the first; the third, which did, stands
  // elsewhere.
  const certificate_plan impostor = with(ca("I", "I"), [](auto& p) { p.key = &key_of("Z"); });
  accepts({{leaf("I"), impostor, ca("I", "R")}, {root()}});
  refuses(ordered({leaf("I"), impostor, ca("I", "R")}), errc::link_signature, 0);
}

TEST_CASE("N-083 a signer that is an anchor is trusted without any signature") {
  // Not a CA, issued by nobody in sight, its signature broken.
  const certificate_plan plain = with(leaf("nobody"), [](auto& p) { p.break_signature = true; });
  scene s{{plain, ca("I", "R")}, {root(), plain}};
  CHECK(s.verify() == errc::ok);
  CHECK(s.numbers() == std::vector<int>{0});
  CHECK(s.anchor == 1);
  CHECK(s.found.signature_checks == 0);
  s.role = nv2::anchor_role::signer;
  CHECK(s.verify() == errc::ok);

  refuses({{plain}, {with(plain, [](auto& p) { p.serial = 2; })}}, errc::no_path_to_anchor, 0);
  const certificate_plan expired = with(plain, [](auto& p) { p.not_after = "20240101000000"; });
  refuses({{expired}, {expired}}, errc::certificate_expired, 0);  // spec: N-085
  const certificate_plan strange =
      with(plain, [](auto& p) { p.other_extensions = {unknown_extension(true)}; });
  refuses({{strange}, {strange}}, errc::critical_extension, 0);  // spec: N-087
}

TEST_CASE("N-083 anchors count in the roles of CA and signer only") {
  for (const std::vector<certificate_plan>& offers :
       {std::vector{leaf("R")}, std::vector{root()}}) {
    scene s{offers, {root()}};
    for (const auto role : {nv2::anchor_role::ca, nv2::anchor_role::signer}) {
      s.role = role;
      CHECK(s.verify() == errc::ok);
    }
    for (const auto role : {nv2::anchor_role::tsa, nv2::anchor_role::signing_authority}) {
      s.role = role;
      CHECK(s.verify() == errc::no_path_to_anchor);
    }
  }
}

TEST_CASE("N-084 an issuer has the name and made the signature") {
  refuses({{leaf("X")}, {root()}}, errc::no_path_to_anchor, 0);
  refuses({{leaf("I"), ca("I", "X")}, {root()}}, errc::no_path_to_anchor, 0);
  // The right name, another key.
  const certificate_plan impostor = with(root(), [](auto& p) { p.key = &key_of("Z"); });
  refuses({{leaf("R")}, {impostor}}, errc::link_signature, 0);
  // Names are compared as bytes: PrintableString is not UTF8String. spec: X-008
  const certificate_plan other_type = with(root(), [](auto& p) {
    p.subject_name = nv2_test::sequence({nv2_test::attribute(3, "R", 0x13)});
  });
  refuses({{leaf("R")}, {other_type}}, errc::no_path_to_anchor, 0);
  refuses({{leaf("R")}, {with(root(), [](auto& p) { p.subject = "r"; })}}, errc::no_path_to_anchor,
          0);
  // An anchor need not be self-signed.
  accepts({{leaf("I")}, {ca("I", "nobody")}});
  accepts({{leaf("J"), ca("J", "I")},
           {with(ca("I", "nobody"), [](auto& p) { p.break_signature = true; })}});
}

TEST_CASE("N-084 every signature of the path counts") {
  for (const int which : {0, 1, 2}) {
    refuses(changed(which, [](auto& p) { p.break_signature = true; }), errc::link_signature, which);
  }
  accepts(changed(-1, [](auto& p) { p.break_signature = true; }));
}

TEST_CASE("N-084 a signature of another kind than the issuer's key, or no DER, is none of its") {
  static const test_key rsa = nv2_test::stub_rsa_key(2048);
  for (const int which : {0, 1, 2}) {
    refuses(changed(which,
                    [](auto& p) {
                      p.signer = &rsa, p.algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
                    }),
            errc::link_signature, which);
    static const test_key garbler = [] {
      test_key key = stub_key(1);
      key.sign = [](nv2::signature_algorithm, nv2::bytes) {
        return octets{0x30, 0x03, 0x02, 0x01};
      };
      return key;
    }();
    refuses(changed(which, [](auto& p) { p.signer = &garbler; }), errc::link_signature, which);
  }
}

TEST_CASE("N-085 every certificate of the path must be valid now, both ends included") {
  const struct {
    const char* not_before;
    const char* not_after;
    errc expected;
  } rows[] = {
      {"20200101000000", "20250101000000", errc::ok},
      {"20200101000000", "20241231235959", errc::certificate_expired},
      {"20250101000000", "20300101000000", errc::ok},
      {"20250101000001", "20300101000000", errc::certificate_not_yet_valid},
      {"20250101000000", "20250101000000", errc::ok},
      {"20260101000000", "20240101000000", errc::certificate_expired},
  };
  for (const auto& row : rows) {
    for (const int which : {0, 1, 2, -1}) {
      CAPTURE(row.not_before);
      CAPTURE(which);
      const scene s = changed(
          which, [&row](auto& p) { p.not_before = row.not_before, p.not_after = row.not_after; });
      row.expected == errc::ok ? accepts(s) : refuses(s, row.expected, which);
    }
  }
}

TEST_CASE("N-085 G-001 what is known of the time decides what can be said of a validity") {
  using time = time_basis;
  nv2::certificate c;
  c.not_before = 100;
  c.not_after = 200;
  const errc ok = errc::ok, early = errc::certificate_not_yet_valid,
             late = errc::certificate_expired, unknown = errc::time_unknown;
  const struct {
    time basis;
    errc expected;
  } rows[] = {
      {time::at(99), early},
      {time::at(100), ok},
      {time::at(200), ok},
      {time::at(201), late},
      {time::not_before(99), unknown},
      {time::not_before(100), unknown},
      {time::not_before(200), unknown},
      {time::not_before(201), late},
      {time::unknown(), unknown},
      {time::at(std::numeric_limits<std::int64_t>::min()), early},
      {time::at(std::numeric_limits<std::int64_t>::max()), late},
  };
  for (const auto& row : rows) {
    CAPTURE(row.basis.value());
    CHECK(nv2::check_validity(c, row.basis) == row.expected);
  }
  scene s{{leaf("R")}, {root()}};
  s.rules.time = time::unknown();
  refuses(s, errc::time_unknown, 0);
  s.rules.time = time::not_before(year_2025);
  refuses(s, errc::time_unknown, 0);
  s.rules.time = time::not_before(10 * year_2025);
  refuses(s, errc::certificate_expired, 0);
}

TEST_CASE("N-086 issuers must be certification authorities") {
  for (const int which : {1, 2, -1}) {
    refuses(changed(which, [](auto& p) { p.ca = false; }), errc::issuer_not_ca, which);
    refuses(changed(which, [](auto& p) { p.ca = false, p.has_basic_constraints = true; }),
            errc::issuer_not_ca, which);
    refuses(changed(which,
                    [](auto& p) {
                      p.key_usage = nv2::key_usage::crl_sign | nv2::key_usage::digital_signature;
                    }),
            errc::issuer_key_usage, which);
    accepts(changed(which, [](auto& p) { p.key_usage = 0; }));
    accepts(changed(which, [](auto& p) { p.key_usage = 0x1FF; }));
  }
  // Of the signer itself nothing of that is asked.
  accepts(changed(0, [](auto& p) { p.ca = true; }));
  accepts(changed(0, [](auto& p) { p.key_usage = nv2::key_usage::key_encipherment; }));
}

TEST_CASE("N-086 certificates without extensions are issuers only as anchors") {
  for (const int version : {1, 2}) {
    const auto old = [version](auto& p) { p.version = version, p.ca = false, p.key_usage = 0; };
    refuses(changed(1, old), errc::issuer_not_ca, 1);
    refuses(changed(2, old), errc::issuer_not_ca, 2);
    accepts(changed(-1, old));
    accepts(changed(0, old));
  }
}

TEST_CASE("N-086 X-026 a path length constraint counts the certificates between") {
  // R <- I <- J <- signer, or with self-issued ones: R <- R' <- I <- I' <- signer.
  const auto renamed = [](std::string subject, std::string issuer, const char* key,
                          const char* signer) {
    return with(ca(subject, issuer),
                [key, signer](auto& p) { p.key = &key_of(key), p.signer = &key_of(signer); });
  };
  struct row {
    int root, upper, lower;  // path lengths
    bool all, others;  // accepted when all count, when only those count that are not self-issued
    int concerned;
  };
  SUBCASE("different names") {
    for (const row& r : {row{-1, -1, -1, true, true, 0}, row{2, 1, 0, true, true, 0},
                         row{1, -1, -1, false, false, -1}, row{0, -1, -1, false, false, -1},
                         row{-1, 0, -1, false, false, 2}, row{-1, 1, -1, true, true, 0},
                         row{-1, -1, 0, true, true, 0}, row{3, 7, 9, true, true, 0}}) {
      // Here the path is signer, J, K (self-issued: no), I.
      const auto limit = [](certificate_plan plan, int length) {
        plan.path_length = length;
        return plan;
      };
      scene s{{leaf("J"), limit(ca("J", "I"), r.lower), limit(ca("I", "R"), r.upper)},
              {limit(root(), r.root)}};
      CAPTURE(r.root);
      CAPTURE(r.upper);
      const bool all = r.root < 0 || r.root >= 2 ? r.upper < 0 || r.upper >= 1 : false;
      CHECK(all == r.all);
      r.all ? accepts(s) : refuses(s, errc::path_length_exceeded, r.concerned);
      s.rfc5280 = true;
      r.others ? accepts(s) : refuses(s, errc::path_length_exceeded, r.concerned);
    }
  }
  SUBCASE("self-issued") {
    for (const row& r : {row{-1, -1, -1, true, true, 0}, row{1, -1, -1, false, true, -1},
                         row{2, -1, -1, true, true, 0}, row{0, -1, -1, false, false, -1},
                         row{-1, 0, -1, false, true, 2}, row{-1, -1, 0, true, true, 0}}) {
      const auto limit = [](certificate_plan plan, int length) {
        plan.path_length = length;
        return plan;
      };
      // R <- I (key I) <- I (key J) <- signer by key J.
      const certificate_plan signer = with(leaf("I"), [](auto& p) { p.signer = &key_of("J"); });
      scene s{{signer, limit(renamed("I", "I", "J", "I"), r.lower),
               limit(renamed("I", "R", "I", "R"), r.upper)},
              {limit(root(), r.root)}};
      CAPTURE(r.root);
      CAPTURE(r.upper);
      r.all ? accepts(s) : refuses(s, errc::path_length_exceeded, r.concerned);
      s.rfc5280 = true;
      r.others ? accepts(s) : refuses(s, errc::path_length_exceeded, r.concerned);
    }
  }
}

TEST_CASE(
    "N-087 unknown critical extensions and name constraints are refused anywhere on the path") {
  for (const int which : {0, 1, 2, -1}) {
    refuses(changed(which, [](auto& p) { p.other_extensions = {unknown_extension(true)}; }),
            errc::critical_extension, which);
    accepts(changed(which, [](auto& p) { p.other_extensions = {unknown_extension(false)}; }));
    for (const bool critical : {false, true}) {
      refuses(changed(which,
                      [critical](auto& p) { p.other_extensions = {name_constraints(critical)}; }),
              errc::critical_extension, which);
      const octets hollow = nv2_test::extension_of({0x55, 0x1D, 0x1E}, critical, {});
      refuses(changed(which, [&hollow](auto& p) { p.other_extensions = {hollow}; }),
              errc::critical_extension, which);
    }
  }
}

TEST_CASE("N-088 extended key usage does not matter for a path unless a purpose is asked for") {
  const nv2::bytes wanted{nv2::oid::server_auth};
  for (const int which : {0, 1, 2, -1}) {
    scene other = changed(which, [](auto& p) { p.purposes = {client_auth}; });
    accepts(other);
    other.rfc5280 = true;
    other.rules.purpose = wanted;
    refuses(other, errc::signer_purpose, which);
    for (const octets& good : {server_auth, any_purpose}) {
      scene s = changed(which, [&good](auto& p) { p.purposes = {client_auth, good}; });
      s.rfc5280 = true;
      s.rules.purpose = wanted;
      accepts(s);
    }
  }
  scene none = changed(0, [](auto&) {});
  none.rfc5280 = true;
  none.rules.purpose = wanted;
  accepts(none);
}

TEST_CASE("N-089 weak and unknown signature algorithms are refused in links") {
  using nv2_test::der;
  const octets null = der(0x05, {});
  const octets weak[] = {
      nv2_test::sequence(
          {der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05}), null}),  // SHA-1, RSA
      nv2_test::sequence(
          {der(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x04}), null}),  // MD5, RSA
      nv2_test::sequence({der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01})}),  // SHA-1, ECDSA
      nv2_test::sequence(
          {der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x01})}),  // SHA-224, ECDSA
      nv2_test::sequence({der(0x06, {0x2B, 0x65, 0x70})}),                 // Ed25519
  };
  for (const octets& id : weak) {
    for (const int which : {0, 1, 2}) {
      refuses(changed(which, [&id](auto& p) { p.algorithm_der = id; }),
              errc::signature_algorithm_weak, which);
    }
    // Nobody looks at the signature of an anchor.
    accepts(changed(-1, [&id](auto& p) { p.algorithm_der = id; }));
  }
}

TEST_CASE("N-089 X-011 every pair of curve and SHA-2 is fine in a link") {
  for (const auto hash :
       {nv2::hash_algorithm::sha256, nv2::hash_algorithm::sha384, nv2::hash_algorithm::sha512}) {
    accepts(changed(1, [hash](auto& p) { p.algorithm.hash = hash; }));
  }
}

TEST_CASE("N-090 without any anchor nothing is trusted") {
  refuses({{leaf("R"), root()}, {}}, errc::no_anchors, -1);
  refuses({{root()}, {}}, errc::no_anchors, -1);
}

TEST_CASE("N-091 N-092 the signer's key usage, if there is one, must have digitalSignature") {
  nv2::certificate signer;
  CHECK(nv2::check_signer_usage(signer, false) == errc::ok);
  CHECK(nv2::check_signer_usage(signer, true) == errc::signer_key_usage_absent);
  signer.has_key_usage = true;
  for (const bool required : {false, true}) {
    for (unsigned bit = 0; bit < 9; ++bit) {
      signer.key_usage = static_cast<std::uint16_t>(1U << bit);
      CHECK(nv2::check_signer_usage(signer, required) ==
            (bit == 0 ? errc::ok : errc::signer_key_usage));
    }
    signer.key_usage = nv2::key_usage::digital_signature | nv2::key_usage::content_commitment;
    CHECK(nv2::check_signer_usage(signer, required) == errc::ok);
  }
}

TEST_CASE("N-120 a signer with an extended key usage must be for servers, or for anything") {
  const auto check = [](const std::vector<octets>& purposes) {
    const octets der =
        make_certificate(with(leaf("R"), [&purposes](auto& p) { p.purposes = purposes; }));
    nv2::certificate parsed;
    REQUIRE(nv2::parse_certificate(as_bytes(der), parsed) == errc::ok);
    return nv2::check_server_purpose(parsed);
  };
  const octets code_signing{std::begin(nv2::oid::code_signing), std::end(nv2::oid::code_signing)};
  CHECK(check({}) == errc::ok);
  CHECK(check({server_auth}) == errc::ok);
  CHECK(check({code_signing, server_auth}) == errc::ok);
  CHECK(check({any_purpose}) == errc::ok);
  CHECK(check({code_signing}) == errc::signer_purpose);
  CHECK(check({client_auth, code_signing}) == errc::signer_purpose);
}

TEST_CASE("N-055 N-053 G-003 keys on a path must be strong enough and supported") {
  struct row {
    std::size_t bits, minimum;
    errc expected;
  };
  for (const row& r : {row{2047, 2048, errc::key_too_small}, row{2048, 2048, errc::ok},
                       row{1024, 2048, errc::key_too_small}, row{1024, 1024, errc::ok},
                       row{8192, 2048, errc::ok}, row{8193, 2048, errc::key_too_large}}) {
    const test_key rsa = nv2_test::stub_rsa_key(r.bits);
    const auto by_rsa = [&rsa](auto& p) {
      p.signer = &rsa, p.algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
    };
    const auto has_rsa = [&rsa](auto& p) { p.key = &rsa; };
    scene signer{{with(leaf("R"), has_rsa)}, {root()}};
    scene middle{{with(leaf("I"), by_rsa), with(ca("I", "R"), has_rsa)}, {root()}};
    scene anchor{{with(leaf("R"), by_rsa)}, {with(root(), has_rsa)}};
    scene itself{{with(root(), has_rsa)}, {with(root(), has_rsa)}};
    int concerned[] = {0, 1, -1, 0};
    const int* next = concerned;
    for (scene s : {signer, middle, anchor, itself}) {
      CAPTURE(r.bits);
      s.rules.min_rsa_bits = r.minimum;
      r.expected == errc::ok ? accepts(s) : refuses(s, r.expected, *next);
      ++next;
    }
  }
  // P-224
  const test_key foreign{nv2_test::ec_spki({0x2B, 0x81, 0x04, 0x00, 0x21}, octets(57, 4)), {}};
  refuses(changed(0, [&foreign](auto& p) { p.key = &foreign; }), errc::key_unsupported, 0);
  refuses(changed(1, [&foreign](auto& p) { p.key = &foreign; }), errc::key_unsupported, 1);
  refuses(changed(-1, [&foreign](auto& p) { p.key = &foreign; }), errc::key_unsupported, -1);
}

TEST_CASE("N-084 the search goes back from dead ends") {
  // Two issuers of the same name: one with another key, one that leads nowhere, one that leads to
  // R.
  const certificate_plan impostor = with(ca("I", "R"), [](auto& p) { p.key = &key_of("Z"); });
  const certificate_plan nowhere = ca("I", "X");
  const certificate_plan further = ca("X", "Y");
  const certificate_plan good = with(ca("I", "J"), [](auto& p) { p.serial = 2; });
  std::vector<certificate_plan> others = {impostor, nowhere, further, good, ca("J", "R")};
  for (int round = 0; round < 5; ++round) {
    std::rotate(others.begin(), others.begin() + 1, others.end());
    std::vector<certificate_plan> offers = {leaf("I")};
    offers.insert(offers.end(), others.begin(), others.end());
    scene s{offers, {root()}};
    CHECK(s.verify() == errc::ok);
    CHECK(s.found.length == 3);
    std::reverse(offers.begin() + 1, offers.end());
    accepts({offers, {root()}});
  }
  // An expired cross-certificate does not hide the valid one, nor a broken anchor the good one.
  const certificate_plan expired =
      with(ca("I", "R"), [](auto& p) { p.not_after = "20210101000000"; });
  accepts({{leaf("I"), expired, with(ca("I", "R"), [](auto& p) { p.serial = 2; })}, {root()}});
  scene broken{{leaf("R")}, {root("Q"), root()}};
  broken.trusted[0].pop_back();
  CHECK(broken.verify() == errc::ok);
}

TEST_CASE("N-084 no certificate stands on a path twice") {
  // A and B certify each other, and nothing leads out.
  refuses({{leaf("A"), ca("A", "B"), ca("B", "A")}, {root()}}, errc::no_path_to_anchor, 0);
  // The way out is behind the loop.
  scene s{{leaf("A"), ca("A", "B"), ca("B", "A"), ca("B", "R")}, {root()}};
  CHECK(s.verify() == errc::ok);
  CHECK(s.numbers() == std::vector<int>{0, 1, 3});
  // One key under several names is no loop.
  const auto by_one_key = [](auto& p) { p.key = p.signer = &key_of("k"); };
  accepts({{with(leaf("A"), by_one_key), with(ca("A", "B"), by_one_key),
            with(ca("B", "R"), by_one_key)},
           {with(root(), by_one_key)}});
  // The signer among its own issuers, and a signer that issued itself.
  refuses({{root("S"), root("S"), root("S")}, {root()}}, errc::no_path_to_anchor, 0);
  scene self{{root("S"), with(root("S"), [](auto& p) { p.serial = 2; })},
             {with(root("S"), [](auto& p) { p.serial = 3; })}};
  CHECK(self.verify() == errc::no_path_to_anchor);
  CHECK(self.found.signature_checks == 0);
}

TEST_CASE("G-003 a search has a budget of signature checks") {
  // Eight issuers of one name, of which the last is the right one.
  std::vector<certificate_plan> offers = {leaf("I")};
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g"}) {
    offers.push_back(with(ca("I", "R"), [key](auto& p) { p.key = &key_of(key); }));
  }
  offers.push_back(ca("I", "R"));
  scene s{offers, {root()}};
  CHECK(s.verify() == errc::ok);
  CHECK(s.found.signature_checks == 9);
  for (std::uint16_t limit = 0; limit < 12; ++limit) {
    s.rules.max_signature_checks = limit;
    CHECK(s.verify() == (limit < 9 ? errc::signature_budget : errc::ok));
    CHECK(s.found.signature_checks == std::min<int>(limit, 9));
  }
  // Three names, each certified by each: every path is tried, and none leads out.
  std::vector<certificate_plan> graph = {leaf("A")};
  for (const char* subject : {"A", "B", "C"}) {
    for (const char* issuer : {"A", "B", "C"}) graph.push_back(ca(subject, issuer));
  }
  scene mesh{graph, {root()}};
  CHECK(mesh.verify() == errc::no_path_to_anchor);
  CHECK(mesh.found.signature_checks == 15);
  // All of one name, each signed by the next: every step tries all that are left.
  std::vector<certificate_plan> same = {with(leaf("I"), [](auto& p) { p.signer = &key_of("a"); })};
  const std::string keys = "abcdefghij";
  for (std::size_t i = 0; i < 9; ++i) {
    same.push_back(with(ca("I", "I"), [&keys, i](auto& p) {
      p.key = &key_of(keys.substr(i, 1)), p.signer = &key_of(keys.substr(i + 1, 1));
    }));
  }
  std::reverse(same.begin() + 1, same.end());
  scene flood{same, {root()}};
  CHECK(flood.verify() == errc::signature_budget);
  CHECK(flood.found.signature_checks == 20);
  flood.rules.max_signature_checks = 1000;
  CHECK(flood.verify() == errc::link_signature);
  CHECK(flood.found.signature_checks == 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1);
}

TEST_CASE("G-003 the number of certificates has a limit") {
  std::vector<certificate_plan> offers = {leaf("R")};
  while (offers.size() < nv2::max_path_certificates) offers.push_back(ca("X", "Y"));
  accepts({offers, {root()}});
  offers.push_back(ca("X", "Y"));
  refuses({offers, {root()}}, errc::chain_too_long, -1);
  refuses({std::vector<certificate_plan>{}, {root()}}, errc::chain_too_long, -1);

  // The longest path.
  std::vector<certificate_plan> longest = {leaf("A")};
  const std::string names = "ABCDEFGHIR";
  for (std::size_t i = 0; i < 9; ++i)
    longest.push_back(ca(names.substr(i, 1), names.substr(i + 1, 1)));
  scene s{longest, {root()}};
  CHECK(s.verify() == errc::ok);
  CHECK(s.found.length == 10);
  CHECK(s.found.signature_checks == 10);
}

TEST_CASE("max_intermediates limits what stands between signer and anchor, self-issued aside") {
  scene s = changed(0, [](auto&) {});
  s.rfc5280 = true;
  for (std::uint8_t limit = 0; limit < 4; ++limit) {
    s.rules.max_intermediates = limit;
    limit < 2 ? refuses(s, errc::chain_too_long, limit == 0 ? 2 : -1) : accepts(s);
  }
  const certificate_plan signer = with(leaf("I"), [](auto& p) { p.signer = &key_of("J"); });
  const certificate_plan renewed = with(ca("I", "I"), [](auto& p) { p.key = &key_of("J"); });
  scene self_issued{{signer, renewed, ca("I", "R")}, {root()}};
  self_issued.rfc5280 = true;
  self_issued.rules.max_intermediates = 1;
  accepts(self_issued);
  self_issued.rules.max_intermediates = 0;
  refuses(self_issued, errc::chain_too_long, -1);
}

TEST_CASE("anchor_fields::name_and_key asks nothing else of an anchor") {
  const change changes[] = {
      [](auto& p) { p.not_after = "20210101000000"; },
      [](auto& p) { p.ca = false; },
      [](auto& p) { p.key_usage = nv2::key_usage::crl_sign; },
      [](auto& p) { p.path_length = 0; },
      [](auto& p) { p.other_extensions = {unknown_extension(true)}; },
      [](auto& p) { p.purposes = {client_auth}; },
  };
  for (const change& apply : changes) {
    for (const int which : {2, -1}) {
      scene s = changed(which, apply);
      s.rfc5280 = true;
      s.rules.purpose = nv2::bytes{nv2::oid::server_auth};
      CHECK(s.verify() != errc::ok);
      s.rules.anchors = nv2::anchor_fields::name_and_key;
      CHECK((s.verify() == errc::ok) == (which == -1));
    }
  }
  static const test_key small = nv2_test::stub_rsa_key(1024);
  scene weak{{with(leaf("R"),
                   [](auto& p) {
                     p.signer = &small, p.algorithm.scheme = nv2::signature_scheme::rsa_pkcs1;
                   })},
             {with(root(), [](auto& p) { p.key = &small; })}};
  weak.rfc5280 = true;
  weak.rules.anchors = nv2::anchor_fields::name_and_key;
  refuses(weak, errc::key_too_small, -1);
}

TEST_CASE("of several failures the most telling one is reported") {
  const certificate_plan impostor = with(root(), [](auto& p) { p.key = &key_of("Z"); });
  const certificate_plan expired = with(root(), [](auto& p) { p.not_after = "20210101000000"; });
  const certificate_plan no_ca = with(root(), [](auto& p) { p.ca = false; });
  refuses({{leaf("R")}, {root("Q"), impostor, expired}}, errc::certificate_expired, -1);
  refuses({{leaf("R")}, {expired, impostor, no_ca}}, errc::certificate_expired, -1);
  refuses({{leaf("R")}, {impostor, no_ca, expired}}, errc::issuer_not_ca, -1);
  refuses({{leaf("R")}, {root("Q"), impostor}}, errc::link_signature, 0);
  scene broken{{leaf("R")}, {root("Q")}};
  broken.trusted[0].push_back(0);
  refuses(broken, errc::der_trailing, -1);
}

TEST_CASE("a search needs little workspace, and fails cleanly with less") {
  scene s{{leaf("I"), ca("I", "R")}, {root()}};
  bool worked = false;
  for (s.workspace_size = 0; s.workspace_size < 1024 && !worked; ++s.workspace_size) {
    const errc code = s.verify();
    worked = code == errc::ok;
    if (!worked) CHECK(code == errc::workspace_exhausted);
  }
  CHECK(worked);
  CHECK(s.workspace_size <= sizeof(nv2::certificate) + 256);
}

TEST_CASE("a backend that cannot or does not work never makes a path") {
  scene s{{leaf("I"), ca("I", "R")}, {root()}};
  s.crypto = &nv2_test::hash_only_crypto;
  refuses(s, errc::crypto_unsupported, 0);
  static constexpr nv2::crypto_backend no_hash = [] {
    nv2::crypto_backend table = nv2_test::accept_all_crypto;
    table.hash_begin = [](void*, nv2::hash_algorithm) noexcept { return false; };
    return table;
  }();
  s.crypto = &no_hash;
  refuses(s, errc::crypto_failure, 0);
  s.crypto = &nv2_test::accept_all_crypto;
  accepts(s);
}
