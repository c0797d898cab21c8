#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# entity_remap as a command, in this process: what each option does is what the settings file does with the same words; what
# makes no sense is refused with the option, or with file, line and field.
command=entity_remap
source "$(dirname "$0")/command.sh"
demo=$BPFXX_SOURCE_DIR/examples/entity_remap/demo.pcap
cd "$scratch" || exit 1

# --- help and arguments
run 0 --help
for option in --capture --interface --settings --watch --protocol --min --max --bad-size --offset --size --order --type \
    --map --unknown --capacity --tee --host --write --generic --replace --metrics --metrics-file --every --top --json --help; do
    says out "(^|[ ,])$option([ ,]|\$)"
done
says out '^Usage: entity_remap' '^Examples:' '^Exit status: 0 .*1 '
on_demo=(--host --capture "$demo")
refused 'one of --capture and --interface is needed' --watch 5000
refused '--capture excludes --interface|--interface excludes --capture' --capture a --interface b
refused '--generic requires --interface' "${on_demo[@]}" --generic
refused '--metrics-file requires --interface' "${on_demo[@]}" --metrics-file x
refused '--host requires --capture' --interface lo --host
refused '--tee leaves packets as they are' "${on_demo[@]}" --tee --write x --watch 5000
refused '--every: ' --interface lo --every 0
refused 'no port is watched' "${on_demo[@]}"
wrong() { # PATTERN ARGUMENT…: of settings
    local pattern=$1
    shift
    refused "$pattern" "${on_demo[@]}" --watch 5000 "$@"
}
wrong '--watch: ' --watch 65536
wrong '--protocol: "icmp" is none of: udp, tcp' --protocol icmp
wrong '--min: 65536 is no size: 0 to 65535' --min 65536
wrong '--max: 70000 is no size' --max 70000
wrong '--(min|max): the smallest good payload, 9, is larger than the largest, 8' --min 9 --max 8
wrong '--bad-size: "maybe" is none of: drop, pass' --bad-size maybe
wrong '--offset: 16001 is no offset: 0 to 16000' --offset 16001
wrong '--size: a number has 1, 2 or 4 bytes, not 3' --size 3
wrong '--size: 17 is no size: 1 to 16' --size 17 --type bytes
wrong '--order: "middle" is none of: big, little' --order middle
wrong '--type: "word" is none of: number, bytes' --type word
wrong '--unknown: 70000 is no port' --unknown 70000
wrong '--unknown: "stay" is none of: pass, drop, a port' --unknown stay
wrong '--capacity: 0 is no number of entities' --capacity 0
wrong '--capacity: there are 2 entities, more than 1' --capacity 1 --map 1=1 --map 2=2
for entity in 17 17= 17=0 17=65536 17=x =6017 65536=6017 17=6017x; do wrong '--map: ' --map "$entity"; done
wrong '--map: .*has 5 bytes, a tag has 4' --type bytes --size 4 --map PUMPS=1

# --- what is wrong with a file is said with its place, and what an option brings with the option
cat >bad.json <<'END'
{"watch": [5000],
 "payload": {"min": 9,
             "max": "many"}}
END
run 1 "${on_demo[@]}" --settings bad.json
says err '^entity_remap: bad\.json:3:21: payload\.max: "many" is no size'
printf 'watch = [5000]\n[payload]\nmin = 9\nmax = 8\n' >bad.toml
run 1 "${on_demo[@]}" --settings bad.toml
says err '^entity_remap: bad\.toml:2:1: payload: the smallest good payload, 9, is larger'
run 0 "${on_demo[@]}" --settings bad.toml --max 10
printf 'watch = [5000]\n[payload]\nmin = 9\n' >good.toml
run 2 "${on_demo[@]}" --settings good.toml --max 8
says err '--max: the smallest good payload, 9'
run 1 "${on_demo[@]}" --settings nowhere.json
says err 'nowhere\.json: cannot be read: No such file'
run 1 "${on_demo[@]}" --settings .
says err 'cannot be read: Is a directory'
run 1 --host --capture nowhere.pcap --watch 5000
says err 'nowhere\.pcap: No such file'
head -c 300 "$demo" >cut.pcap
run 1 --host --capture cut.pcap --watch 5000 --write out.pcap
says err 'packet [0-9]+ of cut\.pcap: truncated'
says out '^[1-9] packets$'
[ ! -e out.pcap ] || fail "$last: left out.pcap, which is not whole"

