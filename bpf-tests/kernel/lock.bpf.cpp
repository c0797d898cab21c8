// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Two numbers that change together.
#include <bpfxx/kernel/lock.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct account {
    bpf_spin_lock lock;
    u32 owner;
    u64 packets, bytes;
};
using accounts_spec = spec::hash<u32, account, 16>;
BPFXX_MAP(accounts, accounts_spec);
BPFXX_MAP(total, spec::array<account, 1>);

struct request {
    be32 owner, most;
    u8 rest[6];
};

BPFXX_XDP(book, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const owner = r->owner.value(), most = r->most.value();
    u64 const length = packet.payload().size();
    u64 packets = 0, bytes = 0, all = 0;
    i64 made = 1;
    if (!accounts.lookup(owner)) made = accounts.update(owner, {{}, owner, 0, 0}, BPF_NOEXIST);
    auto *const account = BPFXX_TRY(accounts.lookup(owner));
    {
        lock_guard const held{*account};
        if (account->packets < most) {
            ++account->packets;
            account->bytes += length;
        }
        packets = account->packets;
        bytes = account->bytes;
    }
    total.lookup(0).then([&](auto &t)
                             BPFXX_LAMBDA { locked(t, [&](auto &inside) BPFXX_LAMBDA { all = ++inside.packets; }); });
    i64 const wrong = accounts.update(owner, {{}, owner, packets, bytes}, BPF_EXIST | BPF_F_LOCK);
    observe(reason::none, made, packets, bytes, all, wrong);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
