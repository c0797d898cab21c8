// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Runs natively compiled programs on bytes, and gives their maps and settings the interface that loaded ones have.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/kernel/host/platform.hpp>
#include <optional>
#include <type_traits>

namespace bpfxx::host {
struct outcome {
    int verdict;
    std::vector<u8> bytes;
};

/// Runs a program over a copy of the bytes. The copy ends where its allocation ends, so a sanitizer sees the first byte
/// that is read behind it; `skew` moves its start, so that nothing relies on alignment. `arrange` may change the context
/// that the program starts with. Of a flow dissector the bytes that come back are its keys.
template <class Context, class Arrange = decltype([](Context &) {})>
auto run(int (*program)(Context *), std::span<u8 const> packet, std::size_t skew = 0, Arrange const &arrange = {})
    -> outcome {
    auto room = std::make_unique<u8[]>(packet.size() + skew);
    auto *const data = room.get() + skew;
    if (!packet.empty()) std::memcpy(data, packet.data(), packet.size());
    Context context{data, data + packet.size()};
    if constexpr (requires { context.own; }) context.own = std::move(room);
    if constexpr (requires { prepare(context); }) prepare(context);
    arrange(context);
    tail_calls() = 0;
    auto const verdict = [&] {
        try {
            return program(&context);
        } catch (tail_called const &last) { // from the program that the last tail call went to
            return last.verdict;
        }
    }();
    if constexpr (requires { left_by(context); }) {
        auto const left = left_by(context);
        return {verdict, {left.begin(), left.end()}};
    } else if constexpr (requires { context.data_meta; })
        return {verdict, {context.data_meta, context.data_end}}; // as BPF_PROG_TEST_RUN does
    else
        return {verdict, {context.data, context.data_end}};
}

/// Lets time pass for timers: those that are due ring in their order, also those that are started meanwhile.
inline auto pass_time(u64 nanoseconds) -> void {
    auto const until = passed() + nanoseconds;
    for (;;) {
        ::bpf_timer *next = nullptr;
        for (auto const &[at, t] : timers())
            if (t.runs && t.due <= until && (!next || t.due < timers().at(next).due)) next = at;
        if (!next) break;
        auto &t = timers().at(next);
        auto const [map, ring] = std::pair{t.map, t.ring};
        passed() = t.due;
        t.runs = false;
        std::vector<u8> key;
        void *value = nullptr;
        auto &s = storage_of(map);
        s.at(next, [&](void const *k, void *v) {
            auto const *const bytes = static_cast<u8 const *>(k);
            key.assign(bytes, bytes + s.what().key_size);
            value = v;
        });
        ringing() = next;
        if (value) ring(map, key.data(), value);
        ringing() = nullptr;
    }
    passed() = until;
}

/// A map by what its spec says; the same names as the handle of a loaded map.
template <class Spec> class map {
    storage *storage_;
    template <class Other> friend class map;

  public:
    using key = std::conditional_t<std::is_void_v<typename Spec::key>, char, typename Spec::key>;
    using value = std::conditional_t<std::is_void_v<typename Spec::value>, char, typename Spec::value>;
    explicit map(storage &s) : storage_{&s} {}

    auto lookup(key const &k) const -> std::optional<value> {
        auto const *const at = storage_->lookup(&k);
        if (!at) return std::nullopt;
        return read(at);
    }
    auto update(key const &k, value const &v, u64 flags = BPF_ANY) -> i64 { return storage_->update(&k, &v, flags); }
    /// A program in a prog_array.
    template <class Context> auto update(u32 index, int (*program)(Context *)) -> i64 {
        return storage_->set_program(index, program);
    }
    /// A map in a map of maps.
    template <class Inner> auto update(key const &k, host::map<Inner> const &inner) -> i64 {
        static_assert(std::is_same_v<Inner, typename Spec::value>, "a map of maps holds maps of one spec");
        void *const at = inner.storage_;
        return storage_->update(&k, &at, BPF_ANY);
    }
    /// Of queues and stacks.
    auto push(value const &v, u64 flags = BPF_ANY) -> i64 { return storage_->push(&v, flags); }
    auto pop() -> std::optional<value> {
        value v{};
        if (storage_->pop(&v) != 0) return std::nullopt;
        return v;
    }
    /// Of a perf_event_array: opens its buffer, of so many bytes. Nothing can be sent before.
    auto open(std::size_t bytes) -> void { storage_->open(bytes); }
    auto lost() const -> u64 { return storage_->lost(); }
    /// Of a user_ring_buffer: what a program is to read. False if it is full.
    template <class Record> auto send(Record const &record) -> bool {
        return storage_->send(&record, sizeof record) == 0;
    }
    auto erase(key const &k) -> bool { return storage_->erase(&k) == 0; }
    /// Calls use(key, value) for each entry.
    template <class Use> auto for_each(Use const &use) const -> void {
        storage_->for_each([&](void const *k, void const *v) {
            key copy;
            std::memcpy(static_cast<void *>(&copy), k, sizeof copy);
            use(copy, read(v));
        });
    }

  private:
    static auto read(void const *at) -> value {
        value v;
        std::memcpy(static_cast<void *>(&v), at, sizeof v);
        return v;
    }
};

/// A map that no object declares: what goes into a map of maps.
template <class Spec> auto make_map() -> host::map<Spec> {
    shape s{static_cast<u32>(Spec::kind), 0, 0, Spec::capacity};
    if constexpr (!std::is_void_v<typename Spec::key>) s.key_size = sizeof(typename Spec::key);
    if constexpr (!std::is_void_v<typename Spec::value>) s.value_size = sizeof(typename Spec::value);
    auto made = std::make_unique<storage>(s);
    auto &there = *made;
    storages()[&there] = std::move(made);
    return host::map<Spec>{there};
}

/// A natively compiled object, by the stem of its source file.
class object {
    std::string name_;
    object_entry *entry_;

