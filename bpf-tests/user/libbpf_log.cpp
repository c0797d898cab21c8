// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpf/libbpf.h>
#include <bpfxx/user/libbpf_log.hpp>
#include <thread>
#include <user/expect.hpp>

using bpfxx::test::has;
using bpfxx::user::libbpf_log;

namespace {
int heard = 0;
auto listen(libbpf_print_level level, char const * /*format*/, va_list /*arguments*/) -> int {
    if (level != LIBBPF_DEBUG) heard++;
    return 0;
}
auto provoke() -> void { CHECK(bpf_object__open_file("/does/not/exist.o", nullptr) == nullptr); }
} // namespace

TEST_CASE("what libbpf says is collected, and only while the log lives") {
    auto const before = libbpf_set_print(listen);
    heard = 0;
    {
        auto const log = libbpf_log{};
        provoke();
        CHECK(has(log.text(), "elf: failed to open /does/not/exist.o"));
        CHECK(log.says("No such file"));
        CHECK_FALSE(has(log.text(), "libbpf: "));
        CHECK(heard == 0);
    }
    provoke();
    CHECK(heard == 1);
    CHECK(libbpf_set_print(before) == listen);
}

TEST_CASE("what libbpf says for its own makers is not collected") {
    auto const log = libbpf_log{};
    CHECK(bpf_object__open_mem("no object", 9, nullptr) == nullptr);
    CHECK_FALSE(log.text().empty());
    CHECK_FALSE(log.says("loading object")); // a line of its debugging
}

TEST_CASE("the innermost log has it") {
    auto const outer = libbpf_log{};
    {
        auto const inner = libbpf_log{};
        provoke();
        CHECK(inner.says("/does/not/exist.o"));
    }
    CHECK(outer.text().empty());
    provoke();
    CHECK(outer.says("/does/not/exist.o"));
}

TEST_CASE("another thread's words go where they went before") {
    auto const before = libbpf_set_print(listen);
    heard = 0;
    {
        auto const log = libbpf_log{};
        std::thread{provoke}.join();
        CHECK(log.text().empty());
        CHECK(heard == 1);
    }
    libbpf_set_print(before);
}

TEST_CASE("the tail of a verifier's log is its end, with the program and the source line") {
    auto const log = "prog 'good': -- BEGIN PROG LOAD LOG --\nfine\n-- END PROG LOAD LOG --\n"
                     "prog 'bad': BPF program load failed: Permission denied\n"
                     "prog 'bad': -- BEGIN PROG LOAD LOG --\n"
                     "0: R1=ctx() R10=fp0\n"
                     "; return data[20]; @ bad.bpf.cpp:7\n"
                     "1: (71) r1 = *(u8 *)(r1 +20)\n"
                     "R1 offset is outside of the packet\n"
                     "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0\n"
                     "-- END PROG LOAD LOG --\n"
                     "prog 'bad': failed to load: -13\n"
                     "failed to load object 'x'\n";
    CHECK(libbpf_log::tail_of(log) == "prog 'bad': BPF program load failed: Permission denied\n"
                                      "0: R1=ctx() R10=fp0\n"
                                      "; return data[20]; @ bad.bpf.cpp:7\n"
                                      "1: (71) r1 = *(u8 *)(r1 +20)\n"
                                      "R1 offset is outside of the packet");
}

TEST_CASE("a log that is cut off is shown as far as it goes") {
    CHECK(libbpf_log::tail_of("prog 'good': -- BEGIN PROG LOAD LOG --\nfine\n-- END PROG LOAD LOG --\n"
                              "prog 'bad': BPF program load failed\nprog 'bad': -- BEGIN PROG LOAD LOG --\nR1 bad\n") ==
          "prog 'bad': BPF program load failed\nR1 bad");
}

TEST_CASE("a source line far above the end of the log is kept") {
    auto log = std::string{"prog 'bad': BPF program load failed: Permission denied\n-- BEGIN PROG LOAD LOG --\n"
                           "; first @ bad.bpf.cpp:1\n0: nop\n; auto x = f(); @ bad.bpf.cpp:12\n"};
    for (auto i = 1; i <= 40; i++) log += std::to_string(i) + ": step\n";
    log += "R1 bad\n-- END PROG LOAD LOG --\n";
    auto const tail = libbpf_log::tail_of(log);
    CHECK(tail.starts_with(
        "prog 'bad': BPF program load failed: Permission denied\n; auto x = f(); @ bad.bpf.cpp:12\n...\n30: step"));
    CHECK(tail.ends_with("40: step\nR1 bad"));
    CHECK_FALSE(has(tail, "first"));
}

TEST_CASE("the tail of a refused BTF is where it was refused") {
    auto const tail = libbpf_log::tail_of("BTF loading error: -22\n-- BEGIN BTF LOAD LOG ---\nmagic: 0xeb9f\n"
                                          "[6] STRUCT flow key size=8 vlen=3 Invalid name\n\n-- END BTF LOAD LOG --\n"
                                          "Error loading .BTF into kernel: -22. BTF is optional, ignoring.\n");
    CHECK(has(tail, "Error loading .BTF into kernel: -22"));
    CHECK(tail.ends_with("[6] STRUCT flow key size=8 vlen=3 Invalid name"));
}

TEST_CASE("without a log, the tail is the last lines") {
    CHECK(libbpf_log::tail_of("").empty());
    CHECK(libbpf_log::tail_of("one\ntwo\n") == "one\ntwo");
    auto many = std::string{};
    for (auto i = 0; i < 100; i++) many += "line " + std::to_string(i) + "\n";
    CHECK(libbpf_log::tail_of(many).starts_with("...\nline 88\n"));
}
