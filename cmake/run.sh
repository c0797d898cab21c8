# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=bash
# What examples/run and bpf-tests/run share: from a fresh machine to a finished build in build/.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/checks/common.sh"
source "$here/packages.sh"

# configure OPTION…: a build folder that exists keeps its generator and its settings.
configure() {
    local output arguments=(-S "$BPFXX_SOURCE_DIR" -B "$BPFXX_BUILD_DIR" "$@")
    if [ ! -f "$BPFXX_BUILD_DIR/CMakeCache.txt" ]; then
        if command -v ninja >/dev/null; then arguments+=(-G Ninja); fi
        arguments+=(-DCMAKE_BUILD_TYPE=Release)
    fi
    if [ "${CI:-}" = true ]; then arguments+=(-DCMAKE_COMPILE_WARNING_AS_ERROR=ON); fi
    echo "== configuring $BPFXX_BUILD_DIR"
    if ! output=$(cmake "${arguments[@]}" 2>&1); then
        echo "$output"
        return 1
    fi
}

# build [TARGET]: the progress on a terminal, elsewhere a line for each tenth and whatever is not progress.
build() {
    echo "== building ${1:-everything}"
    local command=(cmake --build "$BPFXX_BUILD_DIR" --parallel "$(nproc)" ${1:+--target "$1"})
    if [ -t 1 ]; then
        "${command[@]}"
    else
        local line last=0
        "${command[@]}" 2>&1 | while IFS= read -r line; do
            if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
                local tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
                if [ "$tenth" -le "$last" ]; then continue; fi
                last=$tenth
            fi
            printf '%s\n' "$line"
        done
    fi
}
