# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What may stand behind what, how a packet says so, and what a program can read of each header."""
import struct

ETHER = {"ipv4": 0x0800, "ipv6": 0x86dd, "arp": 0x0806, "vlan": 0x8100, "mpls": 0x8847, "pppoe": 0x8864,
         "macsec": 0x88e5, "ethernet": 0x6558, "erspan": 0x88be}
IP = {"icmp": 1, "igmp": 2, "ipv4": 4, "tcp": 6, "udp": 17, "dccp": 33, "ipv6": 41, "gre": 47, "esp": 50, "ah": 51,
      "icmpv6": 58, "l2tpv3": 115, "sctp": 132}
UDP = {"dns": 53, "quic": 443, "gtp_u": 2152, "vxlan": 4789, "vxlan_gpe": 4790, "gue": 6080, "geneve": 6081,
       "note": 9999}
TCP = {"dns_over_tcp": 53, "tls_record": 8443, "frame": 7777}

TRANSPORT = ["tcp", "udp", "sctp", "dccp"]
CHILDREN = {
    "ethernet": ["ipv4", "ipv6", "arp", "vlan", "mpls", "pppoe", "macsec", "llc"],
    "vlan": ["ipv4", "ipv6", "arp", "vlan", "mpls", "pppoe", "llc"],
    "mpls": ["ipv4", "ipv6"],
    "pppoe": ["ipv4", "ipv6", "mpls"],
    "macsec": ["ipv4", "ipv6", "arp", "vlan"],
    "llc": ["snap"],
    "radiotap": ["ieee80211"],
    "ieee80211": ["llc"],
    "snap": ["ipv4", "ipv6", "arp"],
    "ipv4": ["tcp", "udp", "icmp", "igmp", "ipv4", "ipv6", "gre", "esp", "ah", "sctp", "dccp", "l2tpv3"],
    "ipv6": ["tcp", "udp", "icmpv6", "ipv4", "ipv6", "gre", "esp", "sctp", "dccp", "l2tpv3"],
    "ah": ["tcp", "udp", "icmp", "ipv4", "ipv6"],
    "gre": ["ipv4", "ipv6", "ethernet", "mpls", "erspan", "arp"],
    "erspan": ["ethernet"],
    "l2tpv3": ["ethernet"],
    "udp": ["dns", "quic", "gtp_u", "vxlan", "vxlan_gpe", "gue", "geneve", "note"],
    "tcp": ["dns_over_tcp", "tls_record", "frame"],
    "vxlan": ["ethernet"],
    "vxlan_gpe": ["ethernet", "ipv4", "ipv6", "mpls"],
    "geneve": ["ethernet", "ipv4", "ipv6"],
    "gue": ["ipv4", "ipv6", "tcp", "udp", "icmp"],
    "gtp_u": ["ipv4", "ipv6"],
    "quic": ["quic_long", "quic_short"],
    "dns_over_tcp": ["dns"],
    "tls_record": ["tls_handshake"],
    "tls_handshake": ["tls_client_hello"],
    "sctp": ["sctp_chunk"],
    "icmp": ["ipv4"],
    "icmpv6": ["ipv6"],
}
# How often each is taken, where not once.
WEIGHT = {"ipv4": 6, "ipv6": 6, "tcp": 5, "udp": 6, "vlan": 3, "gre": 2, "vxlan": 2, "geneve": 2}
REPEATED = ["vlan", "mpls"]
HAS_PORTS = {"tcp", "udp", "sctp", "dccp"}
HAS_ADDRESSES = {"ipv4", "ipv6"}

# A walk has them as headers of their own; a chain steps over them.
OPTION_HEADERS = ["ipv6_hop_by_hop", "ipv6_routing", "ipv6_destination", "ipv6_mobility", "ipv6_host_identity",
                  "ipv6_shim6", "ipv6_fragment"]


def cpp(header):
    if header == "quic_short":
        return "net::quic_short<8>"
    return header if header in ("note", "frame") else "net::" + header


