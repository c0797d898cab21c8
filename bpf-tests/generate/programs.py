# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Random but sensible programs over the public API, and packets for each. A program is its seed and its number alone."""
import random as randomness

import protocols
from protocols import CHILDREN, FIELDS, HAS_ADDRESSES, HAS_PORTS, REPEATED, TEXTS, WEIGHT, cpp

KINDS = {
    "xdp": ("BPFXX_XDP", "xdp", ["pass", "drop", "tx", "aborted"], "kernel/xdp"),
    "tc": ("BPFXX_TC", "tc", ["ok", "shot", "unspec", "pipe"], "kernel/tc"),
    "tc_pulled": ("BPFXX_TC_PULLED", "tc", ["ok", "shot", "stolen"], "kernel/tc_pulled"),
    "tc_loaded": ("BPFXX_TC_LOADED", "tc", ["ok", "shot", "reclassify"], "kernel/tc_loaded"),
    "ingress": ("BPFXX_CGROUP_INGRESS", "cgroup_skb", ["allow", "drop"], "kernel/cgroup_skb"),
    "egress": ("BPFXX_CGROUP_EGRESS", "cgroup_skb", ["allow", "drop"], "kernel/cgroup_skb"),
}
KIND_WEIGHTS = [10, 5, 1, 1, 2, 1]


