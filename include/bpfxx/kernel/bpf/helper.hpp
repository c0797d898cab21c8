// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Every BPF helper of the kernel as a typed function; libbpf's declarations of them are C only.
/// Above each stands the first release that has it, and whether only GPL-compatible programs may call it.
/// Made by cmake/generate_helpers.py: edit that.
#include <bpfxx/core/int.hpp>
#include <linux/bpf.h>

struct bpf_perf_event_data;
struct cgroup;
struct file;
struct inode;
struct iphdr;
struct ipv6hdr;
struct linux_binprm;
struct mptcp_sock;
struct path;
struct pt_regs;
struct seq_file;
struct sock;
struct sockaddr;
struct socket;
struct task_struct;
struct tcp6_sock;
struct tcp_request_sock;
struct tcp_sock;
struct tcp_timewait_sock;
struct tcphdr;
struct udp6_sock;
struct unix_sock;
struct vm_area_struct;

/// The instruction `call N`: the helper's number, cast to the type of the function that stands around it.
/// A template would do the same, and take twice as long to compile.
#define BPFXX_CALL(name) reinterpret_cast<decltype(&name)>(BPF_FUNC_##name)

namespace bpfxx::helper {
/// Linux 3.19
BPFXX_INLINE auto map_lookup_elem(void *map, void const *key) -> void * {
    return BPFXX_CALL(map_lookup_elem)(map, key);
}

/// Linux 3.19
BPFXX_INLINE auto map_update_elem(void *map, void const *key, void const *value, u64 flags) -> i64 {
    return static_cast<i32>(BPFXX_CALL(map_update_elem)(map, key, value, flags));
}

/// Linux 3.19
BPFXX_INLINE auto map_delete_elem(void *map, void const *key) -> i64 {
    return static_cast<i32>(BPFXX_CALL(map_delete_elem)(map, key));
}

/// Linux 4.1, GPL only
BPFXX_INLINE auto probe_read(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read)(dst, size, unsafe_ptr);
}

/// Linux 4.1
BPFXX_INLINE auto ktime_get_ns() -> u64 { return BPFXX_CALL(ktime_get_ns)(); }

/// Linux 4.1, GPL only
BPFXX_INLINE auto trace_printk(char const *fmt, u32 fmt_size) -> i64 {
    return reinterpret_cast<i64 (*)(char const *, u32)>(BPF_FUNC_trace_printk)(fmt, fmt_size);
}

/// Linux 4.1, GPL only
BPFXX_INLINE auto trace_printk(char const *fmt, u32 fmt_size, u64 a) -> i64 {
    return reinterpret_cast<i64 (*)(char const *, u32, u64)>(BPF_FUNC_trace_printk)(fmt, fmt_size, a);
}

/// Linux 4.1, GPL only
BPFXX_INLINE auto trace_printk(char const *fmt, u32 fmt_size, u64 a, u64 b) -> i64 {
    return reinterpret_cast<i64 (*)(char const *, u32, u64, u64)>(BPF_FUNC_trace_printk)(fmt, fmt_size, a, b);
}

/// Linux 4.1, GPL only
BPFXX_INLINE auto trace_printk(char const *fmt, u32 fmt_size, u64 a, u64 b, u64 c) -> i64 {
    return reinterpret_cast<i64 (*)(char const *, u32, u64, u64, u64)>(BPF_FUNC_trace_printk)(fmt, fmt_size, a, b, c);
}

/// Linux 4.1
BPFXX_INLINE auto get_prandom_u32() -> u32 { return BPFXX_CALL(get_prandom_u32)(); }

/// Linux 4.1
BPFXX_INLINE auto get_smp_processor_id() -> u32 { return BPFXX_CALL(get_smp_processor_id)(); }

/// Linux 4.1
BPFXX_INLINE auto skb_store_bytes(::__sk_buff *skb, u32 offset, void const *from, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(skb_store_bytes)(skb, offset, from, len, flags);
}

/// Linux 4.1
BPFXX_INLINE auto l3_csum_replace(::__sk_buff *skb, u32 offset, u64 from, u64 to, u64 size) -> i64 {
    return BPFXX_CALL(l3_csum_replace)(skb, offset, from, to, size);
}

/// Linux 4.1
BPFXX_INLINE auto l4_csum_replace(::__sk_buff *skb, u32 offset, u64 from, u64 to, u64 flags) -> i64 {
    return BPFXX_CALL(l4_csum_replace)(skb, offset, from, to, flags);
}

/// Linux 4.2
BPFXX_INLINE auto tail_call(void *ctx, void *prog_array_map, u32 index) -> i64 {
    return BPFXX_CALL(tail_call)(ctx, prog_array_map, index);
}

/// Linux 4.2
BPFXX_INLINE auto clone_redirect(::__sk_buff *skb, u32 ifindex, u64 flags) -> i64 {
    return BPFXX_CALL(clone_redirect)(skb, ifindex, flags);
}

/// Linux 4.2
BPFXX_INLINE auto get_current_pid_tgid() -> u64 { return BPFXX_CALL(get_current_pid_tgid)(); }

/// Linux 4.2
BPFXX_INLINE auto get_current_uid_gid() -> u64 { return BPFXX_CALL(get_current_uid_gid)(); }

/// Linux 4.2
BPFXX_INLINE auto get_current_comm(void *buf, u32 size_of_buf) -> i64 {
    return BPFXX_CALL(get_current_comm)(buf, size_of_buf);
}

/// Linux 4.3
BPFXX_INLINE auto get_cgroup_classid(::__sk_buff *skb) -> u32 { return BPFXX_CALL(get_cgroup_classid)(skb); }

/// Linux 4.3
BPFXX_INLINE auto skb_vlan_push(::__sk_buff *skb, __be16 vlan_proto, u16 vlan_tci) -> i64 {
    return BPFXX_CALL(skb_vlan_push)(skb, vlan_proto, vlan_tci);
}

/// Linux 4.3
BPFXX_INLINE auto skb_vlan_pop(::__sk_buff *skb) -> i64 { return BPFXX_CALL(skb_vlan_pop)(skb); }

/// Linux 4.3
BPFXX_INLINE auto skb_get_tunnel_key(::__sk_buff *skb, ::bpf_tunnel_key *key, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(skb_get_tunnel_key)(skb, key, size, flags);
}

