// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/x509/certificate.hpp>

#include "real_certificates.hpp"
#include "support/der_builder.hpp"

using nv2::bytes;
using nv2::certificate;
using nv2::errc;
using nv2::key_kind;
using namespace nv2_test::build;
namespace real = nv2_test::real;

namespace {

constexpr const char* key_usage_id = "2.5.29.15";
constexpr const char* alt_name_id = "2.5.29.17";
constexpr const char* basic_constraints_id = "2.5.29.19";
constexpr const char* ext_key_usage_id = "2.5.29.37";

/// DER in memory of exactly its size, with the certificate parsed from it.
struct parsed {
  explicit parsed(const blob& input)
      : data(new std::uint8_t[input.size() + 1]), size(input.size()) {
    std::copy(input.begin(), input.end(), data.get());
    code = nv2::parse_certificate(bytes{data.get(), size}, fields);
  }
  explicit parsed(const certificate_parts& parts) : parsed(parts.der()) {}

  const certificate* operator->() const { return &fields; }

  std::unique_ptr<std::uint8_t[]> data;
  std::size_t size;
  certificate fields;
  errc code;
};

errc outcome(const certificate_parts& parts) { return parsed(parts).code; }

certificate_parts with_extensions(const std::vector<blob>& list) {
  certificate_parts parts;
  parts.extension_list = list;
  return parts;
}
certificate_parts with_extension(std::string_view id, const blob& value, bool critical = false) {
  return with_extensions({extension(id, value, critical)});
}
/// What comes of one extension with this value.
errc of_extension(std::string_view id, const blob& value) {
  return outcome(with_extension(id, value));
}

bool lies_in(bytes part, const parsed& whole) {
  return part.empty() || (part.data() >= whole.data.get() &&
                          part.data() + part.size() <= whole.data.get() + whole.size);
}

/// What holds for every accepted certificate, however strange.
void check_invariants(const parsed& p) {
  if (p.code != errc::ok) {
    CHECK(p->version == 0);
    CHECK((p->der.empty() && p->tbs.empty() && p->subject.empty() && p->key.modulus.empty()));
    return;
  }
  const certificate& c = p.fields;
  for (const bytes part :
       {c.der, c.tbs, c.serial, c.issuer, c.subject, c.spki, c.signature, c.key.modulus,
        c.key.exponent, c.key.point, c.subject_alt_name, c.ext_key_usage, c.name_constraints,
        c.authority_info_access, c.crl_distribution_points}) {
    CHECK(lies_in(part, p));
  }
  CHECK((c.version >= 1 && c.version <= 3));
  CHECK((!c.serial.empty() && c.serial.size() <= nv2::max_serial_size));
  CHECK((c.is_ca || c.path_length == -1));
  CHECK(c.has_key_usage == (c.key_usage != 0));
  CHECK(c.has_ext_key_usage == !c.ext_key_usage.empty());
  CHECK(c.has_subject_alt_name == !c.subject_alt_name.empty());
  CHECK(nv2::check_name(c.issuer) == errc::ok);
  CHECK(nv2::check_name(c.subject) == errc::ok);
  nv2::public_key key;
  CHECK(nv2::parse_public_key(c.spki, key) == errc::ok);
  CHECK(key.kind == c.key.kind);
  nv2::extension_reader reader{c};
  nv2::extension e;
  std::size_t count = 0;
  while (reader.next(e)) ++count;
  CHECK(count <= nv2::max_extensions);
}

}  // namespace

TEST_CASE("a real root: P-256, critical constraints") {
  const parsed p(real::decode(real::p256_ca));
  REQUIRE(p.code == errc::ok);
  check_invariants(p);
  CHECK(p->version == 3);
  CHECK(p->der.size() == p.size);
  CHECK(nv2::equal(p->serial, view({0x12, 0x34})));
  CHECK(nv2::equal(p->issuer, p->subject));
  CHECK(p->key.kind == key_kind::ec_p256);
  CHECK(p->signed_with ==
        nv2::signature_algorithm{nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256});
  CHECK(p->not_before == 1795572116);
  CHECK(p->not_after == 4949172116);  // GeneralizedTime
  CHECK((p->has_basic_constraints && p->basic_constraints_critical && p->is_ca));
  CHECK(p->path_length == 1);
  CHECK((p->has_key_usage && p->key_usage_critical));
  CHECK(p->key_usage == (nv2::key_usage::cert_sign | nv2::key_usage::crl_sign));
  CHECK_FALSE(p->has_ext_key_usage);
  CHECK_FALSE(p->has_unknown_critical);
  CHECK_FALSE(p->has_freshest_crl);
}

