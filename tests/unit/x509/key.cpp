// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include <nv2/x509/key.hpp>

#include "support/der_builder.hpp"

using nv2::errc;
using nv2::hash_algorithm;
using nv2::key_kind;
using nv2::signature_algorithm;
using nv2::signature_scheme;
using namespace nv2_test::build;

namespace {

constexpr const char* p256 = "1.2.840.10045.3.1.7";
constexpr const char* p384 = "1.3.132.0.34";
constexpr const char* p521 = "1.3.132.0.35";

const blob modulus = integer(repeat({0xC5}, 256));

errc parsed(const blob& spki, nv2::public_key& key) {
  return nv2::parse_public_key(view(spki), key);
}
errc parsed(const blob& spki) {
  nv2::public_key key;
  return parsed(spki, key);
}

key_kind kind_of(const blob& spki) {
  nv2::public_key key;
  REQUIRE(parsed(spki, key) == errc::ok);
  return key.kind;
}

signature_algorithm named(const blob& algorithm) {
  nv2::der_reader reader{view(algorithm)};
  const signature_algorithm out = nv2::read_signature_algorithm(reader);
  CHECK(reader.finish() == errc::ok);
  return out;
}

blob sha2(unsigned number, bool with_null = true) {
  const blob id = oid("2.16.840.1.101.3.4.2." + std::to_string(number));
  return with_null ? seq({id, null()}) : seq({id});
}
blob mgf1(const blob& hash, const char* id = "1.2.840.113549.1.1.8") {
  return seq({oid(id), hash});
}
blob pss(const std::vector<blob>& parameters) {
  return seq({oid("1.2.840.113549.1.1.10"), seq(parameters)});
}
blob pss_with(const blob& hash, const blob& mask, std::int64_t salt) {
  return pss({context(0, {hash}), context(1, {mask}), context(2, {integer(salt)})});
}

constexpr signature_algorithm unknown{};

}  // namespace

TEST_CASE("X-007: an RSA key gives modulus and exponent without leading zeros") {
  const blob spki = rsa_key(modulus, integer(65537));
  nv2::public_key key;
  REQUIRE(parsed(spki, key) == errc::ok);
  CHECK(key.kind == key_kind::rsa);
  CHECK(key.modulus.size() == 256);
  CHECK(key.modulus[0] == 0xC5);
  CHECK(key.exponent.size() == 3);
  CHECK(key.point.empty());
  CHECK(nv2::rsa_bits(key) == 2048);
}

TEST_CASE("X-007: the RSA exponent is odd, at least 3 and below 2^31") {
  for (const std::int64_t good : {3LL, 5LL, 17LL, 257LL, 65537LL, 0x7FFFFFFFLL}) {
    CAPTURE(good);
    CHECK(parsed(rsa_key(modulus, integer(good))) == errc::ok);
  }
  for (const std::int64_t bad : {0LL, 1LL, 2LL, 4LL, 65536LL, 0x7FFFFFFELL, 0x80000001LL,
                                 0xFFFFFFFFLL, 0x100000001LL, 0x10000000000001LL}) {
    CAPTURE(bad);
    CHECK(parsed(rsa_key(modulus, integer(bad))) == errc::key_malformed);
  }
  CHECK(parsed(rsa_key(modulus, integer(-3))) == errc::der_integer);
}

TEST_CASE("X-007: the RSA modulus is positive") {
  CHECK(parsed(rsa_key(integer(1), integer(3))) == errc::ok);
  CHECK(parsed(rsa_key(integer(0), integer(3))) == errc::key_malformed);
  CHECK(parsed(rsa_key(integer(-1), integer(3))) == errc::der_integer);
  CHECK(parsed(rsa_key(hex("02 02 00 01"), integer(3))) == errc::der_integer);
}

TEST_CASE("X-007: rsaEncryption has NULL parameters") {
  const blob bits = bit_string(seq({modulus, integer(3)}));
  const blob id = oid("1.2.840.113549.1.1.1");
  CHECK(parsed(seq({seq({id, null()}), bits})) == errc::ok);
  CHECK(parsed(seq({seq({id}), bits})) == errc::key_malformed);
  CHECK(kind_of(seq({seq({id, seq({})}), bits})) == key_kind::unsupported);
  CHECK(kind_of(seq({seq({id, hex("05 01 00")}), bits})) == key_kind::unsupported);
}

