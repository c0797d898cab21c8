#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# Every source file says its licence in its first line, or in its second behind #!.
source "$(dirname "$0")/common.sh"
cd "$BPFXX_SOURCE_DIR"
status=0
count=0
while IFS= read -r file; do
    case $file in
    *.hpp | *.cpp | *.h | *.c | *.cmake | *.in | *.sh | *.py | *CMakeLists.txt | .clang-format | .clang-tidy) ;;
    *) [ "$(head -c 2 "$file" | tr -d '\0')" = '#!' ] || continue ;;
    esac
    count=$((count + 1))
    if ! head -n 2 "$file" | grep -q 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later'; then
        echo "$file: no 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later' in its first two lines"
        status=1
    fi
done < <(own_files)
echo "$count files"
exit $status