TEST_CASE("a real leaf: RSA, every extension that is parsed") {
  const parsed p(real::decode(real::rsa_leaf));
  REQUIRE(p.code == errc::ok);
  check_invariants(p);
  CHECK(p->serial.size() == 21);  // 20 bytes with the first bit set
  CHECK(p->key.kind == key_kind::rsa);
  CHECK(nv2::rsa_bits(p->key) == 2048);
  CHECK(nv2::equal(p->key.exponent, view({1, 0, 1})));
  CHECK((p->has_basic_constraints && !p->is_ca));
  CHECK(p->path_length == -1);
  CHECK(p->key_usage == nv2::key_usage::digital_signature);
  CHECK((p->has_ext_key_usage && !p->ext_key_usage_critical));
  CHECK(nv2::has_purpose(p.fields, nv2::oid::code_signing));
  CHECK(nv2::has_purpose(p.fields, nv2::oid::server_auth));
  CHECK_FALSE(nv2::has_purpose(p.fields, nv2::oid::any_purpose));
  CHECK_FALSE(nv2::has_purpose(p.fields, nv2::oid::time_stamping));
  CHECK((p->has_subject_alt_name && p->name_constraints_critical && p->has_freshest_crl));
  CHECK_FALSE(p->name_constraints.empty());
  CHECK_FALSE(p->authority_info_access.empty());
  CHECK_FALSE(p->crl_distribution_points.empty());
  CHECK_FALSE(p->has_unknown_critical);
  // The tail of tbs, the algorithm and the signature make up the rest.
  CHECK(p->tbs.data() + p->tbs.size() < p->signature.data());
  CHECK(p->signature.data() + p->signature.size() == p.data.get() + p.size);
}

TEST_CASE("real certificates of the other kinds") {
  const struct {
    const char* base64;
    std::uint8_t version;
    key_kind kind;
    nv2::signature_algorithm signed_with;
  } rows[] = {
      {real::rsa_pss,
       3,
       key_kind::rsa,
       {nv2::signature_scheme::rsa_pss, nv2::hash_algorithm::sha384}},
      {real::p384,
       3,
       key_kind::ec_p384,
       {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha384}},
      {real::p521,
       3,
       key_kind::ec_p521,
       {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha512}},
      {real::ed25519, 3, key_kind::unsupported, {}},
      {real::version1,
       1,
       key_kind::ec_p384,
       {nv2::signature_scheme::ecdsa, nv2::hash_algorithm::sha256}},
  };
  for (const auto& row : rows) {
    const parsed p(real::decode(row.base64));
    REQUIRE(p.code == errc::ok);
    check_invariants(p);
    CHECK(p->version == row.version);
    CHECK(p->key.kind == row.kind);
    CHECK(p->signed_with == row.signed_with);
    const bool is_v3 = row.version == 3;
    CHECK(p->key_usage == (is_v3 ? nv2::key_usage::digital_signature |
                                       nv2::key_usage::key_agreement | nv2::key_usage::decipher_only
                                 : 0));
  }
}

TEST_CASE("the built certificate is good as it is") {
  const parsed p{certificate_parts{}};
  REQUIRE(p.code == errc::ok);
  check_invariants(p);
  CHECK(nv2::equal(p->tbs, view(certificate_parts{}.tbs())));
  CHECK(nv2::equal(p->issuer, view(common_name("issuer"))));
  CHECK(nv2::equal(p->subject, view(common_name("subject"))));
  CHECK(nv2::equal(p->spki, view(certificate_parts{}.key)));
  CHECK(nv2::equal(p->serial, view({77})));
  CHECK(nv2::equal(p->signature, view({1, 2, 3, 4})));
}

