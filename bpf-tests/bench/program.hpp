// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One load of one BPF object: its static figures, and runs of its program over a packet.
#include "cases.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace bench {
/// What the kernel says of a loaded program.
struct figures {
    unsigned xlated = 0, jited = 0, verified = 0, stack = 0;
};

class program {
    struct close {
        auto operator()(bpf_object *object) const -> void { bpf_object__close(object); }
    };
    inline static std::string log_;
    std::string path_;
    std::vector<char> verifier_log_;
    std::unique_ptr<bpf_object, close> object_;
    bpf_program *program_ = nullptr;
    bpf_map *counters_ = nullptr;
    double load_ms_ = 0;

    static auto collect(libbpf_print_level level, char const *format, std::va_list arguments) -> int {
        if (level == LIBBPF_DEBUG) return 0;
        char line[4096];
        auto const written = std::vsnprintf(line, sizeof line, format, arguments);
        log_ += line;
        return written;
    }
    [[noreturn]] auto fail(std::string const &what, int error) const -> void {
        auto const hint =
            error == EPERM ? "\n(BPF programs are loaded by root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN)" : "";
        throw std::runtime_error(path_ + ": " + what + ": " + std::strerror(error) + hint + "\n" + log_ +
                                 verifier_log_.data());
    }
    auto read_counters() const -> std::vector<std::uint64_t> {
        auto const cpus = static_cast<std::size_t>(libbpf_num_possible_cpus());
        auto const entries = bpf_map__max_entries(counters_);
        auto sums = std::vector<std::uint64_t>(entries), values = std::vector<std::uint64_t>(cpus);
        for (std::uint32_t key = 0; key < entries; ++key) {
            if (bpf_map_lookup_elem(bpf_map__fd(counters_), &key, values.data()) != 0) fail("reading counters", errno);
            for (auto value : values) sums[key] += value;
        }
        return sums;
    }

    /// An entry of the map of this name, if there is one. The keys of an array are numbers.
    auto fill(char const *name, bytes key, bytes const &value) const -> void {
        auto *const map = bpf_object__find_map_by_name(object_.get(), name);
        if (map == nullptr) return;
        key.resize(bpf_map__key_size(map));
        if (bpf_map_update_elem(bpf_map__fd(map), key.data(), value.data(), BPF_ANY) != 0) fail("filling a map", errno);
    }

  public:
    explicit program(std::string path) : path_{std::move(path)}, verifier_log_(4096) {
        log_.clear();
        libbpf_set_print(collect);
        object_.reset(bpf_object__open_file(path_.c_str(), nullptr));
        if (!object_) fail("not opened", errno);
        program_ = bpf_object__next_program(object_.get(), nullptr);
        if (program_ == nullptr) fail("holds no program", ENOENT);
        bpf_program__set_log_level(program_, 4); // statistics only
        bpf_program__set_log_buf(program_, verifier_log_.data(), verifier_log_.size());
        auto const before = std::chrono::steady_clock::now();
        if (auto const error = bpf_object__load(object_.get()); error != 0) fail("not loaded", -error);
        load_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count();
        if (log_.find("BTF") != std::string::npos) fail("loaded, but not its BTF", EINVAL);
        bpf_map *map = nullptr;
        bpf_object__for_each_map(map, object_.get()) if (bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY &&
                                                         bpf_map__value_size(map) == 8) counters_ = map;
        fill("entity_port", packet::be16(entity), packet::be16(entity_port));
        // What was translated is translated to itself: a program that repeats itself has work to do each time.
        for (std::uint8_t const protocol : {std::uint8_t{6}, std::uint8_t{17}})
            for (auto const &from : {inside(), outside()})
                fill("outside_of", from + bytes{protocol, 0}, outside() + bytes{protocol, 0});
    }

    /// Entries 0 to count - 1 of a map, each with its own number as the value.
    auto fill_numbers(char const *name, std::uint32_t count) const -> void {
        auto const *const map = bpf_object__find_map_by_name(object_.get(), name);
        if (map == nullptr) return;
        auto numbers = std::vector<std::uint32_t>(count);
        for (std::uint32_t i = 0; i < count; ++i) numbers[i] = i;
        if (bpf_map_update_batch(bpf_map__fd(map), numbers.data(), numbers.data(), &count, nullptr) != 0)
            fail("filling a map", errno);
    }
    /// An entry of a map of 64-bit numbers, on all CPUs.
    auto fill_number(char const *name, std::uint32_t key, std::uint64_t value) const -> void {
        auto *const map = bpf_object__find_map_by_name(object_.get(), name);
        if (map == nullptr || bpf_map__key_size(map) != sizeof key) return;
        auto const values = std::vector<std::uint64_t>(static_cast<std::size_t>(libbpf_num_possible_cpus()), value);
        if (bpf_map_update_elem(bpf_map__fd(map), &key, values.data(), BPF_ANY) != 0) fail("filling a map", errno);
    }

    /// How long libbpf and the kernel took to load it.
    auto load_ms() const -> double { return load_ms_; }
    auto measured() const -> figures {
        auto info = bpf_prog_info{};
        auto size = std::uint32_t{sizeof info};
        if (bpf_obj_get_info_by_fd(bpf_program__fd(program_), &info, &size) != 0) fail("no information", errno);
        auto result = figures{info.xlated_prog_len / 8, info.jited_prog_len, info.verified_insns, 0};
        // "stack depth 16+0": one number for each function
        if (auto const *at = std::strstr(verifier_log_.data(), "stack depth ")) {
            at += std::strlen("stack depth ");
            for (char *next = nullptr;; at = next + 1) {
                result.stack += static_cast<unsigned>(std::strtoul(at, &next, 10));
                if (*next != '+') break;
            }
        } else
            fail("the verifier's log names no stack depth", ENODATA);
        return result;
    }

    /// Runs the program once; the kernel's own figure for that run, in nanoseconds. (Asked for repetitions, the kernel
    /// rebuilds its XDP dispatcher around each call, which takes 16 ms: hence programs that repeat themselves.)
    auto run(bytes const &packet, std::uint32_t *verdict = nullptr, bytes *left = nullptr) const -> std::uint32_t {
        auto options = bpf_test_run_opts{};
        options.sz = sizeof options;
        options.data_in = packet.data();
        options.data_size_in = static_cast<std::uint32_t>(packet.size());
        options.repeat = 1;
        if (left != nullptr) {
            left->resize(packet.size() + 256);
            options.data_out = left->data();
            options.data_size_out = static_cast<std::uint32_t>(left->size());
        }
        if (auto const error = bpf_prog_test_run_opts(bpf_program__fd(program_), &options); error != 0)
            fail("not run", -error);
        if (verdict != nullptr) *verdict = options.retval;
        if (left != nullptr) left->resize(options.data_size_out);
        return options.duration;
    }

    /// Runs the program once and tells what it did; an amplified one does it `fold` times.
    auto observe(bytes const &packet, std::uint64_t fold) const -> outcome {
        auto const before = counters_ ? read_counters() : std::vector<std::uint64_t>{};
        auto seen = outcome{};
        auto left = bytes{};
        run(packet, &seen.verdict, &left);
        if (left != packet) seen.changed = left;
        auto const after = counters_ ? read_counters() : std::vector<std::uint64_t>{};
        for (std::uint32_t key = 0; key < after.size(); ++key)
            if (after[key] != before[key]) {
                if (seen.counted || after[key] != before[key] + fold) fail("does not count once a packet", EINVAL);
                seen.counted = key;
            }
        return seen;
    }
};
} // namespace bench