def include(header):
    if header in OPTION_HEADERS:
        return "bpfxx/net/ipv6_option_headers.hpp"
    return None if header in ("note", "frame") else f"bpfxx/net/{header}.hpp"


# Numbers of a header, as expressions of `{h}`, a reference to it.
FIELDS = {
    "ethernet": ["static_cast<u64>({h}.type.value())", "{h}.dst.is_group()", "{h}.src.raw[5]"],
    "vlan": ["{h}.identifier()", "{h}.priority()", "{h}.drop_eligible()", "static_cast<u64>({h}.type.value())"],
    "mpls": ["{h}.label()", "{h}.bottom()", "{h}.ttl()"],
    "pppoe": ["{h}.session_id.value()", "{h}.length.value()"],
    "macsec": ["{h}.packet_number.value()", "{h}.has_sci()", "{h}.association()"],
    "llc": ["static_cast<u64>({h}.dsap)", "{h}.control"],
    "snap": ["static_cast<u64>({h}.type.value())", "{h}.oui[2]"],
    "arp": ["{h}.operation.value()", "{h}.sender_protocol.value()", "{h}.target_hardware.raw[3]"],
    "ipv4": ["{h}.ttl", "{h}.total_length.value()", "{h}.src.value()", "{h}.dst.value()", "static_cast<u64>({h}.protocol)",
             "{h}.fragment_offset()", "{h}.more_fragments()", "{h}.header_length()", "{h}.dscp()"],
    "ipv6": ["{h}.hop_limit", "{h}.payload_length.value()", "{h}.flow_label()", "{h}.traffic_class()", "{h}.src.raw[15]",
             "static_cast<u64>({h}.next_header)"],
    "ah": ["{h}.length", "{h}.spi.value()"],
    "esp": ["{h}.spi.value()", "{h}.sequence.value()"],
    "gre": ["{h}.has_key()", "{h}.has_checksum()", "static_cast<u64>({h}.protocol.value())", "{h}.flags"],
    "erspan": ["{h}.vlan()", "{h}.session()", "{h}.index()"],
    "l2tpv3": ["{h}.session_id.value()"],
    "tcp": ["{h}.window.value()", "{h}.seq.value()", "{h}.syn()", "{h}.flags", "{h}.source().value()",
            "{h}.destination().value()", "{h}.size()"],
    "udp": ["{h}.length.value()", "{h}.checksum.value()", "{h}.source().value()", "{h}.destination().value()"],
    "sctp": ["{h}.tag.value()", "{h}.source().value()", "{h}.destination().value()"],
    "sctp_chunk": ["static_cast<u64>({h}.type)", "{h}.length.value()", "{h}.flags"],
    "dccp": ["{h}.type()", "{h}.data_offset", "{h}.source().value()"],
    "icmp": ["{h}.type", "{h}.code", "{h}.identifier()", "{h}.is_error()"],
    "icmpv6": ["{h}.type", "{h}.code", "{h}.sequence()", "{h}.is_error()"],
    "igmp": ["{h}.type", "{h}.group.value()", "{h}.is_query()"],
    "vxlan": ["{h}.vni()", "{h}.flags"],
    "vxlan_gpe": ["{h}.vni()", "{h}.next_protocol"],
    "geneve": ["{h}.vni()", "{h}.has_critical()", "{h}.version_length"],
    "gue": ["{h}.protocol_type", "{h}.flags.value()"],
    "gtp_u": ["{h}.teid.value()", "{h}.message_type", "{h}.has_sequence()"],
    "dns": ["{h}.identification.value()", "{h}.is_response()", "{h}.questions.value()", "{h}.opcode()"],
    "dns_over_tcp": ["{h}.length.value()"],
    "quic": ["{h}.is_long()", "{h}.type()"],
    "quic_long": ["{h}.version.value()", "{h}.destination_id_length"],
    "quic_short": ["{h}.destination_id[7]"],
    "tls_record": ["static_cast<u64>({h}.type)", "{h}.length.value()"],
    "tls_handshake": ["static_cast<u64>({h}.type)", "{h}.length()"],
    "tls_client_hello": ["{h}.version.value()", "{h}.session_id_length", "{h}.random[31]"],
    "radiotap": ["{h}.length.value()", "{h}.present.value()"],
    "ieee80211": ["{h}.to_ds()", "{h}.is_qos()", "{h}.has_data()", "{h}.sequence()", "{h}.address3.raw[5]"],
    "ipv6_hop_by_hop": ["{h}.length", "{h}.first[5]"],
    "ipv6_routing": ["{h}.length", "{h}.first[1]"],
    "ipv6_destination": ["static_cast<u64>({h}.next_header)", "{h}.first[0]"],
    "ipv6_mobility": ["{h}.length"],
    "ipv6_host_identity": ["{h}.length"],
    "ipv6_shim6": ["{h}.length"],
    "ipv6_fragment": ["{h}.more_fragments()", "{h}.fragment_offset()", "{h}.identification.value()"],
    "note": ["{h}.kind", "{h}.words", "{h}.number.value()"],
    "frame": ["{h}.length", "{h}.number.value()"],
}
FIELDS |= {f"unfragmented_{ip}": FIELDS[ip] for ip in ("ipv4", "ipv6")}


