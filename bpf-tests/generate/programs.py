# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Random but sensible programs over the public API, and packets for each. A program is its seed and its number alone."""
import random as randomness
import pathlib
import re

import protocols
from protocols import CHILDREN, FIELDS, HAS_ADDRESSES, HAS_PORTS, REPEATED, TEXTS, WEIGHT, cpp

KINDS = {
    "xdp": ("BPFXX_XDP", "xdp", ["pass", "drop", "tx", "aborted"], "kernel/xdp"),
    "xdp_frags": ("BPFXX_XDP_FRAGS", "xdp", ["pass", "drop", "tx"], "kernel/xdp_frags"),
    "tc": ("BPFXX_TC", "tc", ["ok", "shot", "unspec", "pipe"], "kernel/tc"),
    "tc_pulled": ("BPFXX_TC_PULLED", "tc", ["ok", "shot", "stolen"], "kernel/tc_pulled"),
    "tc_loaded": ("BPFXX_TC_LOADED", "tc", ["ok", "shot", "reclassify"], "kernel/tc_loaded"),
    "ingress": ("BPFXX_CGROUP_INGRESS", "cgroup_skb", ["allow", "drop"], "kernel/cgroup_skb"),
    "egress": ("BPFXX_CGROUP_EGRESS", "cgroup_skb", ["allow", "drop"], "kernel/cgroup_skb"),
    "socket_filter": ("BPFXX_SOCKET_FILTER", "socket_filter", ["keep", "drop"], "kernel/socket_filter"),
    "lwt_in": ("BPFXX_LWT_IN", "lwt", ["ok", "drop"], "kernel/lwt"),
    "lwt_out": ("BPFXX_LWT_OUT", "lwt", ["ok", "drop"], "kernel/lwt"),
    "lwt_xmit": ("BPFXX_LWT_XMIT", "lwt", ["ok", "drop"], "kernel/lwt"),
    "flow_dissector": ("BPFXX_FLOW_DISSECTOR", "flow_dissector", ["ok", "drop", "fall_back"], "kernel/flow_dissector"),
}
KIND_WEIGHTS = [10, 2, 6, 1, 1, 1, 1, 1, 1, 1, 1, 2]
NAMES_OF_PACKETS = {"cgroup_skb", "lwt", "flow_dissector", "socket_filter"}  # the macro's namespace is the packet's
BY_COPY = {"xdp_frags", "tc_loaded", "socket_filter"}  # a window, that is given back behind the program
FROM_IP = {"cgroup_skb", "lwt", "flow_dissector", "socket_filter"}

FORKS = 3  # of all chains of a program: docs/guide.md, traps, says why


def forks_of(steps):
    """How many of these are one of several IP headers, or none: each doubles the ways that the verifier walks."""
    return sum(1 for kind, headers in steps if kind in ("either", "maybe") and any(h in HAS_ADDRESSES for h in headers))


