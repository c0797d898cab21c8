// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs (Linux 4.1; as documented here 5.10), at a clsact qdisc or, from 6.6 on, at a tcx hook.
#include <bpfxx/core/rewrite.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/frame_start.hpp>
#include <bpfxx/kernel/reframe.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::tc {
using skb::context;
template <auto Policy = unspec, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_TC knows them.
template <bool Counted, auto Policy = unspec> using verdict_of = verdict<Policy, Counted>;

class packet;
/// The kernel's own bookkeeping of sums. Of a packet that leaves, the transport checksum may not be computed yet, only its
/// pseudo header's part (CHECKSUM_PARTIAL); of one that arrives, the card may have given the sum over all of it
/// (CHECKSUM_COMPLETE). Which of these it is, a program cannot see; the helpers can.
class sums {
    context *context_;
    u64 rest_ = 0; // what changed in the sum over the packet and was made up for by no checksum in it

  public:
    static constexpr bool kernels = true;
    template <bool Optional> static constexpr u32 flags = Optional ? BPF_F_MARK_MANGLED_0 : 0;

    BPFXX_INLINE explicit sums(context *c) : context_{c} {}
    BPFXX_INLINE auto result() const -> packet;
    BPFXX_INLINE auto starts_at(u8 const *at) const -> bool { return at == skb::begin(*context_); }
    BPFXX_INLINE auto offset_of(u8 const *at) const -> u32 {
        return static_cast<u32>(detail::distance(skb::begin(*context_), at));
    }
    BPFXX_INLINE auto count(u8 const *at, u64 difference) -> void {
        rest_ += difference << detail::half(at, skb::begin(*context_));
    }
    BPFXX_INLINE auto replace(u32 offset, u32 flags, u64 packet, u64 pseudo) const -> void {
        if (packet != 0) helper::l4_csum_replace(context_, offset, 0, detail::kernels_difference(packet), flags);
        if (pseudo != 0)
            helper::l4_csum_replace(context_, offset, 0, detail::kernels_difference(pseudo), flags | BPF_F_PSEUDO_HDR);
    }
    BPFXX_INLINE auto finish() const -> void {
        if (rest_ != 0) helper::csum_update(context_, detail::kernels_difference(rest_));
    }
};

