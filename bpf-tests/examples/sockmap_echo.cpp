// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// sockmap_echo as a process: whatever clients do, they get back what they have sent, and no more memory than they may have.
#include <algorithm>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <cstdlib>
#include <deque>
#include <examples/served.hpp>
#include <examples/support/pieces.hpp>
#include <support/objects.hpp>
#include <sys/wait.h>
#include <user/expect.hpp>
#include <user/network.hpp>

using namespace bpfxx;
using namespace std::chrono_literals;
using test::client;
using test::served;
using test::within;

namespace {
std::vector<std::string> const in_kernel{"stream_verdict", "verdict", "parser"};
std::vector<std::string> const all_modes{"stream_verdict", "verdict", "parser", "epoll"};
std::vector<std::string> const two_modes{"stream_verdict", "parser"};
constexpr u64 mib = 1 << 20;

auto echo(std::string const &mode, std::vector<std::string> more = {}) -> std::unique_ptr<served> {
    std::vector<std::string> arguments{"--port", "0", "--mode", mode, "--json"};
    if (more.empty() || more[0] != "--grace") more.insert(more.end(), {"--grace", "50"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return std::make_unique<served>("sockmap_echo", arguments);
}
auto end(served &s) -> int {
    s.signal(SIGTERM);
    return s.ended();
}
} // namespace

TEST_CASE("connections that send at once are all echoed") {
    if (test::cannot_load()) return;
    for (auto const &mode : all_modes) {
        INFO(mode);
        auto const own = test::network{}; // ports of its own
        auto const server = echo(mode);
        auto const port = server->port();
        std::deque<client> clients;
        for (u32 i = 0; i < 3000; i++) {
            clients.emplace_back(port, i % 2 == 0 ? AF_INET : AF_INET6, i);
            clients.back().say("hello " + std::to_string(i));
        }
        u32 echoed = 0;
        u64 said = 0;
        for (u32 i = 0; i < clients.size(); i++) {
            auto const words = "hello " + std::to_string(i);
            said += words.size();
            if (clients[i].hear(words.size()) == words) echoed++;
        }
        CHECK(echoed == 3000);
        // And once more over the same connections.
        for (auto const &c : clients) c.say("again");
        echoed = 0;
        for (auto const &c : clients) echoed += c.hear(5) == "again" ? 1 : 0;
        CHECK(echoed == 3000);
        clients.clear();
        CHECK(end(*server) == 0);
        CHECK(server->counter("accepted") == 3000);
        CHECK(server->counter("open") == 0);
        CHECK(server->counter("broken") == 0);
        // How much of it came before its connection was in the map is for the machine to say.
        if (mode != "epoll") CHECK(server->counter("bytes_in_kernel") > 0);
        CHECK(server->counter("bytes_in_kernel") + server->counter("bytes_in_user_space") == said + 3000 * 5);
    }
}

TEST_CASE("closing loses nothing") {
    if (test::cannot_load()) return;
    for (auto const &mode : all_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        u32 whole = 0;
        auto const times = mode == "stream_verdict" ? 20u : 3u;
        for (u32 i = 0; i < times; i++)
            whole += client{server->port(), i % 2 == 0 ? AF_INET : AF_INET6, i}.echoed(64 * mib);
        CHECK(whole == times);
        for (u64 const size : {u64{1} << 16, u64{1} << 20, u64{16} << 20}) CHECK(client{server->port()}.echoed(size));
        CHECK(end(*server) == 0);
        CHECK(server->counter("bytes_in_kernel") + server->counter("bytes_in_user_space") ==
              (times * 64 + 17) * mib + (1 << 16));
        CHECK(server->counter("reset") == 0);
    }
}

TEST_CASE("a peer that has ended its stream before anybody looked is served") {
    if (test::cannot_load()) return;
    for (auto const &mode : two_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        u32 whole = 0, sent = 0;
        auto const round = [&] {
            std::deque<client> clients;
            for (u32 i = 0; i < 200; i++, sent++) {
                clients.emplace_back(server->port(), i % 2 == 0 ? AF_INET : AF_INET6);
                clients.back().say("last words");
                clients.back().shut();
            }
            for (auto const &c : clients) whole += c.hear(10) == "last words" && c.hears_end() ? 1 : 0;
            return within(1500ms, [&] { return server->counter("outside") > 0; });
        };
        CHECK(within(60s, round)); // some of them came too late for the map
        CHECK(whole == sent);
        auto const silent = client{server->port()}; // nothing but the end
        silent.shut();
        CHECK(silent.hears_end());
        CHECK(end(*server) == 0);
    }
}

TEST_CASE("a peer that never reads is bounded, and loses nothing") {
    if (test::cannot_load()) return;
    for (auto const &mode : all_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        std::deque<client> clients;
        std::array<u64, 4> accepted{};
        std::vector<std::thread> senders;
        for (u32 i = 0; i < accepted.size(); i++) clients.emplace_back(server->port(), AF_INET, i);
        for (u32 i = 0; i < accepted.size(); i++)
            senders.emplace_back([&, i] { accepted[i] = clients[i].push_pattern(512 * mib, 2s); });
        for (auto &s : senders) s.join();
        for (auto const n : accepted) {
            CHECK(n > mib / 4);
            if (mode != "epoll") CHECK(n <= 24 * mib);
        }
        // Another connection does not notice.
        CHECK(client{server->port(), AF_INET6}.echoed(mib));
        for (u32 i = 0; i < accepted.size(); i++) {
            clients[i].shut();
            CHECK(clients[i].hear_pattern(accepted[i]) == accepted[i]);
            CHECK(clients[i].hears_end());
        }
        CHECK(end(*server) == 0);
        if (mode != "epoll") CHECK(server->counter("switches") >= accepted.size());
    }
}

TEST_CASE("a peer that was away goes on as soon as it reads") {
    if (test::cannot_load()) return;
    for (auto const &mode : all_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        client const c{server->port()};
        // Were its segments refused, it would send them again after ever longer times, and nobody could tell it to do so now.
        u64 sent = 0;
        CHECK(within(60s, [&] {
            sent = c.push_pattern(512 * mib, 300ms, sent);
            return c.is_held_up();
        }));
        c.shut();
        CHECK(within(60s, [&] { return c.is_held_up(); })); // and the end of its stream changes nothing
        CHECK(c.hear_pattern(sent) == sent);
        CHECK(c.hears_end());
        CHECK(end(*server) == 0);
        CHECK(server->counter("broken") == 0);
    }
}

TEST_CASE("many small pieces of which nothing is read lose nothing") {
    if (test::cannot_load()) return;
    for (auto const &mode : in_kernel) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        client const c{server->port()};
        constexpr u32 many = 20'000;
        std::string expected(many, '\0');
        for (u32 i = 0; i < many; i++) expected[i] = static_cast<char>(i);
        for (u32 i = 0; i < many; i++) c.say({&expected[i], 1});
        CHECK(c.hear(many) == expected);
        c.say("more");
        c.shut();
        CHECK(c.hear(4) == "more");
        CHECK(c.hears_end());
        CHECK(end(*server) == 0);
        CHECK(server->counter("broken") == 0);
    }
}

TEST_CASE("small pieces are counted, for each takes more of the kernel's memory than its bytes") {
    constexpr u32 length = 3, behind = 10;
    pieces p{};
    u64 arrived = 0;
    for (u32 i = 0; i < 1000; i++) { // each is acknowledged before the next one
        add_piece(p, arrived + length, arrived, length);
        arrived += length;
        CHECK(under_way(p) == 1);
    }
    for (u32 i = 0; i < 1000; i++) { // a stream that never pauses: never too few, and soon not many more
        arrived += length;
        add_piece(p, arrived, arrived - std::min(i + 1, behind) * length, length);
        CHECK(under_way(p) >= std::min(i + 1, behind));
        CHECK(under_way(p) <= 3 * behind);
    }
    auto const acknowledged = arrived;
    for (u32 i = 1; i <= 1000; i++) { // nobody reads any more
        arrived += length;
        add_piece(p, arrived, acknowledged, length);
        CHECK(under_way(p) >= i);
    }
    add_piece(p, arrived + length, arrived, length);
    CHECK(under_way(p) == 1);
    CHECK(p.count == 3001);
    CHECK(most_pieces(512 << 10) == 1024);
    CHECK(most_pieces(16 << 10) == 64);
}

TEST_CASE("a peer that waits for its echoes again is given back to the kernel") {
    if (test::cannot_load()) return;
    for (auto const &mode : two_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        client const c{server->port(), AF_INET, 1};
        auto const taken = c.push_pattern(64 * mib, 500ms);
        CHECK(c.hear_pattern(taken) == taken);
        auto const in_kernel = [&] { return server->counter("bytes_in_kernel"); };
        auto const all = [&] { return in_kernel() + server->counter("bytes_in_user_space") == taken; };
        REQUIRE(within(60s, all));
        CHECK(server->counter("switches") > 0);
        auto const before = in_kernel();
        auto right = true;
        CHECK(within(60s, [&] {
            for (u32 i = 0; i < 100; i++) {
                c.say("ping");
                right = right && c.hear(4) == "ping";
            }
            return in_kernel() > before;
        }));
        CHECK(right);
    }
}

TEST_CASE("slow readers on a link that loses packets get every byte once, and in order") {
    if (test::cannot_load()) return;
    for (auto const &mode : in_kernel) {
        INFO(mode);
        auto const own = test::network{};
        auto lossy = user::object::open(test::object_files("sockmap_echo_loss").at(0));
        lossy.load();
        auto const loses = attach_xdp(lossy.program("loses"), "lo", {.mode = user::xdp_mode::generic});
        auto const server = echo(mode, {"--budget", "128"});
        std::array<bool, 8> whole{};
        std::vector<std::thread> all;
        auto const port = server->port();
        for (u32 i = 0; i < whole.size(); i++)
            all.emplace_back([&, i] {
                own.enter(); // a thread begins in the network of the one that made it; to be sure
                auto const pause = std::chrono::microseconds{i % 2 == 0 ? 0 : 2000};
                whole[i] = client{port, i % 4 < 2 ? AF_INET : AF_INET6, i}.echoed(8 * mib, pause);
            });
        for (auto &t : all) t.join();
        for (auto const w : whole) CHECK(w);
        CHECK(end(*server) == 0);
        CHECK(server->counter("broken") == 0);
    }
}

TEST_CASE("a reset connection leaves others alone") {
    if (test::cannot_load()) return;
    for (auto const &mode : two_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        for (u32 i = 0; i < 50; i++) {
            client c{server->port()};
            c.send_pattern(0, mib);
            c.abort();
        }
        CHECK(client{server->port()}.echoed(mib));
        CHECK(within(30s, [&] { return server->counter("open") == 0 && server->counter("accepted") == 51; }));
        CHECK(end(*server) == 0);
    }
}

TEST_CASE("a signal lets what has come be echoed") {
    if (test::cannot_load()) return;
    for (auto const &mode : all_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        client const busy{server->port()}, idle{server->port(), AF_INET6};
        idle.say("x");
        CHECK(idle.hear(1) == "x");
        auto const sent = busy.push_pattern(64 * mib, 300ms); // nothing of it is read yet
        server->signal(SIGTERM);
        CHECK(idle.hears_end());
        CHECK(busy.hear_pattern(sent) == sent);
        CHECK(busy.hears_end());
        busy.shut();
        idle.shut();
        CHECK(server->ended() == 0);
        CHECK(test::failure_of([&] { client{server->port()}; }).code() == ECONNREFUSED);
    }
}

TEST_CASE("connections that do not end are cut off, and that is said") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const server = echo("stream_verdict", {"--grace", "0.5"});
    client const stuck{server->port()};
    stuck.push_pattern(64 * mib, 300ms);
    server->signal(SIGTERM);
    CHECK(server->ended() == 1);
    CHECK(test::has(server->said(), "1 connections did not end in time and were cut off"));
}

