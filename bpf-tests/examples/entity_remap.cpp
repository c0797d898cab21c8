// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// entity_remap's kernel side, unmodified: natively and in the kernel, on the same packets, byte by byte. And its settings,
/// how they come into force, and what it tells.
#include <examples/entity_remap/entity_remap.bpf.cpp>
#include <examples/entity_remap/report.hpp>
#include <filesystem>
#include <functional>
#include <sstream>
#include <support/both.hpp>
#include <support/packet.hpp>
#include <user/capture_bytes.hpp>
#include <user/child.hpp>
#include <user/expect.hpp>

using test::both, test::packet, test::byte_string, test::joined, test::text;

namespace {
constexpr u16 shared = 5000;

/// Settings, on every side.
template <class Key, class Value> auto put(both &run, char const *map, Key const &key, Value const &value) -> void {
    run.native_map(map).update(&key, &value, BPF_ANY);
    run.each_kernel_map(map, [&](int fd) { REQUIRE(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0); });
}
auto install(both &run, configuration const &c, u32 set = 0) -> void {
    put(run, "rule_sets", set, rules_of(c));
    for (auto const port : c.watch) put(run, "watched", u32{port}, static_cast<u8>(1 << set));
    u32 slot = 0;
    for (auto const &e : c.entities) {
        entity_key key{};
        std::memcpy(key.tag, e.tag.data(), e.tag.size());
        key.set = set;
        put(run, "entities", key, entity{be16{e.port}, {}, slot++});
    }
    put(run, "in_force", u32{0}, set);
}
auto settings_of(std::string const &more) -> configuration {
    return read_settings("{\"watch\": [5000], " + more + "}", "test");
}
auto tally(both &run, u32 slot) -> std::pair<u64, u64> {
    entity_tally all{};
    std::memcpy(&all, run.native_map("counted").lookup(&slot), sizeof all);
    run.each_kernel_map("counted", [&](int fd) {
        entity_tally there{};
        REQUIRE(bpf_map_lookup_elem(fd, &slot, &there) == 0);
        CHECK(there.packets == all.packets);
        CHECK(there.bytes == all.bytes);
        CHECK((there.last != 0) == (all.packets != 0));
    });
    return {all.packets, all.bytes};
}
auto counted_as(both &run, outcome o) -> u64 {
    auto const i = static_cast<u32>(o);
    u64 n = 0;
    std::memcpy(&n, run.native_map("outcomes").lookup(&i), sizeof n);
    run.each_kernel_map("outcomes", [&](int fd) {
        std::vector<u64> each(static_cast<std::size_t>(libbpf_num_possible_cpus()));
        REQUIRE(bpf_map_lookup_elem(fd, &i, each.data()) == 0);
        u64 sum = 0;
        for (auto const e : each) sum += e;
        CHECK(sum == n);
    });
    return n;
}
struct form {
    bool six, tcp, summed;
    u32 tags;
};
auto made(form const &f, u16 port, byte_string const &payload) -> byte_string {
    packet p;
    p.ethernet();
    for (u32 i = 0; i < f.tags; i++) p.vlan(static_cast<u16>(100 + i));
    if (f.six)
        p.ipv6();
    else
        p.ipv4({.options = byte_string(f.tags * 4, 1)});
    if (f.tcp)
        p.tcp({.dst = port, .options = byte_string(f.tags * 12, 1)});
    else
        p.udp({.dst = port, .checksum = f.summed ? test::automatic<u16>{} : 0});
    return p.payload(payload).padded().bytes();
}
auto const all_forms = [] {
    std::vector<form> all;
    for (u32 tags = 0; tags < 3; tags++)
        for (bool const six : {false, true}) {
            all.push_back({six, true, true, tags});
            all.push_back({six, false, true, tags});
            if (!six) all.push_back({six, false, false, tags});
        }
    return all;
}();
} // namespace

