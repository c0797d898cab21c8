// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// stream_router as a process, in front of echo servers: every byte arrives, in both directions, whoever ends first.
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <deque>
#include <examples/served.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>

using namespace bpfxx;
using namespace std::chrono_literals;
using test::client;
using test::has;
using test::served;
using test::within;

namespace {
constexpr u64 mib = 1 << 20;

/// A network, a backend that echoes, and a router with rules in front of it.
class site {
    test::network own_;
    test::scratch_folder folder_;
    served echo_{"sockmap_echo", {"--port", "0", "--mode", "epoll", "--address", "127.0.0.1", "--json"}};
    std::optional<served> router_;

  public:
    explicit site(std::vector<std::string> more = {}) {
        write("line echo " + backend() + "\nhost www.example.org " + backend() + "\nsni *.example.org " + backend() +
              "\nline down 127.0.0.1:1\nhost down.example.org 127.0.0.1:1\n");
        std::vector<std::string> arguments{"--rules", rules(), "--port", "0", "--metrics", "0"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        router_.emplace("stream_router", arguments);
    }
    auto network() const -> test::network const & { return own_; }
    auto rules() const -> std::string { return folder_ / "rules"; }
    auto write(std::string const &text) const -> void { std::ofstream{rules()} << text; }
    auto backend() -> std::string { return "127.0.0.1:" + std::to_string(echo_.port()); }
    auto echo() -> served & { return echo_; }
    auto router() -> served & { return *router_; }
    auto port() -> u16 { return router_->port(); }
    auto stream(u64 seed = 1, int family = AF_INET) -> client {
        client c{port(), family, seed};
        c.say("ROUTE echo\n");
        return c;
    }
    auto metrics() -> std::string {
        auto const &said = router_->said();
        auto const at = said.find("metrics on 127.0.0.1:") + 21;
        client c{static_cast<u16>(std::stoi(said.substr(at)))};
        c.say("GET /metrics HTTP/1.1\r\n\r\n");
        return c.hear(1 << 20);
    }
    auto metric(std::string const &name) -> i64 {
        auto const all = metrics();
        auto const at = all.find(name + " ");
        return at == std::string::npos ? -1 : std::stoll(all.substr(at + name.size() + 1));
    }
    /// Nothing is left of any stream.
    auto settles() -> bool {
        return within(10s, [&] { return metric("stream_router_entries") == 0; });
    }
    auto ends() -> bool {
        router_->signal(SIGTERM);
        return router_->ended() == 0;
    }
};

/// A client hello of TLS 1.2, with a server's name; cut into records of so many bytes.
auto client_hello(std::string const &name, std::size_t record = 1 << 14) -> std::string {
    auto const number = [](std::size_t n, int bytes) {
        std::string out;
        while (bytes-- > 0) out += static_cast<char>(n >> (8 * bytes));
        return out;
    };
    auto const entry = number(0, 1) + number(name.size(), 2) + name;
    auto const names = number(entry.size(), 2) + entry;
    auto const extensions = number(23, 2) + number(0, 2) + number(0, 2) + number(names.size(), 2) + names;
    auto const body = number(0x0303, 2) + std::string(32, 'r') + number(0, 1) + number(2, 2) + number(0x1301, 2) +
                      number(1, 1) + number(0, 1) + number(extensions.size(), 2) + extensions;
    auto const hello = number(1, 1) + number(body.size(), 3) + body;
    std::string out;
    for (std::size_t at = 0; at < hello.size(); at += record) {
        auto const part = hello.substr(at, record);
        out += number(22, 1) + number(0x0301, 2) + number(part.size(), 2) + part;
    }
    return out;
}
} // namespace

TEST_CASE("streams find their backend by what they say first") {
    if (test::cannot_load()) return;
    site s;
    auto const echoed = [&](std::string const &text, std::string const &back) {
        client const c{s.port(), AF_INET6};
        c.say(text);
        c.shut();
        return c.hear(back.size()) == back && c.hears_end();
    };
    CHECK(echoed("ROUTE echo\nhello", "hello"));
    CHECK(echoed("ROUTE ECHO\r\nhello", "hello"));
    CHECK(echoed("ROUTE echo\n", ""));
    std::string const request = "GET / HTTP/1.1\r\nAccept: *\r\nhOsT:  WWW.example.org:80 \r\n\r\n";
    CHECK(echoed(request, request));
    for (std::size_t const record : {1u, 7u, 16384u}) {
        auto const hello = client_hello("a.Example.org", record);
        CHECK(echoed(hello, hello));
    }
    client const slow{s.port()}; // byte by byte
    for (auto const c : std::string{"ROUTE echo\nx"}) {
        slow.say({&c, 1});
        std::this_thread::sleep_for(2ms);
    }
    CHECK(slow.hear(1) == "x");

    auto const answer = [&](std::string const &text) {
        client const c{s.port()};
        c.say(text);
        return c.hear(4096);
    };
    CHECK(has(answer("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"), "HTTP/1.1 404 Not Found\r\n"));
    CHECK(has(answer("GET / HTTP/1.1\r\nHost: down.example.org\r\n\r\n"), "HTTP/1.1 502 Bad Gateway\r\n"));
    for (std::string const text :
         {std::string{"ROUTE nowhere\n"}, std::string{"ROUTE down\n"}, std::string{"SSH-2.0\r\n"},
          client_hello("example.org"), client_hello("example.com")})
        CHECK(answer(text).empty());
    CHECK(s.metric("stream_router_refused_total{route=\"none\"}") == 5);
    CHECK(s.metric("stream_router_backend_down_total{route=\"line down 127.0.0.1:1\"}") == 1);
    CHECK(s.metric("stream_router_backend_down_total{route=\"host down.example.org 127.0.0.1:1\"}") == 1);
    CHECK(s.metric("stream_router_streams_total{route=\"sni *.example.org " + s.backend() + "\"}") == 3);
    CHECK(has(s.metrics(), "# EOF\n"));
}

TEST_CASE("whole streams, both ways") {
    if (test::cannot_load()) return;
    site s;
    for (u32 i = 0; i < 5; i++) CHECK(s.stream(i, i % 2 == 0 ? AF_INET : AF_INET6).echoed(64 * mib));
    CHECK(s.stream().echoed(256 * mib));
    for (u64 const size : {u64{1} << 16, u64{1} << 20, u64{16} << 20}) CHECK(s.stream().echoed(size));
    CHECK(s.settles());
    auto const name = "{route=\"line echo " + s.backend() + "\"}";
    CHECK(s.metric("stream_router_kernel_bytes_total" + name) + s.metric("stream_router_user_bytes_total" + name) ==
          static_cast<i64>(2 * ((5 * 64 + 256 + 17) * mib + (1 << 16))));
    CHECK(s.metric("stream_router_reset_total" + name) == 0);
    CHECK(s.ends());
}

TEST_CASE("a thousand streams at once") {
    if (test::cannot_load()) return;
    site s;
    std::deque<client> clients;
    for (u32 i = 0; i < 1000; i++) {
        clients.emplace_back(s.port(), i % 2 == 0 ? AF_INET : AF_INET6);
        clients.back().say("ROUTE echo\nhello " + std::to_string(i));
    }
    u32 whole = 0;
    for (u32 i = 0; i < clients.size(); i++) {
        auto const said = "hello " + std::to_string(i);
        whole += clients[i].hear(said.size()) == said ? 1 : 0;
    }
    CHECK(whole == 1000);
    for (auto const &c : clients) c.say("again");
    whole = 0;
    for (auto const &c : clients) whole += c.hear(5) == "again" ? 1 : 0;
    CHECK(whole == 1000);
    CHECK(s.metric("stream_router_entries") == 2000);
    for (u32 i = 0; i < clients.size(); i++) {
        if (i % 3 == 0)
            clients[i].abort();
        else
            clients[i].shut();
    }
    for (u32 i = 0; i < clients.size(); i++)
        if (i % 3 != 0) CHECK(clients[i].hears_end());
    CHECK(s.settles());
    for (u32 i = 0; i < 1000; i++) { // one after the other
        client const c{s.port()};
        c.say("ROUTE echo\nx");
        c.shut();
        CHECK(c.hear(1) == "x");
    }
    CHECK(s.settles());
}

TEST_CASE("a client that never reads is bounded through the router") {
    if (test::cannot_load()) return;
    site s;
    client const c = s.stream();
    auto const accepted = c.push_pattern(512 * mib, 3s);
    CHECK(accepted > mib);
    CHECK(accepted < 64 * mib); // two sockets of the router, two of the backend, and its own
    CHECK(s.stream(2).echoed(mib));
    c.shut();
    CHECK(c.hear_pattern(accepted) == accepted);
    CHECK(c.hears_end());
    CHECK(s.settles());
}

TEST_CASE("slow readers on a link that loses packets get every byte once through the router") {
    if (test::cannot_load()) return;
    std::string const folders = BPFXX_TEST_OBJECTS;
    site s{{"--budget", "128"}};
    auto lossy = user::object::open(folders.substr(0, folders.find(':')) + "/stream_router_loss.bpf.o");
    lossy.load();
    auto const loses = attach_xdp(lossy.program("loses"), "lo", {.mode = user::xdp_mode::generic});
    std::array<bool, 4> whole{};
    std::vector<std::thread> all;
    for (u32 i = 0; i < whole.size(); i++)
        all.emplace_back([&, i] {
            s.network().enter();
            whole[i] = s.stream(i).echoed(4 * mib, std::chrono::microseconds{i % 2 == 0 ? 0 : 2000});
        });
    for (auto &t : all) t.join();
    for (auto const w : whole) CHECK(w);
}

TEST_CASE("other rules while streams go on") {
    if (test::cannot_load()) return;
    site s;
    auto const before = s.stream();
    before.say("x");
    CHECK(before.hear(1) == "x");
    s.write("line other " + s.backend() + "\ndefault 127.0.0.1:1\n");
    s.router().signal(SIGHUP);
    CHECK(within(5s, [&] { return has(s.router().said(), "2 rules"); }));
    before.say("y");
    CHECK(before.hear(1) == "y");
    CHECK_FALSE(s.stream().hear(1) == "z");
    client const after{s.port()};
    after.say("ROUTE other\nz");
    CHECK(after.hear(1) == "z");
    s.write("line other " + s.backend() + "\nhost only-a-name\n");
    s.router().signal(SIGHUP);
    CHECK(within(5s, [&] { return has(s.router().said(), "the rules stay as they are"); }));
    CHECK(has(s.router().said(), "rules:2: 'host' takes a name and a backend"));
    client const still{s.port()};
    still.say("ROUTE other\nw");
    CHECK(still.hear(1) == "w");
    CHECK(s.metric("stream_router_reloads_total{result=\"failed\"}") == 1);
    CHECK(before.hear(0).empty());
    before.say("v");
    CHECK(before.hear(1) == "v");
}

TEST_CASE("a backend that dies in mid-stream ends its streams, and its route says so") {
    if (test::cannot_load()) return;
    site s;
    auto const c = s.stream();
    c.say("x");
    CHECK(c.hear(1) == "x");
    s.echo().signal(SIGKILL);
    s.echo().ended();
    char more = 0;
    pollfd p{c.fd(), POLLIN, 0};
    CHECK(poll(&p, 1, 5000) == 1);
    CHECK(recv(c.fd(), &more, 1, 0) <= 0);
    c.shut();
    CHECK(s.stream().hears_end()); // refused by now
    CHECK(s.settles());
}

TEST_CASE("half-closed streams have a limit") {
    if (test::cannot_load()) return;
    site s{{"--half-closed", "0.5"}};
    // The client ends its stream, and does not read what comes back: the backend cannot end its own.
    client const c = s.stream();
    auto const accepted = c.push_pattern(64 * mib, 500ms);
    CHECK(accepted > 0);
    c.shut();
    auto const limited = "stream_router_limited_total{route=\"line echo " + s.backend() + "\"}";
    CHECK(c.hear_pattern(accepted, 3000us) <= accepted);
    CHECK(within(20s, [&] { return s.metric("stream_router_entries") == 0; }));
    CHECK(s.metric(limited) >= 0);
}

TEST_CASE("a killed router leaves nothing behind") {
    if (test::cannot_load()) return;
    site s;
    auto const c = s.stream();
    c.push_pattern(64 * mib, 100ms);
    auto const held = s.router().holds();
    CHECK(held.programs.size() >= 2);
    CHECK_FALSE(served::gone(held));
    s.router().signal(SIGKILL);
    CHECK(s.router().ended() == 128 + SIGKILL);
    CHECK(within(5s, [&] { return served::gone(held); }));
}

TEST_CASE("a file of rules that makes no sense is refused with its line") {
    if (test::cannot_load()) return;
    test::scratch_folder const folder;
    auto const refused = [&](std::string const &text) {
        std::ofstream{folder / "rules"} << text;
        served s{"stream_router", {"--rules", folder / "rules", "--port", "0"}, false};
        auto const status = s.ended();
        return std::to_string(status) + " " + s.said();
    };
    CHECK(has(refused("# nothing\nhost a\n"), "rules:2: 'host' takes a name and a backend"));
    CHECK(has(refused("via a 1.2.3.4:5\n"), "rules:1: 'via' is none of host, sni, line, default"));
    CHECK(has(refused("host a 1.2.3.4\n"), "rules:1: '1.2.3.4' is no ADDRESS:PORT"));
    CHECK(has(refused("host a 1.2.3.4:5 6\n"), "rules:1: '6' is too much"));
    CHECK(has(refused("default 1.2.3.4:5\ndefault [::1]:6\n"), "several lines 'default'"));
    served missing{"stream_router", {"--rules", folder / "none", "--port", "0"}, false};
    CHECK(missing.ended() == 1);
    CHECK(has(missing.said(), "cannot open"));
    served without{"stream_router", {}, false};
    CHECK(without.ended() == 2);
}
