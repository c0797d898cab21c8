// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// How replay tells what has become of a packet's bytes.
#include <examples/replay/report.hpp>
#include <random>
#include <support/catch.hpp>

namespace {
using bytes = std::vector<std::byte>;
auto of(std::string const &text) -> bytes {
    auto const *const at = reinterpret_cast<std::byte const *>(text.data());
    return {at, at + text.size()};
}
auto text(bytes const &before, bytes const &after) -> std::string {
    std::string all;
    for (auto const &c : changes_between(before, after)) all += text_of(c);
    return all;
}
/// What the changes make of the packet: they have to be all.
auto applied(bytes const &before, std::vector<change> const &changes) -> bytes {
    bytes made;
    std::size_t at = 0;
    for (auto const &c : changes) {
        REQUIRE(c.offset >= at);
        REQUIRE(c.offset + c.before.size() <= before.size());
        made.insert(made.end(), before.begin() + static_cast<std::ptrdiff_t>(at),
                    before.begin() + static_cast<std::ptrdiff_t>(c.offset));
        made.insert(made.end(), c.after.begin(), c.after.end());
        at = c.offset + c.before.size();
    }
    made.insert(made.end(), before.begin() + static_cast<std::ptrdiff_t>(at), before.end());
    return made;
}
} // namespace

TEST_CASE("bytes in hexadecimal") {
    CHECK(hex({}).empty());
    CHECK(hex(of("a\nz")) == "610a7a");
    CHECK(hex(of("a\nz"), " ") == "61 0a 7a");
}

TEST_CASE("bytes that have become others") {
    CHECK(text(of("same"), of("same")).empty());
    CHECK(text(of("abcd"), of("xbyz")) == "       0: 61 > 78\n       2: 63 64 > 79 7a\n");
    CHECK(
        text(of(std::string(18, 'a')), of(std::string(18, 'b'))) ==
        "       0: 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 > 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62 62\n"
        "      16: 61 61 > 62 62\n");
}

TEST_CASE("bytes that were put in or taken out") {
    CHECK(text(of("abcdef"), of("abXYcdef")) == "       2: + 58 59\n");
    CHECK(text(of("abXYcdef"), of("abcdef")) == "       2: - 58 59\n");
    CHECK(text(of("abcdef"), of("Xabcdef")) == "       0: + 58\n");
    CHECK(text(of("abcdef"), of("abcdefX")) == "       6: + 58\n");
    CHECK(text(of(""), of("ab")) == "       0: + 61 62\n");
    CHECK(text(of("abcdef"), of("aZcdefX")) == "       1: 62 > 5a\n       6: + 58\n"); // both
    CHECK(text(of(std::string(20, 'a')), {}) ==
          "       0: - 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61\n      16: - 61 61 61 61\n");
    CHECK(change_of_length(of("ab"), of("xy")).empty());
    CHECK(change_of_length(of("abcdef"), of("abXYcdef")) == ", 6 > 8 bytes, 2 more at offset 2");
    CHECK(change_of_length(of("abcdef"), of("abcd")) == ", 6 > 4 bytes, 2 fewer at the tail");
    CHECK(change_of_length(of("abcdef"), of("cdef")) == ", 6 > 4 bytes, 2 fewer at the head");
    CHECK(change_of_length(of("aaaa"), of("aaa")) == ", 4 > 3 bytes, 1 fewer at the tail"); // it may be anywhere
}

TEST_CASE("whatever has happened, the changes make the new packet out of the old one") {
    auto random = std::mt19937{1};
    for (auto i = 0; i < 20'000; i++) {
        auto before = bytes(random() % 24), after = bytes(random() % 24);
        for (auto &b : before) b = std::byte{static_cast<unsigned char>(random() % 3)};
        for (auto &b : after) b = std::byte{static_cast<unsigned char>(random() % 3)};
        auto const changes = changes_between(before, after);
        if (applied(before, changes) != after) FAIL(hex(before) << " > " << hex(after));
        for (auto const &c : changes)
            if (c.before.size() == c.after.size())
                for (std::size_t n = 0; n < c.before.size(); n++) REQUIRE(c.before[n] != c.after[n]);
    }
}

TEST_CASE("packets are listed by ranges, and not without end") {
    number_list some;
    CHECK(some.text().empty());
    for (auto const n : {1, 2, 3, 7, 9, 10}) some.add(static_cast<bpfxx::u64>(n));
    CHECK(some.text() == "1-3, 7, 9-10");
    number_list many;
    for (bpfxx::u64 n = 2; n <= 200; n += 2) many.add(n);
    CHECK(many.text() == "2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and 88 more");
}