/// Linux 4.3
BPFXX_INLINE auto skb_set_tunnel_key(::__sk_buff *skb, ::bpf_tunnel_key const *key, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(skb_set_tunnel_key)(skb, key, size, flags);
}

/// Linux 4.3, GPL only
BPFXX_INLINE auto perf_event_read(void *map, u64 flags) -> u64 { return BPFXX_CALL(perf_event_read)(map, flags); }

/// Linux 4.4
BPFXX_INLINE auto redirect(u32 ifindex, u64 flags) -> i64 { return BPFXX_CALL(redirect)(ifindex, flags); }

/// Linux 4.4
BPFXX_INLINE auto get_route_realm(::__sk_buff *skb) -> u32 { return BPFXX_CALL(get_route_realm)(skb); }

/// Linux 4.4, GPL only
BPFXX_INLINE auto perf_event_output(void *ctx, void *map, u64 flags, void const *data, u64 size) -> i64 {
    return BPFXX_CALL(perf_event_output)(ctx, map, flags, data, size);
}

/// Linux 4.5
BPFXX_INLINE auto skb_load_bytes(void const *skb, u32 offset, void *to, u32 len) -> i64 {
    return BPFXX_CALL(skb_load_bytes)(skb, offset, to, len);
}

/// Linux 4.6, GPL only, but for perf_event programs
BPFXX_INLINE auto get_stackid(void *ctx, void *map, u64 flags) -> i64 {
    return BPFXX_CALL(get_stackid)(ctx, map, flags);
}

/// Linux 4.6
BPFXX_INLINE auto csum_diff(__be32 const *from, u32 from_size, __be32 const *to, u32 to_size, __wsum seed) -> i64 {
    return BPFXX_CALL(csum_diff)(from, from_size, to, to_size, seed);
}

/// Linux 4.6
BPFXX_INLINE auto skb_get_tunnel_opt(::__sk_buff *skb, void *opt, u32 size) -> i64 {
    return BPFXX_CALL(skb_get_tunnel_opt)(skb, opt, size);
}

/// Linux 4.6
BPFXX_INLINE auto skb_set_tunnel_opt(::__sk_buff *skb, void const *opt, u32 size) -> i64 {
    return BPFXX_CALL(skb_set_tunnel_opt)(skb, opt, size);
}

/// Linux 4.8
BPFXX_INLINE auto skb_change_proto(::__sk_buff *skb, __be16 proto, u64 flags) -> i64 {
    return BPFXX_CALL(skb_change_proto)(skb, proto, flags);
}

/// Linux 4.8
BPFXX_INLINE auto skb_change_type(::__sk_buff *skb, u32 type) -> i64 { return BPFXX_CALL(skb_change_type)(skb, type); }

/// Linux 4.8
BPFXX_INLINE auto skb_under_cgroup(::__sk_buff *skb, void *map, u32 index) -> i64 {
    return BPFXX_CALL(skb_under_cgroup)(skb, map, index);
}

/// Linux 4.8
BPFXX_INLINE auto get_hash_recalc(::__sk_buff *skb) -> u32 { return BPFXX_CALL(get_hash_recalc)(skb); }

/// Linux 4.8, GPL only
BPFXX_INLINE auto get_current_task() -> u64 { return BPFXX_CALL(get_current_task)(); }

/// Linux 4.8, GPL only
BPFXX_INLINE auto probe_write_user(void *dst, void const *src, u32 len) -> i64 {
    return BPFXX_CALL(probe_write_user)(dst, src, len);
}

/// Linux 4.9
BPFXX_INLINE auto current_task_under_cgroup(void *map, u32 index) -> i64 {
    return BPFXX_CALL(current_task_under_cgroup)(map, index);
}

/// Linux 4.9
BPFXX_INLINE auto skb_change_tail(::__sk_buff *skb, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(skb_change_tail)(skb, len, flags);
}

/// Linux 4.9
BPFXX_INLINE auto skb_pull_data(::__sk_buff *skb, u32 len) -> i64 { return BPFXX_CALL(skb_pull_data)(skb, len); }

/// Linux 4.9
BPFXX_INLINE auto csum_update(::__sk_buff *skb, __wsum csum) -> i64 { return BPFXX_CALL(csum_update)(skb, csum); }

/// Linux 4.9
BPFXX_INLINE auto set_hash_invalid(::__sk_buff *skb) -> void { BPFXX_CALL(set_hash_invalid)(skb); }

/// Linux 4.10
BPFXX_INLINE auto get_numa_node_id() -> i64 { return BPFXX_CALL(get_numa_node_id)(); }

/// Linux 4.10
BPFXX_INLINE auto skb_change_head(::__sk_buff *skb, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(skb_change_head)(skb, len, flags);
}

/// Linux 4.10
BPFXX_INLINE auto xdp_adjust_head(::xdp_md *xdp_md, int delta) -> i64 {
    return BPFXX_CALL(xdp_adjust_head)(xdp_md, delta);
}

/// Linux 4.11, GPL only
BPFXX_INLINE auto probe_read_str(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read_str)(dst, size, unsafe_ptr);
}

/// Linux 4.12
BPFXX_INLINE auto get_socket_cookie(::__sk_buff *skb) -> u64 {
    return reinterpret_cast<u64 (*)(::__sk_buff *)>(BPF_FUNC_get_socket_cookie)(skb);
}

/// Linux 4.19
BPFXX_INLINE auto get_socket_cookie(::bpf_sock_addr *ctx) -> u64 {
    return reinterpret_cast<u64 (*)(::bpf_sock_addr *)>(BPF_FUNC_get_socket_cookie)(ctx);
}

/// Linux 4.19
BPFXX_INLINE auto get_socket_cookie(::bpf_sock_ops *ctx) -> u64 {
    return reinterpret_cast<u64 (*)(::bpf_sock_ops *)>(BPF_FUNC_get_socket_cookie)(ctx);
}

/// Linux 5.12
BPFXX_INLINE auto get_socket_cookie(::sock *sk) -> u64 {
    return reinterpret_cast<u64 (*)(::sock *)>(BPF_FUNC_get_socket_cookie)(sk);
}

/// Linux 4.12
BPFXX_INLINE auto get_socket_uid(::__sk_buff *skb) -> u32 { return BPFXX_CALL(get_socket_uid)(skb); }

/// Linux 4.13
BPFXX_INLINE auto set_hash(::__sk_buff *skb, u32 hash) -> i64 { return BPFXX_CALL(set_hash)(skb, hash); }

