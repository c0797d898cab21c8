#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# dissect as a command: what it takes, what it refuses and in which words, and what it prints.
command=dissect
source "$(dirname "$0")/command.sh"
need python3 python3
here=$(cd "$(dirname "$0")" && pwd)
demo=$BPFXX_SOURCE_DIR/examples/dissect/demo.pcap
cp "$demo" "$scratch/demo.pcap"
python3 -B "$here/captures.py" make "$scratch"

# --- help and arguments
run 0 --help
for option in -c --capture -i --interface --host --tc --generic --replace -n --count -j --json -h --help; do
    says out "(^|[ ,])$option([ ,]|\$)"
done
says out '^Usage: dissect' '^Examples:' '^  dissect --capture' '^  dissect --interface' '^Exit status: 0 .*1 '
awk 'length > 120 { exit 1 }' "$scratch/out" || fail "--help has lines of more than 120 columns"
refused 'one of --capture and --interface is needed'
refused 'one of --capture and --interface is needed' --json
refused '--capture excludes --interface|--interface excludes --capture' -c a.pcap -i eth0
refused 'not expected: --bogus' -c a.pcap --bogus
refused '--host requires --capture' -i eth0 --host
refused '--generic requires --interface' -c a.pcap --generic
refused '--tc excludes --generic|--generic excludes --tc' -i eth0 --tc --generic
refused '--count: ' -c a.pcap --count 0

# --- captures that are none, or not whole
broken() { # PATTERN FILE
    run 1 --host --capture "$2"
    says err "$1" "$(basename "$2")"
}
broken 'No such file' nowhere.pcap
broken 'directory' "$scratch"
broken 'unknown file format' "$scratch/text.pcap"
broken 'packet 4 of .*truncated' "$scratch/cut_in_packet.pcap"
says out '^packet 3, ' '^3 packets: '
run 1 --interface no_such_if
quiet out
says err 'no network interface|cannot run here'
checks=$((checks + 1))
! "$scratch/dissect" --host -c "$demo" >/dev/full 2>"$scratch/err" || fail "a full disk makes it happy"
says err 'cannot write.*No space left'

# --- what it prints
run 0 --host -c "$scratch/empty.pcap"
says out '^0 packets$'
run 0 --host --json -c "$scratch/empty.pcap"
quiet out
run 0 --host --json -c "$demo"
cp "$scratch/out" "$scratch/lines"
python3 -B - "$scratch/lines" <<'END' || fail "$last: lines of another form"
import json, sys
stops = {"end", "truncated", "other_protocol", "malformed", "fragment", "too_deep"}
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [line["packet"] for line in lines] == list(range(1, 29))
for line in lines:
    assert list(line) == ["packet", "layers", "vlan", "ip", "ports", "payload", "stop"], line
    at = 0
    for layer in line["layers"]:
        assert list(layer) == ["name", "offset", "size"] and layer["offset"] == at, line
        at += layer["size"]
    assert line["payload"]["offset"] == at and line["payload"]["length"] >= 0 and line["stop"] in stops, line
    for ip in line["ip"]:
        assert list(ip) == ["version", "src", "dst", "protocol", "fragment_offset", "more_fragments"], line
    assert len(line["ip"]) == sum(layer["name"] in ("ipv4", "ipv6") for layer in line["layers"]), line
    assert len(line["vlan"]) == sum(layer["name"] == "vlan" for layer in line["layers"]), line
assert {line["stop"] for line in lines} == stops
END
run 0 --host --json -c - <"$demo"
alike "$scratch/lines" "$scratch/out" "standard input has other lines"
run 0 --host --json --count 5 -c "$demo"
head -n 5 "$scratch/lines" >"$scratch/expected"
alike "$scratch/expected" "$scratch/out" "not the first five"

# --- links that are not Ethernet: the same packet behind another header has the same layers
python3 -B - "$scratch" <<'END'
import os, struct, sys
ip = bytes.fromhex("45000021000100004011000001020304050607089c409c41000d0000") + b"hello"
six = bytes.fromhex("6000000000 0d1140".replace(" ", "")) + bytes(15) + b"\x01" + bytes(15) + b"\x02" + ip[20:]
links = {"raw": (101, ip), "raw6": (101, six), "ipv4": (228, ip), "ipv6": (229, six), "null": (0, b"\x02\0\0\0" + ip),
         "null6": (0, b"\0\0\0\x1e" + six), "loop": (108, b"\0\0\0\x02" + ip), "ppp": (9, b"\xff\x03\0\x21" + ip),
         "short_ppp": (9, b"\x57" + six), "chdlc": (104, b"\x0f\0\x08\0" + ip), "sll": (113, bytes(14) + b"\x86\xdd" + six),
         "sll2": (276, b"\x08\0" + bytes(18) + ip), "unknown_ppp": (9, b"\xff\x03\xc0\x21" + ip), "cut": (113, bytes(9)),
         "wifi": (127, bytes.fromhex("0000090002000000" + "10" + "0800") + bytes(22) + bytes.fromhex("aaaa03000000 0800".replace(" ", ""))
                  + ip + b"crc!"),
         # a number that is no EtherType is no length either; what a radiotap header stands behind; Cisco's on PPP's line
         "can": (113, bytes(14) + b"\0\x0c" + ip), "can2": (276, b"\0\x0c" + bytes(18) + ip), "slarp": (104, b"\x8f\0\x80\x35" + ip),
         "llc": (113, bytes(14) + b"\0\4\xaa\xaa\3\0\0\0\x08\0" + ip), "serial": (50, b"\x0f\0\x08\0" + ip),
         "serial_ppp": (50, b"\xff\x03\0\x21" + ip)}