TEST_CASE("each tag has its port: 1, 2 and 4 bytes in both orders, bytes, at any offset") {
    struct kind {
        char const *tag;
        std::string bytes;
        char const *key;
    };
    for (auto const &k : {kind{R"("size": 1)", "\x11", "17"}, kind{R"("size": 2)", std::string{"\0\x11", 2}, "17"},
                          kind{R"("size": 2, "order": "little")", std::string{"\x11\0", 2}, "17"},
                          kind{R"("size": 4)", std::string{"\x12\x34\x56\x78", 4}, "0x12345678"},
                          kind{R"("size": 4, "order": "little")", std::string{"\x78\x56\x34\x12", 4}, "0x12345678"},
                          kind{R"("size": 5, "type": "bytes")", "PUMP1", "PUMP1"},
                          kind{R"("size": 16, "type": "bytes")", "0123456789abcdef", "0123456789abcdef"},
                          kind{R"("size": 3, "type": "bytes")", "\x01\xfe\x7f", "0x01fe7f"}})
        for (u32 const offset : {0u, 1u, 7u, 300u}) {
            both run{entity_remap};
            install(run, settings_of(fmt::format(R"("tag": {{"offset": {}, {}}}, "entities": {{"{}": 6017}})", offset,
                                                 k.tag, k.key)));
            u64 packets = 0, bytes = 0;
            for (auto const &f : all_forms) {
                auto const payload = joined(joined(byte_string(offset, 0xee), text(k.bytes)), text("and its readings"));
                auto const a = run.step(made(f, shared, payload));
                INFO(k.tag << " at " << offset);
                CHECK(a.verdict == xdp::pass);
                CHECK(test::hex(a.bytes) == test::hex(made(f, 6017, payload)));
                packets++, bytes += payload.size();
                auto other = payload;
                other[offset] ^= 1;
                CHECK(run.step(made(f, shared, other)).bytes == made(f, shared, other)); // unknown: as it was
            }
            CHECK(tally(run, 0) == std::pair{packets, bytes});
            CHECK(counted_as(run, outcome::remapped) == packets);
            CHECK(counted_as(run, outcome::unknown_passed) == packets);
        }
}

TEST_CASE("every port, with the right checksum") {
    both run{entity_remap};
    auto c = settings_of(R"("tag": {"size": 2}, "entities": [{"tags": [1, 2000], "port": 63536}])");
    install(run, c);
    for (u32 v = 1; v <= 2000; v += 3) {
        auto const &f = all_forms[v % all_forms.size()];
        byte_string const payload{static_cast<u8>(v >> 8), static_cast<u8>(v), static_cast<u8>(v * 7)};
        auto const a = run.step(made(f, shared, payload));
        CHECK(test::hex(a.bytes) == test::hex(made(f, static_cast<u16>(63535 + v), payload)));
    }
}

TEST_CASE("ports in turn") {
    auto const c = settings_of(R"("tag": {"size": 4}, "entities": [{"tags": [5, 1000004], "ports": [7000, 7002]}])");
    REQUIRE(c.entities.size() == 1'000'000);
    for (std::size_t i = 0; i < c.entities.size(); i++) REQUIRE(c.entities[i].port == 7000 + i % 3);
    CHECK(c.entities[1].label == "6");
    CHECK(c.entities[1].tag == std::string{"\0\0\0\6", 4});
}

TEST_CASE("payloads of other sizes are dropped, or pass as they are") {
    for (bool const drops : {true, false}) {
        both run{entity_remap};
        install(run, settings_of(fmt::format(
                         R"("payload": {{"min": 4, "max": 40, "otherwise": "{}"}}, "entities": {{"257": 6017}})",
                         drops ? "drop" : "pass")));
        u64 bad = 0;
        for (auto const &f : all_forms)
            for (u32 size = 0; size < 50; size++) {
                byte_string const payload(size, 1);
                auto const in = made(f, shared, payload);
                auto const a = run.step(in);
                INFO("size " << size << (f.tcp ? ", TCP" : ", UDP"));
                if (size >= 4 && size <= 40) {
                    CHECK(a.verdict == xdp::pass);
                    CHECK(a.bytes == made(f, 6017, payload));
                } else if (f.tcp && size == 0) { // it opens, closes, acknowledges
                    CHECK(a.verdict == xdp::pass);
                    CHECK(a.bytes == in);
                } else {
                    bad++;
                    CHECK(a.verdict == (drops ? xdp::drop : xdp::pass));
                    CHECK(a.bytes == in);
                }
            }
        CHECK(counted_as(run, drops ? outcome::bad_size_dropped : outcome::bad_size_passed) == bad);
    }
}