/// Linux 4.13
BPFXX_INLINE auto setsockopt(void *bpf_socket, int level, int optname, void const *optval, int optlen) -> i64 {
    return BPFXX_CALL(setsockopt)(bpf_socket, level, optname, optval, optlen);
}

/// Linux 4.13
BPFXX_INLINE auto skb_adjust_room(::__sk_buff *skb, i32 len_diff, u32 mode, u64 flags) -> i64 {
    return BPFXX_CALL(skb_adjust_room)(skb, len_diff, mode, flags);
}

/// Linux 4.14
BPFXX_INLINE auto redirect_map(void *map, u64 key, u64 flags) -> i64 {
    return BPFXX_CALL(redirect_map)(map, key, flags);
}

/// Linux 4.14
BPFXX_INLINE auto sk_redirect_map(::__sk_buff *skb, void *map, u32 key, u64 flags) -> i64 {
    return BPFXX_CALL(sk_redirect_map)(skb, map, key, flags);
}

/// Linux 4.14
BPFXX_INLINE auto sock_map_update(::bpf_sock_ops *skops, void *map, void const *key, u64 flags) -> i64 {
    return BPFXX_CALL(sock_map_update)(skops, map, key, flags);
}

/// Linux 4.15
BPFXX_INLINE auto xdp_adjust_meta(::xdp_md *xdp_md, int delta) -> i64 {
    return BPFXX_CALL(xdp_adjust_meta)(xdp_md, delta);
}

/// Linux 4.15, GPL only
BPFXX_INLINE auto perf_event_read_value(void *map, u64 flags, ::bpf_perf_event_value *buf, u32 buf_size) -> i64 {
    return BPFXX_CALL(perf_event_read_value)(map, flags, buf, buf_size);
}

/// Linux 4.15, GPL only
BPFXX_INLINE auto perf_prog_read_value(::bpf_perf_event_data *ctx, ::bpf_perf_event_value *buf, u32 buf_size) -> i64 {
    return BPFXX_CALL(perf_prog_read_value)(ctx, buf, buf_size);
}

/// Linux 4.15
BPFXX_INLINE auto getsockopt(void *bpf_socket, int level, int optname, void *optval, int optlen) -> i64 {
    return BPFXX_CALL(getsockopt)(bpf_socket, level, optname, optval, optlen);
}

/// Linux 4.16, GPL only
BPFXX_INLINE auto override_return(::pt_regs *regs, u64 rc) -> i64 { return BPFXX_CALL(override_return)(regs, rc); }

/// Linux 4.16
BPFXX_INLINE auto sock_ops_cb_flags_set(::bpf_sock_ops *bpf_sock, int argval) -> i64 {
    return BPFXX_CALL(sock_ops_cb_flags_set)(bpf_sock, argval);
}

/// Linux 4.17
BPFXX_INLINE auto msg_redirect_map(::sk_msg_md *msg, void *map, u32 key, u64 flags) -> i64 {
    return BPFXX_CALL(msg_redirect_map)(msg, map, key, flags);
}

/// Linux 4.17
BPFXX_INLINE auto msg_apply_bytes(::sk_msg_md *msg, u32 bytes) -> i64 {
    return BPFXX_CALL(msg_apply_bytes)(msg, bytes);
}

/// Linux 4.17
BPFXX_INLINE auto msg_cork_bytes(::sk_msg_md *msg, u32 bytes) -> i64 { return BPFXX_CALL(msg_cork_bytes)(msg, bytes); }

/// Linux 4.17
BPFXX_INLINE auto msg_pull_data(::sk_msg_md *msg, u32 start, u32 end, u64 flags) -> i64 {
    return BPFXX_CALL(msg_pull_data)(msg, start, end, flags);
}

/// Linux 4.17
BPFXX_INLINE auto bind(::bpf_sock_addr *ctx, ::sockaddr const *addr, int addr_len) -> i64 {
    return BPFXX_CALL(bind)(ctx, addr, addr_len);
}

/// Linux 4.18
BPFXX_INLINE auto xdp_adjust_tail(::xdp_md *xdp_md, int delta) -> i64 {
    return BPFXX_CALL(xdp_adjust_tail)(xdp_md, delta);
}

/// Linux 4.18
BPFXX_INLINE auto skb_get_xfrm_state(::__sk_buff *skb, u32 index, ::bpf_xfrm_state *xfrm_state, u32 size, u64 flags)
    -> i64 {
    return BPFXX_CALL(skb_get_xfrm_state)(skb, index, xfrm_state, size, flags);
}

/// Linux 4.18, GPL only
BPFXX_INLINE auto get_stack(void *ctx, void *buf, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(get_stack)(ctx, buf, size, flags);
}

/// Linux 4.18
BPFXX_INLINE auto skb_load_bytes_relative(void const *skb, u32 offset, void *to, u32 len, u32 start_header) -> i64 {
    return BPFXX_CALL(skb_load_bytes_relative)(skb, offset, to, len, start_header);
}

/// Linux 4.18, GPL only
BPFXX_INLINE auto fib_lookup(void *ctx, ::bpf_fib_lookup *params, int plen, u32 flags) -> i64 {
    return BPFXX_CALL(fib_lookup)(ctx, params, plen, flags);
}

/// Linux 4.18
BPFXX_INLINE auto sock_hash_update(::bpf_sock_ops *skops, void *map, void const *key, u64 flags) -> i64 {
    return BPFXX_CALL(sock_hash_update)(skops, map, key, flags);
}

/// Linux 4.18
BPFXX_INLINE auto msg_redirect_hash(::sk_msg_md *msg, void *map, void const *key, u64 flags) -> i64 {
    return BPFXX_CALL(msg_redirect_hash)(msg, map, key, flags);
}

/// Linux 4.18
BPFXX_INLINE auto sk_redirect_hash(::__sk_buff *skb, void *map, void const *key, u64 flags) -> i64 {
    return BPFXX_CALL(sk_redirect_hash)(skb, map, key, flags);
}

/// Linux 4.18
BPFXX_INLINE auto lwt_push_encap(::__sk_buff *skb, u32 type, void const *hdr, u32 len) -> i64 {
    return BPFXX_CALL(lwt_push_encap)(skb, type, hdr, len);
}