# --- each option is the same as its field
base='"watch": [5000], "entities": {"17": 6017, "18": 6018, "100": 6100}, "tag": {"offset": 1}'
options=(--watch 5000 --map 17=6017 --map 18=6018 --map 100=6100 --offset 1)
answers() { # NAME ARGUMENT…
    local name=$1
    shift
    run 0 "${on_demo[@]}" --json --write "$name.pcap" "$@"
    cp out "$name.json"
}
same() { # FIELDS OPTION…: another than without them, and the same in both ways
    local fields=$1
    shift
    echo "{$base$fields}" >settings.json
    answers file --settings settings.json
    answers line "${options[@]}" "$@"
    cmp file.json line.json && cmp file.pcap line.pcap || fail "$last: not what the settings $fields do"
    if [ "$fields" ] && cmp -s line.json plain.json; then fail "$last: changes nothing"; fi
}
same ''
cp line.json plain.json
[ "$(grep -c '"outcome":"remapped"' plain.json)" -gt 5 ] || fail "$last: nothing is remapped"
same ', "payload": {"min": 20}' --min 20
same ', "payload": {"max": 100}' --max 100
same ', "payload": {"max": 100, "otherwise": "pass"}' --max 100 --bad-size pass
same ', "protocols": ["udp"]' --protocol udp
same ', "protocols": ["tcp"]' --protocol tcp
same ', "unknown": "drop"' --unknown drop
same ', "unknown": 7000' --unknown 7000
base='"watch": [5000], "entities": {"4352": 6017}, "tag": {"offset": 1, "order": "little"}'
options=(--watch 5000 --map 4352=6017 --offset 1)
same '' --order little
grep -q '"to":6017' line.json || fail "$last: nothing is remapped"
base='"watch": [5000], "entities": {"0x0011": 6017}, "tag": {"offset": 1, "type": "bytes"}'
options=(--watch 5000 --map 0x0011=6017 --offset 1)
same '' --type bytes
grep -q '"to":6017' line.json || fail "$last: nothing is remapped"
base='"watch": [5000], "entities": {"17": 6017}, "tag": {"offset": 2, "size": 1}'
options=(--watch 5000 --map 17=6017 --offset 2)
same '' --size 1
grep -q '"to":6017' line.json || fail "$last: nothing is remapped"
base='"watch": [5001]'
options=(--watch 5001)
same ''
! grep -q 5000 line.json || fail "$last: looks at a port that is not watched"

# --- an option goes over the file, and the rest of the file stays
echo '{"watch": [5000], "unknown": "drop", "tag": {"offset": 1}, "entities": {"17": 1, "18": 6018}}' >settings.json
answers both --settings settings.json --unknown pass --map 17=6017
says out '"to":6017' '"to":6018' '"outcome":"unknown_passed"'
! grep -Eq '"to":1[,}]|"verdict":"drop"' out || fail "$last: an option does not go over the file"

# --- the table
run 0 "${on_demo[@]}" --watch 5000 --offset 1 --map 17=6017 --map 18=6018 --map 9=6009 --top 1
says out '^17 +6017 +6 ' '^2 entities more, 1 of them silent$' '^remapped +8$'
! grep -q '^18 ' out || fail "$last: shows more than it should"
run 0 "${on_demo[@]}" --watch 5000 --tee --unknown drop --json
! grep -q '"verdict":"[^u]' out || fail "$last: takes packets away"
echo "$checks runs"
