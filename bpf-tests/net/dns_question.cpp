// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "dns_question.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string, test::joined;

namespace {
/// What is to be found, walked in the plainest way.
struct expected {
    reason why = reason::none;
    u64 qtype = 0, qclass = 0;
    std::string name;
};
auto failed(reason why) -> expected { return {why, 0, 0, {}}; }
auto walk(byte_string const &b, std::size_t room) -> expected {
    expected e;
    std::size_t at = 0, next_length = 0;
    for (;; at++) {
        if (at >= b.size()) return failed(reason::truncated);
        bool const length = at == next_length;
        if (length && b[at] > 63) return failed(reason::malformed);
        if (length && b[at] == 0) break;
        if (length) next_length = at + 1 + b[at];
        if (at == 0) continue;
        if (e.name.size() == std::min<std::size_t>(room, 253))
            return failed(room < 253 ? reason::too_deep : reason::malformed);
        e.name += length ? '.' : static_cast<char>(b[at] >= 'A' && b[at] <= 'Z' ? b[at] + 32 : b[at]);
    }
    if (at + 5 > b.size()) return failed(reason::truncated);
    e.qtype = static_cast<u64>(b[at + 1] << 8 | b[at + 2]), e.qclass = static_cast<u64>(b[at + 3] << 8 | b[at + 4]);
    return e;
}
auto eight(std::string const &name, std::size_t from) -> u64 {
    u64 n = 0;
    for (std::size_t i = from; i < from + 8; i++) n = n << 8 | (i < name.size() ? static_cast<u8>(name[i]) : 0);
    return n;
}
auto sum_of(std::string const &name, std::size_t size) -> u64 {
    u64 sum = 0;
    for (std::size_t i = 0; i < size; i += 8) sum = sum * 31 + eight(name, i);
    return sum;
}
auto message(byte_string const &question) -> byte_string {
    return joined({0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, question);
}
auto labels(std::initializer_list<std::string> all) -> byte_string {
    byte_string b;
    for (auto const &l : all) b = joined(joined(b, {static_cast<u8>(l.size())}), test::text(l));
    return joined(b, {0, 0, 28, 0, 1});
}
struct readers {
    both any{any_name}, small{short_name}, tcp{framed};

    auto check(byte_string const &question) -> void {
        INFO("question " << test::hex(question));
        auto const plain = message(question);
        auto const compare = [&](answer const &a, std::size_t room) {
            auto const e = walk(question, room);
            CHECK(a.why == e.why);
            if (a.why != reason::none || e.why != reason::none) return e;
            CHECK(a.number(0) == e.qtype);
            CHECK(a.number(1) == e.qclass);
            CHECK(a.number(2) == e.name.size());
            return e;
        };
        auto a = any.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(plain));
        if (auto const e = compare(a, 256); e.why == reason::none) CHECK(a.number(3) == sum_of(e.name, 256));
        a = small.run(packet{}.ethernet().ipv6().udp({.dst = 53}).payload(plain));
        if (auto const e = compare(a, 16); e.why == reason::none) {
            CHECK(a.number(3) == eight(e.name, 0));
            CHECK(a.number(4) == eight(e.name, 8));
        }
        byte_string const length = {static_cast<u8>(plain.size() >> 8), static_cast<u8>(plain.size())};
        a = tcp.run(packet{}.ethernet().ipv4().tcp({.dst = 53}).payload(joined(length, plain)).payload("more"));
        if (auto const e = compare(a, 64); e.why == reason::none) CHECK(a.number(3) == sum_of(e.name, 64));
    }
};
} // namespace

TEST_CASE("usual names") {
    readers all;
    all.check(labels({"www", "example", "com"}));
    all.check(labels({"com"}));
    all.check(labels({}));
    all.check(labels({"a", "b"}));
    all.check(labels({"_443", "_TCP", "Example", "ORG"}));
    auto const a =
        all.small.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(message(labels({"WwW", "@[`{", "Az"}))));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 28);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 11);
    CHECK(a.number(3) == eight("www.@[`{.az", 0));
    CHECK(a.number(4) == eight("www.@[`{.az", 8));
}

