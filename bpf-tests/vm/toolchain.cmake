# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# Builds for another architecture, with Debian's cross compiler and an unpacked root of that architecture:
#   cmake --toolchain toolchain.cmake -DBPFXX_VM_TRIPLET=s390x-linux-gnu -DBPFXX_VM_ROOT=…
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BPFXX_VM_TRIPLET BPFXX_VM_ROOT)
set(CMAKE_SYSTEM_NAME Linux)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR "${BPFXX_VM_TRIPLET}")
set(CMAKE_C_COMPILER "${BPFXX_VM_TRIPLET}-gcc")
set(CMAKE_CXX_COMPILER "${BPFXX_VM_TRIPLET}-g++")
set(CMAKE_SYSROOT "${BPFXX_VM_ROOT}")
set(CMAKE_LIBRARY_ARCHITECTURE "${BPFXX_VM_TRIPLET}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH) # this project names itself, in its own build folder
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${BPFXX_VM_ROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
    "${BPFXX_VM_ROOT}/usr/lib/${BPFXX_VM_TRIPLET}/pkgconfig:${BPFXX_VM_ROOT}/usr/share/pkgconfig")
