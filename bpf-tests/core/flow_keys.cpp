// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/flow_keys.hpp>
#include <cstring>
#include <linux/bpf.h>
#include <support/catch.hpp>

using namespace bpfxx;

namespace {
/// As the kernel reads them.
auto kernels(flow_dissector::keys const &k) -> bpf_flow_keys {
    bpf_flow_keys made;
    static_assert(sizeof made == sizeof k);
    std::memcpy(&made, &k, sizeof made);
    return made;
}
} // namespace

TEST_CASE("addresses and ports where the kernel looks for them") {
    flow_dissector::keys k{};
    k.set_ipv4(be32{0x0a00'0001}, be32{0xc000'0202});
    k.set_ports(be16{1234}, be16{80});
    auto is = kernels(k);
    CHECK(is.addr_proto == 0x0800);
    CHECK(is.ipv4_src == be32{0x0a00'0001}.wire());
    CHECK(is.ipv4_dst == be32{0xc000'0202}.wire());
    CHECK(is.sport == be16{1234}.wire());
    CHECK(is.dport == be16{80}.wire());

    u8 from[16], to[16];
    for (u8 i = 0; i < 16; i++) from[i] = static_cast<u8>(0x20 + i), to[i] = static_cast<u8>(0x80 + i);
    k.set_ipv6(from, to);
    is = kernels(k);
    CHECK(is.addr_proto == 0x86dd);
    CHECK(std::memcmp(is.ipv6_src, from, 16) == 0);
    CHECK(std::memcmp(is.ipv6_dst, to, 16) == 0);
    CHECK(is.sport == be16{1234}.wire());
}

TEST_CASE("what the kernel wants") {
    flow_dissector::keys k{};
    k.flags = 5;
    CHECK((k.wants(1) && !k.wants(2) && k.wants(4)));
}
