// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// stream_router as a process, in front of echo servers: every byte arrives, in both directions, whoever ends first.
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <deque>
#include <examples/served.hpp>
#include <set>
#include <support/objects.hpp>
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
    served echo_{"sockmap_echo", {"--port", "0", "--mode", "epoll", "--address", "127.0.0.1"}};
    std::optional<served> router_;

  public:
    explicit site(std::vector<std::string> more = {}) {
        write("line echo " + backend() + "\nhost www.example.org " + backend() + "\nsni *.example.org " + backend() +
              "\nline down 127.0.0.1:1\nhost down.example.org 127.0.0.1:1\n");
        std::vector<std::string> arguments{"--rules", rules(), "--port", "0", "--metrics", "127.0.0.1:0"};
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
    auto stream(u64 seed = 1, int family = AF_INET, std::string const &to = "echo") -> client {
        client c{port(), family, seed};
        c.say("ROUTE " + to + "\n");
        return c;
    }
    /// More rules, which are read with the next reload.
    auto add(std::string const &text) const -> void { std::ofstream{rules(), std::ios::app} << text; }
    auto reload() -> void {
        auto const before = metric("stream_router_reloads_total{result=\"ok\"}");
        router_->signal(SIGHUP);
        if (!within(60s, [&] { return metric("stream_router_reloads_total{result=\"ok\"}") > before; }))
            throw std::runtime_error{"no reload"};
    }
    auto metrics() -> std::string {
        auto const &said = router_->said();
        auto const at = said.find("http://127.0.0.1:") + 17;
        client c{static_cast<u16>(std::stoi(said.substr(at)))};
        c.say("GET /metrics HTTP/1.1\r\n\r\n");
        return c.hear(1 << 20);
    }
    auto metric(std::string const &name) -> i64 {
        auto const all = metrics();
        auto const at = all.find(name + " ");
        return at == std::string::npos ? -1 : std::stoll(all.substr(at + name.size() + 1));
    }
    /// How many sockets the kernel's maps know, by the keys that are in them.
    auto entries() -> u64 {
        u64 all = 0;
        auto const maps = router_->holds().maps; // some are held twice
        for (auto const id : std::set<u32>{maps.begin(), maps.end()}) {
            user::descriptor const map{bpf_map_get_fd_by_id(id)};
            bpf_map_info info{};
            u32 size = sizeof info;
            if (!map || bpf_obj_get_info_by_fd(map.get(), &info, &size) != 0) continue;
            if (std::string_view{info.name} != "ends" && std::string_view{info.name} != "destinations") continue;
            u64 key = 0;
            for (auto *before = static_cast<u64 *>(nullptr); bpf_map_get_next_key(map.get(), before, &key) == 0;
                 before = &key)
                all++;
        }
        return all;
    }
    /// Nothing is left of any stream.
    auto settles() -> bool {
        return within(60s, [&] { return entries() == 0; });
    }
    auto ends() -> bool {
        router_->signal(SIGTERM);
        return router_->ended() == 0;
    }
};

/// A backend that does with each connection what it is told to, one after the other.
class backend {
    user::descriptor listening_;
    std::function<bool(client const &)> talk_;
    std::atomic<int> done_ = 0, right_ = 0;
    std::thread thread_;

