// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// judge.py calls this with packets of its own: native and kernel have to agree on them first.
#include "judge.bpf.cpp"
#include <bpfxx/user/capture_reader.hpp>
#include <fstream>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

namespace {
struct named {
    char const *name;
    both program;
};
auto programs() -> std::vector<named> {
    std::vector<named> all;
    all.push_back({"ip", both{read_ip}});
    all.push_back({"ports", both{read_ports}});
    all.push_back({"icmp", both{read_icmp}});
    all.push_back({"arp", both{read_arp}});
    return all;
}
} // namespace

TEST_CASE("each reader reads its own protocol alone") {
    auto const eth = [] { return packet{}.ethernet().vlan(1, 0x88a8).vlan(2); };
    byte_string const packets[] = {eth().ipv4().payload("x"), eth().ipv6().udp(), eth().ipv6().icmpv6(), eth().arp()};
    auto all = programs();
    for (u32 p = 0; p < 4; p++)
        for (u32 reader = 0; reader < 4; reader++) {
            auto const a = all[reader].program.run(packets[p]);
            bool const reads = reader == p || (reader == 0 && p < 3);
            CHECK(a.why == (reads ? reason::none : reason::other_protocol));
            CHECK(a.number(0) == (reads ? 2 : 0));
        }
}

/// Not run by itself: from the capture BPFXX_JUDGE_PACKETS to the table BPFXX_JUDGE_ANSWERS.
TEST_CASE("answers for the judge", "[.]") {
    auto const *const from = std::getenv("BPFXX_JUDGE_PACKETS"), *const to = std::getenv("BPFXX_JUDGE_ANSWERS");
    REQUIRE(from);
    REQUIRE(to);
    std::ofstream out{to};
    auto all = programs();
    for (auto const &captured : user::capture_reader{from}) {
        auto const *const at = reinterpret_cast<u8 const *>(captured.bytes.data());
        byte_string const bytes(at, at + captured.bytes.size());
        for (auto &[name, program] : all) {
            auto const a = program.run(bytes);
            out << captured.number << '\t' << name << '\t' << name_of(a.why);
            for (u32 i = 0; i < test::most_numbers; i++) out << '\t' << a.number(i);
            out << '\n';
        }
    }
    out.close();
    REQUIRE(out);
}