TEST_CASE("X-001: exactly one certificate, nothing before, between or behind") {
  const blob good = certificate_parts{}.der();
  CHECK(parsed(join({good, {0}})).code == errc::der_trailing);
  CHECK(parsed(join({good, good})).code == errc::der_trailing);
  CHECK(parsed(blob{}).code == errc::der_truncated);
  CHECK(parsed(seq({})).code == errc::der_truncated);
  CHECK(parsed(set({})).code == errc::der_tag);
  certificate_parts parts;
  parts.after_signature = null();
  CHECK(outcome(parts) == errc::der_trailing);
  parts = {};
  parts.signature = {};
  CHECK(outcome(parts) == errc::der_truncated);
  parts = {};
  parts.after_extensions = context(4, {null()});
  CHECK(outcome(parts) == errc::der_trailing);
}

TEST_CASE("X-001: the signature is a BIT STRING of whole bytes") {
  certificate_parts parts;
  parts.signature = bit_string({0xF0}, 4);
  CHECK(outcome(parts) == errc::der_bit_string);
  parts.signature = hex("03 00");
  CHECK(outcome(parts) == errc::der_bit_string);
  parts.signature = octet_string({0, 1});
  CHECK(outcome(parts) == errc::der_tag);
}

TEST_CASE("X-002: versions 1 to 3, version 1 by absence") {
  certificate_parts parts;
  parts.version = {};
  CHECK(parsed(parts)->version == 1);
  parts.version = context(0, {integer(1)});
  CHECK(parsed(parts)->version == 2);
  parts.version = context(0, {integer(2)});
  CHECK(parsed(parts)->version == 3);
  for (const std::int64_t bad : {0, 3, 4, 256, 0x7FFFFFFF}) {
    CAPTURE(bad);
    parts.version = context(0, {integer(bad)});
    CHECK(outcome(parts) == errc::certificate_version);
  }
  parts.version = context(0, {integer(-1)});
  CHECK(outcome(parts) == errc::der_integer);
  parts.version = context(0, {integer(2), integer(2)});
  CHECK(outcome(parts) == errc::der_trailing);
  parts.version = context_primitive(0, {2});
  CHECK(outcome(parts) == errc::der_tag);
}

TEST_CASE("X-002: extensions need version 3, unique identifiers version 2") {
  const blob list = context(3, {seq({extension("1.2.3", null())})});
  const blob unique = context_primitive(1, {0, 1}), subject_unique = context_primitive(2, {0, 1});
  const blob versions[] = {{}, context(0, {integer(1)}), context(0, {integer(2)})};
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    certificate_parts parts;
    parts.version = versions[i];
    parts.extensions = list;
    CHECK(outcome(parts) == (i < 2 ? errc::certificate_version : errc::ok));
    parts.extensions = {};
    parts.issuer_id = unique;
    CHECK(outcome(parts) == (i < 1 ? errc::certificate_version : errc::ok));
    parts.issuer_id = {};
    parts.subject_id = subject_unique;
    CHECK(outcome(parts) == (i < 1 ? errc::certificate_version : errc::ok));
    parts.issuer_id = unique;
    parts.extensions = list;
    CHECK(outcome(parts) == (i < 2 ? errc::certificate_version : errc::ok));
  }
  certificate_parts parts;
  parts.issuer_id = context(1, {bit_string({1})});
  CHECK(outcome(parts) == errc::der_trailing);
  parts.issuer_id = subject_unique;
  parts.subject_id = unique;
  CHECK(outcome(parts) == errc::der_trailing);
}

