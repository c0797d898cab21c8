// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Addresses and prefixes as people write them. For constants and for the host: in a BPF program, literals.hpp is all that
/// it takes.
#include <bpfxx/core/result.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/mac_address.hpp>

namespace bpfxx::net {
/// What is parsed: a std::string, a std::string_view, or characters that end with a zero.
struct text_view {
    char const *at, *end;

    constexpr text_view(char const *first, char const *last) : at{first}, end{last} {}
    constexpr text_view(char const *text) : at{text}, end{text} {
        while (*end != 0) ++end;
    }
    template <class Text>
        requires requires(Text const &t) { t.data() + t.size(); }
    constexpr text_view(Text const &t) : at{t.data()}, end{t.data() + t.size()} {}
};

/// What is printed.
class address_text {
    char raw_[44] = {}; // an IPv6 prefix: 39 + 4 characters, and a zero
    u32 size_ = 0;

  public:
    constexpr auto c_str() const -> char const * { return raw_; }
    constexpr auto data() const -> char const * { return raw_; }
    constexpr auto size() const -> u32 { return size_; }
    /// std::string{to_text(address)}, std::string_view.
    template <class String>
        requires requires(char const *p, u32 n) { String(p, n).substr(n); }
    constexpr explicit operator String() const { return String(raw_, size_); }

    template <class Stream>
        requires requires(Stream &s, char const *p) { s.write(p, 1); }
    friend auto operator<<(Stream &out, address_text const &t) -> Stream & {
        out.write(t.raw_, t.size_);
        return out;
    }

    constexpr auto add(char c) -> void { raw_[size_++] = c; }
    /// Without leading zeros, or with as many digits as said.
    constexpr auto add(u32 number, u32 base, u32 digits = 1) -> void {
        if (number >= base || digits > 1) add(number / base, base, digits > 1 ? digits - 1 : 1);
        add("0123456789abcdef"[number % base]);
    }
};

namespace detail {
/// Reads from the front; every function says whether what it reads was there.
class text_reader {
    text_view rest_;

  public:
    constexpr explicit text_reader(text_view const &t) : rest_{t} {}
    constexpr auto done() const -> bool { return rest_.at == rest_.end; }
    constexpr auto take(char c) -> bool {
        if (done() || *rest_.at != c) return false;
        ++rest_.at;
        return true;
    }
    /// A number of 1 to Most digits.
    constexpr auto take(u32 base, u32 most, u32 &number) -> bool {
        u32 digits = 0;
        for (number = 0; !done() && digits < most; ++digits, ++rest_.at) {
            u32 const d = digit(*rest_.at);
            if (d >= base) break;
            number = number * base + d;
        }
        return digits > 0;
    }
    /// A number up to `highest`, without leading zeros.
    constexpr auto take_decimal(u32 highest, u32 &number) -> bool {
        auto const *const first = rest_.at;
        return take(10, 3, number) && number <= highest && (*first != '0' || rest_.at - first == 1);
    }
    constexpr auto take_ipv4(u8 *to) -> bool {
        for (u32 i = 0; i < 4; i++) {
            u32 number = 0;
            if ((i > 0 && !take('.')) || !take_decimal(255, number)) return false;
            to[i] = static_cast<u8>(number);
        }
        return true;
    }
    /// RFC 4291 section 2.2.
    constexpr auto take_ipv6(u8 *to) -> bool {
        constexpr u32 none = 17;
        u32 size = 0, gap = none; // in bytes
        if (take(':')) {
            if (!take(':')) return false;
            gap = 0;
        }
        while (size < 16) {
            auto const before = *this;
            u32 group = 0;
            if (!take(16, 4, group)) {
                if (gap != size) return false; // only "::" may be the end
                break;
            }
            if (!done() && *rest_.at == '.') { // the last four bytes as IPv4
                *this = before;
                if (size > 12 || !take_ipv4(to + size)) return false;
                size += 4;
                break;
            }
            to[size++] = static_cast<u8>(group >> 8);
            to[size++] = static_cast<u8>(group);
            if (size == 16 || !take(':')) break;
            if (gap == none && take(':')) gap = size;
        }
        if (gap == none) return size == 16;
        if (size > 14) return false; // "::" stands for at least one group
        for (u32 i = 0; i < 16 - gap; i++) {
            bool const moved = i < size - gap;
            to[15 - i] = moved ? to[size - 1 - i] : 0;
        }
        return true;
    }

