# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=bash
# What a Debian machine needs for `examples`, beside it for `tests`, and beside that for `vm`, `bench` or `coverage`.
# install_packages calls apt only for what is missing, and only as root; elsewhere it says what to install.

# who, package, how to see that it is there
package_list='
examples cmake            command:cmake
examples ninja-build      command:ninja
examples g++              command:g++
examples pkg-config       command:pkg-config
examples clang-19         clang
examples bpftool          command:bpftool
examples libbpf-dev       header:bpf/libbpf.h
examples libpcap-dev      header:pcap/pcap.h
examples libcli11-dev     header:CLI/CLI.hpp
examples libfmt-dev       header:fmt/format.h
examples iproute2         command:ip
examples curl             command:curl
examples python3          command:python3
tests    clang-14         command:clang++-14
tests    clang-19         command:clang++-19
tests    libclang-rt-19-dev runtime:19
tests    llvm-19          command:llvm-objdump-19
tests    clang-format-14  command:clang-format-14
tests    clang-tidy-19    command:clang-tidy-19
tests    make             command:make
tests    catch2           catch2
examples nlohmann-json3-dev header:nlohmann/json.hpp
examples libtomlplusplus-dev header:toml++/toml.h
tests    python3-scapy    python:scapy
tests    tshark           command:tshark
tests    nginx-light      command:nginx
tests    wrk              command:wrk
tests    openssl          command:openssl
bench    haproxy          command:haproxy
coverage clang-19         command:clang++-19
coverage libclang-rt-19-dev runtime:19
coverage llvm-19          command:llvm-cov-19
vm       qemu-system-x86  command:qemu-system-x86_64
vm       qemu-system-arm  command:qemu-system-aarch64
vm       qemu-system-misc command:qemu-system-s390x
vm       g++-aarch64-linux-gnu command:aarch64-linux-gnu-g++
vm       g++-s390x-linux-gnu command:s390x-linux-gnu-g++
'

is_there() { # command:NAME | header:PATH | python:MODULE | runtime:CLANG | clang | catch2
    local name=${1#*:} candidate
    case $1 in
    command:*) command -v "$name" >/dev/null ;;
    header:*)
        for candidate in /usr/include /usr/local/include /usr/include/*-linux-gnu; do
            if [ -e "$candidate/$name" ]; then return 0; fi
        done
        return 1
        ;;
    python:*) /usr/bin/python3 -c "import importlib.util as u; exit(u.find_spec('$name') is None)" 2>/dev/null ;;
    runtime:*) compgen -G "/usr/lib/llvm-$name/lib/clang/*/lib/*/libclang_rt.fuzzer*.a" >/dev/null ;;
    clang)
        for candidate in 19 18 17 16 15 14; do
            if command -v "clang++-$candidate" >/dev/null; then return 0; fi
        done
        return 1
        ;;
    catch2) is_there header:catch2/catch.hpp || is_there header:catch2/catch_all.hpp ;;
    esac
}

install_packages() { # examples | tests | vm | bench | coverage
    local who package probe absent=()
    while read -r who package probe; do
        case $1:$who in
        *: | examples:tests | *:vm | *:bench | *:coverage | bench:tests)
            if [ "$1" != "$who" ]; then continue; fi
            ;;
        esac
        if ! is_there "$probe" && [[ " ${absent[*]} " != *" $package "* ]]; then absent+=("$package"); fi
    done <<<"$package_list"
    if [ ${#absent[@]} = 0 ]; then return 0; fi

    if ! command -v apt-get >/dev/null; then
        echo "Not here, by the names of Debian's packages: ${absent[*]}" >&2
        return 0
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "Not installed; run as root: apt-get install --no-install-recommends ${absent[*]}" >&2
        return 0
    fi
    echo "== installing ${absent[*]}"
    local log status=0
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    apt-get update >"$log" 2>&1 </dev/null || true
    local wanted=()
    for package in "${absent[@]}"; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            wanted+=("$package")
        elif [ "$package" = clang-19 ] && [ "$1" = examples ]; then
            wanted+=(clang)
        else
            echo "apt does not know $package: what needs it is skipped"
        fi
    done
    if [ ${#wanted[@]} = 0 ]; then
        rm -f "$log"
        return 0
    fi
    apt-get install -y --no-install-recommends "${wanted[@]}" >>"$log" 2>&1 </dev/null || status=$?
    if [ $status != 0 ]; then
        tail -n 20 "$log" >&2
        echo "apt-get could not install: ${wanted[*]}" >&2
        if [ "${CI:-}" != true ]; then status=0; fi
    fi
    rm -f "$log"
    return $status
}
