// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/sockhash.hpp>
using sockets_spec = bpfxx::spec::sockhash<bpfxx::u64, 4>;
#include <kernel/map/sockets_serve.hpp>
