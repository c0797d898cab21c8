// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Maps with the kernel's semantics in ordinary memory: capacity, errors, values that stay where they are.
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <functional>
#include <linux/bpf.h>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <vector>

namespace bpfxx::host {
struct shape {
    u32 kind, key_size, value_size, capacity;
    bool locks = false; // the value has a lock
};

/// Timers in the values of maps. Time passes when a test says so: pass_time() in run.hpp.
struct timer {
    void *map;
    i64 (*ring)(void *map, void *key, void *value);
    u64 due;
    bool runs;
};
inline auto timers() -> std::map<::bpf_timer *, timer> & {
    static std::map<::bpf_timer *, timer> all;
    return all;
}

/// One CPU runs at a time here, so a per-CPU map is its plain twin.
class storage {
    struct record {
        std::vector<u8> bytes;
        enum { busy, sent, discarded, telling } state; // telling: of lost ones
    };
    struct entry {
        std::unique_ptr<u8[]> value;
        std::list<std::string>::iterator use;
        std::string prefix; // of a trie the key as it was last given, with the bits that do not count
    };
    struct target {
        void (*function)();
        std::type_info const *context;
    };
    shape shape_;
    std::vector<u8> array_;
    std::unordered_map<std::string, entry> entries_;
    std::list<std::string> uses_;          // the keys of an LRU map, what was used last in front
    std::deque<std::vector<u8>> elements_; // of a queue or stack, the oldest in front
    std::unordered_map<u32, target> programs_;
    std::deque<record> records_; // a deque, so that a reserved record stays where it is
    std::size_t used_ = 0;       // bytes of a buffer, as the kernel counts them
    std::size_t opened_ = 0;     // bytes of a perf buffer
    u64 lost_ = 0, untold_ = 0;  // records that a perf buffer had no room for; those that no record tells of yet

  public:
    explicit storage(shape const &s) : shape_{s} { clear(); }
    auto what() const -> shape const & { return shape_; }
    auto holds_maps() const -> bool {
        return shape_.kind == BPF_MAP_TYPE_ARRAY_OF_MAPS || shape_.kind == BPF_MAP_TYPE_HASH_OF_MAPS;
    }
    /// Of an empty map, as libbpf can set it before the kernel makes one.
    auto set_capacity(u32 entries) -> void {
        shape_.capacity = entries;
        clear();
    }
    auto clear() -> void {
        forget_timers();
        entries_.clear();
        uses_.clear();
        elements_.clear();
        records_.clear();
        used_ = 0;
        lost_ = untold_ = 0;
        programs_.clear();
        if (is_array()) array_.assign(std::size_t{shape_.capacity} * value_stride(), 0);
    }

    [[gnu::noinline]] auto lookup(void const *key) -> void * { // or its callers look as if they read too far
        if (is_array()) {
            auto const i = index(key);
            return i < shape_.capacity ? array_.data() + i * value_stride() : nullptr;
        }
        if (is_trie()) {
            if (index(key) > most_bits()) return nullptr;
            for (auto length = i64{index(key)}; length >= 0; length--)
                if (auto *const there = find(name(key, static_cast<u32>(length)))) return there;
            return nullptr;
        }
        return find(name(key));
    }
    auto update(void const *key, void const *value, u64 flags) -> i64 {
        if ((flags & BPF_F_LOCK) != 0 && !shape_.locks) return -EINVAL;
        flags &= ~u64{BPF_F_LOCK};
        if (flags > BPF_EXIST || (is_trie() && index(key) > most_bits())) return -EINVAL;
        if (is_array()) {
            auto *const there = lookup(key);
            if (!there) return -E2BIG;
            if (flags == BPF_NOEXIST) return -EEXIST;
            forget_timers(there);
            std::memcpy(there, value, shape_.value_size);
            return 0;
        }
        if (is_sparse() && index(key) >= shape_.capacity) return -E2BIG;
        auto *there = find(name(key));
        if (there && flags == BPF_NOEXIST) return -EEXIST;
        if (!there) {
            if (flags == BPF_EXIST) return -ENOENT;
            if (entries_.size() >= shape_.capacity) {
                if (!is_lru()) return is_trie() ? -ENOSPC : -E2BIG;
                auto const oldest = entries_.find(uses_.back());
                forget_timers(oldest->second.value.get());
                entries_.erase(oldest);
                uses_.pop_back();
            }
            auto &made = entries_[name(key)];
            made.value = std::make_unique<u8[]>(shape_.value_size);
            if (is_lru()) made.use = uses_.insert(uses_.begin(), name(key));
            there = made.value.get();
        }
        if (is_trie()) entries_[name(key)].prefix = {static_cast<char const *>(key), shape_.key_size};
        forget_timers(there);
        std::memcpy(there, value, shape_.value_size);
        return 0;
    }
    auto erase(void const *key) -> i64 {
        if (is_array() || (is_trie() && index(key) > most_bits())) return -EINVAL;
        auto const found = entries_.find(name(key));
        if (found == entries_.end()) return -ENOENT;
        if (is_lru()) uses_.erase(found->second.use);
        forget_timers(found->second.value.get());
        entries_.erase(found);
        return 0;
    }
    /// Calls use(key, value) for each entry.
    template <class Use> auto for_each(Use const &use) -> void {
        if (is_array())
            for (u32 i = 0; i < shape_.capacity; i++) use(static_cast<void const *>(&i), lookup(&i));
        else
            for (auto &[key, e] : entries_)
                use(static_cast<void const *>(is_trie() ? e.prefix.data() : key.data()), e.value.get());
    }

