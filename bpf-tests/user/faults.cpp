// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Every call of the user side into the kernel fails in turn, in five ways: what comes out is success by another way, or an
/// error that says what failed, why, and what to do; and nothing is left behind.
#include <algorithm>
#include <bpfxx/user/cgroup_link.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/iterator.hpp>
#include <bpfxx/user/link.hpp>
#include <bpfxx/user/mapped_array.hpp>
#include <bpfxx/user/netns_link.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/packet_runner.hpp>
#include <bpfxx/user/perf_buffer.hpp>
#include <bpfxx/user/perf_link.hpp>
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/signals.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/socket_link.hpp>
#include <bpfxx/user/sockmap_link.hpp>
#include <bpfxx/user/tc_link.hpp>
#include <bpfxx/user/user_ring_buffer.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <linux/perf_event.h>
#include <optional>
#include <support/objects.hpp>
#include <thread>
#include <user/expect.hpp>
#include <user/injection.hpp>
#include <user/network.hpp>
#include <user/own_cgroup.hpp>
#include <user/raw_program.hpp>

#include "faults.skel.h"

using namespace bpfxx;
using namespace bpfxx::user;
using namespace std::chrono_literals;
using test::injection;

namespace {
using count_spec = spec::hash<u32, u64, 16>;
int const codes[] = {EPERM, ENOMEM, EBUSY, ENOSPC, EINTR};

auto object_file() -> std::string { return test::object_files().at(0); }
/// To be loaded, without what takes types of the kernel where it has none.
auto opened() -> object {
    auto o = object::open(object_file());
    if (access("/sys/kernel/btf/vmlinux", R_OK) != 0) o.program("of_maps").set_autoload(false);
    return o;
}
auto count_of(char const *folder) -> std::ptrdiff_t {
    return std::distance(std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{});
}
/// What did not fail has done what it should. Unlike in CHECK(), what fails on the way goes on to who injected it.
template <class T> auto is(T const &found, T const &wanted) -> void { CHECK(found == wanted); }
/// Whether nothing is attached to an interface, or stands at it for that.
auto is_bare(interface const &where) -> bool {
    auto asked = options<bpf_xdp_query_opts>{};
    auto both = tc_link::where(where.index(), tc_direction::ingress);
    auto const log = libbpf_log{};
    // Where a qdisc is, no other one can be made. Whether it is there cannot be asked by way of its filters: without any it
    // answers as if it were not.
    auto const has_none = bpf_tc_hook_create(&both) == 0;
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): flags, of which libbpf wants both here
    both.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
    if (has_none) bpf_tc_hook_destroy(&both);
    return bpf_xdp_query(static_cast<int>(where.index()), 0, &asked) == 0 && asked.prog_id == 0 && has_none;
}

/// The words for this code, or those that a call has for it itself.
auto explains(error const &e, int code) -> bool {
    std::string_view const said = e.what();
    if (said.find(user::detail::reason_of(code)) != said.npos) return true;
    for (auto const *const words : {"is attached there", "missing:", "it is full", "this kernel"})
        if (said.find(words) != said.npos) return true;
    return false;
}

