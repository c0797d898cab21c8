// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A program under a fuzzer: every packet natively, under sanitizers, and a part of them in the kernel too. Verdicts,
/// bytes and maps have to be the same. Where they are not, it aborts, and libFuzzer keeps the packet.
#include <bpfxx/kernel/host/run.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <support/contents.hpp>
#include <support/loaded.hpp>
#include <unordered_set>

namespace bpfxx::fuzz {
using test::lines;
/// Blanks what may differ in a record.
using blanking = std::function<void(std::span<u8>)>;

class target {
    static constexpr std::size_t shortest = 14, longest = 3072; // what the kernel runs
    static constexpr u64 at_first = 512, every = 256; // how many packets go to the kernel, and which ones later

    int (*program_)(xdp::context *);
    std::string name_;
    std::vector<std::string> compared_;
    blanking blank_;
    host::object_entry *native_ = nullptr;
    std::vector<std::pair<std::string, test::loaded>> kernels_;
    mutable test::open_rings rings_;
    std::unordered_set<u64> known_; // answers that have been seen
    u64 count_ = 0;

    struct answer {
        int verdict;
        std::vector<u8> bytes;
        std::map<std::string, lines> maps;
        auto operator==(answer const &) const -> bool = default;
    };

    [[noreturn]] auto fail(std::span<u8 const> packet, std::string const &where, answer const &a, answer const &b) const
        -> void {
        auto const say = [](char const *who, answer const &is) {
            std::cerr << who << ": verdict " << is.verdict << ", bytes " << test::line_of(is.bytes) << '\n';
            for (auto const &[map, all] : is.maps)
                for (auto const &line : all) std::cerr << "    " << map << ' ' << line << '\n';
        };
        std::cerr << "\n" << name_ << " differs in " << where << ", packet " << test::line_of(packet) << '\n';
        say("natively", a);
        say("kernel", b);
        std::abort();
    }
    auto in_kernel(test::loaded const &kernel, std::span<u8 const> packet) const -> answer {
        for (auto const &map : compared_) test::clear(kernel.map(map.c_str()), &rings_);
        answer a{0, {packet.begin(), packet.end()}, {}};
        a.verdict = static_cast<int>(kernel.run(a.bytes));
        for (auto const &map : compared_) a.maps[map] = test::contents(kernel.map(map.c_str()), blank_, &rings_);
        return a;
    }
    auto compare(std::span<u8 const> packet) -> void {
        for (auto const &map : compared_) native_->maps.at(map)->clear();
        auto out = host::run(program_, packet);
        answer a{out.verdict, std::move(out.bytes), {}};
        for (auto const &map : compared_) a.maps[map] = test::contents(*native_->maps.at(map), blank_);
        for (auto const &[where, kernel] : kernels_)
            if (auto const b = in_kernel(kernel, packet); !(a == b)) fail(packet, where, a, b);
    }

  public:
    /// The object's stem is the file's that declares the program. Settings are those of both sides.
    target(int (*program)(xdp::context *), std::string const &stem, std::vector<std::string> compared,
           blanking blank = {}, std::map<std::string, std::vector<u8>> const &settings = {})
        : program_{program}, compared_{std::move(compared)}, blank_{std::move(blank)} {
        test::stay_on_this_cpu();
        for (auto &[object, entry] : host::objects())
            for (auto const &[name, p] : entry.programs)
                if (p.function == reinterpret_cast<void (*)()>(program)) name_ = name, native_ = &entry;
        for (auto const &[name, value] : settings)
            std::memcpy(native_->configs.at(name).at, value.data(), native_->configs.at(name).size);
        if (auto const fault = test::kernel_fault(); !fault.empty()) {
            std::cerr << name_ << " runs natively only: " << fault << '\n';
            return;
        }
        std::istringstream folders{BPFXX_FUZZ_OBJECTS};
        for (std::string folder; std::getline(folders, folder, ':');)
            kernels_.emplace_back(folder, test::loaded{folder + "/" + stem + ".bpf.o", name_, settings});
    }
    /// For what both sides have to hold before.
    auto native() -> host::object_entry & { return *native_; }
    auto kernels() const -> auto const & { return kernels_; }

    /// An answer that was not seen before, told by `kind`, goes to the kernel too.
    auto run(std::span<u8 const> packet, u64 (*kind)(host::object_entry &, int verdict)) -> void {
        if (packet.size() > longest) packet = packet.first(longest);
        if (count_++ % 64 == 0)
            for (auto const &map : compared_) native_->maps.at(map)->clear(); // before a ring buffer is full
        auto const copy = std::unique_ptr<u8[]>{new u8[packet.size()]};
        if (!packet.empty()) std::memcpy(copy.get(), packet.data(), packet.size());
        xdp::context context{copy.get(), copy.get() + packet.size()};
        auto const verdict = program_(&context);
        if (packet.size() < shortest || kernels_.empty()) return;
        if (count_ <= at_first || count_ % every == 0 || known_.insert(kind(*native_, verdict)).second) compare(packet);
    }
};
} // namespace bpfxx::fuzz
