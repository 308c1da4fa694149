# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Stands for the first of two times that ESP-IDF reads CMakeLists.txt of a component: as a script, before anything is
# configured, to learn what it requires. Prints that.
#   cmake -DESP_PLATFORM=1 -DCOMPONENT_DIR=FOLDER -P requirements.cmake
macro(idf_component_register)
  cmake_parse_arguments(component "" "KCONFIG" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${ARGN})
  message("requires ${component_REQUIRES}")
  return()
endmacro()

function(read)
  include("${COMPONENT_DIR}/CMakeLists.txt")
endfunction()
read()