    /// Calls use(key, value) for each entry until it answers other than 0; entries may go meanwhile. How often.
    template <class Use> auto walk(Use const &use) -> i64 {
        std::vector<std::string> keys;
        for_each([&](void const *key, void *) { keys.emplace_back(static_cast<char const *>(key), shape_.key_size); });
        i64 seen = 0;
        for (auto &key : keys) {
            void *value = nullptr;
            if (is_array())
                value = lookup(key.data());
            else if (auto const there = entries_.find(key); there != entries_.end())
                value = there->second.value.get();
            if (!value) continue;
            seen++;
            if (use(static_cast<void const *>(key.data()), value) != 0) break;
        }
        return seen;
    }
    /// Calls use(key, value) with the entry whose value this address lies in.
    template <class Use> auto at(void const *inside, Use const &use) -> void {
        for_each([&](void const *key, void *value) {
            if (lies_in(inside, value)) use(key, value);
        });
    }

    /// What a tail call goes to.
    template <class Context> auto set_program(u32 i, int (*program)(Context *)) -> i64 {
        if (i >= shape_.capacity) return -E2BIG;
        programs_[i] = {reinterpret_cast<void (*)()>(program), &typeid(Context)};
        return 0;
    }
    template <class Context> auto program(u32 i) const -> int (*)(Context *) {
        auto const found = programs_.find(i);
        if (found == programs_.end()) return nullptr;
        if (*found->second.context != typeid(Context)) throw std::logic_error("a tail call to another type of program");
        return reinterpret_cast<int (*)(Context *)>(found->second.function);
    }

    /// An element of a queue or stack, or a member of a Bloom filter, which is exact here.
    auto push(void const *value, u64 flags) -> i64 {
        if (flags != BPF_ANY && (is_bloom() || flags != BPF_EXIST)) return -EINVAL;
        if (is_bloom()) {
            entries_[bytes(value)];
            return 0;
        }
        if (elements_.size() == shape_.capacity) {
            if (flags != BPF_EXIST) return -E2BIG;
            elements_.pop_front();
        }
        auto const *const at = static_cast<u8 const *>(value);
        elements_.emplace_back(at, at + shape_.value_size);
        return 0;
    }
    auto peek(void *value) const -> i64 {
        if (is_bloom()) return entries_.contains(bytes(value)) ? 0 : -ENOENT;
        if (elements_.empty()) {
            std::memset(value, 0, shape_.value_size);
            return -ENOENT;
        }
        std::memcpy(value, is_stack() ? elements_.back().data() : elements_.front().data(), shape_.value_size);
        return 0;
    }
    auto pop(void *value) -> i64 {
        auto const result = peek(value);
        if (result != 0) return result;
        if (is_stack())
            elements_.pop_back();
        else
            elements_.pop_front();
        return 0;
    }

    /// A record of a ring buffer: 8 bytes in front of it, and its length is rounded up to 8.
    auto reserve(u64 size) -> void * {
        if (used_ + cost(size) > shape_.capacity - 1) return nullptr;
        used_ += cost(size);
        auto &made = records_.emplace_back(record{std::vector<u8>(size), record::busy}).bytes;
        made.reserve(1); // a record of no bytes has an address, too
        return made.data();
    }
    auto finish(void const *data, bool keep) -> void {
        for (auto &r : records_)
            if (r.bytes.data() == data) r.state = keep ? record::sent : record::discarded;
    }
    auto owns(void const *data) const -> bool {
        for (auto const &r : records_)
            if (r.bytes.data() == data) return true;
        return false;
    }
    /// A perf buffer of so many bytes, a power of two; what is sent before there is one is not taken.
    auto open(std::size_t bytes) -> void { opened_ = bytes; }
    auto output(void const *data, u64 size, void const *more, u64 more_size) -> i64 {
        constexpr std::size_t telling = 24; // that records were lost
        if (opened_ == 0) return -ENOENT;
        auto const needed = cost(size + more_size) + (untold_ != 0 ? telling : 0);
        if (used_ + needed > opened_ - 1) {
            lost_++;
            untold_++;
            return -ENOSPC;
        }
        if (untold_ != 0) records_.push_back({std::vector<u8>(telling), record::telling});
        untold_ = 0;
        used_ += needed;
        record r{std::vector<u8>(size + more_size), record::sent};
        std::memcpy(r.bytes.data(), data, size);
        if (more_size != 0) std::memcpy(r.bytes.data() + size, more, more_size);
        records_.push_back(std::move(r));
        return 0;
    }
    /// Records that a perf buffer had no room for.
    auto lost() const -> u64 { return lost_; }