TEST_CASE("unknown entities pass, are dropped, or have a port") {
    for (std::string const what : {"\"pass\"", "\"drop\"", "7000"}) {
        both run{entity_remap};
        install(run, settings_of("\"unknown\": " + what));
        for (auto const &f : all_forms) {
            auto const payload = text("someone else");
            auto const a = run.step(made(f, shared, payload));
            CHECK(a.verdict == (what == "\"drop\"" ? xdp::drop : xdp::pass));
            CHECK(a.bytes == made(f, what == "7000" ? 7000 : shared, payload));
        }
        auto const o = what == "7000"       ? outcome::to_default
                       : what == "\"drop\"" ? outcome::unknown_dropped
                                            : outcome::unknown_passed;
        CHECK(counted_as(run, o) == all_forms.size());
    }
}

TEST_CASE("what is not watched passes as it is") {
    both run{entity_remap};
    install(run, settings_of(R"("protocols": ["udp"], "unknown": "drop", "payload": {"min": 100})"));
    auto const pass = [&](byte_string const &in) {
        auto const a = run.step(in);
        CHECK(a.verdict == xdp::pass);
        CHECK(a.bytes == in);
    };
    for (auto const &f : all_forms) {
        pass(made(f, 5001, text("another port")));
        if (f.tcp) pass(made(f, shared, text("another protocol")));
    }
    pass(packet{}.ethernet().arp().padded().bytes());
    pass(packet{}.ethernet().ipv4().icmp().payload("text").bytes());
    pass(packet{}.ethernet().vlan(1).vlan(2).vlan(3).ipv4().udp({.dst = shared}).payload("three tags").bytes());
    // Fragments: their size is not that of the datagram.
    pass(packet{}.ethernet().ipv4({.more_fragments = true}).udp({.dst = shared}).payload("the first one").bytes());
    pass(packet{}.ethernet().ipv4({.fragment_offset = 3, .protocol = 17}).payload("a later one").bytes());
    pass(packet{}
             .ethernet()
             .ipv6()
             .fragment({.more = true})
             .udp({.dst = shared, .length = 1000})
             .payload("first")
             .bytes());
    for (bool const tcp : {false, true}) {
        auto first = packet{}.ethernet().ipv6().fragment({.more = true});
        pass((tcp ? first.tcp({.dst = shared}) : first.udp({.dst = shared})).payload("looks whole").bytes());
    }
    // Lengths that lie.
    pass(packet{}.ethernet().ipv4().udp({.dst = shared, .length = 200}).payload("short").bytes());
    // One that is shorter than IP's ends the datagram there: four bytes are a bad size.
    auto const four =
        packet{}.ethernet().ipv4().udp({.dst = shared, .length = 12}).payload(text("four, and more")).bytes();
    CHECK(run.step(four).verdict == xdp::drop);
}

