// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "lock.bpf.cpp"
#include <bpfxx/user/map.hpp>
#include <support/both.hpp>
#include <support/dump.hpp>

using test::both;

namespace {
auto ask(u32 owner, u32 most) -> std::vector<u8> {
    request r{be32{owner}, be32{most}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("what is locked changes together") {
    both run{book};
    auto a = run.step(ask(7, 3));
    CHECK(a.number(0) == 0); // it was made
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == sizeof(request));
    a = run.step(ask(7, 3));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 2);
    CHECK(a.number(3) == 2);
    run.step(ask(7, 3));
    a = run.step(ask(7, 3));
    CHECK(a.number(1) == 3); // its most
    CHECK(a.number(2) == 3 * sizeof(request));
    CHECK(a.number(3) == 4);
    CHECK(a.number(4) == 0);
    CHECK(run.step(ask(8, 3)).number(1) == 1);
    run.each_kernel_map("accounts", [](int fd) {
        auto const accounts = user::map<accounts_spec>{fd};
        auto const seven = accounts.lookup(7);
        REQUIRE(seven);
        CHECK(seven->packets == 3);
        CHECK(accounts.update(7, {{}, 7, 10, 20}));
        CHECK(accounts.lookup(7)->bytes == 20);
        u32 entries = 0;
        for (auto const &[key, value] : accounts) {
            CHECK(value.owner == key);
            entries++;
        }
        CHECK(entries == 2);
        CHECK(accounts.take(8)->packets == 1);
        CHECK_FALSE(accounts.take(8));
        auto const entry = test::dump(fd).at(0).at("formatted");
        CHECK(entry.at("value").at("packets") == 10);
    });
}

TEST_CASE("a map without a lock refuses to lock") {
    host::storage plain{{BPF_MAP_TYPE_HASH, 4, 8, 4}};
    u32 const key = 1;
    u64 const value = 2;
    CHECK(plain.update(&key, &value, BPF_F_LOCK) == -EINVAL);
    CHECK(plain.update(&key, &value, BPF_ANY) == 0);
}

TEST_CASE("a lock is taken once, and given back once") {
    bpf_spin_lock lock{};
    CHECK_THROWS_AS(helper::spin_unlock(&lock), std::logic_error);
    helper::spin_lock(&lock);
    CHECK_THROWS_AS(helper::spin_lock(&lock), std::logic_error);
    helper::spin_unlock(&lock);
}
