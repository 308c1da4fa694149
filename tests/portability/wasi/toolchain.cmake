# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# wasm32 with the system interface WASI, of Debian's wasi-libc and libc++. Programs are run by node.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CROSSCOMPILING_EMULATOR node --no-warnings --stack-size=8000 ${CMAKE_CURRENT_LIST_DIR}/run.mjs)

# Tests throw where they give up: see exceptions.cpp, with which all programs are linked.
string(JOIN " " CMAKE_CXX_FLAGS_INIT -fexceptions -fcxx-exceptions -D_WASI_EMULATED_SIGNAL
  "-isystem ${CMAKE_CURRENT_LIST_DIR}" -DMBEDTLS_USER_CONFIG_FILE='"${CMAKE_CURRENT_LIST_DIR}/mbedtls_config.h"'
  -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS -DJSON_HAS_FILESYSTEM=0 -DJSON_HAS_EXPERIMENTAL_FILESYSTEM=0
  "-idirafter /usr/include")
string(JOIN " " CMAKE_EXE_LINKER_FLAGS_INIT -lwasi-emulated-signal -Wl,-z,stack-size=4194304 -Wl,--stack-first)
