#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# docs.sh CASE [CLANG]: what README.md and docs/ say, in the kernel and on the command line.
#   kernel     of what snippets.py has made of the text, programs load, those that are said to be refused are refused in
#              these words, and the rights that are said to be enough are
#   commands   README.md's files and commands, one after the other, with another prefix than /usr/local
#   subproject the same project, with bpfxx as a folder of it
source "$(dirname "$0")/../../cmake/checks/common.sh"
case=$1
shift
work=$BPFXX_BUILD_DIR/docs

fail() {
    echo "FAILED: $*"
    exit 1
}

# load OBJECT [COMMAND…]: loads its programs, by a command that gives up rights; what is said goes to $scratch/out.
load() {
    local object=$1
    shift
    count=$((count + 1))
    "$@" bpftool prog loadall "$object" "$BPFXX_PINS/docs$count" >"$scratch/out" 2>&1
}

case $case in
kernel)
    fault=$(bpf_fault)
    [ -z "$fault" ] || missing "loading BPF programs" "$fault"
    if [ -z "${BPFXX_PINS:-}" ]; then
        with_pins "$0" "$case" "$@"
        exit
    fi
    "$BPFXX_SOURCE_DIR/cmake/checks/load.sh" "$work/objects"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    count=0
    while IFS= read -r object; do
        if load "$object"; then fail "the verifier accepts $object"; fi
        words=$work/refused/$(basename "$object" .bpf.o).words
        grep -qF -f "$words" "$scratch/out" || {
            cat "$scratch/out"
            fail "of $object the verifier does not say: $(cat "$words")"
        }
        echo "refused: $(cat "$words")"
    done < <(find "$work/refused" -name '*.bpf.o' | sort)
    [ $count != 0 ] || fail "there is nothing that the verifier refuses"

    # docs/guide.md, Rights
    need setpriv util-linux
    object=$(find "$work/objects" -name drop_telnet.bpf.o | head -n 1)
    rights=-all,+bpf,+net_admin
    load "$object" setpriv --bounding-set "$rights,+perfmon" || {
        cat "$scratch/out"
        fail "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are not enough to load a program"
    }
    if load "$object" setpriv --bounding-set "$rights"; then fail "CAP_PERFMON is not needed"; fi
    grep -qF "pointer arithmetic with it prohibited for !root" "$scratch/out" || {
        cat "$scratch/out"
        fail "without CAP_PERFMON the verifier complains of something else"
    }
    ;;

commands | subproject)
    clang=$1
    need cmake cmake
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    ln -s "$BPFXX_SOURCE_DIR" "$scratch/bpfxx"
    "$(dirname "$0")/lookups.py" write README.md "$scratch"
    cd "$scratch" || exit
    if [ "$case" = subproject ]; then
        sed -i 's/^find_package.*/add_subdirectory(bpfxx)/' CMakeLists.txt
        printf 'cmake -S . -B build\ncmake --build build\n' >commands.sh
    fi
    sed -i "s,/usr/local,$scratch/usr,g; s,clang++-19,$clang,g" commands.sh
    export CXX=$BPFXX_CXX CMAKE_PREFIX_PATH=$scratch/usr PKG_CONFIG_PATH=$scratch/usr/share/pkgconfig
    CMAKE_BUILD_PARALLEL_LEVEL=$(nproc)
    export CMAKE_BUILD_PARALLEL_LEVEL
    bash -euxo pipefail commands.sh >out 2>&1 || {
        cat out
        fail "the commands in README.md"
    }
    grep '^+ ' out
    made=(build/block_http build/bpf/block_http.bpf.o)
    if [ "$case" = commands ]; then made+=(block_http.bpf.o block_http.o); fi
    for file in "${made[@]}"; do [ -s "$file" ] || fail "there is no $file"; done
    ;;

*) fail "there is no case $case" ;;
esac
