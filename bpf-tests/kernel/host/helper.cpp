// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "helper.bpf.cpp"
#include <cerrno>
#include <support/both.hpp>

using test::both;

namespace {
auto ask(u32 offset, u32 count, u64 flags, std::size_t size = 32) -> std::vector<u8> {
    std::vector<u8> b(std::max(size, sizeof(request)));
    for (std::size_t i = 0; i < b.size(); i++) b[i] = static_cast<u8>(i);
    request const r{be32{offset}, be32{count}, be64{flags}};
    std::memcpy(b.data(), static_cast<void const *>(&r), sizeof r);
    b.resize(size);
    return b;
}
auto error(test::answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("xdp_load_bytes and xdp_get_buff_len") {
    both run{loads};
    auto const a = run.run(ask(20, 0, 0));
    CHECK(error(a) == 0);
    CHECK(a.number(1) == 0x1415'1617'1819'1a1b);
    CHECK(a.number(2) == 32);
    CHECK(error(run.run(ask(24, 0, 0))) == 0);
    for (u32 offset : {25u, 31u, 32u, 33u, 0xffffu}) CHECK(error(run.run(ask(offset, 0, 0))) == -EINVAL);
    for (u32 offset : {0x1'0000u, 0x7fff'ffffu, 0xffff'fff8u, 0xffff'ffffu})
        CHECK(error(run.run(ask(offset, 0, 0))) == -EFAULT);
    CHECK(error(run.run(ask(0x100, 0, 0, 0x108))) == 0);
    CHECK(run.run(ask(0, 0, 0, 14)).number(2) == 14);
}

TEST_CASE("loop") {
    both run{loops};
    CHECK(error(run.run(ask(0, 0, 0))) == 0);
    CHECK(error(run.run(ask(0, 10, 0))) == 10);
    CHECK(run.run(ask(0, 10, 0)).number(1) == 45);
    auto const stopped = run.run(ask(0, 1000, 0));
    CHECK(error(stopped) == 46);
    CHECK(stopped.number(1) == 1035);
    CHECK(error(run.run(ask(0, 1u << 23, 0))) == 46);
    CHECK(error(run.run(ask(0, (1u << 23) + 1, 0))) == -E2BIG);
    CHECK(error(run.run(ask(0, 10, 1))) == -EINVAL);
    CHECK(run.run(ask(0, 10, 1)).number(1) == 0);
}

TEST_CASE("ringbuf_output and its flags") {
    both run{rings};
    CHECK(error(run.step(ask(0, 0, 0))) == 0);
    CHECK(error(run.step(ask(0, 0, BPF_RB_NO_WAKEUP))) == 0);
    CHECK(error(run.step(ask(0, 0, BPF_RB_FORCE_WAKEUP))) == 0);
    CHECK(error(run.step(ask(0, 0, 4))) == -EINVAL);
    CHECK(error(run.step(ask(0, 0, u64{1} << 40))) == -EINVAL);
    for (u32 i = 3; i < 255; i++) CHECK(error(run.step(ask(0, 0, 0))) == 0);
    CHECK(error(run.step(ask(0, 0, 0))) == -EAGAIN); // 255 of 16 bytes, and one byte stays free
}

TEST_CASE("clocks, random numbers, processor") {
    both run{clocks};
    auto const a = run.run(std::vector<u8>(14));
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == 1);
    host::random().seed(5);
    auto const first = helper::get_prandom_u32();
    host::random().seed(5);
    CHECK(helper::get_prandom_u32() == first); // a run can be repeated
}

TEST_CASE("clone_redirect leaves a copy") {
    std::vector<u8> bytes(60, 7);
    skb::context context{bytes.data(), bytes.data() + bytes.size()};
    context.mark = 9;
    host::clones().clear();
    CHECK(helper::clone_redirect(&context, 0, 0) == -EINVAL);
    CHECK(helper::clone_redirect(&context, 3, 2) == -EINVAL);
    CHECK(host::clones().empty());
    CHECK(helper::clone_redirect(&context, 3, 0) == 0);
    bytes[0] = 8;
    CHECK(helper::clone_redirect(&context, 4, BPF_F_INGRESS) == 0);
    auto const &all = host::clones();
    REQUIRE(all.size() == 2);
    CHECK((all[0].interface_index == 3 && !all[0].into && all[0].mark == 9 && all[0].bytes == std::vector<u8>(60, 7)));
    CHECK((all[1].interface_index == 4 && all[1].into && all[1].bytes == bytes));
    host::clones().clear();
}

namespace {
/// A map of the host's, by the address that helpers are given.
auto map_of(host::shape const &s) -> void * {
    auto made = std::make_unique<host::storage>(s);
    auto *const at = made.get();
    host::storages()[at] = std::move(made);
    return at;
}
} // namespace

TEST_CASE("flags that a helper does not know are an error of it") {
    auto *const array = map_of({BPF_MAP_TYPE_ARRAY, 4, 8, 2});
    CHECK(helper::for_each_map_elem(array, nullptr, nullptr, 1) == -EINVAL);
    auto *const ports = map_of({BPF_MAP_TYPE_DEVMAP, 4, 4, 2});
    for (u64 const otherwise : {XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX})
        CHECK(helper::redirect_map(ports, 1, otherwise) == static_cast<i64>(otherwise));
    CHECK(helper::redirect_map(ports, 1, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS) == XDP_REDIRECT);
    CHECK(helper::redirect_map(ports, 1, XDP_PASS | 4) == XDP_ABORTED);
    CHECK(helper::redirect_map(ports, 1, XDP_PASS | 32) == XDP_ABORTED);
    auto *const processors = map_of({BPF_MAP_TYPE_CPUMAP, 4, 4, 2}); // has no broadcast
    CHECK(helper::redirect_map(processors, 1, XDP_PASS) == XDP_PASS);
    CHECK(helper::redirect_map(processors, 1, u64{XDP_PASS} | BPF_F_BROADCAST) == XDP_ABORTED);
    auto *const ring = map_of({BPF_MAP_TYPE_RINGBUF, 0, 0, 4096});
    CHECK(helper::ringbuf_reserve(ring, 8, 1) == nullptr);
    CHECK(helper::ringbuf_reserve(ring, 8, 0) != nullptr);
    auto *const sent = map_of({BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096});
    CHECK(helper::user_ringbuf_drain(sent, nullptr, nullptr, 4) == -EINVAL);
    CHECK(helper::user_ringbuf_drain(sent, nullptr, nullptr, BPF_RB_NO_WAKEUP) == 0);
    u64 const value = 7;
    for (u32 const kind : {u32{BPF_MAP_TYPE_QUEUE}, u32{BPF_MAP_TYPE_STACK}, u32{BPF_MAP_TYPE_BLOOM_FILTER}}) {
        auto *const line = map_of({kind, 0, 8, 2});
        for (u64 const flags : {u64{BPF_NOEXIST}, u64{3}, u64{BPF_F_LOCK}})
            CHECK(helper::map_push_elem(line, &value, flags) == -EINVAL);
        bool const is_set = kind == BPF_MAP_TYPE_BLOOM_FILTER;
        CHECK(helper::map_push_elem(line, &value, BPF_EXIST) == (is_set ? -EINVAL : 0));
    }
    auto *const routes = map_of({BPF_MAP_TYPE_LPM_TRIE, 8, 8, 2});
    u32 const long_prefix[] = {33, 0};
    CHECK(helper::map_update_elem(routes, long_prefix, &value, BPF_ANY) == -EINVAL);
    CHECK(helper::map_delete_elem(routes, long_prefix) == -EINVAL);
    __be32 const words[2] = {1, 2};
    CHECK(helper::csum_diff(words, 3, words, 4, 0) == -EINVAL);
    CHECK(helper::csum_diff(words, 4, words, 6, 0) == -EINVAL);
    CHECK(helper::csum_diff(words, 4, words, 4, 0) >= 0);
}

TEST_CASE("perf events are of this processor, and have no more of the packet than there is") {
    auto *const events = map_of({BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1});
    host::storage_of(events).open(4096);
    u8 bytes[20] = {};
    xdp::context packet{bytes, bytes + sizeof bytes};
    int other = 0; // a context that is no packet
    u64 const record = 7;
    auto const send = [&](auto &context, u64 flags) {
        return helper::perf_event_output(&context, events, flags, &record, sizeof record);
    };
    CHECK(send(packet, BPF_F_CURRENT_CPU | u64{20} << 32) == 0);
    CHECK(send(packet, BPF_F_CURRENT_CPU | u64{21} << 32) == -EFAULT);
    CHECK(send(packet, 0) == 0); // by its number
    CHECK(send(packet, 1) == -ENOENT);
    CHECK(send(packet, BPF_F_CURRENT_CPU | u64{1} << 52) == -EINVAL);
    CHECK(send(other, BPF_F_CURRENT_CPU) == 0);
    CHECK(send(other, 1) == -ENOENT);
    CHECK(send(other, BPF_F_CURRENT_CPU | u64{1} << 32) == -EINVAL);
    std::vector<std::size_t> sizes;
    host::storage_of(events).consume([&](std::span<u8 const> r) { sizes.push_back(r.size()); });
    CHECK(sizes == std::vector<std::size_t>{28, 8, 8});
}

TEST_CASE("a timer is made once, by a clock that there is, and starts when it has a function") {
    static ::bpf_timer timer;
    static i64 answer;
    auto *const map = map_of({BPF_MAP_TYPE_ARRAY, 4, 16, 1});
    auto const ring = [](void *, void *, void *) -> i64 { return 0; };
    CHECK(helper::timer_set_callback(&timer, ring) == -EINVAL);
    CHECK(helper::timer_start(&timer, 1, 0) == -EINVAL);
    CHECK(helper::timer_cancel(&timer) == -EINVAL);
    CHECK(helper::timer_init(&timer, map, 2) == -EINVAL); // CLOCK_PROCESS_CPUTIME_ID
    CHECK(helper::timer_init(&timer, map, CLOCK_MONOTONIC) == 0);
    CHECK(helper::timer_init(&timer, map, CLOCK_MONOTONIC) == -EBUSY);
    CHECK(helper::timer_start(&timer, 1, 0) == -EINVAL);
    CHECK(helper::timer_set_callback(&timer, ring) == 0);
    CHECK(helper::timer_start(&timer, 1, u64{1} << 10) == -EINVAL);
    CHECK(helper::timer_cancel(&timer) == 0);
    CHECK(helper::timer_start(&timer, 1, 0) == 0);
    CHECK(helper::timer_cancel(&timer) == 1);
    host::ringing() = &timer; // from its own function
    answer = helper::timer_cancel(&timer);
    host::ringing() = nullptr;
    CHECK(answer == -EDEADLK);
    host::timers().erase(&timer);
}

TEST_CASE("what is printed has up to twelve words, in their order") {
    host::printed().clear();
    u64 const words[13] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    char const format[] = "%llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu";
    CHECK(helper::trace_vprintk(format, sizeof format, words, 96) == 26);
    CHECK(host::printed() == std::vector<std::string>{"1 2 3 4 5 6 7 8 9 10 11 12"});
    CHECK(helper::trace_vprintk(format, sizeof format, words, 104) == -EINVAL);
    CHECK(helper::trace_vprintk(format, sizeof format, words, 12) == -EINVAL);
    CHECK(host::printed().size() == 1);
    host::printed().clear();
    CHECK(helper::seq_printf(nullptr, format, sizeof format, words, 12) == -EINVAL);
    CHECK(host::written().empty());
}

TEST_CASE("a lock is held by one, and given back by whoever holds it") {
    ::bpf_spin_lock lock{};
    CHECK_THROWS_AS(helper::spin_unlock(&lock), std::logic_error);
    helper::spin_lock(&lock);
    CHECK_THROWS_AS(helper::spin_lock(&lock), std::logic_error);
    helper::spin_unlock(&lock);
    helper::spin_lock(&lock);
}

TEST_CASE("messages of sockets: what is pulled, and how many bytes a verdict is for") {
    u8 bytes[20] = {};
    sk_msg::context message{bytes, bytes + sizeof bytes};
    CHECK((helper::msg_apply_bytes(&message, 5) == 0 && message.applied == 5));
    CHECK((helper::msg_cork_bytes(&message, 6) == 0 && message.corked == 6));
    CHECK(helper::msg_pull_data(&message, 0, 20, 1) == -EINVAL);
    CHECK(helper::msg_pull_data(&message, 4, 4, 0) == -EINVAL);
    CHECK(helper::msg_pull_data(&message, 4, 21, 0) == -EINVAL);
    CHECK((helper::msg_pull_data(&message, 4, 20, 0) == 0 && message.data == bytes + 4));
}
