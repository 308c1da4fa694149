# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs the headers, a CMake package (find_package(nv2)) and a pkg-config file.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS nv2 EXPORT nv2Targets)
install(FILES include/nv2.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY include/nv2 DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(EXPORT nv2Targets NAMESPACE nv2:: DESTINATION "${CMAKE_INSTALL_DATADIR}/cmake/nv2")

configure_package_config_file(cmake/nv2Config.cmake.in nv2Config.cmake
  INSTALL_DESTINATION "${CMAKE_INSTALL_DATADIR}/cmake/nv2" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(nv2ConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/nv2Config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/nv2ConfigVersion.cmake"
  cmake/nv2Backends.cmake
  DESTINATION "${CMAKE_INSTALL_DATADIR}/cmake/nv2")

configure_file(cmake/nv2.pc.in nv2.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nv2.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

if(TARGET nv2-client)
  install(TARGETS nv2-client nv2-containerd-verifier RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
