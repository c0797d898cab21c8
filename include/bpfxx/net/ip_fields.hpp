// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Words for what both IPs have, though not under one name: rewrite(ip).set<net::hops>(63).
#include <bpfxx/core/header.hpp>

namespace bpfxx::net {
struct hops { // TTL or hop limit
    template <class H> using in = typename H::hops_field;
};
struct dscp {
    template <class H> using in = typename H::dscp_field;
};
struct ecn {
    template <class H> using in = typename H::ecn_field;
};
} // namespace bpfxx::net
