# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""That the registries are what the other tests take them for."""
from __future__ import annotations

import json

import peers
from harness import ClientTest


class Registries(ClientTest):
    def answer(self, registry: peers.Registry) -> tuple[int, dict, bytes]:
        digest = peers.push_image(registry, "app:v1", self.work / registry.kind.replace(" ", "-"))
        return registry.get(f"app/referrers/{digest}?artifactType=application%2Fexample")

    def test_without_referrers(self) -> None:
        """// spec: F-004"""
        for start in (peers.docker_registry, lambda: peers.oci_registry(referrers=False)):
            with start() as registry:
                self.assertEqual(self.answer(registry)[0], 404)

    def test_with_referrers(self) -> None:
        """// spec: F-001 F-002"""
        for filters in (True, False):
            with peers.oci_registry(filters=filters) as registry:
                status, headers, body = self.answer(registry)
                self.assertEqual((status, headers["Content-Type"]), (200, "application/vnd.oci.image.index.v1+json"))
                self.assertEqual("OCI-Filters-Applied" in headers or "Oci-Filters-Applied" in headers, filters, headers)
                self.assertEqual(json.loads(body)["manifests"] or [], [])
