# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""One generator for each ecosystem, of pairs (what was tried, what is wrong with it or nothing)."""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

from facts import facts

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build/packaging"
STAND_INS = HERE / "stand_ins"
DEVICE = ROOT / "examples/device"
BIN = Path(sys.prefix) / "bin"
EXPECTED = "release: trusted\ntampered: artifact_digest\n"
QUIET = "release: trusted\ntampered: \n"  # without NV2_ERROR_STRINGS
Results = Iterator[tuple[str, str]]


def run(*command: str | Path, env: dict[str, str | Path] | None = None, cwd: Path = ROOT) -> tuple[int, str]:
    done = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cwd,
                          env={**os.environ, **{k: str(v) for k, v in (env or {}).items()}}, check=False)
    return done.returncode, done.stdout


def complaint(*command: str | Path, **keywords) -> str:
    """Nothing when the command succeeds, else what it printed."""
    status, output = run(*command, **keywords)
    return "" if status == 0 else f"exit status {status}\n{output}"


def printed(program: Path, expected: str) -> str:
    status, output = run(program)
    return "" if (status, output) == (0, expected) else f"exit status {status}, printed {output!r}"


def fresh(name: str) -> Path:
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder)
    return folder


def ours(text: str) -> list[str]:
    """The fenced blocks of docs/packaging.md that begin with the line `text`."""
    document = (ROOT / "docs/packaging.md").read_text(encoding="utf-8")
    return [block for block in re.findall(r"```\w*\n(.*?)```", document, re.S) if block.startswith(text)]


# --- PlatformIO -----------------------------------------------------------------------------------


def make_platformio_home(home: Path) -> None:
    """What PlatformIO would get from its registry: SCons, here PyPI's, and the platform `native`, here a stand-in."""
    import SCons  # pylint: disable=import-outside-toplevel
    from platformio.dependencies import get_core_dependencies  # pylint: disable=import-outside-toplevel
    scons_version = get_core_dependencies()["tool-scons"].lstrip("~")
    packages = {home / "packages/tool-scons": ("tool", "tool-scons", scons_version),
                home / "platforms/native": ("platform", "native", "1.0.0")}
    shutil.copytree(STAND_INS / "platformio", home / "platforms/native")
    tool = home / "packages/tool-scons"
    tool.mkdir(parents=True)
    (tool / "SCons").symlink_to(Path(SCons.__file__).parent)
    (tool / "scons.py").write_text("import SCons.Script\n\nSCons.Script.main()\n", encoding="utf-8")
    (tool / "package.json").write_text(json.dumps({"name": "tool-scons", "version": scons_version}), encoding="utf-8")
    for folder, (kind, name, number) in packages.items():
        spec = {"owner": "platformio", "id": None, "name": name, "requirements": None, "uri": None}
        (folder / ".piopm").write_text(json.dumps({"type": kind, "name": name, "version": number, "spec": spec}), encoding="utf-8")


def platformio_manifest(data: dict) -> str:
    """What PlatformIO's own schema says. It would download the SPDX list; that of the REUSE tool is as good."""
    import reuse  # pylint: disable=import-outside-toplevel
    from platformio.package.exception import ManifestException  # pylint: disable=import-outside-toplevel
    from platformio.package.manifest.schema import ManifestSchema  # pylint: disable=import-outside-toplevel
    licences = json.loads((Path(reuse.__file__).parent / "resources/licenses.json").read_text(encoding="utf-8"))
    ManifestSchema.load_spdx_licenses = staticmethod(lambda: licences)
    try:
        ManifestSchema().load_manifest(data)
    except ManifestException as error:
        return str(error)
    return ""


