#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# Every C++ file is what clang-format makes of it. Version 14, because versions disagree.
source "$(dirname "$0")/common.sh"
need clang-format-14 clang-format-14
cd "$BPFXX_SOURCE_DIR"
mapfile -t files < <(own_files | grep -E '\.(hpp|cpp)$')
clang-format-14 --dry-run -Werror "${files[@]}" || {
    echo "Run: clang-format-14 -i FILE"
    exit 1
}
echo "${#files[@]} files"
