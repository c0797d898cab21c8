// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/program.hpp>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;
namespace insn = test::insn;

TEST_CASE("a loaded program tells what the kernel knows of it") {
    if (test::cannot_load()) return;
    auto const fd = test::load_raw({insn::move(0, 1), insn::move(0, 2), insn::exit()}, "three");
    auto const p = program{fd.get()};
    CHECK(p.is_loaded());
    CHECK(p.fd() == fd.get());
    CHECK(p.name() == "three");
    CHECK(p.type() == BPF_PROG_TYPE_XDP);
    auto const info = p.info();
    CHECK(info.id != 0);
    CHECK(info.name == "three");
    CHECK(info.verified == (test::kernel_has(5, 16) ? 3 : 0));
    CHECK(info.xlated == 3);
    CHECK((info.jited != 0) == has_jit());
}

TEST_CASE("a program that is loaded can no longer be set up") {
    if (test::cannot_load()) return;
    auto const fd = test::answer_always(XDP_PASS, "fixed");
    auto const e = failure_of([&] { program{fd.get()}.set_flags(BPF_F_XDP_HAS_FRAGS); });
    CHECK(has(e.what(), "cannot set the flags of program 'fixed': it is loaded already"));
    CHECK(has(failure_of([&] { program{fd.get()}.set_autoload(false); }).what(), "between open() and load()"));
}

TEST_CASE("a descriptor that is no program is an error") {
    auto const e = failure_of([] { program{0}.info(); });
    CHECK(has(e.what(), "cannot ask the kernel about a program"));
    CHECK_FALSE(program{-1}.is_loaded());
    CHECK(has(failure_of([] { program{-1}.fd(); }).what(), "is not loaded"));
}