TEST_CASE("X-003: the serial number is not negative and at most 32 bytes long") {
  certificate_parts parts;
  for (const blob& good : {integer(0), integer(127), integer(128), integer(repeat({0x11}, 20)),
                           integer(repeat({0x11}, 32)), integer(repeat({0xFF}, 31))}) {
    parts.serial = good;
    CHECK(outcome(parts) == errc::ok);
  }
  parts.serial = integer(-1);
  CHECK(outcome(parts) == errc::certificate_serial);
  parts.serial = integer(-128);
  CHECK(outcome(parts) == errc::certificate_serial);
  parts.serial = integer(repeat({0x11}, 33));
  CHECK(outcome(parts) == errc::certificate_serial_length);
  parts.serial = integer(repeat({0xFF}, 32));
  CHECK(outcome(parts) == errc::certificate_serial_length);
  parts.serial = hex("02 02 00 01");
  CHECK(outcome(parts) == errc::der_integer);
  parts.serial = hex("02 00");
  CHECK(outcome(parts) == errc::der_integer);
  parts.serial = null();
  CHECK(outcome(parts) == errc::der_tag);
}

TEST_CASE("X-004: the two signature algorithms are the same bytes") {
  certificate_parts parts;
  parts.outer_algorithm = seq({oid("1.2.840.10045.4.3.3")});
  CHECK(outcome(parts) == errc::certificate_algorithms);
  parts.inner_algorithm = seq({oid("1.2.840.113549.1.1.11")});
  parts.outer_algorithm = sha256_with_rsa();
  CHECK(outcome(parts) == errc::certificate_algorithms);
  parts.inner_algorithm = sha256_with_rsa();
  CHECK(outcome(parts) == errc::ok);
}

TEST_CASE("X-005: no extension stands twice") {
  CHECK(outcome(with_extensions({extension("1.2.3", null()), extension("1.2.4", null())})) ==
        errc::ok);
  CHECK(outcome(with_extensions({extension("1.2.3", null()), extension("1.2.3", null())})) ==
        errc::extension_duplicate);
  CHECK(outcome(with_extensions({extension("1.2.3", null()), extension("1.2.4", null()),
                                 extension("1.2.3", integer(1), true)})) ==
        errc::extension_duplicate);
  const blob usage = bit_string({0x80}, 7);
  CHECK(outcome(with_extensions(
            {extension(key_usage_id, usage), extension(key_usage_id, usage, true)})) ==
        errc::extension_duplicate);
  // The last bytes agree, or agree modulo 32, but the identifiers differ.
  CHECK(outcome(with_extensions({extension("1.2.5.3", null()), extension("1.2.4.3", null()),
                                 extension("1.2.3", null()), extension("1.2.35", null())})) ==
        errc::ok);
  // One identifier is the start of the other.
  CHECK(outcome(with_extensions({extension("1.2.3", null()), extension("1.2.3.3", null())})) ==
        errc::ok);
  CHECK(outcome(with_extensions({extension("1.2.3.3", null()), extension("1.2.3", null())})) ==
        errc::ok);
}

TEST_CASE("X-005: a duplicate is found at every place") {
  for (unsigned first = 0; first < 8; ++first) {
    for (unsigned second = first + 1; second < 8; ++second) {
      std::vector<blob> list;
      for (unsigned i = 0; i < 8; ++i) {
        list.push_back(extension("1.2.3." + std::to_string(i == second ? first : i), null()));
      }
      CHECK(outcome(with_extensions(list)) == errc::extension_duplicate);
    }
  }
}

TEST_CASE("G-003: at most 32 extensions") {
  std::vector<blob> list;
  for (unsigned i = 0; i < 32; ++i) list.push_back(extension("1.2.3." + std::to_string(i), null()));
  CHECK(outcome(with_extensions(list)) == errc::ok);
  list.push_back(extension("1.2.4", null()));
  CHECK(outcome(with_extensions(list)) == errc::extension_count);
}

