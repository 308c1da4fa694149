# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# How the project's own programs are compiled. None of it reaches a user of nv2::nv2.
include(CheckCXXCompilerFlag)

set(nv2_warnings "")
foreach(flag
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wold-style-cast -Wcast-align
    -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wvla -Wdouble-promotion)
  string(MAKE_C_IDENTIFIER "NV2_HAS${flag}" known)
  check_cxx_compiler_flag("-Werror ${flag}" ${known})
  if(${known})
    list(APPEND nv2_warnings ${flag})
  endif()
endforeach()
if(NV2_WERROR)
  list(APPEND nv2_warnings -Werror)
endif()

# Those of C, which every compiler that can build the rest knows.
set(nv2_c_warnings -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-align -Wcast-qual
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wimplicit-fallthrough -Wvla -Wdouble-promotion)
if(NV2_WERROR)
  list(APPEND nv2_c_warnings -Werror)
endif()

# Compiles `target` strictly, in the language version of the project unless CMAKE_CXX_STANDARD says otherwise.
function(nv2_strict target)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:${nv2_warnings}>" "$<$<COMPILE_LANGUAGE:C>:${nv2_c_warnings}>")
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF C_STANDARD 99 C_EXTENSIONS OFF)
endfunction()
