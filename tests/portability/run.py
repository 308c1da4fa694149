#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the C++ tests for other processors, compilers and language versions, and runs them here in emulators.

  run.py [TARGET...]        the targets named, or all; one takes up to an hour on two cores
  run.py --list             the names of the targets; TARGET may be a pattern of the shell's kind, as 's390x-*'
  run.py --short [TARGET...]
                            the vectors and a few other programs, of the targets named or big-endian and in WebAssembly,
                            which is what CI runs

  --build FOLDER            where builds and logs are kept (default: build/portability); what is there is used again
  --keep-going              build what can be built and run that, whatever fails
  -j N                      processes (default: as many as there are processors)

Every target is a build of its own with the mbedTLS 3.6 of Debian's source package, run by ctest: all programs made with
doctest, the matrix and, where NV2_SUITES_DIR or ../shared/suites has them, the third-party suites. docs/portability.md
tells which packages the targets need. The last line is `N passed, N failed, N skipped`, counted in programs; the exit
code is 0 when none failed, 77 when no target could be tried, 1 otherwise.
"""
from __future__ import annotations

import argparse
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WASI = HERE / "wasi"
SANITIZE = "-fsanitize=undefined,alignment -fno-sanitize-recover=all"


@dataclass(frozen=True)
class Machine:
    """A processor: its cross compiler and its emulator, both empty on the processor of this machine."""
    triple: str = ""
    emulator: str = ""
    flags: str = ""

    @property
    def prefix(self) -> str:
        return f"{self.triple}-" if self.triple else ""


MACHINES = {
    "x86-64": Machine(),
    "i386": Machine(flags="-m32 -idirafter /usr/include/x86_64-linux-gnu"),
    "aarch64": Machine("aarch64-linux-gnu", "qemu-aarch64"),
    "armhf": Machine("arm-linux-gnueabihf", "qemu-arm", "-Wno-psabi"),
    "riscv64": Machine("riscv64-linux-gnu", "qemu-riscv64"),
    "s390x": Machine("s390x-linux-gnu", "qemu-s390x"),
    "wasm32": Machine("wasm32-wasi", "node"),
}


@dataclass(frozen=True)
class Target:
    machine: str
    compiler: str
    standard: int = 17
    flags: str = ""
    build: tuple[str, ...] = ()  # CMake targets and, at the same time, tests; empty = all

    @property
    def on(self) -> Machine:
        return MACHINES[self.machine]


LANGUAGE = ("nv2-headers", "nv2-doctests", "nv2-odr")


def all_targets() -> dict[str, Target]:
    made = {f"{machine}-gcc": Target(machine, "gcc") for machine in ("s390x", "aarch64", "riscv64", "armhf", "i386", "x86-64")}
    made["wasm32"] = Target("wasm32", "clang")
    made |= {f"{machine}-clang": Target(machine, "clang") for machine in ("s390x", "aarch64", "riscv64", "armhf", "i386", "x86-64")}
    made["s390x-ubsan"] = Target("s390x", "gcc", flags=SANITIZE)
    made["armhf-ubsan"] = Target("armhf", "gcc", flags=f"{SANITIZE} -mno-unaligned-access")
    for compiler in ("gcc", "clang"):
        for standard in (20, 23):
            made[f"x86-64-{compiler}-cxx{standard}"] = Target("x86-64", compiler, standard, build=LANGUAGE)
    return made


# The short form: what is run of every target, and which targets are run when none is named.
SHORT_PROGRAMS = ("nv2-vectors", "nv2-unit-base", "nv2-unit-crypto", "nv2-c-api")
SHORT_TARGETS = ("s390x-gcc", "wasm32")


class Failed(Exception):
    pass


class Missing(Exception):
    pass


class Run:
    """One target: its folder, its log, its times and what it counted."""

    def __init__(self, name: str, target: Target, options: argparse.Namespace) -> None:
        self.name, self.target, self.options = name, target, options
        self.base = options.build.resolve()
        self.folder = self.base / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.base / f"{name}.log"
        self.log.write_bytes(b"")
        self.passed = self.failed = self.cases = self.assertions = 0
        self.built = self.tested = 0.0

    def command(self, *arguments: str | Path, environment: dict[str, str] | None = None) -> int:
        with self.log.open("a", encoding="utf-8") as log:
            log.write("$ " + shlex.join(map(str, arguments)) + "\n")
            log.flush()
            done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT,
                                  env={**os.environ, **(environment or {})}, check=False)
        return done.returncode

    def must(self, what: str, *arguments: str | Path, environment: dict[str, str] | None = None) -> None:
        if self.command(*arguments, environment=environment) != 0:
            raise Failed(what)

    # --- tools ------------------------------------------------------------------------------------

    def need(self) -> None:
        machine, target = self.target.on, self.target
        tools = ["cmake", "ninja", *filter(None, [machine.emulator])]
        if self.target.machine == "wasm32":
            tools += ["clang++", "wasm-ld", "llvm-ar"]
        else:
            tools += [f"{machine.prefix}g++", *(["clang++"] if target.compiler == "clang" else [])]
        absent = [tool for tool in tools if shutil.which(tool) is None]
        if absent:
            raise Missing(f"no {', '.join(absent)}")
        probe = "#include <cstdio>\nint main() { return std::puts(\"\") < 0; }\n"
        done = subprocess.run([*self.compiler(), *self.flags(), "-xc++", "-", "-o", self.folder / "probe"], input=probe,
                              capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode != 0:
            raise Missing(f"{self.compiler()[0]} cannot make programs for {self.target.machine}: "
                          f"{(done.stderr.strip().splitlines() or ['?'])[0]}")

    def compiler(self) -> list[str]:
        return ["clang++"] if self.target.compiler == "clang" else [f"{self.target.on.prefix}g++"]

    def flags(self) -> list[str]:
        """What the compiler needs to make programs for the machine."""
        machine, flags = self.target.on, []
        if self.target.compiler == "clang" and machine.triple:
            flags.append(f"--target={machine.triple}")
            if self.target.machine != "wasm32":
                flags.append(f"--gcc-toolchain={self.gcc_toolchain()}")
        return flags + shlex.split(machine.flags)

    def gcc_toolchain(self) -> Path:
        """A folder with nothing but the GCC of the machine, for Clang not to take that of a relative."""
        triple = self.target.on.triple
        link = self.base / f"gcc-{self.target.machine}/lib/gcc-cross" / triple
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(f"/usr/lib/gcc-cross/{triple}")
        return link.parents[2]

    # --- the crypto library -----------------------------------------------------------------------

    def library(self) -> Path:
        machine, prefix = self.target.on, self.base / "mbedtls" / self.target.machine
        if self.target.machine == "wasm32":
            compiler, archiver = wasi_c_compiler(), "llvm-ar"
        else:
            compiler, archiver = f"{machine.prefix}gcc {machine.flags}", f"{machine.prefix}ar"
        wrapper = self.base / f"cc-{self.target.machine}"
        wrapper.write_text(f'#!/bin/sh\nexec {compiler} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        code = self.command("tests/tools/build_mbedtls36.sh", prefix, environment={"CC": str(wrapper), "AR": archiver})
        if code == 77:
            raise Missing(self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1])
        if code != 0:
            raise Failed("mbedTLS")
        return prefix

    # --- build and run ----------------------------------------------------------------------------

    def configure(self, library: Path) -> None:
        machine, target = self.target.on, self.target
        options = {
            "CMAKE_BUILD_TYPE": "Release", "CMAKE_CXX_FLAGS_RELEASE": "-O1", "CMAKE_C_FLAGS_RELEASE": "-O1",
            "CMAKE_CXX_STANDARD": target.standard, "NV2_MBEDTLS_ROOT": library, "Python3_ROOT_DIR": "/usr",
        }
        off = ["OPENSSL", "BEARSSL", "WOLFCRYPT", "BUILD_CLIENT", "TOOLING_TESTS"]
        if self.options.short or machine.emulator.startswith("qemu"):
            off.append("PSA")  # which does all arithmetic with mbedTLS a second time
        if self.options.short:
            off.append("P256M")
        options |= {f"NV2_{name}": "OFF" for name in off}
        if target.machine == "wasm32":
            options |= {"CMAKE_TOOLCHAIN_FILE": WASI / "toolchain.cmake", "CMAKE_CXX_STANDARD_LIBRARIES": self.wasi_objects()}
        else:
            flags = " ".join([*self.flags(), target.flags])
            options |= {"CMAKE_CXX_COMPILER": self.compiler()[0], "CMAKE_CXX_FLAGS": flags, "CMAKE_C_FLAGS": flags,
                        "CMAKE_C_COMPILER": "clang" if target.compiler == "clang" else f"{machine.prefix}gcc"}
            if machine.triple:
                options |= {"CMAKE_SYSTEM_NAME": "Linux", "CMAKE_SYSTEM_PROCESSOR": target.machine,
                            "CMAKE_CROSSCOMPILING_EMULATOR": f"{machine.emulator};-L;/usr/{machine.triple}"}
        if shutil.which("ccache"):
            options |= {"CMAKE_CXX_COMPILER_LAUNCHER": "ccache", "CMAKE_C_COMPILER_LAUNCHER": "ccache"}
        if os.environ.get("NV2_SUITES_DIR"):
            options["NV2_SUITES_DIR"] = os.environ["NV2_SUITES_DIR"]
        self.must("configure", "cmake", "-S", ROOT, "-B", self.folder, "-G", "Ninja",
                  *(f"-D{name}={value}" for name, value in options.items()))

    def wasi_objects(self) -> str:
        made = {name: self.folder / f"{name}.o" for name in ("exceptions", "entropy")}
        for name, path in made.items():
            self.must(f"{name}.cpp", "clang++", *self.flags(), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-c",
                      WASI / f"{name}.cpp", "-o", path)
        return " ".join(map(str, made.values()))

    def build(self) -> None:
        what = [part for name in self.target.build for part in ("--target", name)]
        extra = ["--", "-k", "0"] if self.options.keep_going else []
        if self.command("cmake", "--build", self.folder, "-j", str(self.options.jobs), *what, *extra) != 0:
            if not self.options.keep_going:
                raise Failed("build")
            self.failed += 1

    def test(self) -> None:
        names = []
        if self.target.build == LANGUAGE:
            names = ["-R", "^nv2-odr$|^nv2-unit-|^nv2-backend$|^nv2-vectors$"]
        elif self.target.build:
            names = ["-R", f"^({'|'.join(self.target.build)})$"]
        report = self.folder / "ctest.xml"
        report.unlink(missing_ok=True)
        code = self.command("ctest", "--test-dir", self.folder, "-j", str(self.options.jobs), "--output-on-failure",
                            "--no-tests=error", "--timeout", "3000", "--test-output-size-passed", "1000000", "--output-junit", report, *names)
        self.count(report)
        if code != 0 and self.failed == 0:
            raise Failed("ctest")

    def count(self, report: Path) -> None:
        """Takes over what ctest wrote of each program, and what each program said of its cases."""
        import xml.etree.ElementTree as tree
        if not report.exists():
            raise Failed("ctest")
        for test in tree.parse(report).getroot().iter("testcase"):
            good = test.get("status") == "run" and test.find("failure") is None and test.find("skipped") is None
            self.passed, self.failed = self.passed + good, self.failed + (not good)
            text = test.findtext("system-out") or ""
            for kind, number in re.findall(r"^\[doctest\] (test cases|assertions): +\d+ +\| +(\d+) passed", text, re.M):
                if kind == "test cases":
                    self.cases += int(number)
                else:
                    self.assertions += int(number)
            for number in re.findall(r"^(\d+) passed, \d+ failed", text, re.M):
                self.cases += int(number)

    # --- the example for WebAssembly --------------------------------------------------------------

    def build_module(self, library: Path) -> Path:
        module = self.folder / "nv2.wasm"
        self.must("examples/wasm", "clang++", *self.flags(), "-std=c++17", "-Os", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra",
                  "-Werror", "-mexec-model=reactor", f"-I{ROOT / 'include'}", "-isystem", library / "include",
                  f"-DMBEDTLS_USER_CONFIG_FILE=\"{WASI / 'mbedtls_config.h'}\"", ROOT / "examples/wasm/module.cpp",
                  library / "lib/libmbedcrypto.a", "-Wl,--strip-all,--stack-first,-z,stack-size=131072", "-o", module)
        return module

    def test_module(self, module: Path) -> None:
        """A good signature, the same of another manifest, and one that is not there: a failure is not a refusal."""
        golden = ROOT / "tests/interop/golden"
        for signature, manifest, code, said in (("jwt-rsa2048-x5c.nv2", "manifest.json", 0, "ok\n"),
                                                ("jwt-rsa2048-x5c.nv2", "manifest-tampered.json", 1, "artifact_digest\n"),
                                                ("absent.nv2", "manifest.json", 2, "")):
            arguments = ["node", ROOT / "examples/wasm/verify.mjs", module, golden / signature, golden / manifest,
                         golden / "acme-rsa2048.crt", "1800000000"]
            done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"$ {shlex.join(map(str, arguments))}\n{done.stdout}{done.stderr}exit {done.returncode}, expected {code}\n")
            good = (done.returncode, done.stdout) == (code, said)
            self.passed, self.failed = self.passed + good, self.failed + (not good)

    def go(self) -> None:
        self.need()
        begin = time.monotonic()
        library = self.library()
        self.configure(library)
        self.build()
        module = self.build_module(library) if self.target.machine == "wasm32" else None
        self.built = time.monotonic() - begin
        self.test()
        if module:
            self.test_module(module)
        self.tested = time.monotonic() - begin - self.built


def wasi_c_compiler() -> str:
    return f"clang --target=wasm32-wasi -DMBEDTLS_USER_CONFIG_FILE='\"{WASI / 'mbedtls_config.h'}\"'"


def describe(target: Target) -> str:
    compiler = "GCC" if target.compiler == "gcc" else "Clang"
    extra = " -fsanitize=undefined,alignment" if target.flags else ""
    programs = f" [{', '.join(target.build)}]" if target.build else ""
    emulator = f", run by {target.on.emulator}" if target.on.emulator else ""
    return f"{target.machine}, {compiler}, C++{target.standard}{extra}{emulator}{programs}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--keep-going", action="store_true")
    parser.add_argument("--build", type=Path, default=ROOT / "build/portability")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    known = all_targets()
    if options.short:
        known = {name: replace(target, build=SHORT_PROGRAMS) for name, target in known.items()}
        options.targets = options.targets or SHORT_TARGETS
    if options.list:
        print("\n".join(f"{name:22} {describe(target)}" for name, target in known.items()))
        return 0
    chosen = [n for n in known if not options.targets or any(fnmatch.fnmatch(n, p) for p in options.targets)]
    unused = [p for p in options.targets if not fnmatch.filter(known, p)]
    if unused:
        parser.error(f"no target {', '.join(unused)}; --list names them")

    passed = failed = skipped = 0
    for name in chosen:
        run, trouble = Run(name, known[name], options), ""
        try:
            run.go()
        except Missing as reason:
            skipped += 1
            print(f"skipped: {name}: {reason}", flush=True)
            continue
        except Failed as what:
            run.failed += 1
            trouble = f" ({what})"
        passed, failed = passed + run.passed, failed + run.failed
        print(f"{'FAIL' if run.failed else 'ok  '} {name:20} {run.passed} programs passed, {run.failed} failed{trouble}; "
              f"{run.cases} cases, {run.assertions} assertions; built in {run.built:.0f} s, run in {run.tested:.0f} s", flush=True)
        if run.failed:
            print("\n".join("    " + line for line in run.log.read_text(encoding="utf-8", errors="replace").splitlines()[-60:]))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    if skipped and not passed + failed:
        return 77
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
