// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Runs each program of a batch on its packets, natively and in the kernel, and compares verdicts, bytes and what is in the
/// maps at the end:
///   driver NATIVE.so OBJECT.bpf.o PACKETS              both here
///   driver --answers NATIVE.so OBJECT.bpf.o PACKETS    natively only: what it prints is the ANSWERS of
///   driver --ask ANSWERS OBJECT.bpf.o [PROGRAM]        in the kernel only, perhaps of another byte order
/// PACKETS has lines "program hex". A line of JSON for each program comes out. What a program NAME goes on in is called
/// NAMEt0, NAMEt1 …, its maps NAME_…; maps of maps have an inner map under each of their first numbers but the last.
#include <bpfxx/kernel/host/run.hpp>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <support/contents.hpp>
#include <support/elsewhere.hpp>
#include <support/loaded.hpp>

namespace {
using namespace bpfxx;
using byte_string = std::vector<u8>;
using json = nlohmann::json;

using test::line_of;
auto unhex(std::string const &text) -> byte_string {
    auto const digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    byte_string out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); i++)
        out[i] = static_cast<u8>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return out;
}

struct outcome {
    int verdict;
    byte_string bytes;
    auto operator==(outcome const &) const -> bool = default;
};
/// What programs left in their maps, as text.
using contents = std::map<std::string, test::lines>;
struct question {
    byte_string packet;
    outcome expected;
};
struct answers {
    std::vector<question> questions;
    contents maps;
};

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

auto is_outer(u32 kind) -> bool { return kind == BPF_MAP_TYPE_ARRAY_OF_MAPS || kind == BPF_MAP_TYPE_HASH_OF_MAPS; }
/// What is in maps of programs and of maps is numbers that only one side knows.
auto has_contents(u32 kind) -> bool { return !is_outer(kind) && kind != BPF_MAP_TYPE_PROG_ARRAY; }
auto inner_name(std::string const &outer, u32 key) -> std::string { return outer + '[' + std::to_string(key) + ']'; }
/// What inner maps are like. libbpf forgets it once the outer map is there.
struct inner_model {
    host::shape is;
    u32 flags, key_type, value_type;
};
std::map<std::string, inner_model> models;

/// The kernel does not run skb programs on less than an IP header where the EtherType says IP, or on nothing at all.
auto runs(host::program_entry const &p, byte_string const &packet) -> bool {
    if (packet.size() < 14) return false;
    if (*p.context != typeid(skb::context)) return true;
    auto const type = packet[12] << 8 | packet[13];
    return packet.size() >= (type == 0x0800 ? 34u : type == 0x86dd ? 54u : 15u);
}
auto answers_of(host::object_entry const &native, std::string const &name, std::vector<byte_string> const &packets)
    -> answers {
    auto const &entry = native.programs.at(name);
    auto const prefix = name + "_";
    std::map<std::string, host::storage *> maps;
    for (auto const &[map, storage] : native.maps) {
        if (!map.starts_with(prefix)) continue;
        auto const &is = storage->what();
        if (has_contents(is.kind)) maps[map] = storage;
        for (u32 key = 0; is_outer(is.kind) && key + 1 < is.capacity; key++) {
            auto made = std::make_unique<host::storage>(models.at(map).is);
            void *const at = maps[inner_name(map, key)] = made.get();
            host::storages()[at] = std::move(made);
            storage->update(&key, &at, BPF_ANY);
        }
        for (u32 i = 0; is.kind == BPF_MAP_TYPE_PROG_ARRAY && i < is.capacity; i++) {
            auto const found = native.programs.find(name + "t" + std::to_string(i));
            if (found == native.programs.end()) break;
            auto const put = [&]<class Context>() {
                storage->set_program(i, reinterpret_cast<int (*)(Context *)>(found->second.function));
            };
            if (*found->second.context == typeid(xdp::context))
                put.operator()<xdp::context>();
            else if (*found->second.context == typeid(flow_dissector::context))
                put.operator()<flow_dissector::context>();
            else
                put.operator()<skb::context>();
        }
    }
    answers all;
    for (auto const &packet : packets)
        if (runs(entry, packet)) all.questions.push_back({packet, run_native(entry, packet)});
    for (auto const &[map, storage] : maps) all.maps[map] = test::contents(*storage);
    return all;
}
auto to_json(std::string const &name, answers const &all) -> json {
    json line{{"program", name}, {"big", test::big}, {"questions", json::array()}, {"maps", all.maps}};
    for (auto const &[packet, expected] : all.questions)
        line["questions"].push_back({line_of(packet), expected.verdict, line_of(expected.bytes)});
    return line;
}
auto from_json(json const &line) -> answers {
    answers all{{}, line["maps"]};
    for (auto const &q : line["questions"]) all.questions.push_back({unhex(q[0]), {q[1], unhex(q[2])}});
    return all;
}

