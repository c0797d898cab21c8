#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# block_http as a command: what it takes, what it refuses and in which words, what it prints and what it leaves behind.
command=block_http
source "$(dirname "$0")/command.sh"
need python3 python3
here=$(cd "$(dirname "$0")" && pwd)
mkdir "$scratch/captures" "$scratch/work"
captures=(python3 "$here/captures.py")
"${captures[@]}" make "$scratch/captures"
cd "$scratch/work"
at() { echo "$scratch/captures/$1"; }

# --- help and arguments
run 0 --help
for option in -c --capture -i --interface -m --match -e --exempt --host -w --write --generic --replace -j --json \
    -h --help; do
    says out "(^|[ ,])$option([ ,]|\$)"
done
says out '^Usage: block_http' '^Examples:' '^  block_http --capture' '^  block_http --interface' '^Exit status: 0 .*1 '
awk 'length > 120 { exit 1 }' "$scratch/out" || fail "--help has lines of more than 120 columns"
cp "$scratch/out" "$scratch/help"
run 0 -h
alike "$scratch/help" "$scratch/out" "-h is not --help"

refused 'one of --capture and --interface is needed'
refused 'one of --capture and --interface is needed' --json
refused '--capture excludes --interface|--interface excludes --capture' -c a.pcap -i eth0
refused 'not expected: --bogus' -c a.pcap --bogus
refused 'not expected: a.pcap' a.pcap
refused '--capture: .*required' --capture
refused '--match: .*none' -c a.pcap --match none
refused '--exempt: .*70000.*65535' -c a.pcap --exempt 70000
refused '--exempt: .*-1' -c a.pcap --exempt -1
refused '--exempt: .*http' -c a.pcap --exempt http
mapfile -t ports < <(seq 1025)
refused '--exempt: at most 1024 ports' -c a.pcap --exempt "${ports[@]}"
refused '--write requires --capture' -i eth0 --write out.pcap
refused '--host requires --capture' -i eth0 --host
refused '--generic requires --interface' -c a.pcap --generic
refused '--replace requires --interface' -c a.pcap --replace

# --- captures that are none, or not whole
broken() { # PATTERN FILE: the message names the file; what was read before is shown
    run 1 --host --capture "$2" --write out.pcap
    says err "$1" "$(basename "$2")"
    [ ! -e out.pcap ] || fail "$last: left out.pcap, which is not whole"
    echo precious >out.pcap
    run 1 --host --capture "$2" --write out.pcap
    [ "$(cat out.pcap)" = precious ] || fail "$last: touched an older out.pcap"
    rm out.pcap
}
broken 'No such file' nowhere.pcap
broken 'directory' "$scratch"
broken 'truncated' "$(at zero.pcap)"
broken 'unknown file format' "$(at text.pcap)"
broken 'link type is LINUX_SLL .*not Ethernet' "$(at cooked.pcap)"
broken 'link type is RAW .*not Ethernet' "$(at raw.pcap)"
quiet out
broken 'packet 4 of .*truncated' "$(at cut_in_packet.pcap)"
says out '^3 packets$' '^total +0 +3$'
broken 'packet 4 of .*truncated' "$(at cut_in_header.pcap)"
says out '^3 packets$'
broken 'packet 1 of .*type 113' "$(at two.pcapng)"
run 1 --host --json --capture "$(at cut_in_packet.pcap)"
head -n 3 "$(at mix.json)" >"$scratch/expected"
alike "$scratch/expected" "$scratch/out" "other packets than the three before the fault"
run 1 --host --capture "$(at mix.pcap)" --write nowhere/out.pcap
says err 'nowhere/out.pcap: No such file'
run 1 --host --capture "$(at mix.pcap)" --write "$scratch"
says err 'directory'
run 1 --host --capture "$(at mix.pcap)" --write /dev/full
says err '/dev/full: No space left'
run 1 --interface no_such_if
quiet out
says err 'no network interface|cannot run here'
for kind in --host --json; do
    checks=$((checks + 1))
    last="block_http $kind with a full standard output"
    ! "$scratch/block_http" --host $kind -c "$(at mix.pcap)" -w out.pcap >/dev/full 2>"$scratch/err" || fail "is happy"
    says err 'cannot write.*No space left'
done
rm -f out.pcap

