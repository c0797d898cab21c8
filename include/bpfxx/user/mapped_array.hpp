// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The values of an array map in this process' memory, shared with programs: read and written without a system call.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/map.hpp>
#include <cerrno>
#include <cstddef>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace bpfxx::user {
/// Spec is an array with BPF_F_MMAPABLE (Linux 5.5). What both sides change at a time is read and written by std::atomic_ref
/// or through volatile.
template <class Spec> class mapped_array {
    static_assert(Spec::kind == map_kind::array && (Spec::options.flags & BPF_F_MMAPABLE) != 0,
                  "only an array whose spec has map_options{.flags = BPF_F_MMAPABLE} can be mapped");
    using value = typename Spec::value;
    static constexpr std::size_t stride = (sizeof(value) + 7) / 8 * 8;
    std::byte *at_ = nullptr;
    u32 capacity_ = 0;

    auto bytes() const -> std::size_t {
        auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        return (stride * capacity_ + page - 1) / page * page;
    }

  public:
    /// The map may be closed afterwards.
    explicit mapped_array(map<Spec> const &from) : capacity_{from.capacity()} {
        auto *const at = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, from.fd(), 0);
        if (at == MAP_FAILED) throw error{detail::text("cannot map the values of '", from.name(), "'"), errno};
        at_ = static_cast<std::byte *>(at);
    }
    mapped_array(mapped_array &&other) noexcept
        : at_{std::exchange(other.at_, nullptr)}, capacity_{std::exchange(other.capacity_, 0)} {}
    mapped_array(mapped_array const &) = delete;
    auto operator=(mapped_array &&other) noexcept -> mapped_array & {
        std::swap(at_, other.at_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    auto operator=(mapped_array const &) -> mapped_array & = delete;
    ~mapped_array() {
        if (at_) munmap(at_, bytes());
    }

    auto size() const noexcept -> u32 { return capacity_; }
    /// `index` is less than size().
    auto operator[](u32 index) const noexcept -> value & { return *reinterpret_cast<value *>(at_ + stride * index); }
};
} // namespace bpfxx::user