/// What is in maps as a machine of the other byte order would have it: each number of a key or a value is reversed.
auto reverse(std::span<u8> bytes, btf const *types, u32 type) -> void {
    auto const id = type == 0 ? 0 : btf__resolve_type(types, type);
    auto const *const is = id > 0 ? btf__type_by_id(types, static_cast<u32>(id)) : nullptr;
    if (is && btf_is_array(is)) {
        auto const *const array = btf_array(is);
        for (u32 i = 0; i < array->nelems; i++)
            reverse(bytes.subspan(i * bytes.size() / array->nelems, bytes.size() / array->nelems), types, array->type);
    } else if (is && btf_is_struct(is)) {
        for (u32 i = 0; i < btf_vlen(is); i++) {
            auto const member = btf_members(is)[i];
            auto const size = btf__resolve_size(types, member.type);
            if (size > 0) reverse(bytes.subspan(member.offset / 8, static_cast<u32>(size)), types, member.type);
        }
    } else
        std::reverse(bytes.begin(), bytes.end());
}
auto reversed(test::lines lines, u32 kind, btf const *types, u32 key, u32 value) -> test::lines {
    for (auto &line : lines) {
        auto const colon = line.find(": ");
        auto bytes = unhex(colon == std::string::npos ? line : line.substr(colon + 2));
        if (kind == BPF_MAP_TYPE_RINGBUF) // records are of 64-bit numbers
            for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) reverse(std::span{bytes}.subspan(i, 8), types, 0);
        else
            reverse(bytes, types, value);
        if (colon == std::string::npos) {
            line = line_of(bytes);
            continue;
        }
        auto first = unhex(line.substr(0, colon));
        reverse(first, types, key);
        line = line_of(first) + ": " + line_of(bytes);
    }
    if (kind != BPF_MAP_TYPE_RINGBUF && kind != BPF_MAP_TYPE_QUEUE && kind != BPF_MAP_TYPE_STACK)
        std::sort(lines.begin(), lines.end());
    return lines;
}

/// The maps of one program of an object in the kernel; where nothing but the maps that hold them knows others, also these.
class kernel_maps {
    struct one {
        int fd;
        inner_model is;
    };
    std::map<std::string, one> all_;
    std::vector<int> own_;
    btf const *types_;

    auto fill_outer(bpf_map *outer) -> void {
        std::string const name = bpf_map__name(outer);
        auto const &model = models.at(name);
        for (u32 key = 0; key + 1 < bpf_map__max_entries(outer); key++) {
            LIBBPF_OPTS(bpf_map_create_opts, options);
            options.map_flags = model.flags;
            auto const &is = model.is;
            auto const fd = bpf_map_create(static_cast<bpf_map_type>(is.kind), "inner", is.key_size, is.value_size,
                                           is.capacity, &options);
            if (fd >= 0) own_.push_back(fd);
            if (fd < 0 || bpf_map_update_elem(bpf_map__fd(outer), &key, &fd, BPF_ANY) != 0)
                throw std::runtime_error("no inner map for " + name);
            all_[inner_name(name, key)] = {fd, model};
        }
    }
    static auto fill_programs(bpf_object *object, bpf_map *map, std::string const &name) -> void {
        for (u32 i = 0; i < bpf_map__max_entries(map); i++) {
            auto const next = name + "t" + std::to_string(i);
            auto *const program = bpf_object__find_program_by_name(object, next.c_str());
            if (!program) return;
            auto const fd = bpf_program__fd(program);
            if (bpf_map_update_elem(bpf_map__fd(map), &i, &fd, BPF_ANY) != 0)
                throw std::runtime_error(next + " cannot be gone on in: " + std::strerror(errno));
        }
    }