/// Linux 4.18
BPFXX_INLINE auto lwt_seg6_store_bytes(::__sk_buff *skb, u32 offset, void const *from, u32 len) -> i64 {
    return BPFXX_CALL(lwt_seg6_store_bytes)(skb, offset, from, len);
}

/// Linux 4.18
BPFXX_INLINE auto lwt_seg6_adjust_srh(::__sk_buff *skb, u32 offset, i32 delta) -> i64 {
    return BPFXX_CALL(lwt_seg6_adjust_srh)(skb, offset, delta);
}

/// Linux 4.18
BPFXX_INLINE auto lwt_seg6_action(::__sk_buff *skb, u32 action, void const *param, u32 param_len) -> i64 {
    return BPFXX_CALL(lwt_seg6_action)(skb, action, param, param_len);
}

/// Linux 4.18, GPL only
BPFXX_INLINE auto rc_repeat(void *ctx) -> i64 { return BPFXX_CALL(rc_repeat)(ctx); }

/// Linux 4.18, GPL only
BPFXX_INLINE auto rc_keydown(void *ctx, u32 protocol, u64 scancode, u32 toggle) -> i64 {
    return BPFXX_CALL(rc_keydown)(ctx, protocol, scancode, toggle);
}

/// Linux 4.18
BPFXX_INLINE auto skb_cgroup_id(::__sk_buff *skb) -> u64 { return BPFXX_CALL(skb_cgroup_id)(skb); }

/// Linux 4.18
BPFXX_INLINE auto get_current_cgroup_id() -> u64 { return BPFXX_CALL(get_current_cgroup_id)(); }

/// Linux 4.19
BPFXX_INLINE auto get_local_storage(void *map, u64 flags) -> void * {
    return BPFXX_CALL(get_local_storage)(map, flags);
}

/// Linux 4.19
BPFXX_INLINE auto sk_select_reuseport(::sk_reuseport_md *reuse, void *map, void const *key, u64 flags) -> i64 {
    return BPFXX_CALL(sk_select_reuseport)(reuse, map, key, flags);
}

/// Linux 4.19
BPFXX_INLINE auto skb_ancestor_cgroup_id(::__sk_buff *skb, int ancestor_level) -> u64 {
    return BPFXX_CALL(skb_ancestor_cgroup_id)(skb, ancestor_level);
}

/// Linux 4.20
BPFXX_INLINE auto sk_lookup_tcp(void *ctx, ::bpf_sock_tuple const *tuple, u32 tuple_size, u64 netns, u64 flags)
    -> ::bpf_sock * {
    return BPFXX_CALL(sk_lookup_tcp)(ctx, tuple, tuple_size, netns, flags);
}

/// Linux 4.20
BPFXX_INLINE auto sk_lookup_udp(void *ctx, ::bpf_sock_tuple const *tuple, u32 tuple_size, u64 netns, u64 flags)
    -> ::bpf_sock * {
    return BPFXX_CALL(sk_lookup_udp)(ctx, tuple, tuple_size, netns, flags);
}

/// Linux 4.20
BPFXX_INLINE auto sk_release(void *sock) -> i64 { return BPFXX_CALL(sk_release)(sock); }

/// Linux 4.20
BPFXX_INLINE auto map_push_elem(void *map, void const *value, u64 flags) -> i64 {
    return static_cast<i32>(BPFXX_CALL(map_push_elem)(map, value, flags));
}

/// Linux 4.20
BPFXX_INLINE auto map_pop_elem(void *map, void *value) -> i64 {
    return static_cast<i32>(BPFXX_CALL(map_pop_elem)(map, value));
}

/// Linux 4.20
BPFXX_INLINE auto map_peek_elem(void *map, void *value) -> i64 {
    return static_cast<i32>(BPFXX_CALL(map_peek_elem)(map, value));
}

/// Linux 4.20
BPFXX_INLINE auto msg_push_data(::sk_msg_md *msg, u32 start, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(msg_push_data)(msg, start, len, flags);
}

/// Linux 5.0
BPFXX_INLINE auto msg_pop_data(::sk_msg_md *msg, u32 start, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(msg_pop_data)(msg, start, len, flags);
}

/// Linux 5.0, GPL only
BPFXX_INLINE auto rc_pointer_rel(void *ctx, i32 rel_x, i32 rel_y) -> i64 {
    return BPFXX_CALL(rc_pointer_rel)(ctx, rel_x, rel_y);
}

/// Linux 5.1
BPFXX_INLINE auto spin_lock(::bpf_spin_lock *lock) -> i64 { return BPFXX_CALL(spin_lock)(lock); }

/// Linux 5.1
BPFXX_INLINE auto spin_unlock(::bpf_spin_lock *lock) -> i64 { return BPFXX_CALL(spin_unlock)(lock); }

/// Linux 5.1
BPFXX_INLINE auto sk_fullsock(::bpf_sock *sk) -> ::bpf_sock * { return BPFXX_CALL(sk_fullsock)(sk); }

/// Linux 5.1
BPFXX_INLINE auto tcp_sock(::bpf_sock *sk) -> ::bpf_tcp_sock * { return BPFXX_CALL(tcp_sock)(sk); }

/// Linux 5.1
BPFXX_INLINE auto skb_ecn_set_ce(::__sk_buff *skb) -> i64 { return BPFXX_CALL(skb_ecn_set_ce)(skb); }

/// Linux 5.1
BPFXX_INLINE auto get_listener_sock(::bpf_sock *sk) -> ::bpf_sock * { return BPFXX_CALL(get_listener_sock)(sk); }

/// Linux 5.2
BPFXX_INLINE auto skc_lookup_tcp(void *ctx, ::bpf_sock_tuple const *tuple, u32 tuple_size, u64 netns, u64 flags)
    -> ::bpf_sock * {
    return BPFXX_CALL(skc_lookup_tcp)(ctx, tuple, tuple_size, netns, flags);
}

/// Linux 5.2, GPL only
BPFXX_INLINE auto tcp_check_syncookie(void *sk, void const *iph, u32 iph_len, ::tcphdr const *th, u32 th_len) -> i64 {
    return BPFXX_CALL(tcp_check_syncookie)(sk, iph, iph_len, th, th_len);
}

/// Linux 5.2
BPFXX_INLINE auto sysctl_get_name(::bpf_sysctl *ctx, char *buf, u64 buf_len, u64 flags) -> i64 {
    return BPFXX_CALL(sysctl_get_name)(ctx, buf, buf_len, flags);
}

