# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Signatures as they are really made: every key, both formats, chains of one to four, all levels, blobs, and times."""
from __future__ import annotations

import functools
import json
import time
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import notary_pki as pki
from notary_bench import Bench, Difference, Kept, Policy, at_level
from notation_tools import ACCEPTED, REJECTED, SKIPPED, TRUSTED, Peer, Verdict

FORMS = ("jws", "cose")
LEVELS = ("strict", "permissive", "audit", "skip")
OWN = ("x509.subject: C=US, ST=WA, L=Seattle, O=Wabbit Networks",)
FOREIGN = ("x509.subject: C=US, ST=WA, L=Seattle, O=ACME Rockets", "x509.subject: C=US, ST=WA, O=Wabbit")
GOLDEN = Path(__file__).resolve().parent / "golden" / "notary"
BLOB_TYPE = "application/octet-stream"
KEPT_BLOBS = ("J-056", "other blob J-056", "audit foreign identity")


def kept_form(number: int) -> str:
    """Of row `number` where rows say the same in both formats, so that recordings stay small: mostly the shorter one."""
    return FORMS[0] if number % 8 == 0 else FORMS[1]


def chain_for(bench: Bench, kind: str, length: int) -> list[pki.Cert]:
    """The leaf has a key of that kind, the root too, and what is between has the others, so that chains are mixed."""
    between = [bench.key("p256", "-issuing"), bench.key("rsa2048", "-issuing")]
    keys = [bench.key(kind)] + between[:max(length - 2, 0)] + ([bench.key(kind, "-root")] if length > 1 else [])
    return pki.make_chain(keys, "Wabbit Networks Signer", purposes=("code",) if length % 2 else ())


@functools.lru_cache(maxsize=None)
def foreign_root(bench: Bench) -> pki.Cert:
    return pki.make_cert(bench.key("p384", "-foreign"), "Foreign Root", ca=True, organization="ACME Rockets")


def policies_for(bench: Bench, kind: str, chain: list[pki.Cert]) -> list[tuple[str, Policy, Verdict]]:
    """Levels, identities and anchors that fit and do not fit, with the verdict."""
    rows = []
    foreign = foreign_root(bench)
    for level in LEVELS:
        rows += [(f"{level} any", bench.policy({kind: chain[-1:]}, level), at_level(level))]
        if level == "skip":
            continue
        rows += [(f"{level} own identity", bench.policy({kind: chain[-1:]}, level, OWN), at_level(level)),
                 (f"{level} foreign identity", bench.policy({kind: chain[-1:]}, level, FOREIGN), at_level(level, "authenticity")),
                 (f"{level} foreign root", bench.policy({kind: [foreign]}, level), at_level(level, "authenticity"))]
    other = "signingAuthority" if kind == "ca" else "ca"
    rows.append(("strict store of the other type", bench.policy({other: chain[-1:]}), at_level("strict", "authenticity")))
    return rows


def prepare(bench: Bench, name: str, tags: list[str]) -> tuple[Path, dict[str, dict]]:
    layout = bench.folder("layout")
    return layout, pki.make_layout(layout, {tag: f"{name} {tag}\n".encode() for tag in tags})


def signing_config(bench: Bench, chain: list[pki.Cert]) -> Path:
    config = bench.folder("signing")
    pki.write_signing_keys(config, {"k": (chain[0].key.path, pki.write_pem(config / "chain.crt", chain))})
    return config


def they_sign(bench: Bench) -> None:
    """The real notation signs, everyone verifies."""
    if not bench.notation:
        bench.report.skip("matrix", "no program for notation")
        return
    for kind, length in product(pki.KINDS, (1, 2, 3, 4)):
        chain = chain_for(bench, kind, length)
        config = signing_config(bench, chain)
        layout, made = prepare(bench, f"{kind} {length}", list(FORMS))
        rows = policies_for(bench, "ca", chain)
        for form in FORMS:
            name = f"{form} {kind} chain of {length}"
            problem = bench.notation.sign(config, "k", form, f"{layout}:{form}", "--user-metadata", "build=42")
            if not bench.report.check(f"{name} [notation signs]", not problem, problem):
                continue
            # A full set of policies for two lengths; the others show that keys and chains work.
            for row, policy, expected in rows if length in (1, 3) else rows[:4]:
                keep = form if length in (1, 3) and row.startswith(("strict any", "audit foreign", "permissive foreign root")) \
                    else ""
                bench.artifact(f"{name} {row}", layout, form, policy, expected, keep=keep)
            strict = rows[0][1]
            bench.artifact(f"{name} by digest", layout, made[form]["digest"], strict, at_level("strict"))
            bench.artifact(f"{name} metadata", layout, form, strict, at_level("strict"), metadata={"build": "42"})
            bench.artifact(f"{name} other metadata", layout, form, strict, Verdict(REJECTED), metadata={"build": "43"})
            if length > 2:
                middle = bench.policy({"ca": chain[1:2]})
                bench.artifact(f"{name} intermediate as anchor S-021", layout, form, middle, at_level("strict"))


