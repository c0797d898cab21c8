#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# replay as a command: on objects of bpfxx and of others, of every type; what it takes, refuses, prints and leaves behind.
command=replay
source "$(dirname "$0")/command.sh"
need python3 python3
here=$(cd "$(dirname "$0")" && pwd)
mkdir "$scratch/captures" "$scratch/work"
python3 "$here/captures.py" make "$scratch/captures"
cd "$scratch/work"
mix=$scratch/captures/mix.pcap
swap=$BPFXX_BUILD_DIR/bpf/swap_macs.bpf.o

# --- help and arguments
run 0 --help
for option in -p --program -c --capture -m --map -r --repeat -w --write --all -j --json -b --bytes -h --help; do
    says out "(^|[ ,])$option([ ,]|\$)"
done
says out '^Usage: replay' '^Examples:' '^Exit status: 0 .*1 '
awk 'length > 120 { exit 1 }' "$scratch/out" || fail "--help has lines of more than 120 columns"
refused 'OBJECT is required|--capture is required'
refused '--capture is required' "$swap"
refused 'OBJECT is required' -c "$mix"
refused 'not expected: --bogus' "$swap" -c "$mix" --bogus
refused '--repeat' "$swap" -c "$mix" --repeat 0
refused '--all requires --write' "$swap" -c "$mix" --all
refused "'xy' is not hexadecimal" "$swap" -c "$mix" --map ports xy 00
refused "'123' has an odd number of digits" "$swap" -c "$mix" --map ports 00 123
refused '--map' "$swap" -c "$mix" --map ports 00

fault=$(bpf_fault)
[ -z "$fault" ] || missing "the rest of what replay does" "$fault"
clang=""
for name in clang-19 clang-16 clang-15 clang-14 clang; do
    if [ -z "$clang" ] && command -v $name >/dev/null; then clang=$name; fi
done
need "${clang:-clang}" clang-19
object=$scratch/objects.bpf.o
"$clang" -target bpf -O2 -g -isystem "/usr/include/$(uname -m)-linux-gnu" -c "$here/replay_objects.c" -o "$object"

# --- faults
run 1 nowhere.bpf.o -c "$mix"
says err 'nowhere.bpf.o.*No such file'
run 1 "$mix" -c "$mix"
says err 'cannot open .*mix.pcap'
run 1 "$swap" -c nowhere.pcap
says err 'nowhere.pcap: No such file'
run 1 "$object" -c "$mix"
says err 'has several programs' 'by_type \(xdp\).*tag \(sched_cls\).*flow \(flow_dissector\)'
run 1 "$object" -p nothing -c "$mix"
says err "no program.*'nothing'" 'by_type'
run 1 "$object" -p probe -c "$mix"
says err 'no test run on packets for kprobe programs'
run 1 "$object" -p behind -c "$mix"
says err "cannot run program 'behind' on packets: the kernel has no test run for XDP programs of a devmap or cpumap"
run 1 "$object" -p strange -c "$mix"
says err "cannot run program 'strange' on packets: its section does not say of which type it is" 'hint: name the section'
run 1 "$object" -p by_type -c "$mix" --map nothing 00 00
says err "no map 'nothing'" 'answers'
run 1 "$object" -p by_type -c "$mix" --map answers 000800 01
says err "map 'answers': its key has 2 bytes, not 3"
run 1 "$swap" -c "$scratch/captures/cut_in_packet.pcap" --write out.pcap
says err 'packet 4 of .*truncated'
says out ': 3 packets$'
[ ! -e out.pcap ] || fail "$last: left out.pcap, which is not whole"
run 1 "$swap" -c "$mix" --write nowhere/out.pcap
says err 'nowhere/out.pcap: No such file'
run 1 "$swap" -c "$mix" --write /dev/full
says err '/dev/full: No space left'

# --- every type, each verdict by its name; programs that were not made with bpfxx
judged() { # PROGRAM ROW…
    local name=$1
    shift
    run 0 "$object" --program "$name" --capture "$mix"
    says out "^$name \(.*\): 21 packets\$" '^verdict +packets +changed +longer +shorter +ns each$' "$@"
}
judged by_type '^pass +19 +0 +0 +0 +[0-9]+$' '^total +19 ' '^not run: 2 packets' '^shorter than an Ethernet header +2$'
judged head '^tx +19 +19 +19 +0 ' '^changed: packets 1-14, 17-21$'
judged tail '^pass +18 +18 +0 +18 ' '^aborted +1 +0 '
judged meta '^pass +19 +0 +0 +0 '
judged odd '^unknown +19 '
judged tag '^ok +18 ' '^without a whole network header +1$'
judged next '^unspec +18 '
judged newer '^shot +18 ' # of a section that libbpf 1.1 does not know
judged group '^drop +1 ' '^allow +17 '
judged filter '^drop +1 ' '^keep +17 '
judged in '^drop +1 ' '^ok +17 '
judged out '^ok +18 '
judged xmit '^drop +18 '
judged flow '^ok +19 '

