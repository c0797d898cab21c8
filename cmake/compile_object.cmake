# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# cmake -P compile_object.cmake -- clang++ ARGUMENT…
# Compiles without sharing places on the stack, or with it where a program has too much there otherwise. Where clang puts a
# number of 32 bits on a place that had one of 64, kernels compare the old one too, long after its last use, and verify
# every way there was to it: such a program takes up to 20 times as long to load, or is refused.
cmake_policy(VERSION 3.25)

set(command "")
set(found FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
    if(found)
        string(REPLACE ";" "\\;" argument "${CMAKE_ARGV${i}}")
        list(APPEND command "${argument}")
    elseif(CMAKE_ARGV${i} STREQUAL "--")
        set(found TRUE)
    endif()
endforeach()
set(apart -mllvm -no-stack-slot-sharing)
if("-no-stack-slot-sharing" IN_LIST command)
    set(apart "")
endif()
execute_process(COMMAND ${command} ${apart} ERROR_VARIABLE said RESULT_VARIABLE status)
if(apart AND NOT status EQUAL 0 AND said MATCHES "BPF stack limit")
    execute_process(COMMAND ${command} ERROR_VARIABLE said RESULT_VARIABLE status)
endif()
if(said)
    message("${said}")
endif()
if(NOT status EQUAL 0)
    message(FATAL_ERROR "clang's exit status is ${status}")
endif()
