# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration of the verifier: where it lies, and that what is not understood refuses everything."""
import json
import os
import shutil
import subprocess
import threading
import time
import unittest

import images
from harness import Run
from images import ImageTest


class Configuration(ImageTest):
    def test_missing(self) -> None:
        (self.etc / "containerd.json").unlink()
        self.assert_blocked(self.ask(), "there is no configuration", "until then nothing is pulled", code=2)

    def test_beside_the_folder_of_the_program(self) -> None:
        """PREFIX/etc/nv2/containerd.json for PREFIX/bin/PROGRAM; links count as what they lead to."""
        prefix, plugins = self.work / "prefix", self.work / "plugins"
        (prefix / "bin").mkdir(parents=True)
        (prefix / "etc").mkdir()
        plugins.mkdir()
        shutil.copy(images.verifier, prefix / "bin" / "verifier")
        self.etc.rename(prefix / "etc" / "nv2")
        (plugins / "nv2").symlink_to(prefix / "bin" / "verifier")
        for program in (prefix / "bin" / "verifier", plugins / "nv2"):
            with self.subTest(program):
                done = subprocess.run([program, *self.arguments(self.signed, self.name())], input=json.dumps(self.signed.subject).encode(),
                                      capture_output=True, timeout=60, check=False)
                self.assert_allowed(Run(done))

    def test_refused(self) -> None:
        rows = [
            ("", "no JSON object"), ("[]", "no JSON object"), ("{", "no JSON object"), ('{"policy":"a","policy":"a"}', "no JSON object"),
            ("{}", "tells who is trusted"), ('{"trustStore":"x"}', "tells who is trusted"), ('{"policy":"x"}', '"trustStore"'),
            ({"unknown": 1}, 'unknown member "unknown"'), ({"Policy": "x"}, 'unknown member "Policy"'), ({"policy": 1}, '"policy" is no text'),
            ({"policy": ""}, '"policy" is no text'), ({"insecureRegistries": "x"}, "is no list"), ({"insecureRegistries": [1]}, "is no text"),
            ({"mirrors": []}, "is no object"), ({"mirrors": {"a": 1}}, "is no text"), ({"timeout": 9}, "is no text"),
            ({"timeout": "0s"}, "is no time"), ({"timeout": "9"}, "is no time"), ({"timeout": "1h"}, "is no time"), ({"timeout": "-1s"}, "is no time"),
            ({"logLevel": "debug"}, "neither none nor verdict"), ({"fetchRevocation": "no"}, "neither true nor false"),
            ({"revocationLists": "x"}, "is no list"), ({"config": []}, "is no text"),
        ]
        for change, text in rows:
            with self.subTest(change):
                self.write_configuration(change) if isinstance(change, str) else self.write_configuration(**change)
                self.assert_blocked(self.ask(), text, code=2)

    def test_what_it_names_must_be_there(self) -> None:
        for change in ({"policy": "no-such"}, {"revocationLists": ["no-such"]}, {"config": "no-such", "policy": None, "trustStore": None}):
            with self.subTest(change):
                self.write_configuration(**change)
                self.assert_blocked(self.ask(), "no-such")

    def test_only_root_and_the_caller_may_write_it(self) -> None:
        path = self.write_configuration()
        for mode in (0o666, 0o664, 0o646):
            path.chmod(mode)
            with self.subTest(oct(mode)):
                self.assert_blocked(self.ask(), "others may write", "chmod go-w", code=2)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_owner(self) -> None:
        os.chown(self.write_configuration(), 65534, 65534)
        self.assert_blocked(self.ask(), "others may write", code=2)

    def test_configuration_directory_of_notation(self) -> None:
        self.write_configuration(policy=None, trustStore=None, config=".")
        self.assert_allowed(self.ask())

    def test_no_variable_tells_whom_to_trust(self) -> None:
        empty = self.work / "empty"
        empty.mkdir()
        env = {"NOTATION_CONFIG": str(self.etc), "XDG_CONFIG_HOME": str(self.etc), "HOME": str(self.etc)}
        self.write_configuration(config=str(empty), policy=None, trustStore=None)
        self.assert_blocked(self.ask(env=env), code=2)

    def test_timeout(self) -> None:
        self.registry.delay = threading.Event()
        self.addCleanup(self.registry.delay.set)
        self.write_configuration(timeout="1s")
        start = time.monotonic()
        self.assert_blocked(self.ask(), code=3)
        self.assertLess(time.monotonic() - start, 4)

    def test_log_level(self) -> None:
        self.write_configuration(logLevel="verdict")
        run = self.ask("plain")
        self.assertEqual(run.code, 1)
        self.assert_reason(run)
        self.assertIn("no signature", run.err)

    def test_plain_http_only_where_allowed(self) -> None:
        self.write_configuration(insecureRegistries=["127.0.0.1:1"], timeout="1s")
        self.assert_blocked(self.ask(), code=3)
        self.assertEqual(self.registry.asked, [])

    def test_mirror(self) -> None:
        """The mirror is asked; the policy goes by the name that containerd was told."""
        name = "registry.example.com/team/signed"
        self.write_policy(registryScopes=[name])
        self.write_configuration(mirrors={"registry.example.com": self.registry.host})
        self.assert_allowed(self.ask(name=name + ":v1"))
        self.assert_blocked(self.ask(), "policy", code=1)
