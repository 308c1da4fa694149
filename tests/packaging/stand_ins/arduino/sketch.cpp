// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Stands for what Arduino puts before and after a sketch. The sketch is a macro, SKETCH.
#include <cstdio>

struct stand_in_serial {
  void begin(unsigned long) const {}
  void print(const char* text) const { std::printf("%s", text); }
  void println(const char* text) const { std::printf("%s\n", text); }
};
constexpr stand_in_serial Serial;

#include SKETCH

int main() {
  setup();
  loop();
}
