// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// block_http's kernel side, unmodified: natively and in the kernel, on the same packets, with the same verdicts, reasons,
// events and counters.
#include <algorithm>
#include <array>
#include <bpf/libbpf.h>
#include <examples/block_http/block_http.bpf.cpp>
#include <functional>
#include <optional>
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>
#include <utility>

using test::joined, test::packet, test::patched, test::text;
using bytes_of = test::byte_string;

namespace {
using record = std::array<u8, sizeof(event)>;
using tallies = std::array<xdp::tally, reason_count>;

/// What one packet led to.
struct outcome {
    int verdict;
    reason why;
    std::optional<record> told;
    auto told_as() const -> event {
        event e{};
        std::memcpy(static_cast<void *>(&e), told.value().data(), sizeof e);
        return e;
    }
};

/// The reading end of a ring buffer in the kernel.
class reader {
    struct free {
        auto operator()(ring_buffer *r) const -> void { ring_buffer__free(r); }
    };
    std::unique_ptr<std::vector<record>> all_ = std::make_unique<std::vector<record>>();
    std::unique_ptr<ring_buffer, free> handle_;

    static auto keep(void *to, void *data, std::size_t size) -> int {
        record r;
        if (size != sizeof r) return -EMSGSIZE;
        std::memcpy(r.data(), data, sizeof r);
        static_cast<std::vector<record> *>(to)->push_back(r);
        return 0;
    }

