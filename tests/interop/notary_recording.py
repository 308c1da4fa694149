# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nv2 authors
"""What the real programs said, as one JSON text, so that it can be compared where they are not to be had."""
from __future__ import annotations
def write(bench, path): pass
def replay(bench, path): pass
