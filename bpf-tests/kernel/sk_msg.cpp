// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sk_msg.bpf.cpp"
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/sockmap_link.hpp>
#include <kernel/sockets.hpp>
#include <support/each_object.hpp>

using streams::wish;
using test::connected, test::heard, test::say, test::silent;
using user::sockmap_hook;

namespace {
auto text(wish kind, std::string const &content) -> std::string {
    return std::string{"bpfx"} + static_cast<char>(content.size() >> 8) + static_cast<char>(content.size()) +
           static_cast<char>(kind) + content;
}
struct answered {
    int verdict;
    u32 applied, corked;
};
auto native(std::string const &bytes) -> answered {
    std::vector<u8> copy(bytes.begin(), bytes.end());
    sk_msg::context context{copy.data(), copy.data() + copy.size()};
    streams::connect(context);
    auto const verdict = sending(&context);
    return {verdict, context.applied, context.corked};
}
} // namespace

TEST_CASE("a message's verdict") {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    auto index = object.map<streams::by_index>("by_index");
    auto const whole = text(wish::pass, "four");
    CHECK(native(whole).verdict == sk_msg::pass);
    CHECK(native(whole).applied == 11);
    CHECK(native(whole + whole).applied == 11);
    CHECK(native(whole.substr(0, 8)).verdict == sk_msg::pass);
    CHECK(native(whole.substr(0, 8)).corked == 11);
    CHECK(native("short").verdict == sk_msg::drop);
    CHECK(native("").verdict == sk_msg::drop);
    CHECK(native("something else").verdict == sk_msg::drop);
    CHECK(native(text(wish{'d'}, "x")).verdict == sk_msg::drop);
    CHECK(native(text(wish::to_index, "x")).verdict == sk_msg::drop);
    REQUIRE(index.update(streams::other, 1) == 0);
    CHECK(native(text(wish::to_index, "x")).verdict == sk_msg::pass);
    CHECK(native(text(wish::to_reader, "x")).verdict == sk_msg::pass);
    CHECK(native(text(wish::to_nobody, "x")).verdict == sk_msg::drop);
    auto const seen = object.map<streams::seen>("seen").lookup(0).value();
    CHECK(seen.family == AF_INET);
    CHECK(seen.remote_port.value() == 40'000);
    CHECK(seen.local_port.value() == 7);
    CHECK(seen.remote.value() == 0x7f000001);
    CHECK(seen.local.value() == 0x7f000203);
    for (u32 i = 0; i < 4; i++) {
        CHECK(seen.remote_6[i].value() == 0x1001'0203 + i * 0x1000'0000);
        CHECK(seen.local_6[i].value() == 0x5001'0203 + i * 0x1000'0000);
    }
}

TEST_CASE("messages that a socket sends") {
    if (test::cannot_load()) return;
    auto const family = GENERATE(AF_INET, AF_INET6);
    test::each_loaded([&](user::object const &object) {
        auto const hash = object.map<streams::by_cookie>("by_cookie");
        auto const index = object.map<streams::by_index>("by_index");
        auto const link = attach_sockmap(object.program("sending"), hash.fd(), sockmap_hook::message);
        auto const one = connected(family), two = connected(family);
        hash.update(test::cookie_of(one.here.get()), one.here.get());
        index.update(streams::other, two.here.get());

        auto const passes = text(wish::pass, "on");
        say(one.here.get(), passes);
        CHECK(heard(one.there.get(), passes.size()) == passes);
        auto const seen = *object.map<streams::seen>("seen").lookup(0);
        CHECK(seen.family == static_cast<u32>(family));
        CHECK(seen.length == passes.size());
        sockaddr_storage there{}, here{};
        socklen_t size = sizeof there;
        getsockname(one.there.get(), reinterpret_cast<sockaddr *>(&there), &size);
        getsockname(one.here.get(), reinterpret_cast<sockaddr *>(&here), &size);
        CHECK(seen.remote_port.value() == ntohs(reinterpret_cast<sockaddr_in &>(there).sin_port));
        CHECK(seen.local_port.value() == ntohs(reinterpret_cast<sockaddr_in &>(here).sin_port));
        if (family == AF_INET) {
            CHECK(seen.remote.value() == 0x7f000009);
            CHECK(seen.local.value() == 0x7f000001);
        } else
            for (u32 i = 0; i < 4; i++) {
                CHECK(seen.remote_6[i].value() == (i < 3 ? 0 : 1));
                CHECK(seen.local_6[i].value() == (i < 3 ? 0 : 1));
            }

        auto const across = text(wish::to_index, "across");
        say(one.here.get(), across); // out of the other connection
        CHECK(heard(two.there.get(), across.size()) == across);
        auto const in = text(wish::to_reader, "in");
        say(one.here.get(), in); // to who reads there
        CHECK(heard(two.here.get(), in.size()) == in);
        CHECK(silent(one.there.get()));

        // Two messages in one call: each has a verdict of its own. One in two calls: it waits until it is whole.
        say(one.here.get(), passes + across);
        CHECK(heard(one.there.get(), passes.size()) == passes);
        CHECK(heard(two.there.get(), across.size()) == across);
        say(one.here.get(), passes.substr(0, 8));
        CHECK(silent(one.there.get()));
        say(one.here.get(), passes.substr(8));
        CHECK(heard(one.there.get(), passes.size()) == passes);

        auto const three = connected(family);
        hash.update(test::cookie_of(three.here.get()), three.here.get());
        auto const dropped = send(three.here.get(), "something else", 14, MSG_NOSIGNAL);
        CHECK((dropped < 0 && errno == EACCES));
        CHECK(silent(three.there.get()));
        auto const counters = object.map<sk_msg::counters>("send_count");
        CHECK(counters.sum(static_cast<u32>(reason::malformed)).drop == 1);
        CHECK(counters.sum(0).pass >= 6);
    });
}
