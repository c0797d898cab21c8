// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Runs one program everywhere: natively from aligned and from odd addresses, and in the kernel as each compiler made it.
/// All answers have to be the same. The test includes the unmodified .bpf.cpp and names a program in it.
#include <bpfxx/core/reason.hpp>
#include <bpfxx/kernel/host/run.hpp>
#include <chrono>
#include <concepts>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <sstream>
#include <string_view>
#include <support/catch.hpp>
#include <support/loaded.hpp>
#include <support/objects.hpp>
#include <support/observe.hpp>
#include <support/record.hpp>
#include <thread>

namespace bpfxx::test {
struct answer {
    int verdict = 0;
    reason why = reason::none;
    std::vector<u8> bytes;
    observation left{};

    auto number(u32 i) const -> u64 { return left.number[i]; }
    auto operator==(answer const &other) const -> bool {
        return verdict == other.verdict && why == other.why && bytes == other.bytes &&
               std::memcmp(&left, &other.left, sizeof left) == 0;
    }
};

inline auto hex(std::span<u8 const> bytes) -> std::string {
    std::ostringstream out;
    out << std::hex << std::setfill('0');
    for (auto const b : bytes) out << std::setw(2) << static_cast<unsigned>(b);
    return out.str();
}
inline auto operator<<(std::ostream &out, answer const &a) -> std::ostream & {
    out << "verdict " << a.verdict << ", reason " << name_of(a.why) << ", numbers";
    auto last = most_numbers; // zeros behind the last number were not observed, most likely
    while (last > 0 && a.left.number[last - 1] == 0) last--;
    for (u32 i = 0; i < last; i++) out << ' ' << a.left.number[i];
    return out << ", bytes " << hex(a.bytes);
}

/// The file that is being compiled, without its folder and .cpp: the stem of its program too.
class both {
    std::function<host::outcome(std::span<u8 const>, std::size_t skew, u32 flags)> native_;
    std::size_t before_ = 0; // bytes of a frame that the program is not given
    bool skb_ = false, flow_ = false;
    u32 flags_ = 0;
    std::string stem_, name_;
    host::object_entry *object_ = nullptr;
    std::map<std::string, std::vector<u8>> settings_;
    struct world {
        std::string name;
        loaded in;
    };
    std::vector<world> kernels_;
    bool opened_ = false;
    u32 steps_ = 0;
    record record_;

    auto open() -> void {
        if (std::exchange(opened_, true)) return;
        auto fault = kernel_fault();
        if (fault.empty()) try {
                for (auto const &file : object_files(stem_)) kernels_.push_back({file, loaded{file, name_, settings_}});
            } catch (too_old const &e) {
                kernels_.clear();
                WARN(e.what());
                return;
            }
        if (fault.empty() && kernels_.empty()) fault = "no clang for BPF programs was found";
        if (fault.empty()) return;
        auto const *const ci = std::getenv("CI");
        if (ci && std::string_view{ci} == "true") FAIL("not run in the kernel: " << fault);
        WARN(name_ << " runs natively only: " << fault);
    }

    /// Of an skb that calls itself IP the kernel wants a whole IP header; behind Ethernet, some byte.
    auto takes(std::vector<u8> const &packet) const -> bool {
        if (!in_kernel(packet.size())) return false;
        auto const type = packet[12] << 8 | packet[13];
        return !skb_ || packet.size() >= (type == 0x0800 ? 34 : type == 0x86dd ? 54 : before_ + 1);
    }
    static auto finish(answer a) -> answer {
        a.why = static_cast<reason>(a.left.why);
        if (a.verdict >= first_told && a.verdict < first_told + static_cast<int>(reason_count))
            a.why = static_cast<reason>(a.verdict - first_told);
        return a;
    }
    auto run_native(std::vector<u8> const &packet, std::size_t skew) -> answer {
        auto const found = object_->maps.find("seen");
        if (found != object_->maps.end()) found->second->clear();
        auto out = native_(std::span{packet}.subspan(std::min(before_, packet.size())), skew, flags_);
        out.bytes.insert(out.bytes.begin(), std::min(before_, packet.size()), 0);
        answer a{out.verdict, reason::none, std::move(out.bytes), {}};
        u32 const first = 0;
        if (found != object_->maps.end()) std::memcpy(&a.left, found->second->lookup(&first), sizeof a.left);
        return finish(a);
    }
    auto run_kernel(world const &w, std::vector<u8> const &packet) const -> answer {
        u32 const first = 0;
        answer a{0, reason::none, packet, {}};
        auto *const left = w.in.map("seen");
        auto const fd = left ? bpf_map__fd(left) : -1;
        if (left) bpf_map_update_elem(fd, &first, &a.left, BPF_ANY);
        flow_dissector::keys wishes{};
        wishes.flags = flags_;
        a.verdict = static_cast<int>(flow_ ? w.in.run(a.bytes, &wishes, sizeof wishes) : w.in.run(a.bytes));
        if (left) bpf_map_lookup_elem(fd, &first, &a.left);
        return finish(a);
    }
    auto same(answer const &expected, answer const &is, std::string const &where, std::vector<u8> const &packet) const
        -> void {
        if (is == expected) return;
        FAIL(name_ << " differs, packet of " << packet.size() << " bytes " << hex(packet) << "\nnatively: " << expected
                   << "\n"
                   << where << ": " << is);
    }
    auto in_kernels(answer const &expected, std::vector<u8> const &packet) -> void {
        if (!takes(packet)) return;
        record_.packet(packet, expected.verdict, expected.left.why, expected.left.number, expected.bytes, steps_ != 0);
        for (auto const &w : kernels_) same(expected, run_kernel(w, packet), w.name, packet);
    }

