#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# package.sh install | package.sh CASE CLANG GENERATOR
# install puts the build's package into BUILD/package; each case then works in a folder that has nothing of the tree.
source "$(dirname "$0")/../../cmake/checks/common.sh"
here=$BPFXX_SOURCE_DIR/bpf-tests/package
prefix=$BPFXX_BUILD_DIR/package

fail() {
    echo "FAILED: $*"
    exit 1
}

if [ "$1" = install ]; then
    rm -rf "$prefix"
    cmake --install "$BPFXX_BUILD_DIR" --prefix "$prefix" >/dev/null
    ! grep -rn "$BPFXX_SOURCE_DIR/include" "$prefix/share/bpfxx" "$prefix/share/cmake" "$prefix/share/pkgconfig" ||
        fail "the package refers to the source tree"
    find "$prefix" -type f -not -name '*.hpp' | sed "s,^$prefix/,,"
    exit 0
fi

case=$1
clang=$2
generator=$3
if [ "$generator" = "Unix Makefiles" ]; then need make make; fi
if [ "$generator" = Ninja ]; then need ninja ninja-build; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$here/consumer" "$scratch/source"
build=$scratch/build
object=$build/bpf/consumer.bpf.o

quietly() { # COMMAND…: shows what it printed if it fails
    "$@" >"$scratch/out" 2>&1 || {
        cat "$scratch/out"
        fail "$*"
    }
}

configure() { # OPTION…
    quietly cmake -S "$scratch/source" -B "$build" -G "$generator" \
        "-DBPFXX_CLANG=$clang" "-DCMAKE_CXX_COMPILER=$BPFXX_CXX" "$@"
}

make_all() {
    quietly cmake --build "$build" --parallel 2
}

# In the kernel if it can be, and then without a word from libbpf or bpftool.
run_consumer() {
    "$build/consumer"
    [ -z "$(bpf_fault)" ] || return 0
    "$build/consumer" --load
    loads "$object"
    loads "$build/small/consumer.bpf.o"
}

loads() { # OBJECT
    [ -z "$(bpf_fault)" ] || return 0
    # shellcheck disable=SC2016
    with_pins sh -c 'exec bpftool prog load "$1" "$BPFXX_PINS/program" 2>&1' _ "$1" >"$scratch/out" || {
        cat "$scratch/out"
        fail "bpftool prog load $1"
    }
    if [ -s "$scratch/out" ]; then
        cat "$scratch/out"
        fail "bpftool prog load $1 prints the lines above"
    fi
    echo "loads: ${1#"$scratch"/}"
}

is_big() { # OBJECT
    readelf -h "$1" | grep -q 'big endian' || fail "$1 is not big endian"
}

# How the compiler of an object calls itself.
made_by() { # OBJECT
    readelf -p .debug_str "$1" | grep -o 'clang version [0-9]*' | head -n 1
}

case $case in
the_package)
    configure -DCONSUMER_TAKES=the_package "-DCMAKE_PREFIX_PATH=$prefix"
    make_all
    run_consumer
    is_big "$build/big/consumer.bpf.o"
    [ ! -e "$build/big/consumer.skel.h" ] || fail "a skeleton of an object that bpftool cannot open"
    [ "$(made_by "$object")" = "clang version ${clang##*-}" ] || fail "made by $(made_by "$object"), not $clang"
    ;;

a_subdirectory | fetched_content)
    configure "-DCONSUMER_TAKES=$case" "-DCONSUMER_TREE=$BPFXX_SOURCE_DIR"
    make_all
    run_consumer
    [ ! -e "$build/bpfxx/bpf-tests" ] || fail "a consumer's build contains the tests"
    ;;