class Program:
    """Statements can be left out one by one: how a failing program is made smaller."""

    def __init__(self, seed, number):
        self.seed, self.number = seed, number
        self.name = f"p{number}"
        self.random = randomness.Random(f"{seed}/{number}")
        self.includes, self.globals = set(), []
        self.statements, self.tail = [], []
        self.counter = 0
        self.kind = self.random.choices(list(KINDS), KIND_WEIGHTS)[0]
        self.macro, self.space, self.actions, header = KINDS[self.kind]
        self.packet_type = ("cgroup_skb" if self.space == "cgroup_skb" else self.kind) + "::packet"
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
            candidates = ["ipv4", "ipv6"] if self.space == "cgroup_skb" else ["ethernet"]
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

    def chain(self, most):
        steps, parents, first = [], [], True
        while len(steps) < most:
            made = self.step(parents, first)
            if not made:
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
            return names
        if kind == "up_to":
            return f"up_to<{self.random.randrange(1, 4)}, {names}>"
        return f"{kind}<{names}>"

    def parse(self, steps, layers):
        """The statement that finds these layers: in one go, or with next()."""
        words = [self.word(s) for s in steps]
        if self.chance(35):
            words.insert(0, "exactly")
            offset = 1
        else:
            offset = 0
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
        choice = self.random.randrange(15)
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
                    f"[&](u16 w) BPFXX_LAMBDA {{ acc += w; }});")
        if choice == 13:
            # Not more: docs/guide.md, traps.
            count, stride = self.random.choice([2, 4, 8]), self.random.choice([1, 2, 3, 7])
            return (f"BPFXX_ROLLED for (u32 i = 0; i < {count}; i++) "
                    f"acc = acc * 33 + {data}.read<u8>(i * {stride}).value_or(1);")
        return (f"auto const {self.fresh('x')} = {data}.size();\n    "
                f"if (acc % 5 == 3 && x{self.counter} > {k % 60}) return {self.action()};")

    def use_in_lambda(self, data, depth):
        while True:
            text = self.use_bytes(data, depth + 1)
            if "BPFXX_TRY" not in text and "return " not in text.replace("-> u64 { return", ""):
                return text.replace("\n", "\n    ")

    # --- maps, loops, the like
    def use_map(self):
        name = f"{self.name}_{self.fresh('m')}"
        kind = self.random.choice(["hash", "hash", "array", "per_cpu_array", "per_cpu_hash", "queue", "stack", "ring",
                                   "lpm", "lru", "bloom", "struct"])
        bump = "[&](u64 &n) BPFXX_LAMBDA { n += 3; acc = acc * 7 + n; }"

        def declare(header, spec):
            self.includes.add(f"bpfxx/kernel/map/{header}.hpp")
            self.globals.append(f"BPFXX_MAP({name}, {spec});")

        if kind == "hash":
            declare("hash", f"spec::hash<u32, u64, {self.random.choice([2, 8, 64])}>")
            key = f"{self.narrow()} & {self.random.choice([3, 15, 63])}"
            return self.random.choice([
                f"if (!{name}.lookup({key}).then({bump})) acc += static_cast<u64>({name}.update({key}, acc));",
                f"acc += static_cast<u64>({name}.update({key}, acc, BPF_NOEXIST));\n    {name}.lookup(1).then({bump});",
                f"{name}.update({key}, acc);\n    acc += static_cast<u64>({name}.erase({key}));",
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
            ])
        if kind == "lpm":
            declare("lpm_trie", "spec::lpm_trie<be32, u64, 16>")
            return self.random.choice([
                f"acc += {name}.lookup({{32, be32{{{self.narrow()}}}}}).value_or(3);\n    "
                f"acc += static_cast<u64>({name}.update({{{self.random.choice([0, 8, 24, 32])}, be32{{{self.narrow()} & 0xff00'0000}}}}, acc));",
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
    def writes(self, steps, layers):
        """Fields that some layers have, and the layers that have to be named for their checksums."""
        found = []
        for i, (kind, headers) in enumerate(steps):
            if kind == "plain" and headers == ["ethernet"] and i == 0:
                found.append(([layers[0]], ".destination(net::mac_address{{2, 0, 0, 0, 0, " + str(self.random.randrange(9)) + "}})"))
            if i + 1 >= len(steps) or kind not in ("plain", "either") or not all(h in HAS_ADDRESSES for h in headers):
                continue
            above_kind, above = steps[i + 1]
            if above_kind not in ("plain", "either") or not all(h in ("tcp", "udp") for h in above):
                continue
            if any(h in ("udp", "tcp") for _, hs in steps[:i] for h in hs):
                continue # a tunnel: its own checksum covers all of this
            named = [layers[i], layers[i + 1]]
            byte = self.random.randrange(256)
            found.append((named, f".set<net::hops>(static_cast<u8>({self.narrow()}))"))
            found.append((named, f".destination(be16{{static_cast<u16>({self.narrow()})}})"))
            found.append((named, f".set<net::dscp>({byte & 63}).source(be16{{{byte}}})"))
            if headers == ["ipv4"]:
                found.append((named, f".set<&net::ipv4::ttl>(u8{{{byte}}}).source(be32{{{self.narrow()}}})"))
            if above == ["tcp"]:
                found.append((named, f".set<&net::tcp::window>(be16{{{byte}}})"))
        return found

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
        wishes = self.writes(steps, layers) if self.kind in ("xdp", "tc") else []
        for _ in range(self.random.randrange(1, 9)):
            dice = self.random.randrange(100)
            if dice < 35 or (data is None and dice < 70):
                i = self.random.randrange(len(steps))
                self.statements.append(self.use_layer(layers[i], steps[i]))
            elif dice < 70:
                self.statements.append(self.use_bytes(data))
            elif dice < 85:
                self.statements.append(self.use_map())
            elif dice < 92:
                self.statements.append(self.use_loop())
            elif wishes and self.kind == "xdp":
                named, change = self.random.choice(wishes)
                self.statements.append(f"packet.rewrite({', '.join(named)}){change};")
            else:
                self.statements.append(f"if (acc % {self.random.randrange(2, 9)} == 1) return {self.action()};")
        if wishes and self.kind == "tc" and self.chance(60):
            named, change = self.random.choice(wishes)
            self.tail.append(f"auto const changed = move(packet).rewrite({', '.join(named)}){change}.done();\n"
                             "    acc += changed.length();")
        elif self.kind == "tc" and self.chance(30):
            self.tail.append(f"auto const linear = BPFXX_TRY(move(packet).pull({self.random.choice([20, 100, 1000])}));\n"
                             "    acc += linear.payload().size() + linear.payload().read<u8>(3).value_or(1);")

    def make_walk(self):
        self.includes.add("bpfxx/kernel/walker.hpp")
        known = self.random.sample(sorted(CHILDREN), self.random.randrange(5, 20))
        first = ["ipv4"] if self.space == "cgroup_skb" else ["ethernet"]
        known = first + [h for h in ["ipv4", "ipv6", "udp"] + known if h not in first]
        known = list(dict.fromkeys(known))
        for h in known:
            if protocols.include(h):
                self.includes.add(protocols.include(h))
        self.steps = self.chain(8)
        space = "cgroup_skb" if self.space == "cgroup_skb" else self.kind
        if self.kind == "tc_loaded": # a copy is nothing that a step could find by itself
            self.kind, space = "tc", "tc"
            self.macro, self.space, self.actions, _ = KINDS["tc"]
            self.packet_type = "tc::packet"
            self.includes.add("bpfxx/kernel/tc.hpp")
        self.globals.append(f"BPFXX_WALKER({self.name}_w, {space}, {', '.join(cpp(h) for h in known)});")
        reads = "".join(f"\n        found.template then<{cpp(h)}>([&]({cpp(h)} const &h) BPFXX_LAMBDA {{ acc = acc * 3 + "
                        f"static_cast<u64>({self.field(h, 'h')}); }});"
                        for h in self.random.sample(known, min(len(known), self.random.randrange(1, 4))))
        depth = self.random.choice([1, 3, 6, 12])
        self.head = (f"u64 acc = 1;\n    auto const end = walk<{depth}, {self.name}_w>(packet, [&](auto const &found) BPFXX_LAMBDA {{\n"
                     f"        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();{reads}\n    }});\n"
                     "    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;")
        self.statements = [self.use_map() for _ in range(self.random.randrange(3))]
        self.statements += [self.use_loop() for _ in range(self.random.randrange(2))]

    def policy(self):
        return randomness.Random(f"{self.seed}/{self.number}/policy").choice(
            ["", "", f", {self.space}::{self.actions[1]}", f", {self.space}_by_reason"])

    def text(self, keep=None):
        statements = self.statements if keep is None else [s for i, s in enumerate(self.statements) if i in keep]
        tail = self.tail if keep is None or len(self.statements) in keep else []
        body = [self.head] + ([] if self.walks else ["u64 acc = 1;"]) + statements
        body.append(f"{self.name}_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA {{ n = n * 31 + acc; }});")
        body += tail
        cases = "".join(f"acc % {i + 2} == 1 ? {self.space}::{a} : " for i, a in enumerate(self.actions[1:]))
        body.append(f"return {cases}{self.space}::{self.actions[0]};")
        needed = [g for i, g in enumerate(self.globals) if keep is None or i == 0 or "WALKER" in g
                  or g.split("(")[1].split(",")[0] in "".join(body)]
        lines = [f"// --seed {self.seed}, program {self.number}"] + needed
        counted = randomness.Random(f"{self.seed}/{self.number}/count").randrange(5) == 0
        if counted:
            lines.append(f"BPFXX_COUNT({self.name}, {self.name}_c, {self.space}::counters);")
        lines.append(f"{self.macro}({self.name}{self.policy()})({self.packet_type} packet) {{")
        lines += ["    " + statement for statement in body]
        return "\n".join(lines + ["}"]) + "\n"

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
        random = randomness.Random(f"{self.seed}/{self.number}/packets")
        made = []
        for i in range(count):
            path = self.realized(random)
            if self.space == "cgroup_skb":
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


PROLOGUE = """// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
%s
using namespace bpfxx;

struct pair {
    be16 a;
    u8 b;
};
struct place {
    be32 address;
    be16 port;
    u8 kind, padding;
};
struct tally2 {
    u64 packets, sum;
};
"""


def batch(programs, keep=None):
    """The source of several programs."""
    includes, spaces = set(), set()
    for p in programs:
        includes |= p.includes
        spaces.add(p.space)
    text = PROLOGUE % "\n".join(f"#include <{i}>" for i in sorted(includes))
    text += protocols.OWN
    for space in sorted(spaces):
        actions = next(a for _, s, a, _ in KINDS.values() if s == space)
        text += (f"BPFXX_INLINE constexpr auto {space}_by_reason(reason why) -> {space}::action {{\n"
                 f"    return why == reason::truncated || why == reason::malformed ? {space}::{actions[1]} "
                 f": {space}::{actions[0]};\n}}\n")
    for p in programs:
        text += "\n" + p.text(keep)
    return text + '\nBPFXX_LICENSE("GPL");\n'
