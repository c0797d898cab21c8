#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# headers.sh bpf|host [clang++-N]…: every header compiles alone and without a warning on each side its folder allows.
source "$(dirname "$0")/common.sh"
side=$1
shift
include=$BPFXX_SOURCE_DIR/include
cd "$include"
case $side in
bpf)
    mapfile -t headers < <(find bpfxx/core bpfxx/net bpfxx/kernel -name '*.hpp' -not -path 'bpfxx/kernel/host/*' | sort)
    compilers=("$@")
    flags=(--config "$BPFXX_BUILD_DIR/bpfxx.cfg" -Wno-gnu-statement-expression)
    ;;
host)
    mapfile -t headers < <(find bpfxx -name '*.hpp' -not -path 'bpfxx/kernel/bpf/*' | sort)
    compilers=("$BPFXX_CXX" "$@")
    need pkg-config pkg-config
    read -ra user_flags < <(pkg-config --cflags libbpf libpcap)
    flags=(-std=gnu++20 -I"$include" "${user_flags[@]}")
    ;;
esac
if [ ${#headers[@]} = 0 ] || [ ${#compilers[@]} = 0 ]; then
    echo "nothing to check: ${#headers[@]} headers, ${#compilers[@]} compilers"
    exit 1
fi

compile() { # COMPILER HEADER FLAG…
    local compiler=$1 header=$2
    shift 2
    if ! printf '#include <%s>\n' "$header" | "$compiler" "$@" -fsyntax-only -x c++ -; then
        echo "FAILED: $compiler, #include <$header> alone"
        return 1
    fi
}
export -f compile
# shellcheck disable=SC2016
for compiler in "${compilers[@]}"; do
    printf '%s\0' "${headers[@]/#/$compiler }"
done | xargs -0 -P "$(nproc)" -I{} bash -c 'compile $1 "${@:2}"' _ {} "${flags[@]}" "${warnings[@]}"
echo "${#headers[@]} headers with ${compilers[*]}"
