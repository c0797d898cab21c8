// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Opens the skeleton, loads it if asked to, and fails if libbpf warns of anything, such as BTF that the kernel refuses.
#include "consumer.skel.h"
#include <cstdarg>
#include <cstdio>
#include <cstring>

extern "C" int drop_text(struct consumer_context *);

namespace {
bool warned = false;

auto print(libbpf_print_level level, char const *format, va_list arguments) -> int {
    if (level == LIBBPF_DEBUG) return 0;
    warned = warned || level == LIBBPF_WARN;
    return std::vfprintf(stderr, format, arguments);
}
} // namespace

auto main(int count, char **arguments) -> int {
    libbpf_set_print(print);
    bool const load = count > 1 && std::strcmp(arguments[1], "--load") == 0;
    auto *object = load ? consumer::open_and_load() : consumer::open();
    bool const good = object != nullptr && !warned;
    std::printf("%s: %s, host program at %p\n", load ? "load" : "open", good ? "good" : "failed",
                reinterpret_cast<void *>(&drop_text));
    consumer::destroy(object);
    return good ? 0 : 1;
}
