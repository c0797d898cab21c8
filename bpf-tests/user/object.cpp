// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/test_run.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <support/objects.hpp>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <vector>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

// By the names that they have in object.bpf.cpp: names are compared.
struct flow_key {
    u32 address;
    u16 port, zero;
};
struct flow {
    u64 packets, bytes;
};
struct stream {
    u64 packets, bytes;
};

namespace {
auto objects() -> std::vector<std::string> {
    auto result = test::object_files();
    REQUIRE_FALSE(result.empty());
    return result;
}
auto bytes_of(std::string const &path) -> std::string {
    auto file = std::ifstream{path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}
auto open_bytes(std::string const &bytes, std::string const &name = "in_memory") -> object {
    return object::open(std::as_bytes(std::span{bytes}), name);
}
auto replaced(std::string text, std::string_view from, std::string_view to) -> std::string {
    auto count = 0;
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + 1), count++)
        text.replace(at, from.size(), to);
    REQUIRE(count > 0);
    return text;
}
auto set(object const &o, std::size_t offset, u32 value, std::size_t size) -> void {
    auto room = std::size_t{0};
    auto *const data = bpf_map__initial_value(bpf_object__find_map_by_name(o.handle(), ".rodata"), &room);
    REQUIRE(offset + size <= room);
    std::memcpy(static_cast<char *>(const_cast<void *>(data)) + offset, &value, size);
}
} // namespace

TEST_CASE("an object is opened, loaded and run, by path and from memory") {
    if (test::cannot_load()) return;
    for (auto const &path : objects()) {
        INFO(path);
        auto const bytes = bytes_of(path);
        for (auto const from_memory : {false, true}) {
            auto o = from_memory ? open_bytes(bytes) : object::open(path);
            CHECK(o.name() == (from_memory ? "in_memory" : path));
            CHECK(o.program("count_packet").name() == "count_packet");
            CHECK(o.program("count_packet").type() == BPF_PROG_TYPE_XDP);
            CHECK_FALSE(o.program("count_packet").is_loaded());
            o.load();
            CHECK(o.warnings().empty());
            auto const totals = o.map<spec::per_cpu_array<flow, 2>>("totals");
            auto const packet = std::vector<std::byte>(60);
            CHECK(test_run(o.program("count_packet"), packet).verdict == XDP_PASS);
            CHECK(test_run(o.program("drop_packet"), packet).verdict == XDP_DROP);
            CHECK(totals.sum(1).packets == 1);
            CHECK(totals.sum(1).bytes == 60);
            CHECK(o.program("count_packet").info().xlated > 10);
            CHECK(o.map<spec::ring_buffer<4096>>("events").capacity() == 4096);
        }
    }
}

TEST_CASE("settings and variables go by their names") {
    if (test::cannot_load()) return;
    for (auto const &path : objects()) {
        INFO(path);
        auto o = object::open(path);
        CHECK(o.config<u32>("verdict") == XDP_PASS);
        CHECK(has(failure_of([&] { o.global<flow>("last"); }).what(), "variable 'last' does not exist yet"));
        o.config<u32>("verdict") = XDP_TX;
        o.config<flow>("last").packets = 9;
        o.load();
        CHECK(has(failure_of([&] { o.config<u32>("verdict") = XDP_DROP; }).what(), "is loaded already"));
        CHECK(test_run(o.program("keep_last"), std::vector<std::byte>(60)).verdict == XDP_TX);
        CHECK(o.global<flow>("last").packets == 10);
        CHECK(o.global<flow>("last").bytes == 60);
        CHECK(o.global<u32>("verdict") == XDP_TX);
        CHECK(o.global<u8>("careless") == 0); // behind it
    }
    auto const o = object::open(objects().front());
    auto const missing = failure_of([&] { o.config<u32>("verdikt"); });
    CHECK(missing.code() == ENOENT);
    CHECK(has(missing.what(), "no variable 'verdikt' in " + o.name()));
    CHECK(has(missing.what(), "its variables are "));
    CHECK(has(missing.what(), "verdict"));
    auto const wide = failure_of([&] { o.config<u64>("verdict"); });
    CHECK(has(wide.what(), "variable 'verdict' of " + o.name() + " is 4 bytes, and not "));
    CHECK(has(wide.what(), " (8 bytes)"));
    CHECK(has(failure_of([&] { o.config<stream>("last"); }).what(), " is flow, and not stream (16 bytes)"));
}

TEST_CASE("maps outlive the object") {
    if (test::cannot_load()) return;
    auto const flows = [] {
        auto o = object::open(objects().front());
        o.load();
        return o.map<spec::hash<flow_key, flow, 16>>("flows");
    }();
    CHECK(flows.update({1, 2, 0}, {3, 4}));
    CHECK(flows.lookup({1, 2, 0})->bytes == 4);
}

TEST_CASE("flags and the choice of programs count until load()") {
    if (test::cannot_load()) return;
    auto o = object::open(objects().front());
    auto const frags = has(feature::xdp_frags);
    auto const p = o.program("count_packet");
    p.set_flags(BPF_F_STRICT_ALIGNMENT);
    if (frags) p.set_flags(BPF_F_XDP_HAS_FRAGS);
    CHECK(bpf_program__flags(p.handle()) == (BPF_F_STRICT_ALIGNMENT | (frags ? BPF_F_XDP_HAS_FRAGS : 0)));
    o.program("drop_packet").set_autoload(false);
    o.load();
    auto const large = std::vector<std::byte>(9000);
    if (frags) CHECK(test_run(o.program("count_packet"), large).verdict == XDP_PASS);
    CHECK_FALSE(o.program("drop_packet").is_loaded());
    auto const e = failure_of([&] { o.program("drop_packet").fd(); });
    CHECK(has(e.what(), "program 'drop_packet' is not loaded"));
    CHECK(has(failure_of([&] { o.program("count_packet").set_flags(1); }).what(), "loaded already"));
}