  public:
    kernel_maps(bpf_object *object, std::string const &program) : types_{bpf_object__btf(object)} {
        bpf_map *map;
        bpf_object__for_each_map(map, object) {
            std::string const name = bpf_map__name(map);
            auto const kind = bpf_map__type(map);
            if (!name.starts_with(program + "_")) continue;
            if (is_outer(kind)) fill_outer(map);
            if (kind == BPF_MAP_TYPE_PROG_ARRAY) fill_programs(object, map, program);
            if (has_contents(kind))
                all_[name] = {bpf_map__fd(map),
                              {test::shape_of(map), 0, bpf_map__btf_key_type_id(map), bpf_map__btf_value_type_id(map)}};
        }
    }
    kernel_maps(kernel_maps const &) = delete;
    auto operator=(kernel_maps const &) -> kernel_maps & = delete;
    ~kernel_maps() {
        for (auto const fd : own_) close(fd);
    }
    auto contents_of(bool other_order) const -> contents {
        contents all;
        for (auto const &[name, map] : all_) {
            auto lines = test::contents(map.fd, map.is.is);
            if (other_order) lines = reversed(lines, map.is.is.kind, types_, map.is.key_type, map.is.value_type);
            all[name] = std::move(lines);
        }
        return all;
    }
};

auto log_end() -> std::string {
    auto const &all = test::said();
    return all.size() > 3000 ? all.substr(all.size() - 3000) : all;
}

/// Asks a program that is loaded.
auto ask(answers const &expected, std::string const &name, bpf_object *object, bool other_order) -> json {
    auto const *const program = bpf_object__find_program_by_name(object, name.c_str());
    auto const type = bpf_program__type(program);
    json line{{"program", name}};
    u32 count = 0, bytes_changed = 0;
    auto const answered = [&](std::string const &why) {
        bpf_prog_info info{};
        u32 size = sizeof info;
        bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size);
        line.update({{"result", "ok"}, {"packets", count}, {"rewritten", bytes_changed}});
        line["verified"] = info.verified_insns; // 0 before Linux 5.16
        if (!why.empty()) line["why"] = why;    // this is not all
        return line;
    };
    if (auto const why = test::not_here(type); !why.empty()) return answered(why);
    kernel_maps const maps{object, name};
    for (auto const &[packet, native] : expected.questions) {
        // What it does not see all of says nothing about what comes behind it either.
        if (type == BPF_PROG_TYPE_XDP && std::max(packet.size(), native.bytes.size()) > test::longest_packet())
            return answered("BPF_PROG_TEST_RUN takes no more than " + std::to_string(test::longest_packet()) +
                            " bytes for XDP");
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
        is.bytes.resize(options.data_size_out);
        auto verdict = options.retval;
        if (type == BPF_PROG_TYPE_FLOW_DISSECTOR) {
            test::as_recorded(is.bytes);
            verdict = test::as_recorded(verdict, static_cast<u32>(native.verdict));
        }
        is.verdict = static_cast<int>(verdict);
        count++;
        bytes_changed += is.bytes != packet;
        if (is == native) continue;
        line.update({{"result", "differs"},
                     {"packet", line_of(packet)},
                     {"number", count},
                     {"native", {{"verdict", native.verdict}, {"bytes", line_of(native.bytes)}}},
                     {"kernel", {{"verdict", is.verdict}, {"bytes", line_of(is.bytes)}}}});
        return line;
    }
    auto const there = maps.contents_of(other_order);
    for (auto const &[where, lines] : expected.maps)
        if (auto const found = there.find(where); found == there.end() || found->second != lines) {
            line.update({{"result", "differs"}, {"map", where}, {"native", lines}});
            if (found != there.end()) line["kernel"] = found->second;
            return line;
        }
    return answered({});
}

