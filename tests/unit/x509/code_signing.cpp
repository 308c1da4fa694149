// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Code-signing certificates, rule by rule, in chains that differ from a good one in one point each.
// The keys are those of a stub. The rows XV-.. are those of the rule book; the ones that it decides
// by trust or time alone have their tests with the verifier.
#include <doctest/doctest.h>

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/envelope/notary.hpp>
#include <nv2/x509/code_signing.hpp>

#include "support/test_pki.hpp"

using nv2::compat;
using nv2::errc;
using nv2::hash_algorithm;
using nv2::signature_scheme;
using nv2_test::as_bytes;
using nv2_test::certificate_plan;
using nv2_test::der;
using nv2_test::extension_of;
using nv2_test::octets;
using nv2_test::stub_key;
using nv2_test::test_key;
namespace usage = nv2::key_usage;

namespace {

template <std::size_t N>
octets of(const std::uint8_t (&contents)[N]) {
  return {std::begin(contents), std::end(contents)};
}
octets purpose(std::uint8_t last) { return {0x2B, 6, 1, 5, 5, 7, 3, last}; }

const octets server_auth = of(nv2::oid::server_auth), any_purpose = of(nv2::oid::any_purpose),
             code_signing = of(nv2::oid::code_signing);

/// An extension that nobody knows.
const octets unknown_critical = extension_of({0x2A, 0x03, 0x04}, true, {0x05, 0x00});
const octets key_usage_id = {0x55, 0x1D, 0x0F};

/// The key of a name: the same first letter, the same key.
const test_key& key_of(const std::string& name) {
  static std::vector<test_key> keys;
  if (keys.empty()) {
    for (unsigned i = 0; i < 128; ++i) keys.push_back(stub_key(static_cast<std::uint8_t>(i)));
  }
  return keys[static_cast<std::uint8_t>(name.at(0)) % 128];
}

certificate_plan leaf(const std::string& issuer, const std::string& subject = "signer") {
  certificate_plan plan;
  plan.subject = subject;
  plan.issuer = issuer;
  plan.key = &key_of(subject);
  plan.signer = &key_of(issuer);
  plan.key_usage = usage::digital_signature;
  return plan;
}
certificate_plan ca(const std::string& subject, const std::string& issuer) {
  certificate_plan plan = leaf(issuer, subject);
  plan.ca = true;
  plan.key_usage = usage::cert_sign;
  return plan;
}
certificate_plan root(const std::string& subject = "R") { return ca(subject, subject); }
/// A certificate of the name R and of another key than R's, signed by R.
certificate_plan self_issued() {
  certificate_plan plan = ca("R", "R");
  plan.key = &key_of("I");
  return plan;
}

using change = std::function<void(certificate_plan&)>;
using plans = std::vector<certificate_plan>;

certificate_plan with(certificate_plan plan, const change& apply) {
  apply(plan);
  return plan;
}

/// The outcome of a chain, with the index of the certificate concerned after a failure.
struct outcome {
  std::string code;
  int concerned = 0;
  unsigned checks = 0;

  bool operator==(const outcome& other) const {
    return code == other.code && concerned == other.concerned;
  }
};
std::ostream& operator<<(std::ostream& out, const outcome& o) {
  return out << o.code << " at " << o.concerned;
}

outcome verify(const plans& chain, compat leniency = compat::none, std::uint16_t budget = 100,
               const nv2::crypto_backend& crypto = nv2_test::stub_crypto,
               std::size_t workspace_size = 256) {
  std::vector<octets> ders;
  for (const certificate_plan& plan : chain) ders.push_back(make_certificate(plan));
  std::vector<nv2::certificate> parsed(chain.size());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    REQUIRE(nv2::parse_certificate(as_bytes(ders[i]), parsed[i]) == errc::ok);
  }
  std::vector<std::uint8_t> room(workspace_size);
  nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
  std::int8_t concerned = 99;
  const std::uint16_t before = budget;
  const errc code = nv2::verify_code_signing_chain({parsed.data(), parsed.size()}, leniency, crypto,
                                                   memory, budget, concerned);
  CHECK(memory.mark() == 0);
  return {std::string{nv2::name(code)}, concerned, unsigned{before} - budget};
}

outcome fails(errc code, int concerned) { return {std::string{nv2::name(code)}, concerned, 0}; }
bool accepts(const plans& chain, compat leniency = compat::none) {
  return verify(chain, leniency).code == "ok";
}

