#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# load.sh DIRECTORY: the kernel accepts every object below it, its BTF included: libbpf only warns when BTF is refused,
# and maps then have no key and value types. Prints what the verifier had to do. Leaves no pins.
source "$(dirname "$0")/common.sh"
fault=$(bpf_fault)
[ -z "$fault" ] || missing "loading BPF programs" "$fault"
if [ -z "${BPFXX_PINS:-}" ]; then
    with_pins "$0" "$@"
    exit
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

status=0
count=0
printf '%-44s %-16s %6s %9s\n' object program stack verified
while IFS= read -r object; do
    count=$((count + 1))
    name=${object#"$1"/}
    loaded=yes
    bpftool prog loadall "$object" "$BPFXX_PINS/$count" >"$scratch/out" 2>&1 || loaded=
    # A section that starts with '?' is loaded when a program asks for it: here its maps are made, and nothing is pinned.
    if [ -z "$loaded" ] && [[ $(head -n 1 "$scratch/out") == *"can't pin program that wasn't loaded" ]]; then
        printf '%-44s loads when it is asked for\n' "$name"
        continue
    fi
    if [ -z "$loaded" ] || [ -s "$scratch/out" ]; then
        # What this machine's tools, or its kernel, have not for anybody: the object's own test says so, or loads it.
        if grep -q "from ELF section 'netfilter'" "$scratch/out"; then
            printf '%-44s %s\n' "$name" "not loaded: this bpftool does not know netfilter programs"
            continue
        fi
        if grep -q 'Operation not permitted' "$scratch/out" && grep -aq 'fentry/' "$object"; then
            printf '%-44s %s\n' "$name" "not loaded: this kernel has no programs at its functions"
            continue
        fi
        echo "FAILED: bpftool prog loadall $object says:"
        tail -n 30 "$scratch/out"
        status=1
        continue
    fi
    bpftool -d prog loadall "$object" "$BPFXX_PINS/again$count" >"$scratch/out" 2>&1
    sed -n "s/^libbpf: prog '\(.*\)': -- BEGIN PROG LOAD LOG.*/program \1/p; s/^stack depth /stack /p
        s/^processed \([0-9]*\) insns.*/verified \1/p" "$scratch/out" |
        awk -v object="$name" '{ is[$1] = $2 }
            $1 == "verified" { printf "%-44s %-16s %6s %9s\n", object, is["program"], is["stack"], is["verified"] }'
done < <(find "$1" -name '*.bpf.o' | sort)
echo "$count objects"
if [ $count = 0 ]; then
    echo "FAILED: no objects below $1"
    exit 1
fi
exit $status