links["radio"] = (113, b"\0\0\x03\x23" + bytes(12) + links["wifi"][1])
cut = {"wifi_cut": 2, "wifi_less": 15}  # bytes that the capture has not kept: some of the checksum, or more than it
for name, gone in cut.items():
    links[name] = (127, links["wifi"][1][:-gone])
for name, (link, data) in links.items():
    with open(os.path.join(sys.argv[1], "link_" + name + ".pcap"), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
        file.write(struct.pack("<IIII", 0, 0, len(data), len(data) + cut.get(name, 0)) + data)
END
sides=(--host)
link() { # NAME LAYERS OFFSET LENGTH STOP
    local names
    run 0 "${sides[@]}" --json -c "$scratch/link_$1.pcap"
    names=$(sed 's/"name":"/\n&/g' "$scratch/out" | sed -n 's/^"name":"\([a-z0-9_]*\).*/\1/p' | tr '\n' ' ')
    [ "$names" = "$2" ] || fail "$last: the layers are $names"
    says out "\"payload\":\\{\"offset\":$3,\"length\":$4\\},\"stop\":\"$5\"\\}\$"
}
all_links() {
    link raw "ipv4 udp " 28 5 end
    link raw6 "ipv6 udp " 48 5 end
    link ipv4 "ipv4 udp " 28 5 end
    link ipv6 "ipv6 udp " 48 5 end
    link null "null ipv4 udp " 32 5 end
    link null6 "null ipv6 udp " 52 5 end
    link loop "loop ipv4 udp " 32 5 end
    link ppp "ppp ipv4 udp " 32 5 end
    link short_ppp "ppp ipv6 udp " 49 5 end
    link chdlc "chdlc ipv4 udp " 32 5 end
    link sll "linux_sll ipv6 udp " 64 5 end
    link sll2 "linux_sll2 ipv4 udp " 48 5 end
    link unknown_ppp "ppp " 4 33 other_protocol
    link cut "" 0 9 truncated
    link can "linux_sll " 16 33 other_protocol
    link can2 "linux_sll2 " 20 33 other_protocol
    link slarp "chdlc " 4 33 other_protocol
    link llc "linux_sll llc snap ipv4 udp " 52 5 end
    link serial "chdlc ipv4 udp " 32 5 end
    link serial_ppp "ppp ipv4 udp " 32 5 end
    link radio "linux_sll radiotap ieee80211 llc snap ipv4 udp " 85 5 end
    link wifi "radiotap ieee80211 llc snap ipv4 udp " 69 5 end
    link wifi_cut "radiotap ieee80211 llc snap ipv4 udp " 69 5 end
    link wifi_less "radiotap ieee80211 llc snap ipv4 " 61 2 truncated
}
all_links

# --- the README's own words
readme() { # OPTION…
    python3 -B - "$BPFXX_SOURCE_DIR/examples/dissect/README.md" "$scratch" "$@" <<'END' || fail "the README is out of date"
import re, subprocess, sys
blocks = re.findall(r"^\$ dissect (--capture.*)\n((?:.*\n)*?)```", open(sys.argv[1]).read(), re.MULTILINE)
assert len(blocks) == 2
for words, shown in blocks:
    command = [sys.argv[2] + "/dissect", *words.split(), *sys.argv[3:]]
    printed = subprocess.run(command, cwd=sys.argv[2], capture_output=True, text=True, check=True).stdout
    assert printed == shown, printed
END
    checks=$((checks + 1))
}
readme --host
for name in mix long deep nano swapped; do
    run 0 --host --json -c "$scratch/$name.pcap"
    cp "$scratch/out" "$scratch/$name.host"
    run 0 --host --tc --json -c "$scratch/$name.pcap"
    alike "$scratch/$name.host" "$scratch/out" "TC has other answers"
done

# --- a user without rights
as_nobody=()
if [ "$(id -u)" = 0 ]; then
    need setpriv util-linux
    as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
fi
last="dissect of a user without rights"
checks=$((checks + 2))
"${as_nobody[@]}" "$scratch/dissect" --host --json -c "$scratch/demo.pcap" >"$scratch/out" 2>"$scratch/err" ||
    fail "$last, --host"
alike "$scratch/lines" "$scratch/out" "other lines"
! "${as_nobody[@]}" "$scratch/dissect" -c "$scratch/demo.pcap" >"$scratch/out" 2>"$scratch/err" || fail "$last: loads"
says err 'BPF programs cannot run here; missing:' '^hint: .*root'

# --- the same in the kernel
fault=$(bpf_fault)
if [ -n "$fault" ]; then
    echo "$checks runs without the kernel"
    missing "the same in the kernel" "$fault"
fi
for sides in "" --tc; do
    sides=($sides)
    all_links
    readme "${sides[@]}"
    for name in mix long deep nano swapped; do
        run 0 "${sides[@]}" --json -c "$scratch/$name.pcap"
        alike "$scratch/$name.host" "$scratch/out" "the kernel has other answers than the host"
    done
done
echo "$checks runs"