command_line)
    cd "$scratch/source"
    quietly "$clang" -Wall -Wextra -Wpedantic -Wno-gnu-statement-expression -Werror \
        --config "$prefix/share/bpfxx/bpfxx.cfg" -c consumer.bpf.cpp -o "$scratch/config.bpf.o"
    loads "$scratch/config.bpf.o"
    export PKG_CONFIG_PATH=$prefix/share/pkgconfig
    read -ra flags < <(pkg-config --variable=bpf_cflags bpfxx)
    quietly "$clang" "${flags[@]}" -c consumer.bpf.cpp -o "$scratch/pkg.bpf.o"
    loads "$scratch/pkg.bpf.o"
    [ "$(pkg-config --variable=config bpfxx)" -ef "$prefix/share/bpfxx/bpfxx.cfg" ] || fail "pkg-config's config"
    quietly "$clang" "${flags[@]}" -target bpfeb -O3 -c consumer.bpf.cpp -o "$scratch/big.bpf.o"
    is_big "$scratch/big.bpf.o"
    # The bit fields of the kernel's own structs follow the target, not this machine.
    printf '%s\n' '#include <linux/ip.h>' \
        '#if defined(__BIG_ENDIAN_BITFIELD) != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)' '#error order' '#endif' \
        >"$scratch/order.cpp"
    for order in bpfel bpfeb; do
        quietly "$clang" "${flags[@]}" -target $order -fsyntax-only "$scratch/order.cpp"
    done
    read -ra flags < <(pkg-config --cflags bpfxx)
    quietly "$BPFXX_CXX" -std=gnu++20 "${flags[@]}" -c consumer.bpf.cpp -o "$scratch/host.o"
    ;;

rebuild)
    cp -r "$prefix" "$scratch/prefix"
    configure -DCONSUMER_TAKES=the_package "-DCMAKE_PREFIX_PATH=$scratch/prefix"
    make_all
    stamp() { stat -c %.Y "$object" "$build/bpf/consumer.skel.h" "$build/consumer"; }
    before=$(stamp)
    make_all
    [ "$(stamp)" = "$before" ] || fail "nothing was touched and something was built again"
    for touched in "$scratch/source/consumer.hpp" "$scratch/prefix/include/bpfxx/core/int.hpp"; do
        sleep 0.1
        touch "$touched"
        make_all
        after=$(stamp)
        paste <(echo "$before") <(echo "$after") | while read -r old new; do
            [ "$old" != "$new" ] || fail "$touched was touched; object, skeleton or program was not built again"
        done
        before=$after
        make_all
        [ "$(stamp)" = "$before" ] || fail "after $touched: built twice"
    done
    echo "not a header in it" >"$scratch/source/consumer.hpp"
    ! cmake --build "$build" >/dev/null 2>&1 || fail "a header that does not compile was not noticed"
    ;;

laws)
    # Each program compiles and breaks a law; the build must fail, say so, and leave no object that looks finished.
    sed -i '/consumer_small\|consumer_big\|add_executable\|target_link/d' "$scratch/source/CMakeLists.txt"
    sed -i 's/consumer.bpf.cpp HOST/consumer.bpf.cpp OPTIONS ${LAW_OPTIONS}/' "$scratch/source/CMakeLists.txt"
    breaks() { # WORDS OPTIONS PROGRAM
        rm -rf "$build"
        printf '#include <bpfxx/kernel/xdp.hpp>\nBPFXX_LICENSE("GPL");\n%s\n' "$3" >"$scratch/source/consumer.bpf.cpp"
        configure -DCONSUMER_TAKES=the_package "-DCMAKE_PREFIX_PATH=$prefix" "-DLAW_OPTIONS=$2"
        if cmake --build "$build" >"$scratch/out" 2>&1; then fail "this was built: $3"; fi
        tr -s ' \n' ' ' <"$scratch/out" | grep -qF -- "$1" || {
            cat "$scratch/out"
            fail "the build does not say '$1'"
        }
        [ ! -e "$object" ] || fail "a broken object was left behind: $3"
        if cmake --build "$build" >/dev/null 2>&1; then fail "the second build takes the broken object: $3"; fi
        echo "refused: $1"
    }
    entry='extern "C" [[gnu::section("xdp"), gnu::used]] int entry(xdp_md *c)'
    breaks "it has a .group section" "" \
        "inline constexpr unsigned table[5] = {3, 1, 4, 1, 5}; $entry { return int(table[c->ingress_ifindex % 5]); }"
    breaks "it has an .init_array section" "-Wno-error=global-constructors" \
        "int from(); extern \"C\" { int from_where() __attribute__((section(\".ksyms\"))); int value = from_where(); }
         $entry { return value + int(c->data); }"
    breaks "it has no .BTF section" "-g0" "$entry { return int(c->ingress_ifindex); }"
    breaks "it calls memcmp()" "" "struct text { char bytes[900]; }; text one, other;
         $entry { return __builtin_memcmp(&one, &other, c->ingress_ifindex); }"
    breaks "helper_of_mine is declared and not defined" "" \
        "extern \"C\" int helper_of_mine(int); $entry { return helper_of_mine(int(c->data)); }"
    breaks "which is no C identifier" "" \
        "template <class T> struct box { T value; int more; }; struct outer { box<decltype([] {})> inner; };
         extern \"C\" { outer global; } $entry { return global.inner.more + int(c->data); }"
    breaks "judge() was not inlined" "" "struct pair { int a, b; };
        [[gnu::noinline]] static auto judge(pair const &p) -> int { return p.a * p.b; }
        $entry { pair const p{int(c->ingress_ifindex), int(c->data)}; return judge(p); }"
    if [ "${clang##*-}" -lt 16 ]; then
        breaks "libbpf cannot open it" "" "$entry {
            static constexpr unsigned table[4] = {3, 1, 4, 1}; return int(table[c->ingress_ifindex & 3]); }"
    fi
    ;;