TEST_CASE("a killed server leaves nothing behind") {
    if (test::cannot_load()) return;
    for (auto const &mode : two_modes) {
        INFO(mode);
        auto const own = test::network{};
        auto const server = echo(mode);
        client const c{server->port()};
        c.push_pattern(64 * mib, 100ms);
        auto const held = server->holds();
        CHECK(held.programs.size() >= 2);
        CHECK(held.maps.size() >= 4);
        CHECK_FALSE(served::gone(held));
        server->signal(SIGKILL);
        CHECK(server->ended() == 128 + SIGKILL);
        CHECK(within(30s, [&] { return served::gone(held); }));
    }
}

TEST_CASE("counters that cannot be written end it") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    CHECK(WEXITSTATUS(std::system(BPFXX_BUILD_DIR "/bin/sockmap_echo --mode epoll --port 0 --json >/dev/full 2>&1")) ==
          1);
}

TEST_CASE("what makes no sense is refused in words") {
    if (test::cannot_load()) return;
    auto const refused = [](std::vector<std::string> const &arguments) {
        served s{"sockmap_echo", arguments, false};
        auto const status = s.ended();
        return std::to_string(status) + " " + s.said();
    };
    CHECK(test::has(refused({"--mode", "magic"}), "2 sockmap_echo: "));
    CHECK(test::has(refused({"--port", "70000"}), "2 sockmap_echo: "));
    CHECK(test::has(refused({"--grace", "nan"}), "2 sockmap_echo: "));
    CHECK(test::has(refused({"--address", "localhost"}), "1 sockmap_echo: 'localhost' is no IP address"));
    auto const own = test::network{};
    auto const server = echo("epoll");
    CHECK(test::has(refused({"--port", std::to_string(server->port()), "--mode", "epoll"}),
                    "1 sockmap_echo: cannot listen on 0.0.0.0:" + std::to_string(server->port()) +
                        ": Address already in use"));
    served help{"sockmap_echo", {"--help"}, false};
    CHECK(help.ended() == 0);
    CHECK(test::has(help.wrote(), "--mode"));
}
