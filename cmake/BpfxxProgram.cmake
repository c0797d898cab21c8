# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# bpfxx_add_program(): from a .bpf.cpp to an object that loads, its skeleton, and a target to link.
#
#   bpfxx_add_program(<target> <name>.bpf.cpp
#       [HOST]                      also <target>_host: the same source compiled for this machine, to be linked directly
#       [COMPILER clang++-19]       default: BPFXX_CLANG
#       [ENDIAN little|big]         default: the byte order of the machine that the project is built for
#       [OPTIMIZE O2|O3|Os]         default: O2, whatever CMAKE_BUILD_TYPE says
#       [CPU v2|v3|v4]              default: v3
#       [OPTIONS flag…] [DEFINITIONS name[=value]…] [INCLUDES directory…]
#       [OUTPUT directory])         default: BPFXX_OUTPUT_DIRECTORY, else bpf/ in the current binary directory
#
# Makes OUTPUT/<name>.bpf.o and OUTPUT/<name>.skel.h. What links <target> includes "<name>.skel.h", is built after it
# and gets bpfxx::user where libbpf is installed. The property BPFXX_OBJECT of <target> is the object's path.
# An object of the other byte order has no skeleton: bpftool cannot open it.
#
# Variables read: BPFXX_CLANG, BPFXX_BPFTOOL, BPFXX_FLAGS (added to every BPF compilation), BPFXX_OUTPUT_DIRECTORY,
# CMAKE_COMPILE_WARNING_AS_ERROR.
include_guard(GLOBAL)
cmake_policy(VERSION 3.25)

# Why a compiler cannot be used, or nothing.
function(bpfxx_clang_fault compiler result)
    get_property(known GLOBAL PROPERTY "BPFXX_CLANG_FAULT ${compiler}" SET)
    if(NOT known)
        set(fault "")
        execute_process(COMMAND "${compiler}" --version OUTPUT_VARIABLE version ERROR_QUIET RESULT_VARIABLE status)
        if(NOT status EQUAL 0 OR NOT version MATCHES "clang version ([0-9]+)")
            set(fault "it is not clang")
        elseif(CMAKE_MATCH_1 LESS 14)
            set(fault "it is clang ${CMAKE_MATCH_1}; the oldest that works is clang 14")
        else()
            execute_process(
                COMMAND "${compiler}" -target bpfel -x c++ -c /dev/null -o /dev/null
                OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE status)
            if(NOT status EQUAL 0)
                set(fault "it was built without the BPF target")
            endif()
        endif()
        set_property(GLOBAL PROPERTY "BPFXX_CLANG_FAULT ${compiler}" "${fault}")
    endif()
    get_property(fault GLOBAL PROPERTY "BPFXX_CLANG_FAULT ${compiler}")
    set(${result} "${fault}" PARENT_SCOPE)
endfunction()

function(bpfxx_clang_works result compiler)
    bpfxx_clang_fault("${compiler}" fault)
    if(fault)
        set(${result} FALSE PARENT_SCOPE)
    endif()
endfunction()

