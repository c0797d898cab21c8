// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// driver NATIVE.so OBJECT.bpf.o PACKETS: runs each program of a batch on its packets, natively and in the kernel, and
/// compares verdicts, bytes and what is in the maps at the end. PACKETS has lines "program hex". A line of JSON for each
/// program comes out. What a program NAME goes on in is called NAMEt0, NAMEt1 …; maps of maps have an inner map under
/// each of their first numbers but the last.
#include <bpfxx/kernel/host/run.hpp>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <support/contents.hpp>
#include <support/loaded.hpp>

namespace {
using namespace bpfxx;
using byte_string = std::vector<u8>;
using json = nlohmann::json;

using test::line_of;
auto unhex(std::string const &text) -> byte_string {
    byte_string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out.push_back(static_cast<u8>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return out;
}

struct outcome {
    int verdict;
    byte_string bytes;
    auto operator==(outcome const &) const -> bool = default;
};
/// What a program left in its maps, as text.
using contents = std::map<std::string, test::lines>;

/// As the kernel runs it: of programs behind the Ethernet header, that comes back as zeros.
auto run_native(host::program_entry const &p, byte_string const &packet) -> outcome {
    auto const is_network =
        p.section.starts_with("cgroup_skb") || p.section.starts_with("socket") || p.section.starts_with("lwt_");
    auto const skip = is_network ? std::size_t{14} : 0;
    auto const of = [&]<class Context>() {
        auto const out = host::run(reinterpret_cast<int (*)(Context *)>(p.function), std::span{packet}.subspan(skip));
        outcome o{out.verdict, byte_string(skip)};
        o.bytes.insert(o.bytes.end(), out.bytes.begin(), out.bytes.end());
        return o;
    };
    if (*p.context == typeid(flow_dissector::context)) return of.operator()<flow_dissector::context>();
    return *p.context == typeid(xdp::context) ? of.operator()<xdp::context>() : of.operator()<skb::context>();
}

/// Inner maps: nothing but the maps that hold them knows them.
struct inner_map {
    std::string name; // as if it were a map of the object
    host::storage *native;
    int fd;
};
auto is_outer(u32 kind) -> bool { return kind == BPF_MAP_TYPE_ARRAY_OF_MAPS || kind == BPF_MAP_TYPE_HASH_OF_MAPS; }
/// What inner maps are like. libbpf forgets it once the outer map is there.
struct inner_model {
    host::shape is;
    u32 flags;
};
std::map<std::string, inner_model> models;
auto fill_outer(host::storage &native, bpf_map *outer, std::vector<inner_map> &all) -> void {
    auto const &[is, flags] = models.at(bpf_map__name(outer));
    for (u32 key = 0; key + 1 < bpf_map__max_entries(outer); key++) {
        LIBBPF_OPTS(bpf_map_create_opts, options);
        options.map_flags = flags;
        auto const fd = bpf_map_create(static_cast<bpf_map_type>(is.kind), "inner", is.key_size, is.value_size,
                                       is.capacity, &options);
        if (fd < 0 || bpf_map_update_elem(bpf_map__fd(outer), &key, &fd, BPF_ANY) != 0)
            throw std::runtime_error("no inner map for " + std::string{bpf_map__name(outer)});
        auto made = std::make_unique<host::storage>(is);
        auto *const there = made.get();
        host::storages()[there] = std::move(made);
        void *const at = there;
        native.update(&key, &at, BPF_ANY);
        all.push_back({std::string{bpf_map__name(outer)} + "[" + std::to_string(key) + "]", there, fd});
    }
}
auto fill_programs(host::object_entry const &object, host::storage &native, bpf_object *there, bpf_map *map,
                   std::string const &name) -> void {
    for (u32 i = 0; i < bpf_map__max_entries(map); i++) {
        auto const found = object.programs.find(name + "t" + std::to_string(i));
        if (found == object.programs.end()) return;
        auto const fd = bpf_program__fd(bpf_object__find_program_by_name(there, found->first.c_str()));
        if (bpf_map_update_elem(bpf_map__fd(map), &i, &fd, BPF_ANY) != 0)
            throw std::runtime_error(found->first + " cannot be gone on in: " + std::strerror(errno));
        auto const put = [&]<class Context>() {
            native.set_program(i, reinterpret_cast<int (*)(Context *)>(found->second.function));
        };
        if (*found->second.context == typeid(xdp::context))
            put.operator()<xdp::context>();
        else if (*found->second.context == typeid(flow_dissector::context))
            put.operator()<flow_dissector::context>();
        else
            put.operator()<skb::context>();
    }
}
/// What is in maps of programs and of maps is numbers that only one side knows.
auto has_contents(u32 kind) -> bool { return !is_outer(kind) && kind != BPF_MAP_TYPE_PROG_ARRAY; }
auto all_of(host::object_entry const &object, std::string const &prefix) -> contents {
    contents all;
    for (auto const &[name, storage] : object.maps)
        if (name.starts_with(prefix) && has_contents(storage->what().kind)) all[name] = test::contents(*storage);
    return all;
}
auto all_of(bpf_object *object, std::string const &prefix) -> contents {
    contents all;
    bpf_map *map;
    bpf_object__for_each_map(map, object) {
        if (std::string_view{bpf_map__name(map)}.starts_with(prefix) && has_contents(bpf_map__type(map)))
            all[bpf_map__name(map)] = test::contents(map);
    }
    return all;
}

/// The kernel does not run skb programs on less than an IP header where the EtherType says IP, or on nothing at all.
auto runs(host::program_entry const &p, byte_string const &packet) -> bool {
    if (packet.size() < 14) return false;
    if (*p.context != typeid(skb::context)) return true;
    auto const type = packet[12] << 8 | packet[13];
    return packet.size() >= (type == 0x0800 ? 34u : type == 0x86dd ? 54u : 15u);
}
auto log_end() -> std::string {
    auto const &all = test::said();
    return all.size() > 3000 ? all.substr(all.size() - 3000) : all;
}

auto check(host::object_entry const &native, std::string const &name, bpf_object *object, bpf_program *program,
           std::vector<byte_string> const &packets) -> json {
    auto const &entry = native.programs.at(name);
    json line{{"program", name}};
    auto const map_prefix = name + "_";
    u32 count = 0, bytes_changed = 0;
    std::vector<inner_map> inner;
    bpf_map *map;
    bpf_object__for_each_map(map, object) {
        std::string const map_name = bpf_map__name(map);
        if (!map_name.starts_with(map_prefix)) continue;
        auto &mine = *native.maps.at(map_name);
        if (is_outer(bpf_map__type(map))) fill_outer(mine, map, inner);
        if (bpf_map__type(map) == BPF_MAP_TYPE_PROG_ARRAY) fill_programs(native, mine, object, map, name);
    }
    for (auto const &packet : packets) {
        if (!runs(entry, packet)) continue;
        auto const expected = run_native(entry, packet);
        outcome is{0, byte_string(packet.size() + 65536)};
        LIBBPF_OPTS(bpf_test_run_opts, options);
        options.data_in = packet.data();
        options.data_size_in = static_cast<u32>(packet.size());
        options.data_out = is.bytes.data();
        options.data_size_out = static_cast<u32>(is.bytes.size());
        options.repeat = 1;
        if (auto const error = bpf_prog_test_run_opts(bpf_program__fd(program), &options); error != 0) {
            line.update({{"result", "not run"}, {"packet", line_of(packet)}, {"error", std::strerror(-error)}});
            return line;
        }
        is.verdict = static_cast<int>(options.retval);
        is.bytes.resize(options.data_size_out);
        count++;
        bytes_changed += is.bytes != packet;
        if (is == expected) continue;
        line.update({{"result", "differs"},
                     {"packet", line_of(packet)},
                     {"number", count},
                     {"native", {{"verdict", expected.verdict}, {"bytes", line_of(expected.bytes)}}},
                     {"kernel", {{"verdict", is.verdict}, {"bytes", line_of(is.bytes)}}}});
        return line;
    }
    auto here = all_of(native, map_prefix), there = all_of(object, map_prefix);
    for (auto const &i : inner) {
        here[i.name] = test::contents(*i.native);
        there[i.name] = test::contents(i.fd, i.native->what());
        close(i.fd);
    }
    for (auto const &[where, lines] : here)
        if (auto const found = there.find(where); found == there.end() || found->second != lines) {
            line.update({{"result", "differs"}, {"map", where}, {"native", lines}});
            if (found != there.end()) line["kernel"] = found->second;
            return line;
        }
    line.update({{"result", "ok"}, {"packets", count}, {"rewritten", bytes_changed}});
    return line;
}
} // namespace

auto main(int argc, char **argv) -> int {
    if (argc != 4) return 2;
    test::stay_on_this_cpu();
    if (!dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL)) {
        std::cerr << dlerror() << '\n';
        return 1;
    }
    auto const &native = host::objects().begin()->second;
    std::map<std::string, std::vector<byte_string>> packets;
    std::ifstream in{argv[3]};
    for (std::string name, bytes; in >> name >> bytes;) packets[name].push_back(unhex(bytes));

