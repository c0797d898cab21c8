// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// dissect's kernel side, unmodified: natively and in the kernel, for XDP and for TC, with the same trails. What hostile
// packets come to: a reason, and no wrong field.
#include <bpf/libbpf.h>
#include <examples/dissect/dissect.bpf.cpp>
#include <examples/dissect/reading.hpp>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::joined, test::packet, test::patched, test::byte_string;

namespace {
using dissection::reading, dissection::trail;

/// The reading end of a ring buffer in the kernel.
class reader {
    struct free {
        auto operator()(ring_buffer *r) const -> void { ring_buffer__free(r); }
    };
    std::unique_ptr<std::vector<byte_string>> all_ = std::make_unique<std::vector<byte_string>>();
    std::unique_ptr<ring_buffer, free> handle_;
    static auto keep(void *to, void *data, std::size_t size) -> int {
        auto const *const from = static_cast<u8 const *>(data);
        static_cast<std::vector<byte_string> *>(to)->emplace_back(from, from + size);
        return 0;
    }

  public:
    explicit reader(int map) : handle_{ring_buffer__new(map, keep, all_.get(), nullptr)} {
        if (!handle_) FAIL("no ring buffer: " << std::strerror(errno));
    }
    auto consume() const -> std::vector<byte_string> {
        ring_buffer__consume(handle_.get());
        return std::exchange(*all_, {});
    }
};

/// Both programs on every side.
class programs {
    struct world {
        std::string name;
        bool tc;
        test::loaded in;
        reader trails;
    };
    std::vector<world> kernels_;
    host::object native_{""}; // by the stem of a file, which no build has given here
    u32 first_;

    static auto only(std::vector<byte_string> const &all, std::string const &where) -> trail {
        trail t{};
        if (all.size() != 1 || all[0].size() != sizeof t) FAIL(where << ": not one trail");
        std::memcpy(static_cast<void *>(&t), all[0].data(), sizeof t);
        t.time = 0;
        return t;
    }
    template <class Context> auto run_native(char const *name, byte_string const &p, std::size_t skew) -> trail {
        native_.config<settings>("config") = {first_};
        auto const out = host::run(native_.program<Context>(name), p, skew);
        if (out.bytes != p) FAIL("the packet was changed");
        std::vector<byte_string> all;
        native_.consume("trails", [&](auto record) { all.emplace_back(record.begin(), record.end()); });
        return only(all, name);
    }
    static auto same(trail const &a, trail const &b, std::string const &where, byte_string const &p) -> void {
        if (std::memcmp(&a, &b, sizeof a) == 0) return;
        FAIL(where << " differs on " << test::hex(p) << ": " << +b.count << " layers, stop " << +b.stop << ", not "
                   << +a.count << " and " << +a.stop);
    }

