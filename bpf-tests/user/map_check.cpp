// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpf/btf.h>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/options.hpp>
#include <memory>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

namespace inside = bpfxx::user::detail;
using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

namespace map_check_test {
struct flow {
    u64 packets;
};
struct stream {
    u64 packets;
};
enum class state : u32 {};
enum class phase : u32 {};
} // namespace map_check_test
using namespace map_check_test;

namespace {
/// A hash whose BTF says: key is an enum state, value a struct flow behind a typedef.
auto typed_map() -> descriptor {
    auto types = std::unique_ptr<btf, inside::btf_free>{btf__new_empty()};
    auto const u64_id = btf__add_int(types.get(), "u64", 8, 0);
    auto const key = btf__add_enum(types.get(), "state", 4);
    btf__add_enum_value(types.get(), "start", 0);
    auto const flow_id = btf__add_struct(types.get(), "flow", 8);
    btf__add_field(types.get(), "packets", u64_id, 0, 0);
    auto const value = btf__add_typedef(types.get(), "flow_t", flow_id);
    REQUIRE(btf__load_into_kernel(types.get()) == 0);
    auto o = options<bpf_map_create_opts>{};
    o.btf_fd = static_cast<u32>(btf__fd(types.get()));
    o.btf_key_type_id = static_cast<u32>(key);
    o.btf_value_type_id = static_cast<u32>(value);
    return descriptor{check(bpf_map_create(BPF_MAP_TYPE_HASH, "typed", 4, 8, 4, &o))};
}
} // namespace

TEST_CASE("a map of another shape is refused, with both shapes named") {
    if (test::cannot_load()) return;
    auto const hash = test::make_map(BPF_MAP_TYPE_HASH, 4, 8, 16, "flows");
    auto const kind = failure_of([&] { map<spec::array<u64, 16>>{hash.get()}; });
    CHECK(has(kind.what(), "map 'flows' is not what its spec says: kind hash in the kernel, kind array here"));
    CHECK(has(kind.what(), "rebuild"));
    auto const key = failure_of([&] { map<spec::hash<u8, u64, 16>>{hash.get()}; });
    CHECK(has(key.what(), "a key of 4 bytes in the kernel, 1 (unsigned char) here"));
    auto const value = failure_of([&] { map<spec::hash<u32, u32, 16>>{hash.get()}; });
    CHECK(has(value.what(), "a value of 8 bytes in the kernel, 4 (unsigned int) here"));
    auto const ring = failure_of([&] { map<spec::ring_buffer<4096>>{hash.get()}; });
    CHECK(has(ring.what(), "kind hash in the kernel, kind ringbuf here"));
    CHECK(failure_of([] { map<spec::array<u64, 16>>{-1}; }).code() == EBADF);
}

TEST_CASE("a map is as large as its maker wanted") {
    if (test::cannot_load()) return;
    auto const fd = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 3);
    CHECK(map<spec::array<u64, 16>>{fd.get()}.capacity() == 3);
}

TEST_CASE("types of the same size and another name are refused") {
    if (test::cannot_load()) return;
    auto const fd = typed_map();
    CHECK(map<spec::hash<state, flow, 4>>{fd.get()}.name() == "typed");
    CHECK_NOTHROW(map<spec::hash<u32, u64, 4>>{fd.get()}); // a number has no name to differ in
    auto const value = failure_of([&] { map<spec::hash<state, stream, 4>>{fd.get()}; });
    CHECK(has(value.what(), "a value is flow in the kernel, map_check_test::stream here"));
    auto const name = failure_of([&] { map<spec::hash<phase, flow, 4>>{fd.get()}; });
    CHECK(has(name.what(), "a key is state in the kernel, map_check_test::phase here"));
    auto const key = failure_of([&] { map<spec::hash<update_mode, flow, 4>>{fd.get()}; });
    CHECK(has(key.what(), "a key of 4 bytes in the kernel, 8"));
}
