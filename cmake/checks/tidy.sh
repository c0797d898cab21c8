#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# clang-tidy over the host programs of the examples and over the user headers. Needs a finished build.
source "$(dirname "$0")/common.sh"
need clang-tidy-19 clang-tidy-19
cd "$BPFXX_SOURCE_DIR"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mapfile -t headers < <(cd include && find bpfxx/user -name '*.hpp' | sort)
mapfile -t programs < <(own_files | grep -E '^examples/.*\.cpp$' | grep -v '\.bpf\.cpp$')
if [ ${#headers[@]} = 0 ] && [ ${#programs[@]} = 0 ]; then
    echo "no user headers and no example programs"
    exit 0
fi
if [ ${#headers[@]} != 0 ]; then printf '#include <%s>\n' "${headers[@]}"; fi >"$scratch/user_headers.cpp"
cp .clang-tidy "$scratch"
read -ra user_flags < <(pkg-config --cflags libbpf libpcap)
# shellcheck disable=SC2016
printf '%s\0' "$scratch/user_headers.cpp" "${programs[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c '
    set -o pipefail
    file=$1; source=$2; build=$3; shift 3
    case $file in
    "$source"/* | examples/*) set -- -p "$build" "$file" ;;
    *) set -- "$file" -- -std=gnu++20 "-I$source/include" "$@" ;;
    esac
    clang-tidy-19 --quiet --warnings-as-errors="*" "--header-filter=include/bpfxx/user/|examples/" "$@" 2>&1 |
        { grep -vE "^[0-9]+ warnings? .*generated|^Suppressed |^Use -header-filter" || true; }
    ' _ {} "$BPFXX_SOURCE_DIR" "$BPFXX_BUILD_DIR" "${user_flags[@]}"
echo "${#headers[@]} headers, ${#programs[@]} programs"