TEST_CASE("every byte in a label is itself, but capitals") {
    readers all;
    for (int c = 0; c < 256; c++) all.check(labels({std::string(3, static_cast<char>(c))}));
}

TEST_CASE("labels of every length, and pointers") {
    readers all;
    for (std::size_t n = 1; n < 256; n++) all.check(labels({"a", std::string(n, 'x')}));
    all.check({0xc0, 0x0c, 0, 1, 0, 1});
    all.check({1, 'a', 0xc0, 0x0c, 0, 1, 0, 1});
}

TEST_CASE("names of every length up to more than there may be") {
    readers all;
    for (std::size_t n = 1; n <= 270; n++) {
        byte_string b;
        for (std::size_t left = n; left > 0;) { // n bytes of labels with their lengths
            auto take = std::min<std::size_t>(left, 64);
            if (left - take == 1) take--;
            if (take < 2) break;
            b = joined(joined(b, {static_cast<u8>(take - 1)}), byte_string(take - 1, 'y'));
            left -= take;
        }
        all.check(joined(b, {0, 0, 1, 0, 1}));
    }
    std::string const l63(63, 'a'), l61(61, 'b'), l62(62, 'c');
    all.check(labels({l63, l63, l63, l61})); // 253 characters, 255 bytes
    all.check(labels({l63, l63, l63, l62})); // one more
    auto const longest = labels({l63, l63, l63, l61});
    auto const a = all.any.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(message(longest)));
    CHECK(a.why == reason::none);
    CHECK(a.number(2) == 253);
    CHECK(all.any.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(message(labels({l63, l63, l63, l62})))).why ==
          reason::malformed);
}

TEST_CASE("a name that does not fit is too deep") {
    readers all;
    auto const why = [&](std::string const &label) {
        return all.small.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(message(labels({label, "com"})))).why;
    };
    CHECK(why(std::string(12, 'x')) == reason::none); // 16 characters
    CHECK(why(std::string(13, 'x')) == reason::too_deep);
}

TEST_CASE("no question") {
    both any{any_name};
    auto none = message(labels({"com"}));
    none[5] = 0;
    CHECK(any.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(none)).why == reason::not_found);
    none[4] = 1; // 256 questions
    CHECK(any.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(none)).why == reason::none);
}

TEST_CASE("cut off at every length, by the packet, by UDP and by the length on TCP") {
    readers all;
    auto const plain = message(labels({"www", "example", "com"}));
    all.any.sweep(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(plain).payload("additional"), 42 + plain.size());
    for (std::size_t length = 0; length <= plain.size(); length++) {
        auto const why = length < plain.size() ? reason::truncated : reason::none;
        auto const size = static_cast<u16>(length);
        CHECK(all.any
                  .run(packet{}.ethernet().ipv4().udp({.dst = 53, .length = static_cast<u16>(size + 8)}).payload(plain))
                  .why == why);
        CHECK(
            all.tcp.run(packet{}.ethernet().ipv4().tcp({.dst = 53}).payload(joined({0, static_cast<u8>(size)}, plain)))
                .why == why);
    }
}

TEST_CASE("random questions") {
    readers all;
    std::mt19937 random{1};
    auto const below = [&](u32 n) { return static_cast<u32>(random() % n); };
    for (u32 round = 0; round < 1000; round++) {
        byte_string b;
        for (u32 n = below(8); n > 0; n--) {
            u32 const length = below(20) == 0 ? below(80) : below(12);
            b = joined(b, {static_cast<u8>(length)});
            for (u32 i = 0; i < length; i++) b.push_back(static_cast<u8>(random()));
        }
        b = joined(b, {0, 0, 1, 0, 1});
        if (below(5) == 0) b.resize(below(static_cast<u32>(b.size()) + 1));
        all.check(b);
    }
}
