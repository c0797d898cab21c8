// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The options structs of libbpf: it wants them zeroed to the last byte, and their size said.
#include <cstring>

namespace bpfxx::user {
/// `auto o = options<bpf_link_create_opts>{}; o.flags = …;`
template <class Libbpf> struct options : Libbpf {
    options() {
        std::memset(static_cast<void *>(static_cast<Libbpf *>(this)), 0, sizeof(Libbpf)); // the padding too
        this->sz = sizeof(Libbpf);
    }
};
} // namespace bpfxx::user
