// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What the handles of kinds offer whose entries are not simply keys and values.
#include <arpa/inet.h>
#include <bpfxx/core/endian.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/program.hpp>
#include <filesystem>
#include <iterator>
#include <netinet/in.h>
#include <sys/socket.h>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

namespace {
template <class Map, class Key>
concept reads = requires(Map const &m, Key k) {
    m.lookup(k);
};
template <class Map>
concept iterates = requires(Map const &m) {
    m.begin();
};
template <class Map, class Object>
concept takes = requires(Map const &m, Object const &o) {
    m.update(u32{}, o);
};
using flows_spec = spec::hash<u32, u64, 4>;
using others_spec = spec::hash<u32, u32, 4>;

auto make(bpf_map_type type, u32 key, u32 value, u32 capacity, char const *name = "raw", u32 flags = 0) -> descriptor {
    auto o = options<bpf_map_create_opts>{};
    o.map_flags = flags;
    return descriptor{check(bpf_map_create(type, name, key, value, capacity, &o), "create ", name)};
}
/// A pair of connected TCP sockets.
struct connection {
    descriptor here, there;
    connection() {
        auto const listener = descriptor{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        REQUIRE(bind(listener.get(), reinterpret_cast<sockaddr *>(&at), size) == 0);
        REQUIRE(listen(listener.get(), 1) == 0);
        REQUIRE(getsockname(listener.get(), reinterpret_cast<sockaddr *>(&at), &size) == 0);
        there = descriptor{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        REQUIRE(connect(there.get(), reinterpret_cast<sockaddr *>(&at), size) == 0);
        here = descriptor{accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        REQUIRE(here);
    }
};
} // namespace

// What cannot be asked of a kind is not offered.
static_assert(reads<map<spec::devmap<4>>, u32> && !reads<map<spec::prog_array<4>>, u32>);
static_assert(iterates<map<spec::lpm_trie<be32, u64, 4>>> && !iterates<map<spec::queue<u32, 4>>>);
static_assert(takes<map<spec::prog_array<4>>, program> && !takes<map<spec::array<u64, 4>>, program>);
static_assert(!reads<map<spec::ring_buffer<4096>>, u32> && !reads<map<spec::perf_event_array<>>, u32>);

TEST_CASE("a map of maps takes maps of its own spec, and gives them back typed") {
    if (test::cannot_load()) return;
    auto const inner = make(BPF_MAP_TYPE_HASH, 4, 8, 4, "inner");
    auto o = options<bpf_map_create_opts>{};
    o.inner_map_fd = static_cast<u32>(inner.get());
    auto const fd = descriptor{check(bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 3, &o))};
    auto const outer = map<spec::array_of_maps<flows_spec, 3>>{fd.get()};
    auto const flows = map<flows_spec>{inner.get()};
    static_assert(takes<decltype(outer), map<flows_spec>>);
    CHECK_FALSE(outer.inner(1));
    outer.update(1, flows);
    flows.update(7, 8);
    REQUIRE(outer.inner(1));
    auto const open_files = [] { return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}); };
    auto const before = open_files();
    CHECK(outer.inner(1)->lookup(7) == 8u);
    CHECK(open_files() == before);
    CHECK(outer.erase(1));
    CHECK_FALSE(outer.inner(1));
    auto const wrong = make(BPF_MAP_TYPE_HASH, 4, 4, 4, "wrong");
    CHECK(failure_of([&] { outer.update(0, wrong.get()); }).code() == EINVAL);
    CHECK(has(failure_of([&] { outer.update(3, flows); }).what(), "cannot update map 'outer'"));
    CHECK(has(failure_of([&] { map<spec::array_of_maps<flows_spec, 3>>{inner.get()}; }).what(), "kind hash"));
}

