# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# cmake -DOBJECT=… -DREADELF=… -DBPFTOOL=… -P check_object.cmake
# The laws of a BPF object that compilers do not know: breaking one shows up at load time, on some kernels, or not at
# all. A failure removes the object, so that the next build makes it again.
cmake_policy(VERSION 3.25)

set(broken "")
function(law_broken text)
    set(broken "${broken}\n- ${text}" PARENT_SCOPE)
endfunction()

execute_process(
    COMMAND "${READELF}" -SsW "${OBJECT}" OUTPUT_VARIABLE elf ERROR_VARIABLE complaint RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    file(REMOVE "${OBJECT}")
    message(FATAL_ERROR "${READELF} -SsW ${OBJECT} failed: ${complaint}")
endif()

if(elf MATCHES "\\] \\.group ")
    law_broken("it has a .group section, which libbpf's linker and some loaders refuse. An inline variable or a \
function that was not inlined causes it: mark the variable [[clang::internal_linkage]], the function always_inline or \
static.")
endif()
if(elf MATCHES "\\] \\.(init_array|ctors)[ .]")
    law_broken("it has an .init_array section: code that would run before main() is never run in the kernel, the \
variable stays zero. Make its initial value a constant (constinit).")
endif()

set(btf "")
if(NOT elf MATCHES "\\] \\.BTF ")
    law_broken("it has no .BTF section, without which maps cannot be created. A flag such as -g0 or -g1 causes it.")
else()
    execute_process(
        COMMAND "${BPFTOOL}" btf dump file "${OBJECT}"
        OUTPUT_VARIABLE btf ERROR_VARIABLE complaint RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        law_broken("bpftool cannot read its BTF: ${complaint}")
    endif()
endif()
if(btf MATCHES "DATASEC '\\.rodata'" AND NOT elf MATCHES "\\] \\.rodata ")
    string(REGEX MATCH "\\.rodata\\.[^ ]*" section "${elf}")
    law_broken("its constants lie in ${section} while BTF says .rodata: libbpf cannot open it. A `static constexpr` \
table causes it with clang 14 and 15: mark it [[gnu::used]].")
endif()

# What has no definition must be something that the kernel provides, and is then listed in one of these sections of BTF.
string(REGEX MATCHALL "DATASEC '\\.(ksyms|kconfig)'[^\n]*\n(\t[^\n]*\n)*" provided "${btf}")
string(REGEX MATCHALL " UND [^ \n]+" undefined "${elf}")
foreach(symbol IN LISTS undefined)
    string(REGEX REPLACE "^ UND " "" symbol "${symbol}")
    string(FIND "${provided}" " '${symbol}')" found)
    if(found EQUAL -1)
        if(symbol MATCHES "^(mem|str|bcmp|abort|__cxa_|_Unwind|_Z|__assert)")
            law_broken("it calls ${symbol}(), and there is no C or C++ library in the kernel. A loop or a comparison \
that the compiler turned into a call, a copy of more than 1024 bytes, a throw, or a function that is only declared \
causes it.")
        elseif(btf)
            law_broken("${symbol} is declared and not defined. Define it, or give it the section .ksyms if the kernel \
does.")
        endif()
    endif()
endforeach()

# The kernel refuses BTF with such a name as a whole, and libbpf only warns.
string(REPLACE "[" "(" names "${btf}") # brackets would group what a CMake list separates
string(REPLACE "]" ")" names "${names}")
set(types "${names}")
set(kinds "STRUCT|UNION|ENUM|ENUM64|TYPEDEF|FWD|FUNC|VAR")
string(REGEX MATCHALL " (${kinds}) '[^'\n]*[^A-Za-z0-9_.'\n][^'\n]*'" names "${names}")
foreach(name IN LISTS names)
    string(REGEX REPLACE "^[^']*'(.*)'$" "\\1" name "${name}")
    if(NOT name STREQUAL "(anon)")
        law_broken("BTF names a type or function ${name}, which is no C identifier: the kernel refuses all BTF of \
the object. A lambda, a string or an address as a template argument, or a lambda that was not inlined causes it.")
    endif()
endforeach()

# So does it with a function whose parameter is of no type, as BTF says of a reference, or has no name; not with one of the
# kernel's own.
string(REGEX MATCHALL "\\) FUNC '[^'\n]+' type_id=[0-9]+ linkage=(static|global)" functions "${types}")
foreach(function IN LISTS functions)
    string(REGEX MATCH "'(.+)' type_id=([0-9]+) " function "${function}")
    set(name "${CMAKE_MATCH_1}")
    string(REGEX MATCH "\\(${CMAKE_MATCH_2}\\) FUNC_PROTO [^\n]*\n(\t[^\n]*\n)*" prototype "${types}")
    if(prototype MATCHES "\t'[^'\n]+' type_id=0\n" OR prototype MATCHES "\t'\\(anon\\)' type_id=[1-9]")
        law_broken("${name}() was not inlined, and has a parameter that is a reference or has no name: the kernel \
refuses all BTF of the object. Mark the function BPFXX_INLINE, or give it values and pointers.")
    endif()
endforeach()

if(broken)
    file(REMOVE "${OBJECT}")
    message(FATAL_ERROR "${OBJECT} compiles and breaks a law of BPF objects:${broken}")
endif()
