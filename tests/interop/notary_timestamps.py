# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Signatures with timestamps: notation signs and has the timestamp authority of OpenSSL stamp, notation and ours verify."""
from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta
from itertools import product

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

import notary_pki as pki
from notary_bench import Bench, at_level
from notary_matrix import FORMS, prepare, signing_config
from web_services import Services, Stamper

BOTH = ("notation", "nv2")
STAMPING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
TOKEN = "io.cncf.notary.timestampSignature"
LATE = ["authenticTimestamp"]


class Service:
    """A timestamp service below an authority of its own."""

    def __init__(self, bench: Bench, services: Services, name: str, *extensions, kind: str = "rsa2048", **dates) -> None:
        self.root = pki.make_cert(bench.key("p256", f"-{name}-root"), f"Stamps {name} Root", ca=True)
        key = bench.key(kind, f"-{name}")
        leaf = pki.make_cert(key, f"Stamps {name}", issuer=self.root, extensions=(STAMPING, *extensions), **dates)
        self.leaf = leaf
        self.root_file = pki.write_pem(bench.folder("tsa") / "root.crt", [self.root])
        stamper = Stamper(bench.folder("stamper"), key.path, leaf.pem, leaf.pem + self.root.pem)
        self.url = services.add_stamper(f"/{name}", stamper)

    def flags(self) -> list[str]:
        return ["--timestamp-url", self.url, "--timestamp-root-cert", str(self.root_file)]


def chain_of(bench: Bench, kind: str, **dates) -> list[pki.Cert]:
    """Only the signer's certificate has the dates."""
    root = pki.make_cert(bench.key("p256", "-root"), "Stamped Root", ca=True)
    return [pki.make_cert(bench.key(kind), "Stamped Signer", issuer=root, **dates), root]


class Signed:
    """An image in a layout, signed by notation."""

    def __init__(self, bench: Bench, chain: list[pki.Cert], form: str, *flags: str, name: str) -> None:
        self.layout, self.made = prepare(bench, name, ["v"])
        self.chain = chain
        problem = bench.notation.sign(signing_config(bench, chain), "k", form, f"{self.layout}:v", *flags)
        self.good = bench.report.check(f"{name} [notation signs]", not problem, problem)

    def stores(self, *services: pki.Cert) -> dict[str, list[pki.Cert]]:
        return {"ca": self.chain[-1:], "tsa": list(services)}


def check(bench: Bench, case: str, signed: Signed, stores: dict, failing: list[str], *, level: str = "strict",
          timestamp: str = "", kept: bool = False) -> None:
    members = {"timestamp": timestamp} if timestamp else {}
    bench.artifact(case, signed.layout, "v", bench.policy(stores, level, **members), at_level(level, *failing), only=BOTH,
                   keep="v" if kept else "")


def kinds(bench: Bench, service: Service, other: Service) -> None:
    """Every kind of key: the hash of the timestamp follows it. // spec: T-012"""
    for number, (kind, form) in enumerate(product(pki.KINDS, FORMS)):
        case = f"{form} {kind} stamped"
        signed = Signed(bench, chain_of(bench, kind), form, *service.flags(), name=case)
        if not signed.good:
            continue
        check(bench, f"{case} W-063", signed, signed.stores(service.root), [], kept=number % 4 in (0, 3))
        if kind not in ("p256", "rsa3072"):
            continue
        check(bench, f"{case} after expiry W-062", signed, signed.stores(service.root), [], timestamp="afterCertExpiry")
        for level in ("strict", "permissive", "audit"):
            check(bench, f"{case} other service {level} T-040", signed, signed.stores(other.root), LATE, level=level)
        check(bench, f"{case} one of two services T-040", signed, signed.stores(other.root, service.root), [])
        check(bench, f"{case} no service W-061", signed, {"ca": signed.chain[-1:]}, [])


def options(bench: Bench, service: Service, other: Service) -> None:
    """Our client with certificates on the command line, now and when every certificate has ended. // spec: W-061 W-063"""
    later = str(int(time.time()) + 20 * 365 * 86400)
    for form in FORMS if bench.client else ():
        signed = Signed(bench, chain_of(bench, "p256"), form, *service.flags(), name=f"{form} stamped for long")
        root = pki.write_pem(bench.folder() / "root.crt", signed.chain[-1:])
        stamps, others = ["--tsa-cert", str(service.root_file)], ["--tsa-cert", str(other.root_file)]
        for name, flags, failing in (("service", stamps, []), ("two services", others + stamps, []), ("other service", others, LATE),
                                     ("service, in 20 years", [*stamps, "--time", later], []),
                                     ("no service, in 20 years", ["--time", later], LATE),
                                     ("service, before the timestamp", [*stamps, "--time", "2020-01-01T00:00:00Z"], LATE)):
            bench.compare(f"{form} stamped, {name} by options", "nv2", at_level("strict", *failing), bench.client.verify(
                "--ca-cert", str(root), *flags, f"oci-layout:{signed.layout}:v"))


