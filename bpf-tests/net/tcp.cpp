// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tcp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string;

static_assert(header<net::tcp> && sizeof(net::tcp) == 20);
static_assert(__builtin_offsetof(net::tcp, seq) == 4 && __builtin_offsetof(net::tcp, ack) == 8);
static_assert(__builtin_offsetof(net::tcp, data_offset) == 12 && __builtin_offsetof(net::tcp, flags) == 13);
static_assert(__builtin_offsetof(net::tcp, window) == 14 && __builtin_offsetof(net::tcp, urgent) == 18);
static_assert(is_same<next_key<net::tcp>, be<net::tcp_port>>);
constexpr auto of(u8 data_offset, u8 flags) -> net::tcp {
    return {be{net::tcp_port{1234}}, be{net::tcp_port{80}}, {}, {}, data_offset, flags, {}, {}, {}};
}
static_assert(of(0x50, 0).size() == 20 && of(0xf0, 0).size() == 60 && of(0x5f, 0).size() == 20 &&
              of(0x00, 0).size() == 0);
static_assert(of(0x50, 0x01).fin() && of(0x50, 0x02).syn() && of(0x50, 0x04).rst());
static_assert(of(0x50, 0x08).psh() && of(0x50, 0x10).is_ack() && of(0x50, 0x20).urg());
static_assert(!of(0x50, 0xfe).fin() && !of(0x50, 0xfd).syn() && !of(0x50, 0xfb).rst());
static_assert(!of(0x50, 0xf7).psh() && !of(0x50, 0xef).is_ack() && !of(0x50, 0xdf).urg());
static_assert(of(0x50, 0).source() == be16{1234} && of(0x50, 0).destination() == be16{80});
static_assert(of(0x50, 0).next() == net::tcp_port{80});

TEST_CASE("the fields of a segment") {
    both first{first_half}, second{second_half};
    auto const in = packet{}
                        .ethernet()
                        .ipv4()
                        .tcp({.src = 0xabcd,
                              .dst = 0x1234,
                              .seq = 0x0102'0304,
                              .ack = 0xf1f2'f3f4,
                              .flags = 0xd2,
                              .window = 0x5678,
                              .checksum = 0x9abc,
                              .urgent = 0xdef0,
                              .options = {2, 4, 5, 0xb4}})
                        .payload("hello")
                        .bytes();
    auto a = first.run(in);
    CHECK(a.why == reason::none);
    u64 const front[] = {0xabcd, 0x1234, 0x0102'0304, 0xf1f2'f3f4, 0x60, 0xd2, 0x5678, 0x9abc};
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == front[i]);
    a = second.run(in);
    u64 const back[] = {0xdef0, 24, 5, 0xabcd, 0x1234};
    for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == back[i]);
}

TEST_CASE("every combination of flags") {
    both names{flag_names};
    for (u32 flags = 0; flags < 256; flags++) {
        auto const a = names.run(packet{}.ethernet().ipv4().tcp({.flags = static_cast<u8>(flags)}));
        for (u32 bit = 0; bit < 6; bit++) CHECK(a.number(bit) == (flags >> bit & 1));
    }
}

TEST_CASE("cut off at every length, with every data offset") {
    both v4{second_half}, any{over_any};
    for (u32 words = 0; words <= 10; words++) {
        byte_string const options(words * 4, 1);
        auto const four = packet{}.ethernet().ipv4().tcp({.options = options}).payload("abc").padded(120).bytes();
        auto const six = packet{}.ethernet().ipv6().tcp({.options = options}).payload("abc").padded(140).bytes();
        v4.sweep(four, 54 + words * 4);
        any.sweep(four, 54 + words * 4);
        any.sweep(six, 74 + words * 4);
        CHECK(v4.run(four).number(1) == 20 + words * 4);
        CHECK(v4.run(four).number(2) == 3);
        CHECK(any.run(four).number(2) == 3);
        CHECK(any.run(six).number(2) == 3);
    }
}

TEST_CASE("a data offset below five is malformed") {
    both v4{second_half}, any{over_any};
    for (u8 offset = 0; offset < 5; offset++) {
        CHECK(v4.run(packet{}.ethernet().ipv4().tcp({.data_offset = offset}).payload("abc")).why == reason::malformed);
        CHECK(any.run(packet{}.ethernet().ipv4().tcp({.data_offset = offset}).payload("abc")).why == reason::malformed);
        CHECK(any.run(packet{}.ethernet().ipv6().tcp({.data_offset = offset}).payload("abc")).why == reason::malformed);
    }
}

