// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel's numbers are not verdicts.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sk_lookup.hpp>
using namespace bpfxx;

BPFXX_SK_LOOKUP(reject)(sk_lookup::request request) {
#ifdef BPFXX_ACCEPT
    return request.protocol() == 17 ? sk_lookup::drop : sk_lookup::pass;
#else
    return request.protocol() == 17 ? 0 : 1;
#endif
}