# Some distributions install a wrapper that looks for the bpftool of the running kernel and may find none.
function(bpfxx_bpftool_works result bpftool)
    execute_process(COMMAND "${bpftool}" version OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        set(${result} FALSE PARENT_SCOPE)
    endif()
endfunction()

# The clang that COMPILER or BPFXX_CLANG names, as a path; stops with what to install.
function(bpfxx_find_clang wanted result)
    unset(path)
    unset(found)
    if(NOT wanted STREQUAL "")
        set(named "COMPILER ${wanted}")
        find_program(path NAMES "${wanted}" NO_CACHE)
    else()
        set(names clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14 clang++)
        list(APPEND names clang++-20 clang++-21 clang++-22) # not tried yet, but better than none
        find_program(BPFXX_CLANG NAMES ${names} VALIDATOR bpfxx_clang_works DOC "clang++ for BPF programs")
        set(path "${BPFXX_CLANG}")
        if(path AND NOT IS_ABSOLUTE "${path}")
            find_program(found NAMES "${path}" NO_CACHE)
            set(path "${found}")
        endif()
        set(named "BPFXX_CLANG=${BPFXX_CLANG}")
    endif()
    if(NOT path)
        set(fault "no such program")
        if(wanted STREQUAL "" AND NOT BPFXX_CLANG)
            set(named "No clang++ for BPF programs")
            set(fault "none of ${names} is clang 14 or newer with the BPF target")
        endif()
    else()
        bpfxx_clang_fault("${path}" fault)
    endif()
    if(fault)
        message(FATAL_ERROR
            "bpfxx: ${named}: ${fault}.\n"
            "Install clang 14 or newer (Debian: apt install clang-19) or name one with -DBPFXX_CLANG=/path/to/clang++.")
    endif()
    set(${result} "${path}" PARENT_SCOPE)
endfunction()

function(bpfxx_find_bpftool)
    file(GLOB hints LIST_DIRECTORIES TRUE /usr/lib/linux-tools/*)
    find_program(BPFXX_BPFTOOL NAMES bpftool HINTS ${hints} VALIDATOR bpfxx_bpftool_works DOC "writes skeletons")
    find_program(BPFXX_READELF NAMES readelf llvm-readelf llvm-readelf-19 llvm-readelf-14 DOC "reads BPF objects")
    mark_as_advanced(BPFXX_BPFTOOL BPFXX_READELF)
    if(NOT BPFXX_BPFTOOL)
        message(FATAL_ERROR
            "bpfxx: bpftool is missing, which writes the skeleton of a BPF object.\n"
            "Install it (Debian: apt install bpftool) or name it with -DBPFXX_BPFTOOL=/path/to/bpftool.")
    endif()
    if(NOT BPFXX_READELF)
        message(FATAL_ERROR "bpfxx: readelf is missing. Install it (Debian: apt install binutils).")
    endif()
endfunction()

# The byte orders of the machine that is built for and of the one that compiles: little or big.
function(bpfxx_byte_orders target build)
    set(big "^(s390x?|ppc64|ppc|sparc64|m68k|hppa|aarch64_be|armv.*b|mips|mips64)$")
    set(order little)
    if(CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "${big}")
        set(order big)
    endif()
    set(${build} ${order} PARENT_SCOPE)
    foreach(language CXX C)
        if(CMAKE_${language}_BYTE_ORDER STREQUAL "BIG_ENDIAN")
            set(${target} big PARENT_SCOPE)
            return()
        elseif(CMAKE_${language}_BYTE_ORDER STREQUAL "LITTLE_ENDIAN")
            set(${target} little PARENT_SCOPE)
            return()
        endif()
    endforeach()
    set(${target} ${order} PARENT_SCOPE)
endfunction()

# "-isystem directory" for <asm/types.h> of the machine that is built for, or nothing where clang finds it by itself.
function(bpfxx_asm_flag result)
    set(triplet "${CMAKE_LIBRARY_ARCHITECTURE}")
    if(NOT triplet)
        execute_process(
            COMMAND cc -print-multiarch
            OUTPUT_VARIABLE triplet OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    if(NOT triplet)
        set(triplet "${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu")
    endif()
    foreach(directory "${CMAKE_SYSROOT}/usr/include/${triplet}" "/usr/${triplet}/include")
        if(EXISTS "${directory}/asm/types.h")
            set(${result} "-isystem \"${directory}\"" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    if(NOT EXISTS "${CMAKE_SYSROOT}/usr/include/asm/types.h")
        message(FATAL_ERROR
            "bpfxx: <asm/types.h> for ${triplet} is missing. Install the kernel's headers for user space "
            "(Debian: apt install linux-libc-dev).")
    endif()
    set(${result} "" PARENT_SCOPE)
endfunction()

# Writes the clang config file that every bpfxx_add_program() from here on uses.
function(bpfxx_write_clang_config path include_directory)
    bpfxx_byte_orders(order build_order)
    string(SUBSTRING ${order} 0 1 initial)
    set(BPFXX_TARGET bpfe${initial})
    set(BPFXX_CONFIG_PATH "${path}")
    set(BPFXX_INCLUDE_DIR "${include_directory}")
    set(BPFXX_UAPI_DIR "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/uapi")
    bpfxx_asm_flag(BPFXX_ASM_FLAG)
    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/bpfxx.cfg.in" "${path}" @ONLY)
    set_property(GLOBAL PROPERTY BPFXX_CONFIG "${path}")
endfunction()

function(bpfxx_add_program target source)
    cmake_parse_arguments(
        PARSE_ARGV 2 arg "HOST" "COMPILER;ENDIAN;OPTIMIZE;CPU;OUTPUT" "OPTIONS;DEFINITIONS;INCLUDES")
    set(call "bpfxx_add_program(${target} ${source})")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${call}: unknown argument: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    list(REMOVE_ITEM arg_KEYWORDS_MISSING_VALUES OPTIONS DEFINITIONS INCLUDES) # a list may be empty
    if(arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "${call}: no value after ${arg_KEYWORDS_MISSING_VALUES}")
    endif()
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    if(NOT EXISTS "${source}")
        message(FATAL_ERROR "${call}: there is no file ${source}")
    endif()
    cmake_path(GET source FILENAME name)
    if(NOT name MATCHES "^([A-Za-z_][A-Za-z0-9_]*)\\.bpf\\.cpp$")
        message(FATAL_ERROR
            "${call}: the file's name must be a C identifier followed by .bpf.cpp, for it also names the skeleton")
    endif()
    set(name "${CMAKE_MATCH_1}")

    bpfxx_byte_orders(target_order build_order)
    foreach(choice ENDIAN:${target_order}:little:big OPTIMIZE:O2:O2:O3:Os CPU:v3:v2:v3:v4)
        string(REPLACE ":" ";" allowed "${choice}")
        list(POP_FRONT allowed keyword default)
        if(NOT arg_${keyword})
            set(arg_${keyword} ${default})
        elseif(NOT arg_${keyword} IN_LIST allowed)
            list(JOIN allowed ", " allowed)
            message(FATAL_ERROR "${call}: ${keyword} is ${arg_${keyword}}; it can be ${allowed}")
        endif()
    endforeach()

    bpfxx_find_clang("${arg_COMPILER}" clang)
    bpfxx_find_bpftool()

    set(output "${arg_OUTPUT}")
    if(NOT output)
        set(output "${BPFXX_OUTPUT_DIRECTORY}")
    endif()
    if(NOT output)
        set(output bpf)
    endif()
    cmake_path(ABSOLUTE_PATH output BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}" NORMALIZE)
    set(object "${output}/${name}.bpf.o")
    get_property(owner GLOBAL PROPERTY "BPFXX_MAKER ${object}")
    if(owner)
        message(FATAL_ERROR
            "${call}: ${object} is made by ${owner} already. Give one of them OUTPUT and a directory of its own.")
    endif()
    set_property(GLOBAL PROPERTY "BPFXX_MAKER ${object}" "${call}")
    file(MAKE_DIRECTORY "${output}")

    get_property(config GLOBAL PROPERTY BPFXX_CONFIG)
    string(SUBSTRING ${arg_ENDIAN} 0 1 initial)
    set(flags -target bpfe${initial} -mcpu=${arg_CPU} -${arg_OPTIMIZE} ${BPFXX_FLAGS})
    if(CMAKE_COMPILE_WARNING_AS_ERROR)
        list(APPEND flags -Werror)
    endif()
    set(includes "")
    foreach(directory IN LISTS arg_INCLUDES)
        if(NOT directory MATCHES "^\\$<")
            cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        endif()
        list(APPEND includes "${directory}")
    endforeach()
    list(TRANSFORM includes PREPEND -I OUTPUT_VARIABLE include_flags)
    list(TRANSFORM arg_DEFINITIONS PREPEND -D OUTPUT_VARIABLE definition_flags)

    set(here "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
    set(products "${object}")
    set(write_skeleton "")
    if(arg_ENDIAN STREQUAL build_order)
        set(skeleton "${output}/${name}.skel.h")
        list(APPEND products "${skeleton}")
        set(write_skeleton
            COMMAND "${CMAKE_COMMAND}" "-DOBJECT=${object}" "-DSKELETON=${skeleton}" -DNAME=${name}
                    "-DBPFTOOL=${BPFXX_BPFTOOL}" -P "${here}/write_skeleton.cmake")
    else()
        message(STATUS "${call}: no skeleton, because bpftool cannot open ${arg_ENDIAN}-endian objects here")
    endif()
    cmake_path(GET clang FILENAME compiler)
    add_custom_command(
        OUTPUT ${products}
        COMMAND "${CMAKE_COMMAND}" -P "${here}/compile_object.cmake" -- "${clang}" --config "${config}" ${flags}
                ${arg_OPTIONS} ${definition_flags} ${include_flags} -MD -MF "${object}.d" -c "${source}" -o "${object}"
        COMMAND "${CMAKE_COMMAND}" "-DOBJECT=${object}" "-DREADELF=${BPFXX_READELF}" "-DBPFTOOL=${BPFXX_BPFTOOL}"
                -P "${here}/check_object.cmake"
        ${write_skeleton}
        DEPENDS "${source}" "${clang}" "${config}" "${here}/compile_object.cmake" "${here}/check_object.cmake"
                "${here}/write_skeleton.cmake"
        DEPFILE "${object}.d"
        COMMENT "Building BPF object ${name}.bpf.o with ${compiler}"
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${target}_object ALL DEPENDS ${products})

    add_library(${target} INTERFACE)
    add_dependencies(${target} ${target}_object)
    target_include_directories(${target} SYSTEM INTERFACE "${output}")
    target_link_libraries(${target} INTERFACE bpfxx::bpfxx $<TARGET_NAME_IF_EXISTS:bpfxx::user>)
    set_target_properties(${target} PROPERTIES BPFXX_OBJECT "${object}")

    if(arg_HOST)
        add_library(${target}_host OBJECT "${source}")
        target_link_libraries(${target}_host PUBLIC bpfxx::bpfxx)
        target_compile_definitions(${target}_host PRIVATE BPFXX_OBJECT="${name}" ${arg_DEFINITIONS})
        target_include_directories(${target}_host PRIVATE ${includes})
        set_target_properties(${target}_host PROPERTIES CXX_EXTENSIONS ON)
    endif()
endfunction()