TEST_CASE("X-001: RSAPublicKey is two integers and nothing else") {
  const auto rsa = [](const blob& bits) {
    return seq({seq({oid("1.2.840.113549.1.1.1"), null()}), bits});
  };
  const blob key = seq({modulus, integer(3)});
  CHECK(parsed(rsa(bit_string(seq({modulus})))) == errc::der_truncated);
  CHECK(parsed(rsa(bit_string(seq({modulus, integer(3), integer(3)})))) == errc::der_trailing);
  CHECK(parsed(rsa(bit_string(join({key, null()})))) == errc::der_trailing);
  CHECK(parsed(rsa(bit_string({}))) == errc::der_truncated);
  CHECK(parsed(rsa(bit_string(key, 1))) == errc::der_bit_string);
  CHECK(parsed(rsa(octet_string(key))) == errc::der_tag);
  CHECK(parsed(join({rsa(bit_string(key)), null()})) == errc::der_trailing);
  CHECK(parsed(seq({seq({oid("1.2.840.113549.1.1.1"), null()}), bit_string(key), null()})) ==
        errc::der_trailing);
  CHECK(parsed({}) == errc::der_truncated);
}

TEST_CASE("X-007: EC keys on the three curves, uncompressed and of the exact length") {
  const struct {
    const char* curve;
    std::size_t size;
    key_kind kind;
  } rows[] = {
      {p256, 64, key_kind::ec_p256}, {p384, 96, key_kind::ec_p384}, {p521, 132, key_kind::ec_p521}};
  for (const auto& row : rows) {
    CAPTURE(row.curve);
    const blob spki = ec_key(row.curve, point(row.size));
    nv2::public_key key;
    REQUIRE(parsed(spki, key) == errc::ok);
    CHECK(key.kind == row.kind);
    CHECK(nv2::equal(key.point, view(point(row.size))));
    CHECK(key.modulus.empty());
    CHECK(parsed(ec_key(row.curve, point(row.size - 1))) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, point(row.size + 1))) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, point(row.size / 2, 2))) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, point(row.size / 2, 3))) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, point(row.size, 6))) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, {})) == errc::key_malformed);
    CHECK(parsed(ec_key(row.curve, {0})) == errc::key_malformed);
  }
}

TEST_CASE("N-053: other key types and curves are unsupported, not malformed") {
  CHECK(kind_of(ec_key("1.3.132.0.33", point(56))) == key_kind::unsupported);         // P-224
  CHECK(kind_of(ec_key("1.3.132.0.10", point(64))) == key_kind::unsupported);         // secp256k1
  CHECK(kind_of(ec_key("1.2.840.10045.3.1.1", point(48))) == key_kind::unsupported);  // P-192
  CHECK(kind_of(seq({seq({oid("1.3.101.112")}), bit_string(repeat({1}, 32))})) ==     // Ed25519
        key_kind::unsupported);
  CHECK(
      kind_of(seq({seq({oid("1.2.840.113549.1.1.10")}), bit_string(seq({modulus, integer(3)}))})) ==
      key_kind::unsupported);  // RSASSA-PSS key
  const blob ec = oid("1.2.840.10045.2.1");
  CHECK(kind_of(seq({seq({ec}), bit_string(point(64))})) == key_kind::unsupported);
  CHECK(kind_of(seq({seq({ec, null()}), bit_string(point(64))})) == key_kind::unsupported);
  CHECK(kind_of(seq({seq({ec, seq({integer(1)})}), bit_string(point(64))})) ==
        key_kind::unsupported);
  CHECK(kind_of(seq({seq({ec, oid(p256), null()}), bit_string(point(64))})) ==
        key_kind::unsupported);
}