# --- maps and settings
histogram() { # VERDICT PACKETS…, in the order of the table
    local is
    is=$(awk '/^verdict / { inside = 1; next } /^total / { exit } inside { printf "%s%s %s", n++ ? " " : "", $1, $2 }' \
        "$scratch/out")
    [ "$is" = "$*" ] || fail "$last: verdicts are $is, expected $*"
}
run 0 "$object" -p by_type -c "$mix" --map answers 0800 01 --map answers 86dd 03
histogram drop 11 pass 4 tx 4
run 0 "$object" -p by_queue -c "$mix" --map queue - 01000000 --map queue - 03000000
histogram aborted 17 drop 1 tx 1
run 0 "$object" -p by_length -c "$mix" --map .rodata 00000000 50000000
histogram drop 6 pass 13
run 0 "$object" -p by_length -c "$mix" --map lengths 00000000 5000000000000000
histogram drop 6 pass 13
run 0 "$object" -p by_length -c "$mix" --map .rodata 00000000 28000000 -m lengths 00000000 2800000000000000
histogram drop 6 pass 13

# --- what is pinned is others': it is neither made nor taken
[ ! -e /sys/fs/bpf/bpfxx_replay_pin ] || fail "$last: has pinned a map"

# --- what has changed
run 0 "$object" -p head -c "$mix" --bytes
says out '^packet 1: tx, 99 > 103 bytes, 4 more at the head$' '^ +0: \+ [0-9a-f]{2}( [0-9a-f]{2}){3}$'
run 0 "$swap" -c "$mix" --bytes
says out '^packet 1: tx$' '^ +5: 02 > 01$' '^ +11: 01 > 02$'
cp "$scratch/out" "$scratch/table"
run 0 "$swap" -c - --bytes <"$mix"
sed 's/ *[0-9]*$//' "$scratch/out" | cmp - <(sed 's/ *[0-9]*$//' "$scratch/table") || fail "$last: another table"
run 0 "$swap" -c "$mix" --json --bytes
python3 - "$mix" "$scratch/out" "$here" <<'END' || fail "$last: not what has happened"
import json, sys
sys.path.insert(0, sys.argv[3])
from captures import read_pcap
packets = read_pcap(sys.argv[1])
lines = [json.loads(line) for line in open(sys.argv[2])]
assert len(lines) == len(packets)
for number, ((_, data, _), line) in enumerate(zip(packets, lines), 1):
    assert line["packet"] == number and line["length"] == len(data), line
    if len(data) < 14:
        assert line["verdict"] == "not_run" and line["why"] == "no_ethernet", line
        continue
    group = data[0] & 1
    out = data if group else data[6:12] + data[:6] + data[12:]
    assert line["verdict"] == ("pass" if group else "tx") and line["code"] == (2 if group else 3), line
    assert bytes.fromhex(line["bytes"]) == out and line["length_out"] == len(out), line
    assert line["changed"] == (out != data) and isinstance(line["ns"], int), line
    made, at = b"", 0
    for change in line["changes"]:
        before, after = (bytes.fromhex(change[k]) for k in ("before", "after"))
        assert data[change["offset"] :].startswith(before), line
        made += data[at : change["offset"]] + after
        at = change["offset"] + len(before)
    assert made + data[at:] == out, line
END
run 0 "$object" -p flow -c "$mix" --json --bytes
says out '"verdict":"ok".*"changed":false.*"keys":"0e004d00'
run 0 "$swap" -c "$mix" --json
! grep -q bytes "$scratch/out" || fail "$last: has bytes that nobody wanted"
run 0 "$swap" -c "$mix" --repeat 10
histogram tx 19

