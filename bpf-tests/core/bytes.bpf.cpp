// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What can be asked of the bytes behind a header. Where a program needs a number, the UDP source port is it.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

namespace {
struct asked {
    u32 number;
    bytes data;
};
BPFXX_INLINE auto ask(xdp::packet packet) -> result<asked> {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return asked{udp.source().value(), udp.payload()};
}
} // namespace

BPFXX_XDP(extent, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const rest = data.after(n);
    observe(rest.why(), data.size(), data.empty(), rest.value_or(bytes{}).size(), rest.value_or(bytes{}).empty(),
            data.after(2).value_or(bytes{}).size(), data.after(2).why(), data.first(n).value_or(bytes{}).size(),
            data.first(n).why());
    return xdp::pass;
}

/// All bytes of a frame have no length field around them.
BPFXX_XDP(frame, told)(xdp::packet packet) {
    auto const all = packet.payload();
    auto const none = bytes{};
    observe(reason::none, all.size(), all.empty(), none.size(), none.empty(), none.starts_with(""),
            none.starts_with("a"), none.read<u8>().why(), none.find<4>("a").why());
    return xdp::pass;
}

BPFXX_XDP(starts, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    u32 mask = data.starts_with("");
    mask |= data.starts_with("a") << 1 | data.starts_with("ab") << 2 | data.starts_with("abc") << 3;
    mask |= data.starts_with("abcd") << 4 | data.starts_with("abcde") << 5 | data.starts_with("abcdef") << 6;
    mask |= data.starts_with("abcdefg") << 7 | data.starts_with("abcdefgh") << 8 | data.starts_with("abcdefghi") << 9;
    mask |= data.starts_with("abcdefghijklmno") << 15 | data.starts_with("abcdefghijklmnop") << 16;
    mask |= data.starts_with("abcdefghijklmnopq") << 17;
    observe(reason::none, mask, data.starts_with("\0b"), data.starts_with("\xff\xfe"));
    return xdp::pass;
}

/// The first eight bytes in one word.
BPFXX_XDP(prefixes, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const start = data.start();
    u64 mask = start.starts_with("a") << 1 | start.starts_with("ab") << 2 | start.starts_with("abc") << 3;
    mask |= start.starts_with("abcd") << 4 | start.starts_with("abcde") << 5 | start.starts_with("abcdef") << 6;
    mask |= start.starts_with("abcdefg") << 7 | start.starts_with("abcdefgh") << 8;
    observe(reason::none, mask, start.starts_with("PUT ", "abcde", "GET "), start.starts_with("PUT ", "abcdefgh"),
            start.starts_with("\xff\xfe"));
    return xdp::pass;
}

struct triple {
    u8 first;
    be16 second;
    le32 third;
};
BPFXX_XDP(read_at, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const a = data.read<u8>(n);
    auto const b = data.read<be16>(n);
    auto const c = data.read<be32>(n);
    auto const d = data.read<be64>(n);
    u64 const fits = (a ? 1 : 0) | (b ? 2 : 0) | (c ? 4 : 0) | (d ? 8 : 0);
    observe(d.why(), fits, a.value_or(0xee), b.value_or(be16{0xeeee}), c.value_or(be32{0xeeee}),
            d.value_or(be64{0xeeee}));
    return xdp::pass;
}
/// A byte that is there says to a compiler that those before it are there too, and nothing to a verifier.
BPFXX_XDP(read_then_copy, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const second = BPFXX_TRY(data.read<u8>(n & 1));
    u8 copy[1];
    u32 const count = data.copy_to(copy);
    observe(reason::none, second, count, copy[0], data.starts_with("a"));
    return xdp::pass;
}
BPFXX_XDP(read_struct, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const t = BPFXX_TRY(data.read<triple>(n));
    observe(reason::none, t.first, t.second, t.third);
    return xdp::pass;
}
BPFXX_XDP(read_fixed, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const at_0 = data.read<be16>(), at_1 = data.read<be16>(1), at_7 = data.read<be16>(7);
    auto const at_255 = data.read<be16>(255), at_limit = data.read<be16>(0x3fff), beyond = data.read<be16>(0x4000);
    u64 const fits =
        (at_0 ? 1 : 0) | (at_1 ? 2 : 0) | (at_7 ? 4 : 0) | (at_255 ? 8 : 0) | (at_limit ? 16 : 0) | (beyond ? 32 : 0);
    observe(reason::none, fits, at_0.value_or(be16{0xeeee}), at_1.value_or(be16{0xeeee}), at_7.value_or(be16{0xeeee}),
            at_255.value_or(be16{0xeeee}), at_limit.value_or(be16{0xeeee}));
    return xdp::pass;
}

