// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nv2 authors

// Nothing of ours is in this module: it pins the versions that the notation command is built from.
module nv2.test/notation_cli

go 1.23.0

require github.com/notaryproject/notation v1.3.2
