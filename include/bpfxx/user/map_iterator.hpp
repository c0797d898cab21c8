// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A walk over a map that ends, and sees no entry twice, whatever is inserted and erased meanwhile.
#include <algorithm>
#include <bpf/bpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/map_traits.hpp>
#include <bpfxx/user/options.hpp>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Going from key to key starts over when the key was erased. So hashes are read by whole buckets (Linux 5.6), arrays
/// by index. Lives no longer than its map.
template <class Spec> class map_iterator {
    using traits = map_traits<Spec>;
    int fd_;
    u32 capacity_;
    std::string_view name_;

    // The batch in hand: of an array always one entry, whose index is first_.
    std::vector<std::byte> keys_, values_, token_;
    std::size_t count_ = 0, at_ = 0;
    u32 first_ = 0;
    bool started_ = false, last_ = false;

  public:
    struct entry {
        typename traits::key key;
        typename traits::content value;
    };
    using value_type = entry;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    /// Reads so many entries of a hash at once, or more if a bucket holds more.
    map_iterator(int fd, u32 capacity, std::string_view name, u32 batch = 512)
        : fd_{fd}, capacity_{capacity}, name_{name} {
        if constexpr (traits::is_array)
            values_ = traits::room();
        else
            resize(std::min(capacity, batch));
        fetch();
    }

    auto operator*() const -> entry {
        if constexpr (traits::is_array)
            return {first_, traits::unpack(values_.data())};
        else
            return {traits::template read<typename traits::key>(keys_.data() + at_ * sizeof(typename traits::key)),
                    traits::unpack(values_.data() + at_ * traits::stride * traits::values_per_entry())};
    }
    auto operator++() -> map_iterator & {
        if (++at_ >= count_) fetch();
        return *this;
    }
    auto operator++(int) -> void { ++*this; }
    friend auto operator==(map_iterator const &it, std::default_sentinel_t /*end*/) -> bool {
        return it.at_ >= it.count_;
    }

  private:
    auto resize(std::size_t entries) -> void {
        keys_.resize(entries * sizeof(typename traits::key));
        values_ = traits::room(entries);
        token_.resize(std::max(sizeof(u32), sizeof(typename traits::key)));
    }
    auto fetch() -> void {
        at_ = count_ = 0;
        if constexpr (traits::is_array)
            fetch_index();
        else
            while (count_ == 0 && !last_) fetch_batch();
    }
    auto fetch_index() -> void {
        first_ += started_ ? 1 : 0;
        started_ = true;
        if (first_ >= capacity_) return;
        check(bpf_map_lookup_elem_flags(fd_, &first_, values_.data(), traits::lock_flag), "cannot read entry ", first_,
              " of map '", name_, "'");
        count_ = 1;
    }
    auto fetch_batch() -> void {
        auto next = token_;
        auto count = static_cast<u32>(keys_.size() / sizeof(typename traits::key));
        auto options = user::options<bpf_map_batch_opts>{};
        options.elem_flags = traits::lock_flag;
        auto const result = bpf_map_lookup_batch(fd_, started_ ? token_.data() : nullptr, next.data(), keys_.data(),
                                                 values_.data(), &count, &options);
        if (result == -ENOSPC) { // one bucket holds more than the room made for all
            resize(keys_.size() / sizeof(typename traits::key) * 2);
            return;
        }
        if (result == -EINTR) return; // the entry was changed meanwhile: once more
        if (result != -ENOENT) check(result, "cannot read the entries of map '", name_, "'");
        last_ = result == -ENOENT;
        started_ = true;
        token_ = std::move(next);
        count_ = count;
    }
};
} // namespace bpfxx::user