TEST_CASE("X-011: PKCS#1 v1.5 with SHA-2, parameters NULL or absent") {
  const hash_algorithm hashes[] = {hash_algorithm::sha256, hash_algorithm::sha384,
                                   hash_algorithm::sha512};
  for (unsigned i = 0; i < 3; ++i) {
    const blob id = oid("1.2.840.113549.1.1." + std::to_string(11 + i));
    const signature_algorithm expected{signature_scheme::rsa_pkcs1, hashes[i]};
    CHECK(named(seq({id, null()})) == expected);
    CHECK(named(seq({id})) == expected);
    CHECK(named(seq({id, integer(1)})) == unknown);
    CHECK(named(seq({id, null(), null()})) == unknown);
    CHECK(named(seq({id, hex("05 01 00")})) == unknown);
  }
}

TEST_CASE("X-011: ECDSA with SHA-2, no parameters") {
  const hash_algorithm hashes[] = {hash_algorithm::sha256, hash_algorithm::sha384,
                                   hash_algorithm::sha512};
  for (unsigned i = 0; i < 3; ++i) {
    const blob id = oid("1.2.840.10045.4.3." + std::to_string(2 + i));
    CHECK(named(seq({id})) == signature_algorithm{signature_scheme::ecdsa, hashes[i]});
    CHECK(named(seq({id, null()})) == unknown);
  }
}

TEST_CASE("X-011: RSASSA-PSS with one SHA-2 hash throughout, its salt length and trailer 1") {
  const signature_scheme scheme = signature_scheme::rsa_pss;
  // Each of the two hashes may have its NULL or not (RFC 4055 section 2.1).
  for (const bool hash_null : {true, false}) {
    for (const bool mask_null : {true, false}) {
      CAPTURE(hash_null);
      CAPTURE(mask_null);
      CHECK(named(pss_with(sha2(1, hash_null), mgf1(sha2(1, mask_null)), 32)) ==
            signature_algorithm{scheme, hash_algorithm::sha256});
      CHECK(named(pss_with(sha2(2, hash_null), mgf1(sha2(2, mask_null)), 48)) ==
            signature_algorithm{scheme, hash_algorithm::sha384});
      CHECK(named(pss_with(sha2(3, hash_null), mgf1(sha2(3, mask_null)), 64)) ==
            signature_algorithm{scheme, hash_algorithm::sha512});
    }
  }

  const blob scheme_id = oid("1.2.840.113549.1.1.10"), mgf1_id = oid("1.2.840.113549.1.1.8"),
             sha2_id = oid("2.16.840.1.101.3.4.2.1");
  const blob hash = context(0, {sha2(1)}), mask = context(1, {mgf1(sha2(1))}),
             salt = context(2, {integer(32)});
  const struct {
    const char* why;
    blob algorithm;
  } rows[] = {
      {"no parameters", seq({oid("1.2.840.113549.1.1.10")})},
      {"NULL parameters", seq({oid("1.2.840.113549.1.1.10"), null()})},
      {"all defaults, SHA-1", pss({})},
      {"default hash", pss({mask, salt})},
      {"default mask", pss({hash, salt})},
      {"default salt length", pss({hash, mask})},
      {"other hash in the mask", pss_with(sha2(1), mgf1(sha2(2)), 32)},
      {"longer hash in the mask", pss_with(sha2(2), mgf1(sha2(1)), 48)},
      {"salt of another hash", pss_with(sha2(1), mgf1(sha2(1)), 48)},
      {"salt of length 20", pss_with(sha2(1), mgf1(sha2(1)), 20)},
      {"salt of length 0", pss_with(sha2(1), mgf1(sha2(1)), 0)},
      {"negative salt length", pss_with(sha2(1), mgf1(sha2(1)), -2)},
      {"salt length 254", pss({hash, mask, context(2, {hex("02 01 FE")})})},
      {"hash number 0 twice", pss_with(sha2(0), mgf1(sha2(0)), 16)},
      {"hash number 0, then 1", pss_with(sha2(0), mgf1(sha2(1)), 32)},
      {"SHA-224", pss_with(sha2(4), mgf1(sha2(4)), 80)},
      {"SHA3-256", pss_with(sha2(8), mgf1(sha2(8)), 32)},
      {"SHA-1", pss_with(seq({oid("1.3.14.3.2.26"), null()}),
                         mgf1(seq({oid("1.3.14.3.2.26"), null()})), 20)},
      {"another mask function", pss_with(sha2(1), mgf1(sha2(1), "1.2.840.113549.1.1.9"), 32)},
      {"trailer 2", pss({hash, mask, salt, context(3, {integer(2)})})},
      {"trailer 1 spelled out, no DER", pss({hash, mask, salt, context(3, {integer(1)})})},
      {"something behind", pss({hash, mask, salt, null()})},
      {"another order", pss({mask, hash, salt})},
      {"other hash in the mask, without NULL", pss_with(sha2(1, false), mgf1(sha2(2, false)), 32)},
      {"salt of another hash, without NULL", pss_with(sha2(2, false), mgf1(sha2(2, false)), 32)},
      {"hash with other parameters", pss_with(seq({sha2_id, integer(0)}), mgf1(sha2(1)), 32)},
      {"hash with two NULL", pss_with(seq({sha2_id, null(), null()}), mgf1(sha2(1)), 32)},
      {"hash with a long NULL", pss_with(seq({sha2_id, hex("05 01 00")}), mgf1(sha2(1)), 32)},
      {"mask hash with other parameters", pss_with(sha2(1), mgf1(seq({sha2_id, seq({})})), 32)},
      {"no hash at all", pss({context(0, {}), mask, salt})},
      {"something behind the hash", pss({context(0, {sha2(1), null()}), mask, salt})},
      {"no mask at all", pss({hash, context(1, {}), salt})},
      {"mask without hash", pss({hash, context(1, {seq({mgf1_id})}), salt})},
      {"something behind the mask", pss({hash, context(1, {mgf1(sha2(1)), null()}), salt})},
      {"something behind the mask's hash",
       pss({hash, context(1, {seq({mgf1_id, sha2(1), null()})}), salt})},
      {"something behind the salt", pss({hash, mask, context(2, {integer(32), null()})})},
      {"no salt at all", pss({hash, mask, context(2, {})})},
      {"salt of four bytes and more", pss_with(sha2(1), mgf1(sha2(1)), 0x100000020)},
      {"salt of two bytes", pss_with(sha2(1), mgf1(sha2(1)), 0x120)},
      {"salt with a zero before", pss({hash, mask, context(2, {hex("02 02 00 20")})})},
      {"bare hash", pss({sha2(1), mask, salt})},
      {"parameters in a set", seq({scheme_id, set({hash, mask, salt})})},
      {"parameters twice", seq({scheme_id, seq({hash, mask, salt}), seq({hash, mask, salt})})},
      {"another scheme", seq({oid("1.2.840.113549.1.1.7"), seq({hash, mask, salt})})},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    CHECK(named(row.algorithm) == unknown);
  }
}