    libbpf_set_print(test::listen);
    auto const open = [&](std::string const *only) {
        test::said().clear();
        auto *const object = bpf_object__open_file(argv[2], nullptr);
        if (!object) throw std::runtime_error(std::string{"cannot open "} + argv[2] + ": " + log_end());
        bpf_program *p;
        bpf_object__for_each_program(p, object) {
            std::string const name = bpf_program__name(p);
            if (only) bpf_program__set_autoload(p, name == *only || name.starts_with(*only + "t"));
        }
        bpf_map *map;
        bpf_object__for_each_map(map, object) {
            if (auto *const inner = bpf_map__inner_map(map))
                models[bpf_map__name(map)] = {test::shape_of(inner), bpf_map__map_flags(inner)};
        }
        auto const error = bpf_object__load(object);
        auto const no_btf = test::said().find("Error loading .BTF") != std::string::npos;
        if (error == 0 && !no_btf) return object;
        bpf_object__close(object);
        return static_cast<bpf_object *>(nullptr);
    };
    auto *const whole = open(nullptr);
    for (auto const &[name, entry] : native.programs) {
        if (name.find('t') != std::string::npos) continue; // another one goes on in it
        auto *const object = whole ? whole : open(&name);  // one that is rejected takes the others with it
        if (!object) {
            std::cout << json{{"program", name}, {"result", "rejected"}, {"log", log_end()}}.dump() << std::endl;
            continue;
        }
        auto *const program = bpf_object__find_program_by_name(object, name.c_str());
        std::cout << check(native, name, object, program, packets[name]).dump() << std::endl;
        if (!whole) bpf_object__close(object);
    }
    if (whole) bpf_object__close(whole);
    return 0;
}