def we_sign(bench: Bench) -> None:
    """Our client signs, everyone verifies."""
    if not bench.client:
        bench.report.skip("we sign", "no program for nv2")
        return
    for kind, length, form in product(pki.KINDS, (1, 3), FORMS):
        name = f"{form} {kind} chain of {length}"
        chain = chain_for(bench, kind, length)
        layout, made = prepare(bench, f"ours {kind} {length}", ["v1", "v2"])
        cert = pki.write_pem(bench.folder() / "chain.crt", chain)
        sign = ["sign", "--method", "x509", "--key", str(chain[0].key.path), "--cert", str(cert), "--format", form,
                "--user-metadata", "build=42"]
        code, out, err = bench.client.run(*sign, "--attach", f"oci-layout:{layout}:v1")
        if not bench.report.check(f"{name} [nv2 signs]", code == 0, f"exit {code}: {err.strip() or out.strip()}"):
            continue
        good = bench.policy({"ca": chain[-1:]}, "strict", OWN)
        bench.artifact(f"{name} [nv2 signs]", layout, "v1", good, at_level("strict"), metadata={"build": "42"})
        bench.artifact(f"{name} unsigned image", layout, "v2", good, Verdict(REJECTED))
        bench.artifact(f"{name} foreign root [nv2 signs]", layout, "v1", bench.policy({"ca": [foreign_root(bench)]}),
                       at_level("strict", "authenticity"))


def sign_by_core(bench: Bench, layout: Path, tag: str, subject: dict, chain: list[pki.Cert], form: str, **more) -> str:
    """Signs with the library's core, in a layout of its own, and attaches the signature in the form that all versions find."""
    own = bench.folder("core")
    manifest = pki.blob_path(layout, subject["digest"]).read_bytes()
    pki.make_layout(own, {})
    pki.list_manifest(own, manifest, annotations={"org.opencontainers.image.ref.name": tag})
    cert = pki.write_pem(own / "chain.crt", chain)
    answer = bench.peer.ask(do="sign", layout=str(own), reference=tag, format=form, key=str(chain[0].key.path),
                            chain=str(cert), **more)
    if not answer["ok"]:
        return answer["error"]
    media_type, envelope, _ = pki.signatures_of(own, subject["digest"])[0]
    pki.attach(layout, subject, envelope, media_type)
    return ""


def times(bench: Bench) -> None:
    """Certificates and signatures that have expired, are not yet valid, or say when they were made."""
    if not bench.peer:
        bench.report.skip("times", "no program for peer")
        return
    now = datetime.now(timezone.utc).replace(microsecond=0, tzinfo=None)
    past = {"starts": datetime(2020, 1, 1), "ends": datetime(2021, 1, 1)}
    future = {"starts": now + timedelta(days=30), "ends": now + timedelta(days=60)}
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    rows = [("expired chain", past, "2020-06-01T00:00:00Z", ["authenticTimestamp"], []),
            ("chain not yet valid", future, (now + timedelta(days=40)).strftime(stamp), ["authenticTimestamp"],
             ["authenticTimestamp"]),
            ("valid chain", {}, now.strftime(stamp), [], []),
            ("signed in the future", {}, (now + timedelta(hours=12)).strftime(stamp), [], ["authenticTimestamp"])]
    for form, (name, dates, signed, x509, authority) in product(FORMS, rows):
        keys = [bench.key("p256"), bench.key("p256", "-issuing"), bench.key("p256", "-root")]
        chain = pki.make_chain(keys, "Wabbit Networks Signer", **dates)
        for scheme, failing in (("notary.x509", x509), ("notary.x509.signingAuthority", authority)):
            tag = "authority" if scheme.endswith("Authority") else "x509"
            layout, made = prepare(bench, f"{name} {form}", [tag])
            case = f"{form} {name} scheme {tag}"
            problem = sign_by_core(bench, layout, tag, made[tag], chain, form, scheme=scheme, signing_time=signed)
            if not bench.report.check(f"{case} [core signs]", not problem, problem):
                continue
            store = "signingAuthority" if tag == "authority" else "ca"
            for level in LEVELS:
                policy = bench.policy({store: chain[-1:]}, level)
                expected, difference = at_level(level, *failing), None
                if tag == "authority" and failing:  # the reference does not compare the authentic time with now
                    difference, expected = Difference("W-065", expected), at_level(level)
                bench.artifact(f"{case} {level}", layout, tag, policy, expected, difference=difference,
                               keep=tag if level in ("strict", "audit") else "")
            if failing == ["authenticTimestamp"] and not difference:
                lenient = bench.policy({store: chain[-1:]}, "strict", override={"authenticTimestamp": "log"})
                bench.artifact(f"{case} override P-007", layout, tag, lenient, Verdict(ACCEPTED, failing))
    expiry(bench)