/// A leaf under a root, after a change to one of them.
outcome with_leaf(const change& apply, compat leniency = compat::none) {
  return verify({with(leaf("R"), apply), root()}, leniency);
}
outcome with_root(const change& apply, compat leniency = compat::none) {
  return verify({leaf("R"), with(root(), apply)}, leniency);
}

/// Changes for the rows of tables.
change use(unsigned bits) {
  return [bits](certificate_plan& p) { p.key_usage = bits; };
}
change use_bytes(const octets& contents) {
  return [contents](certificate_plan& p) {
    p.key_usage = 0;
    p.other_extensions = {extension_of(key_usage_id, true, der(0x03, contents))};
  };
}
change purposes(const std::vector<octets>& list) {
  return [list](certificate_plan& p) { p.purposes = list; };
}
change limit(int below) {
  return [below](certificate_plan& p) { p.path_length = below; };
}
/// Another key for a root; it signs itself.
change root_key(const test_key& key, signature_scheme scheme = signature_scheme::rsa_pkcs1) {
  return [&key, scheme](certificate_plan& p) {
    p.key = p.signer = &key;
    p.algorithm = {scheme, hash_algorithm::sha256};
  };
}
/// A chain under a root with this key.
plans under(const test_key& key, signature_scheme scheme = signature_scheme::rsa_pkcs1) {
  return {with(leaf("R"),
               [&](auto& p) {
                 p.signer = &key;
                 p.algorithm = {scheme, hash_algorithm::sha256};
               }),
          with(root(), root_key(key, scheme))};
}

struct row {
  const char* what;
  change apply;
};

}  // namespace

// --- the signer's certificate

TEST_CASE("X-020 XV-16 XV-28 the signer is no authority") {
  CHECK(with_leaf([](auto& p) { p.has_basic_constraints = true; }).code == "ok");
  CHECK(with_leaf([](auto& p) {
          p.has_basic_constraints = true;
          p.constraints_critical = false;
        }).code == "ok");
  CHECK(with_leaf([](auto& p) { p.ca = true; }) == fails(errc::leaf_is_ca, 0));
  CHECK(with_leaf([](auto& p) {
          p.ca = true;
          p.constraints_critical = false;
        }) == fails(errc::leaf_is_ca, 0));
}

TEST_CASE("X-021 XV-13 the signer's key usage is there and critical") {
  CHECK(with_leaf([](auto& p) { p.usage_critical = false; }) ==
        fails(errc::leaf_key_usage_critical, 0));
  CHECK(with_leaf(use(0)) == fails(errc::leaf_key_usage_critical, 0));
}

TEST_CASE("X-022 XV-12 XV-20 XV-21..27 the signer may sign, and commit to content, and no more") {
  const unsigned ds = usage::digital_signature;
  CHECK(with_leaf(use(ds)).code == "ok");
  CHECK(with_leaf(use(ds | usage::content_commitment)).code == "ok");
  const row refused[] = {
      {"XV-20", use(usage::content_commitment)},     {"XV-21", use(ds | usage::key_encipherment)},
      {"XV-22", use(ds | usage::data_encipherment)}, {"XV-23", use(ds | usage::key_agreement)},
      {"XV-24", use(ds | usage::cert_sign)},         {"XV-25", use(ds | usage::crl_sign)},
      {"XV-26", use(ds | usage::encipher_only)},     {"XV-27", use(ds | usage::decipher_only)},
  };
  for (const row& r : refused) {
    CAPTURE(r.what);
    CHECK(with_leaf(r.apply) == fails(errc::leaf_key_usage, 0));
  }
  // Every set of usages that can be written down.
  for (unsigned bits = 1; bits < 512; ++bits) {
    const octets made = make_certificate(with(leaf("R"), use(bits)));
    nv2::certificate parsed;
    REQUIRE(nv2::parse_certificate(as_bytes(made), parsed) == errc::ok);
    CAPTURE(bits);
    const bool good = bits == ds || bits == (ds | usage::content_commitment);
    CHECK(nv2::check_code_signing_leaf(parsed, compat::none) ==
          (good ? errc::ok : errc::leaf_key_usage));
  }
}

