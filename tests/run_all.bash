# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# What `tests/run --all` does beyond `tests/run`; read by it, with its functions.

# Every damaged envelope once more, under sanitizers.
step "sweep asan" ctest --preset asan -j "$jobs" -L sweep

# Another major version of mbedTLS.
if step "mbedTLS 3.6" tests/tools/build_mbedtls36.sh "$PWD/build/mbedtls36/prefix"; then
  [ ! -f build/mbedtls36/prefix/lib/libmbedcrypto.a ] || {
    # The suites of others run with this version in the build for 32 bits.
    step "build mbedtls36" build mbedtls36 --target nv2-backend nv2-vectors nv2-matrix &&
      step "test mbedtls36" ctest --preset mbedtls36 -j "$jobs" -L 'backend|vectors'
  }
fi

# 32 bits, with a crypto library for them.
mbedtls_m32() {
  local compiler=build/logs/gcc-m32
  printf '#!/bin/sh\nexec gcc -m32 -idirafter /usr/include/x86_64-linux-gnu "$@"\n' >$compiler && chmod +x $compiler &&
    CC=$PWD/$compiler tests/tools/build_mbedtls36.sh "$PWD/build/mbedtls36-m32/prefix"
}
if [ "$(uname -m)" = x86_64 ] && step "mbedTLS 3.6 for 32 bits" mbedtls_m32; then
  [ ! -f build/mbedtls36-m32/prefix/lib/libmbedcrypto.a ] || build_and_test m32
fi

# The client without shared libraries, and with the other mbedTLS.
if step "static libraries" tests/tools/build_static_curl.sh "$PWD/build/static-libraries"; then
  [ ! -f build/static-libraries/nv2-curl-version ] || {
    step "build static" build static && {
      begin "test static verifier" /usr/bin/python3 -B tests/containerd/run.py \
        build/static/examples/containerd-verifier/nv2-containerd-verifier build/static/examples/nv2/nv2
      step "test static" /usr/bin/python3 -B tests/client/run.py build/static/examples/nv2/nv2
      step "test static verifier"
    }
  }
fi

