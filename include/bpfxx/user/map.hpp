// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A kernel map with the types of its spec, checked once against what the kernel has.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/map_check.hpp>
#include <bpfxx/user/map_iterator.hpp>
#include <bpfxx/user/map_traits.hpp>
#include <bpfxx/user/options.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Whether update() may make an entry, may replace one, or both.
enum class update_mode : u64 { any = BPF_ANY, create = BPF_NOEXIST, replace = BPF_EXIST };

template <class Spec> class map {
    using traits = map_traits<Spec>;
    // A map in a map is a number to the kernel.
    using kernel_value = std::conditional_t<traits::is_of_maps, u32, typename Spec::value>;
    descriptor fd_;
    std::string name_;
    u32 capacity_ = 0;

    map(descriptor fd, btf const *types) : fd_{std::move(fd)} {
        auto const info = detail::check_map(fd_.get(), types, Spec::kind, detail::side<typename Spec::key>("a key"),
                                            detail::side<kernel_value>("a value"));
        name_.assign(info.name, strnlen(info.name, sizeof info.name));
        capacity_ = info.max_entries;
    }
    static auto loaded(bpf_map const *from) -> int {
        auto const fd = bpf_map__fd(from);
        if (fd < 0)
            throw error{detail::text("map '", bpf_map__name(from), "' does not exist yet"), 0, {}, "call load() first"};
        return fd;
    }

  public:
    using key = typename traits::key;
    using value = typename traits::value;
    /// What a key leads to: a value, or with a per-CPU map one for each possible CPU.
    using content = typename traits::content;

    /// A map of a loaded object, whose BTF `types` is.
    map(bpf_map const *from, btf const *types) : map{descriptor::duplicate(loaded(from)), types} {}
    /// A map by a descriptor, which stays with its owner.
    explicit map(int fd) : map{descriptor::duplicate(fd), nullptr} {}
    /// A map that is pinned in a bpf file system.
    static auto pinned(std::string const &path) -> map {
        return {descriptor{check(bpf_obj_get(path.c_str()), "cannot open the pinned map ", path)}, nullptr};
    }

    auto fd() const noexcept -> int { return fd_.get(); }
    auto name() const noexcept -> std::string const & { return name_; }
    /// Entries at most; bytes of a ring buffer.
    auto capacity() const noexcept -> u32 { return capacity_; }

    /// Nothing if there is no such entry. Of a socket, its cookie.
    auto lookup(key const &k) const -> std::optional<content>
        requires(traits::has_entries || traits::holds_sockets)
    {
        auto room = traits::room();
        auto const result = bpf_map_lookup_elem_flags(fd(), &k, room.data(), traits::lock_flag);
        if (result == -ENOENT) return std::nullopt;
        check(result, "cannot look up an entry of map '", name_, "'");
        return traits::unpack(room.data());
    }
    /// The entry's value, and the entry is gone: nobody else gets it (Linux 5.14).
    auto take(key const &k) const -> std::optional<content>
        requires(traits::is_hash &&Spec::kind != map_kind::lpm_trie)
    {
        auto room = traits::room();
        auto const result = bpf_map_lookup_and_delete_elem_flags(fd(), &k, room.data(), traits::lock_flag);
        if (result == -ENOENT) return std::nullopt;
        check(result, "cannot take an entry of map '", name_, "'");
        return traits::unpack(room.data());
    }

    /// False if the mode forbids it: `create` found an entry, or `replace` none.
    auto update(key const &k, value const &v, update_mode mode = update_mode::any) const
        -> bool requires(traits::has_entries && !traits::is_stacks) {
        if constexpr (!traits::is_per_cpu)
            return put(k, &v, mode);
        else
            return update(k, std::vector<value>(traits::values_per_entry(), v), mode);
    }
    /// One value for each possible CPU.
    auto update(key const &k, std::span<value const> values, update_mode mode = update_mode::any) const
        -> bool requires(traits::is_per_cpu) {
        if (values.size() != traits::values_per_entry())
            throw error{detail::text("cannot update map '", name_, "' with ", values.size(), " values: there are ",
                                     traits::values_per_entry(), " possible CPUs"),
                        EINVAL};
        auto const packed = traits::pack(values);
        return put(k, packed.data(), mode);
    }

    /// False if there was no such entry.
    auto erase(key const &k) const
        -> bool requires((traits::has_entries || traits::holds_objects) && !traits::is_array) {
        auto const result = bpf_map_delete_elem(fd(), &k);
        // A sockmap's own word for it, also where a socket has left by itself since its connection was reset.
        if (result == -ENOENT || (Spec::kind == map_kind::sockmap && result == -EINVAL)) return false;
        check(result, "cannot erase an entry of map '", name_, "'");
        return true;
    }

    /// `for (auto [key, value] : map)`. Entries that come or go meanwhile may be seen or not; all others are seen once.
    auto begin() const -> map_iterator<Spec>
        requires(traits::is_keyed)
    { return {fd(), capacity_, name_}; }
    auto end() const -> std::default_sentinel_t { return {}; }

    /// Entries there are now: counted, so as slow as a walk. An array always has all.
    auto size() const -> u32 requires(traits::is_keyed) {
        if constexpr (traits::is_array) return capacity_;
        auto count = u32{0};
        for (auto i = begin(); i != end(); ++i) count++;
        return count;
    }

    /// Erases all entries, or zeroes those of an array.
    auto clear() const -> void requires(traits::is_keyed) {
        if constexpr (traits::is_array) {
            auto const zero = traits::room();
            for (u32 i = 0; i < capacity_; i++) put(i, zero.data(), update_mode::any);
        } else {
            for (auto i = begin(); i != end(); ++i) erase((*i).key);
        }
    }

    /// The sum over all CPUs of what `projection` takes from a value: `sum(0, &tally::drop)`. No entry counts as 0.
    template <class Projection>
    auto sum(key const &k, Projection const &projection) const -> u64 requires(traits::is_per_cpu) {
        auto total = u64{0};
        if (auto const values = lookup(k))
            for (auto const &v : *values) total += static_cast<u64>(std::invoke(projection, v));
        return total;
    }
    /// The same for a value that is an u64, or made of nothing else.
    auto sum(key const &k) const -> value requires(traits::is_per_cpu &&detail::made_of_u64<value>) {
        u64 total[sizeof(value) / sizeof(u64)] = {};
        if (auto const values = lookup(k)) {
            for (auto const &v : *values) {
                u64 parts[std::size(total)];
                std::memcpy(parts, &v, sizeof v);
                for (std::size_t i = 0; i < std::size(total); i++) total[i] += parts[i];
            }
        }
        auto result = value{};
        std::memcpy(&result, total, sizeof result);
        return result;
    }

    /// Writes all entries by as few calls as the kernel allows (Linux 5.6); of two with one key, the later one stays. What
    /// the mode forbids is an error; the entries before it are written.
    auto update_batch(std::span<key const> keys, std::span<value const> values,
                      update_mode mode = update_mode::any) const
        -> void requires(traits::is_keyed && !traits::is_per_cpu) {
        if (keys.size() != values.size())
            throw error{detail::text("cannot update map '", name_, "' with ", keys.size(), " keys and ", values.size(),
                                     " values"),
                        EINVAL};
        auto count = static_cast<u32>(keys.size());
        if (count == 0) return;
        auto result = 0;
        if (mode == update_mode::any) {
            auto options = user::options<bpf_map_batch_opts>{};
            options.elem_flags = traits::lock_flag;
            result = bpf_map_update_batch(fd(), keys.data(), values.data(), &count, &options);
            if (result < 0 && count == keys.size()) count = 0; // refused before the first one, as the kernel found it
        } else {                                               // of which the kernel knows no batches
            auto const flags = static_cast<u64>(mode) | traits::lock_flag;
            for (count = 0; count < keys.size(); count++)
                if (result = bpf_map_update_elem(fd(), &keys[count], &values[count], flags); result < 0) break;
        }
        check(result, "cannot update map '", name_, "': ", count, " of ", keys.size(), " entries were written");
    }
    /// Erases what is there of these keys; how many that were.
    auto erase_batch(std::span<key const> keys) const -> std::size_t requires(traits::is_hash) {
        auto erased = std::size_t{0};
        while (!keys.empty()) {
            auto count = static_cast<u32>(keys.size());
            auto const result = bpf_map_delete_batch(fd(), keys.data(), &count, nullptr);
            if (result != -ENOENT) check(result, "cannot erase entries of map '", name_, "'");
            erased += count;
            keys = keys.subspan(count + (result == -ENOENT ? 1 : 0)); // behind the key that is not there
        }
        return erased;
    }
    /// At most so many entries from the start of the map.
    auto lookup_batch(std::size_t most) const -> std::vector<typename map_iterator<Spec>::entry>
        requires(traits::is_keyed)
    {
        auto found = std::vector<typename map_iterator<Spec>::entry>{};
        for (auto i = begin(); found.size() < most && i != end(); ++i) found.push_back(*i);
        return found;
    }

    /// A map of programs, maps, sockets or control groups: puts one in, which the map then keeps.
    template <class Object>
    auto update(key const &k, Object const &object) const
        -> void requires(traits::holds_objects &&requires { object.fd(); }) {
        if constexpr (traits::is_of_maps)
            static_assert(std::is_same_v<Object, user::map<typename Spec::value>>,
                          "a map of maps holds maps of one spec");
        update(k, object.fd());
    }
    auto update(key const &k, int object_fd) const -> void requires(traits::holds_objects) {
        auto const v = static_cast<value>(object_fd);
        put(k, &v, update_mode::any);
    }
    /// The map that is in a map of maps; nothing if there is none.
    auto inner(key const &k) const -> std::optional<user::map<typename Spec::value>>
        requires(traits::is_of_maps)
    {
        auto id = u32{};
        auto const result = bpf_map_lookup_elem(fd(), &k, &id);
        if (result == -ENOENT) return std::nullopt;
        check(result, "cannot look up an entry of map '", name_, "'");
        auto const found = descriptor{check(bpf_map_get_fd_by_id(id), "cannot open an inner map of '", name_, "'")};
        return user::map<typename Spec::value>{found.get()};
    }

    /// A queue or stack: puts a value in. False if it is full; `replace` drops the oldest instead.
    auto push(value const &v, update_mode mode = update_mode::any) const -> bool requires(traits::is_line) {
        auto const result = bpf_map_update_elem(fd(), nullptr, &v, static_cast<u64>(mode));
        if (result == -E2BIG) return false;
        check(result, "cannot push to map '", name_, "'");
        return true;
    }
    /// The next value, taken out; nothing if it is empty.
    auto pop() const -> std::optional<value>
        requires(traits::is_line)
    { return taken(bpf_map_lookup_and_delete_elem); }
    /// The next value, which stays.
    auto peek() const -> std::optional<value>
        requires(traits::is_line)
    { return taken(bpf_map_lookup_elem); }

    /// A Bloom filter: adds a member.
    auto add(value const &v) const -> void requires(traits::is_bloom) {
        check(bpf_map_update_elem(fd(), nullptr, &v, BPF_ANY), "cannot add to map '", name_, "'");
    }
    /// No is certain; yes is probable.
    auto may_contain(value v) const -> bool requires(traits::is_bloom) {
        auto const result = bpf_map_lookup_elem(fd(), nullptr, &v);
        if (result == -ENOENT) return false;
        check(result, "cannot look into map '", name_, "'");
        return true;
    }

  private:
    auto taken(int (*take)(int, void const *, void *)) const -> std::optional<value> {
        auto v = value{};
        auto const result = take(fd(), nullptr, &v);
        if (result == -ENOENT) return std::nullopt;
        check(result, "cannot read map '", name_, "'");
        return v;
    }
    auto put(key const &k, void const *v, update_mode mode) const -> bool {
        auto const result = bpf_map_update_elem(fd(), &k, v, static_cast<u64>(mode) | traits::lock_flag);
        if ((result == -EEXIST && mode == update_mode::create) || (result == -ENOENT && mode == update_mode::replace))
            return false;
        if (result == -E2BIG || (result == -ENOSPC && Spec::kind == map_kind::lpm_trie))
            throw error{detail::text("cannot update map '", name_, "'"),
                        E2BIG,
                        {},
                        detail::text(traits::is_array ? "its last index is " : "it is full: its capacity is ",
                                     traits::is_array ? capacity_ - 1 : capacity_)};
        check(result, "cannot update map '", name_, "'");
        return true;
    }
};
} // namespace bpfxx::user