TEST_CASE("X-022 key usage at the edges of its bytes") {
  const row accepted[] = {
      {"one bit", use_bytes({7, 0x80})},
      {"one bit, seven zero bits written", use_bytes({0, 0x80})},
      {"two bits", use_bytes({6, 0xC0})},
      {"a second byte of zeros", use_bytes({7, 0x80, 0x00})},
      {"a usage after the ninth, which has no name", use_bytes({6, 0x80, 0x40})},
  };
  for (const row& r : accepted) {
    CAPTURE(r.what);
    CHECK(with_leaf(r.apply).code == "ok");
  }
  const row refused[] = {
      {"decipherOnly alone, in the second byte", use_bytes({7, 0x00, 0x80})},
      {"and decipherOnly, in the second byte", use_bytes({7, 0x80, 0x80})},
      {"the same with zeros behind", use_bytes({0, 0x80, 0x80})},
      {"both good ones and decipherOnly", use_bytes({7, 0xC0, 0x80})},
      {"encipherOnly, the last bit of the first byte", use_bytes({0, 0x81})},
      {"the same before a second byte", use_bytes({7, 0x81, 0x00})},
      {"encipherOnly alone", use_bytes({0, 0x01})},
      {"all nine", use_bytes({7, 0xFF, 0x80})},
      {"all but digitalSignature", use_bytes({7, 0x7F, 0x80})},
  };
  for (const row& r : refused) {
    CAPTURE(r.what);
    CHECK(with_leaf(r.apply) == fails(errc::leaf_key_usage, 0));
  }
}

TEST_CASE("X-023 XV-08 purposes that a code signer may have") {
  const row accepted[] = {
      {"codeSigning", purposes({code_signing})},
      {"an unknown one only", purposes({{0x2A, 0x03, 0x04}})},
      {"ipsecUser", purposes({purpose(7)})},
      {"the arc of purposes itself", purposes({{0x2B, 6, 1, 5, 5, 7, 3}})},
      {"below serverAuth", purposes({{0x2B, 6, 1, 5, 5, 7, 3, 1, 1}})},
      {"last number of two bytes that ends like serverAuth",
       purposes({{0x2B, 6, 1, 5, 5, 7, 3, 0x81, 1}})},
      {"last number like serverAuth, another arc", purposes({{0x2B, 6, 1, 5, 5, 7, 4, 1}})},
      {"extKeyUsage, of which any is a part", purposes({{0x55, 0x1D, 0x25}})},
      {"below any", purposes({{0x55, 0x1D, 0x25, 0x00, 0x01}})},
  };
  CHECK(accepts({leaf("R"), root()}));
  for (const row& r : accepted) {
    CAPTURE(r.what);
    CHECK(with_leaf(r.apply).code == "ok");
  }
  // Under 1.3.6.1.5.5.7.3: all numbers of one byte.
  for (unsigned number = 0; number < 128; ++number) {
    CAPTURE(number);
    const bool refused = number == 1 || number == 2 || number == 4 || number == 8 || number == 9;
    const outcome got = with_leaf(purposes({purpose(static_cast<std::uint8_t>(number))}));
    CHECK(got == (refused ? fails(errc::leaf_purpose, 0) : outcome{"ok", 1, 0}));
  }
}

TEST_CASE("X-023 XV-09 XV-10 XV-11 purposes that a code signer must not have") {
  const row refused[] = {
      {"XV-09 any", purposes({any_purpose})},
      {"XV-10 OCSPSigning", purposes({of(nv2::oid::ocsp_signing)})},
      {"XV-11 serverAuth behind codeSigning", purposes({code_signing, server_auth})},
      {"XV-11 serverAuth before codeSigning", purposes({server_auth, code_signing})},
      {"XV-11 clientAuth", purposes({of(nv2::oid::client_auth)})},
      {"XV-11 emailProtection", purposes({of(nv2::oid::email_protection)})},
      {"XV-11 timeStamping", purposes({of(nv2::oid::time_stamping)})},
      {"any at the end", purposes({code_signing, purpose(7), any_purpose})},
      {"any in between", purposes({code_signing, any_purpose, purpose(7)})},
  };
  for (const bool critical : {false, true}) {
    for (const row& r : refused) {
      CAPTURE(r.what);
      CAPTURE(critical);
      CHECK(with_leaf([&](auto& p) {
              r.apply(p);
              p.purposes_critical = critical;
            }) == fails(errc::leaf_purpose, 0));
    }
  }
}

