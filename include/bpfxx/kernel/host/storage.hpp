// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Maps with the kernel's semantics in ordinary memory: capacity, errors, values that stay where they are.
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <linux/bpf.h>
#include <memory>
#include <mutex>
#include <span>
#include <string>
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
    shape shape_;
    std::vector<u8> array_;
    std::unordered_map<std::string, std::unique_ptr<u8[]>> entries_;
    std::deque<record> records_; // a deque, so that a reserved record stays where it is
    std::size_t used_ = 0;       // bytes of a ring buffer, as the kernel counts them

  public:
    explicit storage(shape const &s) : shape_{s} { clear(); }
    auto what() const -> shape const & { return shape_; }
    auto clear() -> void {
        entries_.clear();
        records_.clear();
        used_ = 0;
        if (is_array()) array_.assign(std::size_t{shape_.capacity} * value_stride(), 0);
    }

    [[gnu::noinline]] auto lookup(void const *key) -> void * { // or its callers look as if they read too far
        if (is_array()) {
            auto const i = index(key);
            return i < shape_.capacity ? array_.data() + i * value_stride() : nullptr;
        }
        auto const found = entries_.find(name(key));
        return found == entries_.end() ? nullptr : found->second.get();
    }
    auto update(void const *key, void const *value, u64 flags) -> i64 {
        if (flags > BPF_EXIST) return -EINVAL;
        auto *const there = lookup(key);
        if (is_array()) {
            if (!there) return -E2BIG;
            if (flags == BPF_NOEXIST) return -EEXIST;
        } else if (!there) {
            if (flags == BPF_EXIST) return -ENOENT;
            if (entries_.size() >= shape_.capacity) return -E2BIG;
            auto &made = entries_[name(key)];
            made = std::make_unique<u8[]>(shape_.value_size);
            std::memcpy(made.get(), value, shape_.value_size);
            return 0;
        } else if (flags == BPF_NOEXIST)
            return -EEXIST;
        std::memcpy(there, value, shape_.value_size);
        return 0;
    }
    auto erase(void const *key) -> i64 {
        if (is_array()) return -EINVAL;
        return entries_.erase(name(key)) == 1 ? 0 : -ENOENT;
    }
    /// Calls use(key, value) for each entry.
    template <class Use> auto for_each(Use const &use) -> void {
        if (is_array())
            for (u32 i = 0; i < shape_.capacity; i++) use(static_cast<void const *>(&i), lookup(&i));
        else
            for (auto &[key, value] : entries_) use(static_cast<void const *>(key.data()), value.get());
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
    auto value_stride() const -> std::size_t { return (shape_.value_size + 7u) & ~std::size_t{7}; }
    static auto cost(u64 size) -> std::size_t { return (size + 8 + 7) & ~std::size_t{7}; }
    static auto index(void const *key) -> u32 {
        u32 i;
        std::memcpy(&i, key, sizeof i);
        return i;
    }
    auto name(void const *key) const -> std::string { return {static_cast<char const *>(key), shape_.key_size}; }
};
} // namespace bpfxx::host
