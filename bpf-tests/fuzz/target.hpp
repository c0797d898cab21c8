// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A program under a fuzzer: every packet natively, under sanitizers, and a part of them in the kernel too. Verdicts,
/// bytes and maps have to be the same. Where they are not, it aborts, and libFuzzer keeps the packet.
#include <bpfxx/kernel/host/run.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <support/contents.hpp>
#include <support/loaded.hpp>
#include <unordered_set>

namespace bpfxx::fuzz {
using test::lines, test::blanking;
/// A map that has to hold the same on both sides: what may differ in its values, and of an array how many are looked at.
struct compared {
    std::string name;
    blanking blank = {};
    u32 most = test::most_entries;
};

template <class Context = xdp::context> class target {
    static constexpr std::size_t shortest = 14, longest = 3072; // what the kernel runs
    static constexpr u64 at_first = 512, every = 256; // how many packets go to the kernel, and which ones later
    // Besides the whole packet, it is run cut off at so many places: most of what is wrong is wrong at an end.
    static constexpr u32 cuts = 7;

    int (*program_)(Context *);
    std::string name_;
    std::vector<compared> compared_;
    host::object_entry *native_ = nullptr;
    std::vector<std::pair<std::string, test::loaded>> kernels_;
    mutable test::open_rings rings_;
    std::unordered_set<u64> known_; // answers that have been seen
    u64 count_ = 0, clock_ = 0, packets_ = 0;

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
    /// What a flow dissector is asked for: the packet says it, where no dissector looks.
    static auto flags_of(std::span<u8 const> packet) -> u32 { return packet.empty() ? 0 : packet[0] & 7; }
    auto in_kernel(test::loaded const &kernel, std::span<u8 const> packet) const -> answer {
        for (auto const &m : compared_) test::clear(kernel.map(m.name.c_str()), &rings_, m.most);
        answer a{0, {packet.begin(), packet.end()}, {}};
        flow_dissector::keys wishes{};
        wishes.flags = flags_of(packet);
        constexpr bool asks = std::is_same_v<Context, flow_dissector::context>;
        a.verdict = static_cast<int>(asks ? kernel.run(a.bytes, &wishes, sizeof wishes) : kernel.run(a.bytes));
        for (auto const &m : compared_)
            a.maps[m.name] = test::contents(kernel.map(m.name.c_str()), m.blank, &rings_, m.most);
        return a;
    }
    auto clear_native() -> void {
        for (auto const &m : compared_) test::clear(*native_->maps.at(m.name), m.most);
    }
    auto compare(std::span<u8 const> packet) -> void {
        clear_native();
        auto out = host::run(program_, packet, 0, [&]([[maybe_unused]] Context &c) {
            if constexpr (requires { c.found; }) c.found.flags = flags_of(packet);
        });
        answer a{out.verdict, std::move(out.bytes), {}};
        for (auto const &m : compared_) a.maps[m.name] = test::contents(*native_->maps.at(m.name), m.blank, m.most);
        for (auto const &[where, kernel] : kernels_)
            if (auto const b = in_kernel(kernel, packet); !(a == b)) fail(packet, where, a, b);
    }
    /// As host::run() does, without what the comparison needs.
    auto run_native(std::span<u8 const> packet) -> int {
        auto const copy = std::unique_ptr<u8[]>{new u8[packet.size()]};
        if (!packet.empty()) std::memcpy(copy.get(), packet.data(), packet.size());
        Context context{copy.get(), copy.get() + packet.size()};
        if constexpr (requires { prepare(context); }) prepare(context);
        if constexpr (requires { context.found; }) context.found.flags = flags_of(packet);
        packets_++;
        return program_(&context);
    }

  public:
    /// The object's stem is the file's that declares the program. Settings are those of both sides.
    target(int (*program)(Context *), std::string const &stem, std::vector<compared> maps,
           std::map<std::string, std::vector<u8>> const &settings = {})
        : program_{program}, compared_{std::move(maps)} {
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
    /// Says how many packets the processor took in a second natively: bpf-tests/fuzz/run shows it.
    ~target() {
        if (clock_ > 0)
            std::cerr << "native packets " << packets_ << ", a second of the processor "
                      << packets_ * 1'000'000'000 / clock_ << '\n';
    }
    target(target const &) = delete;
    /// Puts an entry into a map of both sides.
    auto fill(char const *map, auto const &key, auto const &value) -> void {
        native_->maps.at(map)->update(&key, &value, BPF_ANY);
        for (auto const &[where, kernel] : kernels_)
            if (bpf_map_update_elem(bpf_map__fd(kernel.map(map)), &key, &value, BPF_ANY) != 0) std::abort();
    }
    auto native() -> host::object_entry & { return *native_; }

    /// An answer that was not seen before, told by `kind`, goes to the kernel too.
    auto run(std::span<u8 const> packet, u64 (*kind)(host::object_entry &, int verdict)) -> void {
        if (packet.size() > longest) packet = packet.first(longest);
        if (count_++ % 64 == 0) clear_native(); // before a ring buffer is full
        auto const start = spent();
        for (u32 i = 1; i <= cuts && packet.size() > i; i++) {
            auto const length = packet.size() - (i * i * i + count_ % (i * 8)) % packet.size();
            run_native(packet.first(length));
        }
        auto const verdict = run_native(packet);
        clock_ += spent() - start;
        if (packet.size() < shortest || kernels_.empty()) return;
        if (count_ <= at_first || count_ % every == 0 || known_.insert(kind(*native_, verdict)).second) compare(packet);
    }

  private:
    /// Nanoseconds of the processor.
    static auto spent() -> u64 {
        timespec t{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<u64>(t.tv_sec) * 1'000'000'000 + static_cast<u64>(t.tv_nsec);
    }
};
} // namespace bpfxx::fuzz
