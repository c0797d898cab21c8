// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// To be loaded before a program's own libraries: of its calls into the kernel for BPF, the one of number FAULT_NUMBER
/// fails with FAULT_CODE, or ends the process if that is 0. FAULT_LOG gets a line for it, and one for all that was made.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(char const *what, long number) {
    char line[64];
    int const size = snprintf(line, sizeof line, "%s %ld\n", what, number);
    int const log = open(getenv("FAULT_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (log < 0 || write(log, line, (size_t)size) != size) abort();
    close(log);
}
static int fails(char const *what, long detail) {
    static atomic_int count;
    static int number = -1, code;
    if (number < 0) {
        number = atoi(getenv("FAULT_NUMBER"));
        code = atoi(getenv("FAULT_CODE"));
    }
    if (++count != number) return 0;
    say(what, detail);
    if (code == 0) kill(getpid(), SIGKILL);
    errno = code;
    return 1;
}

static long (*next_syscall)(long, ...);
static void note(long command, long fd) {
    int const before = errno;
    union {
        struct bpf_prog_info program;
        struct bpf_map_info map;
        struct bpf_link_info link;
        struct bpf_btf_info types;
    } info;
    union bpf_attr ask;
    memset(&info, 0, sizeof info);
    memset(&ask, 0, sizeof ask);
    ask.info.bpf_fd = (__u32)fd;
    ask.info.info = (__u64)(unsigned long)&info;
    ask.info.info_len = command == BPF_PROG_LOAD    ? sizeof info.program
                        : command == BPF_MAP_CREATE ? sizeof info.map
                        : command == BPF_BTF_LOAD   ? sizeof info.types
                                                    : sizeof info.link;
    if (next_syscall(SYS_bpf, (long)BPF_OBJ_GET_INFO_BY_FD, &ask, sizeof ask) == 0) {
        if (command == BPF_PROG_LOAD) say("program", info.program.id);
        if (command == BPF_MAP_CREATE) say("map", info.map.id);
        if (command == BPF_BTF_LOAD) say("types", info.types.id);
        if (command == BPF_LINK_CREATE) say("link", info.link.id);
    }
    errno = before;
}

#define NEXT(name)                                                                                                     \
    static __typeof__(name) *next;                                                                                     \
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name)

long syscall(long number, ...) {
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (!next_syscall) *(void **)&next_syscall = dlsym(RTLD_NEXT, "syscall");
    int const spared = number == SYS_bpf && a[0] == BPF_BTF_LOAD && getenv("FAULT_SPARES_TYPES");
    if (number == SYS_bpf && !spared && fails("bpf()", a[0])) return -1;
    if (number == SYS_perf_event_open && fails("perf_event_open()", 0)) return -1;
    long const result = next_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (number == SYS_bpf && result >= 0 &&
        (a[0] == BPF_PROG_LOAD || a[0] == BPF_MAP_CREATE || a[0] == BPF_BTF_LOAD || a[0] == BPF_LINK_CREATE))
        note(a[0], result);
    return result;
}
int epoll_create1(int flags) {
    NEXT(epoll_create1);
    return fails("epoll_create1()", 0) ? -1 : next(flags);
}
int epoll_ctl(int fd, int what, int other, struct epoll_event *event) {
    NEXT(epoll_ctl);
    return fails("epoll_ctl()", what) ? -1 : next(fd, what, other, event);
}
int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
    NEXT(epoll_wait);
    return fails("epoll_wait()", 0) ? -1 : next(fd, events, most, timeout);
}
void *mmap(void *at, size_t size, int access, int flags, int fd, off_t offset) {
    NEXT(mmap);
    if (fd >= 0 && (flags & MAP_SHARED) && fails("mmap()", 0)) return MAP_FAILED;
    return next(at, size, access, flags, fd, offset);
}
void *mmap64(void *at, size_t size, int access, int flags, int fd, off_t offset) {
    return mmap(at, size, access, flags, fd, offset);
}
int socket(int family, int type, int protocol) {
    NEXT(socket);
    return fails("socket()", family) ? -1 : next(family, type, protocol);
}
int bind(int fd, struct sockaddr const *to, socklen_t size) {
    NEXT(bind);
    return fails("bind()", 0) ? -1 : next(fd, to, size);
}
ssize_t send(int fd, void const *data, size_t size, int flags) {
    NEXT(send);
    return fails("send()", 0) ? -1 : next(fd, data, size, flags);
}
int setsockopt(int fd, int level, int name, void const *value, socklen_t size) {
    NEXT(setsockopt);
    return fails("setsockopt()", name) ? -1 : next(fd, level, name, value, size);
}
int signalfd(int fd, sigset_t const *which, int flags) {
    NEXT(signalfd);
    return fails("signalfd()", 0) ? -1 : next(fd, which, flags);
}