/// `scenario` until no call is left to fail; `is_clean` behind each.
template <class Scenario, class Clean>
auto fail_each_call_of(char const *name, Scenario const &scenario, Clean const &is_clean) -> void {
    INFO(name);
    scenario(); // what is made once and stays is made now
    auto errors = 0, calls = 0;
    for (auto const code : codes) {
        for (auto number = 1;; number++) {
            auto const before = count_of("/proc/self/fd");
            std::string failed, said;
            {
                injection one{number, code};
                try {
                    scenario();
                } catch (error const &e) {
                    said = e.what();
                    errors++;
                    INFO("call " << number << ", " << one.failed() << ", fails with " << user::detail::reason_of(code)
                                 << ": " << said);
                    CHECK(explains(e, code));
                    CHECK(said.size() > user::detail::reason_of(code).size() + 12); // what was attempted, too
                    CHECK((test::has(said, "\nhint: ") || test::has(said, ": this kernel, ")));
                }
                failed = one.failed();
            }
            INFO("call " << number << ", " << failed << ", fails with " << user::detail::reason_of(code) << ": "
                         << said);
            CHECK(count_of("/proc/self/fd") == before);
            CHECK(is_clean());
            if (failed.empty()) {
                CHECK(said.empty());
                calls = number - 1;
                break;
            }
            REQUIRE(number < 1000);
        }
    }
    CHECK(calls > 0);
    // Programs are given up a while after their last user.
    auto const deadline = std::chrono::steady_clock::now() + 30s;
    auto left = injection::left_behind();
    while (!left.empty() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(10ms);
        left = injection::left_behind();
    }
    CHECK(left.empty());
    std::printf("%s: %d calls, %d errors\n", name, calls, errors);
}
template <class Scenario> auto fail_each_call_of(char const *name, Scenario const &scenario) -> void {
    fail_each_call_of(name, scenario, [] { return true; });
}
} // namespace

TEST_CASE("objects, maps and skeletons") {
    if (test::cannot_load()) return;
    fail_each_call_of("an object and a map", [] {
        auto o = opened();
        o.load();
        auto const counts = o.map<count_spec>("counts");
        for (u32 i = 0; i < 3; i++) is(counts.update(i, i), true);
        is(counts.update(7, 1, update_mode::create), true);
        is(counts.lookup(1), std::optional{u64{1}});
        if (test::kernel_has(5, 14)) is(counts.take(2), std::optional{u64{2}});
        is(counts.erase(0), true);
        u32 const keys[] = {4, 5};
        u64 const values[] = {6, 7};
        counts.update_batch(keys, values);
        is(counts.size(), test::kernel_has(5, 14) ? 4u : 5u);
        is(counts.erase_batch(keys), std::size_t{2});
        counts.clear();
        is(counts.size(), 0u);
        o.map("counts").update(std::as_bytes(std::span{keys, 1}), std::as_bytes(std::span{values, 1}));
        is(counts.lookup(4), std::optional{u64{6}});
        is(o.program("answer").info().name, std::string{"answer"});
    });
    auto const pin = "/sys/fs/bpf/bpfxx_faults_" + std::to_string(getpid());
    if (access("/sys/fs/bpf", W_OK) == 0)
        fail_each_call_of(
            "a pinned map",
            [&] {
                {
                    auto o = opened();
                    o.map("counts").set_pin_path(pin);
                    o.load();
                }
                std::filesystem::remove(pin);
            },
            [&] { return !std::filesystem::exists(pin); });
    fail_each_call_of("a skeleton", [] {
        skeleton<faults> s;
        s->rodata->verdict = XDP_DROP;
        s.program("of_maps").set_autoload(false);
        s.load();
        s.attach();
        s.detach();
    });
    fail_each_call_of("programs that only their object attaches", [] {
        auto o = opened();
        o.load();
        auto const exits = attach(o.program("at_exit"));
        auto tick = perf_event_attr{};
        tick.type = PERF_TYPE_SOFTWARE;
        tick.config = PERF_COUNT_SW_CPU_CLOCK;
        tick.sample_period = 100'000'000;
        auto const ticks = attach_perf_event(o.program("at_tick"), tick);
        is(exits.is_attached(), true);
        is(ticks.is_attached(), true);
        if (o.program("of_maps").is_loaded()) read_all(o.program("of_maps"));
    });
    fail_each_call_of("packets", [] {
        auto const p = test::answer_always(XDP_PASS);
        auto runner = packet_runner{program{p.get()}};
        is(runner.run(std::vector<std::byte>(64)).why_not == obstacle::none, true);
        auto const large = runner.run(std::vector<std::byte>(3400)).why_not;
        is(large == obstacle::none || large == obstacle::too_long, true);
    });
}