TEST_CASE("X-011: every other algorithm is none: SHA-1, MD5, SHA-224, EdDSA, DSA") {
  for (const char* id :
       {"1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.14",
        "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.15", "1.2.840.10045.4.1", "1.2.840.10045.4.3.1",
        "1.2.840.10045.4.3.5", "1.3.101.112", "1.2.840.10040.4.3", "2.16.840.1.101.3.4.2.1",
        "1.2.840.10045.2.1", "2.5.29.15"}) {
    CAPTURE(id);
    CHECK(named(seq({oid(id)})) == unknown);
    CHECK(named(seq({oid(id), null()})) == unknown);
  }
  CHECK(named(seq({})) == unknown);
}

TEST_CASE("find_known never names what only looks similar") {
  using nv2::detail::find_known;
  using nv2::detail::known;
  CHECK(find_known(view(hex("55 1D 0F"))) == known::key_usage);
  CHECK(find_known(view(hex("55 1D 0F 00"))) == known::none);
  CHECK(find_known(view(hex("55 1D"))) == known::none);
  CHECK(find_known(view(hex("55 1E 0F"))) == known::none);
  CHECK(find_known(view(hex("2B 06 01 05 05 07 01 01"))) == known::authority_info_access);
  CHECK(find_known({}) == known::none);
  CHECK(find_known(view(sha2(1))) == known::none);  // not the contents, but the element
  // The bytes that stand for something in a pattern are ordinary bytes in a value.
  CHECK(find_known(view(hex("55 FF 0F"))) == known::none);
  CHECK(find_known(view(hex("FF 1D 0F"))) == known::none);
}