    /// What user space sends to a program.
    auto send(void const *data, u64 size) -> i64 {
        if (cost(size) > shape_.capacity) return -E2BIG;
        if (used_ + cost(size) > shape_.capacity) return -ENOSPC;
        used_ += cost(size);
        auto const *const at = static_cast<u8 const *>(data);
        records_.push_back({std::vector<u8>(at, at + size), record::sent});
        return 0;
    }
    /// Calls use(bytes) for each record until it answers other than 0; how often.
    template <class Use> auto drain(Use const &use) -> i64 {
        i64 n = 0;
        for (bool more = true; more && !records_.empty(); n++) {
            more = use(records_.front().bytes) == 0;
            used_ -= cost(records_.front().bytes.size());
            records_.pop_front();
        }
        return n;
    }

    /// Calls use(bytes) for each record up to the first that is not finished; how many there were.
    template <class Use> auto consume(Use const &use) -> std::size_t {
        std::size_t n = 0;
        for (; !records_.empty() && records_.front().state != record::busy; records_.pop_front()) {
            auto const &r = records_.front();
            used_ -= r.state == record::telling ? r.bytes.size() : cost(r.bytes.size());
            if (r.state != record::sent) continue;
            use(std::span<u8 const>{r.bytes});
            n++;
        }
        return n;
    }

  private:
    auto is_array() const -> bool {
        return shape_.kind == BPF_MAP_TYPE_ARRAY || shape_.kind == BPF_MAP_TYPE_PERCPU_ARRAY;
    }
    auto is_sparse() const -> bool { // by index, and there may be nothing
        if (shape_.kind == BPF_MAP_TYPE_REUSEPORT_SOCKARRAY) return true;
        return shape_.kind == BPF_MAP_TYPE_DEVMAP || shape_.kind == BPF_MAP_TYPE_CPUMAP ||
               shape_.kind == BPF_MAP_TYPE_XSKMAP || shape_.kind == BPF_MAP_TYPE_SOCKMAP ||
               shape_.kind == BPF_MAP_TYPE_ARRAY_OF_MAPS;
    }
    auto is_lru() const -> bool {
        return shape_.kind == BPF_MAP_TYPE_LRU_HASH || shape_.kind == BPF_MAP_TYPE_LRU_PERCPU_HASH;
    }
    auto is_trie() const -> bool { return shape_.kind == BPF_MAP_TYPE_LPM_TRIE; }
    auto is_stack() const -> bool { return shape_.kind == BPF_MAP_TYPE_STACK; }
    auto is_bloom() const -> bool { return shape_.kind == BPF_MAP_TYPE_BLOOM_FILTER; }
    auto value_stride() const -> std::size_t { return (shape_.value_size + 7u) & ~std::size_t{7}; }
    /// A record with what is in front of it: 8 bytes, and in a perf buffer 4 more that say how long it is.
    auto cost(u64 size) const -> std::size_t {
        return (size + (shape_.kind == BPF_MAP_TYPE_PERF_EVENT_ARRAY ? 12 : 8) + 7) & ~std::size_t{7};
    }
    auto lies_in(void const *inside, void const *value) const -> bool {
        auto const *const at = static_cast<u8 const *>(inside), *const from = static_cast<u8 const *>(value);
        return !std::less<>{}(at, from) && std::less<>{}(at, from + shape_.value_size);
    }
    /// The timers of a value, or all of this map, end.
    auto forget_timers(void const *value = nullptr) -> void {
        std::erase_if(timers(), [&](auto const &t) {
            if (value) return lies_in(t.first, value);
            bool mine = false;
            at(t.first, [&](void const *, void *) { mine = true; });
            return mine;
        });
    }
    // Not inlined: of keys that are shorter, and of other kinds of maps, g++ warns of what is never called.
    [[gnu::noinline]] static auto index(void const *key) -> u32 {
        u32 i;
        std::memcpy(&i, key, sizeof i);
        return i;
    }
    auto bytes(void const *value) const -> std::string { return {static_cast<char const *>(value), shape_.value_size}; }
    /// A key by which an entry is found: its bytes, of a prefix those that count.
    auto name(void const *key) const -> std::string {
        return is_trie() ? name(key, index(key)) : std::string{static_cast<char const *>(key), shape_.key_size};
    }
    auto name(void const *key, u32 length) const -> std::string {
        std::string n{static_cast<char const *>(key), shape_.key_size};
        std::memcpy(n.data(), &length, sizeof length);
        for (auto bit = length; bit < most_bits(); bit++) {
            auto &byte = n[sizeof length + bit / 8];
            byte = static_cast<char>(byte & ~(0x80 >> bit % 8));
        }
        return n;
    }
    auto most_bits() const -> u32 { return (shape_.key_size - static_cast<u32>(sizeof(u32))) * 8; }
    auto find(std::string const &n) -> void * {
        auto const found = entries_.find(n);
        if (found == entries_.end()) return nullptr;
        if (is_lru()) uses_.splice(uses_.begin(), uses_, found->second.use);
        return found->second.value.get();
    }
};
} // namespace bpfxx::host