/// Linux 5.2
BPFXX_INLINE auto sysctl_get_current_value(::bpf_sysctl *ctx, char *buf, u64 buf_len) -> i64 {
    return BPFXX_CALL(sysctl_get_current_value)(ctx, buf, buf_len);
}

/// Linux 5.2
BPFXX_INLINE auto sysctl_get_new_value(::bpf_sysctl *ctx, char *buf, u64 buf_len) -> i64 {
    return BPFXX_CALL(sysctl_get_new_value)(ctx, buf, buf_len);
}

/// Linux 5.2
BPFXX_INLINE auto sysctl_set_new_value(::bpf_sysctl *ctx, char const *buf, u64 buf_len) -> i64 {
    return BPFXX_CALL(sysctl_set_new_value)(ctx, buf, buf_len);
}

/// Linux 5.2
BPFXX_INLINE auto strtol(char const *buf, u64 buf_len, u64 flags, i64 *res) -> i64 {
    return BPFXX_CALL(strtol)(buf, buf_len, flags, res);
}

/// Linux 5.2
BPFXX_INLINE auto strtoul(char const *buf, u64 buf_len, u64 flags, u64 *res) -> i64 {
    return BPFXX_CALL(strtoul)(buf, buf_len, flags, res);
}

/// Linux 5.2
BPFXX_INLINE auto sk_storage_get(void *map, void *sk, void const *value, u64 flags) -> void * {
    return BPFXX_CALL(sk_storage_get)(map, sk, value, flags);
}

/// Linux 5.2
BPFXX_INLINE auto sk_storage_delete(void *map, void *sk) -> i64 { return BPFXX_CALL(sk_storage_delete)(map, sk); }

/// Linux 5.3
BPFXX_INLINE auto send_signal(u32 sig) -> i64 { return BPFXX_CALL(send_signal)(sig); }

/// Linux 5.4, GPL only
BPFXX_INLINE auto tcp_gen_syncookie(void *sk, void const *iph, u32 iph_len, ::tcphdr const *th, u32 th_len) -> i64 {
    return BPFXX_CALL(tcp_gen_syncookie)(sk, iph, iph_len, th, th_len);
}

/// Linux 5.5, GPL only
BPFXX_INLINE auto skb_output(void *ctx, void *map, u64 flags, void const *data, u64 size) -> i64 {
    return BPFXX_CALL(skb_output)(ctx, map, flags, data, size);
}

/// Linux 5.5, GPL only
BPFXX_INLINE auto probe_read_user(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read_user)(dst, size, unsafe_ptr);
}

/// Linux 5.5, GPL only
BPFXX_INLINE auto probe_read_kernel(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read_kernel)(dst, size, unsafe_ptr);
}

/// Linux 5.5, GPL only
BPFXX_INLINE auto probe_read_user_str(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read_user_str)(dst, size, unsafe_ptr);
}

/// Linux 5.5, GPL only
BPFXX_INLINE auto probe_read_kernel_str(void *dst, u32 size, void const *unsafe_ptr) -> i64 {
    return BPFXX_CALL(probe_read_kernel_str)(dst, size, unsafe_ptr);
}

/// Linux 5.6
BPFXX_INLINE auto tcp_send_ack(void *tp, u32 rcv_nxt) -> i64 { return BPFXX_CALL(tcp_send_ack)(tp, rcv_nxt); }

/// Linux 5.6
BPFXX_INLINE auto send_signal_thread(u32 sig) -> i64 { return BPFXX_CALL(send_signal_thread)(sig); }

/// Linux 5.6
BPFXX_INLINE auto jiffies64() -> u64 { return BPFXX_CALL(jiffies64)(); }

/// Linux 5.7, GPL only
BPFXX_INLINE auto read_branch_records(::bpf_perf_event_data *ctx, void *buf, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(read_branch_records)(ctx, buf, size, flags);
}

/// Linux 5.7
BPFXX_INLINE auto get_ns_current_pid_tgid(u64 dev, u64 ino, ::bpf_pidns_info *nsdata, u32 size) -> i64 {
    return BPFXX_CALL(get_ns_current_pid_tgid)(dev, ino, nsdata, size);
}

/// Linux 5.7, GPL only
BPFXX_INLINE auto xdp_output(void *ctx, void *map, u64 flags, void const *data, u64 size) -> i64 {
    return BPFXX_CALL(xdp_output)(ctx, map, flags, data, size);
}

/// Linux 5.7
BPFXX_INLINE auto get_netns_cookie(void *ctx) -> u64 { return BPFXX_CALL(get_netns_cookie)(ctx); }

/// Linux 5.7
BPFXX_INLINE auto get_current_ancestor_cgroup_id(int ancestor_level) -> u64 {
    return BPFXX_CALL(get_current_ancestor_cgroup_id)(ancestor_level);
}

/// Linux 5.7
BPFXX_INLINE auto sk_assign(::__sk_buff *skb, void *sk, u64 flags) -> i64 {
    return reinterpret_cast<i64 (*)(::__sk_buff *, void *, u64)>(BPF_FUNC_sk_assign)(skb, sk, flags);
}

/// Linux 5.9
BPFXX_INLINE auto sk_assign(::bpf_sk_lookup *ctx, ::bpf_sock *sk, u64 flags) -> i64 {
    return reinterpret_cast<i64 (*)(::bpf_sk_lookup *, ::bpf_sock *, u64)>(BPF_FUNC_sk_assign)(ctx, sk, flags);
}

/// Linux 5.8
BPFXX_INLINE auto ktime_get_boot_ns() -> u64 { return BPFXX_CALL(ktime_get_boot_ns)(); }

/// Linux 5.8, GPL only
BPFXX_INLINE auto seq_printf(::seq_file *m, char const *fmt, u32 fmt_size, void const *data, u32 data_len) -> i64 {
    return BPFXX_CALL(seq_printf)(m, fmt, fmt_size, data, data_len);
}

/// Linux 5.8, GPL only
BPFXX_INLINE auto seq_write(::seq_file *m, void const *data, u32 len) -> i64 {
    return BPFXX_CALL(seq_write)(m, data, len);
}

/// Linux 5.8
BPFXX_INLINE auto sk_cgroup_id(void *sk) -> u64 { return BPFXX_CALL(sk_cgroup_id)(sk); }