TEST_CASE("X-023 eku_allow_any: any purpose is no fault, the others still are") {
  const compat lenient = compat::eku_allow_any;
  CHECK(with_leaf(purposes({any_purpose}), lenient).code == "ok");
  CHECK(with_leaf(purposes({code_signing, any_purpose}), lenient).code == "ok");
  CHECK(with_leaf(purposes({any_purpose, server_auth}), lenient) == fails(errc::leaf_purpose, 0));
  CHECK(with_leaf(purposes({of(nv2::oid::ocsp_signing)}), lenient) == fails(errc::leaf_purpose, 0));
  const compat others = compat::ca_bc_noncritical | compat::weak_ca_keys | compat::nv2_no_eku;
  CHECK(with_leaf(purposes({any_purpose}), others) == fails(errc::leaf_purpose, 0));
}

TEST_CASE("X-024 XV-29 XV-30 the signer's key is one of six; its own check says so") {
  nv2::public_key key;
  const auto judge = [&](const octets& spki, signature_scheme scheme, hash_algorithm hash) {
    REQUIRE(nv2::parse_public_key(as_bytes(spki), key) == errc::ok);
    return nv2::check_notary_algorithm(key, {scheme, hash});
  };
  const auto rsa = [&](std::size_t bits, hash_algorithm hash) {
    return judge(nv2_test::stub_rsa_key(bits).spki, signature_scheme::rsa_pss, hash);
  };
  CHECK(rsa(2048, hash_algorithm::sha256) == errc::ok);
  CHECK(rsa(3072, hash_algorithm::sha384) == errc::ok);
  CHECK(rsa(4096, hash_algorithm::sha512) == errc::ok);
  for (const std::size_t bits : {1024U, 2047U, 2049U, 2560U, 3071U, 4095U, 4097U, 8192U}) {
    CAPTURE(bits);
    CHECK(rsa(bits, hash_algorithm::sha256) == errc::notary_key_size);
  }
  const auto ec = [&](const octets& curve, unsigned coordinate, hash_algorithm hash) {
    return judge(nv2_test::stub_ec_key(1, curve, coordinate).spki, signature_scheme::ecdsa, hash);
  };
  CHECK(ec({0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7}, 32, hash_algorithm::sha256) == errc::ok);
  CHECK(ec({0x2B, 0x81, 0x04, 0x00, 0x22}, 48, hash_algorithm::sha384) == errc::ok);
  CHECK(ec({0x2B, 0x81, 0x04, 0x00, 0x23}, 66, hash_algorithm::sha512) == errc::ok);
  CHECK(ec({0x2B, 0x81, 0x04, 0x00, 0x21}, 28, hash_algorithm::sha256) == errc::notary_key);
}

// --- issuers

TEST_CASE("X-025 XV-15 XV-34 an issuer has critical basic constraints with cA") {
  const row refused[] = {
      {"XV-15 not critical", [](auto& p) { p.constraints_critical = false; }},
      {"XV-34 none", [](auto& p) { p.ca = false; }},
      {"cA false", [](auto& p) { p.ca = false, p.has_basic_constraints = true; }},
      {"version 1, which has no extensions",
       [](auto& p) { p.version = 1, p.ca = false, p.key_usage = 0; }},
  };
  for (const row& r : refused) {
    CAPTURE(r.what);
    CHECK(with_root(r.apply) == fails(errc::ca_basic_constraints, 1));
    CHECK(verify({leaf("I"), with(ca("I", "R"), r.apply), root()}) ==
          fails(errc::ca_basic_constraints, 1));
  }
}

TEST_CASE("X-025 ca_bc_noncritical: basic constraints may be not critical, but must be there") {
  const compat lenient = compat::ca_bc_noncritical;
  CHECK(with_root([](auto& p) { p.constraints_critical = false; }, lenient).code == "ok");
  CHECK(with_root([](auto& p) { p.ca = false; }, lenient) == fails(errc::ca_basic_constraints, 1));
  CHECK(with_root([](auto& p) { p.constraints_critical = false; },
                  compat::eku_allow_any | compat::weak_ca_keys) ==
        fails(errc::ca_basic_constraints, 1));
}

TEST_CASE("X-026 XV-18 XV-19 path lengths count the certificates between issuer and signer") {
  const certificate_plan open = ca("I", "R"), closed = with(ca("I", "R"), limit(0));
  CHECK(accepts({leaf("R"), with(root(), limit(0))}));
  CHECK(accepts({leaf("I"), closed, with(root(), limit(1))}));
  CHECK(accepts({leaf("I"), open, with(root(), limit(1))}));
  CHECK(verify({leaf("I"), open, with(root(), limit(0))}) == fails(errc::ca_path_length, 2));
  CHECK(verify({leaf("I"), closed, with(root(), limit(0))}) == fails(errc::ca_path_length, 2));
  CHECK(accepts({leaf("I"), ca("I", "J"), ca("J", "R"), with(root(), limit(2))}));
  CHECK(verify({leaf("I"), ca("I", "J"), ca("J", "R"), with(root(), limit(1))}) ==
        fails(errc::ca_path_length, 3));
  CHECK(verify({leaf("I"), ca("I", "J"), with(ca("J", "R"), limit(0)), root()}) ==
        fails(errc::ca_path_length, 2));
}