TEST_CASE("interfaces") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const left = interface { "left" };
    auto const mine = test::answer_always(XDP_PASS, "mine");
    auto const theirs = test::answer_always(XDP_PASS, "theirs");
    auto const bare = [&] { return is_bare(left); };
    for (auto const mode : {xdp_mode::native_or_generic, xdp_mode::generic})
        fail_each_call_of(
            "XDP", [&] { attach_xdp(program{mine.get()}, left, {.mode = mode}).update(program{theirs.get()}); }, bare);
    fail_each_call_of(
        "XDP in the place of a link",
        [&] {
            auto const held = attach_xdp(program{theirs.get()}, left);
            attach_xdp(program{mine.get()}, left, {.replace = true});
        },
        bare);
    fail_each_call_of(
        "XDP by netlink",
        [&] {
            std::string said;
            if (!user::detail::attach_by_netlink(program{mine.get()}, left, xdp_mode::generic, said))
                throw error{"cannot attach a program", errno, said};
        },
        bare);
    fail_each_call_of(
        "XDP by netlink, in the place of another",
        [&] {
            std::string said;
            auto const there = user::detail::attach_by_netlink(program{theirs.get()}, left, xdp_mode::native, said);
            if (!there) throw error{"cannot attach a program", errno, said};
            attach_xdp(program{mine.get()}, left, {.replace = true});
        },
        bare);
    auto const filter =
        test::load_raw({test::insn::move(0, -1), test::insn::exit()}, "filter", BPF_PROG_TYPE_SCHED_CLS);
    for (auto const by_filter : {false, true})
        fail_each_call_of(
            by_filter ? "TC, a filter" : "TC",
            [&] {
                attach_tc(program{filter.get()}, left, {.filter = by_filter}).update(program{filter.get()});
                attach_tc(program{filter.get()}, left, {.direction = tc_direction::egress, .filter = by_filter});
            },
            bare);
    CHECK(is_bare(left));
}

TEST_CASE("a link that another process is making just now is not in the way") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = test::answer_always(XDP_PASS, "mine");
    auto const theirs = test::answer_always(XDP_PASS, "theirs");
    auto const elsewhere = attach_xdp(program{theirs.get()}, "right"); // the first that is looked at
    auto const look = "bpf() " + std::to_string(BPF_LINK_GET_FD_BY_ID);
    auto replaced = 0, looked = 0;
    for (auto number = 1; number < 200; number++) {
        auto const held = attach_xdp(program{theirs.get()}, "left");
        injection const one{number, EAGAIN}; // as the kernel has it
        try {
            attach_xdp(program{mine.get()}, "left", {.replace = true});
            replaced += one.failed() == look;
        } catch (error const &e) {
            if (one.failed() == look) CHECK(test::has(e.what(), "its link has just gone: try again"));
        }
        looked += one.failed() == look;
        if (one.failed().empty()) break;
    }
    CHECK(looked >= 2);
    CHECK(replaced >= looked - 1); // all but the one that was looked for
}

TEST_CASE("an interface that vanishes") {
    if (test::cannot_load()) return;
    auto const p = test::answer_always(XDP_PASS, "mine");
    auto const filter =
        test::load_raw({test::insn::move(0, -1), test::insn::exit()}, "filter", BPF_PROG_TYPE_SCHED_CLS);
    auto const gone = [] {
        auto const own = test::network{};
        return interface { "left" };
    }();
    auto const own = test::network{};
    // Another interface may have its number in another network.
    auto const here = interface { gone.index() }.name() == "left" ? interface {
        "left"
    } : gone;
    test::veth_request{"going", "going2"}.send();
    auto const going = interface { "going" };
    auto held = attach_xdp(program{p.get()}, going);
    auto held_tc = attach_tc(program{filter.get()}, going);
    auto held_filter = attach_tc(program{filter.get()}, going, {.filter = true});
    REQUIRE(system("ip link del going") == 0);
    for (auto const &deed : {std::function<void()>{[&] { attach_xdp(program{p.get()}, going); }},
                             std::function<void()>{[&] { attach_tc(program{filter.get()}, going); }},
                             std::function<void()>{[&] { attach_tc(program{filter.get()}, going, {.filter = true}); }},
                             std::function<void()>{[&] { attached_xdp(going); }}}) {
        auto const e = test::failure_of(deed);
        INFO(e.what());
        CHECK(e.code() == ENODEV);
        CHECK(test::has(e.what(), " going"));
        CHECK(test::has(e.what(), "hint: the interface has vanished"));
    }
    held.detach();
    held_tc.detach();
    held_filter.detach();
    CHECK_FALSE(held_tc.is_attached());
    CHECK(is_bare(here));
}

