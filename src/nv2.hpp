// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Where Arduino looks for it.
#include "../single_include/nv2.hpp"
