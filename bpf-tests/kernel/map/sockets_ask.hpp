// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Asks the program of sockets_serve.hpp, natively and at connections.
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/sockmap_link.hpp>
#include <kernel/sockets.hpp>
#include <support/each_object.hpp>

namespace bpfxx::test {
inline auto ask(char what, u32 to) -> std::string {
    request r{static_cast<u8>(what), be32{to}, {'t', 'o', 'o'}};
    return {reinterpret_cast<char const *>(&r), sizeof r};
}

/// With a socket under `present`, none under `absent`.
inline auto check_native(u32 present, u32 absent) -> void {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    auto map = object.map<sockets_spec>("sockets");
    REQUIRE(map.update(present, 1) == 0);
    auto const answer = [](std::string text) {
        auto *const at = reinterpret_cast<u8 *>(text.data());
        skb::context context{at, at + text.size()};
        return serve(&context);
    };
    auto const seen_by = object.map<spec::array<observation, 1>>("seen");
    for (char const what : {'o', 'i'}) {
        CHECK(answer(ask(what, present)) == sk_skb::pass);
        CHECK(answer(ask(what, absent)) == sk_skb::drop);
    }
    for (bool const there : {true, false}) {
        CHECK(answer(ask('?', there ? present : absent)) == sk_skb::pass);
        CHECK(seen_by.lookup(0)->number[0] == there);
        CHECK(seen_by.lookup(0)->number[1] == there);
    }
    CHECK(answer("o") == sk_skb::drop); // too short to say where
}

inline auto check_connections(u32 present, u32 absent) -> void {
    each_loaded([&](user::object const &o) {
        auto const map = o.map<sockets_spec>("sockets");
        auto const link = attach_sockmap(o.program("serve"), map.fd(), user::sockmap_hook::stream_verdict);
        auto const from = connected(), to = connected();
        // Only what a socket of the map receives is asked about.
        map.update(static_cast<sockets_spec::key>(present + 1), from.here.get());
        map.update(static_cast<sockets_spec::key>(present), to.here.get());
        auto const say_each = [&](char what) {
            say(from.there.get(), ask(what, absent));
            CHECK(silent(from.here.get()));
            say(from.there.get(), ask(what, present));
        };
        say_each('o');
        CHECK(heard(to.there.get(), sizeof(request)) == ask('o', present));
        say_each('i');
        CHECK(heard(to.here.get(), sizeof(request)) == ask('i', present));
        for (bool const there : {true, false}) {
            say(from.there.get(), ask('?', there ? present : absent));
            CHECK(heard(from.here.get(), sizeof(request)).size() == sizeof(request));
            CHECK(value_at<observation>(o, "seen").number[0] == there);
            CHECK(value_at<observation>(o, "seen").number[1] == there);
        }
    });
}
} // namespace bpfxx::test