TEST_CASE("places of sockets") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const group = test::own_cgroup{};
    auto const o = [] {
        auto all = opened();
        all.load();
        return all;
    }();
    fail_each_call_of("a cgroup", [&] { attach_cgroup(o.program("in_group"), group.path()); });
    auto const dissector =
        test::load_raw({test::insn::move(0, 0), test::insn::exit()}, "keys", BPF_PROG_TYPE_FLOW_DISSECTOR);
    fail_each_call_of("a network namespace", [&] {
        auto const held = attach_netns(program{dissector.get()});
        held.update(program{dissector.get()});
    });
    auto const sockets = test::make_map(BPF_MAP_TYPE_SOCKMAP, 4, 4, 4);
    auto verdict = options<bpf_prog_load_opts>{};
    verdict.expected_attach_type = BPF_SK_SKB_STREAM_VERDICT;
    bpf_insn const pass[] = {test::insn::move(0, 1), test::insn::exit()};
    auto const stream = descriptor{
        check(bpf_prog_load(BPF_PROG_TYPE_SK_SKB, "stream", "GPL", pass, 2, &verdict), "load a stream verdict")};
    fail_each_call_of("a map of sockets",
                      [&] { attach_sockmap(program{stream.get()}, sockets.get(), sockmap_hook::stream_verdict); });
    auto const keep =
        test::load_raw({test::insn::move(0, -1), test::insn::exit()}, "keep", BPF_PROG_TYPE_SOCKET_FILTER);
    auto const one = descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    fail_each_call_of("a socket", [&] { attach_socket_filter(program{keep.get()}, one.get()).release(); });
}

TEST_CASE("a buffer that cannot be waited for is an error, a signal that came is none") {
    if (test::cannot_load()) return;
    auto const m = test::make_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 4096);
    auto const many = test::make_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 64);
    user::ring_buffer ring{m.get(), [](auto) {}};
    user::perf_buffer perf{many.get(), [](int, auto) {}};
    auto const waits = [](int code, auto &on) {
        injection const one{1, code};
        return on.poll(0ms);
    };
    CHECK(waits(EINTR, ring) == 0);
    CHECK(waits(EINTR, perf) == 0);
    auto const lost = test::failure_of([&] { waits(EPERM, ring); });
    CHECK(lost.code() == EPERM);
    CHECK(test::has(lost.what(), "cannot read a ring buffer"));
    auto const also = test::failure_of([&] { waits(ENOMEM, perf); });
    CHECK(also.code() == ENOMEM);
    CHECK(test::has(also.what(), "cannot read a perf buffer"));
    auto const p = test::answer_always(XDP_PASS);
    auto runner = packet_runner{program{p.get()}};
    auto const refused = test::failure_of([&] {
        injection const one{1, EPERM};
        runner.run(std::vector<std::byte>(4000)); // which may also be too long
    });
    CHECK(refused.code() == EPERM);
}

