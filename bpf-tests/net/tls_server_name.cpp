// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tls_server_name.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string, test::joined, test::patched;

namespace {
auto two(std::size_t n) -> byte_string { return {static_cast<u8>(n >> 8), static_cast<u8>(n)}; }
auto extension(u32 type, byte_string const &body) -> byte_string {
    return joined(joined(two(type), two(body.size())), body);
}
auto name_of_host(byte_string const &name, u8 type = 0) -> byte_string {
    return extension(0, joined(two(name.size() + 3), joined(joined({type}, two(name.size())), name)));
}
auto name_of_host(std::string_view name) -> byte_string { return name_of_host(test::text(name)); }
/// Version, random, a session ID of four bytes, three cipher suites, one compression method.
auto beginning() -> byte_string {
    return joined(joined({3, 3}, byte_string(32, 7)), {4, 1, 2, 3, 4, 0, 6, 0x13, 1, 0x13, 2, 0x13, 3, 1, 0});
}
auto body(byte_string const &extensions) -> byte_string {
    return joined(joined(beginning(), two(extensions.size())), extensions);
}
auto record(byte_string const &message) -> byte_string {
    auto const inner = joined(joined({1, 0}, two(message.size())), message);
    return joined(joined({22, 3, 1}, two(inner.size())), inner);
}
auto over_ipv4(byte_string const &segment) -> packet {
    return packet{}.ethernet().ipv4().tcp({.dst = 443}).payload(segment);
}
auto usual() -> byte_string {
    return joined(joined(extension(0x0a0a, {}), extension(43, {2, 3, 4})),
                  joined(name_of_host("example.com"), extension(51, byte_string(36, 5))));
}

/// What is to be found in a record, walked in the plainest way: bytes that are there, and lengths that say so.
struct expected {
    reason why;
    byte_string name;
};
auto walk(byte_string const &b, u32 most) -> expected {
    auto const fail = [](reason why) { return expected{why, {}}; };
    if (b.size() < 9 || b[0] < 20 || b[0] > 24 || b[1] != 3)
        return fail(b.size() < 9 ? reason::truncated : reason::malformed);
    std::size_t const length = static_cast<std::size_t>(b[3] << 8 | b[4]);
    if (length > 18432) return fail(reason::malformed);
    if (b[0] != 22) return fail(reason::other_protocol);
    if (length < 4) return fail(reason::truncated);
    if (b[5] != 1) return fail(reason::other_protocol);
    std::size_t const says = static_cast<std::size_t>(b[6] << 16 | b[7] << 8 | b[8]);
    std::size_t const there = std::min({b.size() - 9, length - 4, says}); // bytes of the message that can be read
    auto const at = [&](std::size_t i) { return static_cast<u32>(b[9 + i]); };
    auto const both_at = [&](std::size_t i) { return at(i) << 8 | at(i + 1); };
    if (b.size() < 9 + 35) return fail(reason::truncated);
    if (at(0) != 3 || at(34) > 32) return fail(reason::malformed);
    std::size_t i = 35 + at(34);
    if (there < i + 2) return fail(reason::truncated);
    std::size_t const suites = both_at(i);
    if (suites == 0 || suites % 2 != 0 || i + 2 + suites > says) return fail(reason::malformed);
    i += 2 + suites;
    if (there < i + 1) return fail(reason::truncated);
    std::size_t const methods = at(i);
    i += 1 + methods;
    if (methods == 0 || i > says) return fail(reason::malformed);
    if (i == says) return fail(reason::not_found);
    if (there < i + 2) return fail(reason::truncated);
    if (i + 2 + both_at(i) != says) return fail(reason::malformed);
    i += 2;
    for (u32 n = 0;; n++) {
        if (i == says) return fail(reason::not_found);
        if (n == most) return fail(reason::too_deep);
        if (there < i + 4) return fail(reason::truncated);
        std::size_t const type = both_at(i), size = both_at(i + 2);
        i += 4;
        if (i + size > says) return fail(reason::malformed);
        if (type == 0) {
            if (there < i + 5) return fail(reason::truncated);
            std::size_t const name = both_at(i + 3);
            if (both_at(i) + 2 != size || name + 5 > size || name == 0) return fail(reason::malformed);
            if (at(i + 2) != 0) return fail(reason::not_found);
            if (there < i + 5 + name) return fail(reason::truncated);
            auto const first = b.begin() + static_cast<std::ptrdiff_t>(9 + i + 5);
            return {reason::none, {first, first + static_cast<std::ptrdiff_t>(name)}};
        }
        i += size;
    }
}
struct readers {
    both any{asked}, few{copied};

