// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How BPFXX_MAP comes from what it is given to the kernel's map: a spec is looked up by overload, a map type is itself.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/core/padding.hpp>
#include <bpfxx/kernel/platform.hpp>

// A number in BTF is the length of an array, and 0 is one. C++ has no such arrays, compilers do.
#define BPFXX_MAP_FIELDS_BEGIN _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wpedantic\"")
#define BPFXX_MAP_FIELDS_END _Pragma("GCC diagnostic pop")
/// The fields that all kinds have.
#define BPFXX_MAP_OPTIONS(options)                                                                                     \
    int(*map_flags)[bpfxx::map::flags_in(options)];                                                                    \
    int(*pinning)[bpfxx::map::pinning_in(options)];                                                                    \
    int(*numa_node)[bpfxx::map::numa_node_in(options)]

namespace bpfxx::map {
// What map_options::code() holds.
BPFXX_INLINE constexpr auto flags_in(u64 options) -> u32 { return static_cast<u32>(options); }
BPFXX_INLINE constexpr auto pinning_in(u64 options) -> u32 { return options >> 32 & 1; }
BPFXX_INLINE constexpr auto numa_node_in(u64 options) -> u32 { return static_cast<u32>(options >> 33); }
/// What a program sees of a value: of a map with BPF_F_RDONLY_PROG it changes none.
template <class Value, bool ReadOnly> struct seen_as { using type = Value; };
template <class Value> struct seen_as<Value, true> { using type = Value const; };
BPFXX_INLINE constexpr auto is_writable(u64 options) -> bool { return (flags_in(options) & BPF_F_RDONLY_PROG) == 0; }
template <class Value, u64 Options> using seen = typename seen_as<Value, !is_writable(Options)>::type;

// What a helper gets of a key or a value: bytes of its own. A helper may read what the program still uses, but then it lies
// on the stack: the verifier forgets what it knows of it, a loop's counter for instance, and refuses words there that are
// not aligned, while wire values are read as words wherever they lie. A copy that only the helper sees leaves the value
// itself in registers.
enum class handing { in_place, as_bytes, as_value, cleared };
template <class T> constexpr auto handing_of() -> handing {
    constexpr bool has_copies = requires(T & to, T const &from) {
        T(from);
        to = from;
    };
    if (sizeof(T) > 64) return handing::in_place;
    if (has_copies && bpfxx::detail::padding<T>::is_there) return handing::cleared;
    return has_copies && sizeof(T) <= 16 ? handing::as_value : handing::as_bytes;
}

template <class T, handing = handing_of<T>()> class handed {
    alignas(8) u8 bytes_[sizeof(T)];

  public:
    BPFXX_INLINE explicit handed(T const &value) { __builtin_memcpy(bytes_, &value, sizeof value); }
    BPFXX_INLINE auto at() -> void * { return bytes_; }
};
template <class T> class handed<T, handing::as_value> {
    struct longer { // than a word: clang would put a word together first
        T value;
        u8 unused[9];
        BPFXX_INLINE explicit longer(T const &v) : value(v) {}
    };
    alignas(8) u8 bytes_[sizeof(longer)];

  public:
    BPFXX_INLINE explicit handed(T const &value) {
        longer const copy(value);
        __builtin_memcpy(bytes_, &copy, sizeof copy);
    }
    BPFXX_INLINE auto at() -> void * { return bytes_; }
};
/// Kernels before 6.3 take no bytes of the stack that nobody has written, as padding. Members that are copied one by one
/// leave it as it is, and what is copied as bytes brings its own along.
template <class T> class handed<T, handing::cleared> {
    union {
        T value_;
        alignas(8) u8 bytes_[sizeof(T)];
    };

  public:
    BPFXX_INLINE explicit handed(T const &value) : bytes_{} {
        value_ = value;
        bpfxx::detail::clear_padding<T>(bytes_);
    }
    BPFXX_INLINE auto at() -> void * { return bytes_; }
};
template <class T> class handed<T, handing::in_place> {
    T const &value_;

  public:
    BPFXX_INLINE explicit handed(T const &value) : value_{value} {}
    BPFXX_INLINE auto at() -> void * { return const_cast<T *>(&value_); }
};

#if defined(__bpf__)
__attribute__((error("this key is the program's own: lookup(key) gives the helper a copy of it"))) auto not_in_place()
    -> void;
/// The address of a key that lies in a packet or in a map, as it is. One on the stack may not be aligned.
template <class Key> BPFXX_INLINE auto in_place(Key const &key) -> void const * {
    if (__builtin_object_size(&key, 0) != ~0ul) not_in_place();
    return &key;
}
#else
template <class Key> auto in_place(Key const &key) -> void const * { return &key; }
#endif

/// The type of a map's keys.
template <class T> auto pointed_at(T *) -> T;
template <class Map> using key_of = decltype(pointed_at(static_cast<Map *>(nullptr)->key));

// Not every program may call every helper. Where a map is given the packet, the packet's class says what the kernel allows,
// by the name of a type; a program that has only the context knows itself what it may do.
template <class Packet>
concept context_itself = requires(Packet p) {
    *p;
};
/// What helpers are given of a packet; a context itself stays what it is.
template <class Packet> BPFXX_INLINE auto context_of(Packet const &packet) -> auto * {
    if constexpr (requires { packet.raw(); })
        return packet.raw();
    else
        return packet;
}
} // namespace bpfxx::map

namespace bpfxx {
template <class Map> auto declared(Map *) -> Map; // declared only; each kind adds an overload for its spec
template <map_kind Kind, class Key, class Value, u32 Capacity, map_options Options>
__attribute__((unavailable("include the header of this kind of map: <bpfxx/kernel/map/hash.hpp>"))) //
auto declared(map_spec<Kind, Key, Value, Capacity, Options> *) -> map_spec<Kind, Key, Value, Capacity, Options>;
} // namespace bpfxx