  public:
    /// For packets that start with this protocol.
    explicit programs(u32 first = dissection::number_of<dissection::frame>) : first_{first} {
        native_.reset();
        if (auto const fault = test::kernel_fault(); !fault.empty()) {
            auto const *const ci = std::getenv("CI");
            if (ci && std::string_view{ci} == "true") FAIL("not run in the kernel: " << fault);
            WARN("natively only: " << fault);
            return;
        }
        settings const what{first};
        auto const *const at = reinterpret_cast<u8 const *>(&what);
        for (auto const &file : test::object_files("dissect"))
            for (bool const tc : {false, true}) {
                test::loaded in{file, tc ? "dissect_tc" : "dissect_xdp", {{"config", {at, at + sizeof what}}}};
                reader trails{bpf_map__fd(in.map("trails"))};
                kernels_.push_back({file + (tc ? ", TC" : ", XDP"), tc, std::move(in), std::move(trails)});
            }
        REQUIRE_FALSE(kernels_.empty());
    }
    auto read(byte_string const &p) -> reading {
        auto const expected = run_native<xdp::context>("dissect_xdp", p, 0);
        same(expected, run_native<xdp::context>("dissect_xdp", p, 1), "at an odd address", p);
        same(expected, run_native<skb::context>("dissect_tc", p, 0), "TC, natively", p);
        for (auto const &k : kernels_) {
            // The kernel makes no skb of less than the headers that the packet says it has.
            if (p.size() < (k.tc ? 64 : 14) || p.size() > 3500) continue;
            auto bytes = p;
            auto const verdict = static_cast<int>(k.in.run(bytes));
            if (verdict != (k.tc ? static_cast<int>(tc::unspec) : static_cast<int>(xdp::pass)) || bytes != p)
                FAIL(k.name << " changes the packet's fate");
            same(expected, only(k.trails.consume(), k.name), k.name, p);
        }
        return dissection::read(expected, std::as_bytes(std::span{p}), {first_});
    }
    /// "ethernet ipv4 tcp: end"
    auto words(byte_string const &p) -> std::string {
        auto const r = read(p);
        std::string text;
        for (auto const &l : r.layers) text += (text.empty() ? "" : " ") + l.name;
        return text + ": " + r.stop;
    }
    /// Cut off at every length, a packet has the layers that are whole, and nothing else is said of it.
    auto sweep(byte_string const &p) -> void {
        auto const whole = read(p);
        for (std::size_t length = 0; length < p.size(); length++) {
            INFO("cut off at " << length << " of " << p.size());
            auto const r = read({p.begin(), p.begin() + static_cast<std::ptrdiff_t>(length)});
            REQUIRE(r.layers.size() <= whole.layers.size());
            for (std::size_t i = 0; i < r.layers.size(); i++) {
                REQUIRE(r.layers[i].name == whole.layers[i].name);
                REQUIRE(r.layers[i].offset == whole.layers[i].offset);
                REQUIRE(r.layers[i].size <= whole.layers[i].size);
                REQUIRE(r.layers[i].offset + r.layers[i].size <= length);
                REQUIRE(r.layers[i].words == whole.layers[i].words);
            }
            bool const is_whole = r.layers.size() == whole.layers.size() && r.stop == whole.stop;
            REQUIRE((is_whole || r.stop == "truncated"));
            REQUIRE(r.vlan == std::vector<u32>{whole.vlan.begin(), whole.vlan.begin() + as_offset(r.vlan.size())});
            REQUIRE(r.ips.size() <= whole.ips.size());
            for (std::size_t i = 0; i < r.ips.size(); i++) {
                REQUIRE(r.ips[i].src == whole.ips[i].src);
                REQUIRE(r.ips[i].dst == whole.ips[i].dst);
                REQUIRE(r.ips[i].protocol == whole.ips[i].protocol);
            }
            REQUIRE(r.payload_offset + r.payload_length <= length);
        }
    }