  private:
    static constexpr auto digit(char c) -> u32 {
        if (c >= '0' && c <= '9') return static_cast<u32>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<u32>(c - 'a' + 10);
        if (c >= 'A' && c <= 'F') return static_cast<u32>(c - 'A' + 10);
        return 16;
    }
};
constexpr auto is_ipv6(text_view t) -> bool {
    for (; t.at != t.end; ++t.at)
        if (*t.at == ':') return true;
    return false;
}
} // namespace detail

/// "10.0.0.1"
constexpr auto parse_ipv4(text_view const &text) -> result<be32> {
    detail::text_reader from{text};
    be32 address{};
    if (!from.take_ipv4(address.raw) || !from.done()) return reason::malformed;
    return address;
}
/// "2001:db8::1"
constexpr auto parse_ipv6(text_view const &text) -> result<ip_address> {
    detail::text_reader from{text};
    ip_address address;
    if (!from.take_ipv6(address.raw) || !from.done()) return reason::malformed;
    return address;
}
/// Either of the two.
constexpr auto parse_ip(text_view const &text) -> result<ip_address> {
    if (detail::is_ipv6(text)) return parse_ipv6(text);
    auto const v4 = parse_ipv4(text);
    return v4 ? result{ip_address{v4.value_or({})}} : v4.why();
}
/// "02:00:00:00:00:01", or with - instead of :
constexpr auto parse_mac(text_view const &text) -> result<mac_address> {
    detail::text_reader from{text};
    mac_address address{};
    char const between = text.end - text.at == 17 && text.at[2] == '-' ? '-' : ':';
    for (u32 i = 0; i < 6; i++) {
        u32 byte = 0;
        if ((i > 0 && !from.take(between)) || !from.take(16, 2, byte)) return reason::malformed;
        address.raw[i] = static_cast<u8>(byte);
    }
    return from.done() && text.end - text.at == 17 ? result{address} : reason::malformed;
}
/// "10.0.0.0/8". Bits behind the length are zero: an address of a host is not a prefix.
constexpr auto parse_ipv4_prefix(text_view const &text) -> result<ipv4_prefix> {
    detail::text_reader from{text};
    ipv4_prefix p{};
    u32 length = 0;
    if (!from.take_ipv4(p.address.raw) || !from.take('/') || !from.take_decimal(32, length) || !from.done())
        return reason::malformed;
    p.length = static_cast<u8>(length);
    return (p.address.value() & ~p.mask().value()) == 0 ? result{p} : reason::malformed;
}
/// "2001:db8::/32", likewise.
constexpr auto parse_ipv6_prefix(text_view const &text) -> result<ipv6_prefix> {
    detail::text_reader from{text};
    ipv6_prefix p{};
    u32 length = 0;
    if (!from.take_ipv6(p.address.raw) || !from.take('/') || !from.take_decimal(128, length) || !from.done())
        return reason::malformed;
    p.length = static_cast<u8>(length);
    for (u32 bit = length; bit < 128; bit++)
        if ((p.address.raw[bit / 8] >> (7 - bit % 8) & 1) != 0) return reason::malformed;
    return p;
}

namespace detail {
constexpr auto add_ipv4(address_text &to, u8 const *raw) -> void {
    for (u32 i = 0; i < 4; i++) {
        if (i > 0) to.add('.');
        to.add(raw[i], 10);
    }
}
/// RFC 5952 section 4.
constexpr auto add_ipv6(address_text &to, u8 const *raw) -> void {
    auto const group = [raw](u32 i) { return static_cast<u32>(raw[2 * i] << 8 | raw[2 * i + 1]); };
    u32 gap = 8, gap_size = 1; // the first of the longest runs of zeros, if that has more than one group
    for (u32 i = 0, run = 0; i < 8; i++) {
        run = group(i) == 0 ? run + 1 : 0;
        if (run > gap_size) gap = i + 1 - run, gap_size = run;
    }
    for (u32 i = 0; i < 8; i++) {
        if (i == gap) {
            to.add(':'), to.add(':');
            i += gap_size - 1;
            continue;
        }
        if (i > 0 && (gap == 8 || i != gap + gap_size)) to.add(':');
        to.add(group(i), 16);
    }
}
} // namespace detail

/// An IPv4 address as such, "10.0.0.1", although it is mapped; be32 src is written as to_text(ip_address{src}).
constexpr auto to_text(ip_address const &address) -> address_text {
    address_text t;
    if (address.is_v4())
        detail::add_ipv4(t, address.raw + 12);
    else
        detail::add_ipv6(t, address.raw);
    return t;
}
constexpr auto to_text(mac_address const &address) -> address_text {
    address_text t;
    for (u32 i = 0; i < 6; i++) {
        if (i > 0) t.add(':');
        t.add(address.raw[i], 16, 2);
    }
    return t;
}
constexpr auto to_text(ipv4_prefix const &prefix) -> address_text {
    address_text t;
    detail::add_ipv4(t, prefix.address.raw);
    t.add('/'), t.add(prefix.length, 10);
    return t;
}
constexpr auto to_text(ipv6_prefix const &prefix) -> address_text {
    address_text t;
    detail::add_ipv6(t, prefix.address.raw);
    t.add('/'), t.add(prefix.length, 10);
    return t;
}
} // namespace bpfxx::net
