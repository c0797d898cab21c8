// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/net/ip_version.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

static_assert(net::ip_version(0x45) == net::ether_type{0x0800} && net::ip_version(0x60) == net::ether_type{0x86dd});

TEST_CASE("the upper half of the first byte is the version, whatever the lower half is") {
    for (u32 first = 0; first < 256; first++) {
        auto const expected = first >> 4 == 4   ? net::ether_type{0x0800}
                              : first >> 4 == 6 ? net::ether_type{0x86dd}
                                                : net::no_ether_type;
        CHECK(net::ip_version(static_cast<u8>(first)) == expected);
    }
}
