# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What the manifests of all ecosystems say must be true, and the same. Each rule is shown to find what it is for."""
from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
# What the rules read.
FILES = ["CMakeLists.txt", "Kconfig", "idf_component.yml", "library.json", "library.properties", "zephyr", "src", "include",
         "single_include", "examples/device", "docs/packaging.md", "LICENSE", "LICENSES", "README.md", "CHANGELOG.md",
         "SECURITY.md", "REUSE.toml"]
PURL = re.compile(r"pkg:[a-z]+/[\w.%/-]+@([\w.+-]+)")
CPE = re.compile(r"cpe:2\.3:a:[\w.-]+:[\w.-]+:([\w.-]+)(:[\w.*-]+){7}")
# https://arduino.github.io/arduino-cli/latest/library-specification/
ARDUINO_KEYS = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures",
                "depends", "dot_a_linkage", "includes", "precompiled", "ldflags"}
ARDUINO_NEEDED = ARDUINO_KEYS - {"depends", "dot_a_linkage", "includes", "precompiled", "ldflags"}
ARDUINO_CATEGORIES = {"Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing",
                      "Data Storage", "Data Processing", "Other"}
# doc/develop/modules.rst of Zephyr
MODULE_KEYS = {"name", "build", "tests", "samples", "boards", "blobs", "security", "package-managers", "runners"}


def text(root: Path, path: str) -> str:
    return (root / path).read_text(encoding="utf-8")


def version(root: Path) -> str:
    config = text(root, "include/nv2/base/config.hpp")
    return ".".join(re.search(rf"#define NV2_VERSION_{part} (\d+)", config)[1] for part in ("MAJOR", "MINOR", "PATCH"))


def properties(root: Path) -> dict[str, str]:
    lines = [line for line in text(root, "library.properties").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def library(root: Path) -> dict:
    return json.loads(text(root, "library.json"))


def component(root: Path) -> dict:
    return yaml.safe_load(text(root, "idf_component.yml"))


def module(root: Path) -> dict:
    return yaml.safe_load(text(root, "zephyr/module.yml"))


def same_version(root: Path) -> Iterator[str]:
    wanted = version(root)
    said = {"library.json": library(root)["version"], "library.properties": properties(root)["version"],
            "idf_component.yml": component(root)["version"]}
    for reference in module(root)["security"]["external-references"]:
        found = PURL.fullmatch(reference) or CPE.fullmatch(reference)
        said[f"zephyr/module.yml, {reference}"] = found[1] if found else "nothing, as it is no purl and no CPE 2.3"
    for where, what in said.items():
        if what != wanted:
            yield f"{where} says {what}, include/nv2/base/config.hpp {wanted}"


def same_licence(root: Path) -> Iterator[str]:
    for where, said in (("library.json", library(root)["license"]), ("idf_component.yml", component(root)["license"])):
        if not (root / f"LICENSES/{said}.txt").is_file():
            yield f"{where} says {said}, which LICENSES/ does not have"


def same_sentence(root: Path) -> Iterator[str]:
    wanted = re.search(r'DESCRIPTION "([^"]+)"', text(root, "CMakeLists.txt"))[1]
    for where, said in (("library.json", library(root)["description"]), ("library.properties", properties(root)["sentence"]),
                        ("idf_component.yml", component(root)["description"])):
        if said != wanted:
            yield f"{where} describes {said!r}, CMakeLists.txt {wanted!r}"


def paths_exist(root: Path) -> Iterator[str]:
    pio, zephyr = library(root), module(root)
    paths = {
        "library.json": [*pio["export"]["include"], *(f"{pio['build']['includeDir']}/{h}" for h in pio["headers"]),
                         *(f"{e['base']}/{f}" for e in pio["examples"] for f in e["files"])],
        "library.properties": [f"src/{header}" for header in properties(root)["includes"].split(",")],
        "idf_component.yml": component(root)["files"]["include"],
        "zephyr/module.yml": [f"{zephyr['build']['cmake']}/CMakeLists.txt", zephyr["build"]["kconfig"],
                              *(f"{sample}/sample.yaml" for sample in zephyr["samples"])],
    }
    for where, names in paths.items():
        yield from (f"{where} names {name}, which does not exist" for name in names if not any(root.glob(name)))


def only_what_arduino_knows(root: Path) -> Iterator[str]:
    said = properties(root)
    yield from (f"{key} is missing" for key in sorted(ARDUINO_NEEDED - set(said)))
    yield from (f"{key} is not known" for key in sorted(set(said) - ARDUINO_KEYS))
    if said.get("category") not in ARDUINO_CATEGORIES:
        yield f"there is no category {said.get('category')}"
    if not re.fullmatch(r"\d+\.\d+\.\d+", said.get("version", "")):
        yield f"{said.get('version')} is no version"
    if not re.fullmatch(r"https?://[\w.-]+(/.*)?", said.get("url", "")):
        yield f"{said.get('url')} is no address"
    if not re.fullmatch(r"[a-z0-9_]+(,[a-z0-9_]+)*|\*", said.get("architectures", "")):
        yield f"{said.get('architectures')} is no list of architectures"
    for sketch in (root / "examples").rglob("*.ino"):
        if sketch.stem != sketch.parent.name:
            yield f"{sketch.relative_to(root)} has not the name of its folder"


def sources_for_arduino(root: Path) -> Iterator[str]:
    """src/ holds nothing but a way to single_include/."""
    for file in sorted((root / "src").rglob("*")):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("//")]
        if lines != [f'#include "../single_include/{file.name}"'] or not (root / "single_include" / file.name).is_file():
            yield f"src/{file.name} is more or less than an include of single_include/{file.name}"


