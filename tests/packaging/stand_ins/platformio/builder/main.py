# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Stands for the build script of PlatformIO's platform `native`: the compiler of the machine, and no more."""
from SCons.Script import DefaultEnvironment

environment = DefaultEnvironment()
environment.Default([environment.BuildProgram()])
