// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "encapsulate.bpf.cpp"
#include <set>
#include <support/packet.hpp>
#include <support/vectors.hpp>
using test::both, test::packet, test::byte_string;

/// The programs that put it around a packet.
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
    BOTH_OF(ipip, ipip);
    BOTH_OF(ip6ip, ip6ip);
    BOTH_OF(gre, gre);
    ONE_OF(gre_key, gre_key);
    BOTH_OF(gretap, gretap);
    BOTH_OF(gue, gue);
    BOTH_OF(gue6, gue6);
    BOTH_OF(vxlan, vxlan);
    BOTH_OF(vxlan6, vxlan6);
    ONE_OF(vxlan_8472, vxlan_8472);
    BOTH_OF(geneve, geneve);
    BOTH_OF(geneve_note, geneve_note);
    ONE_OF(vxlan_gpe, vxlan_gpe);
    BOTH_OF(mpls_in_gre, mpls_in_gre);
    ONE_OF(alert, alert);
    ONE_OF(copied, copied);
    ONE_OF(two_at_once, two_at_once);
    return all;
}
static auto carries_frames(std::string const &name) -> bool {
    return std::set<std::string>{"gretap", "vxlan", "vxlan6", "vxlan_8472", "geneve"}.count(name) != 0;
}

TEST_CASE("every tunnel around every packet, as scapy builds it") {
    std::map<std::string, int> count;
    for (auto const &v : test::vectors_in("kernel/encapsulate.vectors")) {
        INFO(v.program << " of " << test::hex(v.in));
        auto &t = tunnels().at(v.program);
        count[v.program]++;
        auto a = t.xdp.run(v.in);
        CHECK(a.verdict == xdp::pass);
        CHECK(test::hex(a.bytes) == test::hex(v.out));
        if (!t.tc) continue;
        a = t.tc->run(v.in);
        CHECK(a.verdict == tc::ok);
        CHECK(test::hex(a.bytes) == test::hex(v.out));
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
        std::size_t const needed = carries_frames(v.program) ? 14 : 34;
        test::sweep_whole_or_not(found->second.xdp, v.in, needed, xdp::pass);
        if (found->second.tc) test::sweep_whole_or_not(*found->second.tc, v.in, needed, tc::ok);
    }
}

TEST_CASE("lengths that lie") {
    auto const text = byte_string(100, 'x');
    auto &t = tunnels().at("ipip");
    // More than there is: the outer header says what there is. Less: the rest is not of the packet, and stays behind it.
    auto a = t.xdp.run(packet{}.ethernet().ipv4({.total_length = 5000}).udp().payload(text));
    CHECK(a.verdict == xdp::pass);
    CHECK((u32{a.bytes[16]} << 8 | a.bytes[17]) == a.bytes.size() - 14);
    a = t.xdp.run(packet{}.ethernet().ipv4({.total_length = 30}).udp().payload(text));
    CHECK((u32{a.bytes[16]} << 8 | a.bytes[17]) == 50);
    CHECK(a.bytes.size() == 14 + 20 + 20 + 8 + 100);
    CHECK(t.xdp.run(packet{}.ethernet().ipv4({.total_length = 19}).udp().payload(text)).why == reason::truncated);
}

TEST_CASE("a checksum over all that a tunnel over IPv6 carries") {
    // Sums of their own: the vectors are short.
    for (std::size_t const size : {1400u, 1401u, 3000u}) {
        byte_string text(size);
        for (std::size_t i = 0; i < size; i++) text[i] = static_cast<u8>(i * 31 + i / 256);
        for (auto const *const name : {"vxlan6", "gue6"}) {
            INFO(name << ' ' << size);
            auto &t = tunnels().at(name);
            for (auto *const way : {&t.xdp, &*t.tc}) {
                auto const b = way->run(packet{}.ethernet().ipv4().udp().payload(text)).bytes;
                u64 sum = 17 + (b.size() - 54);
                for (std::size_t i = 22; i < b.size(); i++) sum += i % 2 == 0 ? u64{b[i]} << 8 : b[i];
                while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
                CHECK(sum == 0xffff);
            }
        }
    }
}

TEST_CASE("a UDP checksum that comes out as zero is written as ones") {
    auto &t = tunnels().at("gue6");
    byte_string text(2);
    auto const sum_of = [&] {
        auto const b = t.xdp.run(packet{}.ethernet().ipv4().other(text, {}, 254)).bytes;
        return u32{b[60]} << 8 | b[61];
    };
    auto const sum = sum_of(); // with zeros for text; the text that makes the sum zero is that sum
    text = {static_cast<u8>(sum >> 8), static_cast<u8>(sum)};
    CHECK(sum != 0xffff);
    CHECK(sum_of() == 0xffff);
}

TEST_CASE("no room is a reason, and the packet is as it was") {
    // Around a packet in an skb the kernel keeps one tunnel in mind.
    auto const in = packet{}.ethernet().ipv4().udp().payload("inside").bytes();
    both twice{two}, twice_tc{two_tc};
    auto a = twice.run(in);
    CHECK(a.verdict == xdp::pass);
    CHECK(a.bytes.size() == in.size() + 60);
    a = twice_tc.run(in);
    CHECK(a.why == reason::no_room);
    CHECK(a.bytes == tunnels().at("ipip").tc->run(in).bytes);
    both cut{ipip_cut};
    a = cut.run(in);
    CHECK(a.why == reason::no_room);
    CHECK(a.bytes == tunnels().at("ipip").tc->run(in).bytes);
    // 256 bytes are before a frame, and the kernel keeps some of them.
    both often{six_times};
    auto const b = often.run(in);
    CHECK(b.why == reason::no_room);
    CHECK(b.bytes.size() == in.size() + 5 * 40);
}
