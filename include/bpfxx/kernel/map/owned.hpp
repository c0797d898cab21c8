// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of storages: values that belong to an object of the kernel's, and go with it. The host has no such objects.
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
namespace detail {
template <u32 Kind, class Owner>
BPFXX_INLINE auto owned_by(void *map, Owner *owner, void const *value, u64 flags) -> void * {
    if constexpr (Kind == BPF_MAP_TYPE_SK_STORAGE)
        return helper::sk_storage_get(map, owner, value, flags);
    else if constexpr (Kind == BPF_MAP_TYPE_TASK_STORAGE)
        return helper::task_storage_get(map, owner, value, flags);
    else if constexpr (Kind == BPF_MAP_TYPE_INODE_STORAGE)
        return helper::inode_storage_get(map, owner, value, flags);
    else
        return helper::cgrp_storage_get(map, owner, value, flags);
}
template <u32 Kind, class Owner> BPFXX_INLINE auto disown(void *map, Owner *owner) -> i64 {
    if constexpr (Kind == BPF_MAP_TYPE_SK_STORAGE)
        return helper::sk_storage_delete(map, owner);
    else if constexpr (Kind == BPF_MAP_TYPE_TASK_STORAGE)
        return helper::task_storage_delete(map, owner);
    else if constexpr (Kind == BPF_MAP_TYPE_INODE_STORAGE)
        return helper::inode_storage_delete(map, owner);
    else
        return helper::cgrp_storage_delete(map, owner);
}
} // namespace detail

BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, class Owner, class Value, u64 Options> struct owned {
    int (*type)[Kind];
    int *key; // to user space: a descriptor of the owner
    Value *value;
    int (*max_entries)[0];
    BPFXX_MAP_OPTIONS(Options);

    /// The owner's value, if it has one already.
    BPFXX_INLINE auto lookup(Owner *owner) -> entry<seen<Value, Options>> {
        return entry<seen<Value, Options>>{owner ? detail::owned_by<Kind>(this, owner, nullptr, 0) : nullptr};
    }
    /// The owner's value, made from `initial` if it has none. There is none if the kernel has no memory, or no owner.
    BPFXX_INLINE auto get(Owner *owner, Value const &initial) -> entry<seen<Value, Options>> {
        return entry<seen<Value, Options>>{
            owner ? detail::owned_by<Kind>(this, owner, &initial, BPF_LOCAL_STORAGE_GET_F_CREATE) : nullptr};
    }
    /// 0, or -ENOENT.
    BPFXX_INLINE auto erase(Owner *owner) -> i64 { return owner ? detail::disown<Kind>(this, owner) : -2; }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map
