// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tc.bpf.cpp"
#include <arpa/inet.h>
#include <support/both.hpp>
#include <support/packet.hpp>
#include <user/network.hpp>

using test::both, test::packet;

static_assert(tc::unspec == -1 && tc::ok == 0 && tc::shot == 2 && tc::redirect == 7 && tc::trap == 8);
static_assert(name_of(tc::unspec)[0] == 'u' && name_of(tc::trap)[0] == 't' && name_of(tc::action{9})[0] == 'u');

TEST_CASE("each verdict is the kernel's") {
    both run{verdicts};
    for (u8 i = 0; i < 9; i++) CHECK(run.run(std::vector<u8>(14, i)).verdict == i);
    CHECK(run.run(std::vector<u8>(14, 9)).verdict == -1);
    CHECK(run.run(std::vector<u8>(14, 10)).verdict == tc::unspec); // a reason, and the default leaves it to others
    CHECK(run.run({}).verdict == tc::unspec);
}

TEST_CASE("a policy for packets of another form") {
    both plain{by_default}, action{by_action}, reasons{by_reason};
    auto const eth = [] { return packet{}.ethernet(); };
    auto const good = eth().ipv4().udp().payload("x").bytes();
    plain.sweep(good, [](std::size_t length, test::answer const &a) {
        return a.verdict == (length < 42 ? tc::unspec : length == 42 ? tc::shot : tc::ok);
    });
    action.sweep(good, [](std::size_t length, test::answer const &a) {
        return a.verdict == (length < 42 ? tc::trap : length == 42 ? tc::shot : tc::ok);
    });
    reasons.sweep(good, 42);
    CHECK(reasons.run(eth().ipv4().tcp()).why == reason::other_protocol);
    CHECK(reasons.run(eth().arp()).why == reason::other_protocol);
    CHECK(reasons.run(eth().ipv4({.ihl = 4}).udp()).why == reason::malformed);
    CHECK(reasons.run(eth().ipv4({.fragment_offset = 1}).udp()).why == reason::fragment);
    CHECK(plain.run(eth().ipv4().tcp()).verdict == tc::unspec);
    CHECK(action.run(eth().ipv4().tcp()).verdict == tc::trap);
}

