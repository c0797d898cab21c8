// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What the examples that serve TCP share.
#include <examples/support/socket.hpp>
#include <limits>
#include <support/catch.hpp>

using namespace bpfxx;

TEST_CASE("the largest budget has the largest buffers that there are") {
    CHECK(tcp::buffer_size(12 * (u64{512} << 10)) == 6 << 20);
    CHECK(tcp::buffer_size(16 * (u64{1 << 18} << 10)) == std::numeric_limits<int>::max());
}

TEST_CASE("a socket that listens has the buffers that were asked for, and says where it is") {
    auto const made = tcp::listen_on("127.0.0.1", 0, {.receive = 65536, .send = 32768, .window = 0});
    REQUIRE(made);
    auto const size_of = [&](int which) {
        int size = 0;
        socklen_t length = sizeof size;
        REQUIRE(getsockopt(made->fd.get(), SOL_SOCKET, which, &size, &length) == 0);
        return size;
    };
    CHECK(size_of(SO_RCVBUF) == 65536);
    CHECK(size_of(SO_SNDBUF) == 32768);
    CHECK(tcp::port_of(made->where) != 0);
    CHECK(tcp::name_of(made->fd.get()) == "127.0.0.1:" + std::to_string(tcp::port_of(made->where)));
    CHECK_THROWS_AS(tcp::listen_on("localhost", 0, {}), user::error);
}
