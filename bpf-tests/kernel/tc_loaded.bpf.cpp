// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same parser as everywhere, over what may be a copy; and bytes by their offset.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_TC_LOADED(loaded, test::told_as<tc::action>)(tc_loaded::packet packet) {
    BPFXX_TRY(sources::read_frame(packet));
    return tc::ok;
}
BPFXX_TC(linear, test::told_as<tc::action>)(tc::packet packet) {
    BPFXX_TRY(sources::read_frame(packet));
    return tc::ok;
}
struct odd {
    u8 first;
    be32 word;
};
BPFXX_TC_LOADED(far, tc::shot)(tc_loaded::packet packet) {
    auto const is = BPFXX_TRY(packet.load<odd>(1000));
    test::observe(reason::none, packet.length(), is.first, is.word, packet.interface_index(), packet.mark(),
                  packet.priority());
    return tc::ok;
}
