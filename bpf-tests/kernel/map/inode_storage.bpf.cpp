// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts how often each inode of a directory is made a file: of LSM programs.
#include <bpfxx/kernel/map/inode_storage.hpp>
#include <bpfxx/kernel/platform.hpp>

using namespace bpfxx;

struct made {
    u64 files;
};
using inodes_spec = spec::inode_storage<made>;
BPFXX_MAP(inodes, inodes_spec);

BPFXX_PROGRAM("?lsm/inode_create", count_files, u64 *args) {
    inodes.get(reinterpret_cast<void *>(args[0]), {0}).then([](made &m) BPFXX_LAMBDA { ++m.files; });
    return 0;
}
BPFXX_LICENSE("GPL");