BPFXX_XDP(finds, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const a = data.find<8>("needle"), b = data.find<1>("needle"), c = data.find<64>("aab"), d = data.find<64>("x");
    observe(a.why(), a.value_or(99), b.value_or(99), c.value_or(99), d.value_or(99));
    return xdp::pass;
}
BPFXX_XDP(find_far, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const at = BPFXX_TRY(data.find<1024>("zz"));
    observe(reason::none, at);
    return xdp::pass;
}
/// A place that was found leads on.
BPFXX_XDP(body, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const at = BPFXX_TRY(data.find<64>("\r\n\r\n"));
    auto const rest = BPFXX_TRY(data.after(at + 4));
    auto const next = BPFXX_TRY(rest.read<be16>(n));
    observe(reason::none, at, rest.size(), rest.starts_with("<p>"), next);
    return xdp::pass;
}

namespace {
template <u32 N> BPFXX_INLINE auto digest(bytes const &data) -> u64 {
    u8 out[N];
    __builtin_memset(out, 0xee, N); // so that what is not written shows
    u64 sum = data.copy_to(out);
    for (u32 i = 0; i < N; i++) sum = sum * 31 + out[i];
    return sum;
}
} // namespace
BPFXX_XDP(copies, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    observe(reason::none, digest<1>(data), digest<2>(data), digest<3>(data), digest<8>(data), digest<17>(data),
            digest<32>(data));
    return xdp::pass;
}
struct large {
    u8 raw[256];
};
BPFXX_MAP(copied, spec::array<large, 1>);
/// 256 bytes straight into a map.
BPFXX_XDP(copy_256, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto *const to = BPFXX_TRY(copied.lookup(0));
    u64 const count = data.copy_to(to->raw);
    observe(reason::none, count, to->raw[0], to->raw[127], to->raw[128], to->raw[255]);
    return xdp::pass;
}

BPFXX_XDP(words, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    u64 sum = 0, count = 0;
    data.for_each_word<32>([&](u16 word) BPFXX_LAMBDA {
        sum = sum * 65537 + network_order(word);
        count++;
    });
    observe(reason::none, count, sum);
    return xdp::pass;
}

/// Searches and copies of the same bytes one behind the other: what the verifier learns in one loop must not make it walk
/// through the next one for each way out of the first.
BPFXX_XDP(repeatedly, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    u8 first[40], second[40];
    u64 const found = data.find<100>("abc").value_or(999);
    u32 const place = data.find<100>("abc").value_or(0), other = data.find<100>("xyz").value_or(0);
    u64 const copied = data.copy_to(first), copied_again = data.copy_to(second);
    observe(reason::none, found, data.read<u8>(place + 3).value_or(7), data.read<be16>(other + 1).value_or(be16{7}),
            copied, copied_again, first[n & 31], second[n & 31]);
    return xdp::pass;
}
/// The same behind alternatives, into a record of wire values at odd places that stays on the stack, since it is given away
/// and indexed. Each way that leads to a loop would be a walk through it, and through the next one.
struct heard {
    u8 kind;
    net::ip_address src, dst;
    be16 from, to;
    be32 place;
    u8 text[40];
};
BPFXX_MAP(last_heard, spec::array<heard, 1>);
BPFXX_XDP(listens, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    heard now{};
    now.kind = static_cast<u8>(tags.count);
    now.src = ip.source();
    now.dst = ip.destination();
    now.from = l4.source();
    now.to = l4.destination();
    auto const data = l4.payload();
    u32 const at = BPFXX_TRY(data.find<200>("Host: "));
    now.place = be32{at};
    u64 const copied = BPFXX_TRY(data.after(at + 6)).copy_to(now.text);
    u64 const other = data.find<100>("evil").value_or(999);
    last_heard.update(0, now);
    last_heard.lookup(0).then([&](heard const &h) BPFXX_LAMBDA {
        observe(reason::none, h.kind, h.src.raw[15], h.dst.raw[15], h.from, h.to, h.place.value(), h.text[0],
                h.text[39], copied, other);
    });
    return xdp::pass;
}
/// Skips add up: three of them, each of a length that only the packet knows, and a read behind them.
BPFXX_XDP(skips, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto const a = BPFXX_TRY(data.after(n));
    auto const b = BPFXX_TRY(a.after(n));
    auto const c = BPFXX_TRY(b.after(n));
    auto const d = BPFXX_TRY(BPFXX_TRY(c.first(n)).after(n / 2));
    observe(reason::none, c.size(), c.read<u8>(n).value_or(7), d.size(), d.read<u8>(0).value_or(9));
    return xdp::pass;
}

BPFXX_XDP(assumed, told)(xdp::packet packet) {
    auto const [n, data] = BPFXX_TRY(ask(packet));
    auto [inner] = BPFXX_TRY(data.assume<net::udp>());
    observe(reason::none, inner->src, inner->dst, inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
