// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// That packets come to the program: kernel/netfilter.cpp.
#include <bpfxx/user/netfilter_link.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;
using user::attach_netfilter, user::netfilter_hook_point, user::program;

namespace {
auto accepting() -> user::descriptor {
    // This libbpf may have no names for them.
    // NOLINTBEGIN(clang-analyzer-optin.core.EnumCastOutOfRange)
    return test::load_raw({test::insn::move(0, 1), test::insn::exit()}, "accept",
                          static_cast<bpf_prog_type>(user::netfilter_type),
                          static_cast<bpf_attach_type>(user::netfilter_hook));
    // NOLINTEND(clang-analyzer-optin.core.EnumCastOutOfRange)
}
} // namespace

TEST_CASE("a place at a hook is taken for as long as the link lives") {
    if (test::cannot_load()) return;
    if (!test::kernel_has(6, 4)) {
        WARN("SKIPPED: Linux 6.4 has netfilter programs");
        return;
    }
    auto const own = test::network{};
    auto const made = accepting();
    auto const p = program{made.get()};
    for (u32 const family : {2u, 10u})
        for (auto const hook :
             {netfilter_hook_point::pre_routing, netfilter_hook_point::local_in, netfilter_hook_point::forward,
              netfilter_hook_point::local_out, netfilter_hook_point::post_routing}) {
            INFO(family << " " << static_cast<u32>(hook));
            {
                auto const link = attach_netfilter(p, {.family = family, .hook = hook});
                CHECK(link.is_attached());
                auto const e = failure_of([&] { attach_netfilter(p, {.family = family, .hook = hook}); });
                CHECK(has(e.what(), "cannot attach program 'accept' to a netfilter hook"));
                CHECK(has(e.what(), "another program has the same priority there"));
                CHECK(attach_netfilter(p, {.family = family, .hook = hook, .priority = -127}).is_attached());
            }
            CHECK(attach_netfilter(p, {.family = family, .hook = hook}).is_attached());
        }
    CHECK(
        has(failure_of([&] { attach_netfilter(p, {.family = 7}); }).what(), "the families are 2 (IPv4) and 10 (IPv6)"));
}

TEST_CASE("other programs, and kernels without such links") {
    if (test::cannot_load()) return;
    auto const xdp = test::answer_always(XDP_PASS);
    CHECK(has(failure_of([&] { attach_netfilter(program{xdp.get()}, {}); }).what(), "6.4"));
}
