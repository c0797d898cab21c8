// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of the maps that hold sockets: where sk_skb and sk_msg programs send bytes to.
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// At the socket that bytes are redirected to: out of it, or to whoever reads from it.
enum class direction : u64 { out = 0, in = BPF_F_INGRESS };

namespace detail {
// By context: bytes that arrived, bytes that are sent.
BPFXX_INLINE auto redirect_to_index(skb::context *c, void *map, u32 index, u64 flags) -> i64 {
    return helper::sk_redirect_map(c, map, index, flags);
}
BPFXX_INLINE auto redirect_to_index(sk_msg::context *c, void *map, u32 index, u64 flags) -> i64 {
    return helper::msg_redirect_map(c, map, index, flags);
}
BPFXX_INLINE auto redirect_to_key(skb::context *c, void *map, void const *key, u64 flags) -> i64 {
    return helper::sk_redirect_hash(c, map, key, flags);
}
BPFXX_INLINE auto redirect_to_key(sk_msg::context *c, void *map, void const *key, u64 flags) -> i64 {
    return helper::msg_redirect_hash(c, map, key, flags);
}
} // namespace detail

BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, class Key, u32 Capacity, u64 Options> struct sockets {
    int (*type)[Kind];
    Key *key;
    u64 *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// `return streams.redirect(packet, key);`: the verdict that sends all bytes there, or `drop` if there is no socket
    /// under this key. The packet is one of an sk_skb or sk_msg program.
    template <class Packet>
    BPFXX_INLINE auto redirect(Packet const &packet, Key const &k, direction to = direction::out) {
        static_assert(
            requires { typename Packet::answer; }, "only sk_skb and sk_msg programs send to a socket");
        using answer = typename Packet::answer;
        auto const flags = static_cast<u64>(to);
        if constexpr (Kind == BPF_MAP_TYPE_SOCKMAP)
            return static_cast<answer>(detail::redirect_to_index(packet.raw(), this, k, flags));
        else
            return static_cast<answer>(detail::redirect_to_key(packet.raw(), this, handed<Key>{k}.at(), flags));
    }
    /// Calls use(socket) with the socket under this key, and gives it back afterwards; whether there is one.
    template <class Use> BPFXX_INLINE auto with(Key const &k, Use const &use) -> bool {
        auto *const found = helper::map_lookup_elem(this, handed<Key>{k}.at());
        if (!found) return false;
        use(found);
        helper::sk_release(found);
        return true;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map