TEST_CASE("a data offset beyond the packet is truncated") {
    both v4{second_half}, any{over_any};
    for (u8 offset = 5; offset <= 15; offset++)
        for (u32 size = 0; size <= 44; size++) {
            byte_string const rest(size, 1);
            auto const four = packet{}.ethernet().ipv4().tcp({.data_offset = offset}).payload(rest).bytes();
            auto const six = packet{}.ethernet().ipv6().tcp({.data_offset = offset}).payload(rest).bytes();
            bool const fits = offset * 4u <= 20 + size;
            INFO("data offset " << int{offset} << ", " << size << " bytes behind the header");
            for (auto const &a : {v4.run(four), any.run(four), any.run(six)}) {
                CHECK(a.why == (fits ? reason::none : reason::truncated));
                if (fits) CHECK(a.number(2) == 20 + size - offset * 4u);
            }
        }
}

TEST_CASE("a data offset beyond IP's length is truncated, though the packet has the bytes") {
    both v4{second_half}, any{over_any};
    for (u8 offset = 5; offset <= 15; offset++)
        for (u32 size = 0; size <= 44; size++) {
            auto const four = packet{}
                                  .ethernet()
                                  .ipv4({.total_length = static_cast<u16>(40 + size)})
                                  .tcp({.data_offset = offset})
                                  .payload(byte_string(60, 1))
                                  .bytes();
            auto const six = packet{}
                                 .ethernet()
                                 .ipv6({.payload_length = static_cast<u16>(20 + size)})
                                 .tcp({.data_offset = offset})
                                 .payload(byte_string(60, 1))
                                 .bytes();
            bool const fits = offset * 4u <= 20 + size;
            for (auto const &a : {v4.run(four), any.run(four), any.run(six)}) {
                CHECK(a.why == (fits ? reason::none : reason::truncated));
                if (fits) CHECK(a.number(2) == 20 + size - offset * 4u);
            }
        }
}

TEST_CASE("the four bits beside the data offset are not part of it") {
    both v4{second_half}, any{over_any};
    for (u8 bits = 0; bits < 16; bits++) {
        auto const in =
            test::patched(packet{}.ethernet().ipv4().tcp().payload("abc"), 46, {static_cast<u8>(0x50 | bits)});
        CHECK(v4.run(in).number(1) == 20);
        CHECK(v4.run(in).number(2) == 3);
        CHECK(any.run(in).number(2) == 3);
    }
}

TEST_CASE("what a port leads to lies behind the options and within the payload") {
    both own{own_header};
    auto const in = packet{}
                        .ethernet()
                        .ipv4()
                        .tcp({.options = byte_string(8, 1)})
                        .payload({22, 0x12, 0x34, 9, 9})
                        .padded(80)
                        .bytes();
    auto const a = own.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 22);
    CHECK(a.number(1) == 0x1234);
    CHECK(a.number(2) == 2);
    own.sweep(in, 65);
    CHECK(own.run(packet{}.ethernet().ipv4().tcp().payload("ab").padded(80)).why == reason::truncated);
}

TEST_CASE("a new header has its length and its checksum") {
    both four{answering}, six{answering_v6};
    test::ipv6_fields there;
    std::swap(there.src, there.dst);
    byte_string const option{2, 4, 5, 0x14};
    for (std::size_t const size : {0, 1, 2, 5, 64, 333})
        for (bool const bare : {true, false}) {
            byte_string const text(size, 0xa7);
            auto const flags = static_cast<u8>(bare ? 0x22 : 0x02);
            test::tcp_fields question{.src = 5000, .seq = 0xffff'ffff, .flags = flags, .options = {1, 1, 4, 2}};
            test::tcp_fields answer{.src = 80, .dst = 5000, .seq = 7, .ack = 0, .flags = 0x12};
            if (!bare) answer.options = option;
            auto const in = packet{}.ethernet().ipv4({.src = 5, .dst = 6}).tcp(question).payload(text).bytes();
            auto const out =
                packet{}.ethernet().ipv4({.identification = 1, .src = 6, .dst = 5}).tcp(answer).payload(text);
            CHECK(four.run(in).bytes == out.bytes());
            answer.options = option;
            auto const back = packet{}.ethernet().ipv6(there).tcp(answer).payload(text).bytes();
            CHECK(six.run(packet{}.ethernet().ipv6().tcp(question).payload(text)).bytes == back);
        }
}
