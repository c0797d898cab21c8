// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What is behind a skeleton: a setting, a map, a program that fires by itself and one that the verifier can
/// refuse.
#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))

struct exit_count {
    __u64 exits;
};
struct count_map {
    int (*type)[BPF_MAP_TYPE_ARRAY];
    __u32 *key;
    exit_count *value;
    int (*max_entries)[1];
};

extern "C" {
char terms[] SEC("license") = "Dual BSD/GPL";
count_map counts SEC(".maps");

const volatile struct {
    __u32 verdict;
    bool careless;
} settings = {XDP_PASS, false};

SEC("xdp") int answer(xdp_md *context) {
    auto *const begin = reinterpret_cast<char const *>(static_cast<unsigned long>(context->data));
    if (settings.careless) return begin[20]; // the verifier refuses this line
    return static_cast<int>(settings.verdict);
}

SEC("raw_tp/sched_process_exit") int count_exit(void *context) {
    __u32 index = 0;
    auto const lookup = reinterpret_cast<void *(*)(void *, void const *)>(BPF_FUNC_map_lookup_elem);
    if (auto *const count = static_cast<exit_count *>(lookup(&counts, &index)))
        __atomic_fetch_add(&count->exits, context ? 1 : 0, __ATOMIC_RELAXED);
    return 0;
}
// Loaded only if it is asked for: there is nothing that it could be attached to.
SEC("?raw_tp/bpfxx_no_such_event") int count_nothing(void *context) { return context == nullptr; }
}
