// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "segment_filter.bpf.cpp"
#include <arpa/inet.h>
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/socket_link.hpp>
#include <kernel/sockets.hpp>
#include <support/each_object.hpp>

using segments::order, segments::state;
using test::connected, test::heard, test::say, test::silent;

static_assert(segment_filter::name_of(segment_filter::drop)[0] == 'd' &&
              segment_filter::name_of(segment_filter::keep)[0] == 'k' &&
              segment_filter::name_of(static_cast<segment_filter::action>(20))[0] == 'c');

namespace {
auto port_of(int fd) -> u32 {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    REQUIRE(getsockname(fd, reinterpret_cast<sockaddr *>(&at), &size) == 0);
    return ntohs(at.sin_port);
}
/// Each compiler's object, loaded, and what its filter is told.
template <class Use> auto each_filter(Use const &use) -> void {
    test::each_object([&](user::object &object) {
        object.load();
        use(object, object.map<segments::told>("told"));
    });
}
auto answer(int (*program)(skb::context *), std::vector<u8> segment) -> int {
    skb::context context{segment.data(), segment.data() + segment.size()};
    context.counts = {1000, 0, 0, 0};
    return program(&context);
}
auto segment(std::string const &payload, u8 flags = 0x18, std::size_t options = 0) -> std::vector<u8> {
    std::vector<u8> bytes(20 + options, 1);
    bytes[12] = static_cast<u8>((5 + options / 4) << 4);
    bytes[13] = flags;
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}
} // namespace

TEST_CASE("what a filter answers: nothing, all, or so many bytes of what the segment carries") {
    state *t = nullptr;
    REQUIRE(told.lookup(0).then([&](state &s) { t = &s; }));
    *t = {};
    CHECK(answer(guard, segment("payload")) == segment_filter::keep);
    CHECK(t->segments == 1);
    CHECK(t->received == 1000);
    CHECK(t->destination == 0x0101);
    t->order = order::refuse;
    CHECK(answer(guard, segment("payload")) == segment_filter::drop);
    CHECK(answer(guard, segment("")) == segment_filter::keep); // it only acknowledges
    t->order = order::four;
    CHECK(answer(guard, segment("payload")) == 24);
    CHECK(answer(guard, segment("payload", 0x18, 12)) == 36);
    CHECK(answer(guard, segment("payload", 0x19)) == segment_filter::drop); // a FIN would come too early
    CHECK(t->refused == 1);
    CHECK(t->cut == 3);
    for (std::size_t n = 0; n < 20; n++) { // less than a header: the filter's policy, which is to keep it
        auto short_one = segment("");
        short_one.resize(n);
        CHECK(answer(guard, short_one) == segment_filter::keep);
        CHECK(answer(strict, short_one) == segment_filter::drop);
    }
    CHECK(t->segments == 5);
    *t = {};
}

TEST_CASE("what a filter takes away was never received, and comes again") {
    each_filter([](user::object const &object, auto const &state_of) {
        auto const c = connected();
        auto const link = user::attach_socket_filter(object.program("guard"), c.here.get());
        say(c.there.get(), "first");
        CHECK(heard(c.here.get(), 5) == "first");
        auto seen = state_of.lookup(0).value();
        CHECK(seen.segments >= 1);
        CHECK(seen.cookie == test::cookie_of(c.here.get()));
        CHECK(seen.received == 0); // it has not reached TCP yet
        CHECK(seen.source == port_of(c.there.get()));
        CHECK(seen.destination == port_of(c.here.get()));

        seen.order = order::refuse;
        state_of.update(0, seen);
        say(c.there.get(), "second");
        CHECK(silent(c.here.get()));
        say(c.here.get(), "back"); // the other direction goes on
        CHECK(heard(c.there.get(), 4) == "back");
        seen = state_of.lookup(0).value();
        CHECK(seen.refused >= 1);
        CHECK(seen.received == 5);
        seen.order = order::keep;
        state_of.update(0, seen);
        CHECK(heard(c.here.get(), 6, 10'000) == "second");
    });
}

TEST_CASE("a segment that is cut comes piece by piece") {
    each_filter([](user::object const &object, auto const &state_of) {
        auto const c = connected();
        auto const link = user::attach_socket_filter(object.program("guard"), c.here.get());
        auto wanted = state{};
        wanted.order = order::four;
        state_of.update(0, wanted);
        say(c.there.get(), "twelve bytes");
        CHECK(heard(c.here.get(), 4, 10'000).substr(0, 4) == "twel");
        CHECK(heard(c.here.get(), 8, 10'000) == "ve bytes");
        CHECK(state_of.lookup(0).value().cut >= 3);
    });
}

TEST_CASE("where nothing can be read the policy answers") {
    each_filter([](user::object const &object, auto const &) {
        auto const c = connected();
        {
            auto const link = user::attach_socket_filter(object.program("strict"), c.here.get());
            say(c.there.get(), "unheard");
            CHECK(silent(c.here.get()));
        }
        CHECK(heard(c.here.get(), 7, 10'000) == "unheard");
    });
}

TEST_CASE("counters tell what was kept, cut and taken away") {
    each_filter([](user::object const &object, auto const &state_of) {
        auto const c = connected();
        auto const link = user::attach_socket_filter(object.program("guard"), c.here.get());
        say(c.there.get(), "kept");
        CHECK(heard(c.here.get(), 4) == "kept");
        auto wanted = state{};
        wanted.order = order::four;
        state_of.update(0, wanted);
        say(c.there.get(), "cut off");
        CHECK(heard(c.here.get(), 4, 10'000).substr(0, 4) == "cut ");
        auto const all = object.map<segment_filter::counters>("counted").sum(0);
        CHECK(all.keep >= 1);
        CHECK(all.cut >= 1);
    });
}
