# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Stands for the CMake package of Zephyr: what the module nv2 and examples/device/zephyr use of it. The configuration is
# read from the file DOT_CONFIG, and mbedTLS is the system's.
project(Zephyr LANGUAGES CXX)

file(STRINGS "${DOT_CONFIG}" lines REGEX "^CONFIG_")
foreach(line IN LISTS lines)
  if(line MATCHES "^(CONFIG_[A-Z0-9_]+)=\"?([^\"]*)")
    set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
  endif()
endforeach()

macro(zephyr_interface_library_named name)
  add_library(${name} INTERFACE)
endmacro()

if(CONFIG_MBEDTLS)
  zephyr_interface_library_named(mbedTLS)
  target_link_libraries(mbedTLS INTERFACE mbedcrypto)
  target_compile_definitions(mbedTLS INTERFACE STAND_IN_MBEDTLS)
endif()

add_executable(app)
target_include_directories(app PRIVATE "${CMAKE_CURRENT_LIST_DIR}/include")
set_target_properties(app PROPERTIES CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON)

get_filename_component(ZEPHYR_CURRENT_MODULE_DIR "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)
add_subdirectory("${ZEPHYR_CURRENT_MODULE_DIR}/zephyr" nv2)
