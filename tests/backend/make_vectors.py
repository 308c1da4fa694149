#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Writes vectors.hpp: keys, and signatures over one message, good and bad in one way each.

The bad RSA signatures are made with the private key from a wrongly encoded message, so that only
the named fault can make a verifier refuse. Needs python3-cryptography; the keys are thrown away.

    make_vectors.py > vectors.hpp
"""

import hashlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils

MESSAGE = b"nv2 backend vectors"
HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
DIGEST_INFO = {
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
}
CURVES = {  # curve, bytes of a coordinate, order, prime
    "ec_p256": (ec.SECP256R1(), 32,
                int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16),
                2**256 - 2**224 + 2**192 + 2**96 - 1),
    "ec_p384": (ec.SECP384R1(), 48,
                int(48 * "F" + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16),
                2**384 - 2**128 - 2**96 + 2**32 - 1),
    "ec_p521": (ec.SECP521R1(), 66,
                int("1" + 65 * "F" + "A51868783BF2F966B7FCC0148F709A5D"
                    "03BB5C9B8899C47AEBB6FB71E91386409", 16),
                2**521 - 1),
}

keys, rows = [], []


def digest(name, data=MESSAGE):
    return HASHES[name](data).digest()


def row(name, key, scheme, hash_name, signature, expected="signature_mismatch"):
    rows.append((name, key, scheme, hash_name, signature.hex(), expected))


# RSA ----------------------------------------------------------------------------------------------

class RsaKey:
    def __init__(self, bits):
        self.name = f"rsa{bits}"
        private = rsa.generate_private_key(65537, bits).private_numbers()
        self.n, self.d = private.public_numbers.n, private.d
        assert self.n.bit_length() == bits
        self.size = (bits + 7) // 8
        self.em_bits = bits - 1
        keys.append((self.name, "rsa", self.n.to_bytes(self.size, "big").hex(), "010001", ""))

    def sign(self, encoded):
        value = int.from_bytes(encoded, "big")
        assert value < self.n
        return pow(value, self.d, self.n).to_bytes(self.size, "big")


def pkcs1(size, hash_name, info=None, value=None, head=b"\0\1", fill=0xFF, short=0, tail=b""):
    info = bytes.fromhex(DIGEST_INFO[hash_name]) if info is None else info
    content = info + (digest(hash_name) if value is None else value)
    padding = bytes([fill]) * (size - 3 - len(content) - len(tail) - short)
    return head + padding + b"\0" + content + tail + b"\0" * short


def mgf1(seed, length, hash_name):
    out, counter = b"", 0
    while len(out) < length:
        out += digest(hash_name, seed + counter.to_bytes(4, "big"))
        counter += 1
    return out[:length]


def pss(key, hash_name, salt_length, mgf_hash=None, trailer=0xBC, value=None, padding=None,
        first=1):
    size = (key.em_bits + 7) // 8
    value = digest(hash_name) if value is None else value
    salt = bytes((7 * i + first) & 0xFF for i in range(salt_length))
    inner = digest(hash_name, b"\0" * 8 + value + salt)
    zeros = size - salt_length - len(inner) - 2
    block = (b"\0" * zeros if padding is None else padding(zeros)) + b"\1" + salt
    mask = mgf1(inner, len(block), mgf_hash or hash_name)
    masked = bytearray(a ^ b for a, b in zip(block, mask))
    masked[0] &= 0xFF >> (8 * size - key.em_bits)
    encoded = bytes(masked) + inner + bytes([trailer])
    return encoded.rjust(key.size, b"\0")


def pss_with_high_bit(key, hash_name, salt_length):
    """A good encoding but for the lowest bit that is not part of it; a salt that stays below n."""
    for first in range(256):
        value = int.from_bytes(pss(key, hash_name, salt_length, first=first), "big")
        value |= 1 << key.em_bits
        if value < key.n:
            return value.to_bytes(key.size, "big")
    raise AssertionError("no salt fits")


def flip(signature, index):
    return signature[:index] + bytes([signature[index] ^ 1]) + signature[index + 1:]


def no_null(hash_name):
    """DigestInfo whose AlgorithmIdentifier has no parameters."""
    info = bytearray(bytes.fromhex(DIGEST_INFO[hash_name]))
    info[1] -= 2
    info[3] -= 2
    return bytes(info[:15] + info[17:])


def long_length(hash_name):
    """DigestInfo with a length in two bytes where one is enough."""
    info = bytes.fromhex(DIGEST_INFO[hash_name])
    return info[:1] + b"\x81" + bytes([info[1]]) + info[2:]


def add_rsa():
    small, *larger = [RsaKey(bits) for bits in (2048, 3072, 4096)]
    for key in (small, *larger):
        for hash_name in HASHES:
            good = key.sign(pkcs1(key.size, hash_name))
            row("good", key.name, "rsa_pkcs1", hash_name, good, "ok")
            row("one bit differs", key.name, "rsa_pkcs1", hash_name, flip(good, 100))
            row("PKCS#1 as PSS", key.name, "rsa_pss", hash_name, good)
            salt = HASHES[hash_name]().digest_size
            good = key.sign(pss(key, hash_name, salt))
            row("good", key.name, "rsa_pss", hash_name, good, "ok")
            row("one bit differs", key.name, "rsa_pss", hash_name, flip(good, 100))
            row("PSS as PKCS#1", key.name, "rsa_pkcs1", hash_name, good)

    # A modulus that is no whole number of bytes moves the padding of PSS.
    for bits in (2041, 2047, 2050):
        key = RsaKey(bits)
        good = key.sign(pkcs1(key.size, "sha256"))
        row("good, odd size", key.name, "rsa_pkcs1", "sha256", good, "ok")
        good = key.sign(pss(key, "sha512", 64))
        row("good, odd size", key.name, "rsa_pss", "sha512", good, "ok")
        row("unused top bit set, odd size", key.name, "rsa_pss", "sha256",
            key.sign(pss_with_high_bit(key, "sha256", 32)))
        row("salt of 0, odd size", key.name, "rsa_pss", "sha512", key.sign(pss(key, "sha512", 0)))

    add_bad_pkcs1(small)
    add_bad_pss(small)

    # What a signature over a malformed key looks like does not matter.
    modulus = small.n.to_bytes(256, "big").hex()
    any_signature = bytes(i ^ 0x55 for i in range(256))
    even = (small.n - 1).to_bytes(256, "big").hex()
    for name, n, e in (("even modulus", even, "010001"),
                       ("exponent 0", modulus, "00"),
                       ("exponent 1", modulus, "01"),
                       ("exponent 2", modulus, "02"),
                       ("even exponent", modulus, "010002"),
                       ("exponent equals modulus", modulus, modulus)):
        keys.append((name, "rsa", n, e, ""))
        row(name, name, "rsa_pkcs1", "sha256", any_signature, "key_malformed")
        row(name, name, "rsa_pss", "sha256", any_signature, "key_malformed")
    # Legal and rare: the verdict is about the signature.
    keys.append(("exponent 3", "rsa", modulus, "03", ""))
    row("exponent 3", "exponent 3", "rsa_pkcs1", "sha256", any_signature)
    row("exponent 3", "exponent 3", "rsa_pss", "sha256", any_signature)


def add_bad_pkcs1(key):
    def bad(name, encoded):
        row(name, key.name, "rsa_pkcs1", "sha256", key.sign(encoded))

    size, h = key.size, "sha256"
    bad("another digest", pkcs1(size, h, value=digest(h, b"other")))
    bad("DigestInfo without NULL", pkcs1(size, h, info=no_null(h)))
    bad("DigestInfo with a long length", pkcs1(size, h, info=long_length(h)))
    bad("DigestInfo of another hash", pkcs1(size, h, info=bytes.fromhex(DIGEST_INFO["sha512"])))
    bad("no DigestInfo", pkcs1(size, h, info=b""))
    bad("neither DigestInfo nor digest", pkcs1(size, h, info=b"", value=b""))
    bad("no digest", pkcs1(size, h, value=b""))
    bad("padding to the end", b"\0\1" + b"\xff" * (size - 2))
    bad("bytes after the digest", pkcs1(size, h, tail=b"\0\0"))
    bad("padding too short, zeros behind", pkcs1(size, h, short=8))
    bad("padding of one byte, zeros behind", pkcs1(size, h, short=size - 3 - 51 - 1))
    bad("no padding, zeros behind", pkcs1(size, h, short=size - 3 - 51))
    bad("block type 0", pkcs1(size, h, head=b"\0\0", fill=0))
    bad("block type 2", pkcs1(size, h, head=b"\0\2"))
    bad("first byte not zero", pkcs1(size, h, head=b"\1\1"))
    bad("padding byte is not FF", pkcs1(size, h, fill=0xFE))
    bad("digest cut by a byte", pkcs1(size, h, value=digest(h)[:-1]))
    good = int.from_bytes(key.sign(pkcs1(size, h)), "big")
    beyond = good + key.n
    if beyond < 1 << (8 * size):
        row("modulus added", key.name, "rsa_pkcs1", h, beyond.to_bytes(size, "big"))
    row("equal to the modulus", key.name, "rsa_pkcs1", h, key.n.to_bytes(size, "big"))
    row("all ones", key.name, "rsa_pkcs1", h, b"\xff" * size)
    row("zero", key.name, "rsa_pkcs1", h, b"\0" * size)
    row("one", key.name, "rsa_pkcs1", h, b"\0" * (size - 1) + b"\1")


def add_bad_pss(key):
    def bad(name, hash_name, *args, **named):
        row(name, key.name, "rsa_pss", hash_name, key.sign(pss(key, hash_name, *args, **named)))

    longest = {h: key.size - HASHES[h]().digest_size - 2 for h in HASHES}
    for h in HASHES:
        good = HASHES[h]().digest_size
        for salt in (0, 1, 20, 32, 48, 64, good - 1, good + 1, longest[h]):
            if salt != good:
                bad(f"salt of {salt}", h, salt)
    for h, other in (("sha256", "sha384"), ("sha512", "sha256")):
        bad(f"MGF1 with {other}", h, HASHES[h]().digest_size, mgf_hash=other)
    bad("another digest", "sha256", 32, value=digest("sha256", b"other"))
    bad("trailer CC", "sha256", 32, trailer=0xCC)
    bad("padding begins with one", "sha256", 32, padding=lambda n: b"\1" + b"\0" * (n - 1))
    bad("padding ends with one", "sha256", 32, padding=lambda n: b"\0" * (n - 1) + b"\1")
    row("unused top bit set", key.name, "rsa_pss", "sha256",
        key.sign(pss_with_high_bit(key, "sha256", 32)))
    row("equal to the modulus", key.name, "rsa_pss", "sha256", key.n.to_bytes(key.size, "big"))
    row("all ones", key.name, "rsa_pss", "sha256", b"\xff" * key.size)
    row("zero", key.name, "rsa_pss", "sha256", b"\0" * key.size)
    row("one", key.name, "rsa_pss", "sha256", b"\0" * (key.size - 1) + b"\1")


# ECDSA --------------------------------------------------------------------------------------------

def add_ecdsa():
    for kind, (curve, size, order, prime) in CURVES.items():
        private = ec.generate_private_key(curve)
        point = private.public_key().public_bytes(serialization.Encoding.X962,
                                                  serialization.PublicFormat.UncompressedPoint)
        keys.append((kind, kind, "", "", point.hex()))

        def raw(r, s):
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")

        for h in HASHES:
            algorithm = ec.ECDSA(utils.Prehashed(getattr(hashes, h.upper())()))
            r, s = utils.decode_dss_signature(private.sign(digest(h), algorithm))
            row("good", kind, "ecdsa", h, raw(r, s), "ok")
            row("the other s", kind, "ecdsa", h, raw(r, order - s), "ok")
            row("one bit of r differs", kind, "ecdsa", h, raw(r ^ 2, s))
            row("one bit of s differs", kind, "ecdsa", h, raw(r, s ^ 2))
        for name, a, b in (("r is 0", 0, s), ("s is 0", r, 0), ("both are 0", 0, 0),
                           ("r is the order", order, s), ("s is the order", r, order),
                           ("r is 1", 1, s), ("s is 1", r, 1), ("both are 1", 1, 1),
                           ("both are the order less 1", order - 1, order - 1),
                           ("r and s exchanged", s, r),
                           ("s is as large as fits", r, 2**(8 * size) - 1)):
            row(name, kind, "ecdsa", "sha512", raw(a, b))
        for name, a, b in (("order added to r", r + order, s), ("order added to s", r, s + order)):
            if max(a, b) < 2**(8 * size):
                row(name, kind, "ecdsa", "sha512", raw(a, b))
        add_bad_points(kind, size, prime, point, raw(r, s))


def add_bad_points(kind, size, prime, point, signature):
    x, y = point[1:1 + size], point[1 + size:]

    def bad(name, wrong):
        keys.append((f"{kind}, {name}", kind, "", "", wrong.hex()))
        row(name, f"{kind}, {name}", "ecdsa", "sha512", signature, "key_malformed")

    bad("point off the curve", point[:-1] + bytes([point[-1] ^ 1]))
    bad("coordinates exchanged", b"\4" + y + x)
    bad("point 0, 0", b"\4" + bytes(2 * size))
    bad("x is the prime", b"\4" + prime.to_bytes(size, "big") + y)
    bad("all ones", b"\4" + b"\xff" * (2 * size))
    bad("compressed point", bytes([2 + (y[-1] & 1)]) + x)
    bad("hybrid point", bytes([6 + (y[-1] & 1)]) + x + y)
    bad("point at infinity", b"\0")
    bad("infinity, padded", b"\0" + x + y)
    bad("point cut by a byte", point[:-1])
    bad("point with a byte more", point + b"\0")
    bad("no point", b"")


# The prime field has points whose x is small: x + p then still fits and must not be accepted as x.
def add_unreduced_point():
    curve, size, _, prime = CURVES["ec_p521"]
    b = int("51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109"
            "E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00", 16)
    for x in range(1, 50):
        square = (x**3 - 3 * x + b) % prime
        y = pow(square, (prime + 1) // 4, prime)
        if y * y % prime == square:
            break
    ec.EllipticCurvePublicNumbers(x, y, curve).public_key()  # raises unless it is a point
    signature = (1).to_bytes(size, "big") * 2
    for name, value, expected in (("small x", x, "signature_mismatch"),
                                  ("small x plus prime", x + prime, "key_malformed")):
        point = b"\4" + value.to_bytes(size, "big") + y.to_bytes(size, "big")
        keys.append((name, "ec_p521", "", "", point.hex()))
        row(name, name, "ecdsa", "sha512", signature, expected)


# Hashes -------------------------------------------------------------------------------------------

def hash_of_hashes(name):
    """The hash of the hashes of 0, 1, 2 … 300 bytes, byte i being (7 * i + 3) mod 256."""
    data = bytes((7 * i + 3) & 0xFF for i in range(300))
    return digest(name, b"".join(digest(name, data[:n]) for n in range(301)))


def literal(text):
    lines = [text[i:i + 88] for i in range(0, len(text), 88)] or [""]
    return "\n     ".join(f'"{line}"' for line in lines)


def main():
    add_rsa()
    add_ecdsa()
    add_unreduced_point()
    print("""// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Written by make_vectors.py. Do not edit.