/// A frame from its Ethernet header on. What changes its size or its place in memory takes the packet, move(packet).…, and
/// gives back another one; layers of the old one are void. If it cannot be done, the packet is as it was.
class BPFXX_CONSUMABLE packet : public skb::packet {
  public:
    using of_a_cgroup = void;
    using skb::packet::packet;
    BPFXX_INLINE packet(packet const &) = default;
    BPFXX_RENEWS BPFXX_INLINE auto operator=(packet const &) -> packet & = default;
    BPFXX_CONSUMED BPFXX_INLINE friend auto move(BPFXX_CONSUMED packet &p) -> packet && {
        p.give_away();
        return static_cast<packet &&>(p);
    }
    template <class... Steps> BPFXX_UNCONSUMED BPFXX_INLINE auto parse() const {
        return skb::packet::parse<Steps...>();
    }
    /// The packet with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (!pulled(n)) return reason::truncated;
        return packet{raw()};
    }
    __attribute__((unavailable("pull() takes the packet and gives another one: move(packet).pull(n)"))) //
    auto
    pull(u32 n) const & -> result<packet>;
    /// Changes fields of these layers, and with them every checksum, also those that are not computed yet:
    /// move(packet).rewrite(ip, datagram).destination(port). What was parsed before is void behind it; done() gives the packet.
    template <class... Layers> BPFXX_INLINE auto rewrite(Layers const &...layers) && {
        return detail::rewritten(sums{raw()}, layers...);
    }
    template <class... Layers>
    __attribute__((unavailable("what was parsed is void behind a rewrite: move(packet).rewrite(...)"))) //
    auto
    rewrite(Layers const &...) & -> void;
    /// Calls use(header) with a layer's header to write to. Which checksums that makes wrong is the program's own business.
    template <class Layer, class Use> BPFXX_INLINE auto raw(Layer const &layer, Use const &use) const -> void {
        detail::layer_of(layer).change(detail::write_access{}, use);
    }
    using skb::packet::raw;
    BPFXX_INLINE auto set_mark(u32 mark) const -> void { raw()->mark = mark; }
    BPFXX_INLINE auto set_priority(u32 priority) const -> void { raw()->priority = priority; }

    /// Headers in their order, from the first one of the frame to what it carries: layers of this packet, and new ones as
    /// values. move(packet).encapsulate(eth, net::ipv4{.src = here, .dst = there}, net::gre{}, ip). The kernel learns of it,
    /// so that large packets are cut up rightly. Frames in a tunnel need Linux 5.14.
    template <class... Parts> BPFXX_INLINE auto encapsulate(Parts const &...parts) && -> result<packet> {
        using all = detail::composition<Parts...>;
        static_assert(all::any_new, "without a new header it is no encapsulation");
        static_assert(all::template has<outer_kind::ipv4> || all::template has<outer_kind::ipv6>,
                      "a TC program encapsulates in IP; push_vlan() puts a tag before a packet");
        return detail::reframed<detail::encapsulating>(*this, parts...);
    }
    /// The same without what stands between: move(packet).decapsulate(eth, inner_ip), move(packet).decapsulate(inner_eth).
    /// Where IPv4 comes out of IPv6, or IPv6 out of IPv4, it needs Linux 6.3.
    template <class... Parts> BPFXX_INLINE auto decapsulate(Parts const &...parts) && -> result<packet> {
        static_assert(!detail::composition<Parts...>::any_new, "a new header is put before a packet by encapsulate()");
        return detail::reframed<detail::decapsulating>(*this, parts...);
    }
    /// The same with IPv6 instead of IPv4 without options, or the other way round:
    /// move(packet).translate(eth, net::ipv6{…}, behind(ip)).
    template <class... Parts> BPFXX_INLINE auto translate(Parts const &...parts) && -> result<packet> {
        return detail::reframed<detail::translating>(*this, parts...);
    }

    /// A tag becomes the outermost one; `kind` is one of its keys, net::ether_type{0x88a8} for that of a provider. The
    /// kernel keeps it beside the packet's bytes.
    template <class Tag, class Key = detail::key_of_tag<Tag>>
    BPFXX_INLINE auto push_vlan(Tag const &tag, Key kind = detail::first_key(Tag::id)) && -> result<packet> {
        if (helper::skb_vlan_push(raw(), be<Key>{kind}.wire(), tag.tci.value()) != 0) return reason::no_room;
        return packet{raw()};
    }
    /// The packet without its outermost tag, wherever the kernel keeps it: move(packet).pop_vlan<net::vlan>().
    template <class Tag> BPFXX_INLINE auto pop_vlan() && -> result<packet> {
        be<detail::key_of_tag<Tag>> type;
        type.put(static_cast<u16>(raw()->protocol));
        if (raw()->vlan_present == 0 && !leads<Tag>(type)) return reason::other_protocol;
        if (helper::skb_vlan_pop(raw()) != 0) return reason::no_room;
        return packet{raw()};
    }

    /// Zeros become the packet's first n bytes: for a link header where there was none (Linux 4.10).
    BPFXX_INLINE auto grow_head(u32 n) && -> result<packet> {
        if (n > detail::most_resized || helper::skb_change_head(raw(), n, 0) != 0) return reason::no_room;
        return packet{raw()};
    }
    /// Zeros behind its last byte.
    BPFXX_INLINE auto grow_tail(u32 n) && -> result<packet> {
        if (n > detail::most_resized) return reason::no_room;
        return resized(length() + n);
    }
    BPFXX_INLINE auto shrink_tail(u32 n) && -> result<packet> {
        if (n > length()) return reason::no_room;
        return resized(length() - n);
    }

    /// What an XDP program has left before the packet.
    template <class T> BPFXX_UNCONSUMED BPFXX_INLINE auto metadata() const -> result<T> {
        return detail::metadata_of<T>(skb::meta(*raw()), skb::begin(*raw()));
    }

    /// What reframed() is built on. The kernel makes room behind the Ethernet header, or takes some away there.
    template <class How, class All> BPFXX_INLINE static auto reshape(context *c, i32 growth, All const &made) -> bool {
        constexpr auto ipv4 = network_order(u16{0x0800}), ipv6 = network_order(u16{0x86dd});
        static_assert(detail::kind_of<typename All::head_type>() == outer_kind::ethernet,
                      "a frame of a TC program starts with Ethernet");
        if constexpr (is_same<How, detail::encapsulating>) {
            if (growth <= 0) return false;
            // Other packets than those of IP are unknown to adjust_room; they are never cut up either.
            if (c->protocol != ipv4 && c->protocol != ipv6)
                return helper::skb_change_head(c, static_cast<u32>(growth), 0) == 0;
            return helper::skb_adjust_room(c, growth, BPF_ADJ_ROOM_MAC, encapsulation<All>()) == 0;
        } else {
            u16 const type = made.first.head.next().wire();
            if (type == c->protocol)
                return growth == 0 || (growth < 0 && helper::skb_adjust_room(c, growth, BPF_ADJ_ROOM_MAC, 0) == 0);
            if constexpr (is_same<How, detail::decapsulating>) {
                constexpr u64 to_ipv4 = 1u << 7, to_ipv6 = 1u << 8; // BPF_F_ADJ_ROOM_DECAP_L3_*, newer than Linux 6.1
                // What is neither, such as ARP, has no flag; but the kernel would leave no packet shorter than an IPv6 header.
                u64 const flags = type == ipv6 ? to_ipv6 : c->protocol == ipv6 ? to_ipv4 : 0;
                return growth < 0 && helper::skb_adjust_room(c, growth, BPF_ADJ_ROOM_MAC, flags) == 0;
            } else
                return growth == (type == ipv6 ? 20 : -20) && helper::skb_change_proto(c, type, 0) == 0;
        }
    }
    static constexpr bool copies_link = true;

  private:
    BPFXX_CONSUMES BPFXX_INLINE auto give_away() -> void {}
    BPFXX_INLINE auto resized(u32 size) const -> result<packet> {
        if (helper::skb_change_tail(raw(), size, 0) != 0) return reason::no_room;
        return packet{raw()};
    }
    template <class All> static constexpr auto encapsulation() -> u64 {
        u64 flags = All::network == outer_kind::ipv4 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 : BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
        if (All::template has<outer_kind::udp>)
            flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP;
        else if (All::template has<outer_kind::gre>)
            flags |= BPF_F_ADJ_ROOM_ENCAP_L4_GRE;
        if (All::rest_type::template has<outer_kind::ethernet>)
            flags |= BPF_F_ADJ_ROOM_ENCAP_L2_ETH | BPF_F_ADJ_ROOM_ENCAP_L2(14);
        return flags;
    }
};
BPFXX_INLINE auto sums::result() const -> packet { return packet{context_}; }
} // namespace bpfxx::tc

/// BPFXX_TC(name)(tc::packet packet) { … }, or BPFXX_TC(name, tc::shot)(…): what becomes of packets of another form.
#define BPFXX_TC(name, ...) BPFXX_ENTRY(tc, "tc", name __VA_OPT__(, ) __VA_ARGS__)
