#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# What a header may include: net, kernel and user stand on core and do not know each other; always by the full path.
source "$(dirname "$0")/common.sh"
cd "$BPFXX_SOURCE_DIR/include/bpfxx"
status=0
forbid() { # FOLDER PATTERN WHY
    local found
    [ -d "$1" ] || return 0
    if found=$(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*$2" "$1"); then
        echo "$3:"
        echo "$found"
        status=1
    fi
}
forbid core '<bpfxx/(net|kernel|user)/' "core includes only core"
forbid net '<bpfxx/(kernel|user)/' "net includes only core and net"
forbid kernel '<bpfxx/(net|user)/' "kernel includes only core and kernel"
forbid user '<bpfxx/(net|kernel)/' "user includes only core and user"
forbid . '"' "headers are included as <bpfxx/…>"
exit $status