/// Linux 5.8
BPFXX_INLINE auto sk_ancestor_cgroup_id(void *sk, int ancestor_level) -> u64 {
    return BPFXX_CALL(sk_ancestor_cgroup_id)(sk, ancestor_level);
}

/// Linux 5.8
BPFXX_INLINE auto ringbuf_output(void *ringbuf, void const *data, u64 size, u64 flags) -> i64 {
    return BPFXX_CALL(ringbuf_output)(ringbuf, data, size, flags);
}

/// Linux 5.8
BPFXX_INLINE auto ringbuf_reserve(void *ringbuf, u64 size, u64 flags) -> void * {
    return BPFXX_CALL(ringbuf_reserve)(ringbuf, size, flags);
}

/// Linux 5.8
BPFXX_INLINE auto ringbuf_submit(void *data, u64 flags) -> void { BPFXX_CALL(ringbuf_submit)(data, flags); }

/// Linux 5.8
BPFXX_INLINE auto ringbuf_discard(void *data, u64 flags) -> void { BPFXX_CALL(ringbuf_discard)(data, flags); }

/// Linux 5.8
BPFXX_INLINE auto ringbuf_query(void *ringbuf, u64 flags) -> u64 { return BPFXX_CALL(ringbuf_query)(ringbuf, flags); }

/// Linux 5.8
BPFXX_INLINE auto csum_level(::__sk_buff *skb, u64 level) -> i64 { return BPFXX_CALL(csum_level)(skb, level); }

/// Linux 5.9
BPFXX_INLINE auto skc_to_tcp6_sock(void *sk) -> ::tcp6_sock * { return BPFXX_CALL(skc_to_tcp6_sock)(sk); }

/// Linux 5.9
BPFXX_INLINE auto skc_to_tcp_sock(void *sk) -> ::tcp_sock * { return BPFXX_CALL(skc_to_tcp_sock)(sk); }

/// Linux 5.9
BPFXX_INLINE auto skc_to_tcp_timewait_sock(void *sk) -> ::tcp_timewait_sock * {
    return BPFXX_CALL(skc_to_tcp_timewait_sock)(sk);
}

/// Linux 5.9
BPFXX_INLINE auto skc_to_tcp_request_sock(void *sk) -> ::tcp_request_sock * {
    return BPFXX_CALL(skc_to_tcp_request_sock)(sk);
}

/// Linux 5.9
BPFXX_INLINE auto skc_to_udp6_sock(void *sk) -> ::udp6_sock * { return BPFXX_CALL(skc_to_udp6_sock)(sk); }

/// Linux 5.9
BPFXX_INLINE auto get_task_stack(::task_struct *task, void *buf, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(get_task_stack)(task, buf, size, flags);
}

/// Linux 5.10
BPFXX_INLINE auto load_hdr_opt(::bpf_sock_ops *skops, void *searchby_res, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(load_hdr_opt)(skops, searchby_res, len, flags);
}

/// Linux 5.10
BPFXX_INLINE auto store_hdr_opt(::bpf_sock_ops *skops, void const *from, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(store_hdr_opt)(skops, from, len, flags);
}

/// Linux 5.10
BPFXX_INLINE auto reserve_hdr_opt(::bpf_sock_ops *skops, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(reserve_hdr_opt)(skops, len, flags);
}

/// Linux 5.10
BPFXX_INLINE auto inode_storage_get(void *map, void *inode, void const *value, u64 flags) -> void * {
    return BPFXX_CALL(inode_storage_get)(map, inode, value, flags);
}

/// Linux 5.10
BPFXX_INLINE auto inode_storage_delete(void *map, void *inode) -> int {
    return BPFXX_CALL(inode_storage_delete)(map, inode);
}

/// Linux 5.10
BPFXX_INLINE auto d_path(::path *path, char *buf, u32 sz) -> i64 { return BPFXX_CALL(d_path)(path, buf, sz); }

/// Linux 5.10
BPFXX_INLINE auto copy_from_user(void *dst, u32 size, void const *user_ptr) -> i64 {
    return BPFXX_CALL(copy_from_user)(dst, size, user_ptr);
}

/// Linux 5.10
BPFXX_INLINE auto snprintf_btf(char *str, u32 str_size, ::btf_ptr const *ptr, u32 btf_ptr_size, u64 flags) -> i64 {
    return BPFXX_CALL(snprintf_btf)(str, str_size, ptr, btf_ptr_size, flags);
}

/// Linux 5.10, GPL only
BPFXX_INLINE auto seq_printf_btf(::seq_file *m, ::btf_ptr const *ptr, u32 ptr_size, u64 flags) -> i64 {
    return BPFXX_CALL(seq_printf_btf)(m, ptr, ptr_size, flags);
}

/// Linux 5.10
BPFXX_INLINE auto skb_cgroup_classid(::__sk_buff *skb) -> u64 { return BPFXX_CALL(skb_cgroup_classid)(skb); }

/// Linux 5.10
BPFXX_INLINE auto redirect_neigh(u32 ifindex, ::bpf_redir_neigh const *params, int plen, u64 flags) -> i64 {
    return BPFXX_CALL(redirect_neigh)(ifindex, params, plen, flags);
}

/// Linux 5.10
BPFXX_INLINE auto per_cpu_ptr(void const *percpu_ptr, u32 cpu) -> void * {
    return BPFXX_CALL(per_cpu_ptr)(percpu_ptr, cpu);
}

/// Linux 5.10
BPFXX_INLINE auto this_cpu_ptr(void const *percpu_ptr) -> void * { return BPFXX_CALL(this_cpu_ptr)(percpu_ptr); }

/// Linux 5.10
BPFXX_INLINE auto redirect_peer(u32 ifindex, u64 flags) -> i64 { return BPFXX_CALL(redirect_peer)(ifindex, flags); }

/// Linux 5.11
BPFXX_INLINE auto task_storage_get(void *map, ::task_struct *task, void const *value, u64 flags) -> void * {
    return BPFXX_CALL(task_storage_get)(map, task, value, flags);
}

/// Linux 5.11
BPFXX_INLINE auto task_storage_delete(void *map, ::task_struct *task) -> i64 {
    return BPFXX_CALL(task_storage_delete)(map, task);
}

/// Linux 5.11, GPL only
BPFXX_INLINE auto get_current_task_btf() -> ::task_struct * { return BPFXX_CALL(get_current_task_btf)(); }