TEST_CASE("programs are put into a map of programs") {
    if (test::cannot_load()) return;
    auto const fd = make(BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 2, "next");
    auto const next = map<spec::prog_array<2>>{fd.get()};
    auto const drop = test::answer_always(XDP_DROP, "drop");
    next.update(1, program{drop.get()});
    CHECK(next.erase(1));
    CHECK_FALSE(next.erase(1));
    CHECK(failure_of([&] { next.update(2, program{drop.get()}); }).code() == E2BIG);
}

TEST_CASE("interfaces and CPUs by number") {
    if (test::cannot_load()) return;
    auto const fd = make(BPF_MAP_TYPE_DEVMAP_HASH, 4, 4, 2, "ports");
    auto const ports = map<spec::devmap_hash<2>>{fd.get()};
    CHECK(ports.update(70'000, 1)); // the loopback interface
    CHECK(ports.lookup(70'000) == 1u);
    CHECK_FALSE(ports.lookup(1));
    CHECK(failure_of([&] { ports.update(1, 0x7fffffff); }).code() == EINVAL);
    CHECK(ports.erase(70'000));
    auto const cpu_fd = make(BPF_MAP_TYPE_CPUMAP, 4, 4, 1, "cpus");
    auto const cpus = map<spec::cpumap<1>>{cpu_fd.get()};
    CHECK(cpus.update(0, 64));
    CHECK(cpus.lookup(0) == 64u);
    CHECK(cpus.erase(0));
}

TEST_CASE("sockets by descriptor, and their cookies come back") {
    if (test::cannot_load()) return;
    connection const c;
    u64 cookie = 0;
    socklen_t size = sizeof cookie;
    REQUIRE(getsockopt(c.here.get(), SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0);
    auto const fd = make(BPF_MAP_TYPE_SOCKHASH, 8, 8, 2, "streams");
    auto const streams = map<spec::sockhash<u64, 2>>{fd.get()};
    streams.update(cookie, c.here.get());
    CHECK(streams.lookup(cookie) == cookie);
    CHECK(streams.erase(cookie));
    CHECK_FALSE(streams.erase(cookie));
    CHECK_FALSE(streams.lookup(cookie));
    auto const array = make(BPF_MAP_TYPE_SOCKMAP, 4, 8, 2, "socks");
    auto const socks = map<spec::sockmap<2>>{array.get()};
    socks.update(1, c.there.get());
    CHECK(socks.lookup(1) != cookie);
    CHECK_FALSE(socks.lookup(0));
    CHECK_FALSE(socks.erase(0));
    CHECK(socks.erase(1));
    CHECK_FALSE(socks.erase(1));
    CHECK_FALSE(socks.erase(2));
    CHECK(failure_of([&] { socks.update(2, c.there.get()); }).code() == E2BIG);
    CHECK(failure_of([&] { socks.update(0, fd.get()); }).code() == ENOTSOCK);
}

TEST_CASE("lines and sets") {
    if (test::cannot_load()) return;
    auto const queue_fd = make(BPF_MAP_TYPE_QUEUE, 0, 4, 2, "waiting");
    auto const waiting = map<spec::queue<u32, 2>>{queue_fd.get()};
    CHECK_FALSE(waiting.pop());
    CHECK(waiting.push(1));
    CHECK(waiting.push(2));
    CHECK_FALSE(waiting.push(3));
    CHECK(waiting.push(3, update_mode::replace)); // in place of the oldest
    CHECK(waiting.peek() == 2u);
    CHECK(waiting.pop() == 2u);
    CHECK(waiting.pop() == 3u);
    CHECK_FALSE(waiting.peek());
    auto const stack_fd = make(BPF_MAP_TYPE_STACK, 0, 4, 2, "pile");
    auto const pile = map<spec::stack<u32, 2>>{stack_fd.get()};
    pile.push(1);
    pile.push(2);
    CHECK(pile.pop() == 2u);
    auto const set_fd = make(BPF_MAP_TYPE_BLOOM_FILTER, 0, 4, 100, "known");
    auto const known = map<spec::bloom_filter<u32, 100>>{set_fd.get()};
    for (u32 i = 0; i < 50; i++) known.add(i);
    for (u32 i = 0; i < 50; i++) CHECK(known.may_contain(i));
    u32 wrongly = 0;
    for (u32 i = 1000; i < 2000; i++) wrongly += known.may_contain(i);
    CHECK(wrongly < 500);
}

TEST_CASE("prefixes: the longest one is found, and all are walked over") {
    if (test::cannot_load()) return;
    using key = lpm_key<be32>;
    auto const fd = make(BPF_MAP_TYPE_LPM_TRIE, sizeof(key), 8, 4, "routes", BPF_F_NO_PREALLOC);
    auto const routes = map<spec::lpm_trie<be32, u64, 4>>{fd.get()};
    CHECK(routes.update({8, be32{0x0a000000}}, 1));
    CHECK(routes.update({24, be32{0x0a010200}}, 2));
    CHECK(routes.lookup(key::whole(be32{0x0a010203})) == 2u);
    CHECK(routes.lookup(key::whole(be32{0x0a020203})) == 1u);
    CHECK_FALSE(routes.lookup(key::whole(be32{0x0b000000})));
    u64 sum = 0;
    for (auto const &[prefix, value] : routes) sum += prefix.length * value;
    CHECK(sum == 8 + 48);
    CHECK(routes.erase({24, be32{0x0a010200}}));
    CHECK(routes.size() == 1);
    for (u8 i = 0; i < 3; i++) routes.update({24, be32{0x0b000000u | i << 8}}, i);
    auto const full = failure_of([&] { routes.update({24, be32{0x0c000000}}, 1); });
    CHECK(full.code() == E2BIG);
    CHECK(has(full.what(), "it is full: its capacity is 4"));
}

TEST_CASE("an entry is taken out once; batches write and erase") {
    if (test::cannot_load()) return;
    auto const fd = make(BPF_MAP_TYPE_HASH, 4, 8, 100, "flows");
    auto const flows = map<spec::hash<u32, u64, 100>>{fd.get()};
    auto keys = std::vector<u32>{};
    auto values = std::vector<u64>{};
    for (u32 i = 0; i < 90; i++) {
        keys.push_back(i);
        values.push_back(i * i);
    }
    flows.update_batch(keys, values);
    CHECK(flows.size() == 90);
    CHECK(flows.take(9) == 81u);
    CHECK_FALSE(flows.take(9));
    CHECK(flows.lookup_batch(10).size() == 10);
    CHECK(flows.erase_batch(keys) == 89);
    CHECK(flows.size() == 0);
    keys.resize(3);
    CHECK(failure_of([&] { flows.update_batch(keys, values); }).code() == EINVAL);
    flows.update_batch({}, {});
}

TEST_CASE("a batch as its mode has it, and one that ends before its end") {
    if (test::cannot_load()) return;
    auto const fd = make(BPF_MAP_TYPE_HASH, 4, 8, 3, "flows");
    auto const flows = map<spec::hash<u32, u64, 3>>{fd.get()};
    u32 const keys[] = {1, 2, 3, 4};
    u64 const values[] = {10, 20, 30, 40};
    auto const none = failure_of([&] { flows.update_batch(keys, values, update_mode::replace); });
    CHECK(none.code() == ENOENT);
    CHECK(has(none.what(), "cannot update map 'flows': 0 of 4 entries were written"));
    flows.update(3, 33);
    auto const there = failure_of([&] { flows.update_batch(keys, values, update_mode::create); });
    CHECK(there.code() == EEXIST);
    CHECK(has(there.what(), "2 of 4 entries were written"));
    CHECK(flows.lookup(2) == 20u);
    CHECK(flows.lookup(3) == 33u);
    flows.update_batch(std::span{keys}.first(3), std::span{values}.first(3), update_mode::replace);
    CHECK(flows.lookup(3) == 30u);
    flows.clear();
    auto const full = failure_of([&] { flows.update_batch(keys, values); });
    CHECK(full.code() == E2BIG);
    CHECK(has(full.what(), "3 of 4 entries were written"));
    CHECK(flows.size() == 3);
}
