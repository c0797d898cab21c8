// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/netns_link.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;
using test::insn::exit, test::insn::move;

namespace {
auto dissector(char const *name = "keys") -> descriptor {
    return test::load_raw({move(0, 0), exit()}, name, BPF_PROG_TYPE_FLOW_DISSECTOR);
}
auto lookup() -> descriptor {
    return test::load_raw({move(0, 1), exit()}, "choose", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP);
}
auto attached(bpf_attach_type hook) -> u32 {
    auto const space = descriptor{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
    u32 ids[4]{}, count = 4;
    return bpf_prog_query(space.get(), hook, 0, nullptr, ids, &count) == 0 ? count : ~0u;
}
} // namespace

TEST_CASE("at the namespace of this thread for as long as the link lives, by the type of the program") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const keys = dissector(), choose = lookup();
    {
        auto const link = attach_netns(program{keys.get()});
        CHECK(attached(BPF_FLOW_DISSECTOR) == 1);
        CHECK(attached(BPF_SK_LOOKUP) == 0);
        auto const one = attach_netns(program{choose.get()}), another = attach_netns(program{choose.get()});
        CHECK(attached(BPF_SK_LOOKUP) == 2);
        CHECK(link.where() == "network namespace /proc/thread-self/ns/net");
    }
    CHECK(attached(BPF_FLOW_DISSECTOR) == 0);
    CHECK(attached(BPF_SK_LOOKUP) == 0);
}

TEST_CASE("at another namespace, by its path") {
    if (test::cannot_load()) return;
    auto const first = test::network{};
    auto const here = descriptor{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
    auto const second = test::network{};
    auto const keys = dissector();
    auto const link = attach_netns(program{keys.get()}, "/proc/self/fd/" + std::to_string(here.get()));
    CHECK(attached(BPF_FLOW_DISSECTOR) == 0);
    first.enter();
    CHECK(attached(BPF_FLOW_DISSECTOR) == 1);
}

TEST_CASE("what is no namespace, and what is no program for one") {
    if (test::cannot_load()) return;
    auto const keys = dissector();
    auto const p = program{keys.get()};
    auto const e = failure_of([&] { attach_netns(p, "/etc/hostname"); });
    CHECK(has(e.what(), "/etc/hostname is no network namespace"));
    CHECK(has(e.what(), "ip netns add"));
    auto const nowhere = failure_of([&] { attach_netns(p, "/nowhere"); });
    CHECK(nowhere.code() == ENOENT);
    CHECK(has(nowhere.what(), "cannot open network namespace /nowhere"));
    auto const xdp = test::answer_always(XDP_PASS);
    CHECK(has(failure_of([&] { attach_netns(program{xdp.get()}); }).what(),
              "network namespaces take sk_lookup and flow_dissector programs"));
}