TEST_CASE("X-006: validity is two times") {
  certificate_parts parts;
  parts.not_before = generalized_time("20200101000000Z");
  parts.not_after = generalized_time("20491231235959Z");
  const parsed p(parts);
  REQUIRE(p.code == errc::ok);
  CHECK(p->not_before == 1577836800);
  CHECK(p->not_after == 2524607999);
  for (const char* bad : {"2001010000Z", "200101000000+0100", "200101000000", "200230000000Z"}) {
    parts.not_before = utc_time(bad);
    CHECK(outcome(parts) == errc::der_time);
  }
  parts.not_before = utc_time("200101000000Z");
  parts.not_after = generalized_time("20490101000000.5Z");
  CHECK(outcome(parts) == errc::der_time);
  parts.not_after = {};
  CHECK(outcome(parts) == errc::der_truncated);
  parts.not_after = join({utc_time("490101000000Z"), utc_time("490101000000Z")});
  CHECK(outcome(parts) == errc::der_trailing);
}

TEST_CASE("X-007 N-053: keys that are malformed are refused, foreign ones kept as unsupported") {
  certificate_parts parts;
  parts.key = ec_key("1.2.840.10045.3.1.7", point(32, 2));
  CHECK(outcome(parts) == errc::key_malformed);
  parts.key = rsa_key(integer(0), integer(3));
  CHECK(outcome(parts) == errc::key_malformed);
  parts.key = seq({seq({oid("1.3.101.112")}), bit_string(repeat({1}, 32))});
  CHECK(parsed(parts).code == errc::ok);
  CHECK(parsed(parts)->key.kind == key_kind::unsupported);
}

TEST_CASE("X-008: both names are checked") {
  certificate_parts parts;
  parts.issuer = seq({rdn(3, integer(1))});
  CHECK(outcome(parts) == errc::name_malformed);
  parts = {};
  parts.subject = seq({rdn(3, integer(1))});
  CHECK(outcome(parts) == errc::name_malformed);
  parts.subject = seq({});
  CHECK(outcome(parts) == errc::ok);
}

TEST_CASE("X-010: basicConstraints") {
  const auto constraints = [](const std::vector<blob>& fields) {
    return parsed(with_extension(basic_constraints_id, seq(fields), true));
  };
  CHECK_FALSE(constraints({})->is_ca);
  CHECK(constraints({boolean(true)})->is_ca);
  CHECK(constraints({boolean(true)})->path_length == -1);
  CHECK(constraints({boolean(true), integer(0)})->path_length == 0);
  CHECK(constraints({boolean(true), integer(300)})->path_length == 300);
  CHECK(constraints({boolean(true), integer(32767)})->path_length == 32767);
  CHECK(constraints({boolean(true), integer(32768)})->path_length == 32767);
  CHECK(constraints({boolean(true), integer(0x7FFFFFFF)})->path_length == 32767);

  CHECK(constraints({boolean(false)}).code == errc::der_boolean);
  CHECK(constraints({integer(1)})->path_length == -1);
  CHECK(constraints({boolean(true), integer(-1)}).code == errc::der_integer);
  CHECK(constraints({boolean(true), integer(0x100000000)}).code == errc::der_integer);
  CHECK(constraints({boolean(true), integer(1), integer(1)}).code == errc::der_trailing);
  CHECK(of_extension(basic_constraints_id, {}) == errc::der_truncated);
  CHECK(of_extension(basic_constraints_id, join({seq({}), null()})) == errc::der_trailing);
  CHECK(of_extension(basic_constraints_id, set({})) == errc::der_tag);
}

TEST_CASE("X-010: keyUsage, every bit") {
  for (unsigned bit = 0; bit < 9; ++bit) {
    CAPTURE(bit);
    const blob bits = bit < 8 ? blob{static_cast<std::uint8_t>(0x80U >> bit)} : blob{0, 0x80};
    const auto unused = static_cast<std::uint8_t>(7 - bit % 8);
    const parsed p(with_extension(key_usage_id, bit_string(bits, unused), true));
    REQUIRE(p.code == errc::ok);
    CHECK(p->key_usage == 1U << bit);
    CHECK(p->key_usage_critical);
  }
  CHECK(parsed(with_extension(key_usage_id, bit_string({0xFF, 0x80}, 7)))->key_usage == 0x1FF);
  // Zero bits at the end are no DER but seen in real CA certificates.
  CHECK(parsed(with_extension(key_usage_id, hex("03 02 00 80")))->key_usage == 1);
  CHECK(parsed(with_extension(key_usage_id, hex("03 03 07 06 00")))->key_usage == 0x60);
}

