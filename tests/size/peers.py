# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""What others spend on a chain of three RSA certificates on a Cortex-M4: the X.509 engines of BearSSL and mbedTLS, built from the
sources that tests/tools/build_embedded_crypto.sh leaves, with the flags of this ledger."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import link_map
from measure import Workshop
from programs import CHAIN, HERE, ROOT, pem
from targets import TARGETS, ToolError, check_allocators, execute, link, run

TARGET = "m4"
X509_SETTINGS = """
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
"""


@dataclass(frozen=True)
class Peer:
    title: str
    source: str
    library: str  # of build_embedded_crypto.sh, for crypto
    weighed: tuple[str, ...]  # sources of what is not crypto
    more: tuple[str, ...]  # sources of crypto that the library lacks
    wraps: tuple[str, ...] = ()


PEERS = {
    "bearssl": Peer("`x509_minimal` of BearSSL", "bearssl.c", "bearssl", ("x509/x509_minimal.c",),
                    ("rsa/rsa_i31_pkcs1_vrfy.c", "rsa/rsa_pkcs1_sig_unpad.c", "hash/multihash.c", "x509/x509_decoder.c", "hash/dig_oid.c")),
    "mbedtls": Peer("X.509, keys and ASN.1 of mbedTLS", "mbedtls.c", "mbedtls",
                    ("x509.c", "x509_crt.c", "pk.c", "pk_wrap.c", "pkparse.c", "asn1parse.c", "oid.c"), ("pk_ecc.c",),
                    ("mbedtls_calloc", "mbedtls_md", "mbedtls_pk_verify_ext")),
}


def chain_source(shop: Workshop) -> str:
    references = [shop.blobs.ref(der) for der in pem(CHAIN)]
    rows = ", ".join(re.sub(r"nv2::bytes", "", reference) for _, reference in references)
    declared = "\n".join(re.sub(r'extern "C" const std::uint8_t', "extern const unsigned char", text) for text, _ in references)
    return (f'#include "peers/peer.h"\n{declared}\nconst struct peer_certificate peer_certificates[] = {{{rows}}};\n'
            f"const size_t peer_certificate_count = {len(references)};\n")


def settings(name: str, place: Path, crypto: Path) -> list[str]:
    """Flags by which the headers of a library are found, configured."""
    source = crypto / "source" / name
    if name == "bearssl":
        return [f"-I{source / 'inc'}", f"-I{source / 'src'}"]
    (place / "mbedtls").mkdir(exist_ok=True)
    text = (ROOT / "tests/tools/mbedtls_config.h").read_text(encoding="utf-8") + X509_SETTINGS
    (place / "mbedtls/mbedtls_config.h").write_text(text, encoding="utf-8")
    return [f"-I{place}", f"-I{source / 'include'}", f"-I{source / 'library'}"]


def measure_peer(shop: Workshop, name: str, crypto: Path) -> dict[str, int]:
    peer, target, place = PEERS[name], TARGETS[TARGET], shop.folder / TARGET / f"peer_{name}"
    place.mkdir(parents=True, exist_ok=True)
    folder = crypto / "source" / name / ("src" if name == "bearssl" else "library")
    flags = [*target.flags, "-ffunction-sections", "-fdata-sections", "-fno-common", f"-I{HERE}", *settings(name, place, crypto)]
    (place / "chain.c").write_text(chain_source(shop), encoding="utf-8")
    objects = []
    for source in (HERE / "peers" / peer.source, place / "chain.c", *(folder / each for each in (*peer.weighed, *peer.more))):
        objects.append(place / f"{'peer_' if source.parent == HERE / 'peers' else ''}{source.stem}.o")
        run(f"{target.tools}gcc", *flags, "-c", source, "-o", objects[-1])
    board = shop.compile(TARGET, "image", ROOT / "tests/target/support/board.cpp", name=f"board_{name}")
    archive = next((crypto / TARGET / peer.library / "lib").glob("*.a"))
    sections = link_map.read(link(target, [*objects, board, shop.common[TARGET, "plain"][-1].result(), archive], place / "program",
                                  *(f"-Wl,--wrap={each}" for each in peer.wraps)))
    check_allocators(target, place / "program", "mbedtls_calloc" in peer.wraps)
    weighed = {f"{Path(each).stem}.o" for each in peer.weighed}
    printed = execute(target, place / "program")
    found = re.search(r"^peer 0 (\d+) (\d+) (\d+) (\d+)$", printed, re.M)
    if found is None:
        raise ToolError(f"{peer.title} does not accept the chain\n{printed}")
    stack, instructions, allocations, context = map(int, found.groups())
    flash = sum(each.size for each in sections if each.file in weighed and each.kind in ("text", "rodata", "data"))
    return {"flash": flash, "stack": stack, "context": context, "heap": allocations, "instructions": instructions}


def measure_peers(shop: Workshop, crypto: Path) -> dict[str, dict[str, int]]:
    return {name: measure_peer(shop, name, crypto) for name in PEERS}
