// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/capture_reader.hpp>
#include <fcntl.h>
#include <iterator>
#include <random>
#include <type_traits>
#include <user/capture_bytes.hpp>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <vector>

using namespace bpfxx;
using namespace bpfxx::user;
using namespace std::chrono_literals;
using test::capture_bytes;
using test::failure_of;
using test::has;
using test::write_file;

static_assert(!std::is_copy_constructible_v<capture_reader> && std::is_nothrow_move_constructible_v<capture_reader>);
static_assert(std::input_iterator<capture_reader::iterator>);

namespace {
constexpr u32 microseconds = 0xa1b2c3d4, nanoseconds = 0xa1b23c4d;
auto const first = std::string(60, 'a');
auto const second = std::string(14, 'b');

struct outcome {
    u64 packets = 0;
    std::string failure;
};
auto read_all(std::string const &path) -> outcome {
    auto result = outcome{};
    try {
        auto reader = capture_reader{path};
        for (auto const &packet : reader) {
            CHECK(packet.number == ++result.packets);
            auto sum = 0u; // touches every byte, so that a sanitizer sees it
            for (auto const b : packet.bytes) sum += std::to_integer<unsigned>(b);
            CHECK(sum < 1u << 30);
        }
    } catch (error const &e) {
        result.failure = e.what();
        CHECK_FALSE(result.failure.empty());
    }
    return result;
}
} // namespace