    template <class Table> auto find(Table &table, std::string const &name, char const *what) const -> auto & {
        auto const found = table.find(name);
        if (found != table.end()) return found->second;
        std::string there;
        for (auto const &[n, entry] : table) there += (there.empty() ? "" : ", ") + n;
        throw std::invalid_argument("object '" + name_ + "' has no " + what + " '" + name + "'; it has: " + there);
    }

  public:
    explicit object(std::string name) : name_{std::move(name)} {
        auto const found = objects().find(name_);
        if (found == objects().end()) throw std::invalid_argument("no object '" + name_ + "' is compiled in");
        entry_ = &found->second;
    }
    template <class Context> auto program(std::string const &name) const -> int (*)(Context *) {
        auto const &p = find(entry_->programs, name, "program");
        if (*p.context != typeid(Context)) throw std::invalid_argument("program '" + name + "' is for " + p.section);
        return reinterpret_cast<int (*)(Context *)>(p.function);
    }
    template <class Spec> auto map(std::string const &name) const -> host::map<Spec> {
        auto &s = *find(entry_->maps, name, "map");
        auto const &is = s.what();

        auto fits = is.kind == static_cast<u32>(Spec::kind);
        if constexpr (!std::is_void_v<typename Spec::key>) fits &= is.key_size == sizeof(typename Spec::key);
        if constexpr (!std::is_void_v<typename Spec::value>)
            fits &= s.holds_maps() || is.value_size == sizeof(typename Spec::value);
        if (!fits) throw std::invalid_argument("map '" + name + "' is of another kind or size than its spec");
        return host::map<Spec>{s};
    }
    /// Entries at most, in place of what the spec says; the map is empty then.
    auto set_capacity(std::string const &name, u32 entries) const -> void {
        find(entry_->maps, name, "map")->set_capacity(entries);
    }
    /// The records that a ring buffer holds, oldest first; how many.
    template <class Use> auto consume(std::string const &name, Use const &use) const -> std::size_t {
        return find(entry_->maps, name, "map")->consume(use);
    }
    template <class T> auto config(std::string const &name) const -> T & {
        auto const &c = find(entry_->configs, name, "setting");
        if (c.size != sizeof(T)) throw std::invalid_argument("setting '" + name + "' is of another size");
        return *static_cast<T *>(c.at);
    }
    /// Empties all maps.
    auto reset() const -> void {
        for (auto const &[name, s] : entry_->maps) s->clear();
    }
};
} // namespace bpfxx::host
