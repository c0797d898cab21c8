// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/sections.hpp>
#include <cstring>
#include <support/catch.hpp>

using namespace bpfxx;

TEST_CASE("libbpf knows the sections that the library has, whatever its version") {
    user::detail::know_sections();
    user::detail::know_sections(); // more than once is no error
    auto type = BPF_PROG_TYPE_UNSPEC;
    auto hook = bpf_attach_type{};
    REQUIRE(libbpf_prog_type_by_name("netfilter", &type, &hook) == 0);
    auto const number_of = [](auto const &any) { // which may be none of the names that this header has
        u32 n = 0;
        std::memcpy(&n, &any, sizeof n);
        return n;
    };
    CHECK(number_of(type) == user::netfilter_type);
    CHECK(number_of(hook) == user::netfilter_hook);
}
