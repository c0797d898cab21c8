// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// XDP programs (Linux 4.8; as documented here 5.10): the packet, the verdict, and the entry point.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/rewrite.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/frame_start.hpp>
#include <bpfxx/kernel/reframe.hpp>

namespace bpfxx::xdp {
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_XDP knows them.
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// A frame as the driver hands it over: its linear part. What changes its size takes the packet, move(packet).…, and gives
/// back another one; layers of the old one are void. If it cannot be done, the packet is as it was.
class BPFXX_CONSUMABLE packet {
    context *context_;

  public:
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    BPFXX_INLINE packet(packet const &) = default;
    BPFXX_RENEWS BPFXX_INLINE auto operator=(packet const &) -> packet & = default;
    BPFXX_CONSUMED BPFXX_INLINE friend auto move(BPFXX_CONSUMED packet &p) -> packet && {
        p.give_away();
        return static_cast<packet &&>(p);
    }
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_UNCONSUMED BPFXX_INLINE auto parse() const {
        return packet_chain<Steps...>::at(whole(), start{});
    }
    /// Changes fields of these layers, and with them every checksum: packet.rewrite(ip, datagram).destination(port).
    template <class... Layers> BPFXX_INLINE auto rewrite(Layers const &...layers) const {
        return detail::rewritten(in_place<packet>{*this}, layers...);
    }
    /// Calls use(header) with a layer's header to write to. Which checksums that makes wrong is the program's own business.
    template <class Layer, class Use>
    BPFXX_UNCONSUMED BPFXX_INLINE auto raw(Layer const &layer, Use const &use) const -> void {
        detail::layer_of(layer).change(detail::write_access{}, use);
    }
    /// All its bytes.
    BPFXX_UNCONSUMED BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// What helpers, walks and other sources are given.
    BPFXX_UNCONSUMED BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_UNCONSUMED BPFXX_INLINE auto whole() const -> cursor {
        return whole_packet(begin(*context_), end(*context_));
    }
    BPFXX_UNCONSUMED BPFXX_INLINE auto length() const -> u64 { return whole().remaining(); }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ingress_ifindex; }
    BPFXX_INLINE auto queue() const -> u32 { return context_->rx_queue_index; }

    /// Headers in their order, from the first one of the frame to what it carries: layers of this packet, and new ones as
    /// values. move(packet).encapsulate(eth, net::ipv4{.src = here, .dst = there}, net::gre{}, ip).
    template <class... Parts> BPFXX_INLINE auto encapsulate(Parts const &...parts) && -> result<packet> {
        static_assert(detail::composition<Parts...>::any_new, "without a new header it is no encapsulation");
        return detail::reframed<detail::encapsulating>(*this, parts...);
    }
    /// The same without what stands between: move(packet).decapsulate(eth, inner_ip), move(packet).decapsulate(inner_eth).
    template <class... Parts> BPFXX_INLINE auto decapsulate(Parts const &...parts) && -> result<packet> {
        static_assert(!detail::composition<Parts...>::any_new, "a new header is put before a packet by encapsulate()");
        return detail::reframed<detail::decapsulating>(*this, parts...);
    }
    /// The same with other headers instead of some: move(packet).translate(eth, net::ipv6{…}, behind(ip)).
    template <class... Parts> BPFXX_INLINE auto translate(Parts const &...parts) && -> result<packet> {
        return detail::reframed<detail::translating>(*this, parts...);
    }

