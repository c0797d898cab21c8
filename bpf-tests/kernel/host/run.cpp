// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#define BPFXX_OBJECT "run" // as the build does for a program that is linked in
#include "run.bpf.cpp"
#include <bpfxx/kernel/host/run.hpp>
#include <cerrno>
#include <support/both.hpp>
#include <sys/wait.h>
#include <unistd.h>

using test::both;

namespace {
/// What is thrown says what is there.
template <class F> auto complaint(F const &f) -> std::string {
    try {
        f();
    } catch (std::exception const &e) {
        return e.what();
    }
    return "nothing";
}
auto reads_behind(xdp::context *context) -> int { return *context->data_end; }
} // namespace

TEST_CASE("a run has a copy of the bytes") {
    std::vector<u8> const bytes(20, 0xaa);
    auto const a = host::run(stamp, bytes);
    CHECK(a.verdict == xdp::tx);
    CHECK(a.bytes.size() == 20);
    CHECK(a.bytes[12] == 0xbe);
    CHECK(a.bytes[13] == 0xef);
    CHECK(bytes[12] == 0xaa);
    for (std::size_t skew = 0; skew < 16; skew++) {
        auto const b = host::run(stamp, bytes, skew);
        CHECK(b.verdict == a.verdict);
        CHECK(b.bytes == a.bytes);
    }
    CHECK(host::run(stamp, {}).verdict == xdp::pass);
    CHECK(host::run(stamp, {}).bytes.empty());
    CHECK(host::run(measure, std::vector<u8>(100'000)).verdict == xdp::pass); // longer than any frame
}

#if defined(__SANITIZE_ADDRESS__)
TEST_CASE("the first byte behind a packet is caught") {
    for (std::size_t skew : {0u, 1u, 7u}) {
        auto const child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            close(2); // the sanitizer's report is what is wanted, but not seen
            host::run(reads_behind, std::vector<u8>(14), skew);
            _exit(0);
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(!(WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
}
#endif

TEST_CASE("an object is found by its name, and all in it by theirs") {
    host::object object{"run"};
    object.reset();
    auto *const program = object.program<xdp::context>("measure");
    CHECK(program == &measure);
    object.config<wishes>("wanted") = {15, 0};
    auto total = object.map<total_spec>("total");
    auto sizes = object.map<sizes_spec>("sizes");

    CHECK(host::run(program, std::vector<u8>(14)).verdict == xdp::drop);
    for (std::size_t size : {15u, 15u, 16u}) CHECK(host::run(program, std::vector<u8>(size)).verdict == xdp::pass);
    CHECK(total.lookup(0) == 3);
    CHECK(total.lookup(1) == std::nullopt);
    CHECK(sizes.lookup(15) == 2);
    CHECK(sizes.lookup(16) == 1);
    CHECK(sizes.lookup(14) == std::nullopt);
    std::map<u32, u64> all;
    sizes.for_each([&](u32 size, u64 count) { all[size] = count; });
    CHECK(all == std::map<u32, u64>{{15, 2}, {16, 1}});
    CHECK(sizes.update(15, 9) == 0);
    CHECK(host::run(program, std::vector<u8>(15)).verdict == xdp::pass);
    CHECK(sizes.lookup(15) == 10);
    CHECK(sizes.erase(15));
    CHECK_FALSE(sizes.erase(15));
    u64 visited = 0;
    total.for_each([&](u32 index, u64 count) { visited += index + count; });
    CHECK(visited == 4);

    std::vector<u32> records;
    auto const keep = [&](std::span<u8 const> r) {
        REQUIRE(r.size() == 4);
        records.push_back(load<u32>(r.data()));
    };
    CHECK(object.consume("events", keep) == 4);
    CHECK(records == std::vector<u32>{15, 15, 16, 15});
    CHECK(object.consume("events", keep) == 0);

    object.set_capacity("sizes", 2); // which empties it
    CHECK(sizes.lookup(16) == std::nullopt);
    CHECK(sizes.update(1, 1) == 0);
    CHECK(sizes.update(2, 1) == 0);
    CHECK(sizes.update(3, 1) == -E2BIG);
    object.set_capacity("sizes", sizes_spec::capacity);
    CHECK(sizes.update(1, 1) == 0);
    CHECK(sizes.update(2, 1) == 0);
    CHECK(sizes.update(3, 1) == 0);
    CHECK(complaint([&] { object.set_capacity("nothing", 1); }).find("no map 'nothing'") != std::string::npos);

    object.reset();
    CHECK(total.lookup(0) == 0);
    CHECK(sizes.lookup(16) == std::nullopt);
    object.config<wishes>("wanted") = {};
}

TEST_CASE("what is not there is named, with what is") {
    host::object object{"run"};
    CHECK(complaint([] { host::object{"other"}; }) == "no object 'other' is compiled in");
    CHECK(complaint([&] { object.program<xdp::context>("nothing"); }) ==
          "object 'run' has no program 'nothing'; it has: measure, stamp");
    CHECK(complaint([&] { object.map<total_spec>("nothing"); }) ==
          "object 'run' has no map 'nothing'; it has: events, seen, sizes, total");
    CHECK(complaint([&] { object.config<wishes>("nothing"); }) ==
          "object 'run' has no setting 'nothing'; it has: wanted");
    CHECK(complaint([&] { object.consume("nothing", [](auto const &) {}); }).find("no map 'nothing'") !=
          std::string::npos);
    CHECK(complaint([&] { object.program<int>("stamp"); }).find("'stamp' is for xdp") != std::string::npos);
    CHECK(complaint([&] { object.map<sizes_spec>("total"); }).find("'total' is of another kind or size") !=
          std::string::npos);
    CHECK(complaint([&] { object.map<spec::hash<u32, u32, 8>>("sizes"); }).find("'sizes'") != std::string::npos);
    CHECK(complaint([&] { object.config<u32>("wanted"); }).find("'wanted' is of another size") != std::string::npos);
}

TEST_CASE("and the kernel does the same with this object") {
    both run{measure}, writer{stamp};
    run.set("wanted", wishes{20, 0});
    for (std::size_t size : {14u, 19u, 20u, 20u, 60u}) run.step(std::vector<u8>(size));
    run.each_kernel_map("sizes", [&](int fd) {
        u32 const twenty = 20, fourteen = 14;
        u64 count = 0;
        CHECK(bpf_map_lookup_elem(fd, &twenty, &count) == 0);
        CHECK(count == 2);
        CHECK(bpf_map_lookup_elem(fd, &fourteen, &count) == -ENOENT);
    });
    CHECK(host::object{"run"}.map<sizes_spec>("sizes").lookup(20) == 2);
    writer.sweep(std::vector<u8>(20), [](std::size_t length, test::answer const &a) {
        return a.verdict == (length < 14 ? xdp::pass : xdp::tx);
    });
}
