// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/iterator.hpp>
#include <bpfxx/user/link.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/perf_link.hpp>
#include <cstring>
#include <sched.h>
#include <sstream>
#include <support/loaded.hpp>
#include <support/observe.hpp>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <user/expect.hpp>

using namespace bpfxx;

extern "C" [[gnu::noinline]] auto bpfxx_traced(int a, u64 b, char const *text, u16 c) -> u64 {
    asm volatile("" : : "r"(text) : "memory");
    return static_cast<u64>(a) + b + c;
}

namespace {
auto folders() -> std::vector<std::string> {
    std::vector<std::string> all;
    std::istringstream from{BPFXX_TEST_OBJECTS};
    for (std::string folder; std::getline(from, folder, ':');) all.push_back(folder);
    return all;
}
/// One program of the object, loaded, with this process as its own.
class traced {
    user::object object_;

  public:
    traced(std::string const &folder, std::string const &name) : object_{user::object::open(folder + "/trace.bpf.o")} {
        for (auto const &p : object_.programs()) p.set_autoload(p.name() == name);
        auto const id = static_cast<u32>(getpid());
        auto const zero = std::vector<std::byte>(4);
        auto const *const at = reinterpret_cast<std::byte const *>(&id);
        auto value = std::vector<std::byte>(object_.map(".rodata").value_size());
        std::memcpy(value.data(), bpf_map__initial_value(object_.map(".rodata").handle(), &size_), value.size());
        std::copy_n(at, 4, value.begin() + offset());
        object_.map(".rodata").update(zero, value);
        object_.load();
    }
    auto program(std::string const &name) const -> user::program { return object_.program(name); }
    auto left() const -> test::observation {
        u32 const first = 0;
        test::observation o{};
        REQUIRE(bpf_map_lookup_elem(bpf_map__fd(object_.map("seen").handle()), &first, &o) == 0);
        return o;
    }

  private:
    std::size_t size_ = 0;
    /// Of `own` among the constants.
    auto offset() const -> std::ptrdiff_t {
        auto const *const btf = bpf_object__btf(object_.handle());
        auto const section = btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC);
        auto const *const type = btf__type_by_id(btf, static_cast<u32>(section));
        for (u32 i = 0; i < btf_vlen(type); i++)
            if (std::string{"own"} ==
                btf__name_by_offset(btf, btf__type_by_id(btf, btf_var_secinfos(type)[i].type)->name_off))
                return btf_var_secinfos(type)[i].offset;
        FAIL("no setting");
        return 0;
    }
};
} // namespace

TEST_CASE("tracepoints with the kernel's own arguments") {
    if (test::cannot_load()) return;
    for (auto const &folder : folders())
        for (auto const *const name : {"forked", "forked_raw", "forked_where"}) {
            INFO(folder << " " << name);
            traced const t{folder, name};
            auto const link = user::attach(t.program(name));
            auto const child = fork();
            if (child == 0) _exit(0);
            int status;
            waitpid(child, &status, 0);
            auto const left = t.left();
            CHECK(left.number[0] == static_cast<u64>(getpid()));
            CHECK(left.number[1] == static_cast<u64>(child));
            CHECK(left.number[2] == static_cast<u64>(getpid()));
        }
}

TEST_CASE("tracepoints with their records") {
    if (test::cannot_load()) return;
    REQUIRE(unshare(CLONE_NEWNS) == 0);
    REQUIRE(mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    if (access("/sys/kernel/tracing/events", F_OK) != 0)
        REQUIRE(mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, nullptr) == 0);
    for (auto const &folder : folders()) {
        INFO(folder);
        for (auto const *const name : {"called", "called_where"}) {
            INFO(name);
            traced const t{folder, name};
            auto const link = user::attach(t.program(name));
            getpriority(PRIO_PROCESS, 77777);
            CHECK(t.left().number[1] == PRIO_PROCESS);
            CHECK(t.left().number[2] == 77777);
        }
        traced const t{folder, "returned"};
        auto const link = user::attach(t.program("returned"));
        getpriority(PRIO_PROCESS, 0);
        CHECK(t.left().number[1] == 20 - static_cast<u64>(getpriority(PRIO_PROCESS, 0)));
    }
}

