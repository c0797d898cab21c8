# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=bash
# What the check scripts share. ctest gives them BPFXX_SOURCE_DIR, BPFXX_BUILD_DIR and BPFXX_CXX.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
: "${BPFXX_SOURCE_DIR:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${BPFXX_BUILD_DIR:=$BPFXX_SOURCE_DIR/build}"
: "${BPFXX_CXX:=g++}"
# shellcheck disable=SC2034
warnings=(-Wall -Wextra -Wpedantic -Werror)

# A tool or a right is not there: a skip that says so, and a failure where everything has to be there.
missing() { # WHAT HOW-TO-GET-IT
    if [ "${CI:-}" = true ]; then
        echo "MISSING: $1: $2"
        exit 1
    fi
    echo "SKIPPED: $1: $2"
    exit 77
}

need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null || missing "$1" "apt install $2"
}

# Why BPF programs cannot be loaded here, or nothing.
bpf_fault() {
    if [ "$(id -u)" != 0 ]; then
        echo "not root"
    elif ! command -v bpftool >/dev/null; then
        echo "bpftool is not installed"
    elif ! bpftool map show >/dev/null 2>&1; then
        echo "the kernel refuses bpf(): $(bpftool map show 2>&1 | head -n 1)"
    fi
}

# The project's own files, one a line: what git tracks or would, everything but build folders without git.
own_files() {
    cd "$BPFXX_SOURCE_DIR"
    if ! git -c safe.directory='*' ls-files --cached --others --exclude-standard 2>/dev/null; then
        find . \( -name .git -o -name 'build*' \) -prune -o -type f -print | sed 's,^\./,,'
    fi | sort | while IFS= read -r file; do
        if [ -f "$file" ]; then echo "$file"; fi
    done
}

# with_pins COMMAND…: runs it with $BPFXX_PINS, a bpf file system that nobody else sees and that is gone afterwards.
with_pins() {
    local propagation=private
    # In a chroot the root is no mount, and its propagation cannot be changed.
    unshare --mount true 2>/dev/null || propagation=unchanged
    # shellcheck disable=SC2016
    unshare --mount --propagation "$propagation" bash -euc '
        BPFXX_PINS=$(mktemp -d)
        export BPFXX_PINS
        trap "umount \"$BPFXX_PINS\"; rmdir \"$BPFXX_PINS\"" EXIT
        mount -t bpf bpf "$BPFXX_PINS" || { rmdir "$BPFXX_PINS"; trap - EXIT; exit 1; }
        # Maps that are pinned by their names go there too.
        if [ "$1" = private ]; then mount --bind "$BPFXX_PINS" /sys/fs/bpf; trap "umount /sys/fs/bpf; umount \"$BPFXX_PINS\"; rmdir \"$BPFXX_PINS\"" EXIT; fi
        shift
        "$@"' _ "$propagation" "$@"
}
