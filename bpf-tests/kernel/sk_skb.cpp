// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sk_skb.bpf.cpp"
#include <array>
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

/// The same context on the host as a connection would have.
auto native(int (*program)(skb::context *), std::string const &bytes, u64 cookie = 77) -> int {
    std::vector<u8> copy(bytes.begin(), bytes.end());
    skb::context context{copy.data(), copy.data() + copy.size()};
    context.cookie = cookie;
    streams::connect(context);
    return program(&context);
}

template <class Counters> auto total(user::object const &o, char const *name) {
    auto const counters = o.map<Counters>(name);
    std::array<decltype(counters.sum(0)), reason_count> all{};
    for (u32 i = 0; i < reason_count; i++) all[i] = counters.sum(i);
    return all;
}
} // namespace

TEST_CASE("a parser's answers") {
    CHECK(native(parse, text(wish::pass, "four")) == 11);
    CHECK(native(parse, text(wish::pass, "four") + "more") == 11);
    CHECK(native(parse, text(wish::pass, "four").substr(0, 8)) == 11);
    for (u32 n = 0; n < 7; n++)
        CHECK(native(parse, text(wish::pass, "four").substr(0, n)) == stream_parser::unfinished);
    CHECK(native(parse, "GET / HTTP/1.1") == stream_parser::broken);
    CHECK(stream_parser::message(7) == static_cast<stream_parser::action>(7));
    CHECK(std::string{name_of(stream_parser::message(7))} == "message");
}

