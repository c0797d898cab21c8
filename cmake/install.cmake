# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# What `cmake --install` puts where: headers, the CMake package, the clang config file and the pkg-config file.
include(GNUInstallDirs)
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/bpfxx")
set(staging "${PROJECT_BINARY_DIR}/CMakeFiles/bpfxx-install")

install(DIRECTORY include/bpfxx DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(TARGETS bpfxx EXPORT bpfxx-targets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT bpfxx-targets NAMESPACE bpfxx:: DESTINATION "${package_dir}")
configure_package_config_file(
    cmake/bpfxx-config.cmake.in "${staging}/bpfxx-config.cmake"
    INSTALL_DESTINATION "${package_dir}"
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(
    "${staging}/bpfxx-config-version.cmake" COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(
    FILES "${staging}/bpfxx-config.cmake" "${staging}/bpfxx-config-version.cmake" cmake/BpfxxProgram.cmake
          cmake/BpfxxUser.cmake cmake/bpfxx.cfg.in cmake/check_object.cmake
          cmake/compile_object.cmake cmake/write_skeleton.cmake
    DESTINATION "${package_dir}")
install(DIRECTORY cmake/uapi DESTINATION "${package_dir}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/bpfxx")

configure_file(cmake/bpfxx.pc.in "${staging}/bpfxx.pc" @ONLY)
install(FILES "${staging}/bpfxx.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")

# A clang config file holds absolute paths, and only `cmake --install --prefix` knows the last word on them.
bpfxx_byte_orders(order build_order)
string(SUBSTRING ${order} 0 1 initial)
bpfxx_asm_flag(asm_flag)
install(CODE "
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE prefix)
    set(BPFXX_TARGET bpfe${initial})
    set(BPFXX_ASM_FLAG [[${asm_flag}]])
    set(BPFXX_CONFIG_PATH \"\${prefix}/${CMAKE_INSTALL_DATADIR}/bpfxx/bpfxx.cfg\")
    set(BPFXX_INCLUDE_DIR \"\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}\")
    set(BPFXX_UAPI_DIR \"\${prefix}/${package_dir}/uapi\")
    configure_file([[${PROJECT_SOURCE_DIR}/cmake/bpfxx.cfg.in]] [[${staging}/bpfxx.cfg]] @ONLY)")
install(FILES "${staging}/bpfxx.cfg" DESTINATION "${CMAKE_INSTALL_DATADIR}/bpfxx")
