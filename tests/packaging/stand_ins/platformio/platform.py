# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""Stands for PlatformIO's platform `native`."""
from platformio.platform.base import PlatformBase


class NativePlatform(PlatformBase):
    pass