faults)
    # What is missing or wrong is said when the project is configured, with what to do.
    refuses() { # WORDS LINE OPTION…
        local words=$1 line=$2
        shift 2
        rm -rf "$build"
        sed '/^bpfxx_add\|^add_exec\|^target_/d' "$here/consumer/CMakeLists.txt" >"$scratch/source/CMakeLists.txt"
        echo "$line" >>"$scratch/source/CMakeLists.txt"
        if cmake -S "$scratch/source" -B "$build" -G "$generator" -DCONSUMER_TAKES=the_package \
            "-DCMAKE_PREFIX_PATH=$prefix" "-DBPFXX_CLANG=$clang" "$@" >"$scratch/out" 2>&1; then
            fail "this was configured: $line $*"
        fi
        tr -s ' \n' ' ' <"$scratch/out" | grep -qF -- "$words" || {
            cat "$scratch/out"
            fail "configuring does not say '$words'"
        }
        echo "refused: $words"
    }
    add='bpfxx_add_program(program consumer.bpf.cpp'
    printf '#!/bin/sh\necho "clang version 13.0.1"\n' >"$scratch/clang++-13"
    chmod +x "$scratch/clang++-13"
    refuses "it is clang 13; the oldest that works is clang 14" "$add)" "-DBPFXX_CLANG=$scratch/clang++-13"
    refuses "apt install clang-19" "$add)" "-DBPFXX_CLANG=$scratch/nowhere"
    refuses "it is not clang" "$add COMPILER false)"
    refuses "COMPILER clang++-1: no such program" "$add COMPILER clang++-1)"
    refuses "apt install bpftool" "set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)
        set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH OFF)
        $add)" "-DBPFXX_CLANG=$(command -v "$clang")"
    refuses "OPTIMIZE is O0; it can be O2, O3, Os" "$add OPTIMIZE O0)"
    refuses "unknown argument: FAST" "$add FAST)"
    refuses "there is no file" "bpfxx_add_program(program absent.bpf.cpp)"
    refuses "must be a C identifier followed by .bpf.cpp" "bpfxx_add_program(program consumer.cpp)"
    refuses "is made by bpfxx_add_program(program" "$add)
        bpfxx_add_program(other consumer.bpf.cpp)"
    PKG_CONFIG_LIBDIR=$scratch refuses "apt install libbpf-dev" "$add)"
    refuses "apt install pkg-config" "$add)" -DPKG_CONFIG_EXECUTABLE=/bin/false
    ;;

without_libbpf)
    # Who only writes BPF programs needs no libbpf-dev.
    sed -i '/^add_exec\|^target_/d; s/ COMPONENTS user//' "$scratch/source/CMakeLists.txt"
    PKG_CONFIG_LIBDIR=$scratch configure -DCONSUMER_TAKES=the_package "-DCMAKE_PREFIX_PATH=$prefix"
    make_all
    loads "$object"
    ;;

*) fail "there is no case $case" ;;
esac