TEST_CASE("X-026 XV-41 self-issued certificates count for path lengths") {
  // The intermediate has the name of the root, but a key of its own.
  const certificate_plan signed_by_it = with(leaf("R"), [](auto& p) { p.signer = &key_of("I"); });
  CHECK(accepts({signed_by_it, self_issued(), with(root(), limit(1))}));
  CHECK(verify({signed_by_it, self_issued(), with(root(), limit(0))}) ==
        fails(errc::ca_path_length, 2));
}

TEST_CASE("X-027 XV-31 XV-32 XV-33 an issuer's key usage is critical and has keyCertSign") {
  const unsigned more = usage::cert_sign | usage::crl_sign | usage::digital_signature;
  CHECK(with_root(use(more)).code == "ok");
  CHECK(with_root(use(0x1FF)).code == "ok");
  CHECK(with_root(use_bytes({0, 0x04})).code == "ok");
  const row refused[] = {
      {"XV-31 none", use(0)},
      {"XV-32 cRLSign only", use(usage::crl_sign)},
      {"all others", use(0x1FF & ~unsigned{usage::cert_sign})},
      {"decipherOnly only, in the second byte", use_bytes({7, 0x00, 0x80})},
      {"not critical", [](auto& p) { p.usage_critical = false; }},
  };
  for (const row& r : refused) {
    CAPTURE(r.what);
    CHECK(with_root(r.apply) == fails(errc::ca_key_usage, 1));
    CHECK(verify({leaf("I"), with(ca("I", "R"), r.apply), root()}) == fails(errc::ca_key_usage, 1));
  }
}

TEST_CASE("X-028 XV-17 XV-40 an issuer's key is no smaller than RSA-2048 or P-256") {
  static const test_key weak = nv2_test::stub_rsa_key(1024), almost = nv2_test::stub_rsa_key(2047),
                        good = nv2_test::stub_rsa_key(2048), odd = nv2_test::stub_rsa_key(2560),
                        largest = nv2_test::stub_rsa_key(8192),
                        beyond = nv2_test::stub_rsa_key(8193);
  CHECK(accepts(under(good)));
  CHECK(accepts(under(good, signature_scheme::rsa_pss)));
  CHECK(accepts(under(odd)));
  CHECK(accepts(under(largest)));
  CHECK(verify(under(weak)) == fails(errc::ca_key, 1));
  CHECK(verify(under(almost)) == fails(errc::ca_key, 1));
  CHECK(verify(under(beyond)) == fails(errc::key_too_large, 1));

  const test_key p224{nv2_test::stub_ec_key(3, {0x2B, 0x81, 0x04, 0x00, 0x21}, 28).spki,
                      key_of("R").sign};
  CHECK(with_root([&](auto& p) { p.key = &p224; }) == fails(errc::ca_key, 1));
  const test_key p384 = nv2_test::stub_ec_key(3, {0x2B, 0x81, 0x04, 0x00, 0x22}, 48),
                 p521 = nv2_test::stub_ec_key(3, {0x2B, 0x81, 0x04, 0x00, 0x23}, 66);
  CHECK(accepts(under(p384, signature_scheme::ecdsa)));
  CHECK(accepts(under(p521, signature_scheme::ecdsa)));
}

TEST_CASE("X-028 weak_ca_keys: from RSA-1024 on, no other curves") {
  static const test_key weak = nv2_test::stub_rsa_key(1024), less = nv2_test::stub_rsa_key(1023),
                        beyond = nv2_test::stub_rsa_key(8193);
  CHECK(accepts(under(weak), compat::weak_ca_keys));
  CHECK(verify(under(less), compat::weak_ca_keys) == fails(errc::ca_key, 1));
  CHECK(verify(under(beyond), compat::weak_ca_keys) == fails(errc::key_too_large, 1));
  const test_key p224{nv2_test::stub_ec_key(3, {0x2B, 0x81, 0x04, 0x00, 0x21}, 28).spki,
                      key_of("R").sign};
  CHECK(with_root([&](auto& p) { p.key = &p224; }, compat::weak_ca_keys) == fails(errc::ca_key, 1));
  CHECK(verify(under(weak), compat::ca_bc_noncritical | compat::eku_allow_any) ==
        fails(errc::ca_key, 1));
}