def options(program, layer, k):
    return f"acc = acc * {k} + {layer}.options().size() + {layer}.options().read<u8>({k % 8}).value_or(2);"


def numbered(function, kind):
    return lambda program, layer, k: f"acc = acc * {k} + {function}({layer}).value_or({kind}{{}}).value();"


def tcp_options(program, layer, k):
    program.includes.add("bpfxx/net/tcp_options.hpp")
    most = program.random.choice(["", "<4>"])
    return (f"net::options_of{most}({layer}).then([&](net::tcp_options const &o) BPFXX_LAMBDA {{\n"
            f"        acc = acc * {k} + o.mss + o.window_scale + o.sack_permitted + o.sack_blocks + o.timestamp;\n    }});")


def question(program, layer, k):
    program.includes.add("bpfxx/net/dns_question.hpp")
    name = program.fresh("name")
    return (f"u8 {name}[{program.random.choice([16, 64, 100])}];\n"
            f"    question_of({layer}, {name}).then([&](net::dns_question const &q) BPFXX_LAMBDA {{\n"
            f"        acc = acc * {k} + q.name_size + q.qtype.value();\n    }});\n    acc = acc * 31 + {name}[{k % 16}];")


def part(function, header):
    def made(program, layer, k):
        program.includes.add(f"bpfxx/net/{header}.hpp")
        return (f"{function}({layer}).then([&](bytes const &b) BPFXX_LAMBDA {{\n        acc = acc * {k} + b.size() + "
                f"b.read<u8>(2).value_or(3);\n    }});")
    return made


# What is behind a header's struct, and what functions beside it find there.
READERS = {
    "ipv4": [options], "tcp": [options, tcp_options], "geneve": [options], "gue": [options], "note": [options],
    "gre": [options, numbered("key_of", "be32"), numbered("checksum_of", "be16"), numbered("sequence_of", "be32")],
    "dns": [question], "tls_handshake": [part("net::server_name_of", "tls_server_name")],
    "quic_long": [part("source_id_of", "quic_long")],
}
# Fields that a rewrite sets, of a header that stands there by itself.
SETS = {
    "ethernet": [".source(net::mac_address{{{{2, 0, 0, 0, 0, {byte}}}}})",
                 ".destination(net::mac_address{{{{2, 0, 0, 0, 0, {byte}}}}})"],
    "vlan": [".set<net::vlan::identifier_field>({narrow} & 4095)", ".set<net::vlan::priority_field>({byte} & 7)"],
    "ipv4": [".set<&net::ipv4::ttl>(u8{{{byte}}})", ".set<&net::ipv4::identification>(be16{{{byte}}})",
             ".set<net::ecn>({byte} & 3)", ".set<&net::ipv4::ttl>([](u8 was) BPFXX_LAMBDA -> u8 {{ return was - 1; }})"],
    "ipv6": [".set<net::ipv6::flow_label_field>({narrow})", ".set<&net::ipv6::hop_limit>(u8{{{byte}}})"],
    "tcp": [".set<&net::tcp::window>(be16{{{byte}}})", ".set<&net::tcp::seq>(be32{{{narrow}}})",
            ".set<&net::tcp::flags>(u8{{{byte}}})"],
    "udp": [".set<&net::udp::src>(be{{net::udp_port{{{byte}}}}})"],
    "icmp": [".set<net::icmp::identifier_field>({byte})", ".set<&net::icmp::code>(u8{{{byte}}})"],
    "icmpv6": [".set<&net::icmpv6::code>(u8{{{byte}}})"],
    "igmp": [".set<&net::igmp::group>(be32{{{narrow}}})"],
    "vxlan": [".set<&net::vxlan::flags>(u8{{{byte}}})"],
    "arp": [".set<&net::arp::target_protocol>(be32{{{narrow}}})"],
    "note": [".set<&note::number>(be16{{{byte}}})"],
    "geneve": [".set<&net::geneve::flags>(u8{{{byte}}})"],
}
TEXTS = ["GET ", "HTTP/1.1", "x", "ab", "Host: ", "abc", "\\x16\\x03", "SSH-2.0-OpenSSH"]


