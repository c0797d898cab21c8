// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "declare.bpf.cpp"
#include <support/both.hpp>

using test::both;

TEST_CASE("keys and values may have words at any offset, and stay what they are") {
    both run{keep};
    request const r{be32{0x0a010203}, be16{80}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    for (u32 i = 0; i < 2; i++) {
        auto const a = run.step({at, at + sizeof r});
        CHECK(a.number(0) == 1);
        CHECK(a.number(1) == 0x0a010203);
        CHECK(a.number(2) == 80);
        CHECK(a.number(3) == 2 * 120);
        CHECK(a.number(4) == 1);
        CHECK(a.number(5) == 80);
    }
    crooked_key const key{1, r.address, r.port, net::ip_address{r.address}};
    auto const *const kept = static_cast<crooked const *>(run.native_map("crooked_keys").lookup(&key));
    REQUIRE(kept);
    CHECK(kept->count == 3);
    CHECK(kept->port == be16{80});
    run.each_kernel_map("crooked_keys", [&](int fd) {
        crooked there;
        REQUIRE(bpf_map_lookup_elem(fd, &key, static_cast<void *>(&there)) == 0);
        CHECK(std::memcmp(static_cast<void const *>(&there), kept, sizeof there) == 0);
    });
}

TEST_CASE("a key may be a union of wire values") {
    both run{keep_union};
    auto const a = run.step(std::vector<u8>(14, 7));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 7);
    CHECK(a.number(2) == 1);
}

TEST_CASE("padding of a value is zero, whoever wrote to the stack before") {
    both run{keep_padded};
    request r{be32{0x0a010203}, be16{0x5050}, {9}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    auto const a = run.step({at, at + sizeof r});
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 2 * 9);
    CHECK(a.number(1) == 3 * 9);
    CHECK(a.number(2) == 5 * 9);
    CHECK(a.number(4) == 3 * 9);
    CHECK(a.number(3) == 2 * 0xff + 10 + 1 + 2 + 3 + 2 * 0x50 + 2 * 9); // ::ffff:10.1.2.3
}