def expiry(bench: Bench) -> None:
    chain, expiring = chain_for(bench, "p256", 3), []
    for form in FORMS:
        layout, made = prepare(bench, f"expiry {form}", ["short", "long"])
        for tag, duration in (("short", "1s"), ("long", "24h")):
            problem = sign_by_core(bench, layout, tag, made[tag], chain, form, expiry=duration)
            bench.report.check(f"{form} expiry {tag} [peer signs]", not problem, problem)
        expiring.append((form, layout))
    time.sleep(1.5)
    for form, layout in expiring:
        for level in LEVELS:
            policy = bench.policy({"ca": chain[-1:]}, level)
            bench.artifact(f"{form} expired signature {level} W-050", layout, "short", policy, at_level(level, "expiry"),
                           keep="short" if level != "skip" else "")
            bench.artifact(f"{form} signature with expiry {level} W-050", layout, "long", policy, at_level(level))
        strict = bench.policy({"ca": chain[-1:]})
        bench.artifact(f"{form} a day later W-050", layout, "long", strict, at_level("strict", "expiry"), only=("nv2",),
                       at=int(time.time()) + 86400)
        lenient = bench.policy({"ca": chain[-1:]}, "strict", override={"expiry": "log"})
        bench.artifact(f"{form} expired signature override P-007", layout, "short", lenient, Verdict(ACCEPTED, ["expiry"]))
        hard = bench.policy({"ca": chain[-1:]}, "audit", override={"expiry": "enforce"})
        bench.artifact(f"{form} expired signature audit override P-007", layout, "short", hard, Verdict(REJECTED, ["expiry"]))


# --- blobs ------------------------------------------------------------------------------------------------------

def blobs(bench: Bench) -> None:
    skipped_blob(bench)
    for kind, form in product(pki.KINDS, FORMS):
        chain = chain_for(bench, kind, 3)
        folder = bench.folder("blob")
        blob, other = folder / "blob.bin", folder / "other.bin"
        blob.write_bytes(f"blob {kind} {form}\n".encode() * 3)
        other.write_bytes(f"blob {kind} {form}\n".encode() * 2 + f"BLOB {kind} {form}\n".encode())
        cert = pki.write_pem(folder / "chain.crt", chain)
        if bench.peer:
            theirs = folder / f"theirs.{form}.sig"
            answer = bench.peer.ask(do="sign-blob", blob=str(blob), signature=str(theirs), format=form, media_type=BLOB_TYPE,
                                    key=str(chain[0].key.path), chain=str(cert), metadata={"build": "42"})
            if bench.report.check(f"blob {form} {kind} [peer signs]", answer["ok"], answer.get("error", "")):
                judge_blob(bench, f"blob {form} {kind} [peer signs]", form, blob, other, theirs, chain)
        if bench.client:
            ours = folder / f"ours.{form}.sig"
            code, out, err = bench.client.run("sign", "--method", "x509", "--key", str(chain[0].key.path), "--cert", str(cert),
                                              "--format", form, "--blob", "--media-type", BLOB_TYPE, "--user-metadata",
                                              "build=42", "--output", str(ours), f"file:{blob}")
            if bench.report.check(f"blob {form} {kind} [nv2 signs]", code == 0, f"exit {code}: {err.strip() or out.strip()}"):
                judge_blob(bench, f"blob {form} {kind} [nv2 signs]", form, blob, other, ours, chain)


def skipped_blob(bench: Bench) -> None:
    """A named statement of level skip: notation falls over it, ours says that nothing was verified. (W-003, PV-08)"""
    folder = bench.folder("blob")
    signature, blob = folder / "blob.bin.jws.sig", folder / "blob.bin"
    signature.write_bytes(b"{}")
    blob.write_bytes(b"blob")
    config = bench.policy({}, "skip").config
    if bench.peer:
        answer = bench.peer.ask(do="verify-blob", blob=str(blob), signature=str(signature), format="jws", config=str(config),
                                policy_name="tests")
        bench.report.check("blob PV-08 named skip [peer]", answer.get("crash", False), json.dumps(answer))
    if bench.client:
        found = bench.client.verify("--blob", "--signature", str(signature), "--config", str(config), "--policy-name", "tests",
                                    f"file:{blob}")
        bench.compare("blob PV-08 named skip", "nv2", Verdict(SKIPPED), found)