def platformio() -> Results:
    from platformio.package.manifest.parser import ManifestParserFactory  # pylint: disable=import-outside-toplevel
    from platformio.package.pack import PackagePacker  # pylint: disable=import-outside-toplevel
    manifest = ManifestParserFactory.new_from_file(str(ROOT / "library.json")).as_dict()
    yield "its schema takes library.json", platformio_manifest(manifest)
    broken = {**manifest, "license": "Apache 2", "version": "one"}
    yield "its schema, self-test", "" if platformio_manifest(broken) else "a broken manifest was taken"

    scratch = fresh("platformio")
    archive = PackagePacker(str(ROOT)).pack(str(scratch))
    package = unpack(Path(archive), scratch / "package")
    home, project = scratch / "home", package / "examples/device/platformio"
    make_platformio_home(home)
    environment = {"PLATFORMIO_CORE_DIR": home, "PLATFORMIO_WORKSPACE_DIR": scratch / "work", "PLATFORMIO_NO_ANSI": "true",
                   "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no", "PLATFORMIO_SETTING_CHECK_PLATFORMIO_INTERVAL": "9999"}
    yield "pio run in its example, from the packed library", complaint(BIN / "pio", "run", "-d", project, env=environment)
    yield "what it built runs", printed(scratch / "work/build/native/program", EXPECTED)


# --- ESP-IDF --------------------------------------------------------------------------------------


def esp_idf() -> Results:
    compote = BIN / "compote"
    scratch = fresh("esp-idf")
    environment = {"IDF_COMPONENT_CHECK_NEW_VERSION": "0", "IDF_TOOLS_PATH": scratch / "tools",
                   "IDF_PATH": STAND_INS / "esp-idf"}
    for file in (ROOT / "idf_component.yml", DEVICE / "esp-idf/main/idf_component.yml"):
        yield f"compote takes {file.relative_to(ROOT)}", complaint(compote, "manifest", "lint", file, env=environment)
    for number, block in enumerate(ours("dependencies:")):
        file = scratch / f"documented-{number}/idf_component.yml"
        file.parent.mkdir()
        file.write_text(block, encoding="utf-8")
        yield "compote takes the manifest in docs/packaging.md", complaint(compote, "manifest", "lint", file, env=environment)
    broken = scratch / "idf_component.yml"
    broken.write_text((ROOT / "idf_component.yml").read_text(encoding="utf-8").replace('version: "', 'version: "v'), encoding="utf-8")
    status, _ = run(compote, "manifest", "lint", broken, env=environment)
    yield "compote, self-test", "" if status else "a broken manifest was taken"

    packed = complaint(compote, "component", "pack", "--name", "nv2", "--project-dir", ROOT, "--dest-dir", scratch / "dist",
                       env=environment)
    yield "compote packs the component", packed
    if packed:
        return
    component = unpack(next((scratch / "dist").glob("*.tgz")), scratch / "component")
    surplus = [name for name in ("tests", "src", "single_include", "fuzz", "examples/nv2") if (component / name).exists()]
    yield "nothing else is packed", f"{surplus}" if surplus else ""

    scripts = STAND_INS / "esp-idf/tools/cmake"
    status, output = run("cmake", "-DESP_PLATFORM=1", f"-DCOMPONENT_DIR={component}", "-P", scripts / "requirements.cmake")
    yield "CMakeLists.txt as a script says what it requires", "" if (status, output) == (0, "requires mbedtls\n") else output
    for config, expected in (("ERROR_STRINGS", EXPECTED), ("HARDENED", QUIET)):
        build = scratch / f"build-{config.replace(';', '-').lower()}"
        finding = (complaint("cmake", "-S", component / "examples/device/esp-idf", "-B", build, f"-DNV2_ROOT={component}",
                             f"-DNV2_CONFIG={config}", env=environment) or complaint("cmake", "--build", build) or
                   printed(build / "nv2_device.elf", expected))
        yield f"the example with [{config}] against stand-ins", finding


# --- Zephyr ---------------------------------------------------------------------------------------


def kconfig(settings: Path) -> tuple[dict[str, str], str, str]:
    """Values of nv2's options with the settings of a file, the text of .config, and warnings."""
    from kconfiglib import Kconfig  # pylint: disable=import-outside-toplevel
    tree = Kconfig(str(STAND_INS / "zephyr/Kconfig"), warn_to_stderr=False)
    tree.warn_assign_undef = True
    tree.load_config(str(settings))
    values = {name: symbol.str_value for name, symbol in tree.syms.items() if name.startswith("NV2")}
    dot_config = settings.with_suffix(".config")
    tree.write_config(str(dot_config))
    return values, dot_config.read_text(encoding="utf-8"), "\n".join(tree.warnings)