TEST_CASE("packets come with number, time, bytes and original length") {
    auto const big = GENERATE(false, true);
    auto const folder = test::scratch_folder{};
    auto files = std::vector<std::pair<std::string, std::chrono::nanoseconds>>{};
    auto const add = [&](char const *name, capture_bytes const &bytes, std::chrono::nanoseconds unit) {
        files.emplace_back(write_file(folder / name, bytes.bytes()), unit);
    };
    add("us.pcap",
        capture_bytes{big}
            .pcap(microseconds)
            .record(1'700'000'000, 7, first, 60)
            .record(1'700'000'001, 999'999, second, 1500),
        1us);
    add("ns.pcap",
        capture_bytes{big}
            .pcap(nanoseconds)
            .record(1'700'000'000, 7, first, 60)
            .record(1'700'000'001, 999'999, second, 1500),
        1ns);
    auto const ng = [&](u8 resolution, u64 per_second) {
        return capture_bytes{big}
            .pcapng()
            .interface(1, 65535, resolution)
            .enhanced(0, 1'700'000'000 * per_second + 7, first, 60)
            .block(0xbad, capture_bytes{big}.put(0, 8)) // an unknown block is skipped
            .enhanced(0, 1'700'000'001 * per_second + 999'999, second, 1500);
    };
    add("us.pcapng", ng(6, 1'000'000), 1us);
    add("ns.pcapng", ng(9, 1'000'000'000), 1ns);
    for (auto const &[path, unit] : files) {
        INFO(path);
        auto reader = capture_reader{path};
        CHECK(reader.name() == path);
        auto const a = reader.next();
        REQUIRE(a);
        CHECK(a->number == 1);
        CHECK(a->time == 1'700'000'000s + 7 * unit);
        CHECK(a->bytes.size() == 60);
        CHECK(a->bytes[59] == std::byte{'a'});
        CHECK(a->original_length == 60);
        auto const b = reader.next();
        REQUIRE(b);
        CHECK(b->number == 2);
        CHECK(b->time == 1'700'000'001s + 999'999 * unit);
        CHECK(b->bytes.size() == 14);
        CHECK(b->original_length == 1500);
        CHECK_FALSE(reader.next());
        CHECK_FALSE(reader.next());
    }
}

TEST_CASE("a capture without packets is no error") {
    auto const folder = test::scratch_folder{};
    CHECK(read_all(write_file(folder / "a.pcap", capture_bytes{}.pcap(microseconds).bytes())).failure.empty());
    auto const ng = read_all(write_file(folder / "a.pcapng", capture_bytes{}.pcapng().interface().bytes()));
    CHECK(ng.failure.empty());
    CHECK(ng.packets == 0);
}

TEST_CASE("a file cut anywhere gives the packets before the cut, then an error with file and packet") {
    auto const folder = test::scratch_folder{};
    auto const path = folder / "cut.pcap";
    auto file = capture_bytes{};
    auto ends = std::vector<std::size_t>{file.pcap(microseconds).size()};
    for (auto const &data : {first, second, first}) ends.push_back(file.record(1, 2, data, 60).size());
    for (std::size_t size = 0; size <= file.size(); size++) {
        auto const result = read_all(write_file(path, file.bytes().substr(0, size)));
        auto whole = u64{0};
        auto at_end = false;
        for (std::size_t i = 0; i < ends.size(); i++) {
            if (size >= ends[i]) whole = i;
            at_end = at_end || size == ends[i];
        }
        INFO("cut to " << size << " bytes: " << result.failure);
        CHECK(result.packets == whole);
        CHECK(result.failure.empty() == at_end);
        if (size < ends[0])
            CHECK(has(result.failure, "cannot open capture " + path));
        else if (!at_end)
            CHECK(
                has(result.failure, "cannot read packet " + std::to_string(whole + 1) + " of " + path + ": truncated"));
    }
}

TEST_CASE("the same for pcapng") {
    auto const folder = test::scratch_folder{};
    auto const path = folder / "cut.pcapng";
    auto file = capture_bytes{};
    auto const head = file.pcapng().interface().size();
    auto ends = std::vector<std::size_t>{head};
    for (auto const &data : {first, second, first}) ends.push_back(file.enhanced(0, 2, data, 60).size());
    for (auto size = head; size <= file.size(); size++) {
        auto const result = read_all(write_file(path, file.bytes().substr(0, size)));
        auto whole = u64{0};
        for (std::size_t i = 0; i < ends.size(); i++)
            if (size >= ends[i]) whole = i;
        INFO("cut to " << size << " bytes: " << result.failure);
        CHECK(result.packets == whole);
        CHECK(result.failure.empty() == (size == ends[whole]));
    }
}

TEST_CASE("corrupt bytes end in packets or in an error, never worse") {
    auto const folder = test::scratch_folder{};
    auto const path = folder / "corrupt";
    auto const files = {
        capture_bytes{}.pcap(nanoseconds).record(1, 2, first, 60).record(3, 4, second, 14).bytes(),
        capture_bytes{}.pcapng().interface().enhanced(0, 2, first, 60).enhanced(0, 3, second, 14).bytes(),
        capture_bytes{true}.pcapng().interface(1, 0, 9).enhanced(0, 2, first, 60).bytes(),
    };
    auto random = std::mt19937{7};
    for (auto const &file : files) {
        for (auto round = 0; round < 1500; round++) {
            auto bytes = file;
            for (auto changes = 1 + random() % 4; changes > 0; changes--)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            read_all(write_file(path, bytes));
        }
    }
}

TEST_CASE("a time beyond all bounds is an error, not an overflow") {
    auto const folder = test::scratch_folder{};
    auto const path = write_file(folder / "far.pcapng", capture_bytes{}
                                                            .pcapng()
                                                            .interface(1, 65535, 0)
                                                            .enhanced(0, 5, first, 60)
                                                            .enhanced(0, ~0ull >> 1, first, 60)
                                                            .bytes());
    auto const result = read_all(path);
    CHECK(result.packets == 1);
    CHECK(has(result.failure,
              "cannot read packet 2 of " + path + ": its time, second 9223372036854775807, is out of range"));
}

TEST_CASE("a time before 1970 is one, as far as it can be counted") {
    auto const folder = test::scratch_folder{};
    auto const at = [&](u64 seconds) {
        return write_file(folder / "early.pcapng",
                          capture_bytes{}.pcapng().interface(1, 65535, 0).enhanced(0, seconds, first, 60).bytes());
    };
    CHECK(capture_reader{at(~0ull - 4)}.next()->time == -5s);
    CHECK(has(read_all(at(1ull << 63)).failure, "its time, second -9223372036854775808, is out of range"));
    // In a pcap file seconds have no sign: these are of the year 2106.
    auto const late =
        write_file(folder / "late.pcap", capture_bytes{}.pcap(microseconds).record(~0u, 1, first, 60).bytes());
    CHECK(capture_reader{late}.next()->time == 4'294'967'295s + 1us);
}

TEST_CASE("a length that cannot be is an error with the packet's number") {
    auto const folder = test::scratch_folder{};
    auto const path = write_file(
        folder / "long.pcap",
        capture_bytes{}.pcap(microseconds).record(1, 2, first, 60).u32s(3, 4).u32s(0x7fffffff, 0x7fffffff).bytes());
    auto const result = read_all(path);
    CHECK(result.packets == 1);
    CHECK(has(result.failure, "cannot read packet 2 of " + path + ": "));
}

TEST_CASE("link types other than Ethernet are refused by name") {
    auto const folder = test::scratch_folder{};
    auto const path = write_file(folder / "any.pcap", capture_bytes{}.pcap(microseconds, 113).bytes());
    auto const e = failure_of([&] { capture_reader{path}; });
    CHECK(has(e.what(),
              "cannot use capture " + path + ": its link type is LINUX_SLL (113, Linux cooked v1), not Ethernet"));
    CHECK(has(e.what(), "hint: "));
    CHECK(capture_reader{path, {1, 113}}.link_type() == 113);
    CHECK(capture_reader{path, {113, 1}}.next() == std::nullopt);
    CHECK(has(failure_of([&] { capture_reader{path, {1, 101}}; }).what(), "which is not understood"));
    auto const unknown = write_file(folder / "unknown.pcap", capture_bytes{}.pcap(microseconds, 9999).bytes());
    CHECK(has(failure_of([&] { capture_reader{unknown}; }).what(), "9999"));
}

TEST_CASE("pcapng interfaces that differ are refused where they appear") {
    auto const folder = test::scratch_folder{};
    auto const path = write_file(folder / "two.pcapng", capture_bytes{}
                                                            .pcapng()
                                                            .interface()
                                                            .enhanced(0, 1, first, 60)
                                                            .interface(113)
                                                            .enhanced(1, 2, first, 60)
                                                            .bytes());
    auto const result = read_all(path);
    CHECK(result.packets == 1);
    CHECK(has(result.failure, "cannot read packet 2 of " + path));
    CHECK(has(result.failure, "its interfaces have several link types"));
    auto const cut =
        write_file(folder / "cut.pcapng",
                   capture_bytes{}.pcapng().interface(1, 65535).interface(1, 96).enhanced(0, 1, first, 60).bytes());
    CHECK(has(read_all(cut).failure, "its interfaces were captured in different ways: editcap -F pcap"));
}

TEST_CASE("what is no capture is an error with its path") {
    auto const folder = test::scratch_folder{};
    auto const missing = failure_of([&] { capture_reader{folder / "none.pcap"}; });
    CHECK(std::string{missing.what()} ==
          "cannot open capture " + (folder / "none.pcap") + ": No such file or directory");
    auto const text = write_file(folder / "text", "Every capture starts with a number, and this does not.");
    auto const other = failure_of([&] { capture_reader{text}; });
    CHECK(has(other.what(), "cannot open capture " + text + ": unknown file format"));
    CHECK(has(other.what(), "hint: it takes pcap and pcapng"));
    CHECK(has(failure_of([&] { capture_reader{write_file(folder / "empty", "")}; }).what(), "truncated"));
    CHECK(has(failure_of([&] { capture_reader{folder / "."}; }).what(), "cannot open capture"));
}

TEST_CASE("- is standard input") {
    auto const folder = test::scratch_folder{};
    auto const read_stdin = [&](std::string const &path) {
        return test::child{[&](auto const &say) {
                   dup2(open(path.c_str(), O_RDONLY), STDIN_FILENO);
                   auto reader = capture_reader{"-"};
                   for (auto const &packet : reader) say(std::to_string(packet.number) + " of " + reader.name() + "\n");
               }}
            .read();
    };
    auto const whole = capture_bytes{}.pcap(microseconds).record(1, 2, first, 60).record(3, 4, second, 14).bytes();
    CHECK(read_stdin(write_file(folder / "a.pcap", whole)) == "1 of standard input\n2 of standard input\n");
    CHECK(has(read_stdin(write_file(folder / "b.pcap", whole.substr(0, whole.size() - 1))),
              "1 of standard input\ncannot read packet 2 of standard input: truncated"));
}
