# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""CBOR, written in the shortest form unless asked for something else."""
import struct


class Raw(bytes):
    """An item that is encoded already."""


class Tag:
    def __init__(self, number, content):
        self.number, self.content = number, content


class Pairs(list):
    """A map as a list of pairs: any order, any key, and keys may repeat."""


UNDEFINED = Raw(b"\xf7")
NAN = Raw(b"\xf9\x7e\x00")


def head(major, number, width=None):
    """`width`: bytes of the number behind the first byte; 0 = in the first byte."""
    if width is None:
        width = 0 if number < 24 else next(w for w in (1, 2, 4, 8) if number < 1 << 8 * w)
    if width == 0:
        return bytes([major << 5 | number])
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width]]) + number.to_bytes(width, "big")


def indefinite(major, *items):
    return Raw(bytes([major << 5 | 31]) + b"".join(items) + b"\xff")


def text(data, width=None):
    return Raw(head(3, len(data), width) + data)


def integer(number, width=None):
    return Raw(head(0, number, width) if number >= 0 else head(1, -1 - number, width))


def bytestring(data, width=None):
    return Raw(head(2, len(data), width) + data)


def half(number):
    return Raw(b"\xf9" + struct.pack(">e", number))


def pairs(items, width=None):
    return Raw(head(5, len(items), width) + b"".join(encode(k) + encode(v) for k, v in items))


def encode(value):
    if isinstance(value, Raw):
        return bytes(value)
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return bytes(integer(value))
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes(text(value.encode()))
    if isinstance(value, bytes):
        return bytes(bytestring(value))
    if isinstance(value, Tag):
        return head(6, value.number) + encode(value.content)
    if isinstance(value, Pairs):
        return bytes(pairs(value))
    return head(4, len(value)) + b"".join(encode(item) for item in value)
