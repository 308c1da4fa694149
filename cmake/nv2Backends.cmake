# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# One target for each crypto library that an adapter in nv2/crypto/ stands for: nv2::nv2 plus that library.
# Used by the project itself and, installed, by its package. A library that is not found makes no target.

# nv2::mbedtls, version 2.28 or 3.x. A target of the surrounding project comes first (MbedTLS::mbedcrypto),
# then the prefix NV2_MBEDTLS_ROOT, then the system.
function(nv2_add_mbedtls)
  if(TARGET nv2::mbedtls)
    return()
  endif()
  set(library "")
  if(TARGET MbedTLS::mbedcrypto)
    set(library MbedTLS::mbedcrypto)
  else()
    if(NV2_MBEDTLS_ROOT)
      find_path(NV2_MBEDTLS_INCLUDE_DIR mbedtls/version.h PATHS "${NV2_MBEDTLS_ROOT}/include" NO_DEFAULT_PATH)
      find_library(NV2_MBEDTLS_LIBRARY mbedcrypto PATHS "${NV2_MBEDTLS_ROOT}"
        PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH)
      if(NOT NV2_MBEDTLS_INCLUDE_DIR OR NOT NV2_MBEDTLS_LIBRARY)
        message(FATAL_ERROR "NV2_MBEDTLS_ROOT=${NV2_MBEDTLS_ROOT} holds no mbedTLS: "
          "include/mbedtls/version.h and lib/libmbedcrypto were looked for")
      endif()
    else()
      find_path(NV2_MBEDTLS_INCLUDE_DIR mbedtls/version.h)
      find_library(NV2_MBEDTLS_LIBRARY mbedcrypto)
    endif()
    mark_as_advanced(NV2_MBEDTLS_INCLUDE_DIR NV2_MBEDTLS_LIBRARY)
    if(NV2_MBEDTLS_INCLUDE_DIR AND NV2_MBEDTLS_LIBRARY)
      add_library(nv2-mbedcrypto UNKNOWN IMPORTED GLOBAL)
      set_target_properties(nv2-mbedcrypto PROPERTIES
        IMPORTED_LOCATION "${NV2_MBEDTLS_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${NV2_MBEDTLS_INCLUDE_DIR}")
      set(library nv2-mbedcrypto)
    endif()
  endif()
  if(library)
    add_library(nv2::mbedtls INTERFACE IMPORTED GLOBAL)
    target_link_libraries(nv2::mbedtls INTERFACE nv2::nv2 ${library})
  endif()
endfunction()

# nv2::psa, the PSA Crypto API of the library that nv2::mbedtls stands for. A target of the surrounding project is not
# built yet; it is taken at its word.
function(nv2_add_psa)
  nv2_add_mbedtls()
  if(TARGET nv2::psa OR NOT TARGET nv2::mbedtls)
    return()
  endif()
  if(NOT TARGET MbedTLS::mbedcrypto)
    include(CheckCXXSymbolExists)
    set(CMAKE_REQUIRED_QUIET ON)
    set(CMAKE_REQUIRED_INCLUDES "${NV2_MBEDTLS_INCLUDE_DIR}")
    set(CMAKE_REQUIRED_LIBRARIES "${NV2_MBEDTLS_LIBRARY}")
    check_cxx_symbol_exists(psa_verify_hash psa/crypto.h NV2_MBEDTLS_HAS_PSA)
    if(NOT NV2_MBEDTLS_HAS_PSA)
      return()
    endif()
  endif()
  add_library(nv2::psa INTERFACE IMPORTED GLOBAL)
  target_link_libraries(nv2::psa INTERFACE nv2::mbedtls)
endfunction()

# nv2::openssl, version 3.
function(nv2_add_openssl)
  if(TARGET nv2::openssl)
    return()
  endif()
  find_package(OpenSSL 3.0 QUIET COMPONENTS Crypto)
  if(TARGET OpenSSL::Crypto)
    add_library(nv2::openssl INTERFACE IMPORTED GLOBAL)
    target_link_libraries(nv2::openssl INTERFACE nv2::nv2 OpenSSL::Crypto)
  endif()
endfunction()

# nv2::NAME for a library that is found by a header and its own name alone.
function(nv2_add_plain name header library)
  if(TARGET nv2::${name})
    return()
  endif()
  string(TOUPPER ${name} upper)
  find_path(NV2_${upper}_INCLUDE_DIR ${header})
  find_library(NV2_${upper}_LIBRARY ${library})
  mark_as_advanced(NV2_${upper}_INCLUDE_DIR NV2_${upper}_LIBRARY)
  if(NV2_${upper}_INCLUDE_DIR AND NV2_${upper}_LIBRARY)
    add_library(nv2::${name} INTERFACE IMPORTED GLOBAL)
    target_include_directories(nv2::${name} INTERFACE "${NV2_${upper}_INCLUDE_DIR}")
    target_link_libraries(nv2::${name} INTERFACE nv2::nv2 "${NV2_${upper}_LIBRARY}")
  endif()
endfunction()

# nv2::bearssl, version 0.6.
function(nv2_add_bearssl)
  nv2_add_plain(bearssl bearssl.h bearssl)
endfunction()

# nv2::wolfcrypt, of wolfSSL 5. Its configuration is the one in wolfssl/options.h.
function(nv2_add_wolfcrypt)
  nv2_add_plain(wolfcrypt wolfssl/options.h wolfssl)
endfunction()

# nv2::p256m, without the hash that it needs beside it. It is sought where mbedTLS is, with which it comes.
function(nv2_add_p256m)
  if(NV2_MBEDTLS_ROOT)
    find_path(NV2_P256M_INCLUDE_DIR p256-m.h PATHS "${NV2_MBEDTLS_ROOT}/include" NO_DEFAULT_PATH)
    find_library(NV2_P256M_LIBRARY p256-m PATHS "${NV2_MBEDTLS_ROOT}/lib" NO_DEFAULT_PATH)
  endif()
  nv2_add_plain(p256m p256-m.h p256-m)
endfunction()