/// Linux 5.11
BPFXX_INLINE auto bprm_opts_set(::linux_binprm *bprm, u64 flags) -> i64 {
    return BPFXX_CALL(bprm_opts_set)(bprm, flags);
}

/// Linux 5.11
BPFXX_INLINE auto ktime_get_coarse_ns() -> u64 { return BPFXX_CALL(ktime_get_coarse_ns)(); }

/// Linux 5.11
BPFXX_INLINE auto ima_inode_hash(::inode *inode, void *dst, u32 size) -> i64 {
    return BPFXX_CALL(ima_inode_hash)(inode, dst, size);
}

/// Linux 5.11
BPFXX_INLINE auto sock_from_file(::file *file) -> ::socket * { return BPFXX_CALL(sock_from_file)(file); }

/// Linux 5.12, GPL only
BPFXX_INLINE auto check_mtu(void *ctx, u32 ifindex, u32 *mtu_len, i32 len_diff, u64 flags) -> i64 {
    return BPFXX_CALL(check_mtu)(ctx, ifindex, mtu_len, len_diff, flags);
}

/// Linux 5.13
BPFXX_INLINE auto for_each_map_elem(void *map, i64 (*callback_fn)(void *map, void const *key, void *value, void *ctx),
                                    void *callback_ctx, u64 flags) -> i64 {
    return static_cast<i32>(BPFXX_CALL(for_each_map_elem)(map, callback_fn, callback_ctx, flags));
}

/// Linux 5.13, GPL only
BPFXX_INLINE auto snprintf(char *str, u32 str_size, char const *fmt, u64 const *data, u32 data_len) -> i64 {
    return BPFXX_CALL(snprintf)(str, str_size, fmt, data, data_len);
}

/// Linux 5.14
BPFXX_INLINE auto sys_bpf(u32 cmd, void *attr, u32 attr_size) -> i64 {
    return BPFXX_CALL(sys_bpf)(cmd, attr, attr_size);
}

/// Linux 5.14
BPFXX_INLINE auto btf_find_by_name_kind(char const *name, int name_sz, u32 kind, int flags) -> i64 {
    return BPFXX_CALL(btf_find_by_name_kind)(name, name_sz, kind, flags);
}

/// Linux 5.14
BPFXX_INLINE auto sys_close(u32 fd) -> i64 { return BPFXX_CALL(sys_close)(fd); }

/// Linux 5.15, GPL only
BPFXX_INLINE auto timer_init(::bpf_timer *timer, void *map, u64 flags) -> i64 {
    return BPFXX_CALL(timer_init)(timer, map, flags);
}

/// Linux 5.15, GPL only
BPFXX_INLINE auto timer_set_callback(::bpf_timer *timer, i64 (*callback_fn)(void *map, void *key, void *value)) -> i64 {
    return BPFXX_CALL(timer_set_callback)(timer, callback_fn);
}

/// Linux 5.15, GPL only
BPFXX_INLINE auto timer_start(::bpf_timer *timer, u64 nsecs, u64 flags) -> i64 {
    return BPFXX_CALL(timer_start)(timer, nsecs, flags);
}

/// Linux 5.15, GPL only
BPFXX_INLINE auto timer_cancel(::bpf_timer *timer) -> i64 { return BPFXX_CALL(timer_cancel)(timer); }

/// Linux 5.15, GPL only
BPFXX_INLINE auto get_func_ip(void *ctx) -> u64 { return BPFXX_CALL(get_func_ip)(ctx); }

/// Linux 5.15
BPFXX_INLINE auto get_attach_cookie(void *ctx) -> u64 { return BPFXX_CALL(get_attach_cookie)(ctx); }

/// Linux 5.15, GPL only
BPFXX_INLINE auto task_pt_regs(::task_struct *task) -> i64 { return BPFXX_CALL(task_pt_regs)(task); }

/// Linux 5.16, GPL only
BPFXX_INLINE auto get_branch_snapshot(void *entries, u32 size, u64 flags) -> i64 {
    return BPFXX_CALL(get_branch_snapshot)(entries, size, flags);
}

/// Linux 5.16, GPL only
BPFXX_INLINE auto trace_vprintk(char const *fmt, u32 fmt_size, void const *data, u32 data_len) -> i64 {
    return BPFXX_CALL(trace_vprintk)(fmt, fmt_size, data, data_len);
}

/// Linux 5.16
BPFXX_INLINE auto skc_to_unix_sock(void *sk) -> ::unix_sock * { return BPFXX_CALL(skc_to_unix_sock)(sk); }

/// Linux 5.16
BPFXX_INLINE auto kallsyms_lookup_name(char const *name, int name_sz, int flags, u64 *res) -> i64 {
    return BPFXX_CALL(kallsyms_lookup_name)(name, name_sz, flags, res);
}

/// Linux 5.17
BPFXX_INLINE auto find_vma(::task_struct *task, u64 addr,
                           i64 (*callback_fn)(::task_struct *task, ::vm_area_struct *vma, void *callback_ctx),
                           void *callback_ctx, u64 flags) -> i64 {
    return BPFXX_CALL(find_vma)(task, addr, callback_fn, callback_ctx, flags);
}

/// Linux 5.17
BPFXX_INLINE auto loop(u32 nr_loops, i64 (*callback_fn)(u32 index, void *ctx), void *callback_ctx, u64 flags) -> i64 {
    return BPFXX_CALL(loop)(nr_loops, callback_fn, callback_ctx, flags);
}

/// Linux 5.17
BPFXX_INLINE auto strncmp(char const *s1, u32 s1_sz, char const *s2) -> i64 {
    return BPFXX_CALL(strncmp)(s1, s1_sz, s2);
}

/// Linux 5.17
BPFXX_INLINE auto get_func_arg(void *ctx, u32 n, u64 *value) -> i64 { return BPFXX_CALL(get_func_arg)(ctx, n, value); }

/// Linux 5.17
BPFXX_INLINE auto get_func_ret(void *ctx, u64 *value) -> i64 { return BPFXX_CALL(get_func_ret)(ctx, value); }

/// Linux 5.17
BPFXX_INLINE auto get_func_arg_cnt(void *ctx) -> i64 { return BPFXX_CALL(get_func_arg_cnt)(ctx); }

/// Linux 5.18
BPFXX_INLINE auto get_retval() -> int { return BPFXX_CALL(get_retval)(); }

/// Linux 5.18
BPFXX_INLINE auto set_retval(int retval) -> int { return BPFXX_CALL(set_retval)(retval); }

