// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The contract that every file in net/, and every header of a user's own, fulfils.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/result.hpp>

namespace bpfxx {
/// What a network stack has to be told of a header that is put before others.
enum class outer_kind : u8 { other, ethernet, ipv4, ipv6, udp, gre };

/// Bytes laid over the packet: a plain struct of bytes and wire values. What it does not declare has a default:
///   id             nothing leads here   key or keys by which the header before names this one: ip_proto{6}
///   options()      0                    bytes of this header behind the struct; or instead
///   size()         sizeof               all bytes of this header; less than sizeof is malformed
///   valid()        true                 whether the fields make sense; runs before all others
///   begins()       valid()              whether bytes that nothing has named are meant as this header, valid or not:
///                                       how alternatives at a packet's start are told apart
///   next()         nothing fits         key of the header that follows; its type says which ones may be asked for
///   next_of_walk() next()               the same for a walk, which has to know more: a chain asks for what it wants
///   covers()       unknown              bytes of this header and all it carries, where a length field says so
///   fragment()     false                whether what follows starts somewhere in the middle
///   fragment_bits()                     the same as a number below 2^31, not 0: without a branch for the verifier
///   glance()                            next() and fragment() as one key, where one look at the bytes tells both: a key
///                                       that has a fragment() of its own, and leads nowhere where that is true
///   extension      none                 a type whose skip() looks at what lies between this header and the next, and may
///                                       step over it, before the key that next() gave is used: net/mpls.hpp is the least
///   frequent       false                whether a walk steps over it in place: several times faster than by a call, and
///                                       more for the verifier; bpfxx::frequent<H> may be set for others too. At a packet's
///                                       start its options() get no mask: &, << or a comparison in valid() bounds them
///   source(), destination()             what alternatives have in common, though not in the same place
/// For writing, as types (rewrite.hpp):
///   sum            none                 its checksum: summed<&udp::checksum, sum_over::pseudo, zero::means_none>
///   pseudo         fields<>             fields that a checksum over a pseudo header covers as well: its addresses
///   built          fields<>             fields that say how the packet is built: never set alone
/// To be put before a packet, as a value whose members have defaults (compose.hpp):
///   lead_to(key)   never changes        writes the key of the header that follows
///   complete(c)    nothing to fill in   writes lengths and its own checksum, from a `carried`
///   seal(p, b)     no such checksum     writes a checksum over a pseudo header p, itself, and all bytes behind it b
///   pseudo_header(n)                    of IP: the first of these
///   kind           other                what a network stack has to be told of it
template <class H>
concept header = alignof(H) == 1 && __is_standard_layout(H) && !__is_empty(H);
template <class H>
concept sized = requires(H const &h) {
    h.size();
};
template <class H>
concept optioned = requires(H const &h) {
    h.options();
};
template <class H>
concept parent = requires(H const &h) {
    h.next();
};
template <class H>
concept extended = requires {
    typename H::extension;
};

/// What a header's checksum is over: the header; all that it carries too; a pseudo header too.
enum class sum_over : u8 { header, payload, pseudo };
/// What a checksum of zero says.
enum class zero : u8 { is_a_sum, means_none };
/// An internet checksum (RFC 1071): the field that it stands in.
template <auto Field, sum_over What, zero Zero = zero::is_a_sum> struct summed {};
/// A checksum that no change of a field can be added to, such as CRC32c: none of its header's fields is set. Where it is
/// sum_over::pseudo, none of the addresses before either.
template <sum_over What> struct not_incremental {};
/// None in the packet: the link has one of its own over the frame, as Ethernet has.
struct summed_by_link {};
/// Fields of a header: fields<&ipv4::src, &ipv4::dst>.
template <auto... Field> struct fields {};
/// A field, and some bits of one: bits<&vlan::tci, 13, 3> are the upper three.
template <auto Field> struct field;
template <auto Field, u32 Shift, u32 Width> struct bits;

/// Whether what a key leads to is covered by the checksum of the header that has the key.
template <class Key> inline constexpr bool key_of_summed = false;

template <class H> inline constexpr bool frequent = requires { requires H::frequent; };

template <class H> BPFXX_INLINE constexpr auto valid(H const &h) -> bool {
    if constexpr (requires { h.valid(); })
        return h.valid();
    else
        return true;
}
template <class H> BPFXX_INLINE constexpr auto begins(H const &h) -> bool {
    if constexpr (requires { h.begins(); })
        return h.begins();
    else
        return valid(h);
}
template <class H> BPFXX_INLINE constexpr auto fragment(H const &h) -> bool {
    if constexpr (requires { h.fragment(); })
        return h.fragment();
    else
        return false;
}

/// Several ids: one_of{ether_type{0x0800}, ip_proto{4}}. The keys may be of different spaces.
template <class... Keys> struct one_of {};
template <class Key, class... Rest> struct one_of<Key, Rest...> {
    Key key;
    one_of<Rest...> rest;
    BPFXX_INLINE constexpr one_of(Key k, Rest... r) : key{k}, rest{r...} {}
};
template <class... Keys> one_of(Keys...) -> one_of<Keys...>;

/// Key spaces of which no member need have a header, such as ports: behind a key that nothing knows is payload.
template <class Key> inline constexpr bool is_hint = false;

/// Any value of a key space: a header whose place only the program knows, such as an own protocol on some port.
template <class Key> struct any {};

/// A header that other keys lead to than its own: with_id<net::vxlan, net::udp_port{8472}>.
template <header H, auto... Keys> struct with_id : H { static constexpr auto id = one_of{Keys...}; };

/// matches(id, key): does `key`, as the header before says it, lead to a header that has this id?
/// There is an overload only where both are of one key space, so a chain across key spaces does not compile.
template <class Key>
requires is_enum<Key> BPFXX_INLINE constexpr auto matches(Key id, Key key) -> bool { return key == id; }
template <class Key>
requires is_enum<Key> BPFXX_INLINE constexpr auto matches(Key id, be<Key> const &key) -> bool {
    return key.wire() == network_order(static_cast<typename be<Key>::word>(id));
}
template <class Key> BPFXX_INLINE constexpr auto matches(any<Key>, Key) -> bool { return true; }
template <class Key> BPFXX_INLINE constexpr auto matches(any<Key>, be<Key> const &) -> bool { return true; }
template <class Id, class Key>
concept in_space = requires(Id id, Key key) {
    matches(id, key);
};
template <class First, class... Rest, class Key>
    requires(in_space<First, Key> || (in_space<Rest, Key> || ...))
BPFXX_INLINE constexpr auto matches(one_of<First, Rest...> const &ids, Key const &key) -> bool {
    if constexpr (!in_space<First, Key>)
        return matches(ids.rest, key);
    else if constexpr (!(in_space<Rest, Key> || ...))
        return matches(ids.key, key);
    else
        return matches(ids.key, key) || matches(ids.rest, key);
}
} // namespace bpfxx