# --- what it prints and writes, here and in the kernel
both() { # OPTION…: the checks of this mode
    local mode=("$@") side=${1:-kernel} name
    side=${side#--}
    for name in mix.pcap swapped.pcap nano.pcap nano_swapped.pcap mix.pcapng swapped.pcapng; do
        run 0 "${mode[@]}" --json --capture "$(at $name)" --write out.pcap
        alike "$(at mix.json)" "$scratch/out" "not the expected lines"
        case $name in
        *swapped.pcap | mix.pcap | nano.pcap) "${captures[@]}" passed "$(at $name)" "$scratch/out" out.pcap ;;
        *) "${captures[@]}" passed "$(at nano.pcap)" "$scratch/out" out.pcap ;;
        esac || fail "$last: wrote something else than what passed"
        # What has passed once passes again, and is then the same file.
        run 0 "${mode[@]}" --json --capture out.pcap --write again.pcap
        ! grep -q '"drop"' "$scratch/out" || fail "$last: drops what has passed"
        alike out.pcap again.pcap "the same packets make another file"
        rm again.pcap
    done
    [ "$("${captures[@]}" json "$(at mix.json)" packet length verdict reason)" = 21 ] || fail "JSON lines"
    run 0 "${mode[@]}" --capture "$(at mix.pcap)"
    says out '^21 packets$' '^reason +pass +drop$' '^none +3 +8$' '^truncated +2 +0$' '^other_protocol +2 +0$' \
        '^malformed +1 +0$' '^fragment +2 +0$' '^too_deep +1 +0$' '^total +11 +8$' \
        '^10\.0\.0\.1:40000 > 10\.0\.0\.2:80 +3 +request +GET /index\.html HTTP/1\.1$' \
        '^10\.0\.0\.1:80 > 10\.0\.0\.2:40000 +1 +response +HTTP/1\.1 200 OK$' \
        '^\[2001:db8::1\]:8080 > \[2001:db8::2\]:40001 +1 +response +HTTP/1\.0 404 Not Found$' \
        'shorter than an Ethernet header.*: 2 passed'
    cp "$scratch/out" "$scratch/table.$side"
    run 0 "${mode[@]}" --capture - <"$(at mix.pcap)"
    alike "$scratch/table.$side" "$scratch/out" "standard input makes another table"
    run 0 "${mode[@]}" --capture - < <(cat "$(at mix.pcapng)")
    alike "$scratch/table.$side" "$scratch/out" "a pipe makes another table"
    # The table makes way where the packets go to standard output.
    "$scratch/block_http" "${mode[@]}" -c "$(at mix.pcap)" -w - >piped.pcap 2>"$scratch/err"
    "${captures[@]}" passed "$(at mix.pcap)" "$(at mix.json)" piped.pcap || fail "--write - wrote something else"
    alike "$scratch/table.$side" "$scratch/err" "with --write -, another table"
    cp "$(at mix.pcap)" same.pcap
    run 0 "${mode[@]}" -c same.pcap -w same.pcap
    "${captures[@]}" passed "$(at mix.pcap)" "$(at mix.json)" same.pcap || fail "$last: wrote something else"

    readme=$BPFXX_SOURCE_DIR/examples/block_http/README.md
    [ "$("${captures[@]}" readme "$readme" "$scratch/block_http" "${mode[@]}")" = 2 ] || fail "$readme is out of date"

    drops() { # COUNT ARGUMENT…
        local count=$1
        shift
        run 0 "${mode[@]}" --json -c "$(at mix.pcap)" "$@"
        [ "$(grep -c '"drop"' "$scratch/out")" = "$count" ] || fail "$last: not $count packets dropped"
    }
    drops 8 --match both
    drops 5 --match request
    drops 3 -m response
    drops 8 --match request --match response
    drops 8 --match request response
    drops 2 --exempt 80
    drops 6 -e 8080
    drops 0 -e 80 -e 8080
    drops 0 --exempt 80 8080 443
    drops 1 --exempt 80 --match request
    drops 8 --exempt 0 65535

    for name in empty.pcap empty.pcapng; do
        run 0 "${mode[@]}" --capture "$(at $name)" --write out.pcap
        says out '^0 packets$' '^no flow was dropped$'
        [ "$(stat -c %s out.pcap)" = 24 ] || fail "$last: an empty capture is not 24 bytes"
        run 0 "${mode[@]}" --json --capture "$(at $name)"
        quiet out
    done
    for name in long deep; do # twice in each mode: here, and compared with the other
        run 0 "${mode[@]}" --json --capture "$(at $name.pcap)" --write out.pcap
        "${captures[@]}" json "$scratch/out" packet length verdict reason >/dev/null || fail "$last: not JSON"
        "${captures[@]}" passed "$(at $name.pcap)" "$scratch/out" out.pcap || fail "$last: wrote something else"
        cp "$scratch/out" "$scratch/$name.$side"
    done
    grep -q '"packet":16,"length":262054,"verdict":"drop","reason":"none"' "$scratch/long.$side" ||
        fail "$name: the longest packet is not dropped"
    [ "$(grep -c '"drop"' "$scratch/long.$side")" = 26 ] || fail "long packets: not 26 dropped"
    rm -f ./*.pcap
}
both --host

# --- ended from outside
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
    "$scratch/block_http" --host -c fifo -w out.pcap >"$scratch/out" 2>"$scratch/err" &
    pid=$!
    exec 4>fifo
    head -c 800 "$(at mix.pcap)" >&4
    waits_for_more $pid || fail "no unfinished file while the capture is read"
    kill -s $signal $pid
    status=0
    wait $pid || status=$?
    exec 4>&-
    checks=$((checks + 1))
    last="block_http ended by SIG$signal"
    [ $status = 1 ] || fail "$last: exit status $status"
    says err 'packet [0-9]+ of fifo: .*[Ii]nterrupted|interrupted behind packet'
    says out '^[1-9] packets$'
    [ "$(ls)" = fifo ] || fail "$last: left $(ls)"
done
rm fifo

# --- a user without rights
as_nobody=()
if [ "$(id -u)" = 0 ]; then
    need setpriv util-linux
    as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
fi
unprivileged() { "${as_nobody[@]}" timeout 100 "$scratch/block_http" "$@" >"$scratch/out" 2>"$scratch/err"; }
last="block_http of a user without rights"
checks=$((checks + 3))
unprivileged --host -c "$(at mix.pcap)" || fail "$last, --host"
alike "$scratch/table.host" "$scratch/out" "another table"
for arguments in "--capture=$(at mix.pcap)" --interface=lo; do
    status=0
    unprivileged "$arguments" || status=$?
    [ $status = 1 ] || fail "$last, $arguments: exit status $status"
    quiet out
    says err 'BPF programs cannot run here; missing:' 'CAP_BPF' 'CAP_PERFMON' 'CAP_NET_ADMIN' '^hint: .*root'
done

# --- much
"${captures[@]}" large "$scratch/large.pcap" 200000
measured() { # ARGUMENT…: at most 60 s and 64 MiB
    local seconds memory status=0
    last="block_http${*:+ $*}, 200000 packets"
    checks=$((checks + 1))
    "${captures[@]}" measure "$scratch/block_http" "$@" -c "$scratch/large.pcap" -w large_out.pcap \
        >"$scratch/out" 2>"$scratch/err" || status=$?
    [ $status = 0 ] || fail "$last: exit status $status"
    read -r seconds memory <"$scratch/err"
    echo "$last: $seconds s, $((memory / 1024)) MiB"
    [ "${seconds%.*}" -lt 60 ] || fail "$last: took $seconds s"
    [ "$memory" -lt 65536 ] || fail "$last: took $memory KiB"
    "${captures[@]}" passed "$scratch/large.pcap" "$scratch/large.json" large_out.pcap ||
        fail "$last: wrote something else"
    rm large_out.pcap
}
seq 200000 | awk '{ printf "{\"verdict\":\"%s\"}\n", $1 % 2 ? "pass" : "drop" }' >"$scratch/large.json"
measured --host
says out '^200000 packets$' '^total +100000 +100000$' '^further flows +90000$'
cp "$scratch/out" "$scratch/large.host"
measured --host --json
[ "$("${captures[@]}" json "$scratch/out" packet length verdict reason)" = 200000 ] || fail "$last: not as many lines"

checks=$((checks + 1))
last="block_http whose reader has gone"
{
    status=0
    "$scratch/block_http" --host --json -c "$scratch/large.pcap" -w out.pcap 2>"$scratch/err" || status=$?
    echo $status >"$scratch/status"
} | head -n 1 >"$scratch/out"
[ "$(cat "$scratch/status")" = 1 ] || fail "$last: exit status $(cat "$scratch/status")"
says err 'cannot write.*Broken pipe'
[ -z "$(ls)" ] || fail "$last: left $(ls)"

# --- the same in the kernel
fault=$(bpf_fault)
if [ -n "$fault" ]; then
    echo "$checks runs without the kernel"
    missing "the same in the kernel" "$fault"
fi
both
alike "$scratch/table.host" "$scratch/table.kernel" "the kernel's table is another than the host's"
for name in long deep; do
    alike "$scratch/$name.host" "$scratch/$name.kernel" "the kernel's answers to $name.pcap are others than the host's"
done
measured
alike "$scratch/large.host" "$scratch/out" "the kernel's table is another than the host's"
echo "$checks runs"