def some_bytes(random, size):
    return bytes(random.randrange(256) for _ in range(size))


def some_payload(random):
    kind = random.randrange(6)
    if kind == 0:
        return b""
    texts = [b"GET / HTTP/1.1\r\nHost: abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"ab", b"x", b"SSH-2.0-OpenSSH_9"]
    if kind == 1:
        return random.choice(texts)
    if kind == 2:
        return some_bytes(random, random.randrange(80)) + random.choice(texts) + some_bytes(random, random.randrange(9))
    return some_bytes(random, random.choice([1, 3, 8, 20, 33, 64, 100, 300]))


def code(table, following, random):
    """The number that leads to the header that follows; of an unknown one, any."""
    if following in table:
        return table[following]
    return random.choice(list(table.values()) + [0xfe])


def header(name, following, inner, random, lies):
    """The header's bytes in front of `inner`. Where `lies`, lengths may be wrong."""
    length = len(inner)
    off = random.choice([-3, -1, 1, 5, 100]) if lies and random.randrange(3) == 0 else 0
    words = random.choice([0, 0, 0, 1, 2, 5])
    if name == "ethernet":
        if following == "llc":
            kind = min(length, 0x5ff)
        else:
            kind = code(ETHER, following, random)
        return some_bytes(random, 12) + struct.pack(">H", kind) + inner
    if name == "vlan":
        kind = min(length, 0x5ff) if following == "llc" else code(ETHER, following, random)
        return struct.pack(">HH", random.randrange(65536), kind) + inner
    if name == "mpls":
        bottom = 0 if following == "mpls" else 1
        return struct.pack(">I", random.randrange(1 << 20) << 12 | bottom << 8 | random.randrange(256)) + inner
    if name == "pppoe":
        kind = {"ipv4": 0x21, "ipv6": 0x57, "mpls": 0x281}.get(following, 0xc021)
        return struct.pack(">BBHHH", 0x11, 0, random.randrange(65536), max(0, length + 2 + off), kind) + inner
    if name == "macsec":
        sci = random.randrange(2)
        short = length + 2 if length + 2 < 48 and random.randrange(2) else 0
        return (struct.pack(">BBI", 0x20 if sci else 0x40, short, random.randrange(1 << 32)) +
                (some_bytes(random, 8) if sci else b"") + struct.pack(">H", code(ETHER, following, random)) + inner)
    if name == "llc":
        return bytes([0xaa, 0xaa, 3] if following == "snap" else [random.randrange(256), 0, random.choice([3, 0x7f])]) + inner
    if name == "radiotap":
        more = some_bytes(random, random.choice([0, 5, 10]))
        return struct.pack("<BBHI", 0, 0, max(0, 8 + len(more) + off), 0) + more + inner
    if name == "ieee80211":
        kind, flags = random.choice([(0x08, 1), (0x88, 2), (0x08, 3), (0x88, 0x83), (0x48, 1), (0x80, 0), (0x08, 0x41)])
        size = 2 * (kind == 0x88) + 6 * (flags & 3 == 3) + 4 * (kind == 0x88 and flags >> 7)
        return bytes([kind, flags]) + some_bytes(random, 20) + b"\0\0" + some_bytes(random, size) + inner
    if name == "snap":
        return bytes([0, 0, random.choice([0, 0, 0xf8])]) + struct.pack(">H", code(ETHER, following, random)) + inner
    if name == "arp":
        return struct.pack(">HHBBH", 1, 0x0800, 6, 4, random.randrange(1, 3)) + some_bytes(random, 20) + inner
    if name == "ipv4":
        fragment = random.choice([0x2000, 0x0001, 0x4000]) if lies and random.randrange(6) == 0 else 0x4000
        total = (20 + 4 * words + length + off) & 0xffff
        return (struct.pack(">BBHHHBBH", 0x45 + words, random.randrange(256), total, random.randrange(65536), fragment,
                            random.randrange(256), code(IP, following, random) & 0xff, random.randrange(65536)) +
                some_bytes(random, 8) + some_bytes(random, 4 * words) + inner)
    if name == "ipv6":
        following_code = code(IP, following, random) & 0xff
        extensions = b""
        for _ in range(random.choice([0, 0, 0, 1, 2, 3, 7 if lies else 1])):
            kind = random.choice([0, 60, 43, 44, 51, 135])
            if kind == 44:
                extensions = struct.pack(">BBHI", following_code, 0, random.choice([0, 1, 0, 9 if lies else 0]), 1) + extensions
            elif kind == 51:
                extensions = bytes([following_code, 4]) + some_bytes(random, 22) + extensions
            else:
                units = random.choice([0, 0, 1, 3])
                extensions = bytes([following_code, units]) + some_bytes(random, 6 + 8 * units) + extensions
            following_code = kind
        inner = extensions + inner
        return (struct.pack(">IHBB", 0x60000000 | random.randrange(1 << 28), max(0, len(inner) + off), following_code,
                            random.randrange(256)) + some_bytes(random, 32) + inner)
    if name == "ah":
        return bytes([code(IP, following, random) & 0xff, 1 + words]) + some_bytes(random, 10 + 4 * words) + inner
    if name == "esp":
        return some_bytes(random, 8) + inner
    if name == "gre":
        flags = random.choice([0, 0x80, 0x20, 0x10, 0xb0])
        size = bin(flags).count("1") * 4
        return bytes([flags, 0]) + struct.pack(">H", code(ETHER, following, random)) + some_bytes(random, size) + inner
    if name == "erspan":
        return struct.pack(">HHI", 0x1000 | random.randrange(4096), random.randrange(65536), random.randrange(1 << 20)) + inner
    if name == "l2tpv3":
        return struct.pack(">I", random.randrange(1, 1 << 32)) + inner
    if name == "tcp":
        if random.randrange(3) == 0:
            more = b"".join(random.sample([b"\2\4\5\xb4", b"\3\3\7", b"\4\2", b"\1", b"\1\1", b"\0", b"\5\x0a" + bytes(8),
                                           b"\x08\x0a" + some_bytes(random, 8), b"\x1e\0", b"\5\3x"], 4))
            more += bytes(-len(more) % 4)
            return (struct.pack(">HHIIBBHHH", random.randrange(65536), code(TCP, following, random), 1, 2,
                                (5 + len(more) // 4) << 4, 2, 3, random.randrange(65536), 0) + more + inner)
        return (struct.pack(">HHIIBBHHH", random.randrange(65536), code(TCP, following, random), random.randrange(1 << 32),
                            random.randrange(1 << 32), (5 + words) << 4, random.randrange(64), random.randrange(65536),
                            random.randrange(65536), 0) + some_bytes(random, 4 * words) + inner)
    if name == "udp":
        return struct.pack(">HHHH", random.randrange(65536), code(UDP, following, random), max(0, length + 8 + off),
                           random.choice([0, random.randrange(65536)])) + inner
    if name == "sctp":
        return struct.pack(">HHII", random.randrange(65536), random.randrange(65536), random.randrange(1 << 32), 0) + inner
    if name == "sctp_chunk":
        return struct.pack(">BBH", random.randrange(16), random.randrange(4), max(0, length + 4 + off)) + inner
    if name == "dccp":
        return (struct.pack(">HHBBHBBH", random.randrange(65536), random.randrange(65536), 4 + words, 0, 0,
                            random.randrange(10) << 1 | 1, 0, 0) + some_bytes(random, 4 + 4 * words) + inner)
    if name in ("icmp", "icmpv6"):
        errors = [3, 11, 12] if name == "icmp" else [1, 2, 3, 4]
        kind = random.choice(errors if following in HAS_ADDRESSES else [0, 8, 128, 129])
        return bytes([kind, random.randrange(4)]) + some_bytes(random, 6) + inner
    if name == "igmp":
        return bytes([random.choice([0x11, 0x12, 0x16, 0x17, 0x22]), 0]) + some_bytes(random, 6) + inner
    if name == "vxlan":
        return bytes([8, 0, 0, 0]) + some_bytes(random, 3) + b"\0" + inner
    if name == "vxlan_gpe":
        kind = {"ipv4": 1, "ipv6": 2, "ethernet": 3, "mpls": 5}.get(following, 9)
        return bytes([0x0c, 0, 0, kind]) + some_bytes(random, 3) + b"\0" + inner
    if name == "geneve":
        return (bytes([words, random.choice([0, 0x40])]) + struct.pack(">H", code(ETHER, following, random)) +
                some_bytes(random, 4 + 4 * words) + inner)
    if name == "gue":
        return bytes([words, code(IP, following, random) & 0xff]) + some_bytes(random, 2 + 4 * words) + inner
    if name == "gtp_u":
        flags = random.choice([0, 2, 4, 6])
        more = b""
        if flags:
            more = some_bytes(random, 3) + (b"\x85\1\0\0\0" if flags & 4 else b"\0")
        return bytes([0x30 | flags, 255]) + struct.pack(">HI", len(more) + length, random.randrange(1 << 32)) + more + inner
    if name == "dns":
        return (struct.pack(">HHHHHH", random.randrange(65536), random.randrange(65536), random.randrange(3), 0, 0, 0) +
                random.choice([b"", b"\3www\7example\3com\0\0\1\0\1"]) + inner)
    if name == "dns_over_tcp":
        return struct.pack(">H", max(0, length + off)) + inner
    if name == "quic":
        return bytes([0xc0 if following == "quic_long" else 0x40]) + inner
    if name == "quic_long":
        size = random.choice([0, 4, 8, 20])
        return struct.pack(">IB", random.choice([1, 0, 0x6b3343cf]), size) + some_bytes(random, size) + inner
    if name == "quic_short":
        return some_bytes(random, 8) + inner
    if name == "tls_record":
        return struct.pack(">BHH", 22 if following == "tls_handshake" else random.randrange(20, 25), 0x0301,
                           min(max(0, length + off), 0x4000)) + inner
    if name == "tls_handshake":
        return struct.pack(">I", (1 if following == "tls_client_hello" else 2) << 24 | max(0, length + off)) + inner
    if name == "tls_client_hello":
        size = random.choice([0, 32])
        if random.randrange(2) == 0:
            name = struct.pack(">HBH", 3 + 7, 0, 7) + b"abc.org"
            more = random.choice([b"", b"\0\x0b\0\2\1\0"]) + struct.pack(">HH", 0, len(name)) + name
            inner = b"\0\2\x13\1\1\0" + struct.pack(">H", len(more)) + more
        return b"\3\3" + some_bytes(random, 32) + bytes([size]) + some_bytes(random, size) + inner
    if name == "note":
        return bytes([random.randrange(9), words]) + some_bytes(random, 2 + 4 * words) + inner
    if name == "frame":
        return bytes([random.choice([3, 3, 4, 9, 2])]) + some_bytes(random, 8) + inner
    raise KeyError(name)