def only_what_zephyr_knows(root: Path) -> Iterator[str]:
    said = module(root)
    yield from (f"{key} is not known" for key in sorted(set(said) - MODULE_KEYS))
    kinds = {reference.split(":")[0] for reference in said["security"]["external-references"]}
    if kinds != {"pkg", "cpe"}:
        yield f"the references are of the kinds {sorted(kinds)}, wanted are a purl and a CPE"


def options_are_real(root: Path) -> Iterator[str]:
    """Each option of config.hpp is one of Kconfig with the same default, and reaches the compiler in both builds."""
    config = text(root, "include/nv2/base/config.hpp")
    macros = dict(re.findall(r"#ifndef (NV2_(?!BASE_)\w+)\n#define \1 (\d)", config))
    entries = re.findall(r"^config (NV2_\w+)\n(?:\t.*\n)*?\tdefault ([yn])\n", text(root, "Kconfig"), re.M)
    options = {name: {"y": "1", "n": "0"}[default] for name, default in entries}
    yield from (f"Kconfig lacks {name} of config.hpp" for name in sorted(set(macros) - set(options)))
    for name, default in sorted(options.items()):
        if name not in macros:
            yield f"{name} of Kconfig is no option of config.hpp"
        elif default != macros[name]:
            yield f"{name} is {default} by Kconfig and {macros[name]} by config.hpp"
        for build in ("CMakeLists.txt", "zephyr/CMakeLists.txt"):
            if f"{name}=$<BOOL:${{CONFIG_{name}}}>" not in text(root, build):
                yield f"{build} does not hand {name} to the compiler"
    shown = re.findall(r"^(?:menu)?config (NV2\w*)", text(root, "zephyr/Kconfig"), re.M)
    choices_default = {"NV2_CRYPTO_OWN"}  # the choice without effect: nothing more is linked
    for name in shown:
        if name not in choices_default and f"CONFIG_{name})" not in text(root, "zephyr/CMakeLists.txt"):
            yield f"{name} of zephyr/Kconfig does nothing in zephyr/CMakeLists.txt"


RULES: dict[str, Callable[[Path], Iterator[str]]] = {
    "one version": same_version,
    "one licence": same_licence,
    "one description": same_sentence,
    "paths exist": paths_exist,
    "library.properties": only_what_arduino_knows,
    "src/ only points to single_include/": sources_for_arduino,
    "zephyr/module.yml": only_what_zephyr_knows,
    "options are real": options_are_real,
}