  public:
    /// A program of NAME.bpf.cpp in NAME.cpp; or of another object, by its stem. Native maps start empty. All packets are
    /// frames; of programs whose packets start behind the Ethernet header, that comes back as zeros, as the kernel has it.
    template <class Context>
    explicit both(int (*program)(Context *), std::string stem = stem_of(__BASE_FILE__))
        : native_{[program](std::span<u8 const> packet, std::size_t skew, [[maybe_unused]] u32 flags) {
              if constexpr (std::is_same_v<Context, flow_dissector::context>)
                  return host::run(program, packet, skew, [&](Context &c) { c.found.flags = flags; });
              else
                  return host::run(program, packet, skew);
          }},
          stem_{std::move(stem)} {
        for (auto &[object, entry] : host::objects())
            for (auto const &[name, p] : entry.programs)
                if (p.function == reinterpret_cast<void (*)()>(program)) {
                    name_ = name, object_ = &entry;
                    for (auto const *const l3 : {"cgroup_skb", "socket", "lwt_"})
                        if (p.section.starts_with(l3)) before_ = 14;
                    skb_ = std::is_same_v<Context, skb::context>;
                    flow_ = std::is_same_v<Context, flow_dissector::context>;
                }
        if (!object_) throw std::logic_error("both: no macro declares this program");
        record_ = record{stem_, name_, flow_};
        for (auto const &[name, storage] : object_->maps) storage->clear();
    }

    /// What BPF_PROG_TEST_RUN takes: no less than an Ethernet header, no more than it makes linear.
    static auto in_kernel(std::size_t size) -> bool { return size >= 14 && size <= 3520; }

    /// A setting (BPFXX_CONFIG), before the first run.
    template <class T> auto set(std::string const &name, T const &value) -> both & {
        if (opened_) throw std::logic_error("both: settings are read when the program is loaded, before the first run");
        auto const *const at = reinterpret_cast<u8 const *>(&value);
        settings_[name] = {at, at + sizeof value};
        auto const &native_setting = object_->configs.at(name);
        if (native_setting.size != sizeof value) throw std::logic_error("both: " + name + " is of another size");
        std::memcpy(native_setting.at, &value, sizeof value);
        record_.setting(name, settings_[name], std::is_integral_v<T> || std::is_enum_v<T>);
        return *this;
    }

    /// What a flow dissector is asked for; its answer's bytes are the keys.
    auto flags(u32 all) -> both & {
        flags_ = all;
        record_.flags(all);
        return *this;
    }

    /// What the program answers is so since this release, which no instruction of it shows: an older kernel is not asked.
    auto needs(u32 major, u32 minor, std::string const &what) -> both & {
        release const since{major, minor};
        record_.needs(since, what);
        if (this_kernel().version < since) {
            opened_ = true;
            WARN("SKIPPED: " << name_ << ": " << what << " needs Linux " + since);
        }
        return *this;
    }

    /// Natively time passes at once, in the kernel it is waited for. What is answered afterwards is not recorded.
    auto wait(u64 milliseconds) -> void {
        record_.end();
        host::pass_time(milliseconds * 1'000'000);
        std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
    }

    /// What the program observes, or what it is told, depends on the machine's byte order.
    auto of_this_order() -> both & {
        record_.of_this_order();
        return *this;
    }

    /// The answer of a program whose maps say nothing about earlier packets.
    auto run(std::vector<u8> const &packet) -> answer {
        open();
        auto const expected = run_native(packet, 0);
        same(expected, run_native(packet, 1), "natively from an odd address", packet);
        in_kernels(expected, packet);
        return expected;
    }
    /// The same where maps carry something from packet to packet: each side runs exactly once.
    auto step(std::vector<u8> const &packet) -> answer {
        if (!takes(packet)) throw std::logic_error("both: the kernel does not take such a short or long packet");
        open();
        auto const expected = run_native(packet, ++steps_ % 2);
        in_kernels(expected, packet);
        return expected;
    }

    /// Runs the packet cut off at every length. holds(length, answer) says whether the answer is right.
    template <std::predicate<std::size_t, answer> Holds>
    auto sweep(std::vector<u8> const &packet, Holds const &holds) -> void {
        for (std::size_t length = 0; length <= packet.size(); length++) {
            auto const a = run({packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length)});
            if (!holds(length, a)) FAIL(name_ << ", cut off at " << length << " of " << packet.size() << ": " << a);
        }
        SUCCEED();
    }
    /// The usual sweep: truncated below `needed` bytes, and of the asked form from there on.
    auto sweep(std::vector<u8> const &packet, std::size_t needed) -> void {
        sweep(packet, [needed](std::size_t length, answer const &a) {
            return a.why == (length < needed ? reason::truncated : reason::none);
        });
    }

    /// Calls use(fd) with the map as each kernel object has it: what is found there is to be compared with native(name).
    template <class Use> auto each_kernel_map(char const *name, Use const &use) -> void {
        open();
        record_.end(); // what is written there is not known elsewhere
        for (auto const &w : kernels_) {
            auto *const map = w.in.map(name);
            if (!map) throw std::logic_error(std::string{"both: there is no map "} + name);
            INFO(w.name);
            use(bpf_map__fd(map));
        }
    }
    auto native_map(char const *name) -> host::storage & {
        record_.end();
        return *object_->maps.at(name);
    }
};
} // namespace bpfxx::test

namespace Catch {
template <> struct StringMaker<bpfxx::reason> {
    static auto convert(bpfxx::reason r) -> std::string { return bpfxx::name_of(r); }
};
} // namespace Catch
