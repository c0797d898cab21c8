// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/capture_writer.hpp>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/stat.h>
#include <type_traits>
#include <user/capture_bytes.hpp>
#include <user/child.hpp>
#include <user/expect.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using namespace std::chrono_literals;
using test::failure_of;
using test::has;
using test::read_file;
using test::write_file;

static_assert(!std::is_copy_constructible_v<capture_writer> && std::is_nothrow_move_constructible_v<capture_writer>);

namespace {
auto const data = std::string(60, 'a');
auto packet(std::chrono::nanoseconds time = 1'700'000'000s + 123'456'789ns, u32 length = 1500) -> captured_packet {
    return {.number = 1, .time = time, .original_length = length, .bytes = std::as_bytes(std::span{data})};
}
auto mode_of(std::string const &path) -> mode_t {
    struct stat s {};
    REQUIRE(stat(path.c_str(), &s) == 0);
    return s.st_mode & 0777;
}
} // namespace

TEST_CASE("the file holds each packet's bytes, time and original length") {
    auto const folder = test::scratch_folder{};
    auto writer = capture_writer{folder / "out.pcap"};
    writer.write(packet());
    writer.write(packet(0ns, 60));
    writer.close();
    writer.close();
    auto expected = test::capture_bytes{__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
    expected.put(0xa1b23c4d, 4).u16s(2, 4).u32s(0, 0).u32s(262144, 1);
    expected.record(1'700'000'000, 123'456'789, data, 1500).record(0, 0, data, 60);
    CHECK(read_file(folder / "out.pcap") == expected.bytes());
    CHECK(folder.count() == 1);
}

TEST_CASE("what was read and written reads the same") {
    auto const folder = test::scratch_folder{};
    auto writer = capture_writer{folder / "out.pcap"};
    for (auto const time : {0ns, 1ns, 999'999'999ns, 4'294'967'295s + 999'999'999ns}) writer.write(packet(time));
    writer.close();
    auto reader = capture_reader{folder / "out.pcap"};
    for (auto const time : {0ns, 1ns, 999'999'999ns, 4'294'967'295s + 999'999'999ns}) {
        auto const p = reader.next();
        REQUIRE(p);
        CHECK(p->time == time);
        CHECK(p->original_length == 1500);
        CHECK(p->bytes.size() == 60);
    }
    CHECK_FALSE(reader.next());
}

TEST_CASE("without close() there is nothing, and what was there is still there") {
    auto const folder = test::scratch_folder{};
    {
        auto writer = capture_writer{folder / "out.pcap"};
        writer.write(packet());
        CHECK_FALSE(std::filesystem::exists(folder / "out.pcap"));
        auto moved = std::move(writer);
        moved.write(packet());
    }
    CHECK(folder.count() == 0);
    write_file(folder / "out.pcap", "before");
    { auto const writer = capture_writer{folder / "out.pcap"}; }
    CHECK(read_file(folder / "out.pcap") == "before");
    {
        auto writer = capture_writer{folder / "out.pcap"};
        auto other = capture_writer{folder / "out.pcap"}; // two at once do not meet
        other.write(packet());
        writer.close();
        other = capture_writer{folder / "other.pcap"};
        other.close();
    }
    CHECK(read_file(folder / "out.pcap").size() == 24);
    CHECK(folder.count() == 2);
}

TEST_CASE("a new file has the rights that the umask leaves") {
    auto const folder = test::scratch_folder{};
    auto const before = umask(027);
    capture_writer{folder / "out.pcap"}.close();
    umask(before);
    CHECK(mode_of(folder / "out.pcap") == 0640);
}

TEST_CASE("a symbolic link is followed, and stays") {
    auto const folder = test::scratch_folder{};
    write_file(folder / "target.pcap", "before");
    std::filesystem::create_symlink("target.pcap", folder / "link.pcap");
    capture_writer{folder / "link.pcap"}.close();
    CHECK(std::filesystem::is_symlink(folder / "link.pcap"));
    CHECK(read_file(folder / "target.pcap").size() == 24);
}

TEST_CASE("a pipe, a device and standard output are written directly") {
    auto const folder = test::scratch_folder{};
    auto const pipe = folder / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    auto reading = test::child{[&](auto const &say) { say(std::to_string(read_file(pipe).size())); }};
    auto writer = capture_writer{pipe};
    writer.write(packet());
    writer.close();
    { auto const closed = std::move(writer); }
    CHECK(reading.read() == "100");
    CHECK(folder.count() == 1);
    capture_writer{"/dev/null"}.close();
    CHECK(std::filesystem::is_character_file("/dev/null"));

    test::child{[&](auto const & /*say*/) {
        dup2(open((folder / "stdout").c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
        auto out = capture_writer{"-"};
        out.write(packet());
        out.close();
        if (write(STDOUT_FILENO, "x", 1) != 1) return; // it is still open
    }}.wait();
    CHECK(read_file(folder / "stdout").size() == 101);
}

TEST_CASE("what cannot be written is an error with the path, and leaves nothing") {
    auto const folder = test::scratch_folder{};
    auto const missing = failure_of([&] { capture_writer{folder / "no/such/out.pcap"}; });
    CHECK(missing.code() == ENOENT);
    CHECK(has(missing.what(), "cannot write capture " + (folder / "no/such/out.pcap")));
    CHECK(failure_of([&] { capture_writer{folder / "."}; }).code() == EISDIR);
    CHECK(folder.count() == 0);

    auto const full = failure_of([] {
        auto writer = capture_writer{"/dev/full"};
        for (auto i = 0; i < 1000; i++) writer.write(packet());
        writer.close();
    });
    CHECK(full.code() == ENOSPC);
    // As soon as the kernel says so, not at the end.
    auto endless = capture_writer{"/dev/full"};
    CHECK(failure_of([&] {
              for (auto i = 0; i < 1000; i++) endless.write(packet());
          }).code() == ENOSPC);
    auto const late = failure_of([] { capture_writer{"/dev/full"}.close(); });
    CHECK(has(late.what(), "cannot write capture /dev/full: No space left on device"));
}

TEST_CASE("a packet that pcap cannot hold is an error, and the file can go on") {
    auto const folder = test::scratch_folder{};
    auto writer = capture_writer{folder / "out.pcap"};
    CHECK(has(failure_of([&] { writer.write(packet(-1ns)); }).what(), "cannot write packet 1 to capture"));
    CHECK(has(failure_of([&] { writer.write(packet(4'294'967'296s)); }).what(), "pcap has no second 4294967296"));
    auto const large = std::vector<std::byte>(262145);
    auto too_large = packet();
    too_large.bytes = large;
    CHECK(failure_of([&] { writer.write(too_large); }).code() == EMSGSIZE);
    writer.write(packet());
    too_large.bytes = std::span{large}.first(262144);
    writer.write(too_large);
    writer.close();
    CHECK(std::filesystem::file_size(folder / "out.pcap") == 100 + 16 + 262144);
}

TEST_CASE("a name that cannot be given is an error, and leaves nothing") {
    auto const folder = test::scratch_folder{};
    auto const open_files = [] { return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}); };
    auto const before = open_files();
    {
        auto writer = capture_writer{folder / "out.pcap"};
        writer.write(packet());
        std::filesystem::create_directory(folder / "out.pcap"); // meanwhile
        auto const e = failure_of([&] { writer.close(); });
        CHECK(e.code() == EISDIR);
        CHECK(has(e.what(), "cannot write capture " + (folder / "out.pcap")));
    }
    CHECK(folder.count() == 1);
    CHECK(open_files() == before);
}