def judge_blob(bench: Bench, case: str, form: str, blob: Path, other: Path, signature: Path, chain: list[pki.Cert]) -> None:
    good, foreign = bench.policy({"ca": chain[-1:]}, "strict", OWN), bench.policy({"ca": chain[-1:]}, "strict", FOREIGN)
    audit = bench.policy({"ca": chain[-1:]}, "audit", FOREIGN)
    rows = [("J-056", blob, good, {}, at_level("strict")), ("other blob J-056", other, good, {}, Verdict(REJECTED)),
            ("other blob audit J-056", other, audit, {}, Verdict(REJECTED)),
            ("foreign identity", blob, foreign, {}, at_level("strict", "authenticity")),
            ("audit foreign identity", blob, audit, {}, at_level("audit", "authenticity")),
            ("media type", blob, good, {"media_type": BLOB_TYPE}, at_level("strict")),
            ("other media type J-056", blob, good, {"media_type": "text/plain"}, Verdict(REJECTED)),
            ("named policy W-002", blob, good, {"policy_name": "tests"}, at_level("strict")),
            ("policy of no such name W-002", blob, good, {"policy_name": "none"}, Verdict(REJECTED)),
            ("metadata M-001", blob, good, {"metadata": {"build": "42"}}, at_level("strict")),
            ("other metadata M-001", blob, good, {"metadata": {"build": "4"}}, Verdict(REJECTED))]
    for row, target, policy, more, expected in rows:
        name = f"{case} {row}"
        bench.ask("peer", bench.peer, name, lambda: Peer.verdict(bench.peer.ask(
            do="verify-blob", blob=str(target), signature=str(signature), format=form, config=str(policy.config), **more)),
            expected)
        if row in KEPT_BLOBS and "peer signs" in case and not more:
            bench.kept.append(Kept(name, form, signature.read_bytes(), target.read_bytes(), True, policy, expected, None))
        if not bench.client:
            continue
        flags = ["--blob", "--signature", str(signature), "--config", str(policy.config)]
        flags += ["--media-type", more["media_type"]] if "media_type" in more else []
        flags += ["--policy-name", more["policy_name"]] if "policy_name" in more else []
        flags += [part for key, value in more.get("metadata", {}).items() for part in ("--user-metadata", f"{key}={value}")]
        ours = Verdict("policy") if more.get("policy_name") == "none" else expected  # a configuration, not the blob, is at fault
        bench.ask("nv2", bench.client, name, lambda: bench.client.verify(*flags, f"file:{target}"), ours)


# --- files that are there ---------------------------------------------------------------------------------------

def golden(bench: Bench) -> None:
    """The signatures of golden/notary; they stay as they are, so ours judges them at their own time."""
    index = json.loads((GOLDEN / "index.json").read_text())
    for entry in index["signatures"]:
        if not bench.client:
            continue
        anchor = ["--sa-cert" if entry["store"] == "signingAuthority" else "--ca-cert", str(GOLDEN / entry["anchor"])]
        common = ["--signature", str(GOLDEN / entry["file"]), "--media-type", entry["manifest_media_type"], "--identity",
                  entry["identity"], *anchor, "--time", str(entry["time"])]
        manifest, case = f"file:{GOLDEN / entry['manifest']}", f"golden {entry['file']}"
        found = bench.client.verify(*common, manifest)
        if bench.compare(case, "nv2", Verdict(TRUSTED), found):
            bench.report.check(f"{case} digest [nv2]", found.digest == entry["manifest_digest"], found.digest)
        other = f"file:{GOLDEN / 'unsigned.manifest.json'}"
        bench.compare(f"{case} over another manifest", "nv2", Verdict(REJECTED), bench.client.verify(*common, other))
        found = bench.client.verify("--config", str(GOLDEN / "config"), "--scope", index["scope"], "--time",
                                    str(entry["time"]), f"oci-layout:{GOLDEN / 'layout'}:{entry['tag']}")
        bench.compare(f"{case} in the layout", "nv2", Verdict(TRUSTED), found)
        if entry["expiry"]:
            late = [*common[:-1], str(entry["time"] + 2 * 86400)]
            bench.compare(f"{case} two days later W-050", "nv2", Verdict(REJECTED, ["expiry"]),
                          bench.client.verify(*late, manifest))
    for entry in index["blobs"] if bench.client else []:
        found = bench.client.verify("--blob", "--signature", str(GOLDEN / entry["file"]), "--ca-cert",
                                    str(GOLDEN / entry["anchor"]), "--identity", entry["identity"], "--time",
                                    str(entry["time"]), f"file:{GOLDEN / entry['blob']}")
        bench.compare(f"golden {entry['file']}", "nv2", Verdict(TRUSTED), found)
    if bench.client:
        found = bench.client.verify("--config", str(GOLDEN / "config"), "--scope", index["scope"],
                                    f"oci-layout:{GOLDEN / 'layout'}:unsigned")
        bench.compare("golden unsigned W-043", "nv2", Verdict(REJECTED), found)