def zephyr_example(scratch: Path, name: str, settings: str, wanted: dict[str, str], expected: str) -> str:
    file = scratch / f"{name}.conf"
    file.write_text((DEVICE / "zephyr/prj.conf").read_text(encoding="utf-8") + settings, encoding="utf-8")
    values, _, warnings = kconfig(file)
    wrong = {option: values.get(option) for option, value in wanted.items() if values.get(option) != value}
    if wrong or warnings:
        return f"{wrong}\n{warnings}"
    build = scratch / name
    return (complaint("cmake", "-S", DEVICE / "zephyr", "-B", build, f"-DZephyr_DIR={STAND_INS / 'zephyr'}",
                      f"-DDOT_CONFIG={file.with_suffix('.config')}") or complaint("cmake", "--build", build) or
            printed(build / "app", expected))


def west_manifests() -> str:
    from west.manifest import Manifest, MalformedManifest  # pylint: disable=import-outside-toplevel
    blocks = ours("manifest:")
    if not blocks:
        return "there is none"
    for block in blocks:
        try:
            projects = Manifest.from_data(block).projects
        except MalformedManifest as error:
            return str(error)
        if "nv2" not in [project.name for project in projects]:
            return "nv2 is not among its projects"
    return ""


def zephyr() -> Results:
    scratch = fresh("zephyr")
    both = {"NV2": "y", "NV2_CRYPTO_MBEDTLS": "y", "NV2_ERROR_STRINGS": "y", "NV2_HARDENED": "n"}
    yield "the sample with prj.conf against stand-ins", zephyr_example(scratch, "plain", "", both, EXPECTED)
    yield "the same, hardened and without texts of errors", zephyr_example(
        scratch, "hardened", "CONFIG_NV2_ERROR_STRINGS=n\nCONFIG_NV2_HARDENED=y\n",
        {**both, "NV2_ERROR_STRINGS": "n", "NV2_HARDENED": "y"}, QUIET)
    refusals = {"C++ 11": ("CONFIG_CPP=y\nCONFIG_NV2=y\n", {"NV2": "n"}),
                "no Mbed TLS": ("CONFIG_CPP=y\nCONFIG_STD_CPP17=y\nCONFIG_NV2=y\n", {"NV2": "y", "NV2_CRYPTO_OWN": "y"})}
    for name, (settings, wanted) in refusals.items():
        file = scratch / "refused.conf"
        file.write_text(settings, encoding="utf-8")
        values = kconfig(file)[0]
        yield f"options with {name}", "" if {o: values[o] for o in wanted} == wanted else f"{values}"
    yield "west takes the manifest in docs/packaging.md", west_manifests()


# --- Arduino --------------------------------------------------------------------------------------


def arduino() -> Results:
    scratch = fresh("arduino")
    compiler = os.environ.get("CXX", "c++")
    sketch = [f'-DSKETCH="{DEVICE / "device.ino"}"', "-std=gnu++17", f"-I{ROOT / 'src'}", STAND_INS / "arduino/sketch.cpp"]
    program = scratch / "sketch"
    yield "the sketch against stand-ins", (complaint(compiler, *sketch, "-o", program, "-lmbedcrypto") or
                                           printed(program, EXPECTED))
    board = "arm-none-eabi-g++"
    if shutil.which(board):
        yield "src/nv2.hpp on a Cortex-M0+ board", complaint(
            board, "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-std=gnu++17", "-fno-exceptions", "-fno-rtti", "-fsyntax-only",
            "-Wall", "-Wextra", "-Werror", "-x", "c++", "-include", ROOT / "src/nv2.hpp", "/dev/null")


# --- all ------------------------------------------------------------------------------------------


def reuse() -> Results:
    yield "every file tells its licence", complaint(BIN / "reuse", "--root", ROOT, "lint", "--lines")


def facts_and_data() -> Results:
    yield from facts()
    yield "examples/device/release.hpp is current", complaint(sys.executable, "-B", HERE / "make_release.py", "--check")


ECOSYSTEMS: dict[str, Callable[[], Results]] = {
    "reuse": reuse, "platformio": platformio, "esp-idf": esp_idf, "zephyr": zephyr, "arduino": arduino, "facts": facts_and_data,
}
