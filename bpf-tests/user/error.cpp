// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <initializer_list>
#include <sys/resource.h>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <utility>

using bpfxx::test::failure_of;
using bpfxx::test::has;
using bpfxx::user::check;
using bpfxx::user::error;

static_assert(std::is_nothrow_copy_constructible_v<error>);

TEST_CASE("the message says what was attempted, why, and what to do") {
    auto const e = error{"cannot open x.bpf.o", ENOENT};
    CHECK(std::string{e.what()} == "cannot open x.bpf.o: No such file or directory");
    CHECK(e.code() == ENOENT);
    CHECK(e.log().empty());

    auto const full = error{"cannot load x", EACCES, "; return p[20];\nR1 invalid", "read less"};
    CHECK(std::string{full.what()} ==
          "cannot load x: Permission denied\n  ; return p[20];\n  R1 invalid\nhint: read less");
    CHECK(full.log() == "; return p[20];\nR1 invalid");
}

TEST_CASE("a mistake without an errno has none in its message") {
    CHECK(std::string{error{"map 'a' is not loaded"}.what()} == "map 'a' is not loaded");
}

TEST_CASE("libbpf's own codes have words too") {
    CHECK(has(error{"cannot open x", LIBBPF_ERRNO__FORMAT}.what(), "BPF object format invalid"));
}

TEST_CASE("well-known failures come with a hint") {
    CHECK(has(error{"cannot load x", EPERM}.what(), "CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN"));
    CHECK(has(error{"cannot load x", ENOSYS}.what(), "no bpf()"));
    CHECK(has(error{"cannot load x", ENOMEM}.what(), "RLIMIT_MEMLOCK"));
    CHECK(has(error{"cannot open x", EMFILE}.what(), "ulimit -n"));
    CHECK(has(error{"cannot attach x", EOPNOTSUPP}.what(), "this driver, cannot do it"));
    CHECK(has(error{"cannot attach x", EBUSY}.what(), "something else holds it"));
    CHECK(has(error{"cannot attach x", ENODEV}.what(), "has vanished"));
    CHECK(has(error{"cannot make x", ENOSPC}.what(), "a limit"));
    CHECK(has(error{"cannot write x", ENOSPC}.what(), "hint: the disk is full"));
    CHECK(has(error{"cannot write x", ENOENT}.what(), "hint: its folder has to be there"));
    CHECK(has(error{"cannot write x", EISDIR}.what(), "hint: a folder has this name"));
    CHECK(has(error{"cannot write x", EPERM}.what(), "hint: this user may not write there"));
    CHECK(has(error{"cannot write x", EMFILE}.what(), "ulimit -n"));
    CHECK(has(error{"cannot read x", EINTR}.what(), "try again"));
    CHECK(has(error{"cannot listen", EADDRINUSE}.what(), "another process"));
    CHECK(has(error{"cannot load x", ENOENT, "DATASEC '.maps' not found"}.what(), "compile it with -g"));
    CHECK(has(
        error{"cannot open x", EOPNOTSUPP, "elf: legacy map definitions in 'maps' section are not supported"}.what(),
        "hint: declare its maps as libbpf 1.0 has them"));
    CHECK(has(error{"cannot open /bin/ls", EINVAL, "elf: /bin/ls is not a valid eBPF object file"}.what(),
              "hint: this takes the .bpf.o"));
    CHECK(has(error{"cannot open /tmp", 0, "elf: failed to open /tmp as ELF file: invalid file descriptor"}.what(),
              "not a folder"));
    CHECK(has(error{"cannot load x", E2BIG, "BPF program is too large. Processed 1000001 insn"}.what(),
              "the verifier gave up"));
    CHECK(
        has(error{"cannot load x", ESRCH, "libbpf: failed to find valid kernel BTF"}.what(), "CONFIG_DEBUG_INFO_BTF"));
    CHECK_FALSE(has(error{"cannot open x", ENOENT}.what(), "hint"));
}

TEST_CASE("without rights the hint says how to get them") {
    if (geteuid() != 0) {
        CHECK(has(error{"cannot load x", EPERM}.what(), "run it as root"));
        return;
    }
    CHECK(has(error{"cannot load x", EPERM}.what(), "root lacks it here"));
    auto const said = bpfxx::test::said_by_nobody([](auto const &say) { say(error{"cannot load x", EPERM}.what()); });
    CHECK(has(said, "run it as root, or give it CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN"));
}

TEST_CASE("where few files may be open, that is what is said of a feature that libbpf did not find") {
    auto const said = bpfxx::test::child{[](auto const &say) {
                          auto few = rlimit{32, 32};
                          setrlimit(RLIMIT_NOFILE, &few);
                          say(error{"cannot load x", ENOENT, "map '.bss' is referenced but wasn't created"}.what());
                      }}.read();
    CHECK(has(said, "hint: libbpf could not find out what this kernel has: 32 open files are too few"));
    CHECK(has(said, "ulimit -n"));
}

TEST_CASE("what has come of a failure is a line more of it") {
    auto const first = error{"cannot load x", EACCES, "R1 invalid", "read less"};
    auto const e = first.with("and y is gone");
    CHECK(std::string{e.what()} == std::string{first.what()} + "\nand y is gone");
    CHECK(e.code() == EACCES);
    CHECK(e.log() == "R1 invalid");
}

TEST_CASE("what takes something away is tried again, and not without end") {
    auto const tries = [](std::initializer_list<int> results) {
        auto n = 0;
        auto const last = bpfxx::user::detail::insist([&] { return results.begin()[n++]; });
        return std::pair{n, last};
    };
    CHECK(tries({0}) == std::pair{1, 0});
    CHECK(tries({-ENOMEM, -EINTR, 3}) == std::pair{3, 3});
    CHECK(tries({-ENOENT}) == std::pair{1, -ENOENT}); // it is gone
    CHECK(tries({-ENOMEM, -ENODEV}) == std::pair{2, -ENODEV});
    CHECK(tries({-EBUSY, -EBUSY, -EBUSY, -EBUSY, -EPERM, 0}) == std::pair{5, -EPERM});
}

TEST_CASE("check passes results on and throws failures") {
    CHECK(check(0) == 0);
    CHECK(check(7, "not used") == 7);
    auto const e = failure_of([] { check(-ESRCH, "cannot use entry ", 3, " of '", std::string{"a"}, "'"); });
    CHECK(e.code() == ESRCH);
    CHECK(std::string{e.what()} == "cannot use entry 3 of 'a': No such process");
}