  public:
    backend(site &s, std::string const &name, std::function<bool(client const &)> talk)
        : listening_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, talk_{std::move(talk)} {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        auto *const at = reinterpret_cast<sockaddr *>(&where);
        if (bind(listening_.get(), at, size) != 0 || listen(listening_.get(), 16) != 0)
            throw user::error{"listen", errno};
        getsockname(listening_.get(), at, &size);
        s.add("line " + name + " 127.0.0.1:" + std::to_string(ntohs(where.sin_port)) + "\n");
        thread_ = std::thread{[this] {
            while (true) {
                auto fd = user::descriptor{accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
                if (!fd) return;
                auto good = false;
                try {
                    good = talk_(client{std::move(fd)});
                } catch (user::error const &) { // cut off
                }
                right_ += good ? 1 : 0;
                done_++;
            }
        }};
    }
    ~backend() {
        shutdown(listening_.get(), SHUT_RDWR);
        thread_.join();
    }
    /// Whether the next connection has gone as it should.
    auto right() -> bool {
        if (!within(60s, [&] { return done_ > 0; })) return false;
        return done_.exchange(0) == right_.exchange(0);
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
    for (std::string const request :
         {"GET / HTTP/1.1\r\nAccept: *\r\nhOsT:  WWW.example.org:80 \r\n\r\n",
          "\r\nGET / HTTP/1.1\r\nHost: www.example.org.\r\n\r\n",
          "PROPFIND /x HTTP/1.1\r\nHostile: a\r\nHost: www.example.org\r\n\r\n",
          "VERSION-CONTROL * HTTP/1.1\nHost: www.example.org\n\n", "GET http://www.example.org HTTP/1.0\r\n\r\n",
          "GET HTTP://me@WWW.example.org:80/x?y=://z HTTP/1.1\r\nHost: example.com\r\n\r\n",
          "CONNECT www.example.org:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"}) {
        INFO(request);
        CHECK(echoed(request, request));
    }
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
    CHECK(has(answer("GET / HTTP/1.0\r\n\r\nHost: www.example.org\r\n"), "HTTP/1.1 404 Not Found\r\n"));
    CHECK(has(answer("GET /?u=http://www.example.org HTTP/1.1\r\nHost: example.com\r\n\r\n"), "HTTP/1.1 404 "));
    CHECK(has(answer("GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a') + "\r\nHost: www.example.org\r\n\r\n"),
              "HTTP/1.1 431 "));
    for (std::string const text :
         {"ROUTE nowhere\n", "ROUTE down\n", "SSH-2.0\r\n", "PRI * HTTP/2.0\r\n\r\n", "GET x\r\n\r\n", "A /\r\n"})
        CHECK(answer(text).empty());
    std::string const unrecognized_name{"\x15\x03\x01\x00\x02\x02\x70", 7};
    CHECK(answer(client_hello("example.org")) == unrecognized_name);
    CHECK(answer(client_hello("example.com")) == unrecognized_name);
    CHECK(s.metric("stream_router_refused_total") == 11);
    CHECK(s.metric("stream_router_backend_down_total{route=\"line down 127.0.0.1:1\"}") == 1);
    CHECK(s.metric("stream_router_backend_down_total{route=\"host down.example.org 127.0.0.1:1\"}") == 1);
    CHECK(s.metric("stream_router_streams_total{route=\"sni *.example.org " + s.backend() + "\"}") == 3);
    CHECK(has(s.metrics(), "# EOF\n"));
    s.write("host *.example.org 127.0.0.1:1\nhost * " + s.backend() + "\nhost a.example.com 127.0.0.1:1\n");
    s.reload();
    std::string const other = "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    CHECK(echoed(other, other));
    CHECK(has(answer("GET / HTTP/1.1\r\nHost: a.example.org\r\n\r\n"), "HTTP/1.1 502 "));
    CHECK(answer(client_hello("a.example.com")) == unrecognized_name);
}

TEST_CASE("whole streams, both ways") {
    if (test::cannot_load()) return;
    site s;
    CHECK(s.stream(2, AF_INET6).echoed(64 * mib));
    CHECK(s.stream().echoed(1024 * mib));
    for (u64 const size : {u64{1} << 16, u64{1} << 20, u64{16} << 20}) CHECK(s.stream().echoed(size));
    CHECK(s.settles());
    auto const name = "{route=\"line echo " + s.backend() + "\"}";
    CHECK(s.metric("stream_router_kernel_bytes_total" + name) + s.metric("stream_router_user_bytes_total" + name) ==
          static_cast<i64>(2 * ((64 + 1024 + 17) * mib + (1 << 16))));
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
    CHECK(s.entries() == 4000);
    for (u32 i = 0; i < clients.size(); i++) {
        if (i % 3 == 0)
            clients[i].abort();
        else
            clients[i].shut();
    }
    for (u32 i = 0; i < clients.size(); i++)
        if (i % 3 != 0) CHECK(clients[i].hears_end());
    CHECK(s.settles());
}

TEST_CASE("ten thousand streams, one after the other") {
    if (test::cannot_load()) return;
    site s;
    u32 whole = 0;
    for (u32 i = 0; i < 10'000; i++) {
        client c{s.port(), i % 2 == 0 ? AF_INET : AF_INET6};
        c.say("ROUTE echo\nx"); // at once: the backend's answer is early, too
        c.shut();
        whole += c.hear(1) == "x" && (i % 10 != 0 || c.hears_end()) ? 1 : 0;
        if (i % 3 == 0) c.abort();
    }
    CHECK(whole == 10'000);
    CHECK(s.settles());
}

TEST_CASE("more first bytes than the router reads, at once") {
    if (test::cannot_load()) return;
    for (auto const *const mode : {"stream_verdict", "epoll"}) {
        INFO(mode);
        site s{{"--mode", mode}};
        for (u32 i = 0; i < 20; i++) {
            client const c{s.port()};
            std::string text = "ROUTE echo\n";
            for (u32 word = 0; text.size() < 60'000 + 1000 * i; word++) text += std::to_string(word) + ' ';
            c.say(text);
            text.erase(0, text.find('\n') + 1);
            CHECK(c.hear(text.size()) == text);
            c.say("more");
            c.shut();
            CHECK(c.hear(4) == "more");
            CHECK(c.hears_end());
        }
        // The kernel delivers a piece whole also if user space has read half of it.
        if (std::string_view{mode} == "stream_verdict")
            CHECK(s.metric("stream_router_repeated_bytes_total{route=\"line echo " + s.backend() + "\"}") > 0);
    }
}

TEST_CASE("a client that never reads is bounded through the router") {
    if (test::cannot_load()) return;
    site s{{"--budget", "512"}};
    client const c = s.stream();
    auto const accepted = c.push_pattern(512 * mib, 3s);
    CHECK(accepted > mib);
    CHECK(accepted < 64 * mib); // in both directions, and in the backend
    CHECK(s.stream(2).echoed(mib));
    c.shut();
    CHECK(c.hear_pattern(accepted) == accepted);
    CHECK(c.hears_end());
    CHECK(s.settles());
}

TEST_CASE("slow readers on a link that loses packets get every byte once through the router") {
    if (test::cannot_load()) return;
    site s{{"--budget", "128"}};
    auto lossy = user::object::open(test::object_files("stream_router_loss").at(0));
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

TEST_CASE("a backend that hears nothing until it has said all holds up nobody but itself") {
    if (test::cannot_load()) return;
    for (auto const *const mode : {"stream_verdict", "epoll"}) {
        INFO(mode);
        site s{{"--mode", mode, "--budget", "128"}};
        backend speaks{s, "speaks", [](client const &c) {
                           c.send_pattern(0, 32 * mib);
                           return c.hear_pattern(32 * mib) == 32 * mib && c.hears_end();
                       }};
        s.reload();
        client const c = s.stream(1, AF_INET, "speaks");
        std::thread sender{[&] {
            try {
                c.send_pattern(0, 32 * mib);
                c.shut();
            } catch (user::error const &) { // what did not go is not heard
            }
        }};
        auto const heard = c.hear_pattern(32 * mib, 300us); // late enough for user space to take part
        CHECK(heard == 32 * mib);
        if (heard != 32 * mib) shutdown(c.fd(), SHUT_RDWR);
        sender.join();
        CHECK(speaks.right());
        CHECK(s.settles());
    }
}

TEST_CASE("other rules while streams go on") {
    if (test::cannot_load()) return;
    site s;
    auto const before = s.stream();
    before.say("x");
    CHECK(before.hear(1) == "x");
    s.write("line other " + s.backend() + "\ndefault 127.0.0.1:1\n");
    s.router().signal(SIGHUP);
    CHECK(within(60s, [&] { return has(s.router().said(), "2 rules"); }));
    before.say("y");
    CHECK(before.hear(1) == "y");
    CHECK_FALSE(s.stream().hear(1) == "z");
    client const after{s.port()};
    after.say("ROUTE other\nz");
    CHECK(after.hear(1) == "z");
    s.write("line other " + s.backend() + "\nhost only-a-name\n");
    s.router().signal(SIGHUP);
    CHECK(within(60s, [&] { return has(s.router().said(), "the rules stay as they are"); }));
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
    CHECK(poll(&p, 1, 60'000) == 1);
    CHECK(recv(c.fd(), &more, 1, 0) <= 0);
    c.shut();
    CHECK(s.stream().hears_end()); // refused by now
    CHECK(s.settles());
}

TEST_CASE("each side may end its stream first, and hear or say much after that") {
    if (test::cannot_load()) return;
    for (auto const *const mode : {"stream_verdict", "epoll"}) {
        INFO(mode);
        site s{{"--mode", mode}};
        backend says{s, "says", [](client const &c) { // hears until the end, and then speaks
                         auto const heard = c.hear_pattern(20 * mib);
                         if (heard != 3 * mib || !c.hears_end()) return false;
                         c.send_pattern(0, 20 * mib);
                         c.shut();
                         return true;
                     }};
        backend hears{s, "hears", [](client const &c) { // ends at once, and hears what comes
                          c.say("bye");
                          c.shut();
                          return c.hear_pattern(20 * mib) == 20 * mib && c.hears_end();
                      }};
        backend last{s, "last", [](client const &c) { // sends much and ends, with all of it under way
                         c.send_pattern(0, 20 * mib);
                         c.shut();
                         return c.hears_end();
                     }};
        s.reload();
        for (auto const pause : {0us, 300us}) {
            client const first = s.stream(1, AF_INET, "says");
            first.send_pattern(0, 3 * mib);
            first.shut();
            CHECK(first.hear_pattern(20 * mib, pause) == 20 * mib);
            CHECK(first.hears_end());
            CHECK(says.right());
        }
        client const second = s.stream(1, AF_INET6, "hears");
        CHECK(second.hear(3) == "bye");
        CHECK(second.hears_end());
        second.send_pattern(0, 20 * mib);
        second.shut();
        CHECK(hears.right());
        client const third = s.stream(1, AF_INET, "last");
        CHECK(third.hear_pattern(20 * mib, 300us) == 20 * mib);
        CHECK(third.hears_end());
        third.shut();
        CHECK(last.right());
        CHECK(s.settles());
        CHECK(s.ends());
    }
}

TEST_CASE("a client that has ended its stream, and was away, gets the rest at once") {
    if (test::cannot_load()) return;
    // A backend whose segments are refused tries again after ever longer times. With only that to go by, it would begin
    // again seconds after the client. In a network of its own, since TCP remembers other connections'.
    auto const late = [] {
        site s;
        backend says{s, "says", [](client const &c) {
                         c.say("x"); // which the kernel passes on, and with it the rest
                         if (!c.hears_end()) return false;
                         c.send_pattern(0, 24 * mib);
                         c.shut();
                         return true;
                     }};
        s.reload();
        client const c = s.stream(1, AF_INET, "says");
        CHECK(c.hear(1) == "x");
        c.shut();
        std::this_thread::sleep_for(9s); // between two attempts, at about 7 and 13 seconds
        std::chrono::steady_clock::duration longest{};
        auto const took = [&](auto const &hear) {
            auto const begin = std::chrono::steady_clock::now();
            auto const right = hear();
            longest = std::max(longest, std::chrono::steady_clock::now() - begin);
            return right;
        };
        constexpr u64 part = mib / 4; // a slow machine takes its time for all of it
        auto right = true;
        for (u64 at = 0; right && at < 24 * mib; at += part)
            right = took([&] { return c.hear_pattern(part, 0us, at) == part; });
        CHECK(right);
        CHECK(took([&] { return c.hears_end(); }));
        CHECK(says.right());
        CHECK(s.settles());
        return longest;
    };
    CHECK((late() < 1s || late() < 1s || late() < 1s)); // a busy machine may be late, but not always
}

TEST_CASE("a stream that one side has ended has limits") {
    if (test::cannot_load()) return;
    auto const limited = [](site &s, std::string const &name) {
        auto const all = s.metrics();
        auto const at = all.find("stream_router_limited_total{route=\"line " + name + " ");
        return at == std::string::npos ? -1 : std::stoi(all.substr(all.find("} ", at) + 2));
    };
    auto const much = [](client const &c) { // of which nothing is read
        if (!c.hears_end()) return false;
        c.push_pattern(64 * mib, 1s);
        return true;
    };
    {
        site s{{"--half-closed", "0.5"}};
        backend says{s, "says", much};
        s.reload();
        client const c = s.stream(1, AF_INET, "says");
        c.shut();
        CHECK(within(60s, [&] { return limited(s, "says") == 1; }));
        CHECK(s.settles());
        CHECK(c.hear_pattern(64 * mib) < 64 * mib);
        CHECK(says.right());
    }
    site s{{"--half-closed-mib", "1"}};
    backend says{s, "says", much};
    s.reload();
    client const c = s.stream(1, AF_INET, "says");
    c.shut();
    CHECK(within(60s, [&] { return limited(s, "says") == 1; }));
    CHECK(s.settles());
    CHECK(says.right());
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
    CHECK(within(60s, [&] { return served::gone(held); }));
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
    for (auto const *port : {"0", "65536", "99999", "4294967376", "-1", "+80", "http"})
        CHECK(has(refused(std::string{"default 1.2.3.4:"} + port + "\n"), "is no ADDRESS:PORT"));
    CHECK(has(refused("host a 1.2.3.4:5 6\n"), "rules:1: '6' is too much"));
    CHECK(has(refused("default 1.2.3.4:5\ndefault [::1]:6\n"), "rules:2: a second 'default'"));
    served missing{"stream_router", {"--rules", folder / "none", "--port", "0"}, false};
    CHECK(missing.ended() == 1);
    CHECK(has(missing.said(), "cannot open"));
    std::ofstream{folder / "rules"} << "default 1.2.3.4:5\n";
    served elsewhere{
        "stream_router", {"--rules", folder / "rules", "--port", "0", "--metrics", "127.0.0.1:99999"}, false};
    CHECK(elsewhere.ended() == 1);
    CHECK(has(elsewhere.said(), "'127.0.0.1:99999' is no address and port"));
    served without{"stream_router", {}, false};
    CHECK(without.ended() == 2);
}