TEST_CASE("functions of a process") {
    if (test::cannot_load()) return;
    for (auto const &folder : folders()) {
        INFO(folder);
        {
            traced const t{folder, "function"};
            auto const link = user::attach_uprobe(t.program("function"), {"/proc/self/exe", "bpfxx_traced"});
            CHECK(bpfxx_traced(5, u64{1} << 40, "text", 9) == (u64{1} << 40) + 14);
            auto const left = t.left();
            CHECK(left.number[0] == 5);
            CHECK(left.number[1] == u64{1} << 40);
            CHECK(left.number[2] == 't');
            CHECK(left.number[3] == 'e');
            CHECK(left.number[4] == 9);
        }
        traced const t{folder, "function_end"};
        auto const link = user::attach_uprobe(t.program("function_end"), {"/proc/self/exe", "bpfxx_traced", -1, true});
        bpfxx_traced(5, 6, "", 9);
        CHECK(t.left().number[0] == 20);
        CHECK(test::has(test::failure_of([&] {
                            user::attach_uprobe(t.program("function_end"), {"/proc/self/exe", "bpfxx_no_such"});
                        }).what(),
                        "cannot attach program 'function_end' to /proc/self/exe:bpfxx_no_such"));
    }
}

TEST_CASE("any function of the kernel, where it has kprobes") {
    if (test::cannot_load()) return;
    for (auto const &folder : folders()) {
        INFO(folder);
        traced const t{folder, "probed"}; // every kernel loads it
        if (access("/sys/bus/event_source/devices/kprobe", F_OK) != 0) {
            CHECK(test::has(test::failure_of([&] { user::attach(t.program("probed")); }).what(), "probed"));
            WARN("SKIPPED: this kernel has no kprobes");
            continue;
        }
        auto const link = user::attach(t.program("probed"));
        unlink("/nowhere/at/all");
        CHECK(t.left().number[1] == 1);
        traced const back{folder, "probed_back"};
        auto const back_link = user::attach(back.program("probed_back"));
        unlink("/nowhere/at/all");
        CHECK(static_cast<i64>(back.left().number[0]) == -ENOENT);
    }
}

TEST_CASE("a timer of the perf subsystem") {
    if (test::cannot_load()) return;
    for (auto const &folder : folders()) {
        INFO(folder);
        traced const t{folder, "timer"};
        auto what = perf_event_attr{};
        what.type = PERF_TYPE_SOFTWARE;
        what.config = PERF_COUNT_SW_CPU_CLOCK;
        what.sample_period = 1'000'000; // ns
        auto link = user::attach_perf_event(t.program("timer"), what);
        for (auto tries = 0; tries < 1000 && t.left().number[0] == 0; tries++)
            for (auto i = 0; i < 100'000; i++) asm volatile("");

        CHECK(t.left().number[0] == 1'000'000);
    }
}

TEST_CASE("an iterator over tasks") {
    if (test::cannot_load()) return;
    for (auto const &folder : folders()) {
        INFO(folder);
        traced const t{folder, "tasks"};
        auto const text = user::read_all(t.program("tasks"));
        auto const id = std::to_string(getpid());
        CHECK(test::has(text, id + " " + id + " trace\n"));
        CHECK(test::has(text, "end of "));
        traced const raw{folder, "raw_tasks"};
        auto const ids = user::read_all(raw.program("raw_tasks"));
        REQUIRE(ids.size() % 4 == 0);
        auto found = 0;
        for (std::size_t i = 0; i < ids.size(); i += 4) {
            u32 one;
            std::memcpy(&one, ids.data() + i, 4);
            found += one == static_cast<u32>(getpid()) ? 1 : 0;
        }
        CHECK(found == 1);
        CHECK(test::has(test::failure_of([&] { user::read_all(user::program{-1}); }).what(), "is not loaded"));
    }
}