  private:
    static auto as_offset(std::size_t n) -> std::ptrdiff_t { return static_cast<std::ptrdiff_t>(n); }
};

auto v4() -> packet { return packet{}.ethernet().ipv4(); }
auto v6() -> packet { return packet{}.ethernet().ipv6(); }
auto gre(u8 flags, u8 version, u16 type) -> byte_string {
    return {flags, version, static_cast<u8>(type >> 8), static_cast<u8>(type)};
}
/// Ethernet with a length, as long as what follows it.
auto ieee_802_3(byte_string const &inner) -> byte_string {
    return packet{}.ethernet({.type = static_cast<u16>(inner.size())}).payload(inner).bytes();
}
byte_string const vxlan{8, 0, 0, 0, 0, 0, 7, 0}, geneve{1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0};
byte_string const g_pdu{0x30, 0xff, 0, 48, 0, 0, 0, 7}, snap_ipv4{0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
} // namespace

TEST_CASE("each layer at its place, fields from where they are") {
    programs all;
    auto const r = all.read(packet{}
                                .ethernet()
                                .vlan(0x2007, 0x88a8)
                                .vlan(9)
                                .ipv4({.options = {1, 1, 1, 0}})
                                .udp({.dst = 4789})
                                .payload(vxlan)
                                .ethernet()
                                .ipv6()
                                .fragment({.more = true})
                                .tcp({.src = 1, .dst = 2, .options = {2, 4, 5, 0xb4}})
                                .payload("hello")
                                .padded(200));
    char const *const names[] = {"ethernet", "vlan",     "vlan", "ipv4",          "udp",
                                 "vxlan",    "ethernet", "ipv6", "ipv6_fragment", "tcp"};
    u32 const sizes[] = {14, 4, 4, 24, 8, 8, 14, 40, 8, 24};
    REQUIRE(r.layers.size() == std::size(names));
    u32 offset = 0;
    for (u32 i = 0; i < std::size(names); i++) {
        CHECK(r.layers[i].name == names[i]);
        CHECK(r.layers[i].offset == offset);
        CHECK(r.layers[i].size == sizes[i]);
        offset += sizes[i];
    }
    CHECK(r.vlan == std::vector<u32>{7, 9});
    REQUIRE(r.ips.size() == 2);
    CHECK((r.ips[0].version == 4 && r.ips[0].src == "10.0.0.1" && r.ips[0].dst == "10.0.0.2"));
    CHECK((r.ips[0].protocol == 17 && r.ips[0].fragment_offset == 0 && !r.ips[0].more_fragments));
    CHECK((r.ips[1].version == 6 && r.ips[1].src == "2001:db8::1" && r.ips[1].dst == "2001:db8::2"));
    CHECK((r.ips[1].protocol == 44 && r.ips[1].fragment_offset == 0 && r.ips[1].more_fragments));
    REQUIRE(r.innermost);
    CHECK((r.innermost->src == 1 && r.innermost->dst == 2));
    CHECK((r.payload_offset == offset && r.payload_length == 5));
    CHECK(r.stop == "end");
}

TEST_CASE("tunnels and stacks") {
    programs all;
    auto const tcp = packet{}.ipv4().tcp().payload("abc").bytes();
    CHECK(all.words(v4().ipv6().ipv4().ipv6().tcp()) == "ethernet ipv4 ipv6 ipv4 ipv6 tcp: end");
    CHECK(all.words(v4().other(gre(0xb0, 0, 0x0800), {}, 47).payload(byte_string(12)).ipv4().tcp()) ==
          "ethernet ipv4 gre ipv4 tcp: end");
    CHECK(all.words(v6().other(gre(0, 0, 0x6558), {}, 47).ethernet().arp()) == "ethernet ipv6 gre ethernet arp: end");
    CHECK(all.words(v4().other(gre(0, 0, 0x88be), {}, 47).ethernet({.dst = {0x12, 0, 0, 0, 0, 2}}).ipv4().tcp()) ==
          "ethernet ipv4 gre ethernet ipv4 tcp: end"); // ERSPAN of type I, though it looks like type II
    CHECK(all.words(v4().udp({.dst = 6081}).payload(geneve).ethernet().ipv4().udp()) ==
          "ethernet ipv4 udp geneve ethernet ipv4 udp: end");
    CHECK(all.words(v4().udp({.dst = 2152}).payload(g_pdu).ipv4().udp().payload(byte_string(20))) ==
          "ethernet ipv4 udp gtp_u ipv4 udp: end");
    // All messages of GTP-U have the same header: an echo, one with an extension, and the end marker, of nothing else.
    for (auto const &[message, size, left] :
         {std::tuple{byte_string{0x32, 1, 0, 6, 0, 0, 0, 0, 0, 9, 0, 0, 14, 0}, 12, 2},
          {byte_string{0x34, 26, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 8, 1, 0, 14}, 16, 1},
          {byte_string{0x30, 254, 0, 0, 0, 0, 0, 7}, 8, 0},
          {byte_string{0x33, 254, 0, 4, 0, 0, 0, 7, 0, 1, 0, 0}, 12, 0}}) {
        auto const r = all.read(v4().udp({.dst = 2152}).payload(message));
        CHECK((r.stop == "other_protocol" && r.layers.back().name == "gtp_u"));
        CHECK((r.layers.back().size == static_cast<u32>(size) && r.payload_length == static_cast<u32>(left)));
    }
    CHECK(all.words(v4().udp({.dst = 2152}).payload({0x32, 1, 0, 3, 0, 0, 0, 0, 0, 9, 0})) ==
          "ethernet ipv4 udp gtp_u: truncated");
    CHECK(all.words(v4().ah().ipv4().tcp()) == "ethernet ipv4 ah ipv4 tcp: end");
    CHECK(all.words(v4().other({0, 0, 0, 1, 0, 0, 0, 1}, {}, 50)) == "ethernet ipv4 esp: end");
    CHECK(all.words(v4().other({0, 0, 0, 7}, {}, 115).ethernet().ipv4()) == "ethernet ipv4 l2tpv3: other_protocol");
    CHECK(all.words(packet{}.ethernet().other({0, 1, 0, 9, 0, 2, 1, 9}, 0x8847).payload(tcp)) ==
          "ethernet mpls mpls ipv4 tcp: end");
    CHECK(all.words(packet{}.ethernet().other({0x11, 0, 0, 7, 0, 45, 0, 0x21}, 0x8864).payload(tcp)) ==
          "ethernet pppoe ipv4 tcp: end");
    CHECK(all.words(packet{}.ethernet().other({0x11, 0, 0, 7, 0, 44, 0x21}, 0x8864).payload(tcp)) ==
          "ethernet pppoe ipv4 tcp: end"); // its protocol compressed
    CHECK(all.words(packet{}.ethernet().other({0x11, 0, 0, 7, 0, 6, 0xc0, 0x21, 1, 1, 0, 4}, 0x8864)) ==
          "ethernet pppoe: other_protocol"); // LCP
    CHECK(all.words(packet{}.ethernet().other({0x11, 0, 0, 7, 0, 1, 0, 0x21}, 0x8864).payload(tcp)) ==
          "ethernet pppoe: truncated");
    CHECK(all.words(packet{}.ethernet().other({0, 41, 0, 0, 0, 1, 8, 0}, 0x88e5).payload(tcp)) ==
          "ethernet macsec ipv4: truncated");
    CHECK(all.words(packet{}.ethernet().other({0, 0, 0, 0, 0, 1, 8, 0}, 0x88e5).payload(tcp)) ==
          "ethernet macsec ipv4 tcp: end");
    CHECK(all.words(packet{}.ethernet().vlan({.tag = 0x9100}).vlan().ipv4().tcp()) ==
          "ethernet vlan vlan ipv4 tcp: end");
    CHECK(all.words(v6().other({}, {}, 143).ethernet().ipv4().udp()) == "ethernet ipv6 ethernet ipv4 udp: end");
    CHECK(all.words(packet{}.ethernet().other(packet{}.arp({.operation = 3}).bytes(), 0x8035)) == "ethernet arp: end");
    CHECK(all.words(v6().hop_by_hop().routing().destination().ah().mobility().hip().shim6().udp()) ==
          "ethernet ipv6 ipv6_hop_by_hop ipv6_routing ipv6_destination ah ipv6_mobility ipv6_host_identity ipv6_shim6 "
          "udp: end");
}

TEST_CASE("a length instead of a type bounds what follows") {
    programs all;
    auto const inner =
        joined(snap_ipv4, packet{}.ipv4({.total_length = 100}).udp({.length = 80}).payload("abcd").bytes());
    auto const r = all.read(joined(ieee_802_3(inner), byte_string(18)));
    CHECK(r.stop == "end");
    CHECK(r.layers.size() == 5);
    CHECK(r.layers[2].name == "snap");
    CHECK((r.payload_offset == 50 && r.payload_length == 4));
    auto const bpdu = all.read(joined(ieee_802_3({0x42, 0x42, 3, 0, 0, 0, 0}), byte_string(39)));
    CHECK((bpdu.stop == "other_protocol" && bpdu.payload_offset == 17 && bpdu.payload_length == 4));
    CHECK(all.words(patched(ieee_802_3(inner), 12, {0, 20})) == "ethernet llc snap: truncated");
    CHECK(all.words(patched(ieee_802_3(inner), 12, {5, 0xdc})) == "ethernet llc snap ipv4 udp: end");
    CHECK(all.words(patched(ieee_802_3(inner), 12, {5, 0xdd})) == "ethernet: other_protocol");
    CHECK(all.words(patched(ieee_802_3(inner), 12, {5, 0xff})) == "ethernet: other_protocol");
    CHECK(all.words(ieee_802_3({0xff, 0xff, 0, 34, 0, 0})) == "ethernet: malformed"); // IPX without LLC
    // In tunnels such a number is no length.
    for (auto const &tunnel : {v4().other(gre(0, 0, 0x00fe), {}, 47).payload(inner).bytes(),
                               v4().udp({.dst = 6081}).payload(patched(geneve, 2, {0, 0xfe})).payload(inner).bytes()})
        CHECK(all.words(tunnel).ends_with(": other_protocol"));
}

TEST_CASE("what ends a walk without a fault") {
    programs all;
    CHECK(all.words(packet{}.ethernet({.type = 0x88b5}).payload("abc")) == "ethernet: other_protocol");
    CHECK(all.words(v4().payload("abc")) == "ethernet ipv4: other_protocol");
    CHECK(all.words(v6().other({}, {}, 59).payload("abc")) == "ethernet ipv6: end"); // no next header
    CHECK(all.words(v4().udp().payload("abc")) == "ethernet ipv4 udp: end");
    auto const later = all.read(v4().payload(byte_string(0)).bytes());
    CHECK(later.payload_length == 0);
    auto const fragment = all.read(packet{}.ethernet().ipv4({.fragment_offset = 185, .protocol = 6}).payload("0123"));
    CHECK((fragment.stop == "fragment" && fragment.layers.size() == 2 && !fragment.innermost));
    CHECK((fragment.ips[0].fragment_offset == 1480 && fragment.payload_length == 4));
    auto const six = all.read(v6().fragment({.offset = 185}).tcp());
    CHECK((six.stop == "fragment" && six.layers.size() == 3 && !six.innermost && six.ips[0].fragment_offset == 1480));
}

TEST_CASE("an ICMP error quotes a packet, as far as it does") {
    programs all;
    auto const quoted = packet{}.ipv4().tcp({.src = 1, .dst = 2}).payload("abc").bytes();
    auto const error = [&](std::ptrdiff_t size) {
        return v4().icmp({.type = 3}).payload(byte_string{quoted.begin(), quoted.begin() + size}).bytes();
    };
    CHECK(all.words(error(43)) == "ethernet ipv4 icmp ipv4 tcp: end");
    CHECK(all.words(error(28)) == "ethernet ipv4 icmp ipv4: truncated");
    auto const r = all.read(error(28));
    REQUIRE(r.innermost);
    CHECK((r.innermost->src == 1 && r.innermost->dst == 2));
    CHECK_FALSE(all.read(error(23)).innermost);
    CHECK(all.words(v6().icmpv6({.type = 1}).ipv6().udp()) == "ethernet ipv6 icmpv6 ipv6 udp: end");
    CHECK(all.words(v4().icmp().payload(quoted)) == "ethernet ipv4 icmp: end");
}

TEST_CASE("hostile packets have a reason") {
    programs all;
    auto const is = [&](packet const &p, char const *expected) { CHECK(all.words(p.bytes()) == expected); };
    for (u8 ihl = 0; ihl < 5; ihl++) is(packet{}.ethernet().ipv4({.ihl = ihl}).tcp(), "ethernet: malformed");
    is(packet{}.ethernet().ipv4({.version = 6}).tcp(), "ethernet: malformed");
    is(packet{}.ethernet().ipv4({.ihl = 15}).tcp(), "ethernet: truncated");
    for (u8 offset = 0; offset < 5; offset++) is(v4().tcp({.data_offset = offset}), "ethernet ipv4: malformed");
    is(v4().tcp({.data_offset = 15}).payload("abc"), "ethernet ipv4: truncated");
    CHECK_FALSE(all.read(v4().tcp({.data_offset = 3})).innermost);
    for (u16 length = 0; length < 8; length++) is(v4().udp({.length = length}), "ethernet ipv4: malformed");
    is(v4().udp({.length = 65535}), "ethernet ipv4 udp: end");
    is(packet{}.ethernet().ipv4({.total_length = 0}).tcp(), "ethernet: truncated");
    is(packet{}.ethernet().ipv4({.total_length = 19}).tcp(), "ethernet: truncated");
    is(packet{}.ethernet().ipv4({.total_length = 39}).tcp().padded(100), "ethernet ipv4: truncated");
    is(packet{}.ethernet().ipv6({.payload_length = 0}).tcp(), "ethernet ipv6: truncated");
    is(packet{}.ethernet().ipv6({.payload_length = 7}).hop_by_hop().tcp(), "ethernet ipv6: truncated");
    is(packet{}.ethernet().ipv6({.version = 4}).tcp(), "ethernet: malformed");
    is(v6().destination({.length = 255}).tcp(), "ethernet ipv6: truncated");
    is(v6().destination({.next_header = 60, .length = 0}).destination({.length = 9}).tcp(),
       "ethernet ipv6 ipv6_destination: truncated");
    is(v4().other(gre(0, 1, 0x880b), {}, 47).payload(byte_string(8)), "ethernet ipv4: malformed");
    is(v4().other(gre(0x40, 0, 0x0800), {}, 47).payload(byte_string(8)), "ethernet ipv4: malformed");
    is(v4().other(gre(0x10, 0, 0x88be), {}, 47).payload(byte_string(60, 0x20)), "ethernet ipv4 gre: malformed");
    is(v4().ah({.length = 0, .data = byte_string(10)}).tcp(), "ethernet ipv4: malformed");
    is(v4().udp({.dst = 4789}).payload(byte_string(40)), "ethernet ipv4 udp: malformed");
    is(v4().udp({.dst = 2152}).payload(patched(g_pdu, 0, {0x50})).payload(byte_string(20)),
       "ethernet ipv4 udp: malformed");
    is(v4().udp({.dst = 2152}).payload({0x34, 0xff, 0, 8, 0, 0, 0, 7, 0, 0, 0, 0x85, 0, 0, 0, 0}),
       "ethernet ipv4 udp gtp_u: malformed");
    // A loop of extension headers, and of headers in headers, ends where the walk does.
    packet loop = v6();
    for (u32 i = 0; i < 40; i++) loop.destination();
    auto const r = all.read(loop.tcp());
    CHECK((r.stop == "too_deep" && r.layers.size() == 16 && !r.innermost));
    packet ipip = packet{}.ethernet();
    for (u32 i = 0; i < 8; i++) ipip.ipv4();
    CHECK(all.read(packet{ipip}.tcp()).layers.size() == 10);
    CHECK(all.read(packet{ipip}.tcp()).stop == "end");
    for (u32 i = 0; i < 8; i++) ipip.ipv4();
    CHECK(all.read(ipip.tcp()).stop == "too_deep");
    packet exact = packet{}.ethernet();
    for (u32 i = 0; i < 14; i++) exact.vlan();
    CHECK(all.words(packet{exact}.arp()).ends_with("vlan arp: end")); // 16 headers are no header too many
    CHECK(all.words(exact.vlan().arp()).ends_with("vlan: too_deep"));
}

TEST_CASE("cut off at every byte") {
    programs all;
    all.sweep(packet{}
                  .ethernet()
                  .vlan(7, 0x88a8)
                  .vlan(9)
                  .ipv4({.options = {1, 1, 1, 1}})
                  .udp({.dst = 4789})
                  .payload(vxlan)
                  .ethernet()
                  .ipv6()
                  .hop_by_hop()
                  .fragment({.more = true})
                  .tcp({.options = {1, 1, 1, 1}})
                  .payload("abc"));
    all.sweep(v6().other(gre(0xb0, 0, 0x6558), {}, 47).payload(byte_string(12)).ethernet().arp());
    all.sweep(v4().udp({.dst = 6081}).payload(geneve).ethernet().ipv4().icmp({.type = 3}).ipv4().udp().payload("abc"));
    all.sweep(
        v4().udp({.dst = 2152}).payload({0x34, 0xff, 0, 48, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0x10, 9, 0}).ipv6().udp());
    all.sweep(packet{}.ethernet().other({0x11, 0, 0, 7, 0, 42, 0, 0x21}, 0x8864).ipv4().tcp());
    all.sweep(v4().ah().ipv6().routing().destination().udp().payload("abc"));
    all.sweep(packet{}.ethernet().other({0, 1, 0, 9, 0, 2, 1, 9}, 0x8847).ipv4().tcp());
    all.sweep(
        packet{}.ethernet().other({0x2c, 12, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8}, 0x88e5).payload(byte_string(28)));
    all.sweep(ieee_802_3(joined(snap_ipv4, packet{}.ipv4().udp().payload("abc"))));
}

TEST_CASE("packets that start with something else") {
    using dissection::number_of;
    CHECK(programs{number_of<net::ipv4>}.words(packet{}.ipv4().tcp()) == "ipv4 tcp: end");
    CHECK(programs{number_of<net::ipv6>}.words(packet{}.ipv6().tcp()) == "ipv6 tcp: end");
    byte_string const wifi{8, 1, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0};
    byte_string const radio{0, 0, 8, 0, 0, 0, 0, 0};
    auto const inner = joined(snap_ipv4, packet{}.ipv4().tcp());
    CHECK(programs{number_of<net::ieee80211>}.words(joined(wifi, inner)) == "ieee80211 llc snap ipv4 tcp: end");
    programs radiotap{number_of<net::radiotap>};
    CHECK(radiotap.words(joined(joined(radio, wifi), inner)) == "radiotap ieee80211 llc snap ipv4 tcp: end");
    CHECK(radiotap.words(joined(radio, patched(wifi, 0, {0x80}))) == "radiotap ieee80211: other_protocol"); // a beacon
    CHECK(radiotap.words(joined(joined(radio, patched(wifi, 1, {0x41})), inner)) ==
          "radiotap ieee80211: other_protocol");
    radiotap.sweep(joined(joined(radio, wifi), inner));
}
