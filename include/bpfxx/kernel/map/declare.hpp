// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How BPFXX_MAP comes from what it is given to the kernel's map: a spec is looked up by overload, a map type is itself.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::map {
template <class Map> auto declared(Map *) -> Map; // declared only; each kind adds an overload for its spec
template <map_kind Kind, class Key, class Value, u32 Capacity>
__attribute__((unavailable("include the header of this kind of map: <bpfxx/kernel/map/hash.hpp>"))) //
auto declared(map_spec<Kind, Key, Value, Capacity> *) -> map_spec<Kind, Key, Value, Capacity>;
} // namespace bpfxx::map