TEST_CASE("a file that is missing, or is no object, is an error with its path") {
    auto const missing = failure_of([] { object::open("/does/not/exist.bpf.o"); });
    CHECK(missing.code() == ENOENT);
    CHECK(has(missing.what(), "cannot open /does/not/exist.bpf.o: No such file or directory"));

    auto const folder = test::scratch_folder{};
    std::ofstream{folder / "text.o"}
        << "this is not an object, and long enough to be looked at by a reader of ELF files";
    auto const text = failure_of([&] { object::open(folder / "text.o"); });
    CHECK(has(text.what(), "text.o"));
    CHECK(has(text.what(), "clang -target bpf"));
    CHECK_THROWS_AS(open_bytes("short"), error);
    CHECK_THROWS_AS(open_bytes(""), error);
    auto const own = failure_of([] { object::open("/proc/self/exe"); });
    CHECK(has(own.what(), "cannot open /proc/self/exe"));
}

TEST_CASE("every truncation of an object is refused or opened, never worse") {
    auto const bytes = bytes_of(objects().front());
    for (std::size_t size = 0; size < bytes.size(); size += 97) {
        try {
            open_bytes(bytes.substr(0, size));
        } catch (error const &e) {
            CHECK(has(e.what(), "cannot open in_memory"));
        }
    }
}

TEST_CASE("a wrong name is answered with the right ones") {
    auto const o = object::open(objects().front());
    auto const program = failure_of([&] { o.program("cuont_packet"); });
    CHECK(program.code() == ENOENT);
    CHECK(has(program.what(), "no program 'cuont_packet' in " + o.name()));
    CHECK(has(program.what(), "its programs are count_packet, drop_packet"));
    auto const map = failure_of([&] { o.map<spec::hash<flow_key, flow, 16>>("flow"); });
    CHECK(has(map.what(), "no map 'flow' in " + o.name()));
    CHECK(has(map.what(), "flows, totals, events"));
    auto const early = failure_of([&] { o.map<spec::hash<flow_key, flow, 16>>("flows"); });
    CHECK(has(early.what(), "map 'flows' does not exist yet"));
    CHECK(has(early.what(), "call load() first"));
}

TEST_CASE("a map of another type is refused, by size and by name") {
    if (test::cannot_load()) return;
    auto o = object::open(objects().front());
    o.load();
    auto const size = failure_of([&] { o.map<spec::hash<flow_key, u32, 16>>("flows"); });
    CHECK(has(size.what(),
              "map 'flows' is not what its spec says: a value of 16 bytes in the kernel, 4 (unsigned int) here"));
    auto const name = failure_of([&] { o.map<spec::hash<flow_key, stream, 16>>("flows"); });
    CHECK(has(name.what(), "a value is flow in the kernel, stream here"));
    auto const kind = failure_of([&] { o.map<spec::array<flow, 16>>("flows"); });
    CHECK(has(kind.what(), "kind hash in the kernel, kind array here"));
}

TEST_CASE("what the verifier refuses is an error with the end of its log and the source line") {
    if (test::cannot_load()) return;
    for (auto const &path : objects()) {
        auto o = object::open(path);
        set(o, 4, 1, 1); // careless
        auto const e = failure_of([&] { o.load(); });
        INFO(e.what());
        CHECK(e.code() == EACCES);
        CHECK(has(e.what(), "cannot load " + path + ": Permission denied"));
        CHECK(has(e.log(), "prog 'count_packet': BPF program load failed"));
        CHECK(has(e.log(), "; if (careless) return begin[20]; // the verifier refuses this line"));
        CHECK(has(e.log(), " offset is outside of the packet"));
        CHECK_FALSE(has(e.log(), "processed "));
    }
}

TEST_CASE("refused BTF is a failure, though libbpf goes on without it") {
    if (test::cannot_load()) return;
    for (auto const &path : objects()) {
        auto o = open_bytes(replaced(bytes_of(path), "flow_key", "flow key"));
        auto const e = failure_of([&] { o.load(); });
        INFO(e.what());
        CHECK(has(e.what(), "cannot load in_memory: the kernel refuses its BTF"));
        CHECK(has(e.log(), "STRUCT flow key size=8 vlen=3 Invalid name"));
    }
}

TEST_CASE("what libbpf says of an object that it takes is kept") {
    if (test::cannot_load()) return;
    for (auto const &path : objects()) {
        auto o = open_bytes(replaced(bytes_of(path), ".BTF.ext", ".FTB.ext"));
        CHECK(has(o.warnings(), ".FTB.ext")); // that it passes over
        auto const before = o.warnings();
        o.load();
        CHECK(o.warnings().starts_with(before));
    }
}

TEST_CASE("an object without BTF says how to compile it") {
    auto const path = objects().front();
    auto const e = failure_of([&] { open_bytes(replaced(bytes_of(path), ".BTF", ".XXX")); });
    INFO(e.what());
    CHECK(has(e.what(), "compile it with -g"));
}

TEST_CASE("without rights nothing loads, and the error says what is needed") {
    if (test::cannot_load() || geteuid() != 0) return;
    auto const bytes = bytes_of(objects().front());
    auto const said = test::said_by_nobody([&](auto const &say) {
        auto o = open_bytes(bytes);
        say(failure_of([&] { o.load(); }).what());
    });
    INFO(said);
    CHECK(has(said, "cannot load in_memory: Operation not permitted"));
    CHECK(has(said, "hint: run it as root, or give it CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN"));
}
