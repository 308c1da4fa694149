# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""Revocation lists with several entries, deltas, several places, times that an authority vouches for, and authorities that are
listed. notation gets the lists on the loopback, ours too, and from files without any network."""
from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

import notary_pki as pki
from notary_bench import SCOPE, Bench, Difference, at_level
from notary_matrix import FORMS, kept_form, prepare, sign_by_core
from web_services import Services

REASONS = x509.ReasonFlags
HOLD, REMOVE = REASONS.certificate_hold, REASONS.remove_from_crl
NULL = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00"), True)
SOMEBODY = x509.DirectoryName(pki.name("Somebody else", "Wabbit Networks"))
BAD_INVALIDITY = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.24"), b"\x05\x00"), False)
BAD_SCOPE = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.28"), b"\x05\x00"), True)
GOOD, REVOKED, UNKNOWN = "good", "certificate_revoked", "unknown"
FAILING = {GOOD: [], REVOKED: ["revocation"], UNKNOWN: ["revocation"]}
SIGNED = datetime.utcnow().replace(microsecond=0) - timedelta(hours=1)
AUTHORITY = "notary.x509.signingAuthority"


def entry(reason: x509.ReasonFlags | None = None, **more: object) -> dict:
    return {"reason": reason} | more


def plus(seconds: int) -> datetime:
    return SIGNED + timedelta(seconds=seconds)


@dataclass
class Row:
    name: str
    rule: str
    theirs: str
    ours: str = ""                                   # when it is another
    entries: list = field(default_factory=list)      # of the signer, in the list
    list_of: dict = field(default_factory=dict)
    delta: dict | None = None                        # entries and what else is said of it
    places: tuple = (GOOD,)                          # a list there, with entries or not, or nothing (None)
    scheme: str = ""
    root: dict = field(default_factory=dict)
    names_delta: str = "list"                        # or "certificate", what says that there is one
    middle: str = ""                                 # what the list about the authority in the middle says
    middle_list: dict = field(default_factory=dict)
    other_entry: dict | None = None                  # of somebody else
    readable: bool = True                            # our client takes the file for a list
    kind: str = ""                                   # "directory": the place is a name; "lone": the signer has no issuer

    @property
    def expected(self) -> str:
        return self.ours or self.theirs


def delta(*entries: dict, number: int = 6, base: int | None = 5) -> dict:
    extensions = [] if base is None else [(x509.DeltaCRLIndicator(base), True)]
    return {"entries": list(entries), "list_of": {"number": number, "extensions": extensions}}


def entries_of_lists() -> list[Row]:
    def stamped(name: str, rule: str, theirs: str, *entries: dict, ours: str = "") -> Row:
        return Row(name, rule, theirs, ours, list(entries), scheme=AUTHORITY)

    by = [x509.CertificateIssuer([SOMEBODY])]
    return [
        Row("revoked in the future", "RV-04", REVOKED, entries=[entry(REASONS.key_compromise, days=10)]),
        Row("hold, later removed", "RV-07", GOOD, entries=[entry(HOLD, days=-3), entry(REMOVE, days=-2)]),
        Row("removed, later hold", "RV-08", REVOKED, entries=[entry(REMOVE, days=-3), entry(HOLD, days=-2)]),
        Row("hold and removed at once", "RV-09", REVOKED, entries=[entry(HOLD), entry(REMOVE)]),
        Row("removed and hold at once", "RV-10 R-023", GOOD, REVOKED, entries=[entry(REMOVE), entry(HOLD)]),
        Row("garbage of a scope", "RV-19 R-016", GOOD, UNKNOWN, list_of={"extensions": [BAD_SCOPE]}, readable=False),
        Row("critical extension of another entry", "RV-24", GOOD, other_entry=entry(extensions=[NULL])),
        Row("entry of another issuer", "RV-25", UNKNOWN, entries=[entry(extensions=[(by[0], True)])]),
        Row("issuer may not sign lists", "RV-26", UNKNOWN, root={"usage": ("key_cert_sign",)}),
        stamped("invalid later", "RV-28", GOOD, entry(invalid=plus(1))),
        stamped("invalid then", "RV-29", REVOKED, entry(invalid=SIGNED)),
        stamped("invalid before", "RV-29", REVOKED, entry(invalid=plus(-1))),
        stamped("no invalidity", "RV-32", REVOKED, entry(days=0)),
        stamped("malformed invalidity", "RV-33", UNKNOWN, entry(extensions=[BAD_INVALIDITY])),
        stamped("invalid later, then plain", "RV-34 R-022", GOOD, entry(invalid=plus(1)), entry(), ours=REVOKED),
        Row("signed with SHA-1", "RV-51 R-013", GOOD, UNKNOWN, list_of={"digest": hashes.SHA1()}),
    ]


def deltas() -> list[Row]:
    def row(name: str, rule: str, theirs: str, made: dict | None, *entries: dict, ours: str = "", **more: object) -> Row:
        return Row(name, rule, theirs, ours, list(entries), delta=made, **more)

    return [
        row("delta says nothing", "RV-35", GOOD, delta()), row("delta revokes", "RV-35", REVOKED, delta(entry())),
        row("certificate names a delta", "RV-35 R-019", UNKNOWN, delta(), names_delta="certificate", ours=GOOD),
        row("number of the delta", "RV-36", UNKNOWN, delta(number=5)),
        row("delta to a later list", "RV-37", UNKNOWN, delta(base=6)),
        row("delta without indicator", "RV-38", UNKNOWN, delta(base=None) | {"freshest": True}),
        row("complete list in place of the delta", "RV-38 R-005", UNKNOWN, delta(base=None), ours=GOOD),
        row("hold, removed by the delta", "RV-39", GOOD, delta(entry(REMOVE)), entry(HOLD, days=-2)),
        row("hold, removed by the delta at once", "RV-39", REVOKED, delta(entry(REMOVE)), entry(HOLD)),
        row("compromised, removed by the delta", "RV-40", REVOKED, delta(entry(REMOVE)), entry(REASONS.key_compromise, days=-2)),
        row("delta is missing", "R-019", UNKNOWN, {}),
        row("delta of the certificate is missing", "RV-47", UNKNOWN, {}, names_delta="certificate"),
    ]


def places() -> list[Row]:
    def row(name: str, rule: str, theirs: str, *where: str | None, ours: str = "") -> Row:
        return Row(name, rule, theirs, ours, [entry()], places=where)

    return [
        row("good, missing", "RV-42 R-005", UNKNOWN, GOOD, None, ours=GOOD),
        row("missing, good", "RV-43 R-005", UNKNOWN, None, GOOD, ours=GOOD),
        row("revoked, missing", "RV-44", REVOKED, REVOKED, None),
        row("missing, revoked", "RV-45 R-005", UNKNOWN, None, REVOKED, ours=REVOKED),
        row("good, revoked", "RV-46", REVOKED, GOOD, REVOKED), row("both good", "R-005", GOOD, GOOD, GOOD),
        row("both missing", "R-004", UNKNOWN, None, None),
        Row("place in a directory", "RV-48 R-003", GOOD, UNKNOWN, places=(None,), kind="directory"),
        Row("signer without an issuer", "RV-50 R-001", GOOD, places=(None,), kind="lone"),
    ]


def authorities() -> list[Row]:
    def row(name: str, rule: str, theirs: str, leaf: str | None, middle: str, ours: str = "", **middle_list: object) -> Row:
        return Row(name, rule, theirs, ours, [entry()], places=(leaf,), middle=middle, middle_list=middle_list)

    scope = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    return [
        row("both good", "R-001", GOOD, GOOD, GOOD), row("authority revoked", "R-006", REVOKED, GOOD, REVOKED),
        row("authority revoked, signer unknown", "R-006", REVOKED, None, REVOKED),
        row("authority's list missing", "R-004", UNKNOWN, GOOD, UNKNOWN), row("signer revoked", "R-006", REVOKED, REVOKED, GOOD),
        row("list for users", "RV-17 R-016", GOOD, GOOD, GOOD, UNKNOWN, extensions=[(scope, True)]),
    ]


def rows() -> list[Row]:
    return [*entries_of_lists(), *deltas(), *places(), *authorities()]


class World:
    """A signer below authorities, and what lists say of them."""

    def __init__(self, bench: Bench, services: Services, number: str, row: Row) -> None:
        self.paths = [f"/lists-{number}-{each}.crl" for each in range(len(row.places))]
        where = ([SOMEBODY] if row.kind == "directory" else
                 [x509.UniformResourceIdentifier(services.url + path) for path in self.paths])
        points = x509.CRLDistributionPoints([x509.DistributionPoint([each], None, None, None) for each in where])
        self.delta_path = f"/lists-{number}-delta.crl"
        self.freshest = x509.FreshestCRL(list(pki.point(services.url + self.delta_path)[0]))
        extensions = [(points, False)]
        if row.delta is not None and row.names_delta == "certificate":
            extensions.append((self.freshest, False))
        self.root = pki.make_cert(bench.key("p256", "-root"), f"Lists Root {number}", ca=True, **row.root)
        self.middle_path = f"/lists-{number}-middle.crl"
        self.middle = None
        if row.middle:
            self.middle = pki.make_cert(bench.key("p384", "-issuing"), f"Lists CA {number}", issuer=self.root, ca=True,
                                        extensions=(pki.point(services.url + self.middle_path),))
        self.issuer = self.middle or self.root
        issuer = None if row.kind == "lone" else self.issuer
        self.leaf = pki.make_cert(bench.key("p256"), "Lists Signer", issuer=issuer, extensions=tuple(extensions))
        self.chain = [each for each in (self.leaf, issuer and self.middle, issuer and self.root) if each]
        self.lists = self.make_lists(services, row)

    def make_lists(self, services: Services, row: Row) -> list[bytes]:
        """Puts the lists where they are named, and returns them."""
        for path, says in zip(self.paths, row.places):
            # Where there is but one place, the entries are in it; where there are several, in those that revoke.
            listed = [(self.leaf, each) for each in row.entries] if says == REVOKED or self.is_plain(row) else []
            if row.other_entry:
                listed.append((self.root, row.other_entry))
            options = dict(row.list_of)
            if row.delta is not None and row.names_delta == "list":
                options["extensions"] = [*options.get("extensions", []), (self.freshest, False)]
            if says is not None:
                services.files[path] = pki.revocation_list(self.issuer, listed, **options)
        if row.delta:
            listed = [(self.leaf, each) for each in row.delta["entries"]]
            options = row.delta["list_of"]
            if row.delta.get("freshest"):
                options = options | {"extensions": [*options["extensions"], (self.freshest, False)]}
            services.files[self.delta_path] = pki.revocation_list(self.issuer, listed, **options)
        if row.middle in (GOOD, REVOKED):
            listed = [self.middle] if row.middle == REVOKED else []
            services.files[self.middle_path] = pki.revocation_list(self.root, listed, **row.middle_list)
        found = [services.files.get(path) for path in (*self.paths, self.delta_path, self.middle_path)]
        return [each for each in found if each is not None]

    @staticmethod
    def is_plain(row: Row) -> bool:
        return len(row.places) == 1 and not row.middle


def judge(bench: Bench, form: str, row: Row, world: World, kept: bool) -> None:
    case = f"{form} lists: {row.name} {row.rule}"
    layout, made = prepare(bench, case, ["v"])
    more = {"scheme": row.scheme, "signing_time": SIGNED.strftime("%Y-%m-%dT%H:%M:%SZ")} if row.scheme else {}
    problem = sign_by_core(bench, layout, "v", made["v"], world.chain, form, **more)
    if not bench.report.check(f"{case} [peer signs]", not problem, problem):
        return
    policy = bench.policy({"signingAuthority" if row.scheme else "ca": world.chain[-1:]})
    theirs, ours = at_level("strict", *FAILING[row.theirs]), at_level("strict", *FAILING[row.expected])
    bench.artifact(case, layout, "v", policy, theirs, only=("notation",))
    difference = Difference(row.rule, ours) if ours.word != theirs.word else None
    if kept and row.readable:
        bench.keep(case, layout, "v", policy, theirs, difference, lists=tuple(world.lists))
    target = ("--config", str(policy.config), "--scope", SCOPE, f"oci-layout:{layout}:v")
    if bench.client and not row.delta:  # nobody gets deltas for our client
        bench.compare(f"{case} from the network", "nv2", ours, bench.client.verify(*target))
    if bench.client and row.readable:
        found = bench.client.verify("--offline", *list_flags(bench, world.lists), *target)
        bench.compare(f"{case} from files", "nv2", ours, found)
        bench.report.check(f"{case} from files, revoked or unknown [nv2]",
                           row.expected == GOOD or (row.expected == REVOKED) == found.says.startswith(REVOKED), found.says)


def list_flags(bench: Bench, lists: tuple[bytes, ...] | list[bytes]) -> list[str]:
    """Files with these lists, as our client is told of them."""
    flags = []
    for each in lists:
        file = bench.folder("list") / "a.crl"
        file.write_bytes(each)
        flags += ["--crl", str(file)]
    return flags


def run(bench: Bench) -> None:
    if not bench.peer or not bench.notation:
        bench.report.skip("lists", "no program for notation or peer")
        return
    warnings.filterwarnings("ignore", message="SHA1 signatures")
    with Services() as services:
        for number, row in enumerate(rows()):
            for form in FORMS:
                kept = form == kept_form(number)
                judge(bench, form, row, World(bench, services, f"{number}-{form}", row), kept)
