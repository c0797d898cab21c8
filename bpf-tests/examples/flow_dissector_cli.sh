#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The command: kernel and host agree on captures, wrong words are refused, and nothing stays attached, however it ends.
source "$(dirname "$0")/../../cmake/checks/common.sh"
program=$BPFXX_BUILD_DIR/bin/flow_dissector
example=$BPFXX_SOURCE_DIR/examples/flow_dissector
scratch=$(mktemp -d)
space=bpfxx-fd-test-$$
trap 'ip netns del $space 2>/dev/null || true; rm -rf "$scratch"' EXIT
fail() {
    echo "FAILED: $*"
    exit 1
}

"$example/demo_capture.py" "$scratch/made.pcap"
cmp "$scratch/made.pcap" "$example/demo.pcap" || fail "demo_capture.py makes another capture than demo.pcap"
"$program" --help | grep -q -- '--stop-at-encapsulation' || fail "--help"
for option in "--help" "--capture $example/demo.pcap --host" "--capture $example/demo.pcap --host --json"; do
    status=0
    # shellcheck disable=SC2086
    "$program" $option >/dev/full 2>"$scratch/err" || status=$?
    [ $status = 1 ] && grep -q 'cannot write.*No space left' "$scratch/err" || fail "a full disk: $option: $status"
done
status=0
"$program" --netns "" 2>"$scratch/err" || status=$?
[ $status = 1 ] && ! grep -q capture "$scratch/err" || fail "a namespace without a name"
for words in "" "--capture" "--nonsense" "--netns x --host" "--capture $example/demo.pcap --netns x"; do
    status=0
    # shellcheck disable=SC2086
    "$program" $words >"$scratch/out" 2>"$scratch/err" || status=$?
    [ $status = 2 ] && grep -q 'help says' "$scratch/err" || fail "'$words': exit status $status"
done
status=0
"$program" --capture /nowhere --host 2>"$scratch/err" || status=$?
[ $status = 1 ] && grep -q /nowhere "$scratch/err" || fail "a capture that is not there"
"$program" --capture - --host --json <"$example/demo.pcap" >"$scratch/host"
[ "$(wc -l <"$scratch/host")" = 13 ] || fail "not a line for each packet"
grep -q '"packet":9,.*"thoff":96,.*"is_encap":true' "$scratch/host" || fail "what is in a tunnel"

# what no link carries in one piece, but what captures on a host have
python3 -B - "$scratch/long.pcap" <<'END'
import struct, sys
head = bytes.fromhex("020000000002020000000001" "0800" "4500ffff00004000400600000102030405060708" "00500051" "0000000000000000" "5010")
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for size in (60, 3072, 3073, 4097, 9000, 65549, 200000):
        data = head + bytes(size - len(head))
        file.write(struct.pack("<IIII", 0, 0, size, size) + data)
END
"$program" --capture "$scratch/long.pcap" --host --json >"$scratch/long"
[ "$(grep -c '"verdict":"ok".*"sport":80,"dport":81' "$scratch/long")" = 7 ] || fail "long packets"

fault=$(bpf_fault)
[ -z "$fault" ] || missing "flow_dissector in the kernel" "$fault"
need ip iproute2
for wish in "" --first-fragment --stop-at-flow-label --stop-at-encapsulation; do
    # shellcheck disable=SC2086
    "$program" --capture "$example/demo.pcap" --json $wish >"$scratch/kernel"
    # shellcheck disable=SC2086
    "$program" --capture "$example/demo.pcap" --json --host $wish | cmp - "$scratch/kernel" || fail "kernel and host: $wish"
done

"$program" --capture "$scratch/long.pcap" --json | cmp - "$scratch/long" || fail "long packets: kernel and host"

ip netns add $space
attached() { bpftool link show | grep -c "netns_ino $inode " || true; }
inode=$(ip netns exec $space stat -L -c %i /proc/self/ns/net)
for signal in INT TERM KILL; do
    : >"$scratch/err"
    "$program" --netns /run/netns/$space 2>"$scratch/err" &
    child=$!
    for _ in $(seq 300); do
        if grep -q attached "$scratch/err"; then break; fi
        sleep 0.1
    done
    [ "$(attached)" = 1 ] || fail "it is not attached: $(cat "$scratch/err")"
    status=0
    "$program" --netns /run/netns/$space 2>"$scratch/second" || status=$?
    [ $status = 1 ] && grep -q 'cannot attach' "$scratch/second" || fail "a second one: $(cat "$scratch/second")"
    kill -$signal $child
    wait $child 2>/dev/null || [ $signal = KILL ] || fail "SIG$signal: exit status $?"
    for _ in $(seq 300); do
        if [ "$(attached)" = 0 ]; then break; fi
        sleep 0.1
    done
    [ "$(attached)" = 0 ] || fail "SIG$signal leaves it attached"
done
echo "13 packets, three wishes, three ways to end"