class Expiring:
    """Certificates that end soon after signing: signed at once, judged when they have ended."""

    def __init__(self, bench: Bench, services: Services, service: Service) -> None:
        soon = {"ends": datetime.utcnow().replace(microsecond=0) + timedelta(seconds=12)}
        self.ends = soon["ends"]
        self.service, self.ending = service, Service(bench, services, "ending", kind="p256", **soon)
        chain = chain_of(bench, "p256", **soon)
        self.signed = [(form, Signed(bench, chain, form, *service.flags(), name=f"{form} stamped, soon expired"),
                        Signed(bench, chain, form, name=f"{form} not stamped, soon expired")) for form in FORMS]
        self.short = [(form, Signed(bench, chain_of(bench, "p256"), form, *self.ending.flags(),
                                    name=f"{form} stamped by one soon expired")) for form in FORMS]

    def judge(self, bench: Bench) -> None:
        """// spec: W-061 W-062 W-063 T-040 T-043"""
        time.sleep(max((self.ends - datetime.utcnow()).total_seconds() + 1.5, 0))
        for form, stamped in self.short:
            check(bench, f"{form} service expired since T-040", stamped, stamped.stores(self.ending.root), [], kept=True)
        for (form, stamped, plain), rule in product(self.signed, ("always", "afterCertExpiry")):
            stores = stamped.stores(self.service.root)
            check(bench, f"{form} expired, stamped {rule} T-043", stamped, stores, [], timestamp=rule, kept=rule != "always")
            for level in ("strict", "permissive", "audit"):
                check(bench, f"{form} expired, not stamped {rule} {level} T-001", plain, stores, LATE, timestamp=rule, level=level,
                      kept=rule != "always" and level != "audit")
            check(bench, f"{form} expired, no service W-061", stamped, {"ca": stamped.chain[-1:]}, LATE)


def without(bench: Bench, service: Service) -> None:
    """No token, or that of another signature. // spec: T-001 T-011 W-060 W-062"""
    for form in FORMS:
        plain = Signed(bench, chain_of(bench, "p256"), form, name=f"{form} not stamped")
        stores = plain.stores(service.root)
        for level in ("strict", "permissive", "audit"):
            check(bench, f"{form} not stamped {level} T-001", plain, stores, LATE, level=level)
        check(bench, f"{form} not stamped after expiry W-062", plain, stores, [], timestamp="afterCertExpiry")
    one, two = (Signed(bench, chain_of(bench, "p256"), "jws", *service.flags(), name=f"jws stamped {n}") for n in (1, 2))
    media_type, envelope, manifest = pki.signatures_of(one.layout, one.made["v"]["digest"])[0]
    taken = json.loads(pki.signatures_of(two.layout, two.made["v"]["digest"])[0][1])["header"][TOKEN]
    for name, token in (("that of another signature T-011", taken), ("garbage T-002", "AAAA")):
        changed = json.loads(envelope)
        changed["header"][TOKEN] = token
        layout = bench.folder("swapped")
        subject = pki.make_layout(layout, {"v": b"jws stamped 1 v\n"})["v"]
        pki.attach(layout, subject, pki.compact(changed), media_type)
        signed = Signed.__new__(Signed)
        signed.layout, signed.chain = layout, one.chain
        check(bench, f"jws timestamp is {name}", signed, signed.stores(service.root), LATE)


def revoked(bench: Bench, services: Services) -> None:
    """The service's own list, which counts whatever the policy says of revocation. // spec: T-044 R-008"""
    for name, listed in (("good", ()), ("revoked", ("service",)), ("missing", None)):
        service = Service(bench, services, f"listed-{name}", pki.point(f"{services.url}/tsa-{name}.crl"), kind="p256")
        for form in FORMS:
            services.files[f"/tsa-{name}.crl"] = pki.revocation_list(service.root)  # notation looks when it signs, too
            signed = Signed(bench, chain_of(bench, "p256"), form, *service.flags(), name=f"{form} stamped by one {name}")
            if not signed.good:
                continue
            if listed is None:
                del services.files[f"/tsa-{name}.crl"]
            else:
                services.files[f"/tsa-{name}.crl"] = pki.revocation_list(service.root, [service.leaf] if listed else [])
            failing = [] if name == "good" else LATE
            skipped = bench.policy(signed.stores(service.root), "strict", override={"revocation": "skip"})
            bench.artifact(f"{form} service {name} T-044", signed.layout, "v", skipped, at_level("strict", *failing), only=BOTH)


def run(bench: Bench) -> None:
    if not bench.notation:
        bench.report.skip("timestamps", "no program for notation")
        return
    os.environ["XDG_CACHE_HOME"] = str(bench.folder("cache"))
    with Services() as services:
        service, other = Service(bench, services, "one"), Service(bench, services, "two", kind="p384")
        expiring = Expiring(bench, services, service)
        kinds(bench, service, other)
        options(bench, service, other)
        without(bench, service)
        revoked(bench, services)
        expiring.judge(bench)