#ifndef NV2_TEST_BACKEND_VECTORS_HPP
#define NV2_TEST_BACKEND_VECTORS_HPP

#include "rows.hpp"

// clang-format off
namespace nv2_test {
""")
    print("inline constexpr hash_row hash_rows[] = {")
    for name in HASHES:
        print(f"    {{nv2::hash_algorithm::{name},")
        print(f"     {literal(digest(name, b'').hex())},")
        print(f"     {literal(digest(name, b'abc').hex())},")
        print(f"     {literal(hash_of_hashes(name).hex())}}},")
    print("};\n")
    print(f'inline constexpr char vector_message[] = "{MESSAGE.decode()}";\n')
    print("inline constexpr key_row key_rows[] = {")
    for name, kind, n, e, point in keys:
        print(f'    {{"{name}", nv2::key_kind::{kind},')
        print(f"     {literal(n)},\n     {literal(e)},\n     {literal(point)}}},")
    print("};\n")
    print("inline constexpr signature_row signature_rows[] = {")
    for name, key, scheme, hash_name, signature, expected in rows:
        print(f'    {{"{name}", "{key}",')
        print(f"     nv2::signature_scheme::{scheme}, nv2::hash_algorithm::{hash_name},")
        print(f"     {literal(signature)},\n     nv2::errc::{expected}}},")
    print("};\n\n}  // namespace nv2_test\n// clang-format on")
    print("\n#endif  // NV2_TEST_BACKEND_VECTORS_HPP")


main()
