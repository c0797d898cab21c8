#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# A header that is read after its packet has become another one: no compiler sees it (docs/design/0013-stale-headers.md).
# In the kernel such a program does not load; natively AddressSanitizer ends it at that line.
source "$(dirname "$0")/../../cmake/checks/common.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() {
    echo "FAILED: $*"
    exit 1
}
cat >"$scratch/stale.hpp" <<'END'
#include <bpfxx/kernel/KIND.hpp>
#include <bpfxx/net/ethernet.hpp>
using namespace bpfxx;
BPFXX_LICENSE("GPL");
BPFXX_ENTER(stale)(KIND::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto longer = BPFXX_TRY(move(packet).grow_tail(4));
    return eth->src.is_group() && longer.length() > 20 ? KIND::DROP : KIND::PASS; // stale
}
END
cat >"$scratch/run.cpp" <<'END'
#define BPFXX_OBJECT "stale"
#include "KIND_stale.bpf.cpp"
#include <array>
#include <bpfxx/kernel/host/run.hpp>
auto main() -> int {
    std::array<u8, 64> const packet{};
    host::run(host::object{"stale"}.program<CONTEXT::context>("stale"), {packet.data(), packet.size()});
}
END
for kind in xdp tc; do
    if [ $kind = xdp ]; then words='s/ENTER/XDP/; s/DROP/drop/; s/PASS/pass/'; else words='s/ENTER/TC/; s/DROP/shot/; s/PASS/ok/'; fi
    sed "s/KIND/$kind/g; $words" "$scratch/stale.hpp" >"$scratch/${kind}_stale.bpf.cpp"
    context=$kind
    [ $kind = xdp ] || context=skb
    sed "s/KIND/$kind/; s/CONTEXT/$context/" "$scratch/run.cpp" >"$scratch/${kind}_run.cpp"
    "$BPFXX_CXX" -std=c++20 -O1 -g -fsanitize=address -I"$BPFXX_SOURCE_DIR/include" "$scratch/${kind}_run.cpp" -o "$scratch/run"
    ! ASAN_OPTIONS=detect_leaks=0 "$scratch/run" 2>"$scratch/said" || fail "$kind, natively: nothing happens"
    grep -q heap-use-after-free "$scratch/said" || fail "$kind, natively: $(head -n 5 "$scratch/said")"
    grep -q "${kind}_stale.bpf.cpp:8" "$scratch/said" || fail "$kind, natively, is said of another line: $(cat "$scratch/said")"
    echo "$kind, natively: $(grep -om1 heap-use-after-free "$scratch/said")"
done

fault=$(bpf_fault)
[ -z "$fault" ] || missing "stale headers in the kernel" "$fault"
for compiler in clang++-14 clang++-19; do
    need $compiler ${compiler/++/}
    for kind in xdp tc; do
        $compiler --config "$BPFXX_BUILD_DIR/bpfxx.cfg" -Wall -Wextra -Werror -c "$scratch/${kind}_stale.bpf.cpp" -o "$scratch/stale.bpf.o"
        # shellcheck disable=SC2016
        ! with_pins bash -c 'bpftool -d prog load "$1" "$BPFXX_PINS/stale"' _ "$scratch/stale.bpf.o" >"$scratch/said" 2>&1 ||
            fail "$kind, $compiler: it loads"
        grep -Eq "R[0-9]+ invalid mem access '(scalar|inv)'" "$scratch/said" || fail "$kind, $compiler: $(tail -n 20 "$scratch/said")"
        echo "$kind, $compiler: $(grep -Eom1 "R[0-9]+ invalid mem access '(scalar|inv)'" "$scratch/said")"
    done
done
