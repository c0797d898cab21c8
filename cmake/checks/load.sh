#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# load.sh DIRECTORY: the kernel accepts every object below it, its BTF included: libbpf only warns when BTF is refused,
# and maps then have no key and value types. Leaves no pins. What the verifier had to do is told by objects/budget.
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
done < <(find "$1" -name '*.bpf.o' | sort)
echo "$count objects"
if [ $count = 0 ]; then
    echo "FAILED: no objects below $1"
    exit 1
fi
exit $status