  public:
    explicit reader(int map) : handle_{ring_buffer__new(map, keep, all_.get(), nullptr)} {
        if (!handle_) FAIL("no ring buffer: " << std::strerror(errno));
    }
    auto consume() const -> std::vector<record> {
        if (ring_buffer__consume(handle_.get()) != static_cast<int>(all_->size())) FAIL("a record of another size");
        return std::exchange(*all_, {});
    }
};
auto consume(host::storage &ring) -> std::vector<record> {
    std::vector<record> all;
    ring.consume([&](std::span<u8 const> bytes) {
        REQUIRE(bytes.size() == sizeof(record));
        std::copy(bytes.begin(), bytes.end(), all.emplace_back().begin());
    });
    return all;
}
/// The sum over all CPUs.
template <class T> auto sum(int map, u32 key) -> T {
    std::vector<T> each(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    REQUIRE(bpf_map_lookup_elem(map, &key, each.data()) == 0);
    T total{};
    auto *const to = reinterpret_cast<u64 *>(&total);
    for (auto const &one : each)
        for (std::size_t i = 0; i < sizeof(T) / sizeof(u64); i++) to[i] += reinterpret_cast<u64 const *>(&one)[i];
    return total;
}
auto read_tallies(int map) -> tallies {
    tallies all;
    for (u32 i = 0; i < reason_count; i++) all[i] = sum<xdp::tally>(map, i);
    return all;
}
auto read_tallies(host::storage &map) -> tallies {
    tallies all;
    for (u32 i = 0; i < reason_count; i++) std::memcpy(&all[i], map.lookup(&i), sizeof all[i]);
    return all;
}
auto same(tallies const &a, tallies const &b) -> bool { return std::memcmp(&a, &b, sizeof a) == 0; }

/// The program with these settings, and its maps on every side.
class program {
    test::both run_{block_http};
    std::vector<reader> events_;
    std::vector<int> counters_;
    std::vector<tallies> before_;
    tallies native_before_{};

    auto native(char const *name) -> host::storage & { return run_.native_map(name); }
    /// By the one counter that has moved, by one.
    static auto moved(tallies const &before, tallies const &after, int verdict) -> reason {
        std::optional<reason> found;
        for (u32 i = 0; i < reason_count; i++)
            for (auto const &[of, action] : {std::pair{&xdp::tally::aborted, xdp::aborted},
                                             {&xdp::tally::drop, xdp::drop},
                                             {&xdp::tally::pass, xdp::pass},
                                             {&xdp::tally::tx, xdp::tx},
                                             {&xdp::tally::redirect, xdp::redirect}}) {
                auto const by = after[i].*of - before[i].*of;
                if (by == 0) continue;
                if (by != 1 || found || action != verdict) FAIL("counters: more than the verdict was counted");
                found = static_cast<reason>(i);
            }
        if (!found) FAIL("counters: the verdict was not counted");
        return *found;
    }
    static auto without_time(std::vector<record> all) -> std::vector<record> {
        for (auto &r : all) std::fill_n(r.begin(), sizeof(u64), u8{0});
        return all;
    }

  public:
    explicit program(settings const &what = {1, 1}, std::vector<u16> const &ports = {}) {
        run_.set("config", what);
        u8 const value = 1;
        for (auto const port : ports) {
            auto const key = be16{port};
            REQUIRE(native("exempt").update(&key, &value, BPF_ANY) == 0);
            run_.each_kernel_map("exempt",
                                 [&](int fd) { REQUIRE(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0); });
        }
        run_.each_kernel_map("events", [&](int fd) { events_.emplace_back(fd); });
        run_.each_kernel_map("counters", [&](int fd) {
            counters_.push_back(fd);
            before_.push_back(read_tallies(fd));
        });
    }

    /// Verdict and bytes alone; the maps change, and nobody looks.
    auto step(bytes_of const &p) -> int {
        auto const a = run_.step(p);
        if (a.bytes != p) FAIL("the packet was changed");
        return a.verdict;
    }
    /// Every side answers alike, counts alike and tells alike, apart from the time.
    auto run(bytes_of const &p) -> outcome {
        auto const verdict = step(p);
        auto const now = read_tallies(native("counters"));
        outcome all{verdict, moved(native_before_, now, verdict), {}};
        native_before_ = now;
        auto const told = consume(native("events"));
        if (told.size() > 1) FAIL("more than one event");
        if (!told.empty()) all.told = told[0];
        if (all.told.has_value() != (verdict == xdp::drop)) FAIL("a drop and no event, or an event and no drop");
        for (std::size_t i = 0; i < counters_.size(); i++) {
            auto const kernel = read_tallies(counters_[i]);
            auto const why = moved(before_[i], kernel, verdict);
            before_[i] = kernel;
            if (why != all.why)
                FAIL("natively " << name_of(all.why) << ", in the kernel " << name_of(why) << ": " << test::hex(p));
            if (without_time(events_[i].consume()) != without_time(told))
                FAIL("another event than natively: " << test::hex(p));
        }
        return all;
    }
    auto drops(bytes_of const &p) -> bool {
        auto const all = run(p);
        if (all.verdict != xdp::drop && all.verdict != xdp::pass) FAIL("verdict " << all.verdict);
        return all.verdict == xdp::drop;
    }
    auto reason_of(bytes_of const &p) -> reason {
        auto const all = run(p);
        CHECK(all.verdict == xdp::pass);
        return all.why;
    }
    /// Cut off at every length; below what the kernel runs, natively alone. Dropped from `needed` bytes on, truncated
    /// below `headers`.
    auto sweep(bytes_of const &p, std::size_t headers, std::size_t needed) -> void {
        for (std::size_t length = 0; length <= p.size(); length++) {
            auto const cut = bytes_of(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(length));
            INFO("cut off at " << length << " of " << p.size() << ", headers " << headers << ", needed " << needed);
            if (!test::both::in_kernel(length)) {
                CHECK(run_.run(cut).verdict == xdp::pass);
                native_before_ = read_tallies(native("counters"));
                continue;
            }
            auto const all = run(cut);
            CHECK(all.verdict == (length < needed ? xdp::pass : xdp::drop));
            CHECK(all.why == (length < headers ? reason::truncated : reason::none));
            if (length >= needed) CHECK(all.told_as().length == std::min<std::size_t>(length - headers, 32));
        }
    }

    auto sides() -> std::size_t { return counters_.size() + 1; }
    auto each_tallies(std::function<void(tallies const &)> const &use) -> void {
        use(read_tallies(native("counters")));
        for (auto const fd : counters_) use(read_tallies(fd));
    }
    auto lost() -> std::vector<u64> {
        u32 const first = 0;
        std::vector<u64> all(1);
        std::memcpy(all.data(), native("lost").lookup(&first), sizeof(u64));
        run_.each_kernel_map("lost", [&](int fd) { all.push_back(sum<u64>(fd, first)); });
        return all;
    }
    auto waiting() -> std::vector<std::vector<record>> {
        std::vector<std::vector<record>> all{consume(native("events"))};
        for (auto const &ring : events_) all.push_back(ring.consume());
        return all;
    }
};

std::string const methods[] = {"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
std::string const versions[] = {"HTTP/1.0", "HTTP/1.1"};
auto all_starts() -> std::vector<std::string> {
    std::vector<std::string> all{std::begin(versions), std::end(versions)};
    for (auto const &m : methods) all.push_back(m + " ");
    return all;
}
auto is_http(std::string const &payload) -> bool {
    auto const starts = all_starts();
    return std::any_of(starts.begin(), starts.end(), [&](auto const &s) { return payload.starts_with(s); });
}

auto v4(std::string_view payload) -> packet { return packet{}.ethernet().ipv4().tcp().payload(payload); }
auto v6(std::string_view payload) -> packet { return packet{}.ethernet().ipv6().tcp().payload(payload); }
} // namespace

TEST_CASE("each method and each version, alone, cut by a byte, and with each bit changed") {
    program http;
    for (auto const &start : all_starts())
        for (auto const make : {v4, v6}) {
            INFO('"' << start << '"');
            CHECK(http.drops(make(start)));
            CHECK(http.drops(make(start + " 200 OK\r\n\r\n")));
            CHECK(http.drops(make(start).padded(100)));
            for (std::size_t length = 0; length < start.size(); length++) {
                CHECK_FALSE(http.drops(make(start.substr(0, length))));
                CHECK_FALSE(http.drops(make(start.substr(0, length)).padded(100)));
            }
            for (std::size_t at = 0; at < start.size(); at++)
                for (int bit = 0; bit < 8; bit++) {
                    auto changed = start;
                    changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
                    CHECK(http.drops(make(changed)) == is_http(changed)); // HTTP/1.0 and HTTP/1.1 are one bit apart
                }
        }
}

TEST_CASE("near misses pass") {
    program http;
    // clang-format off
    for (auto const *const payload :
         {"GETX / HTTP/1.1", "GET\t/ HTTP/1.1", "GET", "GET/", "get / HTTP/1.1", "Get / HTTP/1.1", "GE T / HTTP/1.1",
          "http/1.1 200", "HTTP/1.2 200", "HTTP/2.0 200", "HTTP/0.9 200", "HTTP/1,1 200", "HTTP/11", "HTTP/1.", "HTTP",
          "HTTPS/1.1", " GET / HTTP/1.1", "\r\nGET / HTTP/1.1", "XGET / ", "LINK / ", "PROPFIND / ", "PATCHX / ",
          "OPTIONS* ", "CONNECT", "POSTX / ", "PRI * HTTP/2.0\r\n\r\n", "TRACEGET / ", "\x16\x03\x01", "SSH-2.0-x",
          "/ HTTP/1.1\r\n", "x HTTP/1.1 200 OK", "M-SEARCH * HTTP/1", "NOTIFY * HTTP/1.1\r\n"}) {
        // clang-format on
        INFO(payload);
        CHECK_FALSE(http.drops(v4(payload)));
        CHECK_FALSE(http.drops(v6(payload)));
    }
    CHECK_FALSE(http.drops(v4({"GET\0/ HTTP/1.1", 15})));
    CHECK_FALSE(http.drops(v4({"\0GET / HTTP/1.1", 16})));
    SECTION("a start that two segments share is in neither") {
        for (auto const &start : all_starts())
            for (std::size_t at = 1; at < start.size(); at++) {
                CHECK_FALSE(http.drops(v4(start.substr(0, at))));
                CHECK(http.drops(v4(start.substr(at) + "/ HTTP/1.1\r\n")) == is_http(start.substr(at)));
            }
    }
}

TEST_CASE("a reset's text is no message, whatever other flags it has") {
    program http;
    for (u32 flags = 0; flags < 256; flags++)
        for (auto const *const start : {"GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n"}) {
            INFO("flags " << flags);
            auto const segment = test::packet{}.ethernet().ipv4().tcp({.flags = static_cast<u8>(flags)}).payload(start);
            CHECK(http.drops(segment) == ((flags & 4) == 0));
        }
}

TEST_CASE("settings: what is matched") {
    for (u32 const requests : {0u, 1u, 2u, 0x100u, 0x8000'0000u})
        for (u32 const responses : {0u, 1u, 0x1'0000u}) {
            INFO("requests " << requests << ", responses " << responses);
            program http{{requests, responses}};
            for (auto const &m : methods) CHECK(http.drops(v4(m + " / HTTP/1.1\r\n")) == (requests != 0));
            for (auto const &v : versions) CHECK(http.drops(v6(v + " 200 OK\r\n")) == (responses != 0));
            CHECK_FALSE(http.drops(v4("hello")));
        }
}

TEST_CASE("ports to exempt, in either direction") {
    auto const from_to = [](u16 src, u16 dst, bool six = false) {
        packet p;
        p.ethernet();
        if (six)
            p.ipv6().hop_by_hop();
        else
            p.ipv4();
        return p.tcp({.src = src, .dst = dst}).payload("GET / HTTP/1.1\r\n").bytes();
    };
    SECTION("two ports") {
        program http{{1, 1}, {80, 0x1234}};
        for (bool const six : {false, true})
            for (u16 const port : {u16{80}, u16{0x1234}}) {
                CHECK_FALSE(http.drops(from_to(port, 5000, six)));
                CHECK_FALSE(http.drops(from_to(5000, port, six)));
                CHECK_FALSE(http.drops(from_to(port, port, six)));
                CHECK(http.drops(from_to(static_cast<u16>(port + 1), static_cast<u16>(port - 1), six)));
                auto const swapped = static_cast<u16>(port << 8 | port >> 8); // the other byte order is another port
                CHECK(http.drops(from_to(swapped, 5000, six)));
                CHECK(http.drops(from_to(5000, swapped, six)));
            }
        CHECK(http.run(from_to(80, 5000)).why == reason::none);
    }
    SECTION("the first and the last port") {
        program http{{1, 1}, {0, 65535}};
        for (u16 const port : {u16{0}, u16{65535}}) {
            CHECK_FALSE(http.drops(from_to(port, 5000)));
            CHECK_FALSE(http.drops(from_to(5000, port)));
        }
        CHECK(http.drops(from_to(1, 65534)));
    }
    SECTION("as many as there is room for") {
        std::vector<u16> ports;
        for (u32 i = 0; i < exempt_spec::capacity; i++) ports.push_back(static_cast<u16>(1 + i * 61));
        program http{{1, 1}, ports};
        for (auto const port : ports) {
            CHECK_FALSE(http.drops(from_to(port, 0)));
            CHECK_FALSE(http.drops(from_to(0, port)));
            CHECK(http.drops(from_to(0, static_cast<u16>(port + 1))));
        }
    }
}

TEST_CASE("the way to the payload: tags, options, extension headers") {
    program http;
    SECTION("VLAN tags: up to two") {
        for (u16 const outer : {u16{0x8100}, u16{0x88a8}})
            for (u16 const inner : {u16{0x8100}, u16{0x88a8}})
                for (int count = 0; count <= 4; count++)
                    for (bool const six : {false, true}) {
                        packet p;
                        p.ethernet();
                        for (int i = 0; i < count; i++) p.vlan(static_cast<u16>(0xe001 + i), i == 0 ? outer : inner);
                        if (six)
                            p.ipv6();
                        else
                            p.ipv4();
                        INFO(count << " tags");
                        auto const all = http.run(p.tcp().payload("GET / HTTP/1.1\r\n"));
                        CHECK(all.verdict == (count <= 2 ? xdp::drop : xdp::pass));
                        CHECK(all.why == (count <= 2 ? reason::none : reason::too_deep));
                    }
    }
    SECTION("options of IPv4 and of TCP, of every length") {
        for (std::size_t ip = 0; ip <= 40; ip += 4)
            for (std::size_t tcp = 0; tcp <= 40; tcp += 4) {
                auto const make = [&](std::string_view payload) {
                    return packet{}
                        .ethernet()
                        .ipv4({.options = bytes_of(ip, 'G')})
                        .tcp({.options = bytes_of(tcp, 'H')})
                        .payload(payload);
                };
                CHECK(http.drops(make("HTTP/1.1")));
                CHECK_FALSE(http.drops(make("HTTP/1.")));
                CHECK_FALSE(http.drops(make("")));
            }
        // Options that look like a message are none.
        CHECK_FALSE(http.drops(packet{}.ethernet().ipv4().tcp({.options = text("HTTP/1.1")}).payload("x")));
        CHECK_FALSE(http.drops(packet{}.ethernet().ipv4({.options = text("GET / HTTP/1.1")}).tcp()));
        CHECK_FALSE(http.drops(packet{}.ethernet().ipv6().destination({.data = text("HTTP/1.1HTTP/1.1")}).tcp()));
    }
    using step = std::function<void(packet &)>;
    step const headers[] = {[](packet &p) { p.hop_by_hop(); },
                            [](packet &p) { p.routing({.data = bytes_of(22)}); },
                            [](packet &p) { p.destination({.data = bytes_of(14)}); },
                            [](packet &p) { p.fragment(); },
                            [](packet &p) { p.fragment({.reserved = 0xff, .more = true}); },
                            [](packet &p) { p.ah(); },
                            [](packet &p) {
                                p.ah({{}, {}, bytes_of(14)});
                            },
                            [](packet &p) { p.mobility({.data = bytes_of(14)}); },
                            [](packet &p) { p.hip({.data = bytes_of(38)}); },
                            [](packet &p) { p.shim6({.data = bytes_of(6)}); }};
    SECTION("one and two extension headers, of every kind") {
        for (auto const &first : headers) {
            for (auto const &second : headers) {
                packet p;
                p.ethernet().vlan(3).ipv6();
                first(p);
                second(p);
                CHECK(http.drops(packet{p}.tcp().payload("GET / HTTP/1.1")));
                CHECK(http.drops(packet{p}.tcp({.options = bytes_of(12)}).payload("GET ")));
                CHECK_FALSE(http.drops(packet{p}.tcp().payload("GET")));
                CHECK_FALSE(http.drops(packet{p}.udp().payload("GET / HTTP/1.1")));
            }
        }
    }
    SECTION("as many extension headers as there may be, and one more") {
        for (u32 count = 0; count <= net::ipv6_extension::most + 2; count++) {
            packet p;
            p.ethernet().vlan(1, 0x88a8).vlan(2).ipv6();
            for (u32 i = 0; i < count; i++) headers[i % std::size(headers)](p);
            INFO(count);
            auto const all = http.run(p.tcp().payload("HTTP/1.0 404 Not Found\r\n"));
            CHECK(all.verdict == (count <= net::ipv6_extension::most ? xdp::drop : xdp::pass));
            CHECK(all.why == (count <= net::ipv6_extension::most ? reason::none : reason::too_deep));
        }
    }
    SECTION("long ones") {
        for (std::size_t size : {254u, 1022u, 2046u}) {
            auto const p = packet{}.ethernet().ipv6().destination({.data = bytes_of(size, 'G')}).tcp();
            CHECK(http.drops(packet{p}.payload("GET / HTTP/1.1")));
            CHECK_FALSE(http.drops(packet{p}.payload("GET")));
        }
    }
}

TEST_CASE("everything else passes, and the reason says why") {
    program http;
    auto const get = "GET / HTTP/1.1\r\n";
    CHECK(http.reason_of(v4("")) == reason::none);
    CHECK(http.reason_of(packet{}.ethernet().ipv4().udp({.dst = 80}).payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().ipv6().udp({.dst = 80}).payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().ipv4().icmp().payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().ipv6().icmpv6().payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().arp().payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet({.type = u16{100}}).payload(get)) == reason::other_protocol); // 802.3, LLC
    CHECK(http.reason_of(packet{}.ethernet().ipv4().ipv4().tcp().payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().ipv6({.next_header = u8{59}}).payload(get)) == reason::other_protocol);
    CHECK(http.reason_of(packet{}.ethernet().ipv6().other({}, {}, u8{50}).payload(get)) == reason::other_protocol);
    for (u8 const version : {u8{0}, u8{5}, u8{6}, u8{15}})
        CHECK(http.reason_of(packet{}.ethernet().ipv4({.version = version}).tcp().payload(get)) == reason::malformed);
    for (u8 const version : {u8{0}, u8{4}, u8{7}, u8{15}})
        CHECK(http.reason_of(packet{}.ethernet().ipv6({.version = version}).tcp().payload(get)) == reason::malformed);
    for (u8 ihl = 0; ihl < 5; ihl++)
        CHECK(http.reason_of(packet{}.ethernet().ipv4({.ihl = ihl}).tcp().payload(get)) == reason::malformed);
    for (u8 offset = 0; offset < 5; offset++) {
        CHECK(http.reason_of(packet{}.ethernet().ipv4().tcp({.data_offset = offset}).payload(get)) ==
              reason::malformed);
        CHECK(http.reason_of(packet{}.ethernet().ipv6().tcp({.data_offset = offset}).payload(get)) ==
              reason::malformed);
    }
}

TEST_CASE("fragments: the first is looked at, later ones have no ports") {
    program http;
    auto const get = "GET / HTTP/1.1\r\n";
    for (bool const more : {false, true})
        for (u16 const offset : {u16{0}, u16{1}, u16{8}, u16{0x1000}, u16{0x1fff}}) {
            INFO("offset " << offset << ", more " << more);
            auto const four =
                http.run(packet{}
                             .ethernet()
                             .ipv4({.dont_fragment = !more, .more_fragments = more, .fragment_offset = offset})
                             .tcp()
                             .payload(get));
            auto const six =
                http.run(packet{}.ethernet().ipv6().fragment({.offset = offset, .more = more}).tcp().payload(get));
            for (auto const &all : {four, six}) {
                CHECK(all.verdict == (offset == 0 ? xdp::drop : xdp::pass));
                CHECK(all.why == (offset == 0 ? reason::none : reason::fragment));
            }
        }
    CHECK(http.reason_of(packet{}.ethernet().ipv6().hop_by_hop().fragment({.offset = 3}).destination().tcp()) ==
          reason::fragment);
}

TEST_CASE("the IP length bounds the payload: padding is none, and a length that lies adds nothing") {
    program http;
    auto const start = std::string{"HTTP/1.1"};
    for (bool const six : {false, true}) {
        packet p;
        p.ethernet();
        if (six)
            p.ipv6();
        else
            p.ipv4();
        auto const bytes = p.tcp().payload(start + " 200 OK\r\n").bytes();
        auto const field = six ? 18u : 16u, inside = six ? 20u : 40u; // where the length is; what it counts in front
        auto const headers = six ? 74u : 54u;
        for (u32 length = 0; length <= 0xffff; length += length < 100 ? 1 : 6543) {
            INFO((six ? "IPv6" : "IPv4") << ", length field " << length);
            auto const lying = patched(bytes, field, {static_cast<u8>(length >> 8), static_cast<u8>(length)});
            for (auto const &one : {lying, joined(lying, text("HTTP/1.1 padding, in no IP packet"))}) {
                auto const all = http.run(one);
                CHECK(all.verdict == (length >= inside + start.size() ? xdp::drop : xdp::pass));
                CHECK((all.why == reason::none) == (length >= inside));
                if (length < inside) CHECK((all.why == reason::truncated || all.why == reason::malformed));
                if (all.told)
                    CHECK(all.told_as().length == std::min<std::size_t>({length - inside, one.size() - headers, 32}));
            }
        }
    }
    // An empty segment, as it is acknowledged, and what a careless sender left in the frame.
    for (auto const &s : all_starts()) {
        CHECK(http.reason_of(joined(v4(""), text(s + " / HTTP/1.1\r\n"))) == reason::none);
        CHECK(http.reason_of(joined(v6(""), text(s + " / HTTP/1.1\r\n"))) == reason::none);
    }
    SECTION("a data offset behind the packet's end, or behind the IP packet's") {
        for (u8 offset = 5; offset <= 15; offset++)
            for (std::size_t padding : {0u, 60u}) {
                auto const p =
                    packet{}.ethernet().ipv4().tcp({.data_offset = offset}).payload("HTTP/1.1HTTP/1.1").bytes();
                auto const all = http.run(joined(p, bytes_of(padding, 'x')));
                auto const fits = (offset - 5u) * 4 <= 16;
                INFO(int{offset} << ", padding " << padding);
                CHECK(all.why == (fits ? reason::none : reason::truncated));
                CHECK(all.verdict == (offset == 5 || offset == 7 ? xdp::drop : xdp::pass));
            }
    }
    SECTION("an IHL behind the end") {
        for (u8 ihl = 6; ihl <= 15; ihl++) {
            auto const all = http.run(packet{}.ethernet().ipv4({.ihl = ihl, .total_length = u16{36}}).tcp());
            CHECK(all.verdict == xdp::pass);
            CHECK(all.why != reason::none);
        }
    }
    SECTION("extension headers that reach behind the end") {
        for (u32 length = 0; length <= 255; length++)
            for (auto const *const payload : {"GET / HTTP/1.1\r\n", ""}) {
                auto const p = packet{}
                                   .ethernet()
                                   .ipv6()
                                   .destination({.length = static_cast<u8>(length), .data = bytes_of(14, 6)})
                                   .tcp()
                                   .payload(payload);
                auto const all = http.run(p);
                CHECK((all.verdict == xdp::drop) == (length == 1 && *payload != 0));
            }
    }
}

TEST_CASE("every truncation of packets that have everything") {
    program http;
    auto const payload = std::string{"OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n"};
    SECTION("IPv4") {
        auto const p = packet{}
                           .ethernet()
                           .vlan(1, 0x88a8)
                           .vlan(2)
                           .ipv4({.options = bytes_of(12, 1)})
                           .tcp({.options = bytes_of(20, 1)});
        http.sweep(packet{p}.payload(payload), p.size(), p.size() + 8);
        http.sweep(packet{}.ethernet().ipv4().tcp().payload("GET /"), 54, 58);
        http.sweep(packet{}.ethernet().ipv4().tcp().payload("HTTP/1.1"), 54, 62);
    }
    SECTION("IPv6") {
        auto const p = packet{}
                           .ethernet()
                           .vlan(1)
                           .ipv6()
                           .hop_by_hop()
                           .routing({.data = bytes_of(22)})
                           .fragment()
                           .ah()
                           .destination()
                           .tcp({.options = bytes_of(8, 1)});
        http.sweep(packet{p}.payload(payload), p.size(), p.size() + 8);
        http.sweep(packet{}.ethernet().ipv6().tcp().payload("GET /"), 74, 78);
    }
}

TEST_CASE("an event, byte for byte") {
    program http;
    auto const now = [] { return host::clock_ns(CLOCK_MONOTONIC); };
    auto const expect = [&](bytes_of const &p, event const &wanted) {
        auto const before = now();
        auto const all = http.run(p);
        auto const after = now();
        REQUIRE(all.told);
        auto const e = all.told_as();
        CHECK(e.time >= before);
        CHECK(e.time <= after);
        record r;
        event w{wanted};
        w.time = e.time;
        std::memcpy(r.data(), static_cast<void const *>(&w), sizeof w);
        INFO(test::hex(*all.told));
        CHECK(*all.told == r);
    };
    auto const start = [](event &e, std::string_view t) {
        e.length = static_cast<u8>(std::min<std::size_t>(t.size(), 32));
        std::copy_n(t.begin(), e.length, e.start);
    };
    SECTION("a request in IPv4") {
        auto const payload = std::string{"GET /index.html HTTP/1.1\r\nHost: a.example\r\n\r\n"};
        event e{};
        e.src = net::ip_address{be32{0xc000'0201}};
        e.dst = net::ip_address{be32{0xc633'6402}};
        u8 const mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
        REQUIRE(std::memcmp(e.src.raw, mapped, sizeof mapped) == 0);
        e.src_port = be16{0xabcd}, e.dst_port = be16{80};
        start(e, payload);
        expect(packet{}
                   .ethernet()
                   .vlan(5)
                   .ipv4({.src = 0xc000'0201, .dst = 0xc633'6402, .options = bytes_of(4, 1)})
                   .tcp({.src = 0xabcd, .dst = 80, .options = bytes_of(12, 1)})
                   .payload(payload),
               e);
    }
    SECTION("a response in IPv6") {
        auto const payload = std::string{"HTTP/1.0 200 OK\r\n\r\n\x01\xff"};
        test::ipv6_fields const ip{};
        event e{};
        std::copy(ip.src.begin(), ip.src.end(), e.src.raw);
        std::copy(ip.dst.begin(), ip.dst.end(), e.dst.raw);
        e.src_port = be16{8080}, e.dst_port = be16{0x1234};
        e.is_response = 1;
        start(e, payload);
        expect(packet{}.ethernet().ipv6().hop_by_hop().tcp({.src = 8080, .dst = 0x1234}).payload(payload), e);
    }
    SECTION("as much of the start as there is, zeros behind") {
        for (std::size_t length = 0; length <= 40; length++)
            for (auto const *const first : {"GET ", "HTTP/1.1"})
                for (auto const make : {v4, v6}) {
                    auto payload = std::string{first};
                    while (payload.size() < length) payload += static_cast<char>(0x80 + payload.size());
                    payload.resize(length);
                    for (auto const &p : {make(payload).bytes(), joined(make(payload), text("padding, not payload"))}) {
                        auto const all = http.run(p);
                        INFO(length << " bytes");
                        CHECK(all.told.has_value() == is_http(payload));
                        if (!all.told) continue;
                        auto const e = all.told_as();
                        auto const kept = std::min<std::size_t>(length, 32);
                        CHECK(e.length == kept);
                        CHECK(e.is_response == (*first == 'H'));
                        CHECK(std::memcmp(e.start, payload.data(), kept) == 0);
                        CHECK(std::all_of(e.start + kept, std::end(e.start), [](u8 b) { return b == 0; }));
                    }
                }
    }
    SECTION("a response that is matched as such, whatever else is matched") {
        program responses{{0, 1}};
        CHECK(responses.run(v4("HTTP/1.1 200")).told_as().is_response == 1);
        program requests{{1, 0}};
        CHECK(requests.run(v4("GET / ")).told_as().is_response == 0);
    }
}

TEST_CASE("counters by verdict and reason") {
    program http{{1, 1}, {443}};
    struct kind {
        bytes_of bytes;
        u32 times;
        int verdict;
        reason why;
    };
    auto const get = "GET / HTTP/1.1\r\n";
    kind const kinds[] = {
        {v4(get), 7, xdp::drop, reason::none},
        {v6("HTTP/1.1 200"), 3, xdp::drop, reason::none},
        {v4("hello"), 5, xdp::pass, reason::none},
        {packet{}.ethernet().ipv4().tcp({.dst = 443}).payload(get), 2, xdp::pass, reason::none},
        {bytes_of(14), 1, xdp::pass, reason::other_protocol},
        {packet{}.ethernet().arp(), 4, xdp::pass, reason::other_protocol},
        {packet{}.ethernet().ipv4({.fragment_offset = 9}).tcp(), 6, xdp::pass, reason::fragment},
        {packet{}.ethernet().ipv4({.ihl = u8{4}}).tcp(), 8, xdp::pass, reason::malformed},
        {packet{}.ethernet().ipv4(), 9, xdp::pass, reason::other_protocol},
        {packet{}.ethernet().ipv4({.protocol = u8{6}}), 10, xdp::pass, reason::truncated},
        {packet{}.ethernet().vlan(1).vlan(2).vlan(3).ipv4().tcp(), 11, xdp::pass, reason::too_deep},
    };
    tallies expected{};
    for (auto const &k : kinds)
        for (u32 i = 0; i < k.times; i++) {
            CHECK(http.step(k.bytes) == k.verdict);
            auto &t = expected[static_cast<u32>(k.why)];
            ++(k.verdict == xdp::drop ? t.drop : t.pass);
        }
    std::size_t sides = 0;
    http.each_tallies([&](tallies const &is) {
        sides++;
        for (u32 i = 0; i < reason_count; i++) {
            INFO("side " << sides << ", " << name_of(static_cast<reason>(i)));
            CHECK(is[i].pass == expected[i].pass);
            CHECK(is[i].drop == expected[i].drop);
        }
        CHECK(same(is, expected)); // nothing aborted, sent back or redirected
    });
    CHECK(sides == http.sides());
}

TEST_CASE("events that find the ring buffer full are lost, and counted; the packets are dropped all the same") {
    program http;
    // Each record takes 8 bytes more than the event, and one byte of the ring always stays free.
    constexpr u32 room = ((1u << 20) - 1) / (sizeof(event) + 8);
    auto const p = v4("GET / HTTP/1.1\r\n").bytes();
    u32 passed = 0;
    for (u32 i = 0; i < room; i++) passed += http.step(p) != xdp::drop;
    for (auto const n : http.lost()) CHECK(n == 0);
    for (u32 i = 0; i < 100; i++) passed += http.step(p) != xdp::drop;
    CHECK(passed == 0);
    for (auto const n : http.lost()) CHECK(n == 100);
    for (auto const &all : http.waiting()) CHECK(all.size() == room);
    CHECK(http.step(p) == xdp::drop); // there is room again
    for (auto const n : http.lost()) CHECK(n == 100);
    for (auto const &all : http.waiting()) CHECK(all.size() == 1);
    http.each_tallies([&](tallies const &is) { CHECK(is[0].drop == room + 101); });
}

TEST_CASE("packets with bytes changed at random: every side agrees on verdict, reason and event") {
    program http{{1, 1}, {7}};
    std::mt19937 random{20};
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::vector<bytes_of> const seeds{
        v4("GET / HTTP/1.1\r\n"),
        v6("HTTP/1.1 200 OK\r\n"),
        packet{}
            .ethernet()
            .vlan(1)
            .vlan(2)
            .ipv4({.options = bytes_of(8, 1)})
            .tcp({.options = bytes_of(12, 1)})
            .payload("POST /x HTTP/1.1\r\n"),
        packet{}.ethernet().vlan(9, 0x88a8).ipv6().hop_by_hop().routing().fragment().ah().destination().tcp().payload(
            "DELETE /x HTTP/1.1\r\n"),
        packet{}.ethernet().ipv6().mobility().hip().shim6().tcp({.dst = 7}).payload("HTTP/1.0 200"),
        packet{}.ethernet().ipv4().udp().payload("GET / HTTP/1.1\r\n").padded(100),
    };
    u32 dropped = 0, other = 0;
    for (u32 i = 0; i < 6000; i++) {
        auto p = seeds[below(seeds.size())];
        for (auto changes = below(4); changes-- > 0;) {
            static constexpr u8 telling[] = {0, 1, 4, 5, 6, 0x08, 0x11, 0x2c, 0x3c, 0x45, 0x60, 0x81, 0x88, 0xff};
            auto &b = p[below(2) == 0 ? below(p.size()) : 12 + below(std::min<std::size_t>(p.size() - 12, 60))];
            b = below(2) == 0 ? telling[below(std::size(telling))] : static_cast<u8>(random());
        }
        if (below(3) == 0) p.resize(14 + below(p.size() - 13));
        if (below(4) == 0) p.resize(p.size() + below(40), 'G');
        ++(http.run(p).verdict == xdp::drop ? dropped : other);
    }
    CHECK(dropped > 1000); // or it was no test
    CHECK(other > 1000);
}
