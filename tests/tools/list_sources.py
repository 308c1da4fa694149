#!/usr/bin/env python3
# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Prints the folders of a folder, or the C++ sources in it and below, one a line, for the Meson build.

  list_sources.py folders FOLDER
  list_sources.py sources FOLDER
"""
import sys
from pathlib import Path

what, folder = sys.argv[1], Path(sys.argv[2])
if what == "folders":
    found = [p.name for p in folder.glob("*") if p.is_dir()]
else:
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*.cpp")]
print("\n".join(sorted(found)))
