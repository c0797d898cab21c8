// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "decapsulate.bpf.cpp"
#include <set>
#include <support/packet.hpp>
#include <support/vectors.hpp>
using test::both, test::packet, test::byte_string;

/// The programs that take it away.
struct tunnel {
    both xdp;
    std::optional<both> tc;
    explicit tunnel(int (*x)(xdp::context *)) : xdp{x} {}
    tunnel(int (*x)(xdp::context *), int (*t)(skb::context *)) : xdp{x} { tc.emplace(t); }
};
#define ONE_OF(name, program) all.try_emplace(#name, ::program)
#define BOTH_OF(name, program) all.try_emplace(#name, ::program, ::program##_tc)
static auto tunnels() -> std::map<std::string, tunnel> & {
    static std::map<std::string, tunnel> all;
    if (!all.empty()) return all;
    BOTH_OF(ipip, un_ip);
    BOTH_OF(ip6ip, un_ip);
    BOTH_OF(alert, un_ip);
    BOTH_OF(copied, un_ip);
    BOTH_OF(gre, un_gre);
    BOTH_OF(gre_key, un_gre);
    BOTH_OF(gretap, un_gretap);
    BOTH_OF(gue, un_gue);
    BOTH_OF(gue6, un_gue);
    BOTH_OF(vxlan, un_vxlan);
    BOTH_OF(vxlan6, un_vxlan);
    BOTH_OF(geneve, un_geneve);
    ONE_OF(geneve_note, un_geneve_ip);
    ONE_OF(vxlan_gpe, un_vxlan_gpe);
    ONE_OF(mpls_in_gre, un_mpls);
    return all;
}
static auto carries_frames(std::string const &name) -> bool {
    return std::set<std::string>{"gretap", "vxlan", "vxlan6", "vxlan_8472", "geneve"}.count(name) != 0;
}

TEST_CASE("every packet out of every tunnel, as scapy built it") {
    std::map<std::string, int> count;
    for (auto const &v : test::vectors_in("kernel/encapsulate.vectors")) {
        auto const found = tunnels().find(v.program);
        if (found == tunnels().end()) continue;
        INFO(v.program << " around " << test::hex(v.in));
        auto &t = found->second;
        count[v.program]++;
        auto a = t.xdp.run(v.out);
        CHECK(a.verdict == xdp::pass);
        CHECK(test::hex(a.bytes) == test::hex(v.in));
        if (!t.tc) continue;
        a = t.tc->run(v.out);
        if (v.in.size() < 14 + 20) { // the kernel would leave no IP header, and refuses
            CHECK(a.why == reason::no_room);
            CHECK(a.bytes == v.out);
            continue;
        }
        CHECK(a.verdict == tc::ok);
        CHECK(test::hex(a.bytes) == test::hex(v.in));
    }
    for (auto const &[name, t] : tunnels()) {
        INFO(name);
        CHECK(count[name] >= 5);
    }
}

TEST_CASE("cut off at every length") {
    std::set<std::string> seen;
    for (auto const &v : test::vectors_in("kernel/encapsulate.vectors")) {
        auto const found = tunnels().find(v.program);
        if (found == tunnels().end() || !seen.insert(v.program).second) continue; // of each the first
        INFO(v.program);
        auto const needed = v.out.size() - v.in.size() + (carries_frames(v.program) ? 14 : 34);
        test::sweep_whole_or_not(found->second.xdp, v.out, needed, xdp::pass);
        if (found->second.tc) test::sweep_whole_or_not(*found->second.tc, v.out, needed, tc::ok);
    }
}
