// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/user/options.hpp>
#include <memory>
#include <new>
#include <support/catch.hpp>

using bpfxx::user::options;

TEMPLATE_TEST_CASE("all is zero, the padding too, but for the size", "", bpf_xdp_query_opts, bpf_test_run_opts,
                   bpf_link_create_opts) {
    alignas(options<TestType>) unsigned char bytes[sizeof(options<TestType>)];
    std::fill_n(bytes, sizeof bytes, static_cast<unsigned char>(0xaa));
    auto *const o = new (bytes) options<TestType>{};
    CHECK(o->sz == sizeof(TestType));
    CHECK(std::all_of(bytes + sizeof o->sz, bytes + sizeof bytes, [](auto b) { return b == 0; }));
    std::destroy_at(o);
}