struct closing {
    auto operator()(bpf_object *object) const -> void { bpf_object__close(object); }
};
using owned = std::unique_ptr<bpf_object, closing>;
/// With one program, and what it goes on in, without the maps of others; or with all.
auto open(std::string const &path, std::string const &only = {}) -> owned {
    test::said().clear();
    owned object{bpf_object__open_file(path.c_str(), nullptr)};
    if (!object) throw std::runtime_error("cannot open " + path + ": " + log_end());
    bpf_program *p;
    bpf_object__for_each_program(p, object.get()) {
        std::string const name = bpf_program__name(p);
        if (!only.empty()) bpf_program__set_autoload(p, name == only || name.starts_with(only + "t"));
    }
    bpf_map *map;
    bpf_object__for_each_map(map, object.get()) {
        std::string const name = bpf_map__name(map);
        auto const owner = name.substr(0, name.find('_'));
        if (!only.empty() && owner != only && bpf_object__find_program_by_name(object.get(), owner.c_str()))
            bpf_map__set_autocreate(map, false);
        if (auto *const inner = bpf_map__inner_map(map))
            models[name] = {test::shape_of(inner), bpf_map__map_flags(inner), bpf_map__btf_key_type_id(inner),
                            bpf_map__btf_value_type_id(inner)};
    }
    return object;
}
/// libbpf goes on without BTF.
auto loads(bpf_object *object) -> bool {
    return bpf_object__load(object) == 0 && test::said().find("Error loading .BTF") == std::string::npos;
}
/// Alone: one that is rejected takes the others of its object with it.
auto check(answers const &expected, std::string const &name, std::string const &path, bool other_order) -> json {
    auto const object = open(path, name);
    if (!loads(object.get())) {
        auto const why = test::lacking(test::requirements_of(path, object.get()), test::said());
        if (!why.empty()) return {{"program", name}, {"result", "lacking"}, {"why", why}};
        return {{"program", name}, {"result", "rejected"}, {"log", log_end()}};
    }
    return ask(expected, name, object.get(), other_order);
}

auto ask_recorded(std::string const &recorded, std::string const &path, std::string const &only) -> void {
    std::ifstream in{recorded};
    for (std::string text; std::getline(in, text);) {
        auto const line = json::parse(text);
        std::string const name = line["program"];
        if (!only.empty() && name != only) continue;
        std::cout << check(from_json(line), name, path, line["big"] != test::big).dump() << std::endl;
    }
}
auto ask_here(std::string const &library, std::string const &path, std::string const &asked, bool kernel) -> void {
    if (!dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) throw std::runtime_error(dlerror());
    auto const &native = host::objects().begin()->second;
    std::map<std::string, std::vector<byte_string>> packets;
    std::ifstream in{asked};
    for (std::string name, bytes; in >> name >> bytes;) packets[name].push_back(unhex(bytes));
    auto whole = open(path);
    if (!kernel || !loads(whole.get())) whole.reset();
    for (auto const &[name, entry] : native.programs) {
        if (name.find('t') != std::string::npos) continue; // another one goes on in it
        auto const expected = answers_of(native, name, packets[name]);
        auto const line = !kernel ? to_json(name, expected)
                          : whole ? ask(expected, name, whole.get(), false)
                                  : check(expected, name, path, false);
        std::cout << line.dump() << std::endl;
    }
}
} // namespace

auto main(int argc, char **argv) -> int try {
    std::vector<std::string> const words(argv + 1, argv + argc);
    test::stay_on_this_cpu();
    libbpf_set_print(test::listen);
    if (words.size() == 4 && words[0] == "--answers")
        ask_here(words[1], words[2], words[3], false);
    else if ((words.size() == 3 || words.size() == 4) && words[0] == "--ask")
        ask_recorded(words[1], words[2], words.size() == 4 ? words[3] : "");
    else if (words.size() == 3)
        ask_here(words[0], words[1], words[2], true);
    else
        throw std::runtime_error("usage: driver [--answers] NATIVE.so OBJECT PACKETS | --ask ANSWERS OBJECT [PROGRAM]");
    return 0;
} catch (std::exception const &e) {
    std::cerr << e.what() << '\n';
    return 1;
}
