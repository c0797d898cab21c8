// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/feature.hpp>
#include <cstddef>
#include <cstdio>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <user/child.hpp>
#include <user/expect.hpp>

namespace inside = bpfxx::user::detail;
using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

namespace {
auto keep_only(u64 capabilities) -> void {
    auto header = __user_cap_header_struct{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {};
    for (auto i : {0, 1}) sets[i].effective = sets[i].permitted = static_cast<u32>(capabilities >> 32 * i);
    if (syscall(SYS_capset, &header, sets) != 0) throw std::runtime_error{"capset"};
}
/// From here on, bpf() fails with this code.
auto refuse_bpf(u32 code) -> void {
    sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    auto program = sock_fprog{4, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        throw std::runtime_error{"seccomp"};
}
auto missing() -> std::string {
    return failure_of([] { require_bpf({feature::ring_buffer}); }).what();
}
} // namespace

TEST_CASE("the kernel has what its version promises") {
    if (test::cannot_load()) return;
    CHECK(has(feature::btf));
    CHECK(has(feature::ring_buffer));
    CHECK(has(feature::xdp_link) == test::kernel_has(5, 9));
    CHECK(has(feature::xdp_frags) == test::kernel_has(5, 18));
    CHECK(has(feature::kernel_btf) == (access("/sys/kernel/btf/vmlinux", R_OK) == 0));
    CHECK_NOTHROW(has_jit());
    CHECK_NOTHROW(require_bpf());
}

TEST_CASE("versions are compared as numbers") {
    auto name = utsname{};
    uname(&name);
    CHECK(kernel_release() == name.release);
    CHECK(test::kernel_has(0, 0));
    CHECK(test::kernel_has(4, 18));
    CHECK_FALSE(test::kernel_has(1000, 0));
    unsigned major = 0, minor = 0;
    REQUIRE(std::sscanf(name.release, "%u.%u", &major, &minor) == 2); // NOLINT(cert-err34-c)
    CHECK(test::kernel_has(major, minor));
    CHECK(test::kernel_has(major - 1, minor + 1));
    CHECK_FALSE(test::kernel_has(major, minor + 1));
    CHECK_FALSE(test::kernel_has(major + 1, 0));
}

TEST_CASE("without rights, what is missing is listed by name") {
    if (test::cannot_load() || geteuid() != 0) return;
    CHECK(has_capability(CAP_NET_ADMIN));
    CHECK_FALSE(has_capability(1000));
    auto const nobody = test::said_by_nobody([](auto const &say) { say(missing()); });
    INFO(nobody);
    CHECK(has(nobody, "BPF programs cannot run here; missing:\n"));
    CHECK(has(nobody, "- the capability CAP_BPF"));
    CHECK(has(nobody, "- the capability CAP_PERFMON"));
    CHECK(has(nobody, "- the capability CAP_NET_ADMIN"));
    CHECK_FALSE(has(nobody, "ring buffers")); // the version says that the kernel has them
    CHECK(has(nobody, "hint: run it as root"));
    CHECK(has(test::said_by_nobody([](auto const &say) { say(failure_of([] { has(feature::btf); }).what()); }),
              "cannot load a BPF program to see what the kernel can do: Operation not permitted"));
}

TEST_CASE("capabilities are looked at one by one") {
    if (test::cannot_load() || geteuid() != 0) return;
    auto const with = [](u64 capabilities) {
        return test::child{[&](auto const &say) {
                   keep_only(capabilities);
                   say(missing());
               }}
            .read();
    };
    auto const bpf = 1ull << CAP_BPF, net = 1ull << CAP_NET_ADMIN, perfmon = 1ull << CAP_PERFMON;
    CHECK_FALSE(has(with(bpf), "CAP_BPF (before"));
    CHECK(has(with(bpf), "- the capability CAP_NET_ADMIN"));
    CHECK(has(with(net), "- the capability CAP_BPF"));
    CHECK_FALSE(has(with(net), "- the capability CAP_NET_ADMIN"));
    CHECK(has(with(bpf | net), "- the capability CAP_PERFMON"));
    CHECK(has(with(bpf | net), "hint: root lacks it here"));
    CHECK_FALSE(has(with(bpf | net), "- the capability CAP_BPF"));
    CHECK_FALSE(has(with(perfmon), "- the capability CAP_PERFMON"));
    CHECK(test::child{[&](auto const &say) {
              keep_only(bpf | net | perfmon);
              require_bpf({feature::btf, feature::ring_buffer, feature::xdp_link});
              say("enough");
          }}.read() == "enough");
}

TEST_CASE("a capability counts where it is in effect") {
    if (geteuid() != 0) return;
    CHECK(test::child{[](auto const &say) {
              auto header = __user_cap_header_struct{_LINUX_CAPABILITY_VERSION_3, 0};
              __user_cap_data_struct sets[2] = {};
              sets[0].permitted = 1u << CAP_NET_ADMIN | 1u << CAP_NET_RAW;
              sets[0].effective = 1u << CAP_NET_RAW;
              if (syscall(SYS_capset, &header, sets) != 0) throw std::runtime_error{"capset"};
              say(std::string{has_capability(CAP_NET_ADMIN) ? "admin " : ""} +
                  (has_capability(CAP_NET_RAW) ? "raw" : ""));
          }}.read() == "raw");
}

TEST_CASE("a sandbox that hides bpf() is told apart from missing rights") {
    if (test::cannot_load() || geteuid() != 0) return;
    auto const behind = [](u32 code) {
        return test::child{[&](auto const &say) {
                   refuse_bpf(code);
                   say(missing());
               }}
            .read();
    };
    CHECK(has(behind(EPERM), "- the kernel's permission: this process holds the capabilities"));
    CHECK(has(behind(ENOSYS), "- bpf(): this kernel was built without CONFIG_BPF_SYSCALL"));
    CHECK(has(behind(E2BIG), "- XDP: the kernel refuses the smallest program: Argument list too long"));
}
