# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# nv2-client-libraries of NV2_STATIC: the programs are linked with -static and need nothing of the machine they run on.
# curl and mbedTLS are those of NV2_STATIC_ROOT, made by tests/tools/build_static_curl.sh; libarchive, zstd and zlib the
# system's, of which only tar, gzip and zstd are linked.
foreach(library curl mbedtls mbedx509 mbedcrypto)
  find_library(NV2_STATIC_${library} lib${library}.a PATHS "${NV2_STATIC_ROOT}/lib" NO_DEFAULT_PATH REQUIRED)
  list(APPEND nv2_static_libraries "${NV2_STATIC_${library}}")
endforeach()
foreach(library archive zstd z)
  find_library(NV2_STATIC_${library} lib${library}.a REQUIRED)
  list(APPEND nv2_static_libraries "${NV2_STATIC_${library}}")
endforeach()

add_library(nv2-client-libraries INTERFACE)
target_include_directories(nv2-client-libraries SYSTEM INTERFACE "${NV2_STATIC_ROOT}/include")
target_compile_options(nv2-client-libraries INTERFACE -ffunction-sections -fdata-sections)
target_link_libraries(nv2-client-libraries INTERFACE
  nv2::mbedtls CLI11::CLI11 fmt::fmt-header-only nlohmann_json::nlohmann_json ${nv2_static_libraries} Threads::Threads)
target_link_options(nv2-client-libraries INTERFACE -static -Wl,--gc-sections)
