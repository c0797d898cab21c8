// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/sockmap_link.hpp>
#include <csignal>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;
using test::insn::exit, test::insn::move;
using user::descriptor, user::sockmap_hook;

static_assert(!std::is_copy_constructible_v<user::sockmap_link>);
static_assert(std::is_nothrow_move_constructible_v<user::sockmap_link>);

namespace {
auto verdict(char const *name, bpf_prog_type type = BPF_PROG_TYPE_SK_SKB) {
    return test::load_raw({move(BPF_REG_0, 1), exit()}, name, type);
}
auto sockets() { return test::make_map(BPF_MAP_TYPE_SOCKMAP, 4, 8, 4); }
auto attached(int map, sockmap_hook hook) -> u32 {
    u32 ids[4]{}, count = 4;
    return bpf_prog_query(map, static_cast<bpf_attach_type>(hook), 0, nullptr, ids, &count) == 0 && count > 0 ? ids[0]
                                                                                                              : 0;
}
} // namespace

TEST_CASE("a link to a map of sockets holds as long as it lives") {
    if (test::cannot_load()) return;
    auto const map = sockets();
    auto const skb = verdict("skb"), other = verdict("other"), msg = verdict("msg", BPF_PROG_TYPE_SK_MSG);
    for (auto const hook :
         {sockmap_hook::stream_parser, sockmap_hook::stream_verdict, sockmap_hook::verdict, sockmap_hook::message}) {
        INFO(name_of(hook));
        auto const id = user::program{hook == sockmap_hook::message ? msg.get() : skb.get()}.info().id;
        auto const p = user::program{hook == sockmap_hook::message ? msg.get() : skb.get()};
        CHECK(attached(map.get(), hook) == 0);
        {
            auto first = attach_sockmap(p, map.get(), hook);
            CHECK(first.is_attached());
            CHECK(first.hook() == hook);
            CHECK(attached(map.get(), hook) == id);
            auto second = std::move(first);
            CHECK_FALSE(first.is_attached()); // NOLINT(bugprone-use-after-move)
            CHECK(attached(map.get(), hook) == id);
            if (second.is_kernel_link() && hook != sockmap_hook::message) {
                auto const e = failure_of([&] { attach_sockmap(user::program{other.get()}, map.get(), hook); });
                CHECK(has(e.what(), "another program is attached there"));
                CHECK(attached(map.get(), hook) == id);
            }
            second = attach_sockmap(p, sockets().get(), hook);
            CHECK(attached(map.get(), hook) == 0);
        }
        auto again = attach_sockmap(p, map.get(), hook);
        again.detach();
        CHECK(attached(map.get(), hook) == 0);
    }
}

TEST_CASE("a killed process leaves nothing at a map of sockets") {
    if (test::cannot_load()) return;
    auto const map = sockets();
    auto holder = test::child{[&](auto const &say) {
        auto const skb = verdict("skb");
        auto const held = attach_sockmap(user::program{skb.get()}, map.get(), sockmap_hook::stream_verdict);
        say("attached");
        pause();
    }};
    REQUIRE(holder.read(true) == "attached");
    CHECK(attached(map.get(), sockmap_hook::stream_verdict) != 0);
    kill(holder.id(), SIGKILL);
    holder.wait();
    if (test::kernel_has(6, 10)) CHECK(attached(map.get(), sockmap_hook::stream_verdict) == 0);
}

TEST_CASE("as kernels before 6.10 attach") {
    if (test::cannot_load()) return;
    auto const map = sockets();
    auto const skb = verdict("skb");
    REQUIRE(bpf_prog_attach(skb.get(), map.get(), BPF_SK_SKB_STREAM_VERDICT, 0) == 0);
    {
        auto const held =
            user::sockmap_link{sockmap_hook::stream_verdict, user::descriptor{}, user::descriptor::duplicate(skb.get()),
                               user::descriptor::duplicate(map.get())};
        CHECK(held.is_attached());
        CHECK_FALSE(held.is_kernel_link());
        CHECK(attached(map.get(), sockmap_hook::stream_verdict) != 0);
    }
    CHECK(attached(map.get(), sockmap_hook::stream_verdict) == 0);

    // What another link is put in the place of is detached, and the other one holds.
    auto const other = sockets();
    auto const held = [&](descriptor const &to) {
        REQUIRE(bpf_prog_attach(skb.get(), to.get(), BPF_SK_SKB_STREAM_VERDICT, 0) == 0);
        return user::sockmap_link{sockmap_hook::stream_verdict, descriptor{}, descriptor::duplicate(skb.get()),
                                  descriptor::duplicate(to.get())};
    };
    {
        // Also one for another hook.
        auto link = user::sockmap_link{sockmap_hook::stream_parser, descriptor{}, descriptor{}, descriptor{}};
        link = held(map);
        CHECK(link.hook() == sockmap_hook::stream_verdict);
        link = held(other);
        CHECK(attached(map.get(), sockmap_hook::stream_verdict) == 0);
        CHECK(attached(other.get(), sockmap_hook::stream_verdict) != 0);
        auto &same = link;
        link = std::move(same);
        CHECK(attached(other.get(), sockmap_hook::stream_verdict) != 0);
    }
    CHECK(attached(other.get(), sockmap_hook::stream_verdict) == 0);
}

TEST_CASE("what cannot be attached to a map of sockets") {
    if (test::cannot_load()) return;
    auto const map = sockets();
    auto const msg = verdict("msg", BPF_PROG_TYPE_SK_MSG);
    auto const e =
        failure_of([&] { attach_sockmap(user::program{msg.get()}, map.get(), sockmap_hook::stream_verdict); });
    CHECK(has(e.what(), "cannot attach program 'msg' to a map of sockets as its stream_verdict: Invalid argument"));
    auto const plain = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 4);
    CHECK(failure_of([&] { attach_sockmap(user::program{msg.get()}, plain.get(), sockmap_hook::message); }).code() !=
          0);
}