TEST_CASE("a verdict's answers") {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    auto hash = object.map<streams::by_cookie>("by_cookie");
    auto index = object.map<streams::by_index>("by_index");
    CHECK(native(stream, text(wish::pass, "x")) == sk_skb::pass);
    CHECK(native(stream, text(wish{'d'}, "x")) == sk_skb::drop);
    CHECK(native(stream, "something else") == sk_skb::drop);
    CHECK(native(whole, "something else") == sk_skb::pass);
    CHECK(native(stream, text(wish::to_self, "x")) == sk_skb::drop); // there is no socket
    CHECK(native(stream, text(wish::to_index, "x")) == sk_skb::drop);
    REQUIRE(hash.update(77, 1) == 0);
    REQUIRE(index.update(streams::other, 1) == 0);
    CHECK(index.update(4, 1) == -E2BIG);
    for (auto const kind : {wish::to_self, wish::to_index, wish::to_reader})
        CHECK(native(stream, text(kind, "x")) == sk_skb::pass);
    CHECK(native(stream, text(wish::to_nobody, "x")) == sk_skb::drop);
    auto const seen = object.map<streams::seen>("seen").lookup(0).value();
    CHECK(seen.cookie == 77);
    CHECK(seen.length == 8);
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

TEST_CASE("a message among others") {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    REQUIRE(object.map<streams::by_index>("by_index").update(streams::other, 1) == 0);
    auto const first = text(wish::pass, "x"), second = text(wish::to_index, "other"), third = text(wish{'d'}, "y");
    auto all = first + second + third;
    std::vector<u8> copy(all.begin(), all.end());
    auto const at = [&](std::size_t start, std::size_t length) {
        skb::context context{copy.data(), copy.data() + copy.size()};
        context.message_start = static_cast<u32>(start);
        context.message_length = static_cast<u32>(length);
        return context;
    };
    auto context = at(0, first.size());
    CHECK(each(&context) == sk_skb::pass);
    context = at(first.size(), second.size());
    CHECK(each(&context) == sk_skb::pass);
    CHECK(object.map<streams::seen>("seen").lookup(0)->length == second.size());
    context = at(first.size() + second.size(), third.size());
    CHECK(each(&context) == sk_skb::drop);
    context = at(first.size(), 6); // the rest is another message's
    CHECK(each(&context) == sk_skb::drop);
    for (std::size_t const start : {std::size_t{0}, first.size(), first.size() + second.size()}) {
        context = at(start, 0);
        CHECK(parse(&context) == static_cast<int>(start == first.size() ? second.size() : first.size()));
    }
}

TEST_CASE("messages of a stream, on a connection") {
    auto const family = GENERATE(AF_INET, AF_INET6);
    test::each_loaded([&](user::object const &object) {
        auto const hash = object.map<streams::by_cookie>("by_cookie");
        auto const index = object.map<streams::by_index>("by_index");
        auto const parser = attach_sockmap(object.program("parse"), hash.fd(), sockmap_hook::stream_parser);
        auto const verdict = attach_sockmap(object.program("each"), hash.fd(), sockmap_hook::stream_verdict);
        CHECK(parser.is_attached());
        CHECK(verdict.is_kernel_link() == test::kernel_has(6, 10));
        auto const one = connected(family), two = connected(family);
        hash.update(test::cookie_of(one.here.get()), one.here.get());
        index.update(streams::other, two.here.get());

        // Several in one piece, and one in several.
        auto const back = text(wish::to_self, "back");
        say(one.there.get(), back + text(wish::to_index, "across") + text(wish{'d'}, "nowhere"));
        CHECK(heard(one.there.get(), back.size()) == back);
        CHECK(heard(two.there.get(), 13) == text(wish::to_index, "across"));
        for (auto const &c : back) {
            say(one.there.get(), {c});
            CHECK((&c == &back.back() || silent(one.there.get())));
        }
        CHECK(heard(one.there.get(), back.size()) == back);
        say(one.there.get(), text(wish::to_nobody, "lost") + text(wish::to_reader, "in"));
        CHECK(heard(one.here.get(), 9) == text(wish::to_reader, "in"));
        CHECK(silent(one.there.get()));

        auto const seen = *object.map<streams::seen>("seen").lookup(0);
        CHECK(seen.calls == 6);
        CHECK(seen.cookie == test::cookie_of(one.here.get()));
        CHECK(seen.family == static_cast<u32>(family));
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
        auto const verdicts = total<sk_skb::counters>(object, "verdict_count");
        CHECK(verdicts[0].pass == 4);
        CHECK(verdicts[0].drop == 2);
        auto const parsed = total<stream_parser::counters>(object, "parser_count");
        CHECK(parsed[0].message >= 6);
        CHECK(parsed[static_cast<u32>(reason::truncated)].unfinished >= 6);
    });
}

TEST_CASE("a verdict without a parser") {
    auto const hook = GENERATE(sockmap_hook::stream_verdict, sockmap_hook::verdict);
    test::each_loaded([&](user::object const &object) {
        auto const hash = object.map<streams::by_cookie>("by_cookie");
        auto verdict =
            attach_sockmap(object.program(hook == sockmap_hook::verdict ? "whole" : "stream"), hash.fd(), hook);
        auto const one = connected();
        hash.update(test::cookie_of(one.here.get()), one.here.get());
        auto const back = text(wish::to_self, "back");
        say(one.there.get(), back);
        CHECK(heard(one.there.get(), back.size()) == back);
        say(one.there.get(), text(wish::pass, "up"));
        CHECK(heard(one.here.get(), 9) == text(wish::pass, "up"));
        say(one.there.get(), "something else"); // what its policy says
        if (hook == sockmap_hook::verdict)
            CHECK(heard(one.here.get(), 14) == "something else");
        else
            CHECK(silent(one.here.get()));

        // A map has one verdict.
        auto const other = hook == sockmap_hook::verdict ? sockmap_hook::stream_verdict : sockmap_hook::verdict;
        auto const e = test::failure_of([&] { attach_sockmap(object.program("stream"), hash.fd(), other); });
        CHECK(test::has(e.what(), "cannot attach program 'stream' to a map of sockets"));
        CHECK(test::has(e.what(), "another program is attached there"));
        verdict.detach();
        CHECK_FALSE(verdict.is_attached());
        auto const again = attach_sockmap(object.program("stream"), hash.fd(), other);
        CHECK(again.hook() == other);
    });
}

TEST_CASE("natively a piece loses its first bytes") {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    REQUIRE(object.map<streams::by_cookie>("by_cookie").update(77, 1) == 0);
    for (u32 const n : {0u, 4u, 4095u, 4096u, 8191u, 9000u, 9999u, 10'000u, 70'000u}) {
        INFO(n);
        std::vector<u8> bytes(10'000, 'x');
        be32 const count{n};
        std::memcpy(bytes.data(), &count, sizeof count);
        skb::context context{bytes.data(), bytes.data() + bytes.size()};
        context.cookie = 77, context.sequence = 1000 + n;
        CHECK(trim(&context) == (n < bytes.size() ? sk_skb::pass : sk_skb::drop));
        if (n < bytes.size()) {
            CHECK(context.len == bytes.size() - n);
            CHECK(context.data == bytes.data() + n);
        }
        CHECK(object.map<streams::seen>("seen").lookup(0)->sequence == 1000 + n);
    }
    std::vector<u8> bytes(3);
    skb::context context{bytes.data(), bytes.data() + bytes.size()};
    context.counts = {1, 2, 3, 4};
    auto const counts = sk_skb::packet{&context}.counts().value_or({});
    CHECK((counts.received == 1 && counts.acknowledged == 2 && counts.queued == 3 && counts.next == 4));
    CHECK(trim(&context) == sk_skb::drop); // no room for a count
}

TEST_CASE("a piece without its first bytes") {
    test::each_loaded([&](user::object const &object) {
        auto const hash = object.map<streams::by_cookie>("by_cookie");
        auto const verdict = attach_sockmap(object.program("trim"), hash.fd(), sockmap_hook::stream_verdict);
        auto const one = connected();
        hash.update(test::cookie_of(one.here.get()), one.here.get());
        auto const seen = object.map<streams::seen>("seen");
        u32 before = 0;
        for (u32 const n : {0u, 4u, 4095u, 4096u, 9000u}) {
            INFO(n);
            std::string text(10'000, 'x');
            for (std::size_t i = 0; i < text.size(); i++) text[i] = static_cast<char>('a' + i % 23);
            be32 const count{n};
            std::memcpy(text.data(), &count, sizeof count);
            say(one.there.get(), text);
            CHECK(heard(one.there.get(), text.size() - n) == text.substr(n));
            auto const sequence = seen.lookup(0)->sequence;
            if (before != 0) CHECK(sequence - before == text.size());
            before = sequence;
        }
    });
}

TEST_CASE("what cannot be attached to a map of sockets says why") {
    test::each_loaded([&](user::object const &object) {
        auto const hash = object.map<streams::by_cookie>("by_cookie");
        auto const e =
            test::failure_of([&] { attach_sockmap(object.program("stream"), hash.fd(), sockmap_hook::message); });
        CHECK(test::has(e.what(), "as its message: Invalid argument"));
        auto const seen = object.map<streams::seen>("seen");
        CHECK(test::failure_of([&] {
                  attach_sockmap(object.program("stream"), seen.fd(), sockmap_hook::stream_verdict);
              }).code() == EOPNOTSUPP);
    });
}