TEST_CASE("every truncation leaves a packet as it is, or drops it") {
    both run{entity_remap};
    install(run, settings_of(R"("tag": {"offset": 3, "size": 4}, "entities": {"0x33333333": 6017})"));
    for (auto const &f : all_forms) {
        auto const whole = made(f, shared, byte_string(40, 0x33));
        run.sweep(whole, [&](std::size_t length, test::answer const &a) {
            byte_string const in{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
            return length == whole.size() ? a.bytes == made(f, 6017, byte_string(40, 0x33))
                   : f.tcp                ? a.bytes.size() == length
                                          : a.bytes == in;
        });
    }
}

TEST_CASE("settings come into force at once") {
    both run{entity_remap};
    install(run, settings_of(R"("entities": {"258": 6017})"), 0);
    auto const payload = byte_string{1, 2, 3};
    auto const f = all_forms[1];
    CHECK(run.step(made(f, shared, payload)).bytes == made(f, 6017, payload));
    auto c = settings_of(R"("entities": {"258": 7017})");
    c.watch = {5001};
    install(run, c, 1);
    CHECK(run.step(made(f, shared, payload)).bytes == made(f, shared, payload));
    CHECK(run.step(made(f, 5001, payload)).bytes == made(f, 7017, payload));
    put(run, "in_force", u32{0}, u32{0});
    CHECK(run.step(made(f, shared, payload)).bytes == made(f, 6017, payload));
    CHECK(run.step(made(f, 5001, payload)).bytes == made(f, 5001, payload));
}

TEST_CASE("a copy goes to the entity's port, and the packet stays what it is") {
    auto const c = settings_of(R"("entities": {"258": 6017}, "unknown": "drop")");
    both native{entity_tee}; // only natively: in the kernel a copy is sent, which entity_remap_live.py sees
    auto const put_native = [&](char const *map, auto const &key, auto const &value) {
        native.native_map(map).update(&key, &value, BPF_ANY);
    };
    put_native("rule_sets", u32{0}, rules_of(c));
    put_native("watched", u32{shared}, u8{1});
    put_native("entities", entity_key{{1, 2}, 0}, entity{be16{6017}, {}, 0});
    for (auto const &f : all_forms) {
        host::clones().clear();
        auto const in = made(f, shared, {1, 2, 3});
        auto const a = host::run(entity_tee, in);
        CHECK(a.verdict == tc::unspec);
        CHECK(test::hex(a.bytes) == test::hex(in));
        REQUIRE(host::clones().size() == 1);
        auto const &copy = host::clones().front();
        CHECK(test::hex(copy.bytes) == test::hex(made(f, 6017, {1, 2, 3})));
        CHECK(copy.into);
        CHECK(copy.mark == copy_mark);
        // It comes in again, is known by its mark, and loses it.
        auto again = copy.bytes;
        skb::context context{again.data(), again.data() + again.size()};
        context.mark = copy.mark;
        CHECK(entity_tee(&context) == tc::unspec);
        CHECK(context.mark == 0);
        CHECK(again == copy.bytes);
        CHECK(host::clones().size() == 1);
        host::run(entity_tee, made(f, shared, {9, 9, 9}));
        CHECK(host::clones().size() == 1); // an unknown one: nothing is copied, nothing dropped
    }
}

static auto complaint(std::string const &text, std::string const &name) -> std::string {
    try {
        check(read_settings(text, name));
        return "";
    } catch (std::exception const &e) {
        return e.what();
    }
}

TEST_CASE("TOML and JSON say the same") {
    auto const json = read_settings(R"({"watch": [5000, 5001], "protocols": ["udp"],
        "payload": {"min": 8, "max": 1200, "otherwise": "pass"}, "capacity": 9000,
        "tag": {"offset": 1, "size": 4, "order": "little"}, "unknown": 7000,
        "entities": [{"tag": 4294967295, "port": 6017, "name": "pump \"1\""}, {"tags": [100, 103], "ports": [9, 10]}]})",
                                    "plant.json");
    auto const toml = read_settings(R"(# what a person writes
watch = [
    5_000, 0x1389, # hexadecimal
]
protocols = ['udp']
unknown = 7000
capacity = 9000
tag = {offset = 1, size = 4, order = "little"}

[payload]
min = 8
max = 1_200
otherwise = """pass"""

[[entities]]
tag = 0xffff_ffff
port = 6017
name = "pump \"1\""
[[entities]]
tags = [100, 103]
ports = [9, 10]
)",
                                    "plant.toml");
    auto const a = rules_of(json), b = rules_of(toml);
    CHECK(std::memcmp(&a, &b, sizeof a) == 0);
    CHECK(toml.watch == std::vector<u16>{5000, 5001});
    CHECK((toml.udp && !toml.tcp && !toml.bad_size_drops && toml.order == byte_order::little));
    CHECK(toml.capacity == 9000);
    REQUIRE(toml.entities.size() == 5);
    for (std::size_t i = 0; i < 5; i++) {
        CHECK(toml.entities[i].tag == json.entities[i].tag);
        CHECK(toml.entities[i].label == json.entities[i].label);
        CHECK(toml.entities[i].port == json.entities[i].port);
    }
    CHECK(read_settings("watch = \"all\"\n[entities]\n17 = 6017\n", "plant.toml").entities.at(0).port == 6017);
}

