// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/sections.hpp>
#include <cstring>
#include <support/catch.hpp>

using namespace bpfxx;

TEST_CASE("libbpf knows the sections that the library has, whatever its version") {
    user::detail::know_sections();
    user::detail::know_sections();               // more than once is no error
    auto const number_of = [](auto const &any) { // which may be none of the names that this header has
        u32 n = 0;
        std::memcpy(&n, &any, sizeof n);
        return n;
    };
    struct section {
        char const *name;
        u32 type, hook;
    };
    for (auto const &[name, type, hook] : {section{"netfilter", user::netfilter_type, user::netfilter_hook},
                                           {"tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, 46},
                                           {"tcx/egress", BPF_PROG_TYPE_SCHED_CLS, 47},
                                           {"netkit/primary", BPF_PROG_TYPE_SCHED_CLS, 54},
                                           {"netkit/peer", BPF_PROG_TYPE_SCHED_CLS, 55}}) {
        INFO(name);
        auto is = BPF_PROG_TYPE_UNSPEC;
        auto at = bpf_attach_type{};
        REQUIRE(libbpf_prog_type_by_name(name, &is, &at) == 0);
        CHECK(number_of(is) == type);
        CHECK(number_of(at) == hook);
    }
}