class Program:
    """Statements can be left out one by one: how a failing program is made smaller."""

    def __init__(self, seed, number, attempt=0):
        self.seed, self.number, self.key = seed, number, f"{seed}/{number}/{attempt}"
        self.name = f"p{number}"
        self.random = randomness.Random(self.key)
        self.includes, self.globals = set(), []
        self.statements, self.tail, self.last, self.others = [], [], None, []
        self.needs = set()  # ((5, 14), what): since when a kernel answers like that, where no instruction shows it
        self.counter = self.forked = 0
        self.kind = self.random.choices(list(KINDS), KIND_WEIGHTS)[0]
        self.macro, self.space, self.actions, header = KINDS[self.kind]
        self.packet_type = (self.space if self.space in NAMES_OF_PACKETS else self.kind) + "::packet"
        self.writable = self.kind in ("xdp", "tc", "tc_pulled")
        self.includes |= {f"bpfxx/{header}.hpp", "bpfxx/kernel/map/array.hpp"}
        self.globals.append(f"BPFXX_MAP({self.name}_o, spec::array<u64, 1>);")
        self.make()

    # --- small choices
    def fresh(self, stem):
        self.counter += 1
        return f"{stem}{self.counter}"

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def value(self):
        return self.random.choice(["acc", "acc >> 3", "acc * 5", f"acc ^ {self.random.randrange(1 << 16)}u"])

    def narrow(self):
        return f"static_cast<u32>({self.value()})"

    def action(self):
        return f"{self.space}::{self.random.choice(self.actions)}"

    # --- chains
    def choose(self, candidates):
        return self.random.choices(candidates, [WEIGHT.get(c, 1) for c in candidates])[0]

    def step(self, parents, first):
        """(kind, headers, parents of the next step), or None where nothing can follow."""
        if first:
            candidates = ["ipv4", "ipv6"] if self.space in FROM_IP else ["ethernet"]
            if self.kind == "xdp" and self.chance(4):
                candidates = ["radiotap", "ieee80211"]
        else:
            candidates = sorted({c for p in parents for c in CHILDREN.get(p, [])})
        if not candidates:
            return None
        dice = self.random.randrange(100)
        if not first and dice < 12:
            repeated = [c for c in candidates if c in REPEATED]
            if repeated:
                header = self.random.choice(repeated)
                return "up_to", [header], parents + [header]
        if not first and dice < 20:
            header = self.choose(candidates)
            if any(CHILDREN.get(header, [])) or self.chance(50):
                return "maybe", [header], parents + [header]
        if len(candidates) > 1 and dice < 55:
            pair = self.pair(candidates)
            if pair:
                return "either", pair, pair
        header = self.choose(candidates)
        return "plain", [header], [header]

    def pair(self, candidates):
        for group in self.random.sample([["ipv4", "ipv6"], ["tcp", "udp"], ["udp", "tcp"], ["tcp", "udp", "sctp"],
                                         ["vxlan", "geneve"], ["gre", "udp"], ["quic_long", "quic_short"],
                                         ["ipv6", "ipv4"], ["icmp", "tcp"], ["note", "vxlan"]], 10):
            if all(c in candidates for c in group):
                return group
        return None

    def chain(self, most, begin=(), forks=FORKS):
        """Steps of a chain: those of `begin`, and what may follow them; at most so many of them forks."""
        steps, parents, first = [], [], True
        for kind, headers in begin:
            parents = headers if kind in ("plain", "either") else parents + headers
            steps.append((kind, headers))
            first = False
        while len(steps) < most:
            made = self.step(parents, first)
            if not made:
                break
            # Each alternative that is asked for later on doubles what the verifier has to walk through.
            if first and forks_of([made[:2]]) > forks:
                made = "plain", made[1][:1], made[1][:1]
            deep = sum(1 for _, hs in steps if any(h in HAS_ADDRESSES for h in hs))
            if any(h in HAS_ADDRESSES for h in made[1]) and (deep > 3 or forks_of(steps + [made[:2]]) > forks):
                break
            if made[0] in ("either", "maybe") and sum(1 for k, _ in steps if k in ("either", "maybe")) > 4:
                break
            kind, headers, parents = made
            steps.append((kind, headers))
            first = False
        # Where something that need not be there is followed by nothing, that is an end as good as others.
        return steps

    def word(self, step):
        kind, headers = step
        names = ", ".join(cpp(h) for h in headers)
        for h in headers:
            if protocols.include(h):
                self.includes.add(protocols.include(h))
        if kind == "plain":
            if headers == ["vxlan"] and self.chance(30):
                return "with_id<net::vxlan, net::udp_port{4789}, net::udp_port{8472}>"
            return names
        if kind == "up_to":
            return f"up_to<{self.random.randrange(1, 4)}, {names}>"
        return f"{kind}<{names}>"

    def parse(self, steps, layers):
        """The statement that finds these layers: in one go, or with next()."""
        words = [self.word(s) for s in steps]
        first = self.first_words()
        words[:0] = first
        offset = len(first)
        cuts = [i for i in range(1, len(steps)) if steps[i - 1][0] in ("plain", "either")
                and steps[i][0] in ("plain", "either", "maybe", "up_to")]
        if cuts and self.chance(25):
            cut = self.random.choice(cuts)
            head, tail = words[:cut + offset], words[cut + offset:]
            return (f"auto [{', '.join(layers[:cut])}] = BPFXX_TRY(packet.parse<{', '.join(head)}>());\n"
                    f"    auto [{', '.join(layers[cut:])}] = BPFXX_TRY({layers[cut - 1]}.next<{', '.join(tail)}>());")
        return f"auto [{', '.join(layers)}] = BPFXX_TRY(packet.parse<{', '.join(words)}>());"

    # --- what is done with layers and payloads
    def field(self, header, reference):
        return self.random.choice(FIELDS[header]).replace("{h}", reference)

    def use_layer(self, layer, step):
        kind, headers = step
        k = self.random.randrange(1, 1000)
        if kind == "plain":
            if headers[0] in protocols.READERS and self.chance(40):
                return self.random.choice(protocols.READERS[headers[0]])(self, layer, k)
            return f"acc = acc * {k} + static_cast<u64>({self.field(headers[0], '(*' + layer + ')')});"
        if kind == "either":
            choice = self.random.randrange(4)
            if choice == 0:
                return f"acc = acc * {k} + {layer}.is<{cpp(self.random.choice(headers))}>();"
            if choice == 1 and all(h in HAS_PORTS for h in headers):
                side = self.random.choice(["source", "destination"])
                return f"acc = acc * {k} + {layer}.{side}().value();"
            if choice == 1 and all(h in HAS_ADDRESSES for h in headers):
                side = self.random.choice(["source", "destination"])
                return f"acc = acc * {k} + {layer}.{side}().raw[{self.random.randrange(16)}];"
            cases = "".join(f"\n        {'if' if i == 0 else 'else if'} constexpr (__is_same(decltype(h), {cpp(x)} const &))"
                            f"\n            return static_cast<u64>({self.field(x, 'h')});"
                            for i, x in enumerate(headers))
            return (f"acc = acc * {k} + {layer}.visit([](auto const &h) BPFXX_LAMBDA -> u64 {{{cases}"
                    f"\n        else\n            return 0;\n    }});")
        if kind == "up_to" and self.chance(40):
            return f"acc = acc * {k} + {layer}.count;"
        body = f"acc = acc * {k} + static_cast<u64>({self.field(headers[0], 'h')});"
        return f"{layer}.then([&]({cpp(headers[0])} const &h) BPFXX_LAMBDA {{ {body} }});"

    def offset(self):
        return self.random.choice([str(self.random.randrange(0, 200)), f"{self.narrow()} & {2 ** self.random.randrange(1, 13) - 1}",
                                   self.narrow(), "0"])

    def wire(self):
        """A type to read, and how it becomes a number."""
        return self.random.choice([("u8", "{}"), ("be16", "{}.value()"), ("be32", "{}.value()"), ("le16", "{}.value()"),
                                   ("le32", "{}.value()"), ("pair", "({0}.a.value() + {0}.b)")])

    def use_bytes(self, data, depth=0):
        k = self.random.randrange(1, 1000)
        choice = self.random.randrange(18)
        if choice == 15:
            return self.assumed(data, k)
        if choice == 16:
            self.includes.add("bpfxx/kernel/repeat.hpp")
            count = self.random.choice(["20", f"{data}.size() & 63", f"{self.narrow()} & 31"])
            return (f"repeat({count}, [&](u32 i) BPFXX_LAMBDA {{\n        auto const byte = {data}.read<u8>(i);\n"
                    f"        if (byte.value_or(0) == {self.random.randrange(256)}) return iteration::stop;\n"
                    f"        byte.then([&](u8 b) BPFXX_LAMBDA {{ acc = acc * {k} + b; }});\n"
                    f"        return iteration::go_on;\n    }});")
        if choice == 17:
            self.includes.add("bpfxx/kernel/numbers.hpp")
            # What is not there leaves acc as it is: a number counted up would be another one to the verifier in each round.
            return (f"for (auto const i : numbers{{0, {self.random.randrange(2, 40)}}})\n        "
                    f"{data}.read<u8>(static_cast<u32>(i)).then([&](u8 b) BPFXX_LAMBDA {{ acc = acc * {k} + b; }});")
        if choice == 0:
            return f"acc = acc * {k} + {data}.size();"
        if choice == 1:
            return f"acc = acc * {k} + {data}.empty();"
        if choice == 2:
            return f'if ({data}.starts_with("{self.random.choice(TEXTS)}")) acc ^= {k};'
        if choice == 3:
            short = self.random.sample([t for t in TEXTS if len(t.replace("\\x", "")) <= 8], self.random.randrange(1, 4))
            return f"acc = acc * {k} + {data}.start().starts_with(" + ", ".join(f'"{t}"' for t in short) + ");"
        if choice in (4, 5):
            kind, number = self.wire()
            name = self.fresh("v")
            return (f"{kind} const {name} = {data}.read<{kind}>({self.offset()}).value_or({kind}{{}});"
                    f"\n    acc = acc * {k} + {number.format(name)};")
        if choice == 6:
            kind, number = self.wire()
            name = self.fresh("v")
            return (f"auto const {name} = BPFXX_TRY({data}.read<{kind}>({self.offset()}));"
                    f"\n    acc = acc * {k} + {number.format(name)};")
        if choice == 7:
            kind, number = self.wire()
            return (f"{data}.read<{kind}>({self.offset()}).then([&]({kind} const &v) BPFXX_LAMBDA "
                    f"{{ acc = acc * {k} + {number.format('v')}; }});")
        if choice == 8:
            most = self.random.choice([1, 4, 16, 64, 100, 256])
            text = self.random.choice(TEXTS)
            if self.chance(50):
                return f'acc = acc * {k} + {data}.find<{most}>("{text}").value_or(999);'
            at, kind = self.fresh("at"), self.wire()
            return (f'{data}.find<{most}>("{text}").then([&](u32 at) BPFXX_LAMBDA '
                    f"{{ acc = acc * {k} + at; }});\n"
                    f'    u32 const {at} = {data}.find<{most}>("{text}").value_or(0);\n'
                    f"    acc += {data}.read<u8>({at} + {self.random.randrange(20)}).value_or(7);")
        if choice == 9:
            size, name = self.random.choice([1, 4, 7, 16, 20, 64]), self.fresh("copy")
            return (f"u8 {name}[{size}];\n    acc = acc * {k} + {data}.copy_to({name});\n"
                    f"    BPFXX_ROLLED for (u32 i = 0; i < {size}; i++) acc = acc * 31 + {name}[i];")
        if choice == 10 and depth < 2:
            return (f"{data}.after({self.offset()}).then([&](bytes const &rest) BPFXX_LAMBDA {{\n        "
                    f"{self.use_in_lambda('rest', depth)}\n    }});")
        if choice == 11 and depth < 2:
            return (f"{data}.first({self.offset()}).then([&](bytes const &part) BPFXX_LAMBDA {{\n        "
                    f"{self.use_in_lambda('part', depth)}\n    }});")
        if choice == 12:
            return (f"{data}.for_each_word<{self.random.choice([2, 8, 20, 64])}>("
                    f"[&](u16 w) BPFXX_LAMBDA {{ acc += little_order(w); }});")
        if choice == 13:
            # Not more: docs/guide.md, traps.
            count, stride = self.random.choice([2, 4, 8]), self.random.choice([1, 2, 3, 7])
            return (f"BPFXX_ROLLED for (u32 i = 0; i < {count}; i++) "
                    f"acc = acc * 33 + {data}.read<u8>(i * {stride}).value_or(1);")
        return (f"auto const {self.fresh('x')} = {data}.size();\n    "
                f"if (acc % 5 == 3 && x{self.counter} > {k % 60}) return {self.action()};")

    def assumed(self, data, k):
        """Headers where none has said what follows."""
        steps = self.random.choice([["ipv4", "udp"], ["ipv6", "tcp"], ["ethernet", "ipv4"], ["ethernet"], ["udp", "dns"],
                                    ["ipv4"], ["tcp"], ["unfragmented_ipv4", "udp"], ["ethernet", "unfragmented_ipv6"],
                                    ["unfragmented_ipv6", "tcp"]])
        for h in steps:
            self.includes.add(protocols.include(h))
        names = ", ".join(cpp(h) for h in steps)
        if len(steps) > 1 and self.chance(50):
            layers = [self.fresh("a") for _ in steps]
            return (f"auto [{', '.join(layers)}] = BPFXX_TRY({data}.assume<{names}>());\n    "
                    f"acc = acc * {k} + static_cast<u64>({self.field(steps[-1], '(*' + layers[-1] + ')')});")
        if len(steps) > 1:
            return f"if ({data}.assume<{names}>()) acc = acc * {k};"
        name = self.fresh("a")
        return (f"auto const {name} = BPFXX_TRY({data}.assume<{names}>());\n    "
                f"acc = acc * {k} + static_cast<u64>({self.field(steps[0], '(*' + name + ')')});")

    def use_in_lambda(self, data, depth):
        while True:
            text = self.use_bytes(data, depth + 1)
            if "BPFXX_TRY" not in text and "return " not in text.replace("-> u64 { return", ""):
                return text.replace("\n", "\n    ")

    # --- the same packet once more
    def without_leaving(self, made):
        """A statement of those that `made` makes that does not leave the function: for lambdas and functions of its own."""
        while True:
            text = made()
            plain = text.replace("-> u64 {", "").replace("return static_cast<u64>", "").replace("return 0;", "")
            plain = plain.replace("return iteration::", "")
            if "BPFXX_TRY" not in plain and "return " not in plain:
                return text

    def used(self, steps, layers, most=3, generic=False):
        """Statements about these layers, perhaps in a generic lambda."""
        last = steps[-1][0] in ("plain", "either")
        lines = []
        for _ in range(self.random.randrange(1, most + 1)):
            if last and self.chance(40):
                data = self.fresh("rest")
                lines.append(f"auto const {data} = {layers[-1]}.payload();")
                lines.append(self.without_leaving(lambda: self.use_bytes(data, 1)))
            else:
                i = self.random.randrange(len(steps))
                lines.append(self.without_leaving(lambda: self.use_layer(layers[i], steps[i])))
        text = "\n        ".join(line.replace("\n", "\n    ") for line in lines)
        return re.sub(r"\.(read|find|is|for_each_word|assume)<", r".template \1<", text) if generic else text

    def like(self):
        """A chain that starts as the program's own does, so that packets are of that form as well."""
        begin = self.steps[:self.random.randrange(0, min(4, len(self.steps)) + 1)]
        left = FORKS - forks_of(self.steps) - self.forked
        while forks_of(begin) > max(left, 0):
            begin = begin[:-1]
        made = self.chain(max(len(begin), self.random.randrange(1, 6)), begin, max(left, 0))
        self.forked += forks_of(made)
        return made

    def first_words(self):
        return ["exactly"] * self.chance(35) + ["ignoring_lengths"] * self.chance(12)

    def words(self, steps):
        words = [self.word(s) for s in steps]
        return ", ".join(self.first_words() + words)

    def look_again(self):
        steps = self.like()
        layers = [self.fresh("z") for _ in steps]
        names, words, k = ", ".join(layers), self.words(steps), self.random.randrange(1, 1000)
        parsed = self.fresh("found")
        match self.random.randrange(6):
            case 0:
                return (f"if (auto const {parsed} = packet.parse<{words}>()) {{\n        auto [{names}] = BPFXX_TRY({parsed});\n"
                        f"        {self.used(steps, layers)}\n    }} else\n        acc += static_cast<u64>({parsed}.why());")
            case 1:
                return (f"reason const {parsed} = packet.parse<{words}>().then([&](auto const &all) BPFXX_LAMBDA {{\n"
                        f"        auto const &[{names}] = all;\n        {self.used(steps, layers, 3, True)}\n    }});\n"
                        f"    acc = acc * {k} + static_cast<u64>({parsed});")
            case 2:
                return (f"auto const {parsed} = packet.parse<{words}>();\n    switch ({parsed}.why()) {{\n"
                        f"    case reason::none: acc += {k}; break;\n    case reason::truncated: return {self.action()};\n"
                        f"    case reason::fragment: acc ^= {k}; break;\n    case reason::malformed: return {self.action()};\n"
                        f"    default: acc *= {k | 1};\n    }}\n"
                        f"    {parsed}.then([&](auto const &all) BPFXX_LAMBDA {{\n        auto const &[{names}] = all;\n"
                        f"        {self.used(steps, layers, 3, True)}\n    }});")
            case 3:
                name = f"{self.name}_{self.fresh('f')}"
                self.globals.append(
                    f"BPFXX_INLINE auto {name}({self.packet_type} const &packet, u64 acc) -> result<u64> {{\n"
                    f"    auto [{names}] = BPFXX_TRY(packet.parse<{words}>());\n    {self.used(steps, layers)}\n    return acc;\n}}")
                return self.random.choice([f"acc = {name}(packet, acc).value_or({k});", f"acc ^= BPFXX_TRY({name}(packet, acc));",
                                           f"acc += static_cast<u64>({name}(packet, acc).why());"])
            case 4:
                return f"acc = acc * {k} + static_cast<u64>(packet.parse<{words}>().why());"
            case _:
                return (f"auto const {parsed} = [&](u64 with) BPFXX_LAMBDA -> u64 {{\n        u64 sum = with;\n"
                        f"        packet.parse<{words}>().then([&](auto const &all) BPFXX_LAMBDA {{\n"
                        f"            auto const &[{names}] = all;\n        u64 &acc = sum;\n        {self.used(steps, layers, 3, True)}\n"
                        f"        }});\n        return sum;\n    }};\n    acc = {parsed}(acc + {k});")

    def go_deeper(self, steps, layers):
        """What stands behind a layer, where it stands there: nested, or one of several."""
        known = [i for i, (k, hs) in enumerate(steps) if k in ("plain", "either") and any(CHILDREN.get(h) for h in hs)]
        if not known:
            return None
        i = self.random.choice(known)
        begin = steps[i:i + 1 + self.random.randrange(0, 3)]
        more = self.chain(len(begin) + self.random.randrange(1, 3), begin)[1:]
        if not more:
            return None
        names = [self.fresh("d") for _ in more]
        parsed, k = self.fresh("deeper"), self.random.randrange(1, 1000)
        text = (f"if (auto const {parsed} = {layers[i]}.next<{self.words(more)}>()) {{\n"
                f"        auto [{', '.join(names)}] = BPFXX_TRY({parsed});\n        {self.used(more, names)}")
        again = self.chain(len(more) + 1, more)[len(more):] if more[-1][0] in ("plain", "either") else []
        if again and self.chance(50):
            inner, name = self.fresh("deeper"), self.fresh("d")
            text += (f"\n        if (auto const {inner} = {names[-1]}.next<{self.words(again)}>()) {{\n"
                     f"            auto [{name}] = BPFXX_TRY({inner});\n        {self.used(again, [name], 1)}\n        }}")
        return text + f"\n    }} else if ({parsed}.why() == reason::other_protocol)\n        acc += {k};"

    def addresses(self, steps, layers):
        """Addresses as constants, prefixes and keys."""
        self.includes |= {"bpfxx/net/literals.hpp"}
        k = self.random.randrange(1, 1000)
        ip = [l for l, (kind, hs) in zip(layers, steps) if kind in ("plain", "either") and all(h in HAS_ADDRESSES for h in hs)]
        v4 = [l for l, s in zip(layers, steps) if s == ("plain", ["ipv4"])]
        ports = [l for l, (kind, hs) in zip(layers, steps) if kind in ("plain", "either") and all(h in HAS_PORTS for h in hs)]
        frames = [l for l, s in zip(layers, steps) if s == ("plain", ["ethernet"])]
        side, name = self.random.choice(["source", "destination"]), f"{self.name}_{self.fresh('m')}"
        found = []
        if frames:
            l = self.random.choice(frames)
            found += [f'if ({l}->src == "02:00:00:00:00:0{k % 9}"_mac || {l}->dst.is_group()) acc += {k};']
        if ip:
            l = self.random.choice(ip)
            found += [f'if ("{self.random.choice(["10.0.0.0/8", "128.0.0.0/1", "0.0.0.0/0", "2000::/3", "fe80::/10", "8000::/1"])}"_prefix'
                      f".contains({l}.{side}())) acc = acc * {k} + {l}.{side}().is_v4();",
                      f'acc += {l}.source() == "10.0.0.1"_ip || {l}.source() == {l}.destination() ? {k} : 1;']
        if v4:
            l = self.random.choice(v4)
            self.includes |= {"bpfxx/kernel/map/hash.hpp", "bpfxx/kernel/map/lpm_trie.hpp"}
            found += [f"if (!{name}.lookup_in_place({l}->src).then([&](u64 &n) BPFXX_LAMBDA {{ acc += ++n; }}))\n"
                      f"        {name}.update({l}->src, u64{{{k}}});",
                      f'acc += "224.0.0.0/4"_prefix.contains({l}->dst) ? {k} : ({l}->src == "1.2.3.4"_ipv4);']
        if ip and ports:
            l, p = self.random.choice(ip), self.random.choice(ports)
            self.includes.add("bpfxx/kernel/map/hash.hpp")
            found += [f"flow const key{k}{{{l}.source(), {l}.destination(), {p}.source(), {p}.destination()}};\n"
                      f"    if (!{name}.lookup(key{k}).then([&](u64 &n) BPFXX_LAMBDA {{ acc ^= ++n; }})) {name}.update(key{k}, acc);"] * 3
        if not found:
            return None
        text = self.random.choice(found)
        if "lookup" in text:
            self.globals.append(f"BPFXX_MAP({name}, spec::hash<{'flow' if 'flow' in text else 'be32'}, u64, 8>);")
        return text

    def other(self):
        """What else a program has."""
        k = self.random.randrange(1, 1000)
        found = ["acc += packet.length();"] if self.kind != "flow_dissector" else []
        name = f"{self.name}_{self.fresh('g')}"
        found += [(f"if (acc % 7 < {name}.least) acc += {name}.times[1] + {k};", f"BPFXX_CONFIG(settings, {name});")]
        found += [(f"{name}.last = acc;\n    acc ^= ++{name}.count;", f"BPFXX_GLOBAL(totals, {name});")] * 2
        found += [(f"{name} += static_cast<u32>(acc);\n    acc = acc * {k} + {name};", f"BPFXX_GLOBAL(u32, {name}, {k});")]
        if self.space in ("tc", "cgroup_skb", "lwt"):
            found += ["acc += packet.mark() * 3 + packet.priority();"]
        if self.kind in ("xdp", "xdp_frags"):
            found += ["acc += packet.queue() * 3;"]
        if self.kind in ("tc", "tc_pulled"):
            found += [f"packet.set_mark({self.narrow()});\n    acc += packet.mark();",
                      f"packet.set_priority({self.narrow()} & 7);\n    acc += packet.priority() * {k};"]
        if self.kind in ("tc", "xdp"):
            found += ["acc += packet.metadata<place>().value_or(place{}).port.value();"]
        if self.kind in BY_COPY:
            kind, number = self.wire()
            found += [f"packet.load<{kind}>({self.offset()}).then([&]({kind} const &v) BPFXX_LAMBDA {{ "
                      f"acc = acc * {k} + {number.format('v')}; }});"] * 4
        made = self.random.choice(found)
        if isinstance(made, tuple):
            made, declared = made
            self.globals.append(declared)
        return made

    # --- maps, loops, the like
    def use_map(self):
        name = f"{self.name}_{self.fresh('m')}"
        kinds = ["hash", "hash", "array", "per_cpu_array", "per_cpu_hash", "queue", "stack", "ring", "lpm", "lru",
                 "lru_per_cpu", "bloom", "struct", "atomic", "maps", "maps_by_key", "walked", "read_only", "written", "nested"]
        if self.kind != "socket_filter":  # the kernel has no locks there
            kinds += ["lock", "timer"]
        if self.kind not in ("flow_dissector", "socket_filter"):
            kinds.append("perf")
        kind = self.random.choice(kinds)
        bump = "[&](u64 &n) BPFXX_LAMBDA { n += 3; acc = acc * 7 + n; }"

        def declare(header, spec):
            self.includes.add(f"bpfxx/kernel/map/{header}.hpp")
            self.globals.append(f"BPFXX_MAP({name}, {spec});")

        if kind == "written":
            header, spec = self.random.choice([("array", "spec::array<tally2, 4>"), ("per_cpu_array", "spec::per_cpu_array<tally2, 4>"),
                                               ("per_cpu_hash", "spec::per_cpu_hash<u32, tally2, 8>"),
                                               ("lru_hash", "spec::lru_hash<u32, tally2, 1024>")])
            declare(header, spec)
            key = f"{self.narrow()} & 7"
            erase = "" if "array" in header else f"if (acc % 3 == 1) acc += static_cast<u64>({name}.erase({key}));\n    "
            return (f"{erase}acc += static_cast<u64>({name}.update({key}, tally2{{acc, 1}}"
                    f"{self.random.choice(['', ', BPF_EXIST', ', BPF_ANY'])}));\n    auto const {name}_v = {name}.lookup({key})"
                    f".value_or(tally2{{3, 4}});\n    acc += {name}_v.packets * 3 + {name}_v.sum;")
        if kind == "nested":
            self.includes.add("bpfxx/kernel/repeat.hpp")
            declare("array", "spec::array<u64, 8>")
            if self.chance(50):
                return (f"repeat({self.random.choice(['3', self.narrow() + ' & 15'])}, [&](u32 i) BPFXX_LAMBDA {{\n"
                        f"        {name}.lookup(i & 7).then([&](u64 &n) BPFXX_LAMBDA {{ n += acc, acc = acc * 3 + n; }});\n    }});")
            return (f"{name}.for_each([&](u32 const &key, u64 &n) BPFXX_LAMBDA {{\n"
                    f"        repeat(key, [&](u32 i) BPFXX_LAMBDA {{ n += i, acc ^= n; }});\n"
                    f"        return key > 4 ? iteration::stop : iteration::go_on;\n    }});")
        if kind == "read_only":
            declare("array", f"spec::array<u64, 4, map_options{{.flags = BPF_F_RDONLY_PROG}}>")
            return f"{name}.lookup({self.narrow()} & 7).then([&](u64 const &n) BPFXX_LAMBDA {{ acc += n + 1; }});"
        if kind == "atomic":
            self.includes.add("bpfxx/core/atomic.hpp")
            declare("array", "spec::array<counted, 4>")
            change = self.random.choice(["c.a.fetch_add(acc)", "c.a.fetch_or(acc)", "c.a.fetch_and(acc)", "c.a.fetch_xor(acc)",
                                         "c.a.exchange(acc)", "c.a.compare_exchange(acc, 7)", "c.a.load()",
                                         "c.a.fetch_sub(acc & 3)"])
            return (f"{name}.lookup({self.narrow()} & 7).then([&](counted &c) BPFXX_LAMBDA {{\n        ++c.a;\n"
                    f"        c.b.add(3);\n        acc = acc * 3 + {change};\n    }});")
        if kind == "timer":
            self.includes |= {"bpfxx/kernel/timer.hpp", "bpfxx/kernel/lock.hpp"}
            declare("hash", "spec::hash<u32, timed_sum, 8>")
            key = f"{self.narrow()} & 7"
            # A kernel from 6.18 on asks for memory that another CPU may be busy with, and does without it then: -ENOMEM.
            cancelled = "acc += started == -12 ? 1 : static_cast<u64>(cancel_timer(t));"
            return (f"if (!{name}.contains({key})) {name}.update({key}, timed_sum{{}}, BPF_NOEXIST);\n"
                    f"    {name}.lookup({key}).then([&](timed_sum &t) BPFXX_LAMBDA {{\n"
                    f"        t.sum += acc;\n"
                    f"        auto const started = start_timer({name}, t, 3'600'000'000'000,\n"
                    f"                                         [](u32 const &, timed_sum &v) BPFXX_LAMBDA {{ v.sum = 0; }});\n"
                    f"        if (started != -12) acc += static_cast<u64>(started);\n"
                    f"        {self.random.choice(['', cancelled])}\n    }});")
        if kind == "lock":
            self.includes.add("bpfxx/kernel/lock.hpp")
            declare("hash", "spec::hash<u32, guarded, 8>")
            key = f"{self.narrow()} & 7"
            if self.chance(50):
                return (f"if (!{name}.contains({key})) {name}.update({key}, guarded{{}}, BPF_NOEXIST);\n"
                        f"    {name}.lookup({key}).then([&](guarded &g) BPFXX_LAMBDA {{\n"
                        f"        locked(g, [&](guarded &v) BPFXX_LAMBDA {{ v.sum += acc, acc += ++v.times; }});\n    }});")
            return (f"{name}.update({key}, guarded{{}}, BPF_NOEXIST);\n    {{\n"
                    f"        auto *const g = BPFXX_TRY({name}.lookup({key}));\n        lock_guard const held{{*g}};\n"
                    f"        g->sum ^= acc;\n        if (g->sum % 3 == 0) return {self.action()};\n        ++g->times;\n    }}")
        if kind in ("maps", "maps_by_key"):
            inner, include = self.random.choice([("spec::hash<u32, u64, 8>", "hash"), ("spec::array<u64, 4>", "array"),
                                                 ("spec::lru_hash<u32, u64, 1024>", "lru_hash")])
            self.includes.add(f"bpfxx/kernel/map/{include}.hpp")
            if kind == "maps":
                declare("array_of_maps", f"spec::array_of_maps<{inner}, 4>")
            else:
                declare("hash_of_maps", f"spec::hash_of_maps<u32, {inner}, 4>")
            miss = "" if include == "array" else f"if (!inner.contains({self.narrow()} & 7)) inner.update({self.narrow()} & 7, acc);\n        "
            return (f"acc += {name}.lookup({self.narrow()} & 3).then([&](auto &inner) BPFXX_LAMBDA {{\n        {miss}"
                    f"inner.lookup({self.narrow()} & 7).then({bump});\n    }});")
        if kind == "walked":
            declare(*self.random.choice([("hash", "spec::hash<u32, u64, 16>"), ("array", "spec::array<u64, 8>"),
                                         ("per_cpu_array", "spec::per_cpu_array<u64, 8>")]))
            return (f"acc += static_cast<u64>({name}.update({self.narrow()} & 7, acc));\n"
                    f"    acc += static_cast<u64>({name}.for_each([&](u32 const &key, u64 &n) BPFXX_LAMBDA {{ n += key + 1, "
                    f"acc += n * (key + 3); }}));")
        if kind == "perf":
            declare("perf_event_array", "spec::perf_event_array<64>")
            return f"acc += {name}.output(packet, tally2{{2, acc}});"
        if kind == "lru_per_cpu":
            declare("lru_per_cpu_hash", "spec::lru_per_cpu_hash<u32, u64, 1024>")
            key = f"{self.narrow()} & 31"
            return f"if (!{name}.lookup({key}).then({bump})) {name}.update({key}, u64{{1}});"
        if kind == "hash":
            options = self.random.choice(["", "", ", map_options{.flags = BPF_F_NO_PREALLOC}", ", map_options{.numa_node = 0}"])
            declare("hash", f"spec::hash<u32, u64, {self.random.choice([2, 8, 64])}{options}>")
            key = f"{self.narrow()} & {self.random.choice([3, 15, 63])}"
            return self.random.choice([
                f"if (!{name}.lookup({key}).then({bump})) acc += static_cast<u64>({name}.update({key}, acc));",
                f"acc += static_cast<u64>({name}.update({key}, acc, BPF_NOEXIST));\n    {name}.lookup(1).then({bump});",
                f"{name}.update({key}, acc);\n    acc += static_cast<u64>({name}.erase({key}));",
                f"acc += static_cast<u64>({name}.update({key}, acc, BPF_EXIST)) + {name}.lookup({key}).value_or(4);\n"
                f"    {name}.update({key}, u64{{7}});",
                f"{name}.update({key}, acc);\n    u64 &{name}_v = *BPFXX_TRY({name}.lookup({key}));\n    {name}_v += 5;",
                f"acc = acc * 3 + {name}.contains({key});\n    {name}.update({key}, u64{{7}});",
            ])
        if kind == "struct":
            declare("hash", f"spec::hash<place, tally2, 16>")
            return (f"place const key{self.counter}{{be32{{{self.narrow()} & 7}}, be16{{{self.random.randrange(4)}}}, 1, 0}};\n"
                    f"    if (!{name}.lookup(key{self.counter}).then([&](tally2 &t) BPFXX_LAMBDA {{ ++t.packets; t.sum += acc; "
                    f"acc += t.sum; }}))\n        {name}.update(key{self.counter}, tally2{{1, acc}});")
        if kind == "array":
            size = self.random.choice([1, 16, 100])
            declare("array", f"spec::array<u64, {size}>")
            return f"{name}.lookup({self.narrow()} & {self.random.choice([0, 15, 127])}).then({bump});"
        if kind == "per_cpu_array":
            declare("per_cpu_array", "spec::per_cpu_array<u64, 4>")
            return f"{name}.lookup({self.narrow()} & 7).then({bump});"
        if kind == "per_cpu_hash":
            declare("per_cpu_hash", "spec::per_cpu_hash<u16, u64, 8>")
            return (f"u16 const key{self.counter} = static_cast<u16>({self.narrow()} & 3);\n    "
                    f"if (!{name}.lookup(key{self.counter}).then({bump})) {name}.update(key{self.counter}, u64{{1}});")
        if kind in ("queue", "stack"):
            declare(kind, f"spec::{kind}<u32, 8>")
            return self.random.choice([
                f"acc += static_cast<u64>({name}.push({self.narrow()}));",
                f"{name}.push({self.narrow()}, BPF_EXIST);\n    acc += {name}.peek().value_or(5);",
                f"if (acc & 1) {name}.push({self.narrow()});\n    else acc += {name}.pop().value_or(9);",
            ])
        if kind == "ring":
            declare("ring_buffer", "spec::ring_buffer<4096>")
            return self.random.choice([
                f"acc += {name}.output(tally2{{{self.random.randrange(99)}, acc}});",
                f"{name}.reserve<tally2>().submit([&](tally2 &t) BPFXX_LAMBDA {{ t.sum = acc; }});",
                f"acc += {name}.output(tally2{{1, acc}}, {self.narrow()} & 31);",
                f"{{\n        auto record = {name}.reserve<tally2>();\n"
                f"        if (acc & 1) acc += record.submit([&](tally2 &t) BPFXX_LAMBDA {{ t.packets = acc; }});\n    }}",
            ])
        if kind == "lpm":
            declare("lpm_trie", "spec::lpm_trie<be32, u64, 16>")
            self.needs.add(((6, 1), "a full LPM trie that replaces an entry"))  # 6.13, and updates of 6.1 and later
            return self.random.choice([
                f"acc += {name}.lookup({{32, be32{{{self.narrow()}}}}}).value_or(3);\n    "
                f"acc += static_cast<u64>({name}.update({{{self.random.choice([0, 8, 24, 32])}, be32{{{self.narrow()} & 0xff00'0000}}}}, acc));",
                f"{name}.update({{16, be32{{{self.narrow()}}}}}, acc);\n"
                f"    {name}.lookup(lpm_key<be32>::whole(be32{{{self.narrow()}}})).then({bump});",
                f"acc += static_cast<u64>({name}.update({{{self.random.randrange(30, 36)}, be32{{0x0a000001}}}}, acc));\n"
                f"    acc += static_cast<u64>({name}.erase({{32, be32{{0x0a000001}}}}));",
            ])
        if kind == "lru":
            declare("lru_hash", "spec::lru_hash<u32, u64, 1024>")
            key = f"{self.narrow()} & 31"
            return f"if (!{name}.lookup({key}).then({bump})) {name}.update({key}, u64{{1}});"
        declare("bloom_filter", "spec::bloom_filter<u32, 64>")
        return f"{name}.add({self.random.randrange(50)});\n    acc += {name}.may_contain({self.random.randrange(50)}) ? 1 : 0;"

    def use_loop(self):
        choice = self.random.randrange(3)
        k = self.random.randrange(1, 100)
        if choice == 0:
            self.includes.add("bpfxx/kernel/repeat.hpp")
            return f"acc += repeat({self.random.choice(['10', '100', self.narrow() + ' & 31'])}, [&](u32 i) BPFXX_LAMBDA {{ acc = acc * {k} + i; }});"
        if choice == 1:
            self.includes.add("bpfxx/kernel/numbers.hpp")
            return f"for (auto const i : numbers{{0, {self.random.randrange(1, 30)}}}) acc = acc * {k} + static_cast<u64>(i);"
        return f"BPFXX_ROLLED for (u32 i = 0; i < {self.random.randrange(1, 20)}; i++) acc = (acc ^ i) * {k};"

    # --- writes
    def sums(self, steps, end):
        """From which layer on a rewrite of the layers before `end` has to be told of them: a checksum may cover them."""
        covered = [i for i, (_, hs) in enumerate(steps[:end]) if any(h in ("tcp", "udp", "icmp", "icmpv6", "igmp") for h in hs)]
        return covered[0] if covered else end

    def changes(self, steps, first, end):
        """Words of a rewrite that is told the layers from `first` to before `end`."""
        found = []
        for i in range(first, end):
            kind, headers = steps[i]
            fill = {"byte": self.random.randrange(256), "narrow": self.narrow()}
            before = {h for _, hs in steps[first:i] for h in hs}  # a word means the first layer that has such a field
            if (kind in ("plain", "maybe", "up_to") and headers[0] in protocols.SETS and len(headers) == 1
                    and headers[0] not in before):
                found.append(self.random.choice(protocols.SETS[headers[0]]).format(**fill))
            if kind not in ("plain", "either") or not all(h in HAS_ADDRESSES for h in headers):
                continue
            found.append(f".set<net::hops>(static_cast<u8>({self.narrow()}))")
            found.append(f".set<net::dscp>({fill['byte'] & 63}).set<net::ecn>({fill['byte'] & 3})")
            if headers == ["ipv4", "ipv6"]:
                found.append(f".set<&net::ipv4::ttl, &net::ipv6::hop_limit>(u8{{{fill['byte']}}})")
            if i + 1 == end:
                continue
            behind_kind, behind = steps[i + 1]
            if behind_kind == "up_to" or not all(h in ("tcp", "udp", "icmpv6") for h in behind):
                continue
            if not before & (HAS_ADDRESSES | HAS_PORTS):
                side = self.random.choice(["source", "destination"])
                if headers == ["ipv4"]:
                    found.append(f".{side}(be32{{{self.narrow()}}})")
                else:
                    found.append(f".{side}(net::ip_address{{be32{{{self.narrow()}}}}})")
                if all(h in ("tcp", "udp") for h in behind) and behind_kind != "maybe":
                    found.append(f".{side}(be16{{static_cast<u16>({self.narrow()})}})")
        return found

    def rewrite(self, steps, layers):
        """(the layers that are named, words, whether the last one has a payload), or None."""
        limit = next((i for i, (_, hs) in enumerate(steps) if any(h in ("sctp", "dccp", "ah") for h in hs)), len(steps))
        if limit == 0:
            return None
        end = self.random.randrange(1, limit + 1)
        # What a checksum covers is named from there on; what stands before may be.
        sums = self.sums(steps, end)
        first = 0 if sums == end else min(sums, max(0, sums - 1))
        first = self.random.randrange(0, first + 1)
        names = layers[first:end]
        words = self.changes(steps, first, end)
        if not words:
            return None
        words = self.random.sample(words, min(len(words), self.random.randrange(1, 4)))
        return names, words, steps[end - 1][0] in ("plain", "either")

    def rewriting(self, steps, layers, begin, finish):
        """Statements of a rewrite: in a row, or one by one."""
        made = self.rewrite(steps, layers)
        if not made:
            return None
        names, words, has_payload = made
        if self.chance(60):
            return finish(f"{begin}.rewrite({', '.join(names)}){''.join(words)}", True)
        change = self.fresh("change")
        lines = [f"auto {change} = {begin}.rewrite({', '.join(names)});"]
        lines += [self.random.choice(["", f"if (acc % {self.random.randrange(2, 5)} == 1) "]) + f"{change}{w};" for w in words]
        if has_payload:
            kind, number = self.random.choice([("be16", "{}.value()"), ("be32", "{}.value()"), ("u8", "{}")])
            lines.append(f"acc += {number.format(f'{change}.write({self.offset()}, {kind}{{7}}).value_or({kind}{{}})')};")
        return "\n    ".join(lines) + finish(change, False)

    def write(self, steps, layers):
        """A statement that writes to the packet, and leaves it where it is."""
        if self.chance(25):
            plain = [(l, hs[0]) for l, (k, hs) in zip(layers, steps) if k == "plain" and hs[0] in ("ethernet", "ipv4", "udp", "tcp")]
            if plain:
                layer, header = self.random.choice(plain)
                text = {"ethernet": "auto const s = h.src; h.src = h.dst; h.dst = s;", "ipv4": "h.ttl = 9; h.src = be32{7};",
                        "udp": "auto const s = h.src; h.src = h.dst; h.dst = s;", "tcp": "h.window = be16{9};"}[header]
                return f"packet.raw({layer}, [](auto &h) BPFXX_LAMBDA {{ {text} }});"
        if self.chance(12):
            plain = [(l, hs[0]) for l, (k, hs) in zip(layers, steps) if k == "plain" and hs[0] in HAS_ADDRESSES]
            if plain and not self.sums(steps, len(steps)) < layers.index(plain[0][0]):
                layer, header = plain[0]
                value = f"be32{{{self.narrow()}}}" if header == "ipv4" else f"net::ip_address{{be32{{{self.narrow()}}}}}"
                return f"packet.rewrite({layer}, no_checksum_behind{{}}).{self.random.choice(['source', 'destination'])}({value});"
        made = self.rewriting(steps, layers, "packet", lambda text, whole: text + ";" if whole else "")
        return "{\n    " + made.replace("\n", "\n    ") + "\n    }" if made else None

    # --- other sizes
    def outer(self, frame):
        """Headers around IP or around a frame."""
        self.includes |= {"bpfxx/net/ipv4.hpp", "bpfxx/net/ipv6.hpp"}
        k = self.random.randrange(1, 1000)
        ip = self.random.choice([f"net::ipv4{{.ttl = 32, .src = be32{{{k}}}, .dst = be32{{2}}}}", "net::ipv6{.hop_limit = 9}",
                                 "with_options{net::ipv4{.ttl = 9}, be32{0x94040000}}"])
        udp = f"net::udp{{.src = be{{net::udp_port{{{k}}}}}}}"
        tunnels = [["net::gre{}"], ["net::gre::with_key(7)"], [udp, f"net::geneve::of({k})"],
                   [udp, f"with_options{{net::geneve::of({k}), place{{be32{{1}}, be16{{2}}, 3, 4}}}}"]]
        tunnels += [[udp, f"net::vxlan::of({k})"]] if frame else [[], [], [udp, "net::gue{}"], ["net::gre{}", f"net::mpls::of({k})"]]
        tunnel = self.random.choice(tunnels)
        for word in tunnel:
            self.includes.add(f"bpfxx/net/{re.search(r'net::([a-z_0-9]+)', word)[1]}.hpp")
        return ", ".join([ip] + tunnel)

    def resizes(self, steps, layers):
        """How this packet can become another one, as an expression of `move(packet)`."""
        found = []
        is_ip = [kind in ("plain", "either") and all(h in HAS_ADDRESSES for h in hs) for kind, hs in steps]
        is_frame = [kind == "plain" and hs == ["ethernet"] for kind, hs in steps]
        if is_frame[0]:
            found.append(f"encapsulate({layers[0]}, {self.outer(True)}, {layers[0]})")
            if len(steps) > 1 and is_ip[1]:
                found += [f"encapsulate({layers[0]}, {self.outer(False)}, {layers[1]})"] * 2
                if steps[1] == ("plain", ["ipv4"]):
                    self.includes.add("bpfxx/net/ipv6.hpp")
                    found.append(f"translate({layers[0]}, net::ipv6{{.hop_limit = 7}}, behind({layers[1]}))")
                if steps[1] == ("plain", ["ipv6"]):
                    self.includes.add("bpfxx/net/ipv4.hpp")
                    found.append(f"translate({layers[0]}, net::ipv4{{.ttl = 7}}, behind({layers[1]}))")
            for i in range(2, len(steps)):
                if is_ip[i]:
                    found += [f"decapsulate({layers[0]}, {layers[i]})"] * 3
            if self.kind == "xdp":
                self.includes.add("bpfxx/net/vlan.hpp")
                found.append(f"encapsulate({layers[0]}, net::vlan::of(7, 3), behind({layers[0]}))")
        for i in range(1, len(steps)):
            if is_frame[i]:
                found += [f"decapsulate({layers[i]})"] * 3
        return found

    def ends(self):
        """Changes of any packet."""
        self.includes.add("bpfxx/net/vlan.hpp")
        n = self.random.choice(["4", "40", f"{self.narrow()} & 63", self.narrow()])
        found = ["push_vlan(net::vlan::of(7))", "push_vlan(net::vlan::of(8), net::ether_type{0x88a8})",
                 "pop_vlan<net::vlan>()", f"grow_tail({n})", f"shrink_tail({n})", f"grow_head({n})"]
        if self.kind == "xdp":
            found += [f"shrink_head({n})", "with_metadata(place{be32{static_cast<u32>(acc)}, be16{1}, 2, 0})"]
        else:
            found.append(f"pull({n})")
        return found

    def date(self, moves, steps, layers):
        """Since when kernels do these alike."""
        for move in moves:
            if "with_metadata" in move:
                self.needs.add(((5, 15), "metadata in what BPF_PROG_TEST_RUN gives back"))
            if self.kind != "xdp" and move.startswith("encapsulate(") and move.endswith(f", {layers[0]})"):
                self.needs.add(((5, 14), "a frame in a tunnel"))
            if self.kind != "xdp" and move.startswith("decapsulate("):
                inner = steps[layers.index(move[move.rindex(" ") + 1 if " " in move else len("decapsulate("):-1])]
                if inner[0] != "plain" or inner != steps[1]:
                    self.needs.add(((6, 3), "another IP version out of a tunnel"))

    def geometry(self, steps, layers):
        """The packet becomes another one, once or more; then it is read again."""
        moves = [self.random.choice(self.resizes(steps, layers) or self.ends()) if self.chance(60)
                 else self.random.choice(self.ends())]
        while self.chance(35) and len(moves) < 3:
            moves.append(self.random.choice(self.ends()))
        self.date(moves, steps, layers)
        lines, now = [], "packet"
        for move in moves:
            after = self.fresh("now")
            lines.append(f"auto {after} = BPFXX_TRY(move({now}).{move});")
            now = after
        lines.append(f"acc = acc * 31 + {now}.length();")
        if "with_metadata" in moves[-1]:
            lines.append(f"acc += {now}.metadata<place>().value_or(place{{}}).address.value();")
        self.includes |= {"bpfxx/net/ipv4.hpp", "bpfxx/net/ipv6.hpp", "bpfxx/net/ethernet.hpp"}
        again = self.random.randrange(3)
        if again == 0:
            lines.append(f"auto [again, ip] = BPFXX_TRY({now}.parse<net::ethernet, either<net::ipv4, net::ipv6>>());\n"
                         "    acc = acc * 31 + ip.source().raw[15] + again->src.raw[1];")
        elif again == 1:
            lines.append(f"acc = acc * 31 + {now}.payload().read<u8>({self.offset()}).value_or(3);")
        return "\n    ".join(lines)

    # --- other programs
    def goes_on(self):
        """The last statement: a program goes on in another one, or the packet goes to where a map says."""
        if self.kind == "xdp" and self.chance(50):
            kind = self.random.choice(["devmap", "devmap_hash", "cpumap", "xskmap"])
            self.includes.add(f"bpfxx/kernel/map/{kind}.hpp")
            self.globals.append(f"BPFXX_MAP({self.name}_to, spec::{kind}<4>);")
            otherwise = self.random.choice(["", f", {self.action()}"])
            if "devmap" in kind and self.chance(40):
                self.needs.add(((5, 14), "broadcast"))
                return f"return {self.name}_to.broadcast({self.random.choice(['', 'true'])});"
            return f"return {self.name}_to.redirect({self.narrow()} & 7{otherwise});"
        self.includes.add("bpfxx/kernel/map/prog_array.hpp")
        self.globals.append(f"BPFXX_MAP({self.name}_t, spec::prog_array<4>);")
        self.globals.append(f"BPFXX_MAP({self.name}_n, spec::array<u64, 2>);")
        for i in range(2):
            first = self.random.choice(["ipv4", "ipv6"]) if self.space in FROM_IP else "ethernet"
            self.includes.add(protocols.include(first))
            self.others.append(
                f"{self.macro}({self.name}t{i})({self.packet_type} packet) {{\n"
                f"    {self.name}_n.lookup({i}).then([&](u64 &n) BPFXX_LAMBDA {{ ++n; }});\n"
                f"    auto const l = BPFXX_TRY(packet.parse<{cpp(first)}>());\n"
                f"    u64 const acc = static_cast<u64>({self.field(first, '(*l)')});\n"
                + (f"    if (acc % 2 == 1) return {self.name}_t.call(packet, 1);\n" if i == 0 else "") +
                f"    return acc % 3 == 1 ? {self.action()} : {self.action()};\n}}\n")
        return f"return {self.name}_t.call(packet, {self.narrow()} & 3);"

    # --- all of it
    def make(self):
        self.walks = self.chance(12)
        if self.walks:
            return self.make_walk()
        steps = self.chain(self.random.randrange(1, 9))
        layers = [f"l{i}" for i in range(len(steps))]
        self.steps = steps
        self.head = self.parse(steps, layers)
        last_kind = steps[-1][0]
        data = None
        if last_kind in ("plain", "either"):
            data = "data"
            self.head += f"\n    auto const data = {layers[-1]}.payload();"
        elif self.kind in ("xdp", "tc") and self.chance(50):
            data = "data"
            self.head += "\n    auto const data = packet.payload();"
        for _ in range(self.random.randrange(1, 9)):
            dice = self.random.randrange(100)
            if dice < 35 or (data is None and dice < 70):
                i = self.random.randrange(len(steps))
                self.statements.append(self.use_layer(layers[i], steps[i]))
            elif dice < 70:
                self.statements.append(self.use_bytes(data))
            elif dice < 80:
                self.statements.append(self.use_map())
            elif dice < 84:
                self.statements.append(self.use_loop())
            elif dice < 93:
                made = [self.look_again, self.look_again, lambda: self.go_deeper(steps, layers), self.other,
                        lambda: self.addresses(steps, layers)]
                self.statements.append(self.random.choice(made)() or self.other())
            else:
                write = self.write(steps, layers) if self.kind == "xdp" else None
                self.statements.append(write or f"if (acc % {self.random.randrange(2, 9)} == 1) return {self.action()};")
        if self.writable and self.chance(55):
            made = None
            if self.kind != "xdp" and self.chance(50):
                made = self.rewriting(steps, layers, "move(packet)", lambda text, whole:
                                      (f"auto const changed = {text}.done();" if whole else
                                       f"\n    auto const changed = {text}.done();") + "\n    acc += changed.length();")
            self.tail.append(made or self.geometry(steps, layers))
        elif self.space == "lwt" and self.chance(40):
            self.tail.append("auto const linear = BPFXX_TRY(move(packet).pull(64));\n"
                             "    acc += linear.payload().size() + linear.payload().read<u8>(3).value_or(1);")
        elif self.kind == "flow_dissector":
            self.tail.append(self.random.choice([
                "auto &keys = packet.keys();\n    keys.ip_proto = static_cast<u8>(acc);\n    keys.thoff = static_cast<u16>(acc >> 8);",
                "packet.keys().set_ports(be16{static_cast<u16>(acc)}, be16{9});\n    acc += packet.keys().nhoff;",
                "acc += packet.keys().n_proto.value() + packet.payload().size();"]))
        elif self.kind not in BY_COPY and self.chance(30):
            self.last = self.goes_on()

    def make_walk(self):
        self.includes.add("bpfxx/kernel/walker.hpp")
        known = self.random.sample(sorted(set(FIELDS) - {"frame", "unfragmented_ipv4", "unfragmented_ipv6"}), self.random.randrange(5, 30))
        first = ["ipv4"] if self.space in FROM_IP else ["ethernet"]
        known = first + [h for h in ["ipv4", "ipv6", "udp"] + known if h not in first]
        known = list(dict.fromkeys(known))
        for h in known:
            if protocols.include(h):
                self.includes.add(protocols.include(h))
        self.steps = self.chain(8)
        if self.kind in BY_COPY:  # a copy is nothing that a step could find by itself
            self.kind = {"tc_loaded": "tc", "xdp_frags": "xdp", "socket_filter": "ingress"}[self.kind]
            self.macro, self.space, self.actions, header = KINDS[self.kind]
            self.packet_type = (self.space if self.space in NAMES_OF_PACKETS else self.kind) + "::packet"
            self.includes.add(f"bpfxx/{header}.hpp")
        space = self.space if self.space in NAMES_OF_PACKETS else self.kind
        self.globals.append(f"BPFXX_WALKER({self.name}_w, {space}, {', '.join(cpp(h) for h in known)});")
        end = "\n        found.forget(acc);" + self.random.choice(["", "", f"\n        return found.offset() % {self.random.randrange(2, 40)} != 1;"])
        reads = "".join(f"\n        found.template then<{cpp(h)}>([&]({cpp(h)} const &h) BPFXX_LAMBDA {{ acc = acc * 3 + "
                        f"static_cast<u64>({self.field(h, 'h')}); }});"
                        for h in self.random.sample(known, min(len(known), self.random.randrange(1, 4))))
        depth = self.random.choice([1, 3, 6, 12])
        self.head = (f"{self.start()}\n    auto const end = walk<{depth}, {self.name}_w>(packet, [&](auto const &found) BPFXX_LAMBDA {{\n"
                     f"        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();{reads}{end}\n    }});\n"
                     "    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;")
        self.statements = [self.use_map() for _ in range(self.random.randrange(3))]
        self.statements += [self.use_loop() for _ in range(self.random.randrange(2))]
        self.statements += [self.look_again() for _ in range(self.random.randrange(2))]
        self.statements += [self.other() for _ in range(self.random.randrange(2))]
        if self.chance(40):
            counted = self.random.sample(known, min(len(known), self.random.randrange(1, 4)))
            at = self.random.choice(["", "", f", 0, {self.offset()}", f", {known.index(self.random.choice(known))}"])
            names = [self.fresh("times") for _ in counted]
            counts = "".join(f"\n        if (found.template is<{cpp(h)}>()) ++{n};" for n, h in zip(names, counted))
            self.statements.append(
                f"u32 {' = 0, '.join(names)} = 0;\n    bool seen{self.counter} = false;\n"
                f"    walk<{self.random.choice([2, 5, 8, 12])}, {self.name}_w>(packet, [&](auto const &found) BPFXX_LAMBDA {{{counts}\n"
                f"        found.forget({', '.join(names)});\n        if (found.depth() > {self.random.randrange(4)} && found.size() > {self.random.randrange(9, 30)}) "
                f"seen{self.counter} = true;\n    }}{at});\n"
                f"    if ({names[0]} > {self.random.randrange(3)} && !seen{self.counter}) return {self.action()};\n"
                f"    acc += {' * 3 + '.join(names)};")
        if self.writable and self.kind == "xdp" and self.chance(40):
            steps, layers = self.steps, [self.fresh("y") for _ in self.steps]
            text = self.write(steps, layers)
            if text:
                self.statements.append(f"auto [{', '.join(layers)}] = BPFXX_TRY(packet.parse<{self.words(steps)}>());\n    {text}")
        elif self.writable and self.chance(30):
            self.tail.append(self.geometry([("none", [])], [""]))
        elif self.chance(15):
            self.last = self.goes_on()

    def start(self):
        """A sum that the verifier knows nothing of: of one it does, it would keep every way to each value apart."""
        return f"u64 acc = {self.name}_o.lookup(0).value_or(0) | 1;"

    @property
    def calls_kernel_functions(self):
        return "numbers{" in self.text()

    def policy(self):
        return randomness.Random(f"{self.key}/policy").choice(
            ["", "", f", {self.space}::{self.actions[1]}", f", {self.space}_by_reason"])

    def text(self, keep=None):
        statements = self.statements if keep is None else [s for i, s in enumerate(self.statements) if i in keep]
        tail = self.tail if keep is None or len(self.statements) in keep else []
        body = [self.head] + ([] if self.walks else [self.start()]) + statements
        body.append(f"{self.name}_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA {{ n = n * 31 + acc; }});")
        body += tail
        if self.last:
            body.append(self.last)
        cases = "".join(f"acc % {i + 2} == 1 ? {self.space}::{a} : " for i, a in enumerate(self.actions[1:]))
        if not self.last:
            body.append(f"return {cases}{self.space}::{self.actions[0]};")
        needed = [g for i, g in enumerate(self.globals) if keep is None or i == 0 or "WALKER" in g
                  or any(word in "".join(body + self.others) for word in re.findall(rf"\b{self.name}_\w+", g.split(")")[0]))]
        lines = [f"// --seed {self.seed}, program {self.number}"] + needed
        counted = randomness.Random(f"{self.key}/count").randrange(5) == 0
        if counted:
            lines.append(f"BPFXX_COUNT({self.name}, {self.name}_c, {self.space}::counters);")
        lines.append(f"{self.macro}({self.name}{self.policy()})({self.packet_type} packet) {{")
        lines += ["    " + statement for statement in body]
        return "\n".join(lines + ["}"] + (self.others if self.last else [])) + "\n"

    # --- packets
    def realized(self, random):
        """One row of headers that the chain could meet."""
        path = []
        for kind, headers in self.steps:
            possible = [h for h in headers if not path or h in CHILDREN.get(path[-1], [])]
            if kind == "maybe" and random.randrange(3) == 0 or not possible:
                if kind in ("maybe", "up_to"):
                    continue
                if not possible:
                    possible = headers
            if kind == "up_to":
                for _ in range(random.randrange(5)):
                    path.append(headers[0])
                continue
            path.append(random.choice(possible))
        return path

    def packets(self, count):
        random = randomness.Random(f"{self.key}/packets")
        made = []
        for i in range(count):
            path = self.realized(random)
            if self.space in FROM_IP:
                path = ["ethernet"] + path
            bytes_, following = protocols.some_payload(random), None
            for name in reversed(path):
                bytes_ = protocols.header(name, following, bytes_, random, i % 3 == 2)
                following = name
            if i % 5 == 3:
                bytes_ = bytes_[:random.randrange(len(bytes_) + 1)]
            if i % 4 == 1:
                changed = bytearray(bytes_)
                for _ in range(random.randrange(1, 4)):
                    if changed:
                        changed[random.randrange(len(changed))] = random.choice([0, 1, 4, 6, 17, 0x45, 0x60, 0xff,
                                                                                random.randrange(256)])
                bytes_ = bytes(changed)
            if i % 7 == 5:
                bytes_ += bytes(random.randrange(40))
            made.append(bytes_.ljust(14, b"\0")[:3000])
        return made


# Read once, so that what is kept of a failure is whole without it.
COMMON = pathlib.Path(__file__).with_name("common.hpp").read_text().replace("#pragma once\n", "")


def batch(programs, keep=None):
    """The source of several programs."""
    includes, spaces = set(), set()
    for p in programs:
        includes |= p.includes
        spaces.add(p.space)
    text = COMMON.replace("#include", "".join(f"#include <{i}>\n" for i in sorted(includes) if i not in COMMON) + "#include", 1) + "\n"
    for space in sorted(spaces):
        actions = next(a for _, s, a, _ in KINDS.values() if s == space)
        text += (f"BPFXX_INLINE constexpr auto {space}_by_reason(reason why) -> {space}::action {{\n"
                 f"    return why == reason::truncated || why == reason::malformed ? {space}::{actions[1]} "
                 f": {space}::{actions[0]};\n}}\n")
    for p in programs:
        text += "\n" + p.text(keep)
    return text + '\nBPFXX_LICENSE("GPL");\n'