TEST_CASE("TOML that makes no sense says where, too") {
    auto const says = [](std::string const &text) { return complaint(text, "plant.toml"); };
    CHECK(says("watch = [5000]\n").empty());
    CHECK(says("watch = [1,\n 0]") == "plant.toml:2:2: watch[1]: 0 is no port: 1 to 65535");
    CHECK(says("watch = [1]\n\n[[entities]]\ntag = 1\nport = 7\n[[entities]]\ntag = 2\nport = 70000\n") ==
          "plant.toml:8:8: entities[1].port: 70000 is no port: 1 to 65535");
    CHECK(says("watch = [1]\nwach = 1\n").starts_with("plant.toml:2:8: wach: there is no such field"));
    CHECK(says("[payload]\nmin = -1\n") == "plant.toml:2:7: payload.min: -1 is no size: 0 to 65535");
    CHECK(says("[payload]\nmin = 1.5\n") == "plant.toml:2:7: payload.min: 1.5 is no size: 0 to 65535");
    CHECK(says("watch = [1]\nunknown = 2024-01-01\n") == "plant.toml:2:11: a date or time is no setting");
    CHECK(says("watch = [1]\n\n[[entities]]\ntag = 1\n")
              .starts_with("plant.toml:3:1: entities[0]: an entity needs a port"));
    CHECK(says("watch = [1\n\nport = 7\n").starts_with("plant.toml:3:"));
    CHECK(says("watch = [1]\nwatch = [2]\n").find("no TOML: ") != std::string::npos);
    CHECK(says("watch = [1]\n\"a/b~c\" = 5\n").starts_with("plant.toml:2:11: a/b~c: there is no such field"));
    CHECK(says("watch = [1]\n[entities]\n1 = 1\n\"a/b\" = 5\n") ==
          "plant.toml:4:9: entities.a/b: \"a/b\" is no number");
    CHECK(says("{\"watch\": [1]}").find("no TOML: ") != std::string::npos);
    CHECK(says("") == "no port is watched");
}

