// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What tests ask programs, and what these answer, as text, for kernels that the tests themselves are not built for:
/// bpf-tests/vm/replay.cpp asks them the same. Written where the environment names a folder in BPFXX_RECORD, one file
/// for each test that runs to its end. Numbers are decimal, so that other byte orders read them too.
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <support/requirement.hpp>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bpfxx::test {
/// One program, with one collection of settings.
class record {
    // Of what is asked again and again, in sweeps and in loops over all values, a part is enough.
    static constexpr u32 all_of_first = 100, then_each = 29, most = 250;

    struct file {
        std::filesystem::path path, unfinished;
        std::ofstream out;

        file() {
            auto const *const folder = std::getenv("BPFXX_RECORD");
            if (!folder) return;
            std::string objects = BPFXX_TEST_OBJECTS; // …/clang-14/core:…
            objects = objects.substr(0, objects.find(':'));
            auto const from = objects.find("/bpf/tests/");
            if (from == std::string::npos) return;
            objects = objects.substr(from + 11);
            directory = objects.substr(objects.find('/') + 1);
            path =
                std::filesystem::path{folder} / directory / (std::string{program_invocation_short_name} + ".packets");
            unfinished = path.string() + '.' + std::to_string(getpid());
            std::filesystem::create_directories(path.parent_path());
            out.open(unfinished);
        }
        ~file() {
            if (!out.is_open()) return;
            out.close();
            std::error_code ignored;
            std::filesystem::rename(unfinished, path, ignored);
        }
        file(file const &) = delete;
        auto operator=(file const &) -> file & = delete;

        std::string directory;
    };
    static auto all() -> file & {
        static file one;
        return one;
    }

    std::string text_;
    bool head_only_ = true;
    u32 asked_ = 0, written_ = 0;
    bool ended_ = true;

    static auto hex(std::span<u8 const> bytes) -> std::string {
        constexpr auto digits = "0123456789abcdef";
        std::string text;
        for (auto const b : bytes) text += digits[b >> 4], text += digits[b & 15];
        return text;
    }

  public:
    record() = default;
    record(std::string const &stem, std::string const &program, bool flow) : ended_{!all().out.is_open()} {
        if (!ended_)
            text_ = "program " + all().directory + '/' + stem + ' ' + program + (flow ? " flow\n" : " packet\n");
    }
    auto setting(std::string const &name, std::vector<u8> const &value, bool scalar) -> void {
        text_ += "setting " + name + ' ' + hex(value) + (scalar ? " scalar\n" : " bytes\n");
    }
    auto of_this_order() -> void { text_ += "order\n"; }
    auto needs(release const &since, std::string const &what) -> void {
        text_ += std::string{"needs "} + since + ' ' + what + '\n';
    }
    auto flags(u32 all_flags) -> void { text_ += "flags " + std::to_string(all_flags) + '\n'; }

    template <std::size_t N>
    auto packet(std::vector<u8> const &packet, int verdict, u64 why, u64 const (&numbers)[N],
                std::vector<u8> const &bytes, bool in_order) -> void {
        if (ended_) return;
        auto const chosen = asked_ < all_of_first || in_order || asked_ % then_each == 0;
        asked_++;
        if (!chosen) return;
        // Of one whose answers depend on earlier packets, a part is only right from its beginning on.
        if (written_++ == most) return end();
        head_only_ = false;
        std::ostringstream out;
        out << "packet " << hex(packet) << ' ' << verdict << ' ' << (bytes == packet ? "=" : hex(bytes) + '.') << ' '
            << why;
        std::size_t last = N;
        while (last > 0 && numbers[last - 1] == 0) last--;
        for (std::size_t i = 0; i < last; i++) out << ' ' << numbers[i];
        text_ += out.str() + '\n';
    }
    auto end() -> void { ended_ = true; }

    ~record() {
        if (!head_only_) all().out << text_; // at once: two programs may take turns
    }
    record(record &&from) noexcept { *this = std::move(from); }
    auto operator=(record &&from) noexcept -> record & {
        std::swap(text_, from.text_);
        std::swap(head_only_, from.head_only_);
        std::swap(asked_, from.asked_);
        std::swap(written_, from.written_);
        std::swap(ended_, from.ended_);
        return *this;
    }
};
} // namespace bpfxx::test