    auto check(byte_string const &segment) -> void {
        INFO("segment " << test::hex(segment));
        auto a = any.run(over_ipv4(segment));
        auto e = walk(segment, 32);
        CHECK(a.why == e.why);
        if (a.why == reason::none && e.why == reason::none) {
            CHECK(a.number(0) == e.name.size());
            CHECK(a.number(1) == (std::string{e.name.begin(), e.name.end()}.rfind("example.com", 0) == 0));
            CHECK(a.number(2) == e.name.front());
            CHECK(a.number(3) == e.name.back());
        }
        a = few.run(packet{}.ethernet().ipv6().tcp({.dst = 443}).payload(segment));
        e = walk(segment, 3);
        CHECK(a.why == e.why);
        if (a.why == reason::none && e.why == reason::none) {
            CHECK(a.number(0) == std::min<std::size_t>(e.name.size(), 64));
            e.name.resize(64);
            for (u32 word = 0; word < 3; word++) {
                u64 n = 0;
                for (u32 i = 0; i < 8; i++) n = n << 8 | e.name[word * 8 + i];
                CHECK(a.number(1 + word) == n);
            }
        }
    }
};
} // namespace

TEST_CASE("a usual hello") {
    readers all;
    auto const in = record(body(usual()));
    all.check(in);
    auto const a = all.any.run(over_ipv4(in));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 11);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 'e');
    CHECK(a.number(3) == 'm');
}

TEST_CASE("cut off at every length, by the segment, by the record and by the message") {
    readers all;
    auto const whole = record(body(usual()));
    auto const name_ends = 9 + beginning().size() + 2 + 4 + 7 + 9 + 11;
    all.any.sweep(over_ipv4(whole), 54 + name_ends);
    for (std::size_t length = 0; length <= whole.size(); length++)
        all.check({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    for (std::size_t length = 0; length <= whole.size(); length++) {
        all.check(patched(whole, 3, two(length)));
        all.check(patched(whole, 7, two(length)));
    }
    all.check(patched(whole, 6, {1})); // goes on in further records
}

TEST_CASE("names of every length") {
    readers all;
    for (std::size_t n = 0; n < 260; n++) all.check(record(body(name_of_host(byte_string(n, 'n')))));
    all.check(record(body(name_of_host("example.com.example.org"))));
}

TEST_CASE("no name") {
    readers all;
    auto const why = [&](byte_string const &message) {
        all.check(record(message));
        return all.any.run(over_ipv4(record(message))).why;
    };
    CHECK(why(beginning()) == reason::not_found); // no extensions
    CHECK(why(body({})) == reason::not_found);
    CHECK(why(body(extension(43, {2, 3, 4}))) == reason::not_found);
    CHECK(why(body(name_of_host(test::text("example.com"), 1))) == reason::not_found);
    CHECK(why(body(extension(0, {}))) == reason::truncated); // the server's answer has no list
}

TEST_CASE("lengths that contradict each other are malformed") {
    readers all;
    auto const whole = record(body(usual()));
    auto const why = [&](std::size_t offset, byte_string const &with) {
        all.check(patched(whole, offset, with));
        return all.any.run(over_ipv4(patched(whole, offset, with))).why;
    };
    std::size_t const suites = 9 + 39, methods = suites + 8, list = methods + 2, name = list + 2 + 4 + 7;
    CHECK(why(suites, two(0)) == reason::malformed);
    CHECK(why(suites, two(5)) == reason::malformed);
    auto const head = joined(joined({3, 3}, byte_string(32, 7)), {0});
    auto const none = joined(head, {0, 0, 1, 0}); // cipher suites, with all else as it should be
    all.check(record(joined(joined(none, two(usual().size())), usual())));
    CHECK(all.any.run(over_ipv4(record(joined(joined(none, two(usual().size())), usual())))).why == reason::malformed);
    all.check(record(joined(head, {0, 4, 0x13, 1, 0x13, 2}))); // as long as the message, and longer than it
    all.check(record(joined(head, {0, 4, 0x13, 1, 0x13})));
    CHECK(why(suites, two(0xfffe)) == reason::malformed);
    CHECK(why(methods, {0}) == reason::malformed);
    CHECK(why(methods, {255}) == reason::malformed);
    CHECK(why(list, two(usual().size() + 1)) == reason::malformed);
    CHECK(why(list, two(usual().size() - 1)) == reason::malformed);
    CHECK(why(list + 4, two(0xffff)) == reason::malformed);
    CHECK(why(name + 2, two(17)) == reason::malformed); // the extension
    CHECK(why(name + 4, two(13)) == reason::malformed); // the list
    CHECK(why(name + 7, two(12)) == reason::malformed); // the name
    CHECK(why(name + 7, two(0)) == reason::malformed);
}

TEST_CASE("more extensions than asked for are too deep") {
    readers all;
    for (u32 n = 0; n <= 34; n++) {
        byte_string before;
        for (u32 i = 0; i < n; i++) before = joined(before, extension(100 + i, byte_string(i % 3)));
        all.check(record(body(joined(before, name_of_host("example.com")))));
        all.check(record(body(before)));
    }
}

TEST_CASE("every byte of a hello changed") {
    readers all;
    auto const whole = record(body(usual()));
    std::mt19937 random{1};
    for (std::size_t i = 0; i < whole.size(); i++)
        for (u32 const with : {0u, 1u, 0xffu, whole[i] + 1u, whole[i] - 1u, static_cast<u32>(random())})
            all.check(patched(whole, i, {static_cast<u8>(with)}));
}
