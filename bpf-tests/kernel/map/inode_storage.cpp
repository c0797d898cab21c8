// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// LSM programs need CONFIG_BPF_LSM, `bpf` among the lsm= of the kernel's command line, and a kernel that is not locked
/// down against them. The map itself is made everywhere.
#include <bpfxx/user/link.hpp>
#include <fcntl.h>
#include <fstream>
#include <support/each_object.hpp>

using namespace bpfxx;

struct made {
    u64 files;
};
using inodes_spec = spec::inode_storage<made>;

namespace {
auto runs_lsm() -> bool {
    auto const log = user::libbpf_log{};
    std::ifstream list{"/sys/kernel/security/lsm"};
    std::string all;
    std::getline(list, all);
    return all.find("bpf") != all.npos && libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_LSM, nullptr) == 1;
}
} // namespace

TEST_CASE("a value for each inode") {
    test::each_object([](user::object &object) {
        object.load(); // without its program
        auto const inodes = object.map<inodes_spec>("inodes");
        CHECK(inodes.name() == "inodes");
    });
    if (!runs_lsm()) {
        WARN("SKIPPED: this kernel runs no LSM programs");
        return;
    }
    test::each_object([](user::object &object) {
        object.program("count_files").set_autoload(true);
        object.load();
        auto const inodes = object.map<inodes_spec>("inodes");
        auto const link = user::attach(object.program("count_files"));
        test::scratch_folder const here;
        auto const fd = user::descriptor{open((here / ".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        CHECK_FALSE(inodes.lookup(fd.get()));
        for (auto const *name : {"a", "b", "c"}) std::ofstream{here / name} << name;
        CHECK(inodes.lookup(fd.get())->files == 3);
        CHECK(inodes.update(fd.get(), {10}));
        std::ofstream{here / "d"} << 'd';
        CHECK(inodes.lookup(fd.get())->files == 11);
        CHECK(inodes.erase(fd.get()));
    });
}