# --- what is written
written() { # CODE OPTION…: a Python expression for the packets that are to be in out.pcap
    local code=$1
    shift
    run 0 "$@" -c "$mix" --write out.pcap
    python3 - "$mix" out.pcap "$here" "$code" <<'END' || fail "$last: wrote something else"
import sys
sys.path.insert(0, sys.argv[3])
from captures import read_pcap
packets, out = read_pcap(sys.argv[1]), read_pcap(sys.argv[2])
runs = [p for p in packets if len(p[1]) >= 14]
assert out == eval(sys.argv[4]), f"{len(out)} packets"
END
    rm out.pcap
}
written '[]' "$swap"
written 'runs' "$object" -p meta
written '[(t, d[6:12] + d[:6] + d[12:] if len(d) >= 14 else d, n) for t, d, n in packets]' "$swap" --all
written '[(t, d[:-4], n - 4) for t, d, n in runs if len(d) >= 18]' "$object" -p tail
written '[p for p in runs if p[1][12:14] == b"\x08\x00"]' "$object" -p by_type -m answers 86dd 01 -m answers 8100 01 \
    -m answers 0806 01 -m answers 88a8 01
"$scratch/replay" "$object" -p meta -c "$mix" -w - >piped.pcap 2>"$scratch/err"
says err '^pass +19 ' # the table makes way
[ "$(stat -c %s piped.pcap)" -gt 1000 ] || fail "--write - wrote nothing"
rm piped.pcap

# --- the readme says what happens
BPFXX_BUILD_DIR=$BPFXX_BUILD_DIR python3 "$here/captures.py" readme "$BPFXX_SOURCE_DIR/examples/replay/README.md" "$scratch/replay" >"$scratch/out" 2>&1 ||
    fail "the readme is out of date"

# --- a user without rights
if [ "$(id -u)" = 0 ]; then
    need setpriv util-linux
    last="replay of a user without rights"
    cp "$swap" "$mix" "$scratch"
    status=0
    setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
        "$scratch/replay" "$scratch/swap_macs.bpf.o" -c "$scratch/mix.pcap" >"$scratch/out" 2>"$scratch/err" || status=$?
    [ $status = 1 ] || fail "$last: exit status $status"
    says err 'BPF programs cannot run here; missing:' CAP_BPF
fi

# --- ended from outside: what was seen is shown, nothing unfinished is left
waits_for_more() { # PID: it has begun to write, and sleeps: there is nothing more to read
    local _
    for _ in $(seq 600); do
        if [ -n "$(find . -name 'out.pcap.*.part')" ] && grep -q '^State:.S' "/proc/$1/status"; then return 0; fi
        sleep 0.05
    done
    return 1
}
mkfifo fifo
for signal in INT TERM; do
    "$scratch/replay" "$object" -p meta -c fifo -w out.pcap >"$scratch/out" 2>"$scratch/err" &
    pid=$!
    exec 4>fifo
    head -c 800 "$mix" >&4
    waits_for_more $pid || fail "no unfinished file while the capture is read"
    kill -s $signal $pid
    status=0
    wait $pid || status=$?
    exec 4>&-
    checks=$((checks + 1))
    last="replay ended by SIG$signal"
    [ $status = 1 ] || fail "$last: exit status $status"
    says err '[Ii]nterrupted'
    says out ': [1-9] packets$'
    [ "$(ls)" = fifo ] || fail "$last: left $(ls)"
done
rm fifo

# --- much, in little memory, and with a line on a terminal that says how far it is
python3 "$here/captures.py" large "$scratch/large.pcap" 200000
last="replay, 200000 packets"
python3 "$here/captures.py" measure "$scratch/replay" "$swap" -c "$scratch/large.pcap" --all -w out.pcap \
    >"$scratch/out" 2>"$scratch/err" || fail "$last: exit status $?"
read -r seconds memory <"$scratch/err"
echo "$last: $seconds s, $((memory / 1024)) MiB"
[ "$memory" -lt 65536 ] || fail "$last: took $memory KiB"
says out ': 200000 packets$' '^tx +200000 +200000 '
[ "$(stat -c %s out.pcap)" = "$(stat -c %s "$scratch/large.pcap")" ] || fail "$last: wrote something else"
rm out.pcap
last="replay on a terminal"
mkfifo fifo
(
    head -c 1000000 "$scratch/large.pcap"
    sleep 1.5
    tail -c +1000001 "$scratch/large.pcap"
) >fifo &
python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
    "$scratch/replay" "$object" -p meta -c fifo \
    >"$scratch/out" 2>"$scratch/err" </dev/null || fail "$last: exit status $?"
wait
tr '\r' '\n' <"$scratch/out" >"$scratch/lines"
[ "$(grep -c '^[0-9]* packets' "$scratch/lines")" -ge 1 ] || fail "$last: no line says how far it is"
says out ': 200000 packets'
echo "$checks runs"
