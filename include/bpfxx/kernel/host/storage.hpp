// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Maps with the kernel's semantics in ordinary memory: capacity, errors, values that stay where they are.
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <linux/bpf.h>
#include <list>
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
};

/// One CPU runs at a time here, so a per-CPU map is its plain twin.
class storage {
    struct record {
        std::vector<u8> bytes;
        enum { busy, sent, discarded } state;
    };
    struct entry {
        std::unique_ptr<u8[]> value;
        std::list<std::string>::iterator use;
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
    std::size_t used_ = 0;       // bytes of a ring buffer, as the kernel counts them

  public:
    explicit storage(shape const &s) : shape_{s} { clear(); }
    auto what() const -> shape const & { return shape_; }
    auto holds_maps() const -> bool {
        return shape_.kind == BPF_MAP_TYPE_ARRAY_OF_MAPS || shape_.kind == BPF_MAP_TYPE_HASH_OF_MAPS;
    }
    auto clear() -> void {
        entries_.clear();
        uses_.clear();
        elements_.clear();
        records_.clear();
        used_ = 0;
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
        if (flags > BPF_EXIST || (is_trie() && index(key) > most_bits())) return -EINVAL;
        if (is_array()) {
            auto *const there = lookup(key);
            if (!there) return -E2BIG;
            if (flags == BPF_NOEXIST) return -EEXIST;
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
                entries_.erase(uses_.back());
                uses_.pop_back();
            }
            auto &made = entries_[name(key)];
            made.value = std::make_unique<u8[]>(shape_.value_size);
            if (is_lru()) made.use = uses_.insert(uses_.begin(), name(key));
            there = made.value.get();
        }
        std::memcpy(there, value, shape_.value_size);
        return 0;
    }
    auto erase(void const *key) -> i64 {
        if (is_array() || (is_trie() && index(key) > most_bits())) return -EINVAL;
        auto const found = entries_.find(name(key));
        if (found == entries_.end()) return -ENOENT;
        if (is_lru()) uses_.erase(found->second.use);
        entries_.erase(found);
        return 0;
    }
    /// Calls use(key, value) for each entry.
    template <class Use> auto for_each(Use const &use) -> void {
        if (is_array())
            for (u32 i = 0; i < shape_.capacity; i++) use(static_cast<void const *>(&i), lookup(&i));
        else
            for (auto &[key, e] : entries_) use(static_cast<void const *>(key.data()), e.value.get());
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
        return records_.emplace_back(record{std::vector<u8>(size), record::busy}).bytes.data();
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
    /// Calls use(bytes) for each record up to the first that is not finished; how many there were.
    template <class Use> auto consume(Use const &use) -> std::size_t {
        std::size_t n = 0;
        for (; !records_.empty() && records_.front().state != record::busy; records_.pop_front()) {
            auto const &r = records_.front();
            used_ -= cost(r.bytes.size());
            if (r.state == record::discarded) continue;
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
        return shape_.kind == BPF_MAP_TYPE_DEVMAP || shape_.kind == BPF_MAP_TYPE_CPUMAP ||
               shape_.kind == BPF_MAP_TYPE_XSKMAP || shape_.kind == BPF_MAP_TYPE_ARRAY_OF_MAPS;
    }
    auto is_lru() const -> bool {
        return shape_.kind == BPF_MAP_TYPE_LRU_HASH || shape_.kind == BPF_MAP_TYPE_LRU_PERCPU_HASH;
    }
    auto is_trie() const -> bool { return shape_.kind == BPF_MAP_TYPE_LPM_TRIE; }
    auto is_stack() const -> bool { return shape_.kind == BPF_MAP_TYPE_STACK; }
    auto is_bloom() const -> bool { return shape_.kind == BPF_MAP_TYPE_BLOOM_FILTER; }
    auto value_stride() const -> std::size_t { return (shape_.value_size + 7u) & ~std::size_t{7}; }
    static auto cost(u64 size) -> std::size_t { return (size + 8 + 7) & ~std::size_t{7}; }
    static auto index(void const *key) -> u32 {
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
