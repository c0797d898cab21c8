# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=bash
# An example as a command, for the *_cli.sh that set `command` to its name and source this: a copy of it in $scratch, where an
# unprivileged user finds it, and what to expect of it.
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/checks/common.sh"
: "${command:?}"
[ -x "$BPFXX_BUILD_DIR/bin/$command" ] || {
    echo "FAILED: there is no $BPFXX_BUILD_DIR/bin/$command: build the target $command"
    exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
cp "$BPFXX_BUILD_DIR/bin/$command" "$scratch/$command"
checks=0

fail() {
    echo "FAILED: $*"
    for file in out err; do
        echo "--- $file"
        head -c 2000 "$scratch/$file"
    done
    exit 1
}
run() { # STATUS ARGUMENT…: standard output and error are then in out and err; nothing unfinished is left
    local expected=$1 status=0
    shift
    last="$command $*"
    timeout 100 "$scratch/$command" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    checks=$((checks + 1))
    [ $status = "$expected" ] || fail "$last: exit status $status, expected $expected"
    [ -z "$(find "$scratch" -name '*.part')" ] || fail "$last: left an unfinished file"
    if [ $status = 0 ]; then quiet err; else says err "^$command: ."; fi
}
says() { # out|err PATTERN…
    local file=$1 pattern
    shift
    for pattern in "$@"; do
        grep -Eq -e "$pattern" "$scratch/$file" || fail "$last: no '$pattern' in its standard ${file/#err/error}"
    done
}
quiet() { [ ! -s "$scratch/$1" ] || fail "$last: has something to say on standard ${1/#err/error}"; }
alike() { cmp "$1" "$2" || fail "$last: $3"; }
refused() { # PATTERN ARGUMENT…
    local pattern=$1
    shift
    run 2 "$@"
    quiet out
    says err "$pattern" "^$command --help says what it takes\$"
}
