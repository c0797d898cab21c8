// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "bytes.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::text;
using bytes_of = test::byte_string;

namespace {
auto with(bytes_of const &payload, u16 number = 0) -> packet {
    return packet{}.ethernet().ipv4().udp({.src = number}).payload(payload);
}
/// 0, 1, 2, … of this length.
auto counting(std::size_t length) -> bytes_of {
    bytes_of b(length);
    for (std::size_t i = 0; i < length; i++) b[i] = static_cast<u8>(i * 7 + i / 256);
    return b;
}
} // namespace

TEST_CASE("size, empty, after, first: what the lengths and the packet's end leave") {
    both run{extent};
    for (u32 length = 0; length <= 5; length++)
        for (u32 n = 0; n <= 7; n++) {
            INFO(length << " bytes, after " << n);
            for (auto const &p : {with(counting(length), static_cast<u16>(n)).bytes(),
                                  with(counting(length), static_cast<u16>(n)).padded(100).bytes()}) {
                auto const a = run.run(p);
                CHECK(a.why == (n <= length ? reason::none : reason::truncated));
                CHECK(a.number(0) == length);
                CHECK(a.number(1) == (length == 0));
                CHECK(a.number(2) == (n <= length ? length - n : 0));
                CHECK(a.number(3) == (n >= length));
                CHECK(a.number(4) == (length >= 2 ? length - 2 : 0));
                CHECK(a.number(5) == static_cast<u64>(length >= 2 ? reason::none : reason::truncated));
                CHECK(a.number(6) == (n <= length ? n : 0));
                CHECK(a.number(7) == static_cast<u64>(n <= length ? reason::none : reason::truncated));
            }
        }
    for (u32 n : {0x3ffeu, 0x3fffu, 0x4000u, 0x7fffu, 0x8000u, 0xffffu}) {
        INFO(n);
        CHECK(run.run(with(counting(20), static_cast<u16>(n))).why == reason::truncated);
    }
    CHECK(run.run(with(counting(20'000), 0x3fff)).why == reason::none); // the farthest place, though only natively
    // The length fields allow what the packet does not have.
    for (u32 there = 0; there <= 10; there++)
        for (u32 n = 0; n <= 10; n++) {
            INFO(there << " bytes, after " << n);
            auto b = packet{}.ethernet().ipv4().udp({.src = static_cast<u16>(n)}).payload(counting(10)).bytes();
            b.resize(42 + there);
            auto const a = run.run(b);
            CHECK(a.why == (n <= there ? reason::none : reason::truncated));
            CHECK(a.number(2) == (n <= there ? there - n : 0));
            CHECK(a.number(6) == (n <= there ? n : 0));
            CHECK(a.number(7) == static_cast<u64>(n <= there ? reason::none : reason::truncated));
        }
    // The same field, all four ways round: which bound is nearer.
    auto const cut = [&](u16 total, u16 length, std::size_t there) {
        auto b =
            packet{}.ethernet().ipv4({.total_length = total}).udp({.length = length}).payload(counting(10)).bytes();
        b.resize(42 + there);
        return run.run(b).number(0);
    };
    CHECK(cut(38, 18, 10) == 10);
    CHECK(cut(33, 18, 10) == 5);
    CHECK(cut(38, 12, 10) == 4);
    CHECK(cut(38, 18, 3) == 3);
    CHECK(cut(65535, 65535, 10) == 10);
    CHECK(cut(28, 65535, 10) == 0);
}

TEST_CASE("a frame's own bytes, and none at all") {
    both run{frame};
    for (std::size_t length : {0u, 1u, 13u, 14u, 15u, 60u, 1514u, 3520u}) {
        auto const a = run.run(counting(length));
        CHECK(a.number(0) == length);
        CHECK(a.number(1) == (length == 0));
        CHECK(a.number(2) == 0);
        CHECK(a.number(3) == 1);
        CHECK(a.number(4) == 1);
        CHECK(a.number(5) == 0);
        CHECK(a.number(6) == static_cast<u64>(reason::truncated));
        CHECK(a.number(7) == static_cast<u64>(reason::not_found));
    }
}

TEST_CASE("length fields that leave less than nothing") {
    u8 raw[] = {'n', 'e', 'e', 'd', 'l', 'e', '!', '!', '!'};
    auto const data = bytes{cursor{raw, raw + sizeof raw, -1}};
    CHECK(data.size() == 0);
    CHECK(data.empty());
    CHECK_FALSE(data.starts_with("n"));
    CHECK_FALSE(data.start().starts_with("n"));
    CHECK(data.read<u8>().why() == reason::truncated);
    CHECK(data.find<4>("n").why() == reason::not_found);
    CHECK(data.after(0).why() == reason::truncated);
    CHECK(data.first(0).why() == reason::truncated);
    u8 copy[2] = {1, 1};
    CHECK((data.copy_to(copy) == 0 && copy[0] == 0 && copy[1] == 0));
    u32 words = 0;
    data.for_each_word<8>([&](u16) { words++; });
    CHECK(words == 0);
}

TEST_CASE("starts_with, of every length and with one byte wrong") {
    both run{starts};
    auto const alphabet = text("abcdefghijklmnopqrst");
    u32 const lengths = 0x383ff; // the bits for which the program has a text
    for (std::size_t length = 0; length <= alphabet.size(); length++) {
        auto const expected = lengths & ((length >= 17 ? 0x3'ffff : (2u << length) - 1));
        auto const there = bytes_of(alphabet.begin(), alphabet.begin() + static_cast<std::ptrdiff_t>(length));
        CHECK(run.run(with(there)).number(0) == expected);
        CHECK(run.run(with(there).padded(90)).number(0) == expected);
    }
    for (std::size_t wrong = 0; wrong < 17; wrong++)
        for (u8 bit = 1; bit != 0; bit = static_cast<u8>(bit << 1)) {
            auto changed = alphabet;
            changed[wrong] ^= bit;
            CHECK(run.run(with(changed)).number(0) == (lengths & ((2u << wrong) - 1)));
        }
    CHECK(run.run(with({0, 'b'})).number(1) == 1); // a zero is a character like others
    CHECK(run.run(with({0, 'c'})).number(1) == 0);
    CHECK(run.run(with({0xff, 0xfe})).number(2) == 1); // and so is what a char may hold as a negative number
}

TEST_CASE("a prefix in one word, of every length and with one byte wrong") {
    both run{prefixes};
    auto const alphabet = text("abcdefghij");
    for (std::size_t length = 0; length <= alphabet.size(); length++) {
        u64 const expected = (std::size_t{2} << std::min<std::size_t>(length, 8)) - 2;
        auto const there = bytes_of(alphabet.begin(), alphabet.begin() + static_cast<std::ptrdiff_t>(length));
        for (auto const &p : {with(there).bytes(), with(there).padded(90).bytes()}) {
            auto const a = run.run(p);
            CHECK(a.number(0) == expected);
            CHECK(a.number(1) == (length >= 5));
            CHECK(a.number(2) == (length >= 8));
        }
    }
    for (std::size_t wrong = 0; wrong < 8; wrong++)
        for (u8 bit = 1; bit != 0; bit = static_cast<u8>(bit << 1)) {
            auto changed = alphabet;
            changed[wrong] ^= bit;
            CHECK(run.run(with(changed)).number(0) == (std::size_t{2} << wrong) - 2);
        }
    CHECK(run.run(with(text("PUT x"))).number(1) == 1);
    CHECK(run.run(with(text("GET x"))).number(1) == 1);
    CHECK(run.run(with(text("GET x"))).number(2) == 0);
    CHECK(run.run(with(text("PUT"))).number(1) == 0);
    CHECK(run.run(with({0xff, 0xfe, 0})).number(3) == 1);
    auto const cut = packet{}.ethernet().ipv4({.total_length = u16{31}}).udp().payload("abcdefgh").bytes();
    CHECK(run.run(cut).number(0) == 14); // three bytes by the length field, whatever lies behind
    run.sweep(with(alphabet), 42);
}

TEST_CASE("read at an offset that the packet decides") {
    both run{read_at};
    auto const data = counting(40);
    auto const number = [&](std::size_t at, std::size_t size) {
        u64 v = 0;
        for (std::size_t i = 0; i < size; i++) v = v << 8 | data[at + i];
        return v;
    };
    for (std::size_t offset = 0; offset <= 45; offset++) {
        INFO(offset);
        for (auto const &p :
             {with(data, static_cast<u16>(offset)).bytes(), with(data, static_cast<u16>(offset)).padded(200).bytes()}) {
            auto const a = run.run(p);
            auto const fits = [&](std::size_t size) -> u64 { return offset + size <= data.size(); };
            CHECK(a.number(0) == (fits(1) | fits(2) << 1 | fits(4) << 2 | fits(8) << 3));
            CHECK(a.number(1) == (fits(1) ? number(offset, 1) : 0xee));
            CHECK(a.number(2) == (fits(2) ? number(offset, 2) : 0xeeee));
            CHECK(a.number(3) == (fits(4) ? number(offset, 4) : 0xeeee));
            CHECK(a.number(4) == (fits(8) ? number(offset, 8) : 0xeeee));
            CHECK(a.why == (fits(8) ? reason::none : reason::truncated));
        }
    }
    for (u32 offset : {0x3ff8u, 0x3fffu, 0x4000u, 0x7ff0u, 0x8000u, 0xffffu})
        CHECK(run.run(with(data, static_cast<u16>(offset))).number(0) == 0);
    SECTION("the farthest place") { // natively only: longer than what BPF_PROG_TEST_RUN takes
        auto const much = counting(20'000);
        CHECK(run.run(with(much, 0x3fff)).number(0) == 15);
        CHECK(run.run(with(much, 0x3fff)).number(1) == much[0x3fff]);
        CHECK(run.run(with(much, 0x4000)).number(0) == 0);
    }
    SECTION("every truncation") {
        run.sweep(with(data, 4), [](std::size_t length, test::answer const &a) {
            if (length < 42) return a.why == reason::truncated;
            auto const left = length - 42;
            auto const fits = [&](std::size_t size) -> u64 { return left >= 4 + size; };
            return a.number(0) == (fits(1) | fits(2) << 1 | fits(4) << 2 | fits(8) << 3);
        });
    }
}

TEST_CASE("read somewhere, and then from the start") {
    both run{read_then_copy};
    auto const a = run.run(with({'a', 'b'}, 1));
    CHECK(a.why == reason::none);
    CHECK((a.number(0) == 'b' && a.number(1) == 1 && a.number(2) == 'a' && a.number(3) == 1));
    CHECK(run.run(with({'a'}, 1)).why == reason::truncated);
    CHECK(run.run(with({'a'}, 2)).number(0) == 'a');
}

TEST_CASE("read a struct, and at fixed offsets") {
    both one{read_struct}, fixed{read_fixed};
    auto const a = one.run(with({0, 1, 0x12, 0x34, 0x78, 0x56, 0x34, 0x12}, 1));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 0x1234);
    CHECK(a.number(2) == 0x1234'5678);
    CHECK(one.run(with({0, 1, 0x12, 0x34, 0x78, 0x56, 0x34, 0x12}, 2)).why == reason::truncated);
    auto const data = counting(300);
    auto const at = [&](std::size_t i) { return static_cast<u64>(data[i] << 8 | data[i + 1]); };
    for (std::size_t length : {0u, 1u, 2u, 3u, 8u, 9u, 256u, 257u, 300u}) {
        INFO(length);
        auto const b = fixed.run(with(bytes_of(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(length))));
        u64 const fits =
            (length >= 2 ? 1 : 0) | (length >= 3 ? 2 : 0) | (length >= 9 ? 4 : 0) | (length >= 257 ? 8 : 0);
        CHECK(b.number(0) == fits);
        CHECK(b.number(1) == (length >= 2 ? at(0) : 0xeeee));
        CHECK(b.number(2) == (length >= 3 ? at(1) : 0xeeee));
        CHECK(b.number(3) == (length >= 9 ? at(7) : 0xeeee));
        CHECK(b.number(4) == (length >= 257 ? at(255) : 0xeeee));
    }
    auto const far = fixed.run(with(counting(20'000)));
    CHECK(far.number(0) == 31); // 0x3fff is the last place; 0x4000 is behind it though the bytes are there
}

TEST_CASE("find: first, last, overlapping, none, at its bound") {
    both run{finds};
    struct row {
        char const *text;
        u64 within_8, within_1, overlapping, letter;
    };
    row const rows[] = {
        {"", 99, 99, 99, 99},
        {"needle", 0, 0, 99, 99},
        {"needl", 99, 99, 99, 99},
        {"eedle", 99, 99, 99, 99},
        {".needle", 1, 99, 99, 99},
        {".......needle", 7, 99, 99, 99},
        {"........needle", 99, 99, 99, 99}, // the eighth offset is not among the first eight
        {"needleneedle", 0, 0, 99, 99},
        {"..needle.needle", 2, 99, 99, 99},
        {"neeneedle", 3, 99, 99, 99},
        {"aaab", 99, 99, 1, 99},
        {"aaaaaaab", 99, 99, 5, 99},
        {"aab", 99, 99, 0, 99},
        {"aa", 99, 99, 99, 99},
        {"ab", 99, 99, 99, 99},
        {"x", 99, 99, 99, 0},
        {"xx", 99, 99, 99, 0},
        {"...............................................................x", 99, 99, 99, 63},
        {"................................................................x", 99, 99, 99, 99},
        {".............................................................aab", 99, 99, 61, 99},
        {"...............................................................aab", 99, 99, 63, 99},
    };
    for (auto const &row : rows) {
        INFO('"' << row.text << '"');
        for (auto const &p : {with(text(row.text)).bytes(), with(text(row.text)).padded(150).bytes()}) {
            auto const a = run.run(p);
            CHECK(a.why == (row.within_8 == 99 ? reason::not_found : reason::none));
            CHECK(a.number(0) == row.within_8);
            CHECK(a.number(1) == row.within_1);
            CHECK(a.number(2) == row.overlapping);
            CHECK(a.number(3) == row.letter);
        }
    }
    SECTION("what lies behind the length is not found") {
        auto p = packet{}.ethernet().ipv4({.total_length = u16{33}}).udp().payload("needle").bytes();
        CHECK(run.run(p).why == reason::not_found);
        p = packet{}.ethernet().ipv4({.total_length = u16{34}}).udp().payload("needle").bytes();
        CHECK(run.run(p).why == reason::none);
        for (u32 n = 0; n <= 10; n++) { // it begins before the length ends, and does not end there
            INFO(n);
            p = packet{}.ethernet().ipv4({.total_length = static_cast<u16>(28 + n)}).udp().payload("..needle").bytes();
            CHECK(run.run(p).number(0) == (n < 8 ? 99 : 2));
        }
    }
    SECTION("every truncation") {
        run.sweep(with(text("..needle")), [](std::size_t length, test::answer const &a) {
            return a.why == (length < 42 ? reason::truncated : length < 50 ? reason::not_found : reason::none);
        });
    }
}

TEST_CASE("find among 1024 offsets") {
    both run{find_far};
    for (std::size_t at : {0u, 1u, 100u, 1022u, 1023u}) {
        auto data = bytes_of(3200, '.');
        data[at] = data[at + 1] = 'z';
        auto const a = run.run(with(data));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == at);
    }
    CHECK(run.run(with(bytes_of(3200, '.'))).why == reason::not_found);
    auto data = bytes_of(2000, '.');
    data[1024] = data[1025] = 'z';
    CHECK(run.run(with(data)).why == reason::not_found);
}

TEST_CASE("from a place that was found") {
    both run{body};
    auto const page = text("200 OK\r\n\r\n<p>hi");
    auto const a = run.run(with(page, 3));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 6);
    CHECK(a.number(1) == 5);
    CHECK(a.number(2) == 1);
    CHECK(a.number(3) == ('h' << 8 | 'i'));
    CHECK(run.run(with(page, 4)).why == reason::truncated);
    CHECK(run.run(with(text("200 OK\r\n\r"))).why == reason::not_found);
    CHECK(run.run(with(text("200 OK\r\n\r\n"))).why == reason::truncated);
    run.sweep(with(page, 3), [](std::size_t length, test::answer const &a) {
        if (length < 42) return a.why == reason::truncated;
        return a.why == (length < 52 ? reason::not_found : length < 57 ? reason::truncated : reason::none);
    });
}

TEST_CASE("searches and copies one behind the other") {
    both run{repeatedly};
    auto a = run.run(with(text("..abcd....xyz!"), 4));
    u64 const expected[] = {2, 'd', 'y' << 8 | 'z', 14, 14, 'c', 'c'};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    a = run.run(with(text("ab"), 1));
    CHECK((a.number(0) == 999 && a.number(1) == 7 && a.number(3) == 2 && a.number(5) == 'b'));
    run.sweep(with(text("..abcd....xyz!")), 42);
}

TEST_CASE("skips add up, and end 32 KiB into the packet") {
    both run{skips};
    for (u32 n : {0u, 1u, 5u, 20u, 100u, 250u}) {
        auto const a = run.run(with(counting(1000), static_cast<u16>(n)));
        auto const at = [](u32 i) { return counting(1000)[i]; };
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 1000 - 3 * n);
        CHECK(a.number(1) == (4 * n < 1000 ? at(4 * n) : 7));
        CHECK(a.number(2) == n - n / 2);
        CHECK(a.number(3) == (n > 0 ? at(3 * n + n / 2) : 9));
    }
    CHECK(run.run(with(counting(1000), 334)).why == reason::truncated);
    CHECK(run.run(with(counting(40'000), 9000)).why == reason::none);
    CHECK(run.run(with(counting(40'000), 9'300)).why == reason::none);
    CHECK(run.run(with(counting(60'000), 9'400)).why == reason::truncated);  // 32 KiB from the packet's first byte
    CHECK(run.run(with(counting(60'000), 16'500)).why == reason::truncated); // farther than one skip
    run.sweep(with(counting(40), 10), [](std::size_t length, test::answer const &a) {
        return a.why == (length < 82 ? reason::truncated : reason::none);
    });
}

TEST_CASE("copy_to, for each length") {
    both run{copies}, into_map{copy_256};
    auto const digest_of = [](bytes_of const &data, std::size_t size) {
        u64 sum = std::min(data.size(), size);
        for (std::size_t i = 0; i < size; i++) sum = sum * 31 + (i < data.size() ? data[i] : 0);
        return sum;
    };
    for (std::size_t length = 0; length <= 40; length++) {
        auto const data = counting(length);
        INFO(length);
        for (auto const &p : {with(data).bytes(), with(data).padded(150).bytes()}) {
            auto const a = run.run(p);
            std::size_t const sizes[] = {1, 2, 3, 8, 17, 32};
            for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == digest_of(data, sizes[i]));
        }
    }
    for (std::size_t length : {0u, 1u, 127u, 128u, 129u, 255u, 256u, 257u, 1000u}) {
        auto const data = bytes_of(length, 0xab);
        INFO(length);
        auto const a = into_map.run(with(data));
        CHECK(a.number(0) == std::min<std::size_t>(length, 256));
        CHECK(a.number(1) == (length > 0 ? 0xab : 0));
        CHECK(a.number(2) == (length > 127 ? 0xab : 0));
        CHECK(a.number(3) == (length > 128 ? 0xab : 0));
        CHECK(a.number(4) == (length > 255 ? 0xab : 0));
    }
}

TEST_CASE("searches and copies behind alternatives, into a record on the stack") {
    both run{listens};
    auto const check = [&](packet const &p, u64 tags, u64 from, u64 place, u64 first, u64 last, u64 copied, u64 other) {
        auto const a = run.run(p);
        u64 const expected[] = {tags, a.number(1), a.number(2), from, 80, place, first, last, copied, other};
        CHECK(a.why == reason::none);
        for (u32 i = 0; i < 10; i++) {
            INFO(i);
            CHECK(a.number(i) == expected[i]);
        }
    };
    auto const short_one = "GET / Host: ab evil";
    auto const long_one = "evil" + std::string(150, '.') + "Host: " + std::string(39, 'x') + "yz";
    check(packet{}.ethernet().ipv4().tcp({.src = 7, .dst = 80}).payload(short_one), 0, 7, 6, 'a', 0, 7, 15);
    check(packet{}.ethernet().vlan().ipv6().udp({.src = 9, .dst = 80}).payload(long_one), 1, 9, 154, 'x', 'y', 40, 0);
    auto const a =
        run.run(packet{}.ethernet().ipv4({.src = 0x0a000003, .dst = 0x0a0000ff}).udp({.dst = 80}).payload(short_one));
    CHECK(a.number(1) == 3);
    CHECK(a.number(2) == 255);
    CHECK(run.run(packet{}.ethernet().ipv6().tcp().payload("Host; ")).why == reason::not_found);
    run.sweep(packet{}.ethernet().vlan().ipv6().tcp({.dst = 80}).payload(short_one).bytes(),
              [](std::size_t length, test::answer const &a) {
                  return a.why == (length < 78 ? reason::truncated : length < 90 ? reason::not_found : reason::none);
              });
}

TEST_CASE("words, the last one filled up with a zero") {
    both run{words};
    for (std::size_t length = 0; length <= 40; length++) {
        auto const data = counting(length);
        u64 sum = 0, count = 0;
        for (std::size_t i = 0; i < std::min<std::size_t>(length, 32); i += 2, count++)
            sum = sum * 65537 + static_cast<u64>(data[i] << 8 | (i + 1 < length ? data[i + 1] : 0));
        INFO(length);
        for (auto const &p : {with(data).bytes(), with(data).padded(150).bytes()}) {
            auto const a = run.run(p);
            CHECK(a.number(0) == count);
            CHECK(a.number(1) == sum);
        }
    }
}

TEST_CASE("bytes as a header that nobody announced") {
    both run{assumed};
    auto const inner = packet{}.udp({.src = 7, .dst = 8}).payload("xyz").bytes();
    auto const a = run.run(with(inner));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 7);
    CHECK(a.number(1) == 8);
    CHECK(a.number(2) == 3);
    run.sweep(with(inner), 50);
    CHECK(run.run(with(packet{}.udp({.length = u16{7}}))).why == reason::malformed);
    auto const lying = packet{}.udp({.length = u16{100}}).payload("xyz").bytes();
    CHECK(run.run(with(lying).padded(150)).number(2) == 3);
    CHECK(run.run(packet{}.ethernet().ipv4({.total_length = u16{35}}).udp().payload(inner)).why == reason::truncated);
}
