# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What there is to be written, and in how many of some programs it is."""
import pathlib
import re

import programs
import protocols

include = pathlib.Path(__file__).resolve().parent.parent.parent / "include" / "bpfxx"


def protocol_headers():
    """All headers of include/bpfxx/net that say of themselves that they are some."""
    names = set(protocols.OPTION_HEADERS)
    for file in include.glob("net/*.hpp"):
        names |= set(re.findall(r"static_assert\(header<(\w+)", file.read_text()))
    return sorted(names - {"ports", "ipv6_extension"})  # what several headers have in common


def map_kinds():
    """Those of core/map_spec.hpp that a test run can use: not those of sockets and control groups, and not what user
    space fills."""
    text = (include / "core" / "map_spec.hpp").read_text()
    kinds = re.findall(r"^using (\w+) = map_spec<", text, re.MULTILINE)
    others = {"sockmap", "sockhash", "reuseport_sockarray", "cgroup_array", "sk_storage", "task_storage", "inode_storage",
              "cgrp_storage", "stack_trace", "user_ring_buffer"}
    return [k for k in kinds if k not in others]


CONSTRUCTS = {
    "either<…>": r"either<", "up_to<…>": r"up_to<", "maybe<…>": r"maybe<", "exactly": r"<exactly,",
    "ignoring_lengths": r"<(exactly, )?ignoring_lengths,",
    "next<…>()": r"\.next<", "with_id<…>": r"with_id<", "assume<…>()": r"\.assume<", "own header": r"\b(note|frame)\b",
    "walk": r"walk<", "walk ended by its visitor": r"return found\.offset\(\) % \d+ != 1;",
    "visit()": r"\.visit\(", "is<…>()": r"\.is<", "count": r"\.count;", "options()": r"\.options\(\)",
    "addresses of either": r"\.(source|destination)\(\)\.raw", "ports of either": r"\.(source|destination)\(\)\.value",
    "read()": r"\.read<", "read() or leave": r"BPFXX_TRY\(\w+\.read<", "find()": r"\.find<", "after()": r"\.after\(",
    "first()": r"\.first\(", "copy_to()": r"copy_to\(", "for_each_word()": r"for_each_word<", "starts_with()": r"\w\.starts_with\(",
    "start().starts_with()": r"start\(\)\.starts_with", "size()": r"\.size\(\)", "empty()": r"\.empty\(\)",
    "key_of()": r"\bkey_of\(", "options_of()": r"options_of", "question_of()": r"question_of",
    "rewrite()": r"\.rewrite\(", "rewrite() step by step": r"auto change\d+ =", "rewrite().write()": r"change\d+\.write\(",
    "rewrite of an address": r"rewrite\([^;]*\)[^;]*\.(source|destination)\((be32|net::ip_address)",
    "rewrite of a port": r"rewrite\([^;]*\)[^;]*\.(source|destination)\(be16", "rewrite of hops": r"set<net::hops>",
    "rewrite of a field": r"\.set<&", "rewrite of bits": r"_field>\(", "rewrite by a function": r"set<[^>]*>\(\[\]",
    "rewrite for TC": r"move\(packet\)\.rewrite\(", "raw()": r"packet\.raw\(l",
    "encapsulate()": r"\.encapsulate\(", "decapsulate()": r"\.decapsulate\(", "translate()": r"\.translate\(",
    "push_vlan()": r"\.push_vlan\(", "pop_vlan()": r"\.pop_vlan<", "grow_head()": r"\.grow_head\(",
    "shrink_head()": r"\.shrink_head\(", "grow_tail()": r"\.grow_tail\(", "shrink_tail()": r"\.shrink_tail\(",
    "with_metadata()": r"with_metadata\(", "pull()": r"\.pull\(",
    "update()": r"\.update\(", "erase()": r"\.erase\(", "for_each()": r"\.for_each\(", "reserve()": r"\.reserve<",
    "output()": r"\.output\(", "lock": r"lock_guard|locked\(", "atomic": r"fetch_|exchange\(|c\.b\.add", "read-only map": "RDONLY",
    "map options": r"map_options\{", "repeat()": r"\brepeat\(", "numbers": r"numbers\{", "BPFXX_ROLLED": "BPFXX_ROLLED",
    "tail call": r"\.call\(", "redirect()": r"\.redirect\(", "counted": "BPFXX_COUNT", "policy by reason": "_by_reason",
    "policy": r"\(p\d+, \w+::",
    "parsed in a condition": r"if \(auto const found\d+ = packet\.parse<", "parsed by then()": r"\.then\(\[&\]\(auto const &all\)",
    "reasons told apart": r"case reason::", "function with a result": r"-> result<u64>", "parsed in a lambda": r"u64 &acc = sum",
    "next() in a condition": r"if \(auto const deeper\d+ =", "why()": r"\.why\(\)", "literals": r"_(mac|ip|ipv4|prefix)\b", "prefix": r"_prefix\b",
    "key of addresses": r"flow const key", "lookup_in_place()": r"lookup_in_place", "settings": r"BPFXX_CONFIG", "global": r"BPFXX_GLOBAL",
    "load()": r"\.load<", "mark": r"set_mark\(", "priority": r"set_priority\(", "queue": r"packet\.queue\(",
    "metadata of another": r"acc \+= packet\.metadata<", "timer": r"start_timer\(", "cancel_timer()": r"cancel_timer\(",
    "broadcast()": r"\.broadcast\(", "options of a new header": r"with_options\{", "no checksum behind": r"no_checksum_behind",
    "counts over a walk": r"\+\+times\d", "walk and rewrite": r"(?s)walk<.*packet\.rewrite\(", "walk from elsewhere": r"\}, 0, ",
    "two walks": r"(?s)walk<.*walk<", "forget()": r"found\.forget\(times",
}


PATTERNS = {f"program {macro}": rf"{macro}\(" for macro, *_ in programs.KINDS.values()}
PATTERNS |= {f"header {h}": rf"\b{re.escape(protocols.cpp(h).split('<')[0])}\b" for h in protocol_headers()}
PATTERNS |= {f"map {k}": rf"spec::{k}<" for k in map_kinds()}
PATTERNS |= CONSTRUCTS
PATTERNS = {what: re.compile(pattern) for what, pattern in PATTERNS.items()}
ORDER = list(PATTERNS)


def program(seed, number):
    """The program of this number: one of those that come to mind that has the construct whose turn it is, so that what is
    rare is in some of a few hundred programs too."""
    wish = PATTERNS[ORDER[number % len(ORDER)]]
    for attempt in range(50000):
        made = programs.Program(seed, number, attempt)
        if wish.search(made.text()):
            return made
    raise RuntimeError(f"no program has {ORDER[number % len(ORDER)]}")


def census(made):
    """{what: in how many of these programs}."""
    texts = [p.text() for p in made]
    return {what: sum(1 for t in texts if pattern.search(t)) for what, pattern in PATTERNS.items()}
