#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# A long chain of alternatives and a new header around what it found, at every level of optimisation: the layers are in
# registers, and what of them is on the stack is little. (At -Os they were all on it where a loop over a header's bytes
# was unrolled late.)
source "$(dirname "$0")/../../cmake/checks/common.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/long.bpf.cpp" <<'END_OF_PROGRAM'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;
BPFXX_LICENSE("GPL");
using any_ip = either<net::ipv6, net::ipv4>;
using any_port = either<net::udp, net::tcp>;
BPFXX_XDP(wrapped)(xdp::packet packet) {
    auto [eth, ip, segment, tunnel, frame, inner_ip, inner] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, any_ip, any_port, either<net::geneve, net::vxlan>, net::ethernet,
                               any_ip, any_port>());
    auto const about = BPFXX_TRY(inner.payload().assume<net::tcp>());
    if (ip.is<net::ipv6>() && about->syn()) return xdp::drop;
    BPFXX_TRY(move(packet).encapsulate(eth, net::ipv4{.src = be32{1}, .dst = be32{2}}, net::gre{}, eth));
    return xdp::tx;
}
BPFXX_XDP(in_ipv6)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, any_ip, any_port>());
    BPFXX_TRY(move(packet).encapsulate(eth, net::ipv6{.hop_limit = 9}, net::udp{}, with_options{net::geneve::of(7), be32{1}},
                                       eth));
    return xdp::tx;
}
END_OF_PROGRAM
for compiler in clang++-14 clang++-15 clang++-16 clang++-19; do
    command -v $compiler >"$scratch/path" || continue
    for level in -O2 -O3 -Os; do
        $compiler --config "$BPFXX_BUILD_DIR/bpfxx.cfg" $level -S "$scratch/long.bpf.cpp" -o "$scratch/long.s"
        deepest=$(grep -oE 'r10 [-+] -?[0-9]+' "$scratch/long.s" | grep -oE '[0-9]+$' | sort -n | tail -n 1)
        echo "$compiler $level: ${deepest:-0} bytes of stack"
        [ "${deepest:-0}" -le 256 ] || exit 1
    done
done
