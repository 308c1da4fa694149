#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Uses the library as a stranger would: configures, builds and runs a small project of its own.

  run.py KIND [--cxx COMPILER]

KIND: add_subdirectory, fetch_content, find_package, pkg_config, meson_subproject, single_header, or install_trees (what
CMake and Meson install is the same). Exit 0: it worked. 77: skipped, a tool is missing. 1: it did not.
"""
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCES = {"bare": HERE / "bare.cpp", "hello": ROOT / "examples/hello/hello.cpp"}
GOLDEN = ROOT / "tests/interop/golden"
SIGNATURE, CERTIFICATE, TIME = GOLDEN / "jwt-rsa2048-x5c.nv2", GOLDEN / "acme-rsa2048.crt", "1800000000"
KINDS = ("add_subdirectory", "fetch_content", "find_package", "pkg_config", "meson_subproject", "single_header",
         "install_trees")


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    print("+", *command, flush=True)
    done = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **(env or {})}, check=False)
    if done.returncode != 0:
        print(done.stdout)
        sys.exit(f"error: exit status {done.returncode}")
    return done.stdout


def need(*tools: str) -> None:
    missing = [t for t in tools if shutil.which(t) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not found")
        sys.exit(77)


def use(folder: Path) -> None:
    """Runs the two programs of a consumer: rubbish refused, a real signature accepted, a tampered manifest refused."""
    run(folder / "bare")
    printed = run(folder / "hello", GOLDEN / "manifest.json", SIGNATURE, CERTIFICATE, TIME)
    if not printed.startswith("sha256:"):
        sys.exit(f"error: hello printed {printed!r}")
    tampered = subprocess.run([folder / "hello", GOLDEN / "manifest-tampered.json", SIGNATURE, CERTIFICATE, TIME],
                              capture_output=True, text=True, check=False)
    if tampered.returncode != 1 or "artifact_" not in tampered.stdout:
        sys.exit(f"error: a tampered manifest gave {tampered.returncode}, {tampered.stdout!r}")


def cmake_install(scratch: Path, cxx: str) -> Path:
    run("cmake", "-S", ROOT, "-B", scratch / "nv2-build", f"-DCMAKE_CXX_COMPILER={cxx}", "-DNV2_BUILD_TESTS=OFF",
        "-DNV2_BUILD_CLIENT=OFF", f"-DCMAKE_INSTALL_PREFIX={scratch / 'prefix'}")
    run("cmake", "--install", scratch / "nv2-build")
    return scratch / "prefix"


def meson_install(scratch: Path, cxx: str) -> Path:
    run("meson", "setup", scratch / "nv2-meson", ROOT, "-Dtests=disabled", "-Dclient=disabled",
        f"--prefix={scratch / 'meson-prefix'}", env={"CXX": cxx})
    run("meson", "install", "-C", scratch / "nv2-meson")
    return scratch / "meson-prefix"


def cmake_consumer(kind: str, scratch: Path, cxx: str) -> None:
    need("cmake")
    source = scratch / "consumer" / kind
    shutil.copytree(HERE / kind, source)
    for file in SOURCES.values():
        shutil.copy(file, source)
    arguments = [f"-DNV2_SOURCE_DIR={ROOT}"]
    if kind == "find_package":
        arguments = [f"-DCMAKE_PREFIX_PATH={cmake_install(scratch, cxx)}"]
    run("cmake", "-S", source, "-B", scratch / "build", f"-DCMAKE_CXX_COMPILER={cxx}", *arguments)
    made = run("cmake", "--build", scratch / "build")
    if "doctest" in made or (scratch / "build/nv2/tests").exists():
        sys.exit("error: the library's own tests were built in somebody else's project")
    use(scratch / "build")


def meson_subproject(scratch: Path, cxx: str) -> None:
    need("meson", "ninja")
    source = scratch / "consumer"
    shutil.copytree(HERE / "meson_subproject", source)
    for file in SOURCES.values():
        shutil.copy(file, source)
    (source / "subprojects").mkdir()
    (source / "subprojects/nv2").symlink_to(ROOT, target_is_directory=True)
    run("meson", "setup", scratch / "build", source, env={"CXX": cxx})
    run("ninja", "-C", scratch / "build")
    use(scratch / "build")


def pkg_config(scratch: Path, cxx: str) -> None:
    need("cmake", "meson", "ninja", "pkg-config")
    for prefix in (cmake_install(scratch, cxx), meson_install(scratch, cxx)):
        files = [p.parent for p in prefix.rglob("nv2.pc")]
        if len(files) != 1:
            sys.exit(f"error: {len(files)} files nv2.pc below {prefix}")
        flags = run("pkg-config", "--cflags", "nv2", env={"PKG_CONFIG_PATH": str(files[0])}).split()
        out = scratch / prefix.name / "programs"
        out.mkdir()
        run(cxx, "-std=c++17", *flags, SOURCES["bare"], "-o", out / "bare")
        run(cxx, "-std=c++17", *flags, SOURCES["hello"], "-lmbedcrypto", "-o", out / "hello")
        use(out)
    c_consumer(out, cxx, flags, {})


def c_consumer(folder: Path, cxx: str, flags: list[str], rename: dict[str, str]) -> None:
    """The hello of examples/c, linked by the C compiler: a real signature accepted, another manifest refused."""
    need("cc")
    for name in ("hello.c", "nv2.cpp"):
        text = (ROOT / "examples/c" / name).read_text(encoding="utf-8")
        for old, new in rename.items():
            text = text.replace(old, new)
        (folder / f"c-{name}").write_text(text, encoding="utf-8")
    run(cxx, "-std=c++17", "-fno-exceptions", "-fno-rtti", *flags, "-c", folder / "c-nv2.cpp", "-o", folder / "c-nv2.o")
    run("cc", "-std=c99", *flags, folder / "c-hello.c", folder / "c-nv2.o", "-lmbedcrypto", "-o", folder / "c-hello")
    notary = GOLDEN / "notary"
    rest = ["application/vnd.oci.image.manifest.v1+json", notary / "p256.cose.sig", notary / "p256-root.crt", "1795582131"]
    if not run(folder / "c-hello", notary / "p256-cose.manifest.json", *rest).startswith("sha256:"):
        sys.exit("error: the hello of examples/c printed no digest")
    other = subprocess.run([folder / "c-hello", notary / "p256-jws.manifest.json", *rest], capture_output=True, text=True, check=False)
    if other.returncode != 1 or "artifact_digest" not in other.stdout:
        sys.exit(f"error: another manifest gave {other.returncode}, {other.stdout!r}")


def single_header(scratch: Path, cxx: str) -> None:
    """Nothing but a compiler and the files of single_include/, under every language version."""
    include = scratch / "include"
    include.mkdir()
    for file in (ROOT / "single_include").glob("*.h*"):
        shutil.copy(file, include)
    for name, source in SOURCES.items():
        text = source.read_text(encoding="utf-8")
        text = text.replace("<nv2/nv2.hpp>", "<nv2.hpp>").replace("<nv2/crypto/mbedtls.hpp>", "<nv2_mbedtls.hpp>")
        (scratch / f"{name}.cpp").write_text(text, encoding="utf-8")
    for standard in ("c++17", "c++20", "c++2b"):
        run(cxx, f"-std={standard}", f"-I{include}", scratch / "bare.cpp", "-o", scratch / "bare")
        run(cxx, f"-std={standard}", f"-I{include}", scratch / "hello.cpp", "-lmbedcrypto", "-o", scratch / "hello")
        use(scratch)
    c_consumer(scratch, cxx, [f"-I{include}"],
               {"<nv2/c_api.hpp>": "<nv2_c_api.hpp>", "<nv2/crypto/mbedtls.hpp>": "<nv2_mbedtls.hpp>"})


def install_trees(scratch: Path, cxx: str) -> None:
    need("cmake", "meson", "ninja")
    trees = []
    for prefix in (cmake_install(scratch, cxx), meson_install(scratch, cxx)):
        trees.append({p.relative_to(prefix).as_posix() for p in prefix.rglob("*") if p.is_file()})
    only_cmake = {p for p in trees[0] - trees[1] if not p.startswith("share/cmake/")}
    if only_cmake or trees[1] - trees[0] or not any(p.endswith("nv2/nv2.hpp") for p in trees[0]):
        sys.exit(f"error: only CMake installs {sorted(only_cmake)}, only Meson {sorted(trees[1] - trees[0])}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("kind", choices=KINDS)
    options.add_argument("--cxx", default=os.environ.get("CXX", "c++"))
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="nv2-consumer-") as folder:
        scratch = Path(folder).resolve()
        actions = {"pkg_config": pkg_config, "meson_subproject": meson_subproject, "single_header": single_header,
                   "install_trees": install_trees}
        if given.kind in actions:
            actions[given.kind](scratch, given.cxx)
        else:
            cmake_consumer(given.kind, scratch, given.cxx)
    return 0


if __name__ == "__main__":
    sys.exit(main())
