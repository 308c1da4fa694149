# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""A containerd of our own: no container runs in it, it only pulls images."""
from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import peers

START_SECONDS = 20
CONFIG = """version = 3
root = "{0}/root"
state = "{0}/state"
[grpc]
  address = "{0}/c.sock"
[ttrpc]
  address = "{0}/t.sock"
[plugins."io.containerd.image-verifier.v1.bindir"]
  bin_dir = "{0}/plugins"
  max_verifiers = 10
  per_verifier_timeout = "4s"
"""


class Containerd:
    """A running containerd; verifiers are the files of `plugins`, which it looks through at each pull."""

    def __init__(self) -> None:
        self.scratch = tempfile.TemporaryDirectory(prefix="nv2-cd-")
        self.folder = Path(self.scratch.name)
        self.plugins, self.config = self.folder / "plugins", self.folder / "config.toml"
        self.plugins.mkdir()
        self.config.write_text(CONFIG.format(self.folder))
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([peers.folder / "containerd", "--config", self.config, "--log-level", "debug"], stdout=log,
                                            stderr=log)
        end = time.monotonic() + START_SECONDS
        while self.ctr("version").returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                message = self.log
                self.__exit__()
                raise RuntimeError("containerd does not start: " + message)
            time.sleep(0.05)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def ctr(self, *arguments: object) -> subprocess.CompletedProcess:
        return peers.run(peers.folder / "ctr", "--address", self.folder / "c.sock", *arguments, check=False)

    def pull(self, name: str) -> subprocess.CompletedProcess:
        """Through the transfer service, as the CRI plugin does. All platforms: then nothing is unpacked, which would need mounts."""
        self.ctr("images", "rm", "--sync", name)
        return self.ctr("images", "pull", "--plain-http", "--all-platforms", name)

    def images(self) -> list[str]:
        return self.ctr("images", "ls", "-q").stdout.decode().split()

    def __enter__(self) -> "Containerd":
        return self

    def __exit__(self, *_: object) -> None:
        peers.stop(self.process)
        self.scratch.cleanup()
