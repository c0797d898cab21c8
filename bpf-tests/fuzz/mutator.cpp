// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Changes packets as packets: it finds the headers, puts others between them, takes some out, changes what they say, and
/// makes lengths and checksums right again, or not. libFuzzer's own changes of bytes come in between.
#include <algorithm>
#include <array>
#include <bpfxx/core/int.hpp>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

extern "C" auto LLVMFuzzerMutate(bpfxx::u8 *data, std::size_t size, std::size_t most) -> std::size_t;

namespace {
using namespace bpfxx;
using byte_string = std::vector<u8>;
using engine = std::minstd_rand;

/// How a header names the next one: by an EtherType, a protocol, a UDP port.
enum class space { none, ether, ip, udp };
struct place {
    std::size_t at, size;
    space names;       // what it says of the next
    std::size_t field; // where it says it
    char kind;         // e v 4 6 x(extension) t u g m i o(other)
};

auto read16(byte_string const &b, std::size_t at) -> u32 { return at + 2 <= b.size() ? b[at] << 8 | b[at + 1] : 0; }
auto write16(byte_string &b, std::size_t at, u32 v) -> void {
    if (at + 2 <= b.size()) b[at] = static_cast<u8>(v >> 8), b[at + 1] = static_cast<u8>(v);
}

/// The headers of a packet as far as they are of the common kinds.
auto find(byte_string const &b) -> std::vector<place> {
    std::vector<place> all;
    std::size_t at = 0;
    space in = space::none; // the first one is Ethernet
    u32 key = 0;
    while (all.size() < 20) {
        place p{at, 0, space::none, 0, 'o'};
        auto const has = [&](std::size_t n) { return at + n <= b.size(); };
        auto const is_ether = [&](u32 type) { return in == space::ether && key == type; };
        auto const is_ip = [&](u32 proto) { return in == space::ip && key == proto; };
        if (in == space::none || is_ether(0x6558) || (in == space::udp && key == 1)) {
            if (!has(14)) break;
            p = {at, 14, space::ether, at + 12, 'e'};
        } else if (is_ether(0x8100) || is_ether(0x88a8)) {
            if (!has(4)) break;
            p = {at, 4, space::ether, at + 2, 'v'};
        } else if (is_ether(0x8847)) {
            if (!has(4)) break;
            p = {at, 4, space::none, 0, 'm'};
        } else if (is_ether(0x0800) || is_ip(4)) {
            if (!has(20)) break;
            p = {at, std::max<std::size_t>((b[at] & 15u) * 4u, 20), space::ip, at + 9, '4'};
        } else if (is_ether(0x86dd) || is_ip(41)) {
            if (!has(40)) break;
            p = {at, 40, space::ip, at + 6, '6'};
        } else if (is_ip(0) || is_ip(43) || is_ip(60) || is_ip(44)) {
            if (!has(8)) break;
            p = {at, key == 44 ? 8 : (b[at + 1] + 1u) * 8u, space::ip, at, 'x'};
        } else if (is_ip(47)) {
            if (!has(4)) break;
            auto const f = b[at];
            p = {at, 4u + ((f >> 7 & 1u) + (f >> 5 & 1u) + (f >> 4 & 1u)) * 4u, space::ether, at + 2, 'g'};
        } else if (is_ip(6)) {
            if (!has(20)) break;
            p = {at, std::max<std::size_t>((b[at + 12] >> 4) * 4u, 20), space::none, 0, 't'};
        } else if (is_ip(17)) {
            if (!has(8)) break;
            p = {at, 8, space::udp, at + 2, 'u'};
        } else if (in == space::udp && (key == 4789 || key == 6081)) {
            if (!has(8)) break;
            p = {at, key == 4789 ? 8 : 8 + (b[at] & 0x3fu) * 4u, key == 4789 ? space::udp : space::ether, at + 2, 'o'};
        } else if (is_ip(1) || is_ip(58)) {
            if (!has(8)) break;
            p = {at, 8, space::none, 0, 'i'};
        } else
            break;
        all.push_back(p);
        at += p.size;
        if (at > b.size() || p.names == space::none) break;
        in = p.names;
        key = p.names == space::ip ? b[p.field] : read16(b, p.field);
        if (p.kind == 'o' && p.names == space::udp) key = 1; // VXLAN: a frame
    }
    return all;
}

auto sum(byte_string const &b, std::size_t from, std::size_t to, u64 s = 0) -> u64 {
    for (auto i = from; i < to && i < b.size(); i++) s += (i - from) % 2 == 0 ? u64{b[i]} << 8 : b[i];
    return s;
}
auto folded(u64 s) -> u32 {
    while (s >> 16) s = (s & 0xffff) + (s >> 16);
    return static_cast<u32>(~s & 0xffff);
}
/// Lengths and checksums as they should be, from the inside out.
auto repair(byte_string &b) -> void {
    auto const all = find(b);
    for (auto i = all.size(); i-- > 0;) {
        auto const &p = all[i];
        auto const length = b.size() - p.at;
        if (p.kind == '4') {
            write16(b, p.at + 2, static_cast<u32>(length));
            write16(b, p.at + 10, 0);
            write16(b, p.at + 10, folded(sum(b, p.at, p.at + p.size)));
        } else if (p.kind == '6')
            write16(b, p.at + 4, static_cast<u32>(length - 40));
        else if (p.kind == 'u')
            write16(b, p.at + 4, static_cast<u32>(length));
        if (p.kind != 't' && p.kind != 'u' && p.kind != 'i') continue;
        auto const below = std::find_if(all.rend() - static_cast<std::ptrdiff_t>(i), all.rend(),
                                        [](place const &x) { return x.kind == '4' || x.kind == '6'; });
        if (below == all.rend()) continue;
        auto const field = p.at + (p.kind == 't' ? 16 : p.kind == 'u' ? 6 : 2);
        auto const six = below->kind == '6';
        u64 s = length + (p.kind == 't' ? 6u : p.kind == 'u' ? 17u : 58u);
        s = sum(b, below->at + (six ? 8 : 12), below->at + (six ? 40 : 20), s);
        if (p.kind == 'i' && !six) s = 0;
        write16(b, field, 0);
        write16(b, field, folded(sum(b, p.at, b.size(), s)));
    }
}

struct sample {
    space in; // by which numbers it is named
    u16 key;
    std::size_t field; // where it says what follows; 0: nowhere
    space names;
    std::string_view bytes;
};
using namespace std::string_view_literals;
constexpr sample samples[] = {
    {space::ether, 0x8100, 2, space::ether, "\x00\x07\x08\x00"sv},
    {space::ether, 0x88a8, 2, space::ether, "\x20\x64\x81\x00"sv},
    {space::ether, 0x8847, 0, space::none, "\x00\x01\x21\x40"sv},
    {space::ether, 0x0800, 9, space::ip,
     "\x45\x00\x00\x1c\x00\x01\x40\x00\x40\x06\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02"sv},
    {space::ether, 0x86dd, 6, space::ip,
     "\x60\x00\x00\x00\x00\x08\x06\x40\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
     "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02"sv},
    {space::ip, 4, 9, space::ip,
     "\x46\x00\x00\x20\x00\x01\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02\x01\x01\x01\x00"sv},
    {space::ip, 0, 0, space::ip, "\x06\x00\x01\x04\x00\x00\x00\x00"sv},
    {space::ip, 60, 0, space::ip, "\x11\x01\x01\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv},
    {space::ip, 44, 0, space::ip, "\x06\x00\x00\x01\x00\x00\x00\x01"sv},
    {space::ip, 51, 0, space::ip,
     "\x06\x04\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv},
    {space::ip, 47, 2, space::ether, "\x20\x00\x08\x00\x00\x00\x00\x2a"sv},
    {space::ip, 6, 0, space::none,
     "\xc3\x50\x00\x50\x00\x00\x00\x01\x00\x00\x00\x01\x50\x18\x02\x00\x00\x00\x00\x00"sv},
    {space::ip, 17, 2, space::udp, "\xc3\x50\x12\xb5\x00\x08\x00\x00"sv},
    {space::ip, 1, 0, space::none, "\x03\x01\x00\x00\x00\x00\x00\x00"sv},
    {space::ip, 132, 0, space::none, "\x0b\x59\x0b\x59\x00\x00\x00\x01\x00\x00\x00\x00"sv},
    {space::ip, 115, 0, space::none, "\x00\x00\x00\x09"sv},
    {space::udp, 4789, 0, space::none,
     "\x08\x00\x00\x00\x00\x00\x07\x00\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00"sv},
    {space::udp, 6081, 2, space::ether, "\x01\x00\x65\x58\x00\x00\x07\x00\x01\x02\x03\x00"sv},
    {space::udp, 2152, 0, space::none, "\x34\xff\x00\x20\x00\x00\x00\x01\x00\x00\x00\x85\x01\x00\x00\x00"sv},
    {space::udp, 443, 0, space::none, "\xc0\x00\x00\x00\x01\x04\x01\x02\x03\x04\x00"sv},
};
constexpr std::string_view texts[] = {"GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n",
                                      "HTTP/1.0 ",          "POST /x HTTP/1.0\r\n",
                                      "OPTIONS ",           "HTTP/1.",
                                      "\x16\x03\x01",       "DELETE /a"};

auto change(byte_string &b, std::size_t most, engine &random) -> void {
    auto const below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); };
    auto const all = find(b);
    switch (below(10)) {
    case 0: { // a header more, and the one before names it
        if (all.empty()) break;
        auto const &before = all[below(all.size())];
        auto const &s = samples[below(std::size(samples))];
        if (s.in != before.names || b.size() + s.bytes.size() > most) break;
        auto const end = std::min(before.at + before.size, b.size());
        byte_string bytes{s.bytes.begin(), s.bytes.end()};
        if (s.names == before.names && s.field < bytes.size()) { // it names what stood there
            if (s.names == space::ip)
                bytes[s.field] = b[before.field];
            else
                write16(bytes, s.field, read16(b, before.field));
        }
        if (before.names == space::ip)
            b[before.field] = static_cast<u8>(s.key);
        else
            write16(b, before.field, s.key);
        b.insert(b.begin() + static_cast<std::ptrdiff_t>(end), bytes.begin(), bytes.end());
        break;
    }
    case 1: { // a header less; the one before names what follows it
        if (all.size() < 2) break;
        auto const i = 1 + below(all.size() - 1);
        auto const &p = all[i], &before = all[i - 1];
        if (p.names == before.names && p.names != space::none) {
            if (p.names == space::ip)
                b[before.field] = b[p.field];
            else
                write16(b, before.field, read16(b, p.field));
        }
        auto const end = std::min(p.at + p.size, b.size());
        b.erase(b.begin() + static_cast<std::ptrdiff_t>(p.at), b.begin() + static_cast<std::ptrdiff_t>(end));
        break;
    }
    case 2: { // a header twice
        if (all.size() < 2) break;
        auto const &p = all[1 + below(all.size() - 1)];
        auto const end = std::min(p.at + p.size, b.size());
        if (b.size() + p.size > most) break;
        byte_string const copy{b.begin() + static_cast<std::ptrdiff_t>(p.at),
                               b.begin() + static_cast<std::ptrdiff_t>(end)};
        b.insert(b.begin() + static_cast<std::ptrdiff_t>(p.at), copy.begin(), copy.end());
        break;
    }
    case 3: // cut off near the end of a header
        if (!all.empty()) {
            auto const &p = all[below(all.size())];
            b.resize(std::min(b.size(), p.at + below(p.size + 3)));
        }
        break;
    case 4: // another name of what follows
        if (!all.empty()) {
            auto const &p = all[below(all.size())];
            auto const &s = samples[below(std::size(samples))];
            if (p.names == space::ip)
                b[p.field] = static_cast<u8>(s.key);
            else if (p.names != space::none)
                write16(b, p.field, s.key);
        }
        break;
    case 5: // a length that is near to the truth, or far from it
        if (!all.empty()) {
            auto const &p = all[below(all.size())];
            auto const at = p.at + (p.kind == '4' ? 2 : p.kind == '6' || p.kind == 'u' ? 4 : below(p.size));
            write16(b, at, below(4) == 0 ? random() & 0xffff : read16(b, at) + below(9) - 4);
        }
        break;
    case 6: // the nibbles that say how long a header is, and which version it has
        if (!all.empty()) {
            auto const &p = all[below(all.size())];
            auto const at = p.at + (p.kind == 't' ? 12 : 0);
            if (at < b.size()) b[at] = static_cast<u8>(below(2) == 0 ? b[at] ^ (1u << below(8)) : random());
        }
        break;
    case 7: { // a text behind the last header
        auto const text = texts[below(std::size(texts))];
        auto const at = all.empty() ? 0 : std::min(all.back().at + all.back().size, b.size());
        if (at + text.size() > most) break;
        b.resize(std::max(b.size(), at + text.size()));
        std::copy(text.begin(), text.end(), b.begin() + static_cast<std::ptrdiff_t>(at));
        break;
    }
    case 8: // bytes behind the end
        if (b.size() + 20 < most) b.resize(b.size() + below(20), static_cast<u8>(random()));
        break;
    default: // fragments
        for (auto const &p : all)
            if (p.kind == '4' && below(2) == 0) write16(b, p.at + 6, below(3) == 0 ? 0x2000 : random() & 0x3fff);
    }
}
} // namespace

extern "C" auto LLVMFuzzerCustomMutator(u8 *data, std::size_t size, std::size_t most, unsigned seed) -> std::size_t {
    engine random{seed};
    if (random() % 4 == 0) size = LLVMFuzzerMutate(data, size, most);
    byte_string b{data, data + size};
    for (auto n = random() % 4; n > 0; n--) change(b, most, random);
    if (random() % 2 == 0) repair(b);
    b.resize(std::min(b.size(), most));
    if (!b.empty()) std::memcpy(data, b.data(), b.size());
    return b.size();
}