TEST_CASE("what an iterator cannot read is an error, and no end; a signal that came is none") {
    if (test::cannot_load() || access("/sys/kernel/btf/vmlinux", R_OK) != 0) return;
    auto o = opened();
    o.load();
    auto const maps = o.program("of_maps");
    auto const all = read_all(maps);
    REQUIRE_FALSE(all.empty());
    auto reads = 0;
    for (auto const code : {EPERM, EINTR, EAGAIN})
        for (auto number = 1; number < 10; number++) {
            injection const one{number, code};
            auto found = std::string{};
            auto failed = 0;
            try {
                found = read_all(maps);
            } catch (error const &e) {
                failed = e.code();
                if (one.failed() == "read()") CHECK(test::has(e.what(), "cannot read from iterator 'of_maps'"));
            }
            if (one.failed() != "read()") continue;
            INFO(user::detail::reason_of(code));
            CHECK(failed == (code == EPERM ? EPERM : 0));
            CHECK(found.empty() == (code == EPERM));
            reads++;
        }
    CHECK(reads >= 3);
}

TEST_CASE("what libbpf says while it loads, and loads all the same, is a warning") {
    if (test::cannot_load()) return;
    auto heard = 0;
    for (auto number = 1; number < 100; number++) {
        auto o = opened();
        CHECK(o.warnings().empty());
        injection const one{number, EINVAL};
        try {
            o.load();
        } catch (error const &) {
            continue;
        }
        if (one.failed().empty()) {
            CHECK(o.warnings().empty());
            break;
        }
        if (one.failed() != "bpf() 0" || o.warnings().empty()) continue; // a map is made once more without its types
        CHECK(test::has(o.warnings(), "etrying without BTF"));
        heard++;
    }
    CHECK(heard > 0);
}

TEST_CASE("buffers, signals, features") {
    if (test::cannot_load()) return;
    fail_each_call_of("a ring buffer", [] {
        auto const m = test::make_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 4096);
        user::ring_buffer records{m.get(), [](auto) {}};
        records.consume();
        records.poll(0ms);
    });
    fail_each_call_of("a perf buffer", [] {
        auto const m = test::make_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 64);
        user::perf_buffer records{m.get(), [](int, auto) {}};
        records.consume();
        records.poll(0ms);
    });
    if (test::kernel_has(6, 1))
        fail_each_call_of("a user ring buffer", [] {
            auto const m = test::make_map(BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096);
            is(user::user_ring_buffer{m.get()}.send(u64{1}), true);
        });
    using mapped = spec::array<u64, 4, map_options{.flags = BPF_F_MMAPABLE}>;
    auto how = options<bpf_map_create_opts>{};
    how.map_flags = BPF_F_MMAPABLE;
    auto const values =
        descriptor{check(bpf_map_create(BPF_MAP_TYPE_ARRAY, "values", 4, 8, 4, &how), "create an array")};
    fail_each_call_of("a mapped array", [&] {
        auto const m = map<mapped>{values.get()};
        mapped_array<mapped>{m}[0] = 1;
        m.clear();
        auto next = 0u;
        for (auto const &[index, value] : m) {
            CHECK(index == next++);
            CHECK(value == 0);
        }
        CHECK(next == 4);
    });
    fail_each_call_of(
        "signals", [] { signals const blocked{SIGUSR2}; },
        [] {
            sigset_t now;
            pthread_sigmask(SIG_BLOCK, nullptr, &now);
            return sigismember(&now, SIGUSR2) == 0;
        });
    constexpr feature all[] = {feature::btf, feature::kernel_btf, feature::ring_buffer, feature::xdp_link,
                               feature::xdp_frags};
    bool there[std::size(all)];
    std::transform(std::begin(all), std::end(all), there, [](auto f) { return has(f); });
    auto const jit = has_jit();
    fail_each_call_of("features", [&] {
        for (std::size_t i = 0; i < std::size(all); i++) is(has(all[i]), there[i]); // by the version, if not asked
        is(has_jit(), jit);
        require_bpf({feature::btf, feature::ring_buffer, feature::xdp_link});
    });
}
