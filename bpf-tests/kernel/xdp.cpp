// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "xdp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

TEST_CASE("each verdict is the kernel's") {
    both run{verdicts};
    for (u8 i = 0; i < 5; i++) CHECK(run.run(std::vector<u8>(14, i)).verdict == i);
    CHECK(run.run(std::vector<u8>(14, 5)).verdict == xdp::pass); // a reason, and the default is to do no harm
    CHECK(run.run({}).verdict == xdp::pass);
}

TEST_CASE("a policy for packets of another form") {
    auto const eth = [] { return packet{}.ethernet(); };
    struct row {
        char const *what;
        test::byte_string bytes;
        int by_default, by_action, by_function, by_lambda;
    };
    constexpr int aborted = xdp::aborted, drop = xdp::drop, pass = xdp::pass, tx = xdp::tx, redirect = xdp::redirect;
    row const rows[] = {
        {"empty", eth().ipv4().udp(), drop, drop, drop, drop},
        {"payload", eth().ipv4().udp().payload("x"), tx, tx, tx, tx},
        {"truncated", patched(eth().ipv4().udp(), 16, {0, 27}), pass, drop, aborted, pass},
        {"other protocol", eth().ipv4().tcp(), pass, drop, pass, pass},
        {"malformed", eth().ipv4({.version = 7}).udp(), pass, drop, drop, drop},
        {"fragment", eth().ipv4({.fragment_offset = 1}).udp(), pass, drop, redirect, pass},
    };
    both plain{by_default}, action{by_action}, function{by_function}, lambda{by_lambda};
    for (auto const &row : rows) {
        INFO(row.what);
        CHECK(plain.run(row.bytes).verdict == row.by_default);
        CHECK(action.run(row.bytes).verdict == row.by_action);
        CHECK(function.run(row.bytes).verdict == row.by_function);
        CHECK(lambda.run(row.bytes).verdict == row.by_lambda);
    }
    for (auto *const run : {&plain, &action, &function, &lambda})
        run->sweep(eth().ipv4().udp().payload("x"), [&](std::size_t length, test::answer const &a) {
            if (length > 42) return a.verdict == tx;
            if (length == 42) return a.verdict == drop;
            return a.verdict == (run == &action ? drop : run == &function ? aborted : pass);
        });
}

TEST_CASE("a reason answered by hand") {
    both run{by_hand};
    CHECK(run.run(packet{}.ethernet().ipv4().tcp()).verdict == xdp::redirect);
    CHECK(run.run(packet{}.ethernet().ipv4().udp()).verdict == xdp::tx);
    CHECK(run.run(packet{}.ethernet().ipv4({.version = 7}).tcp()).verdict == xdp::drop);
    CHECK(run.run(packet{}.ethernet()).verdict == xdp::tx); // no payload, and nothing says that there is any
    CHECK(run.run(packet{}.ethernet({.type = u16{0x0800}})).verdict == xdp::aborted);
}

TEST_CASE("what else a packet knows") {
    both run{surroundings};
    for (std::size_t size : {14u, 60u, 1514u}) {
        auto const a = run.run(std::vector<u8>(size));
        CHECK(a.number(0) == 1); // BPF_PROG_TEST_RUN's: the loopback interface and its only queue
        CHECK(a.number(1) == 0);
        CHECK(a.number(2) == size);
    }
}

TEST_CASE("a program and a map in a namespace") {
    both run{inner::fifteen_letters};
    for (u64 i = 1; i < 5; i++) CHECK(run.step(std::vector<u8>(14)).number(0) == i);
    run.each_kernel_map("runs", [](int fd) {
        u32 const index = 0;
        u64 count = 0;
        CHECK(bpf_map_lookup_elem(fd, &index, &count) == 0);
        CHECK(count == 4);
    });
}