# Rule, file, what stands there, and what to put there so that the rule must find it.
BREAKS = [
    ("one version", "library.json", '"version": "', '"version": "9'),
    ("one version", "library.properties", "version=", "version=9"),
    ("one version", "idf_component.yml", 'version: "', 'version: "9'),
    ("one version", "zephyr/module.yml", "nv2@", "nv2@9"),
    ("one version", "zephyr/module.yml", ":nv2:nv2:", ":nv2:nv2:9"),
    ("one version", "zephyr/module.yml", "cpe:2.3:a:", "cpe:2.3:"),
    ("one licence", "library.json", "Apache-2.0", "Apache-2"),
    ("one licence", "idf_component.yml", "license: Apache-2.0", "license: MIT"),
    ("one description", "library.json", "Header-only", "Header only"),
    ("one description", "library.properties", "sentence=Header-only", "sentence=Header only"),
    ("one description", "idf_component.yml", "Header-only", "Header only"),
    ("paths exist", "library.json", "nv2/nv2.hpp", "nv2/nv3.hpp"),
    ("paths exist", "library.json", "platformio/src/main.cpp", "platformio/main.cpp"),
    ("paths exist", "library.json", '"LICENSES"', '"LICENCES"'),
    ("paths exist", "library.properties", "includes=nv2.hpp", "includes=nv3.hpp"),
    ("paths exist", "idf_component.yml", "include/**/*", "includes/**/*"),
    ("paths exist", "zephyr/module.yml", "cmake: zephyr", "cmake: include"),
    ("paths exist", "zephyr/module.yml", "zephyr/Kconfig", "zephyr/Kconfig.nv2"),
    ("paths exist", "zephyr/module.yml", "device/zephyr", "device"),
    ("library.properties", "library.properties", "category=Data Processing", "category=Security"),
    ("library.properties", "library.properties", "maintainer=", "maintainers="),
    ("library.properties", "library.properties", "url=https:", "url="),
    ("library.properties", "library.properties", "version=", "version=v"),
    ("library.properties", "library.properties", "architectures=", "architectures=;"),
    ("library.properties", "examples/device/other.ino", "", "void setup() {}"),
    ("src/ only points to single_include/", "src/nv2.hpp", "../single_include/nv2.hpp", "../single_include/nv2_mbedtls.hpp"),
    ("src/ only points to single_include/", "src/nv2_other.hpp", "", '#include "../single_include/nv2_other.hpp"'),
    ("zephyr/module.yml", "zephyr/module.yml", "samples:", "sample:"),
    ("zephyr/module.yml", "zephyr/module.yml", "- pkg:generic/nv2@", "- cpe:"),
    ("options are real", "Kconfig", "config NV2_ERROR_STRINGS", "config NV2_ERRORS"),
    ("options are real", "Kconfig", "default y", "default n"),
    ("options are real", "CMakeLists.txt", "NV2_ERROR_STRINGS=$<", "NV2_ERRORS=$<"),
    ("options are real", "zephyr/CMakeLists.txt", "NV2_ERROR_STRINGS=$<", "NV2_ERRORS=$<"),
    ("options are real", "zephyr/CMakeLists.txt", "CONFIG_NV2_CRYPTO_MBEDTLS", "CONFIG_NV2_MBEDTLS"),
    ("options are real", "include/nv2/base/config.hpp", "#endif  // NV2_BASE",
     "#ifndef NV2_NEW\n#define NV2_NEW 1\n#endif\n#endif  // NV2_BASE"),
]


def found(rule: str, root: Path) -> list[str]:
    try:
        return list(RULES[rule](root))
    except (KeyError, TypeError, ValueError) as error:  # a manifest without what the rule asks for
        return [f"{type(error).__name__}: {error}"]


def copy(target: Path) -> None:
    for name in FILES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("build", ".pio"))
        else:
            shutil.copy(ROOT / name, target / name)


def facts() -> Iterator[tuple[str, str]]:
    """Each rule, and its self-test: (what, finding or nothing)."""
    for rule in RULES:
        yield rule, "; ".join(found(rule, ROOT))
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        copy(root)
        for rule, path, old, new in BREAKS:
            file = root / path
            before = file.read_text(encoding="utf-8") if file.exists() else None
            broken = new if before is None else before.replace(old, new)
            if broken == before:
                yield f"{rule}, self-test", f"{old!r} is not in {path}"
                continue
            file.write_text(broken, encoding="utf-8")
            yield f"{rule}, self-test: {path} with {new.splitlines()[0]!r}", "" if found(rule, root) else "not found"
            if before is None:
                file.unlink()
            else:
                file.write_text(before, encoding="utf-8")
