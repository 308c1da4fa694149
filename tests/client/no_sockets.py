#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a program that is killed by SIGSYS as soon as it asks for a socket, in a network without anything where that is allowed.

  no_sockets.py PROGRAM [ARGUMENT...]

The system call filter holds for everything that the program starts, too. Exit code 77: no filters here (not Linux on x86-64 or
AArch64).
"""
import ctypes
import os
import platform
import struct
import sys

# By machine: AUDIT_ARCH, and the numbers of socket, socketpair and io_uring_setup, which could make one unseen.
MACHINES = {"x86_64": (0xC000003E, (41, 53, 425)), "aarch64": (0xC00000B7, (198, 199, 425))}
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, IF_GREATER_OR_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
X32 = 0x40000000  # the other way to call on x86-64
UNAVAILABLE = 77


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def program(architecture: int, numbers: tuple) -> bytes:
    """Kills for any of the system calls `numbers`, and for calls in another convention than the machine's own."""
    out = [instruction(LOAD, 4), instruction(IF_EQUAL, architecture, 1, 0), instruction(RETURN, KILL), instruction(LOAD, 0),
           instruction(IF_GREATER_OR_EQUAL, X32, len(numbers) + 1, 0)]
    out += [instruction(IF_EQUAL, number, len(numbers) - i, 0) for i, number in enumerate(numbers)]
    return b"".join(out + [instruction(RETURN, ALLOW), instruction(RETURN, KILL)])


def forbid_sockets() -> bool:
    """For this process and all that it starts; fit for `preexec_fn` of subprocess. False: none was set."""
    if sys.platform != "linux" or platform.machine() not in MACHINES:
        return False
    code = program(*MACHINES[platform.machine()])
    steps = ctypes.create_string_buffer(code, len(code))
    filters = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(steps)))
    system = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    return (system.prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), zero, zero, zero) == 0
            and system.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), filters, zero, zero) == 0)


def main() -> int:
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)  # the filter is enough where that is not allowed
    if not forbid_sockets():
        return UNAVAILABLE
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
