// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "resize.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>
using test::both, test::packet, test::byte_string;

static auto ask(u16 what, u32 amount, std::size_t behind = 30) -> byte_string {
    byte_string fields{static_cast<u8>(what >> 8), static_cast<u8>(what)};
    for (int shift = 24; shift >= 0; shift -= 8) fields.push_back(static_cast<u8>(amount >> shift));
    byte_string rest(behind);
    for (std::size_t i = 0; i < behind; i++) rest[i] = static_cast<u8>(i + 1);
    return packet{}.ethernet().other(fields, 0x88b5).payload(rest).bytes();
}
static auto cut(byte_string const &b, std::size_t from, std::size_t to) -> byte_string {
    return {b.begin() + static_cast<std::ptrdiff_t>(from), b.begin() + static_cast<std::ptrdiff_t>(to)};
}
static auto joined(byte_string a, byte_string const &b) -> byte_string {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

TEST_CASE("a frame grows and shrinks at both ends") {
    both change{resize};
    for (u32 const n : {0u, 1u, 4u, 33u, 36u}) {
        INFO(n);
        auto in = ask(grow_head, n);
        auto a = change.run(in);
        CHECK(a.verdict == xdp::tx);
        CHECK(a.bytes == joined(byte_string(n), in));
        CHECK(a.number(0) == in.size() + n);
        CHECK(a.number(1) == in.size() + n);
        in = ask(shrink_head, n);
        CHECK(change.run(in).bytes == cut(in, n, in.size()));
        in = ask(grow_tail, n);
        CHECK(change.run(in).bytes == joined(in, byte_string(n)));
        in = ask(shrink_tail, n);
        CHECK(change.run(in).bytes == cut(in, 0, in.size() - n));
    }
}

TEST_CASE("what is too much is no room, and changes nothing") {
    both change{resize};
    for (auto const &in : {ask(grow_head, 257), ask(grow_head, 0x7fff'ffff), ask(shrink_head, 37),
                           ask(shrink_head, 1000), ask(shrink_tail, 37), ask(shrink_tail, 60), ask(grow_tail, 3520),
                           ask(grow_tail, 0x7fff'ffff), ask(grow_head, 0xffff'fff0), ask(shrink_head, 0xffff'ff00)}) {
        INFO(test::hex(in));
        auto const a = change.run(in);
        CHECK(a.why == reason::no_room);
        CHECK(a.bytes == in);
    }
    auto const in = ask(grow_tail, 3520 - 50);
    CHECK(change.run(in).bytes.size() == 3520);
    CHECK(change.run(ask(grow_tail, 3520 - 49)).why == reason::no_room);
}

TEST_CASE("bytes that are cut off at the head come back") {
    both back{head_and_back};
    auto const in = ask(0, 0);
    CHECK(back.run(in).bytes == in);
}

TEST_CASE("bytes that are cut off at the tail come back as zeros") {
    both back{tail_and_back}, back_tc{tail_back_tc};
    auto in = ask(0, 0);
    for (auto &b : in) b |= 1;
    auto const expected = joined(cut(in, 0, in.size() - 4), byte_string(6));
    CHECK(back.run(in).bytes == expected);
    CHECK(back_tc.run(in).bytes == expected);
}

TEST_CASE("an skb grows and shrinks") {
    both change{resize_tc};
    for (u32 const n : {0u, 1u, 14u, 33u, 36u}) {
        INFO(n);
        auto in = ask(grow_head, n);
        auto a = change.run(in);
        CHECK(a.verdict == tc::ok);
        CHECK(a.bytes == joined(byte_string(n), in));
        CHECK(a.number(0) == in.size() + n);
        in = ask(grow_tail, n);
        CHECK(change.run(in).bytes == joined(in, byte_string(n)));
        in = ask(shrink_tail, n);
        CHECK(change.run(in).bytes == cut(in, 0, in.size() - n));
    }
    for (auto const &in :
         {ask(shrink_tail, 37), ask(shrink_tail, 51), ask(shrink_tail, 0xffff'fff0), ask(grow_tail, 40000)}) {
        INFO(test::hex(in));
        auto const a = change.run(in);
        CHECK(a.why == reason::no_room);
        CHECK(a.bytes == in);
    }
}

TEST_CASE("a longer skb can lose what the kernel takes for its payload") {
    both change{grown_and_cut};
    change.of_this_order(); // the room that kernels have before a packet is not the same on s390x
    for (u32 const n : {0u, 50u, 64u, 66u, 70u, 78u, 100u, 120u, 200u})
        for (u16 const all : {u16{16}, u16{26}, u16{30}, u16{36}, u16{49}}) {
            INFO(n << ' ' << all);
            auto const in = ask(all, n);
            auto const a = change.run(in);
            if (a.why == reason::none) {
                CHECK(a.bytes == cut(joined(byte_string(n), in), 0, in.size() + n - all));
            } else {
                CHECK(a.why == reason::no_room);
            }
        }
}

constexpr auto come_back = "metadata in what BPF_PROG_TEST_RUN gives back";

TEST_CASE("metadata stand before the packet") {
    both stamp{stamped};
    stamp.needs(5, 15, come_back).of_this_order();
    auto const in = ask(0, 0);
    auto const a = stamp.run(in);
    CHECK(a.why == reason::none);
    u64 const expected[] = {77, 0x1234, 9, 0x88b5, in.size()};
    for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
    ::stamp value{77, be16{0x1234}, be16{9}};
    auto const *const raw = reinterpret_cast<u8 const *>(&value);
    CHECK(a.bytes == joined({raw, raw + sizeof value}, in));
    stamp.sweep(in, [](std::size_t length, test::answer const &answer) {
        return answer.why == (length < 14 ? reason::truncated : reason::none);
    });
}

TEST_CASE("metadata move along with the packet's start") {
    both stamp{stamped_tunnel};
    stamp.needs(5, 15, come_back).of_this_order();
    auto const in = ask(0, 0);
    auto const a = stamp.run(in);
    u64 const expected[] = {1, 2, 3};
    for (u32 i = 0; i < 3; i++) CHECK(a.number(i) == expected[i]);
    CHECK(a.bytes.size() == in.size() + 8 + 4);
}

TEST_CASE("metadata that are too long, and none at all") {
    both often{stamped_often};
    often.needs(6, 9, "metadata of more than 32 bytes").of_this_order();
    CHECK(often.run(ask(0, 0)).why == reason::no_room);
    both none{unstamped_tc};
    CHECK(none.run(ask(0, 0)).why == reason::not_found);
}

TEST_CASE("tags of a frame") {
    both one{push}, two{push_two}, off{pop}, composed{push_composed}, decomposed{pop_composed};
    auto const plain = packet{}.ethernet().ipv4().udp().payload("x").bytes();
    auto const tagged = packet{}.ethernet().vlan(0x6007).ipv4().udp().payload("x").bytes();
    auto const twice = packet{}.ethernet().vlan(8, 0x88a8).vlan(7).ipv4().udp().payload("x").bytes();
    CHECK(one.run(plain).bytes == tagged);
    CHECK(composed.run(plain).bytes == tagged);
    CHECK(two.run(plain).bytes == twice);
    CHECK(off.run(tagged).bytes == plain);
    CHECK(decomposed.run(tagged).bytes == plain);
    CHECK(off.run(twice).bytes == packet{}.ethernet().vlan(7).ipv4().udp().payload("x").bytes());
    auto const a = off.run(plain);
    CHECK(a.why == reason::other_protocol);
    CHECK(a.bytes == plain);
    CHECK(one.run(packet{}.ethernet().arp()).bytes == packet{}.ethernet().vlan(0x6007).arp().bytes());
    one.sweep(plain, 14);
    composed.sweep(plain, 14);
    off.sweep(tagged, 18);
    decomposed.sweep(tagged, 18);
}

TEST_CASE("tags of an skb") {
    both one{push_tc}, two{push_two_tc}, off{pop_tc}, on_and_off{push_pop_tc};
    auto const plain = packet{}.ethernet().ipv4().udp().payload("x").bytes();
    auto const tagged = packet{}.ethernet().vlan(7).ipv4().udp().payload("x").bytes();
    auto const twice = packet{}.ethernet().vlan(8, 0x88a8).vlan(7).ipv4().udp().payload("x").bytes();
    auto const ip = u64{0x0800};
    auto const check = [](test::answer const &a, byte_string const &bytes, std::array<u64, 4> const &numbers) {
        CHECK(a.verdict == tc::ok);
        CHECK(a.bytes == bytes);
        for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == numbers[i]);
    };
    check(one.run(plain), plain, {1, 0x6007, ip, plain.size()});
    check(two.run(plain), tagged, {1, 8, 0x8100, tagged.size()});
    check(off.run(tagged), plain, {0, 0, ip, plain.size()});
    check(off.run(twice), plain, {1, 7, ip, plain.size()});
    check(on_and_off.run(plain), plain, {0, 0, ip, plain.size()});
    for (std::size_t length : {14u, 17u}) { // the type says that there is a tag, and it is not all there
        auto const cut = byte_string{tagged.begin(), tagged.begin() + static_cast<std::ptrdiff_t>(length)};
        CHECK(off.run(cut).why == reason::no_room);
        CHECK(off.run(cut).bytes == cut);
    }
    auto const a = off.run(plain);
    CHECK(a.why == reason::other_protocol);
    CHECK(a.bytes == plain);
}