TEST_CASE("what a packet knows, and may be marked with") {
    both see{surroundings}, mark{marks};
    for (std::size_t size : {14u, 60u, 1514u}) {
        auto const a = see.run(std::vector<u8>(size));
        CHECK((a.number(0) == size && a.number(1) == size && a.number(2) == 1 && a.number(3) == 0 && a.number(4) == 0));
    }
    auto const a = mark.run(packet{}.ethernet({.dst = {0xfe, 0xdc, 0xba, 0x98, 0, 0}}).bytes());
    CHECK((a.verdict == tc::ok && a.number(0) == 0xfedc'ba98 && a.number(1) == 7));
}

TEST_CASE("a pull keeps the bytes, and gives a packet that starts anew") {
    both run{pulls}, some{pulls_some};
    auto const in = packet{}.ethernet().ipv4().tcp().payload("GET / HTTP").padded(90).bytes();
    auto const a = run.run(in);
    CHECK(a.bytes == in);
    CHECK((a.number(0) == 10 && a.number(1) == 10 && a.number(2) == 8 && a.number(4) == 90 && a.number(5) == 90));
    CHECK(a.number(3) == 0x4745'5420'2f20'4854);
    run.sweep(in, 54);
    for (u32 wanted : {1u, 14u, 18u, 40u, 60u, 61u, 5000u, 0xffff'ffffu}) {
        std::vector<u8> bytes(60);
        for (u32 i = 0; i < 4; i++) bytes[14 + i] = static_cast<u8>(wanted >> (24 - 8 * i));
        CHECK(some.run(bytes).number(0) == 60);
    }
}

TEST_CASE("verdicts are counted by reason") {
    both run{counted};
    auto const eth = [] { return packet{}.ethernet(); };
    for (u16 port = 0; port < 5; port++)
        for (u16 times = 0; times <= port; times++) run.step(eth().vlan(7).ipv4().udp({.dst = port}));
    for (u32 i = 0; i < 6; i++) run.step(eth().arp());
    run.step(eth().vlan().vlan().vlan().ipv4().udp());
    auto const check = [](tc::tally const &good, tc::tally const &other, tc::tally const &deep) {
        CHECK((good.ok == 1 && good.stolen == 2 && good.redirect == 3 && good.other == 4 && good.unspec == 5));
        CHECK((good.shot == 0 && other.shot == 6 && other.ok == 0 && deep.shot == 1));
    };
    auto const at = [](reason why) { return static_cast<u32>(why); };
    auto const native = [&](reason why) {
        tc::tally t;
        auto const index = at(why);
        std::memcpy(&t, run.native_map("counts").lookup(&index), sizeof t);
        return t;
    };
    check(native(reason::none), native(reason::other_protocol), native(reason::too_deep));
    run.each_kernel_map("counts", [&](int fd) {
        auto const kernel = [&](reason why) {
            std::vector<tc::tally> values(static_cast<std::size_t>(libbpf_num_possible_cpus()));
            auto const index = at(why);
            REQUIRE(bpf_map_lookup_elem(fd, &index, values.data()) == 0);
            tc::tally sum{};
            for (auto const &v : values) {
                sum.unspec += v.unspec, sum.ok += v.ok, sum.shot += v.shot;
                sum.stolen += v.stolen, sum.redirect += v.redirect, sum.other += v.other;
            }
            return sum;
        };
        check(kernel(reason::none), kernel(reason::other_protocol), kernel(reason::too_deep));
    });
}

namespace {
struct socket_handle {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ~socket_handle() { close(fd); }
};
/// A TCP connection over the loopback interface that carries so many bytes, all of this value.
auto send_over_loopback(std::size_t size, u8 value) -> void {
    socket_handle listener, client;
    sockaddr_in address{};
    socklen_t length = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto *const any = reinterpret_cast<sockaddr *>(&address);
    REQUIRE(bind(listener.fd, any, length) == 0);
    REQUIRE(listen(listener.fd, 1) == 0);
    REQUIRE(getsockname(listener.fd, any, &length) == 0);
    REQUIRE(connect(client.fd, any, length) == 0);
    socket_handle server;
    close(std::exchange(server.fd, accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC)));
    std::vector<u8> const out(size, value);
    REQUIRE(send(client.fd, out.data(), size, 0) == static_cast<ssize_t>(size));
    std::vector<u8> in(size);
    REQUIRE(recv(server.fd, in.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
    CHECK(in == out);
}
} // namespace

TEST_CASE("payload that a socket left outside of the linear part is there behind a pull") {
    if (!test::kernel_fault().empty()) return; // the cases above have said so
    test::network const own;
    for (auto const &file : test::object_files()) {
        INFO(file);
        test::loaded const object{file, "meets"};
        LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = 1, .attach_point = BPF_TC_INGRESS);
        LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = object.program());
        auto const made = bpf_tc_hook_create(&hook);
        REQUIRE((made == 0 || made == -EEXIST));
        REQUIRE(bpf_tc_attach(&hook, &options) == 0);
        send_over_loopback(3000, 5);
        options.flags = 0, options.prog_fd = 0, options.prog_id = 0;
        REQUIRE(bpf_tc_detach(&hook, &options) == 0);
        u32 const first = 0;
        lengths t{};
        REQUIRE(bpf_map_lookup_elem(bpf_map__fd(object.map("met")), &first, &t) == 0);
        CHECK(t.segments >= 1);
        CHECK(t.behind == 3000);
        CHECK(t.before < 3000);
        CHECK(t.sum == 5 * t.segments);
    }
}
