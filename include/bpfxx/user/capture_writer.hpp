// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Writes Ethernet packets to a pcap file with nanosecond times. The file is there whole, or not at all.
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/captured_packet.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/pcap.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace bpfxx::user {
/// Writes beside the wanted file and gives it its name in close(); without close() nothing is left. A pipe or a device,
/// and "-" for standard output, is written directly.
class capture_writer {
    struct close_handle {
        auto operator()(pcap_t *p) const -> void { pcap_close(p); }
    };
    struct close_file {
        auto operator()(pcap_dumper_t *d) const -> void { pcap_dump_close(d); }
    };
    static constexpr int longest_packet = 262144; // what readers accept

    std::string path_;      // where it will be
    std::string temporary_; // where it is; empty if written directly
    std::unique_ptr<pcap_t, close_handle> handle_;
    std::unique_ptr<pcap_dumper_t, close_file> file_;

    [[noreturn]] auto fail(int code) const -> void { throw error{"cannot write capture " + path_, code}; }
    auto remove() noexcept -> void {
        file_.reset();
        if (!temporary_.empty()) unlink(temporary_.c_str());
        temporary_.clear();
    }

    auto open(std::string const &path) -> int {
        auto failure = std::error_code{};
        auto const status = std::filesystem::status(path, failure);
        if (path == "-") return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
        if (std::filesystem::is_directory(status)) fail(EISDIR);
        if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
            return ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (std::filesystem::exists(status))
            path_ = std::filesystem::canonical(path).string(); // a symbolic link stays one
        for (auto attempt = 0;; attempt++) {
            temporary_ = detail::text(path_, ".", getpid(), ".", attempt, ".part");
            auto const fd = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (fd >= 0 || errno != EEXIST) return fd;
        }
    }

  public:
    explicit capture_writer(std::string const &path)
        : path_{path},
          handle_{pcap_open_dead_with_tstamp_precision(DLT_EN10MB, longest_packet, PCAP_TSTAMP_PRECISION_NANO)} {
        if (!handle_) fail(ENOMEM);
        auto const fd = open(path);
        if (fd < 0) {
            auto const code = errno;
            temporary_.clear();
            fail(code);
        }
        auto *const stream = fdopen(fd, "wb");
        if (stream) file_.reset(pcap_dump_fopen(handle_.get(), stream));
        if (!file_) {
            auto const code = errno;
            if (stream)
                std::fclose(stream);
            else
                ::close(fd);
            remove();
            fail(code);
        }
    }
    capture_writer(capture_writer &&other) noexcept
        : path_{std::move(other.path_)},
          temporary_{std::exchange(other.temporary_, {})},
          handle_{std::move(other.handle_)},
          file_{std::move(other.file_)} {}
    capture_writer(capture_writer const &) = delete;
    auto operator=(capture_writer &&other) noexcept -> capture_writer & {
        if (this == &other) return *this;
        remove();
        path_ = std::move(other.path_);
        temporary_ = std::exchange(other.temporary_, {});
        handle_ = std::move(other.handle_);
        file_ = std::move(other.file_);
        return *this;
    }
    auto operator=(capture_writer const &) -> capture_writer & = delete;
    ~capture_writer() { remove(); }

    /// With its time and original length; the number is not written.
    auto write(captured_packet const &packet) -> void {
        auto seconds = std::chrono::floor<std::chrono::seconds>(packet.time);
        if (seconds.count() < 0 || seconds.count() > std::numeric_limits<u32>::max())
            throw error{detail::text("cannot write packet ", packet.number, " to capture ", path_,
                                     ": pcap has no second ", seconds.count(), " (it has 1970 to 2106)"),
                        ERANGE};
        if (packet.bytes.size() > longest_packet)
            throw error{detail::text("cannot write packet ", packet.number, " to capture ", path_, ": ",
                                     packet.bytes.size(), " bytes are more than the ", longest_packet,
                                     " that pcap takes"),
                        EMSGSIZE};
        auto header = pcap_pkthdr{};
        header.ts.tv_sec = static_cast<time_t>(seconds.count());
        header.ts.tv_usec =
            static_cast<suseconds_t>((packet.time - seconds).count()); // nanoseconds, as the file's header says
        header.caplen = static_cast<u32>(packet.bytes.size());
        header.len = packet.original_length;
        errno = 0;
        pcap_dump(reinterpret_cast<u_char *>(file_.get()), &header,
                  reinterpret_cast<u_char const *>(packet.bytes.data()));
        if (std::ferror(pcap_dump_file(file_.get()))) fail(errno ? errno : EIO);
    }

    /// Completes the file and gives it its name. Nothing can be written afterwards.
    auto close() -> void {
        errno = 0;
        if (!file_) return;
        if (pcap_dump_flush(file_.get()) != 0 || std::ferror(pcap_dump_file(file_.get()))) fail(errno ? errno : EIO);
        file_.reset();
        if (temporary_.empty()) return;
        if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
        temporary_.clear();
    }
};
} // namespace bpfxx::user