// --- what does not matter

TEST_CASE("X-009 X-029 X-045 XV-14 XV-38 XV-39 what the rules do not name does not matter") {
  const row ignored[] = {
      {"XV-14 an unknown critical extension",
       [](auto& p) { p.other_extensions = {unknown_critical}; }},
      {"XV-39 critical name constraints for another name",
       [](auto& p) {
         p.other_extensions = {extension_of({0x55, 0x1D, 0x1E}, true,
                                            {0x30, 0x06, 0xA0, 0x04, 0x30, 0x02, 0x82, 0x00})};
       }},
      {"critical certificate policies",
       [](auto& p) {
         p.other_extensions = {extension_of({0x55, 0x1D, 0x20}, true, {0x30, 0x00})};
       }},
      {"critical policy constraints",
       [](auto& p) {
         p.other_extensions = {extension_of({0x55, 0x1D, 0x24}, true, {0x30, 0x00})};
       }},
      {"a foreign authority key identifier",
       [](auto& p) {
         p.other_extensions = {extension_of({0x55, 0x1D, 0x23}, false, {0x30, 0x03, 0x80, 1, 7})};
       }},
      {"a subject key identifier of another",
       [](auto& p) {
         p.other_extensions = {extension_of({0x55, 0x1D, 0x0E}, true, {4, 1, 9})};
       }},
  };
  for (const row& r : ignored) {
    CAPTURE(r.what);
    CHECK(with_leaf(r.apply).code == "ok");
    CHECK(with_root(r.apply).code == "ok");
    CHECK(accepts({leaf("I"), with(ca("I", "R"), r.apply), root()}));
  }
  // XV-38 X-029: purposes of issuers.
  for (const octets& id : {server_auth, any_purpose, of(nv2::oid::time_stamping)}) {
    CHECK(with_root(purposes({id})).code == "ok");
    CHECK(accepts({leaf("I"), with(ca("I", "R"), purposes({id})), root()}));
  }
}

TEST_CASE("X-046 XV-45 validity periods are not looked at here and need not nest") {
  const change past = [](auto& p) {
    p.not_before = "19700101000000", p.not_after = "19710101000000";
  };
  const change future = [](auto& p) {
    p.not_before = "29700101000000", p.not_after = "29710101000000";
  };
  const change later = [](auto& p) { p.not_after = "20490101000000"; };
  CHECK(with_leaf(later).code == "ok");
  CHECK(with_leaf(past).code == "ok");
  CHECK(with_root(past).code == "ok");
  CHECK(with_root(future).code == "ok");
  CHECK(accepts({with(leaf("I"), future), with(ca("I", "R"), past), root()}));
}

// --- the chain

TEST_CASE("X-040 one to ten certificates") {
  plans chain = {leaf("A")};
  for (char name = 'A'; name < 'I'; ++name) {
    chain.push_back(ca(std::string(1, name), std::string(1, static_cast<char>(name + 1))));
  }
  chain.push_back(root("I"));
  REQUIRE(chain.size() == 10);
  CHECK(verify(chain) == outcome{"ok", 9, 0});
  CHECK(verify(chain).checks == 10);
  chain.insert(chain.begin(), leaf("s", "new"));
  CHECK(verify(chain) == fails(errc::chain_too_long, 0));
  CHECK(verify({}) == fails(errc::chain_too_long, 0));
}

TEST_CASE("X-041 XV-02 XV-04 XV-43 a lone certificate is signed by itself and a signer") {
  const certificate_plan lone = leaf("signer");
  CHECK(accepts({lone}));
  CHECK(verify({lone}).checks == 1);
  // XV-04: issued by a root which is not there.
  CHECK(verify({leaf("R")}) == fails(errc::chain_lone, 0));
  CHECK(verify({leaf("R")}).checks == 0);
  // Its own name, another's signature; another's name, its own signature.
  CHECK(verify({with(lone, [](auto& p) { p.signer = &key_of("R"); })}) ==
        fails(errc::chain_lone, 0));
  CHECK(verify({with(leaf("R"), [](auto& p) { p.signer = &key_of("signer"); })}) ==
        fails(errc::chain_lone, 0));
  CHECK(verify({with(lone, [](auto& p) { p.break_signature = true; })}) ==
        fails(errc::chain_lone, 0));
  // XV-43: a root that signs artifacts.
  CHECK(verify({root()}) == fails(errc::leaf_is_ca, 0));
  // The profile of signers counts, that of issuers does not.
  CHECK(verify({with(lone, use(0))}) == fails(errc::leaf_key_usage_critical, 0));
}