# Other compilers and language versions. The client was tested thrice by now; clang-tidy, below, reads it with the
# warnings of Clang.
build_and_test clang -LE 'sweep|client'
build_and_test cxx23 -LE sweep
begin "single header (clang)" python3 -B tests/consumer/run.py single_header --cxx clang++
step "must not compile (clang)" python3 -B tests/must_not_compile/run.py clang++ tests/must_not_compile/*.cpp
step "single header (clang)"
# The client was tested in three builds by now: here it is configured, and one of its files compiled.
meson_client() {
  rm -rf build/meson-client && meson setup build/meson-client --werror -Dtests=disabled &&
    ninja -C build/meson-client examples/nv2/nv2.p/main.cpp.o examples/containerd-verifier/nv2-containerd-verifier.p/main.cpp.o
}
meson_build() {
  rm -rf build/meson && meson setup build/meson --werror --buildtype=debug -Ddebug=false -Dclient=disabled && meson compile -C build/meson
}
meson_test() {
  meson test -C build/meson --no-suite sweep --print-errorlogs &&
    awk '/^Ok:/ { ok = $2 } END { print ok + 0 " passed, 0 failed" }' build/meson/meson-logs/testlog.txt
}
step "meson client" meson_client
step "build meson" meson_build && step "test meson" meson_test

# A big-endian processor and WebAssembly: the short form of what docs/portability.md describes.
step "portability" python3 -B tests/portability/run.py --short -j "$jobs"

# The core on a microcontroller, and what it weighs.
arm_headers() {
  local header headers
  headers=$(cd include && find nv2 -name '*.hpp' | grep -vE '^nv2/crypto/(mbedtls|mbedtls_sha256|psa|openssl|bearssl|wolfcrypt|p256m)\.hpp' | sort)
  [ -n "$headers" ] || { echo "error: no headers found"; return 1; }
  for header in $headers; do
    for cpu in cortex-m0plus cortex-m4; do
      echo "#include <$header>" | arm-none-eabi-g++ -mcpu=$cpu -mthumb -Os -std=c++17 -fsyntax-only -Iinclude -fno-exceptions \
        -fno-rtti -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wold-style-cast -Wcast-align \
        -Wcast-qual -Werror -x c++ - || return 1
    done
  done
}
# For programs in C with BearSSL. Without it they are skipped by the step that links them.
step "BearSSL for bare targets" tests/tools/build_embedded_crypto.sh "$PWD/build/embedded" m0plus m4 rv32imc
begin "no allocator" python3 -B tests/size/no_allocator.py --all
step "headers on Cortex-M" arm_headers
step "no allocator"
step "Cortex-M boards" python3 -B tests/target/run.py
step "bootloader on a board" python3 -B examples/bootloader/run_on_board.py
step "sizes" python3 -B tests/size/report.py --check
# Single faults in the processor while it decides.
step "faults" python3 -B tests/hardened/run.py --short

# As a package of other build systems, with their own tools.
begin "packaging" python3 -B tests/packaging/run.py

# The real prototype: what it said of each file when it was recorded, and itself where it can be built. Its module is not
# served by every Go proxy, so the recording is what must pass everywhere.
interop() { /usr/bin/python3 -B tests/interop/interop.py --require-peers --nv2 build/release/examples/nv2/nv2 "$@"; }
step "interop (recorded)" interop --replay tests/interop/recorded/prototype-verdicts.json
if tests/interop/build_go_nv2.sh "$PWD/build/go-nv2" >build/logs/go-nv2.log 2>&1; then
  begin "interop (live)" interop --go-json build/go-nv2/nv2-json --go-jwt build/go-nv2/nv2-jwt
elif [ $? = 77 ]; then
  echo "the Go prototype is not to be had here, see build/logs/go-nv2.log; its recorded verdicts were used"
else
  step "build the Go prototype" sh -c 'cat build/logs/go-nv2.log; exit 1'
fi

# The same with the Notary Project's own command and library.
notation() { /usr/bin/python3 -B tests/interop/notary.py --require-peers --nv2 build/release/examples/nv2/nv2 "$@"; }
step "interop notation (recorded)" notation --replay tests/interop/recorded/notary-verdicts.json
if tests/interop/build_notation.sh "$PWD/build/notation" >build/logs/notation.log 2>&1; then
  step "interop notation (live)" notation --notation build/notation/notation --peer build/notation/notation_peer
elif [ $? = 77 ]; then
  echo "notation is not to be had here, see build/logs/notation.log; its recorded verdicts were used"
else
  step "build notation" sh -c 'cat build/logs/notation.log; exit 1'
fi

[ -z "${ahead["interop (live)"]:-}" ] || step "interop (live)"
step "packaging"

# Real registries, on the loopback, and the commands of others that keep signatures in them.
registries() {
  local verifier=build/release/examples/containerd-verifier/nv2-containerd-verifier options=()
  [ ! -x $verifier ] || options+=(--verifier $verifier)
  /usr/bin/python3 -B tests/registries/run.py --nv2 build/release/examples/nv2/nv2 --peers build/peers \
    --notation build/notation/notation "${options[@]}" -j "$jobs"
}
if step "build peers" tests/registries/build_peers.sh "$PWD/build/peers"; then
  [ ! -x build/peers/ctr ] || step "registries" registries
fi

# What a verification costs, against the same peer.
measure() {
  local options=()
  [ ! -x build/static/examples/nv2/nv2 ] || options+=(--static build/static/examples/nv2/nv2)
  [ ! -x build/peers/oras ] || options+=(--peers build/peers)
  /usr/bin/python3 -B tests/measure/run.py --nv2 build/release/examples/nv2/nv2 --notation build/notation/notation \
    "${options[@]}"
}
[ ! -x build/notation/notation ] || step "measure" measure

# The other command of the README.
[ ! -x examples/quickstart ] || step "quickstart" examples/quickstart

# Readers of code.
tidy() {
  local all=build/clang/all_headers.cpp
  # The headers of wolfSSL do not go with those of OpenSSL: wolfcrypt.hpp is read in a file of its own. p256m.hpp is read by
  # no clang-tidy, because the header of p256-m comes with a library that is built for boards only.
  (cd include && find nv2 -name '*.hpp' ! -name wolfcrypt.hpp ! -name p256m.hpp | sort | sed 's/.*/#include <&>/') >$all &&
    clang-tidy --quiet $all tests/support/wolfcrypt_backend.cpp -- -std=c++17 -I"$PWD/include" &&
    # The analyzer would spend its time inside CLI11 and nlohmann/json.
    run-clang-tidy -quiet -p build/clang -j "$jobs" -checks='clang-diagnostic-*,-clang-analyzer-*' "^$PWD/examples/.*\.cpp$"
}
check_with_cppcheck() {
  local known=(-DNV2_ERROR_STRINGS=1 -DNV2_HARDENED=0)
  read_with_cppcheck() {
    xargs cppcheck --std=c++17 --language=c++ --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --quiet \
      --suppressions-list=tests/tools/cppcheck.txt -Iinclude -j "$jobs" "$@"
  }
  # Options of the library and of crypto libraries in all ways where they are read, and in one elsewhere.
  find include/nv2/base include/nv2/crypto -name '*.hpp' | read_with_cppcheck &&
    find include examples -name '*.[hc]pp' ! -path 'include/nv2/base/*' ! -path 'include/nv2/crypto/*' | read_with_cppcheck "${known[@]}"
}
format() {
  find include src tests examples -name '*.[hc]pp' -o -name '*.[hc]' | xargs clang-format --dry-run --Werror
}
step "clang-format" format
step "clang-tidy" tidy
step "cppcheck" check_with_cppcheck