    /// A tag becomes the outermost one; `kind` is one of its keys, net::ether_type{0x88a8} for that of a provider.
    template <class Tag, class Key = detail::key_of_tag<Tag>>
    BPFXX_INLINE auto push_vlan(Tag const &tag, Key kind = detail::first_key(Tag::id)) && -> result<packet> {
        auto const here = whole();
        if (!here.holds(detail::link::size)) return reason::truncated;
        detail::link const first{here.at};
        if (helper::xdp_adjust_head(context_, -static_cast<int>(sizeof(Tag))) != 0) return reason::no_room;
        auto const now = whole();
        if (!now.holds(detail::link::size + sizeof(Tag))) return reason::truncated; // never; the verifier asks
        first.write(now.at, be<Key>{kind}.wire());
        auto inner = tag;
        inner.type.put(first.type);
        *reinterpret_cast<Tag *>(now.at + detail::link::size) = inner;
        return packet{context_};
    }
    /// The packet without its outermost tag: move(packet).pop_vlan<net::vlan>().
    template <class Tag> BPFXX_INLINE auto pop_vlan() && -> result<packet> {
        auto const here = whole();
        if (!here.holds(detail::link::size + sizeof(Tag))) return reason::truncated;
        detail::link const first{here.at};
        be<detail::key_of_tag<Tag>> kind;
        kind.put(first.type);
        if (!leads<Tag>(kind)) return reason::other_protocol;
        auto const type = reinterpret_cast<Tag const *>(here.at + detail::link::size)->type.wire();
        if (helper::xdp_adjust_head(context_, sizeof(Tag)) != 0) return reason::no_room;
        auto const now = whole();
        if (!now.holds(detail::link::size)) return reason::truncated; // never; the verifier asks
        first.write(now.at, type);
        return packet{context_};
    }

    /// Zeros, or what was there before, become the packet's first n bytes.
    BPFXX_INLINE auto grow_head(u32 n) && -> result<packet> { return head(n, -1); }
    BPFXX_INLINE auto shrink_head(u32 n) && -> result<packet> { return head(n, 1); }
    /// Zeros behind its last byte (Linux 5.8).
    BPFXX_INLINE auto grow_tail(u32 n) && -> result<packet> { return tail(n, 1); }
    BPFXX_INLINE auto shrink_tail(u32 n) && -> result<packet> { return tail(n, -1); }

    /// A value before the packet, for a TC program or the next XDP program: both read it by metadata<T>().
    template <class T> BPFXX_INLINE auto with_metadata(T const &value) && -> result<packet> {
        if (helper::xdp_adjust_meta(context_, -static_cast<int>(sizeof(T))) != 0) return reason::no_room;
        auto *const at = meta(*context_);
        if (at + sizeof(T) > begin(*context_)) return reason::truncated; // never; the verifier asks
        detail::write_metadata(at, value);
        return packet{context_};
    }
    template <class T> BPFXX_UNCONSUMED BPFXX_INLINE auto metadata() const -> result<T> {
        return detail::metadata_of<T>(meta(*context_), begin(*context_));
    }

    /// What reframed() is built on.
    template <class How, class All> BPFXX_INLINE static auto reshape(context *c, i32 growth, All const &) -> bool {
        return helper::xdp_adjust_head(c, -growth) == 0;
    }
    static constexpr bool copies_link = false; // that a part of it, of any size, can be taken away at its start

  private:
    BPFXX_CONSUMES BPFXX_INLINE auto give_away() -> void {}
    BPFXX_INLINE auto head(u32 n, i32 direction) const -> result<packet> {
        if (n > detail::most_resized) return reason::no_room;
        if (helper::xdp_adjust_head(context_, static_cast<i32>(n) * direction) != 0) return reason::no_room;
        return packet{context_};
    }
    BPFXX_INLINE auto tail(u32 n, i32 direction) const -> result<packet> {
        if (n > detail::most_resized) return reason::no_room;
        if (helper::xdp_adjust_tail(context_, static_cast<i32>(n) * direction) != 0) return reason::no_room;
        return packet{context_};
    }
};
} // namespace bpfxx::xdp

/// BPFXX_XDP(name)(xdp::packet packet) { … }, or BPFXX_XDP(name, xdp::drop)(…): what becomes of packets of another form.
#define BPFXX_XDP(name, ...) BPFXX_ENTRY(xdp, "xdp", name __VA_OPT__(, ) __VA_ARGS__)