TEST_CASE("X-042 XV-06 the last certificate is signed by itself") {
  CHECK(verify({leaf("I"), ca("I", "R")}) == fails(errc::chain_root, 1));
  CHECK(verify({leaf("I"), ca("I", "J"), ca("J", "R")}) == fails(errc::chain_root, 2));
  // The name of a root, but another's signature, or a broken one.
  CHECK(with_root([](auto& p) { p.signer = &key_of("Z"); }) == fails(errc::chain_root, 1));
  CHECK(with_root([](auto& p) { p.break_signature = true; }) == fails(errc::chain_root, 1));
  CHECK(with_root([](auto& p) { p.issuer = "Q"; }) == fails(errc::chain_root, 1));
  // A root is an issuer too.
  CHECK(with_root(use(usage::digital_signature)) == fails(errc::ca_key_usage, 1));
}

TEST_CASE("X-043 XV-44 no other certificate is signed by itself") {
  CHECK(verify({leaf("R"), root(), root()}) == fails(errc::chain_self_signed, 1));
  CHECK(verify({leaf("R"), root(), root("Q")}) == fails(errc::chain_self_signed, 1));
  CHECK(verify({leaf("I"), ca("I", "R"), root(), root("Q")}) == fails(errc::chain_self_signed, 2));
  CHECK(verify({leaf("signer"), root()}) == fails(errc::chain_self_signed, 0));
  // A signer that has name and key of the root which follows it.
  CHECK(verify({leaf("R", "R"), root()}) == fails(errc::chain_self_signed, 0));
  // Its own issuer by name, but not by signature: not signed by itself.
  const certificate_plan signed_by_it = with(leaf("R"), [](auto& p) { p.signer = &key_of("I"); });
  CHECK(accepts({signed_by_it, self_issued(), root()}));
  CHECK(accepts({with(leaf("R", "R"), [](auto& p) { p.key = &key_of("s"); }), root()}));
}

TEST_CASE("X-043 a key of another kind or size than the signature's is not the one that made it") {
  const test_key p521 = nv2_test::stub_ec_key(3, {0x2B, 0x81, 0x04, 0x00, 0x23}, 66);
  const test_key rsa = nv2_test::stub_rsa_key(2048);
  for (const test_key* key : {&p521, &rsa}) {
    const signature_scheme scheme =
        key == &rsa ? signature_scheme::rsa_pkcs1 : signature_scheme::ecdsa;
    certificate_plan first = leaf("R", "R");  // P-256, and the name of its issuer
    first.key = &key_of("s");
    first.signer = key;
    first.algorithm = {scheme, hash_algorithm::sha256};
    CHECK(accepts({first, with(root(), root_key(*key, scheme))}));
  }
}

TEST_CASE("X-044 XV-06 each certificate was issued by the next, by name and by signature") {
  CHECK(accepts({leaf("I"), ca("I", "J"), ca("J", "R"), root()}));
  // XV-06: without the intermediate; root and intermediate swapped.
  CHECK(verify({leaf("I"), root()}) == fails(errc::chain_link, 0));
  CHECK(verify({leaf("I"), root(), ca("I", "R")}) == fails(errc::chain_link, 0));
  CHECK(verify({leaf("I"), ca("J", "R"), ca("I", "J"), root()}) == fails(errc::chain_link, 0));
  CHECK(verify({leaf("I"), ca("I", "J"), root()}) == fails(errc::chain_link, 1));
  // Something before the signer, and something foreign in between.
  CHECK(verify({leaf("Q", "other"), leaf("R"), root()}) == fails(errc::ca_basic_constraints, 1));
  CHECK(verify({leaf("R"), ca("X", "Y"), root()}) == fails(errc::chain_link, 0));
  // The right name, but another key.
  CHECK(with_leaf([](auto& p) { p.signer = &key_of("Z"); }) == fails(errc::chain_link, 0));
  CHECK(with_leaf([](auto& p) { p.break_signature = true; }) == fails(errc::chain_link, 0));
  CHECK(verify({leaf("I"), with(ca("I", "R"), [](auto& p) { p.break_signature = true; }),
                root()}) == fails(errc::chain_link, 1));
  // The right key, but another name.
  CHECK(with_leaf([](auto& p) { p.issuer = "Q"; }) == fails(errc::chain_link, 0));
}