/// Linux 5.18
BPFXX_INLINE auto xdp_get_buff_len(::xdp_md *xdp_md) -> u64 { return BPFXX_CALL(xdp_get_buff_len)(xdp_md); }

/// Linux 5.18
BPFXX_INLINE auto xdp_load_bytes(::xdp_md *xdp_md, u32 offset, void *buf, u32 len) -> i64 {
    return BPFXX_CALL(xdp_load_bytes)(xdp_md, offset, buf, len);
}

/// Linux 5.18
BPFXX_INLINE auto xdp_store_bytes(::xdp_md *xdp_md, u32 offset, void const *buf, u32 len) -> i64 {
    return BPFXX_CALL(xdp_store_bytes)(xdp_md, offset, buf, len);
}

/// Linux 5.18, GPL only
BPFXX_INLINE auto copy_from_user_task(void *dst, u32 size, void const *user_ptr, ::task_struct *tsk, u64 flags) -> i64 {
    return BPFXX_CALL(copy_from_user_task)(dst, size, user_ptr, tsk, flags);
}

/// Linux 5.18
BPFXX_INLINE auto skb_set_tstamp(::__sk_buff *skb, u64 tstamp, u32 tstamp_type) -> i64 {
    return BPFXX_CALL(skb_set_tstamp)(skb, tstamp, tstamp_type);
}

/// Linux 5.18
BPFXX_INLINE auto ima_file_hash(::file *file, void *dst, u32 size) -> i64 {
    return BPFXX_CALL(ima_file_hash)(file, dst, size);
}

/// Linux 5.19
BPFXX_INLINE auto kptr_xchg(void *map_value, void *ptr) -> void * { return BPFXX_CALL(kptr_xchg)(map_value, ptr); }

/// Linux 5.19
BPFXX_INLINE auto map_lookup_percpu_elem(void *map, void const *key, u32 cpu) -> void * {
    return BPFXX_CALL(map_lookup_percpu_elem)(map, key, cpu);
}

/// Linux 5.19
BPFXX_INLINE auto skc_to_mptcp_sock(void *sk) -> ::mptcp_sock * { return BPFXX_CALL(skc_to_mptcp_sock)(sk); }

/// Linux 5.19
BPFXX_INLINE auto dynptr_from_mem(void *data, u32 size, u64 flags, ::bpf_dynptr *ptr) -> i64 {
    return BPFXX_CALL(dynptr_from_mem)(data, size, flags, ptr);
}

/// Linux 5.19
BPFXX_INLINE auto ringbuf_reserve_dynptr(void *ringbuf, u32 size, u64 flags, ::bpf_dynptr *ptr) -> i64 {
    return BPFXX_CALL(ringbuf_reserve_dynptr)(ringbuf, size, flags, ptr);
}

/// Linux 5.19
BPFXX_INLINE auto ringbuf_submit_dynptr(::bpf_dynptr *ptr, u64 flags) -> void {
    BPFXX_CALL(ringbuf_submit_dynptr)(ptr, flags);
}

/// Linux 5.19
BPFXX_INLINE auto ringbuf_discard_dynptr(::bpf_dynptr *ptr, u64 flags) -> void {
    BPFXX_CALL(ringbuf_discard_dynptr)(ptr, flags);
}

/// Linux 5.19
BPFXX_INLINE auto dynptr_read(void *dst, u32 len, ::bpf_dynptr const *src, u32 offset, u64 flags) -> i64 {
    return BPFXX_CALL(dynptr_read)(dst, len, src, offset, flags);
}

/// Linux 5.19
BPFXX_INLINE auto dynptr_write(::bpf_dynptr const *dst, u32 offset, void const *src, u32 len, u64 flags) -> i64 {
    return BPFXX_CALL(dynptr_write)(dst, offset, src, len, flags);
}

/// Linux 5.19
BPFXX_INLINE auto dynptr_data(::bpf_dynptr const *ptr, u32 offset, u32 len) -> void * {
    return BPFXX_CALL(dynptr_data)(ptr, offset, len);
}

/// Linux 6.0, GPL only
BPFXX_INLINE auto tcp_raw_gen_syncookie_ipv4(::iphdr const *iph, ::tcphdr const *th, u32 th_len) -> i64 {
    return BPFXX_CALL(tcp_raw_gen_syncookie_ipv4)(iph, th, th_len);
}

/// Linux 6.0, GPL only
BPFXX_INLINE auto tcp_raw_gen_syncookie_ipv6(::ipv6hdr const *iph, ::tcphdr const *th, u32 th_len) -> i64 {
    return BPFXX_CALL(tcp_raw_gen_syncookie_ipv6)(iph, th, th_len);
}

/// Linux 6.0, GPL only
BPFXX_INLINE auto tcp_raw_check_syncookie_ipv4(::iphdr const *iph, ::tcphdr const *th) -> i64 {
    return BPFXX_CALL(tcp_raw_check_syncookie_ipv4)(iph, th);
}

/// Linux 6.0, GPL only
BPFXX_INLINE auto tcp_raw_check_syncookie_ipv6(::ipv6hdr const *iph, ::tcphdr const *th) -> i64 {
    return BPFXX_CALL(tcp_raw_check_syncookie_ipv6)(iph, th);
}

/// Linux 6.1
BPFXX_INLINE auto ktime_get_tai_ns() -> u64 { return BPFXX_CALL(ktime_get_tai_ns)(); }

/// Linux 6.1
BPFXX_INLINE auto user_ringbuf_drain(void *map, i64 (*callback_fn)(::bpf_dynptr *dynptr, void *ctx), void *ctx,
                                     u64 flags) -> i64 {
    return BPFXX_CALL(user_ringbuf_drain)(map, callback_fn, ctx, flags);
}

/// Linux 6.2
BPFXX_INLINE auto cgrp_storage_get(void *map, ::cgroup *cgroup, void const *value, u64 flags) -> void * {
    return reinterpret_cast<decltype(&cgrp_storage_get)>(210)(map, cgroup, value, flags);
}

/// Linux 6.2
BPFXX_INLINE auto cgrp_storage_delete(void *map, ::cgroup *cgroup) -> i64 {
    return reinterpret_cast<decltype(&cgrp_storage_delete)>(211)(map, cgroup);
}
} // namespace bpfxx::helper

#undef BPFXX_CALL