TEST_CASE("settings that make no sense say where") {
    auto const says = [](std::string const &text) { return complaint(text, "plant.json"); };
    CHECK(says(R"({"watch": [5000]})").empty());
    CHECK(says("{\n  \"watch\": [1,\n 0]}") == "plant.json:3:2: watch[1]: 0 is no port: 1 to 65535");
    CHECK(says(R"({"watch": "some"})") == R"(plant.json:1:11: watch: "some" is neither a list of ports nor "all")");
    CHECK(says(R"({"watch": [1], "wach": 1})")
              .starts_with("plant.json:1:24: wach: there is no such field; there are: watch"));
    CHECK(
        says(R"({"tag": {"size": 3}})").starts_with("plant.json:1:18: tag.size: a number has 1, 2 or 4 bytes, not 3"));
    CHECK(says(R"({"tag": {"size": 1}, "entities": {"256": 1}})") ==
          "plant.json:1:42: entities[256]: 256 is no tag of 1 byte: 0 to 255");
    CHECK(says(R"({"entities": [{"tag": 1}]})") ==
          "plant.json:1:15: entities[0]: an entity needs a port, or with tags also ports [first, last]");
    CHECK(says(R"({"entities": [{"tags": [1, 10], "port": 65530}]})") ==
          "plant.json:1:24: entities[0].tags: the last of these would have port 65539, which is none: "
          "give ports [first, last] to be taken in turn");
    CHECK(says(R"({"entities": [{"tags": [1, 10], "ports": [9, 8]}]})") ==
          "plant.json:1:46: entities[0].ports[1]: 8 is no port that is not before the first: 9 to 65535");
    CHECK(says(R"({"tag": {"type": "bytes", "size": 4}, "entities": {"PUMPS": 1}})") ==
          "plant.json:1:61: entities.PUMPS: \"PUMPS\" has 5 bytes, a tag has 4");
    CHECK(says(R"({"tag": {"type": "bytes", "size": 2}, "entities": {"0x0g01": 1}})").find("two hexadecimal digits") !=
          std::string::npos);
    CHECK(says(R"({"unknown": "maybe"})") == R"(plant.json:1:13: unknown: "maybe" is none of: pass, drop, a port)");
    CHECK(says(R"({"payload": {"min": -1}})") == "plant.json:1:21: payload.min: -1 is no size: 0 to 65535");
    CHECK(says("{\"watch\": [1]").starts_with("plant.json:1:"));
    CHECK(says("{\"watch\": [1],}").find("no JSON") != std::string::npos);
    // Of what a parser would take the last of, and what it would not come back from.
    CHECK(says("{\"watch\": [1],\n \"watch\": [2]}") == "plant.json:2:2: watch is given twice");
    CHECK(says(R"({"entities": {"17": 1, "18": 2, "17": 3}})") == "plant.json:1:33: 17 is given twice");
    CHECK(says(R"({"entities": [{"tag": 1, "port": 2, "tag": 3}]})").ends_with(": tag is given twice"));
    CHECK(says(std::string(100'000, '[') + std::string(100'000, ']')).find("too many lists") != std::string::npos);
    // Names that could be taken for paths, or for nothing; a mark before the text; texts of more than ASCII.
    CHECK(says("{\"watch\": [1],\n \"a/b~c\": 5}").starts_with("plant.json:2:11: a/b~c: there is no such field"));
    CHECK(says("{\"watch\": [1],\n \"\": 5}").starts_with("plant.json:2:6: \"\": there is no such field"));
    CHECK(says("{\"watch\": [1], \"tag\": {\n \"\": 5}}").starts_with("plant.json:2:6: tag.\"\": there is no"));
    CHECK(says("{\"entities\": {\"1\": 7,\n \"a/b\": 5,\n \"2\": 5}}") ==
          "plant.json:2:9: entities.a/b: \"a/b\" is no number");
    CHECK(says("\xef\xbb\xbf{\"watch\": [1],\n \"tag\": 5}") == "plant.json:2:9: tag: 5 is no object with fields");
    for (std::size_t i = 30; i < 40; i++) {
        auto const text = std::string(i, 'a') + "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
        auto const shown = complaint(fmt::format(R"({{"unknown": "{}"}})", text), "plant.json");
        INFO(shown);
        CHECK(nlohmann::json(shown).dump().size() > 0); // it is UTF-8
    }
    CHECK_THROWS_WITH(read_file("/"), "/: cannot be read: Is a directory");
    // Of all together.
    CHECK(says("{}") == "no port is watched");
    CHECK(says(R"({"watch": [1], "payload": {"min": 9, "max": 8}})").find("larger than") != std::string::npos);
    CHECK(says(R"({"watch": [1], "payload": {"max": 8}, "tag": {"offset": 7}})").find("no payload of 8 bytes") !=
          std::string::npos);
    CHECK(says(R"({"watch": [1], "entities": [{"tag": 7, "port": 1}, {"tags": [5, 9], "port": 1}]})") ==
          "tag 7 is given twice");
    try {
        check(
            read_settings(R"({"watch": [1], "entities": [{"tag": 7, "port": 1}, {"tags": [5, 9], "port": 1}]})", "x"));
        FAIL("a tag is given twice");
    } catch (bad_setting const &e) {
        CHECK(e.path == "/entities/1");
    }
    CHECK(says(R"({"watch": [1], "capacity": 2, "entities": [{"tags": [5, 9], "port": 1}]})") ==
          "there are 5 entities, more than 2");
}

namespace {
auto said_by(std::function<void()> const &deed) -> std::string {
    try {
        deed();
        return "nothing";
    } catch (std::exception const &e) {
        return e.what();
    }
}
/// Natively, as entity_remap --host has it, with room for so many entities.
struct installation {
    host::object object{""}; // by the stem of a file, which no build has given here
    std::optional<installed<maps_in_process>> maps;

    installation(u32 capacity, configuration const &c) {
        object.reset();
        object.set_capacity("entities", 2 * capacity);
        object.set_capacity("counted", capacity);
        maps.emplace(maps_in_process{object, capacity}, capacity);
        maps->apply(c);
    }
    /// The port that a datagram with this tag goes to; 0 if it is dropped.
    static auto port_for(u16 tag, u16 to = shared) -> u32 {
        auto const a =
            host::run(entity_remap, made({}, to, {static_cast<u8>(tag >> 8), static_cast<u8>(tag), 'x', 'y'}));
        return a.verdict == xdp::pass ? a.bytes.at(36) << 8 | a.bytes.at(37) : 0;
    }
    /// "label port packets bytes" of each entity.
    auto rows() const -> std::vector<std::string> {
        std::vector<std::string> all;
        for (auto const &r : maps->rows())
            all.push_back(fmt::format("{} {} {} {}", r.label, r.port, r.sent.packets, r.sent.bytes));
        return all;
    }
};
using lines = std::vector<std::string>;
} // namespace

TEST_CASE("a reload changes what is to change, and counts go on") {
    installation all{3, settings_of(R"("entities": {"1": 6001, "2": 6002}, "payload": {"max": 4})")};
    CHECK(all.port_for(1) == 6001);
    CHECK(all.port_for(2) == 6002);
    CHECK(all.port_for(2) == 6002);
    CHECK(all.port_for(3) == shared);
    CHECK(all.rows() == lines{"1 6001 1 4", "2 6002 2 8"});
    auto const outcomes = all.maps->outcomes();
    CHECK(outcomes[static_cast<u32>(outcome::remapped)] == 3);
    CHECK(outcomes[static_cast<u32>(outcome::unknown_passed)] == 1);
    CHECK(all.maps->rows()[0].sent.last > 0);

    // What is in force is not touched: each time the other set is filled, and then taken.
    auto const set_in_force = [&] { return all.object.map<in_force_spec>("in_force").lookup(0); };
    CHECK(set_in_force() == 0u);
    // Another port, one that goes, one that comes, and what is unknown.
    all.maps->apply(settings_of(R"("entities": {"2": 7002, "3": 7003}, "unknown": "drop")"));
    CHECK(all.port_for(1) == 0);
    CHECK(all.port_for(2) == 7002);
    CHECK(all.port_for(3) == 7003);
    CHECK(all.rows() == lines{"2 7002 3 12", "3 7003 1 4"});
    CHECK(set_in_force() == 1u);
    // What was gone begins anew, in a place that counted for another.
    all.maps->apply(settings_of(R"("entities": {"1": 6001, "2": 7002})"));
    CHECK(all.rows() == lines{"1 6001 0 0", "2 7002 3 12"});
    CHECK(set_in_force() == 0u);
    CHECK(all.port_for(3) == shared);
    all.maps->apply(settings_of(R"("entities": {"4": 6004, "2": 7002})"));
    CHECK(all.rows() == lines{"2 7002 3 12", "4 6004 0 0"});

    // Other ports are watched, and this one no more.
    auto other = settings_of(R"("entities": {"2": 7002})");
    other.watch = {5001, 5002};
    all.maps->apply(other);
    CHECK(all.port_for(2) == shared);
    CHECK(all.port_for(2, 5001) == 7002);
    CHECK(all.port_for(2, 5002) == 7002);
    other.watch_all = true;
    all.maps->apply(other);
    CHECK(all.port_for(2, 1) == 7002);
    CHECK(all.port_for(2, 65535) == 7002);
    all.maps->apply(settings_of(R"("entities": {"2": 7002})"));
    CHECK(all.port_for(2, 1) == 1);
    CHECK(all.port_for(2) == 7002);
}

TEST_CASE("settings for which there is no room change nothing") {
    installation all{3, settings_of(R"("entities": {"1": 6001, "2": 6002})")};
    CHECK(all.port_for(1) == 6001);
    CHECK(test::has(said_by([&] { all.maps->apply(settings_of(R"("entities": {"3": 7003, "4": 7004})")); }),
                    "there is room for 3 entities"));
    CHECK(all.port_for(1) == 6001);
    CHECK(all.port_for(3) == shared);
    CHECK(all.rows() == lines{"1 6001 2 8", "2 6002 0 0"});
    // All places change hands, several times over.
    for (u32 i = 0; i < 10; i++) {
        all.maps->apply(settings_of(fmt::format(R"("entities": {{"{}": 6001}})", 10 + i)));
        CHECK(all.port_for(static_cast<u16>(10 + i)) == 6001);
        CHECK(all.rows() == lines{fmt::format("{} 6001 1 4", 10 + i)});
    }
}

TEST_CASE("tags of one name and port are one entity") {
    installation all{8, settings_of(R"("entities": [{"tag": 1, "port": 6001, "name": "pump"},
        {"tag": 2, "port": 6001, "name": "pump"}, {"tag": 3, "port": 6003, "name": "pump"}, {"tag": 4, "port": 6001}])")};
    for (u16 tag = 1; tag <= 4; tag++)
        for (u16 times = 0; times < tag; times++) installation::port_for(tag);
    CHECK(all.rows() == lines{"pump 6001 3 12", "pump 6003 3 12", "4 6001 4 16"});
}

TEST_CASE("the table has the busiest entities, and what each has sent since") {
    auto const line = [](std::string const &text, std::string const &start) {
        auto const at = text.find(start);
        REQUIRE(at != text.npos);
        std::istringstream words{text.substr(at, text.find('\n', at) - at)};
        lines all;
        for (std::string w; words >> w;) all.push_back(w);
        return all;
    };
    entity_table table;
    std::vector<row> rows{
        {"quiet", 1, {0, 0, 0}}, {"pump", 6001, {500, 900, 1}}, {"pump", 6002, {2, 9, 1}}, {"fan", 7, {3, 9, 1}}};
    auto const first = table.text(rows, 20);
    CHECK(line(first, "pump")[3] == "-"); // since nothing
    CHECK(first.find("pump") < first.find("fan"));
    CHECK(first.find("quiet") == first.npos);
    CHECK(first.find("1 entities more, 1 of them silent\n") != first.npos);
    rows[3].sent.packets = 1; // counted anew
    auto const second = table.text(rows, 20);
    auto const of_port = [](u32 port) { return fmt::format("{:<24} {:>6}", "pump", port); };
    CHECK(line(second, of_port(6001))[2] == "500");
    CHECK(line(second, of_port(6001))[3] == "0");
    CHECK(line(second, of_port(6001))[4] == "900");
    CHECK(line(second, of_port(6002))[3] == "0");
    CHECK(line(second, "fan")[3] == "-");
    auto const one = table.text(rows, 1);
    CHECK(one.find("6001") != one.npos);
    CHECK(one.find("6002") == one.npos);
    CHECK(one.find("3 entities more, 1 of them silent\n") != one.npos);
}

TEST_CASE("metrics in both forms") {
    std::vector<row> const rows{{"a \"b\" \\ \n", 6001, {3, 40, clock_ns(CLOCK_BOOTTIME)}}, {"quiet", 6002, {0, 0, 0}}};
    outcome_counts const outcomes{1, 2, 3, 4, 5, 6};
    auto const old = metrics(rows, outcomes, metrics_format::prometheus);
    auto const open = metrics(rows, outcomes, metrics_format::open_metrics);
    for (auto const &text : {old, open}) {
        INFO(text);
        auto const says = [&](std::string const &words) { return ("\n" + text).find("\n" + words) != text.npos; };
        CHECK(says("entity_remap_packets_total{entity=\"a \\\"b\\\" \\\\ \\n\",port=\"6001\"} 3\n"));
        CHECK(says("entity_remap_payload_bytes_total{entity=\"quiet\",port=\"6002\"} 0\n"));
        CHECK(says("entity_remap_payload_bytes_total{entity=\"a \\\"b\\\" \\\\ \\n\",port=\"6001\"} 40\n"));
        CHECK(says("entity_remap_last_seen_timestamp_seconds{entity=\"a "));
        CHECK_FALSE(says("entity_remap_last_seen_timestamp_seconds{entity=\"quiet")); // it never was
        for (u32 i = 0; i < outcome_count; i++)
            CHECK(says(fmt::format("entity_remap_outcomes_total{{outcome=\"{}\"}} {}\n",
                                   name_of(static_cast<outcome>(i)), i + 1)));
        CHECK(says("# TYPE entity_remap_last_seen_timestamp_seconds gauge\n"));
    }
    CHECK(old.find("# TYPE entity_remap_packets_total counter\n") != old.npos);
    CHECK(open.find("# TYPE entity_remap_packets counter\n") != open.npos);
    CHECK(old.find("# EOF") == old.npos);
    CHECK(open.ends_with("\n# EOF\n"));
    auto const at = old.find("entity_remap_last_seen_timestamp_seconds{");
    auto const seen = std::stod(old.substr(old.find("} ", at) + 2));
    CHECK(std::abs(seen - static_cast<double>(clock_ns(CLOCK_REALTIME)) / 1e9) < 60);
    CHECK(escaped("a \"b\" \\ \n\x01") == "a \\\"b\\\" \\\\ \\n\\u0001");
}

TEST_CASE("a file of metrics is there whole, and what fails leaves nothing") {
    auto const folder = test::scratch_folder{};
    write_file(folder / "all.prom", "old\n");
    write_file(folder / "all.prom", "new\n");
    CHECK(test::read_file(folder / "all.prom") == "new\n");
    CHECK(folder.count() == 1);
    std::filesystem::create_symlink("all.prom", folder / "link.prom");
    write_file(folder / "link.prom", "through a link\n");
    CHECK(std::filesystem::is_symlink(folder / "link.prom"));
    CHECK(test::read_file(folder / "all.prom") == "through a link\n");
    CHECK(test::has(said_by([&] { write_file(folder / "no/such.prom", "x"); }), "No such file"));
    std::filesystem::create_directory(folder / "folder");
    CHECK(test::has(said_by([&] { write_file(folder / "folder", "x"); }), "is no regular file"));
    CHECK_THROWS_WITH(write_file("/dev/null", "x"), "cannot write the metrics to /dev/null: it is no regular file");
    CHECK(std::filesystem::is_character_file("/dev/null"));
    CHECK(folder.count() == 3);
}
