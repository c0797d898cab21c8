// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "checksum.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::internet_checksum, test::internet_sum;

// RFC 1071 section 3: 0001 f203 f4f5 f6f7 add up to ddf2.
static_assert(checksum{}.add(be16{0x0001}).add(be16{0xf203}).add(be16{0xf4f5}).add(be16{0xf6f7}).value() ==
              be16{static_cast<u16>(~0xddf2)}.wire());
static_assert(checksum{}.add(be32{0x0001'f203}).add(be32{0xf4f5'f6f7}).value() ==
              be16{static_cast<u16>(~0xddf2)}.wire());
static_assert(checksum{}.value() == 0xffff && checksum{}.add(u16{0xffff}).value() == 0);
// RFC 1624 section 4: from dd2f, 5555 becomes 3285, and the result is 0000 and not ffff.
static_assert(checksum_update(be16{0xdd2f}.wire(), be16{0x5555}.wire(), be16{0x3285}.wire()) == be16{0x0000}.wire());
static_assert(checksum_update_nonzero(be16{0xdd2f}.wire(), be16{0x5555}.wire(), be16{0x3285}.wire()) == 0xffff);

namespace {
struct words {
    be16 raw[10];
};
auto swapped(u16 wire) -> u16 { return network_order(wire); }
} // namespace

TEST_CASE("sums of any bytes, in any parts") {
    std::mt19937 random{1};
    for (u32 round = 0; round < 300; round++) {
        test::byte_string data;
        data.reserve(round + 1); // bytes that are none still have an address
        data.resize(round);
        for (auto &b : data) b = round % 3 == 0 ? u8{0xff} : static_cast<u8>(random());
        auto const expected = internet_checksum(internet_sum(data.data(), data.size()));
        bytes const all{cursor{data.data(), data.data() + data.size(), unlimited}};
        CHECK(swapped(checksum{}.add_bytes<512>(all).value()) == expected);
        CHECK(swapped(checksum{}.add_bytes<64>(all).value()) ==
              internet_checksum(internet_sum(data.data(), std::min<std::size_t>(data.size(), 64))));
        if (data.size() >= sizeof(words)) {
            auto const &first = *reinterpret_cast<words const *>(data.data());
            CHECK(swapped(checksum{}.add(first).value()) ==
                  internet_checksum(internet_sum(data.data(), sizeof(words))));
            CHECK(swapped(checksum{}.add(first).add_bytes<512>(all.after(20).value_or(bytes{})).value()) == expected);
        }
        bytes const limited{cursor{data.data(), data.data() + data.size(), 33}};
        CHECK(swapped(checksum{}.add_bytes<512>(limited).value()) ==
              internet_checksum(internet_sum(data.data(), std::min<std::size_t>(data.size(), 33))));
    }
    // Carries of carries: more than 2^16 words of ones.
    checksum many;
    for (u32 i = 0; i < 200'000; i++) many.add(u16{0xffff});
    CHECK(many.value() == 0);
    many.add(u16{1});
    CHECK(many.value() == 0xfffe);
}

TEST_CASE("an update is what a full sum gives, for every value of a field") {
    bool same = true, nonzero = true;
    for (u16 const rest : {u16{1}, u16{0x1234}, u16{0x8000}, u16{0xfffe}, u16{0xffff}})
        for (u16 const before : {u16{0}, u16{1}, u16{0x5555}, u16{0xfffe}, u16{0xffff}}) {
            auto const sum = internet_checksum(u64{rest} + before);
            for (u32 after = 0; after <= 0xffff; after++) {
                auto const full = internet_checksum(u64{rest} + after);
                same = same && checksum_update(sum, before, static_cast<u16>(after)) == full;
                auto const udp = [](u16 s) { return s == 0 ? u16{0xffff} : s; };
                nonzero = nonzero && checksum_update_nonzero(udp(sum), before, static_cast<u16>(after)) == udp(full);
            }
        }
    CHECK(same);
    CHECK(nonzero);
}

TEST_CASE("rewritten packets are as if made anew, for every value of both fields") {
    both run{rewrite};
    auto const made = [](u16 identification, u16 port, test::byte_string const &payload) {
        return packet{}.ethernet().ipv4({.identification = identification}).udp({.dst = port}).payload(payload).bytes();
    };
    bool good = true;
    for (u32 v = 0; v <= 0xffff; v++) {
        auto const w = v * 0x9e37 & 0xffff; // odd, so every value once
        test::byte_string const payload = {static_cast<u8>(v >> 8), static_cast<u8>(v), static_cast<u8>(w >> 8),
                                           static_cast<u8>(w), 7};
        auto const a = run.run(made(0x1234, 53, payload));
        good = good && a.verdict == xdp::tx && a.bytes == made(static_cast<u16>(v), static_cast<u16>(w), payload);
    }
    CHECK(good);
    // UDP's zero is no checksum at all, and ffff stands for a sum of zero: the port at which this happens is among them.
    bool found = false;
    for (u32 port = 0; port <= 0xffff; port++) {
        auto const b = made(1, static_cast<u16>(port), {1, 2, 3, 4, 5});
        found = found || (b[40] == 0xff && b[41] == 0xff);
    }
    CHECK(found);
}

TEST_CASE("right checksums add up to zero") {
    both run{verify};
    run.of_this_order(); // value()
    for (std::size_t size = 0; size <= 256; size += size < 20 ? 1 : 59) {
        test::byte_string payload(size);
        for (std::size_t i = 0; i < size; i++) payload[i] = static_cast<u8>(i * 37 + 11);
        auto const good = packet{}.ethernet().ipv4().udp().payload(payload).padded().bytes();
        auto const a = run.run(good);
        CHECK(a.number(0) == 0);
        CHECK(a.number(1) == 0);
        auto const b = run.run(test::patched(good, 22, {1}));
        CHECK(b.number(0) != 0);
        CHECK(b.number(1) == 0);
        if (size > 0) CHECK(run.run(test::patched(good, 41 + size, {0xfe})).number(1) != 0);
    }
}

TEST_CASE("a checksum after differences of any size") {
    std::mt19937_64 random{2};
    for (u32 round = 0; round < 20'000; round++) {
        auto const sum = static_cast<u16>(round % 7 == 0 ? 0xffff : round % 11 == 0 ? 0 : random());
        u64 const difference = random() >> (17 + round % 47); // below 2^47: as many words as a packet has
        u64 folded = sum + difference;
        while (folded >> 16 != 0) folded = (folded & 0xffff) + (folded >> 16);
        CHECK(checksum_changed(sum, difference) == (folded == 0xffff ? 0 : folded));
        CHECK(checksum_changed_nonzero(sum, difference) == folded);
    }
    for (u64 const whole : {0xffffull, 0xffff'0000ull, 0xffff'ffffull, 0x1'fffe'0000ull, 0xffff'0000'0000ull})
        for (u32 const part : {0u, 1u, 0x7fffu, 0xffffu}) {
            auto const sum = static_cast<u16>(part);
            CHECK(checksum_changed(sum, whole - sum) == (whole == 0 ? sum : 0));
            CHECK(checksum_changed_nonzero(sum, whole - sum) == 0xffff);
        }
}