TEST_CASE("X-010: keyUsage that is malformed or says nothing") {
  for (const char* bad : {"03 00", "03 01 00", "03 02 00 00", "03 03 07 00 00", "03 02 01 01",
                          "03 02 08 80", "03 04 00 80 00 00", "03 05 07 80 00 01 80"}) {
    CAPTURE(bad);
    CHECK(of_extension(key_usage_id, hex(bad)) == errc::extension_malformed);
  }
  CHECK(of_extension(key_usage_id, octet_string({0x80})) == errc::der_tag);
  CHECK(of_extension(key_usage_id, join({bit_string({0x80}, 7), null()})) == errc::der_trailing);
}

TEST_CASE("X-010: extKeyUsage is a list of identifiers that is not empty") {
  const parsed p(
      with_extension(ext_key_usage_id, seq({oid("1.3.6.1.5.5.7.3.8"), oid("1.2.3")}), true));
  REQUIRE(p.code == errc::ok);
  CHECK((p->has_ext_key_usage && p->ext_key_usage_critical));
  CHECK(nv2::has_purpose(p.fields, nv2::oid::time_stamping));
  CHECK_FALSE(nv2::has_purpose(p.fields, nv2::oid::code_signing));
  CHECK_FALSE(nv2::has_purpose(certificate{}, nv2::oid::code_signing));
  CHECK(of_extension(ext_key_usage_id, seq({})) == errc::der_truncated);
  CHECK(of_extension(ext_key_usage_id, seq({null()})) == errc::der_tag);
  CHECK(of_extension(ext_key_usage_id, seq({hex("06 00")})) == errc::der_oid);
  CHECK(of_extension(ext_key_usage_id, oid("1.2.3")) == errc::der_tag);
}

TEST_CASE("the purposes have the identifiers of the rule book") {
  const struct {
    bytes id;
    const char* dotted;
  } rows[] = {
      {nv2::oid::any_purpose, "2.5.29.37.0"},
      {nv2::oid::server_auth, "1.3.6.1.5.5.7.3.1"},
      {nv2::oid::client_auth, "1.3.6.1.5.5.7.3.2"},
      {nv2::oid::code_signing, "1.3.6.1.5.5.7.3.3"},
      {nv2::oid::email_protection, "1.3.6.1.5.5.7.3.4"},
      {nv2::oid::time_stamping, "1.3.6.1.5.5.7.3.8"},
      {nv2::oid::ocsp_signing, "1.3.6.1.5.5.7.3.9"},
      {nv2::oid::common_name, "2.5.4.3"},
  };
  for (const auto& row : rows) {
    const blob element = oid(row.dotted);
    CHECK(nv2::equal(row.id, view(element).drop(2)));
  }
}

TEST_CASE("X-010: subjectAltName is a list of general names that is not empty") {
  const blob good[] = {context(0, {oid("1.2.3"), context(0, {utf8("x")})}),
                       context_primitive(1, text("a@example.com")),
                       context_primitive(2, text("example.com")),
                       context(3, {}),
                       context(4, {common_name("x")}),
                       context(5, {}),
                       context_primitive(6, text("https://example.com")),
                       context_primitive(7, {192, 0, 2, 1}),
                       context_primitive(7, repeat({1}, 16)),
                       context_primitive(8, {0x2A, 0x03})};
  for (const blob& name : good) {
    CAPTURE(name);
    const parsed p(with_extension(alt_name_id, seq({name})));
    CHECK(p.code == errc::ok);
    CHECK(nv2::equal(p->subject_alt_name, view(seq({name}))));
  }
  CHECK(of_extension(alt_name_id, seq({})) == errc::der_truncated);
  CHECK(of_extension(alt_name_id, context_primitive(2, text("a"))) == errc::der_tag);
  CHECK(of_extension(alt_name_id, seq({hex("82 05 41")})) == errc::der_truncated);
  const blob bad[] = {context_primitive(0, {}),
                      context(1, {}),
                      context(2, {}),
                      context_primitive(3, {}),
                      context_primitive(4, {}),
                      context(6, {}),
                      context(7, {}),
                      context(8, {}),
                      context_primitive(9, {}),
                      context_primitive(31, {}),
                      context(9, {}),
                      utf8("a"),
                      context_primitive(7, {1, 2, 3}),
                      context_primitive(7, {}),
                      context_primitive(7, repeat({1}, 5)),
                      context_primitive(7, repeat({1}, 15)),
                      context_primitive(7, repeat({1}, 17))};
  for (const blob& name : bad) {
    CAPTURE(name);
    CHECK(of_extension(alt_name_id, seq({good[2], name})) == errc::extension_malformed);
  }
}

