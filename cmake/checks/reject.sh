#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# reject.sh FILE.cpp [clang++-N]…: FILE.cpp must not compile, and the first error must say why. Lines in it:
#   // EXPECT: words          the first error line contains them; several such lines: all of them
#   // EXPECT GCC: words      the same for g++, where its own words differ
#   // BPF ONLY, // HOST ONLY  not for the other side
#   // OPTIMISED              the error comes from what the optimiser leaves, not from the types
# With -DBPFXX_ACCEPT it must compile: so that it is refused for that reason and no other.
source "$(dirname "$0")/common.sh"
export LC_ALL=C # g++ quotes by the locale
file=$1
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

expected() { # KIND
    sed -n "s,^// $1: ,,p" "$file"
}
mode=(-fsyntax-only)
if grep -q '^// OPTIMISED' "$file"; then mode=(-O2 -S -o /dev/null); fi
mapfile -t words < <(expected EXPECT)
mapfile -t gcc_words < <(expected 'EXPECT GCC')
[ ${#gcc_words[@]} != 0 ] || gcc_words=("${words[@]}")
if [ ${#words[@]} = 0 ]; then
    echo "$file has no line '// EXPECT: words of the first error'"
    exit 1
fi

check() { # SIDE COMPILER FLAG…
    local side=$1 compiler=$2 first word
    local wanted=("${words[@]}")
    if ! "$compiler" --version | grep -q clang; then wanted=("${gcc_words[@]}"); fi
    shift 2
    if ! "$compiler" "$@" -DBPFXX_ACCEPT "${mode[@]}" "$file" 2>"$scratch/accepted"; then
        echo "$compiler ($side) refuses it with -DBPFXX_ACCEPT too:"
        grep -m 3 'error' "$scratch/accepted"
        status=1
    fi
    if "$compiler" "$@" "${mode[@]}" "$file" 2>"$scratch/refused"; then
        echo "$compiler ($side) accepts it"
        status=1
        return
    fi
    first=$(grep -m 1 -E '(^|[^a-z])error: ' "$scratch/refused" || head -n 1 "$scratch/refused")
    for word in "${wanted[@]}"; do
        if [[ $first != *"$word"* ]]; then
            printf '%s (%s) does not say "%s" but:\n%s\n' "$compiler" "$side" "$word" "$first"
            status=1
        fi
    done
}

if ! grep -q '^// HOST ONLY' "$file"; then
    [ $# != 0 ] || missing "clang for BPF" "apt install clang-19"
    for compiler in "$@"; do
        check bpf "$compiler" --config "$BPFXX_BUILD_DIR/bpfxx.cfg"
    done
fi
if ! grep -q '^// BPF ONLY' "$file"; then
    check host "$BPFXX_CXX" -std=gnu++20 -I"$BPFXX_SOURCE_DIR/include"
fi
exit $status
