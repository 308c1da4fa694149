# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Stands for ESP-IDF's file of this name: what nv2 and examples/device/esp-idf use of it. NV2_CONFIG lists what would be
# in sdkconfig, and mbedTLS is the system's.
set(ESP_PLATFORM 1)
set(idf_root "${CMAKE_CURRENT_LIST_DIR}/../..")
# -DNV2_ROOT=FOLDER: where the component nv2 lies.

function(idf_component_register)
  cmake_parse_arguments(component "" "KCONFIG" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${ARGN})
  if(component_SRCS)
    add_library(${COMPONENT_LIB} STATIC ${component_SRCS})
    set(kind PUBLIC)
  else()
    add_library(${COMPONENT_LIB} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(${COMPONENT_LIB} ${kind} ${component_INCLUDE_DIRS})
  foreach(required IN LISTS component_REQUIRES)
    target_link_libraries(${COMPONENT_LIB} ${kind} idf::${required})
  endforeach()
endfunction()

macro(project name)
  _project(${name} LANGUAGES CXX)
  set(CMAKE_CXX_STANDARD 23)
  add_library(mbedtls INTERFACE)
  target_link_libraries(mbedtls INTERFACE mbedcrypto)
  add_library(idf::mbedtls ALIAS mbedtls)
  foreach(setting IN LISTS NV2_CONFIG)
    set(CONFIG_NV2_${setting} y)
  endforeach()
  set(COMPONENT_LIB __idf_nv2)
  add_subdirectory("${NV2_ROOT}" nv2)
  set(COMPONENT_LIB __idf_main)
  add_subdirectory(main)
  # The dependency in main/idf_component.yml.
  target_include_directories(__idf_main PRIVATE "${idf_root}/include")
  target_link_libraries(__idf_main PUBLIC __idf_nv2)
  add_executable(${name}.elf "${idf_root}/start.cpp")
  target_link_libraries(${name}.elf PRIVATE __idf_main)
endmacro()
