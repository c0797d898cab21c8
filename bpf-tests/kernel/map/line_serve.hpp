// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A map of the kind BPFXX_TEST_KIND that does what the packet asks for.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct job {
    u8 kind;
    be64 number; // where no word of the stack may be
    u8 rest[3];
};
using jobs_spec = BPFXX_TEST_KIND<job, 4>;
BPFXX_MAP(jobs, jobs_spec);

struct request {
    u8 what, flags;
    be32 number;
    u8 rest[8];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    i64 error = 0;
    u64 number = 0;
    bool found = false;
    auto const use = [&](job const &j) BPFXX_LAMBDA { number = j.number.value(); };
    if (r->what == 0)
        error = jobs.push({1, be64{r->number.value()}, {}}, r->flags);
    else if (r->what == 1)
        found = jobs.pop().then(use) == reason::none;
    else
        found = jobs.peek().then(use) == reason::none;
    observe(reason::none, error, found, number);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