TEST_CASE("X-008 X-044 names are equal when their bytes are") {
  const auto printable = nv2_test::sequence({nv2_test::attribute(3, "R", 0x13)});
  CHECK(with_leaf([&](auto& p) { p.issuer_name = printable; }) == fails(errc::chain_link, 0));
  CHECK(with_leaf([&](auto& p) { p.issuer = "r"; }) == fails(errc::chain_link, 0));
  CHECK(with_leaf([&](auto& p) { p.issuer = "R "; }) == fails(errc::chain_link, 0));
  CHECK(with_root([&](auto& p) { p.issuer_name = printable; }) == fails(errc::chain_root, 1));
  CHECK(verify({leaf("R"), with(root(), [&](auto& p) {
                  p.issuer_name = p.subject_name = printable;
                })}) == fails(errc::chain_link, 0));
}

TEST_CASE("X-011 XV-36 XV-37 SHA-1 and other algorithms nowhere in the chain") {
  const octets ecdsa_sha1 =
      nv2_test::sequence({der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01})});
  const octets ed25519 = nv2_test::sequence({der(0x06, {0x2B, 0x65, 0x70})});
  for (const octets& algorithm : {ecdsa_sha1, ed25519}) {
    const change old = [&](certificate_plan& p) { p.algorithm_der = algorithm; };
    CHECK(verify({with(leaf("signer"), old)}) == fails(errc::signature_algorithm_weak, 0));
    CHECK(with_leaf(old) == fails(errc::signature_algorithm_weak, 0));
    CHECK(with_root(old) == fails(errc::signature_algorithm_weak, 1));
    CHECK(verify({leaf("I"), with(ca("I", "R"), old), root()}) ==
          fails(errc::signature_algorithm_weak, 1));
    const certificate_plan signed_by_it = with(leaf("R"), [](auto& p) { p.signer = &key_of("I"); });
    CHECK(verify({signed_by_it, with(self_issued(), old), root()}) ==
          fails(errc::signature_algorithm_weak, 1));
  }
}

TEST_CASE("X-047 the same chain gets the same answer again") {
  const plans chain = {leaf("I"), ca("I", "R"), root()};
  CHECK(verify(chain) == verify(chain));
  const plans broken = {leaf("I"), ca("I", "R"), with(root(), limit(0))};
  CHECK(verify(broken) == verify(broken));
}

TEST_CASE("G-003 signature checks come off a budget, and profiles cost none") {
  const plans chain = {leaf("I"), ca("I", "R"), root()};
  CHECK(verify(chain, compat::none, 3) == outcome{"ok", 2, 0});
  CHECK(verify(chain, compat::none, 3).checks == 3);
  CHECK(verify(chain, compat::none, 2) == fails(errc::signature_budget, 2));
  CHECK(verify(chain, compat::none, 1) == fails(errc::signature_budget, 1));
  CHECK(verify(chain, compat::none, 0) == fails(errc::signature_budget, 0));
  // Whoever names itself as issuer is checked against itself first.
  const certificate_plan signed_by_it = with(leaf("R"), [](auto& p) { p.signer = &key_of("I"); });
  const plans self = {signed_by_it, self_issued(), root()};
  CHECK(verify(self).checks == 4);
  CHECK(verify(self, compat::none, 3) == fails(errc::signature_budget, 2));
  CHECK(verify(self, compat::none, 2) == fails(errc::signature_budget, 1));
  // A broken rule at the end is found before any signature is checked.
  CHECK(verify({leaf("I"), ca("I", "R"), with(root(), use(0))}).checks == 0);
}

TEST_CASE("G-003 a lack of memory or of an algorithm is told as such") {
  const plans chain = {leaf("R"), root()};
  CHECK(verify(chain, compat::none, 9, nv2_test::stub_crypto, 8) ==
        fails(errc::workspace_exhausted, 0));
  CHECK(verify(chain, compat::none, 9, nv2_test::hash_only_crypto) ==
        fails(errc::crypto_unsupported, 0));
  // Also where a certificate is checked against itself.
  CHECK(verify({leaf("signer"), root()}, compat::none, 9, nv2_test::hash_only_crypto) ==
        fails(errc::crypto_unsupported, 0));
}
