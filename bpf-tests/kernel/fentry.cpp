// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "fentry.bpf.cpp"
#include <bpfxx/user/link.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/test_run.hpp>
#include <support/each_object.hpp>

namespace {
/// One program of the object, loaded.
class traced {
    user::object object_;

  public:
    traced(std::string const &file, std::string const &name, user::program const *target = nullptr)
        : object_{user::object::open(file)} {
        for (auto const &p : object_.programs()) p.set_autoload(p.name() == name);
        if (target)
            REQUIRE(bpf_program__set_attach_target(program(name).handle(), target->fd(), target->name().c_str()) == 0);
        object_.load();
    }
    auto program(std::string const &name) const -> user::program { return object_.program(name); }
    auto seen() const -> int { return bpf_map__fd(object_.map("seen").handle()); }
    auto left() const -> test::observation { return test::value_at<test::observation>(object_, "seen"); }
};
/// The kernel calls its own test functions.
auto run_tests(user::program const &p) -> void {
    auto o = user::options<bpf_test_run_opts>{};
    REQUIRE(bpf_prog_test_run_opts(p.fd(), &o) == 0);
}
auto not_permitted() -> bool {
    try {
        traced{test::object_files().at(0), "enter_one"};
    } catch (user::error const &e) {
        if (e.code() != EPERM) throw;
        WARN("SKIPPED: root may load other programs here, but none at functions of the kernel");
        return true;
    }
    return false;
}
} // namespace

TEST_CASE("natively a program is called with the kernel's words") {
    u64 words[] = {7, static_cast<u64>(-8), 9, 10};
    CHECK(enter_four(words) == 0);
    u32 const first = 0;
    auto const &left = *static_cast<test::observation *>(host::storage_of(&seen).lookup(&first));
    CHECK(left.number[0] == 7);
    CHECK(left.number[1] == static_cast<u64>(-8));
    CHECK(left.number[3] == 10);
}

TEST_CASE("functions of the kernel, with their arguments") {
    if (test::cannot_load()) return;
    if (not_permitted()) return;
    for (auto const &file : test::object_files()) {
        INFO(file);
        struct row {
            char const *name;
            std::vector<u64> numbers;
        };
        for (auto const &[name, numbers] : {row{"enter_one", {1}}, row{"enter_four", {7, 8, 9, 10}},
                                            row{"exit_three", {4, 5, 6, 15}}, row{"exit_first", {16}}}) {
            INFO(name);
            traced const t{file, name};
            auto const p = t.program(name);
            auto const link = user::attach(p);
            run_tests(p);
            for (std::size_t i = 0; i < numbers.size(); i++) CHECK(t.left().number[i] == numbers[i]);
        }
    }
}

TEST_CASE("a program, when it is called and when it answers") {
    if (test::cannot_load()) return;
    if (not_permitted()) return;
    for (auto const &file : test::object_files()) {
        INFO(file);
        traced const target{file, "answer_tx"};
        auto const p = target.program("answer_tx");
        for (auto const *name : {"enter_program", "exit_program"}) {
            INFO(name);
            traced const t{file, name, &p};
            auto const run = [&] { return user::test_run(p, std::vector<std::byte>(60)).verdict; };
            {
                auto const link = user::attach(t.program(name));
                CHECK(run() == 3);
                CHECK(t.left().number[0] == 1);
                CHECK(t.left().number[1] == (std::string{name} == "exit_program" ? 3 : 0));
            }
            u32 const first = 0;
            test::observation const none{};
            REQUIRE(bpf_map_update_elem(t.seen(), &first, &none, BPF_ANY) == 0);
            CHECK(run() == 3);
            CHECK(t.left().number[0] == 0);
        }
    }
}