TEST_CASE("X-009: what is not evaluated is kept or ignored, and noted when critical") {
  const struct {
    const char* id;
    bool unknown;
  } rows[] = {
      {"2.5.29.15", false},        {"2.5.29.17", false}, {"2.5.29.19", false},
      {"2.5.29.30", false},        {"2.5.29.37", false}, {"2.5.29.14", true},
      {"2.5.29.31", true},         {"2.5.29.32", true},  {"2.5.29.35", true},
      {"2.5.29.36", true},         {"2.5.29.46", true},  {"2.5.29.54", true},
      {"1.3.6.1.5.5.7.1.1", true}, {"1.2.3.4", true},    {"2.5.29.0", true},
      {"2.5.29.19.1", true},       {"2.5.28.19", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.id);
    blob value = null();
    if (row.id == std::string{key_usage_id}) value = bit_string({0x80}, 7);
    if (row.id == std::string{alt_name_id}) value = seq({context_primitive(2, text("a"))});
    if (row.id == std::string{basic_constraints_id}) value = seq({});
    if (row.id == std::string{ext_key_usage_id}) value = seq({oid("1.2.3")});
    const parsed critical(with_extension(row.id, value, true));
    REQUIRE(critical.code == errc::ok);
    CHECK(critical->has_unknown_critical == row.unknown);
    CHECK(critical->name_constraints_critical == (row.id == std::string{"2.5.29.30"}));
    const parsed relaxed(with_extension(row.id, value));
    REQUIRE(relaxed.code == errc::ok);
    CHECK_FALSE(relaxed->has_unknown_critical);
    CHECK_FALSE(relaxed->name_constraints_critical);
  }
  // One critical unknown extension among known ones is enough.
  const parsed p(with_extensions({extension("1.2.3", null(), true), extension("1.2.4", null())}));
  CHECK(p->has_unknown_critical);
}

TEST_CASE("extension values that are kept are exact") {
  const blob value = seq({integer(5)});
  const parsed p(
      with_extensions({extension("2.5.29.30", value), extension("2.5.29.31", value),
                       extension("1.3.6.1.5.5.7.1.1", value), extension("2.5.29.46", value)}));
  REQUIRE(p.code == errc::ok);
  CHECK(nv2::equal(p->name_constraints, view(value)));
  CHECK(nv2::equal(p->crl_distribution_points, view(value)));
  CHECK(nv2::equal(p->authority_info_access, view(value)));
  CHECK(p->has_freshest_crl);
}

TEST_CASE("X-001: the envelope of an extension") {
  CHECK(outcome(with_extensions({seq({oid("1.2.3"), boolean(false), octet_string({})})})) ==
        errc::der_boolean);
  CHECK(outcome(with_extensions({seq({oid("1.2.3"), hex("01 01 01"), octet_string({})})})) ==
        errc::der_boolean);
  CHECK(outcome(with_extensions({seq({oid("1.2.3"), boolean(true)})})) == errc::der_truncated);
  CHECK(outcome(with_extensions({seq({oid("1.2.3"), null()})})) == errc::der_tag);
  CHECK(outcome(with_extensions({seq({oid("1.2.3"), octet_string({}), null()})})) ==
        errc::der_trailing);
  CHECK(outcome(with_extensions({seq({octet_string({})})})) == errc::der_tag);
  CHECK(outcome(with_extensions({seq({hex("06 00"), octet_string({})})})) == errc::der_oid);
  CHECK(outcome(with_extensions({seq({})})) == errc::der_truncated);
  CHECK(outcome(with_extensions({set({})})) == errc::der_tag);
  certificate_parts parts;
  parts.extensions = context(3, {});
  CHECK(outcome(parts) == errc::der_truncated);
  parts.extensions = context(3, {seq({extension("1.2.3", null())}), null()});
  CHECK(outcome(parts) == errc::der_trailing);
  // An empty list says nothing and is seen in real certificates.
  parts.extensions = context(3, {seq({})});
  CHECK(outcome(parts) == errc::ok);
}

