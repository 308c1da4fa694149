// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// A workspace is one place in memory: no copies, and nothing in it that would need a destructor.
//
// expect 1: deleted
// expect 2: deleted
// expect 3: a workspace runs no destructors
// expect 4: deleted
#include <nv2/base/workspace.hpp>

struct owner {
  ~owner() {}
};

void use(nv2::workspace& memory, nv2::static_workspace<64>& fixed) {
  nv2::workspace& other = memory;
#if NV2_BAD == 1
  nv2::workspace copy = memory;
#elif NV2_BAD == 2
  memory = other;
#elif NV2_BAD == 3
  static_cast<void>(memory.take_array<owner>(1));
#elif NV2_BAD == 4
  nv2::static_workspace<64> copy = fixed;
#endif
  static_cast<void>(other.take_array<int>(fixed.size()));
}
