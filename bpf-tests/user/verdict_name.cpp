// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/verdict_name.hpp>
#include <climits>
#include <string>
#include <support/catch.hpp>

using namespace bpfxx::user;

namespace {
/// "pass+" passes, "drop-" does not.
auto answer(bpf_prog_type type, int code) -> std::string {
    auto const v = verdict_of(type, code);
    CHECK(v.code == code);
    return v.name + std::string{v.passes ? "+" : "-"};
}
/// The answers from `first` on.
auto answers(bpf_prog_type type, int first, int last) -> std::string {
    auto all = std::string{};
    for (auto code = first; code <= last; code++) all += (all.empty() ? "" : " ") + answer(type, code);
    return all;
}
} // namespace

TEST_CASE("program types have the names that libbpf gives them") {
    CHECK(name_of(BPF_PROG_TYPE_XDP) == "xdp");
    CHECK(name_of(BPF_PROG_TYPE_SCHED_CLS) == "sched_cls");
    CHECK(name_of(BPF_PROG_TYPE_FLOW_DISSECTOR) == "flow_dissector");
    CHECK(name_of(static_cast<bpf_prog_type>(netfilter_type)) == "netfilter"); // older libbpf has no name for it
    CHECK(name_of(static_cast<bpf_prog_type>(1000)) == "type 1000");
}

TEST_CASE("each type says what its programs see of a packet") {
    CHECK(view_of(BPF_PROG_TYPE_XDP) == packet_view::frame);
    CHECK(view_of(BPF_PROG_TYPE_SCHED_CLS) == packet_view::frame);
    CHECK(view_of(BPF_PROG_TYPE_SCHED_ACT) == packet_view::frame);
    for (auto const type : {BPF_PROG_TYPE_CGROUP_SKB, BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_LWT_IN,
                            BPF_PROG_TYPE_LWT_OUT, BPF_PROG_TYPE_LWT_XMIT, BPF_PROG_TYPE_LWT_SEG6LOCAL})
        CHECK(view_of(type) == packet_view::network);
    CHECK(view_of(BPF_PROG_TYPE_FLOW_DISSECTOR) == packet_view::flow);
    for (auto const type : {BPF_PROG_TYPE_UNSPEC, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_SK_LOOKUP,
                            BPF_PROG_TYPE_SYSCALL})
        CHECK(view_of(type) == packet_view::none);
}

TEST_CASE("each type's answers have names, and some let a packet go on") {
    CHECK(answers(BPF_PROG_TYPE_XDP, -1, 5) == "unknown- aborted- drop- pass+ tx- redirect- unknown-");
    auto const *const tc =
        "unknown- unspec+ ok+ reclassify+ shot- pipe+ stolen- queued- repeat- redirect- trap- unknown-";
    CHECK(answers(BPF_PROG_TYPE_SCHED_CLS, -2, 9) == tc);
    CHECK(answers(BPF_PROG_TYPE_SCHED_ACT, -2, 9) == tc);
    CHECK(answers(BPF_PROG_TYPE_CGROUP_SKB, -1, 4) ==
          "unknown- drop- allow+ drop_congested- allow_congested+ unknown-");
    CHECK(answers(BPF_PROG_TYPE_SOCKET_FILTER, -1, 2) == "keep+ drop- keep+ keep+");
    CHECK(answer(BPF_PROG_TYPE_SOCKET_FILTER, INT_MAX) == "keep+");
    for (auto const type :
         {BPF_PROG_TYPE_LWT_IN, BPF_PROG_TYPE_LWT_OUT, BPF_PROG_TYPE_LWT_XMIT, BPF_PROG_TYPE_LWT_SEG6LOCAL}) {
        CHECK(answers(type, 0, 7) == "ok+ unknown- drop- unknown- unknown- unknown- unknown- redirect-");
        CHECK(answer(type, 128) == "reroute+");
    }
    CHECK(answers(BPF_PROG_TYPE_FLOW_DISSECTOR, 0, 3) == "ok+ unknown- drop- unknown-");
    CHECK(answer(BPF_PROG_TYPE_FLOW_DISSECTOR, 129) == "continue+");
    CHECK(answer(BPF_PROG_TYPE_KPROBE, 0) == "unknown-");
}
