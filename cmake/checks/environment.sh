#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# environment.sh command NAME | environment.sh bpf | environment.sh fuzzer: whether what other tests need is here, as a test with a name.
source "$(dirname "$0")/common.sh"
case $1 in
command)
    need "$2" "${2/clang++/clang}"
    "$2" --version | head -n 1
    ;;
fuzzer) # for where none was found
    missing "a clang that makes fuzzers" "apt install clang-19 libclang-rt-19-dev, and configure again"
    ;;
bpf)
    fault=$(bpf_fault)
    [ -z "$fault" ] || missing "loading BPF programs" "$fault"
    uname -r
    ;;
esac
