#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Writes the C++ declarations of the kernel's BPF helpers, read from <linux/bpf.h> of Linux 6.1 or later:

  include/bpfxx/kernel/bpf/helper.hpp       every helper, as it is called in the kernel
  include/bpfxx/kernel/host/unmodelled.hpp  those for which the host has no stand-in: a call of one does not compile
  bpf-tests/support/helper_release.hpp      the name and the first release of each number

Run it after a change of this file, and whenever include/bpfxx/kernel/host/helper.hpp models another helper."""
import argparse
import difflib
import pathlib
import re
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
HELPERS = ROOT / "include/bpfxx/kernel/bpf/helper.hpp"
UNMODELLED = ROOT / "include/bpfxx/kernel/host/unmodelled.hpp"
RELEASED = ROOT / "bpf-tests/support/helper_release.hpp"
HOST = ROOT / "include/bpfxx/kernel/host/helper.hpp"
MODELS = [HOST, HOST.with_name("geometry.hpp")]
WIDTH = 120

# What the host models as long as host/helper.hpp is not there to be asked.
MODELLED = """map_lookup_elem map_update_elem map_delete_elem ringbuf_reserve ringbuf_submit ringbuf_discard
ringbuf_output ringbuf_query ktime_get_ns ktime_get_boot_ns get_prandom_u32 get_smp_processor_id trace_printk loop
xdp_adjust_head xdp_adjust_tail xdp_load_bytes xdp_store_bytes csum_diff""".split()

# The last number of each release that added some: numbers are given in order and never change.
RELEASES = {
    "3.19": 3, "4.1": 11, "4.2": 16, "4.3": 22, "4.4": 25, "4.5": 26, "4.6": 30, "4.8": 36, "4.9": 41, "4.10": 44,
    "4.11": 45, "4.12": 47, "4.13": 50, "4.14": 53, "4.15": 57, "4.16": 59, "4.17": 64, "4.18": 80, "4.19": 83,
    "4.20": 90, "5.0": 92, "5.1": 98, "5.2": 108, "5.3": 109, "5.4": 110, "5.5": 115, "5.6": 118, "5.7": 124,
    "5.8": 135, "5.9": 141, "5.10": 155, "5.11": 162, "5.12": 163, "5.13": 165, "5.14": 168, "5.15": 175, "5.16": 179,
    "5.17": 185, "5.18": 193, "5.19": 203, "6.0": 207, "6.1": 209, "6.2": 211,
}
# A context or socket that a helper took on later, by the type of its first parameter.
OVERLOADS = {
    ("get_socket_cookie", "bpf_sock_addr"): "4.19",
    ("get_socket_cookie", "bpf_sock_ops"): "4.19",
    ("get_socket_cookie", "sock"): "5.12",
    ("sk_assign", "bpf_sk_lookup"): "5.9",
}
# Numbers above this one have no BPF_FUNC_ name in Linux 6.1, the oldest header to compile with: they are written out.
NAMED = 209
LATER = {
    210: "void *bpf_cgrp_storage_get(struct bpf_map *map, struct cgroup *cgroup, void *value, u64 flags)",
    211: "long bpf_cgrp_storage_delete(struct bpf_map *map, struct cgroup *cgroup)",
}
# Refused to a program whose licence is not compatible with the GPL.
GPL = """probe_read trace_printk perf_event_read perf_event_output get_current_task probe_write_user probe_read_str
perf_event_read_value perf_prog_read_value override_return get_stack fib_lookup rc_repeat rc_keydown rc_pointer_rel
tcp_check_syncookie tcp_gen_syncookie skb_output probe_read_user probe_read_kernel probe_read_user_str
probe_read_kernel_str read_branch_records xdp_output seq_printf seq_write seq_printf_btf get_current_task_btf check_mtu
snprintf timer_init timer_set_callback timer_start timer_cancel get_func_ip task_pt_regs get_branch_snapshot
trace_vprintk copy_from_user_task tcp_raw_gen_syncookie_ipv4 tcp_raw_gen_syncookie_ipv6 tcp_raw_check_syncookie_ipv4
tcp_raw_check_syncookie_ipv6""".split()
NOTES = {name: "GPL only" for name in GPL} | {"get_stackid": "GPL only, but for perf_event programs"}

# What the kernel only reads, although its signature does not say const.
READ_ONLY = {
    "perf_event_output": ["data"], "skb_output": ["data"], "xdp_output": ["data"], "ringbuf_output": ["data"],
    "csum_diff": ["from", "to"], "xdp_store_bytes": ["buf"], "dynptr_read": ["src"], "dynptr_write": ["dst", "src"],
    "dynptr_data": ["ptr"], "snprintf": ["data"],
    "skb_set_tunnel_key": ["key"], "skb_set_tunnel_opt": ["opt"], "setsockopt": ["optval"], "bind": ["addr"],
    "sk_lookup_tcp": ["tuple"], "sk_lookup_udp": ["tuple"], "skc_lookup_tcp": ["tuple"], "redirect_neigh": ["params"],
    "lwt_push_encap": ["hdr"], "lwt_seg6_action": ["param"],
    "tcp_check_syncookie": ["iph", "th"], "tcp_gen_syncookie": ["iph", "th"],
    "tcp_raw_gen_syncookie_ipv4": ["iph", "th"], "tcp_raw_gen_syncookie_ipv6": ["iph", "th"],
    "tcp_raw_check_syncookie_ipv4": ["iph", "th"], "tcp_raw_check_syncookie_ipv6": ["iph", "th"],
    "sock_map_update": ["key"], "sock_hash_update": ["key"], "msg_redirect_hash": ["key"], "sk_redirect_hash": ["key"],
    "sk_select_reuseport": ["key"], "sk_storage_get": ["value"], "inode_storage_get": ["value"],
    "task_storage_get": ["value"], "cgrp_storage_get": ["value"], "snprintf_btf": ["ptr"], "seq_printf_btf": ["ptr"],
    "btf_find_by_name_kind": ["name"],
}
# What a later kernel takes more of, at no cost to an older one.
WIDENED = {("redirect_map", "key"): "u64"}
# With a JIT, what is called is the map's own function, which until Linux 6.4 answered an int: -ENOENT was 4294967294.
NARROW = "map_update_elem map_delete_elem map_push_elem map_pop_elem map_peek_elem for_each_map_elem".split()
# What a callback is called with, where the comment in the header does not say it.
CALLBACKS = {"timer_set_callback": "struct bpf_map *map, void *key, void *value"}

# The kernel's own objects, under the type by which a program sees them; a map is any object with a map's fields.
STRUCTS = {"bpf_map": "void", "sk_buff": "::__sk_buff", "sk_msg_buff": "::sk_msg_md", "xdp_buff": "::xdp_md"}
# On BPF a long has 64 bits, whatever it has on the host.
SCALARS = {
    "void": "void", "char": "char", "int": "int", "long": "i64", "unsigned long": "u64", "size_t": "u64", "u16": "u16",
    "u32": "u32", "u64": "u64", "s32": "i32", "s64": "i64", "__be16": "__be16", "__be32": "__be32", "__wsum": "__wsum",
}
KEYWORDS = """alignas alignof and asm auto bool break case catch char class concept const constexpr continue decltype
default delete do double else enum explicit export extern false float for friend goto if inline int long mutable
namespace new not operator or private protected public register requires return short signed sizeof static struct
switch template this throw true try typedef typename union unsigned using virtual void volatile while xor""".split()


class Failure(Exception):
    """What is wrong, where, and what to do about it."""


@dataclass
class Helper:
    """One function: a helper, or one of its overloads."""
    number: int
    name: str
    result: str
    parameters: list  # of (type, name)
    comment: str


def first_release(number, name, parameters):
    subject = parameters[0][0].strip("*: ") if parameters else ""
    if (name, subject) in OVERLOADS:
        return OVERLOADS[name, subject]
    for release, last in RELEASES.items():
        if number <= last:
            return release
    raise Failure(f"helper {number} ({name}) is newer than RELEASES in {__file__} knows: add the release that has it")


def type_of(text, name, where):
    """The C++ type of a C one: `const struct sk_buff *` becomes `::__sk_buff const *`."""
    words = re.fullmatch(r"(const )?(struct )?([\w ]+?) ?(\**)", text.strip())
    if not words:
        raise Failure(f"{where}: cannot read the type '{text}' of '{name}'")
    const, struct, base, stars = words.groups()
    if struct:
        base = STRUCTS.get(base, "::" + base)
    elif base in SCALARS:
        base = SCALARS[base]
    else:
        raise Failure(f"{where}: unknown type '{base}' of '{name}': add it to SCALARS in {__file__}")
    return base + (" const" if const else "") + (" " + stars if stars else "")


def parameters_of(name, text, callback, where):
    """The parameters of a prototype, apart from `...`."""
    parameters = []
    for part in () if text in ("", "void") else text.split(","):
        if part.strip() == "...":
            continue
        words = re.fullmatch(r"\s*(.*?[\s*])(\w+)", part)
        if not words:
            raise Failure(f"{where}: cannot read the parameter '{part}'")
        kind, parameter = type_of(words[1], words[2], where), words[2]
        if parameter == "callback_fn":
            if not callback:
                raise Failure(f"{where}: what does the callback take? Add it to CALLBACKS in {__file__}")
            kind = "callback:" + ", ".join(declared(*p) for p in parameters_of(name, callback, None, where))
        kind = WIDENED.get((name, parameter), kind)
        if parameter in READ_ONLY.get(name, ()):
            if "*" not in kind:
                raise Failure(f"{where}: READ_ONLY in {__file__} names '{parameter}', which is '{kind}'")
            kind = kind if " const" in kind else kind.replace(" *", " const *")
        parameters.append((kind, parameter + "_" if parameter in KEYWORDS else parameter))
    return parameters


def read_helpers(header):
    """Every helper of the header, by number; one that takes several types, or any number of values, more than once."""
    try:
        text = header.read_text()
    except OSError as error:
        raise Failure(f"{header}: {error.strerror}; install linux-libc-dev, or name the file with --header") from error
    mapper = re.search(r"#define _{2,3}BPF_FUNC_MAPPER\(FN\b.*?\n((?:.*\\\n)*.*)\n", text)
    if not mapper:
        raise Failure(f"{header}: no __BPF_FUNC_MAPPER; this is not the kernel's <linux/bpf.h>, name it with --header")
    numbers = {}
    for position, (name, number) in enumerate(re.findall(r"FN\((\w+)(?:,\s*(\d+))?", mapper[0])):
        numbers[name] = int(number) if number else position
    if numbers.pop("unspec", None) != 0:
        raise Failure(f"{header}: the list of helpers does not start with 'unspec'")
    prototype = re.compile(r"^ \* ((?:const )?(?:struct )?[\w ]+? \**)bpf_(\w+)\((.*)\)$", re.M)
    found = [(m.start(), m[1], m[2], m[3]) for m in prototype.finditer(text[:mapper.start()])]
    described = {name for _, _, name, _ in found}
    for number, later in LATER.items():
        result, name, arguments = prototype.match(" * " + later).groups()
        if name not in numbers:
            numbers[name] = number
            found.append((mapper.start(), result, name, arguments))
            described.add(name)
    if described != set(numbers):
        raise Failure(f"{header}: helpers without a prototype, or prototypes without a number: "
                      + ", ".join(sorted(described ^ set(numbers))))
    helpers = []
    for index, (start, result, name, arguments) in enumerate(found):
        where = f"{header}: bpf_{name}"
        end = found[index + 1][0] if index + 1 < len(found) else mapper.start()
        callback = re.search(r"\(\\\*callback_fn\)\((.*?)\);", text[start:end])
        callback = callback[1].replace("\\*", "*") if callback else CALLBACKS.get(name)
        parameters = parameters_of(name, arguments, callback, where)
        comment = "Linux " + first_release(numbers[name], name, parameters)
        comment += ", " + NOTES[name] if name in NOTES else ""
        for values in range(4) if arguments.endswith("...") else (0,):
            more = [("u64", value) for value in "abc"[:values]]
            helpers.append(Helper(numbers[name], name, type_of(result, name, where), parameters + more, comment))
    newest = max(RELEASES.values())
    if {helper.number for helper in helpers} != set(range(1, newest + 1)):
        raise Failure(f"{header}: the helpers are not numbered 1 to {newest}; take one of Linux 6.1 or later")
    for table, names in ("NOTES", NOTES), ("READ_ONLY", READ_ONLY), ("CALLBACKS", CALLBACKS), ("NARROW", NARROW):
        if unknown := set(names) - set(numbers):
            raise Failure(f"{__file__}: {table} names what is no helper: {', '.join(sorted(unknown))}")
    taken = {(helper.name, parameter) for helper in helpers for _, parameter in helper.parameters}
    if unknown := ({(name, p) for name, ps in READ_ONLY.items() for p in ps} | set(WIDENED)) - taken:
        raise Failure(f"{__file__}: READ_ONLY or WIDENED names what no helper takes: {sorted(unknown)}")
    return sorted(helpers, key=lambda helper: helper.number)


def declared(kind, name):
    if kind.startswith("callback:"):
        return f"i64 (*{name})({kind[9:]})"
    return kind + ("" if kind.endswith("*") else " ") + name


def signature(helper):
    """The lines up to the body; like clang-format, the result goes to a line of its own before a parameter does."""
    head, tail = f"BPFXX_INLINE auto {helper.name}(", f" -> {helper.result} {{"
    parts = [declared(*parameter) for parameter in helper.parameters]
    if len(head + ", ".join(parts) + ")" + tail) <= WIDTH:
        return [head + ", ".join(parts) + ")" + tail]
    if len(head + ", ".join(parts) + ")") <= WIDTH:
        return [head + ", ".join(parts) + ")", "   " + tail]
    lines, line = [], head + parts[0]
    for part in parts[1:]:
        if len(line + ", " + part + ",") > WIDTH:
            lines.append(line + ",")
            line = " " * len(head) + part
        else:
            line += ", " + part
    return lines + [line + ")" + tail]


def definition(helper, overloaded):
    """A helper as a function, laid out as clang-format does."""
    number = f"BPF_FUNC_{helper.name}" if helper.number <= NAMED else str(helper.number)
    if overloaded:
        types = ", ".join(declared(kind, "").rstrip() for kind, _ in helper.parameters)
        call = f"reinterpret_cast<{helper.result} (*)({types})>({number})"
    elif helper.number > NAMED:
        call = f"reinterpret_cast<decltype(&{helper.name})>({number})"
    else:
        call = f"BPFXX_CALL({helper.name})"
    called = f"{call}({', '.join(name for _, name in helper.parameters)})"
    if helper.name in NARROW:
        called = f"static_cast<i32>({called})"
    body = f"{'' if helper.result == 'void' else 'return '}{called};"
    lines = signature(helper)
    if len(lines) == 1 and len(lines[0]) + len(body) + 3 <= WIDTH:
        return [f"{lines[0]} {body} }}"]
    return lines + [f"    {body}", "}"]


def struct_names(helpers, header, types):
    """The structs of the given types that the header does not define."""
    text = header.read_text()
    names = {name for kind in types for name in re.findall(r"::(\w+)", kind)}
    return sorted(name for name in names if not re.search(rf"^struct {name} {{", text, re.M))


def helper_file(helpers, header):
    types = [kind for helper in helpers for kind in (helper.result, *(k for k, _ in helper.parameters))]
    lines = [
        "// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later",
        "#pragma once",
        "/// Every BPF helper of the kernel as a typed function; libbpf's declarations of them are C only.",
        "/// Above each stands the first release that has it, and whether only GPL-compatible programs may call it.",
        "/// Made by cmake/generate_helpers.py: edit that.",
        "#include <bpfxx/core/int.hpp>",
        "#include <linux/bpf.h>",
        "",
        *(f"struct {name};" for name in struct_names(helpers, header, types)),
        "",
        "/// The instruction `call N`: the helper's number, cast to the type of the function that stands around it.",
        "/// A template would do the same, and take twice as long to compile.",
        "#define BPFXX_CALL(name) reinterpret_cast<decltype(&name)>(BPF_FUNC_##name)",
        "",
        "namespace bpfxx::helper {",
    ]
    names = [helper.name for helper in helpers]
    for helper in helpers:
        lines += [f"/// {helper.comment}", *definition(helper, names.count(helper.name) > 1), ""]
    return "\n".join(lines[:-1] + ["} // namespace bpfxx::helper", "", "#undef BPFXX_CALL", ""])


def unmodelled_file(helpers, header, modelled):
    results = {h.name: h.result.replace("::", "struct ::") for h in helpers if h.name not in modelled}
    lines = [
        "// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later",
        "#pragma once",
        "/// The helpers that the host has no stand-in for: a program that calls one does not compile there.",
        "/// Inline functions and templates that nothing uses may call them.",
        "/// Made by cmake/generate_helpers.py: edit that.",
        "#include <bpfxx/core/int.hpp>",
        "#include <linux/bpf.h>",
        "",
        *(f"struct {name};" for name in struct_names(helpers, header, results.values())),
        "",
        "#define BPFXX_UNMODELLED(name)".ljust(WIDTH - 1) + "\\",
        '    __attribute__((error("bpf_" #name " has no stand-in on the host: '
        'put what calls it behind #ifdef __bpf__")))',
        "",
        "namespace bpfxx::helper {",
        *(f"BPFXX_UNMODELLED({name}) auto {name}(...) -> {result};" for name, result in results.items()),
        "} // namespace bpfxx::helper",
        "",
        "#undef BPFXX_UNMODELLED",
    ]
    return "\n".join(lines + [""])


def release_file(helpers):
    firsts = {}
    for helper in helpers:  # of several overloads, the first
        version = tuple(map(int, first_release(helper.number, helper.name, []).split(".")))
        firsts.setdefault(helper.number, (helper.name, *version))
    lines = [
        "// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later",
        "#pragma once",
        "/// Which release of the kernel brought which helper.",
        "/// Made by cmake/generate_helpers.py: edit that.",
        "#include <bpfxx/core/int.hpp>",
        "",
        "namespace bpfxx::test {",
        "struct helper_release {",
        "    char const *name;",
        "    u32 major, minor;",
        "};",
        "/// In the order of their numbers, which begin with 1.",
        "inline constexpr helper_release helper_releases[] = {",
        *(f'    {{"{name}", {major}, {minor}}},' for _, (name, major, minor) in sorted(firsts.items())),
        "};",
        "} // namespace bpfxx::test",
    ]
    return "\n".join(lines + [""])


def functions_of(text):
    """The names of the functions that stand directly in namespace bpfxx::helper."""
    text = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', " ", text, flags=re.S)
    names = set()
    for opening in re.finditer(r"\bnamespace bpfxx::helper\s*{", text):
        depth, outside = 1, []
        for character in text[opening.end():]:
            depth += (character == "{") - (character == "}")
            if not depth:
                break
            if depth == 1:
                outside.append(character)
        names |= set(re.findall(r"\bauto\s+(\w+)\s*\(", "".join(outside)))
    return names


def modelled_names(given, helpers):
    """Which helpers the host models, and where that was read."""
    if given is not None:
        names, where = set(filter(None, given.split(","))), "--modelled"
    elif HOST.exists():
        names, where = set().union(*(functions_of(f.read_text()) for f in MODELS)), str(HOST.parent)
        if not names:
            raise Failure(f"{where}: no function in namespace bpfxx::helper; write them as auto name(...) -> type")
    else:
        names, where = set(MODELLED), "MODELLED in " + __file__
    if unknown := names - {helper.name for helper in helpers}:
        raise Failure(f"{where} has what is no helper of the kernel: {', '.join(sorted(unknown))}; "
                      "in namespace bpfxx::helper stands nothing else")
    return names, where


def misjudged(there, modelled, where, helpers):
    """Which helpers the text there refuses against what the host models, or the other way round."""
    refused = set(re.findall(r"^BPFXX_UNMODELLED\((\w+)\)", there, re.M))
    for name in sorted({helper.name for helper in helpers}):
        if name in refused and name in modelled:
            yield f"{name}: refused, though {where} models it"
        elif name not in refused and name not in modelled:
            yield f"{name}: not refused, though {where} does not model it"


def check(wanted, modelled, where, helpers):
    """Prints how the committed files differ from the wanted ones; true if they do not."""
    same = True
    for path, text in wanted.items():
        there = path.read_text() if path.exists() else ""
        if there == text:
            continue
        same = False
        why = list(misjudged(there, modelled, where, helpers)) if path == UNMODELLED and there else []
        if there and not why:
            lines = there.splitlines(), text.splitlines()
            why = list(difflib.unified_diff(*lines, "committed", "wanted", n=0, lineterm=""))
        print(f"{path}: {'not what the generator prints' if there else 'missing'}; run {__file__}", file=sys.stderr)
        for line in why[:40]:
            print(f"  {line}", file=sys.stderr)
        if len(why) > 40:
            print(f"  and {len(why) - 40} lines more", file=sys.stderr)
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not up to date")
    parser.add_argument("--header", type=pathlib.Path, default=pathlib.Path("/usr/include/linux/bpf.h"),
                        help="the kernel's, of Linux 6.1 or later (default: %(default)s)")
    parser.add_argument("--modelled", metavar="NAME,NAME",
                        help="what the host models (default: the functions of include/bpfxx/kernel/host/helper.hpp)")
    options = parser.parse_args()
    try:
        helpers = read_helpers(options.header)
        modelled, where = modelled_names(options.modelled, helpers)
        wanted = {HELPERS: helper_file(helpers, options.header),
                  UNMODELLED: unmodelled_file(helpers, options.header, modelled),
                  RELEASED: release_file(helpers)}
        if options.check:
            return 0 if check(wanted, modelled, where, helpers) else 1
        for path, text in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    except (Failure, OSError) as failure:
        print(f"generate_helpers: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