TEST_CASE("extension_reader lists what is there") {
  const parsed p(
      with_extensions({extension("1.2.3", integer(1)), extension("1.2.4", integer(2), true)}));
  nv2::extension_reader reader{p.fields};
  nv2::extension e;
  REQUIRE(reader.next(e));
  CHECK(nv2::equal(e.id, view(oid("1.2.3")).drop(2)));
  CHECK_FALSE(e.critical);
  CHECK(nv2::equal(e.value, view(integer(1))));
  REQUIRE(reader.next(e));
  CHECK(e.critical);
  CHECK(nv2::equal(e.value, view(integer(2))));
  CHECK_FALSE(reader.next(e));
  CHECK_FALSE(reader.next(e));

  const parsed without{certificate_parts{}};
  nv2::extension_reader none{without.fields};
  CHECK_FALSE(none.next(e));
  nv2::extension_reader of_nothing{certificate{}};
  CHECK_FALSE(of_nothing.next(e));
}

TEST_CASE("a name that is known again reads as if it were not, and no other name passes for it") {
  const blob der = certificate_parts{}.der();
  const parsed alone(der);
  REQUIRE(alone.code == errc::ok);
  const blob other = common_name("issues");  // as long as the issuer
  const bytes known[] = {alone->issuer, alone->subject, view(other), bytes{}};
  for (const bytes name : known) {
    certificate fields;
    REQUIRE(nv2::parse_certificate(view(der), fields, name) == errc::ok);
    CHECK(nv2::equal(fields.issuer, alone->issuer));
    CHECK(nv2::equal(fields.subject, alone->subject));
    CHECK(nv2::equal(fields.spki, alone->spki));
  }
  // What is known must be there whole: a name that is not well-formed stays refused.
  certificate_parts broken;
  broken.subject[1] ^= 1;
  certificate fields;
  CHECK(nv2::parse_certificate(view(broken.der()), fields, alone->subject) != errc::ok);
}

TEST_CASE("a refused certificate leaves nothing behind") {
  certificate fields;
  const blob good = real::decode(real::rsa_leaf);
  REQUIRE(nv2::parse_certificate(view(good), fields) == errc::ok);
  REQUIRE(nv2::parse_certificate(view(good).first(good.size() - 1), fields) != errc::ok);
  CHECK(fields.version == 0);
  CHECK(fields.der.empty());
  CHECK(fields.subject.empty());
  CHECK(fields.key.kind == key_kind::unsupported);
  CHECK(fields.key_usage == 0);
  CHECK(fields.path_length == -1);
  CHECK_FALSE(fields.has_subject_alt_name);
}

TEST_CASE("no cut of a real certificate is a certificate") {
  for (const char* base64 : real::all) {
    const blob whole = real::decode(base64);
    REQUIRE(parsed(whole).code == errc::ok);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const parsed p(blob(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK(p.code != errc::ok);
      CHECK(p->version == 0);
    }
  }
}

TEST_CASE("every byte of a real certificate replaced by others") {
  for (const char* base64 : real::all) {
    const blob whole = real::decode(base64);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const unsigned change : {0x01U, 0x80U, 0xFFU, 0x1FU}) {
        blob changed = whole;
        changed[i] = static_cast<std::uint8_t>(changed[i] ^ change);
        check_invariants(parsed(changed));
      }
      blob zeroed = whole;
      zeroed[i] = 0;
      check_invariants(parsed(zeroed));
    }
  }
}
