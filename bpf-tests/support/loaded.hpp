// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One program of one object in the kernel, over plain libbpf: what the library says is checked without the library.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <support/requirement.hpp>
#include <unistd.h>
#include <vector>

namespace bpfxx::test {
/// Why nothing can be loaded here, or an empty text.
inline auto kernel_fault() -> std::string const & {
    static std::string const fault = [] {
        auto const map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, nullptr);
        if (map < 0) return std::string{"the kernel refuses bpf(): "} + std::strerror(errno);
        close(map);
        return std::string{};
    }();
    return fault;
}

/// What libbpf said, the verifier's log included.
inline auto said() -> std::string & {
    static std::string all;
    return all;
}
inline auto listen(libbpf_print_level level, char const *format, std::va_list arguments) -> int {
    if (level == LIBBPF_DEBUG) return 0;
    std::va_list again;
    va_copy(again, arguments);
    auto const length = static_cast<std::size_t>(std::vsnprintf(nullptr, 0, format, again));
    va_end(again);
    std::string line(length + 1, '\0');
    std::vsnprintf(line.data(), line.size(), format, arguments);
    line.pop_back();
    said() += line;
    return static_cast<int>(length);
}

/// This kernel refuses a program, and need not have accepted it: it says what is too new.
struct too_old : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class loaded {
    struct close {
        auto operator()(bpf_object *o) const -> void { bpf_object__close(o); }
    };
    std::unique_ptr<bpf_object, close> object_;
    int program_ = -1;

    [[noreturn]] static auto fail(std::string const &path, std::string const &what) -> void {
        constexpr std::size_t most = 4000; // the end of the verifier's log says why
        auto const &all = said();
        throw std::runtime_error(path + ": " + what + "\n" + (all.size() > most ? all.substr(all.size() - most) : all));
    }
    auto set(std::string const &path, std::string const &name, std::vector<u8> const &value) -> void {
        auto const *const btf = bpf_object__btf(object_.get());
        auto const section = btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC);
        auto *const map = bpf_object__find_map_by_name(object_.get(), ".rodata");
        if (!map || section < 0) fail(path, "it has no settings");
        std::size_t size = 0;
        auto *const data = static_cast<u8 *>(const_cast<void *>(bpf_map__initial_value(map, &size)));
        auto const *const type = btf__type_by_id(btf, static_cast<u32>(section));
        auto const *const variables = btf_var_secinfos(type);
        for (u32 i = 0; i < btf_vlen(type); i++)
            if (name == btf__name_by_offset(btf, btf__type_by_id(btf, variables[i].type)->name_off)) {
                if (variables[i].size != value.size()) fail(path, "setting " + name + " is of another size");
                std::memcpy(data + variables[i].offset, value.data(), value.size());
                return;
            }
        fail(path, "it has no setting " + name);
    }

  public:
    /// Opens the object, gives it its settings and loads this one of its programs.
    loaded(std::string const &path, std::string const &program,
           std::map<std::string, std::vector<u8>> const &settings = {}) {
        libbpf_set_print(listen);
        said().clear();
        object_.reset(bpf_object__open_file(path.c_str(), nullptr));
        if (!object_) fail(path, std::string{"it cannot be opened: "} + std::strerror(errno));
        bpf_program *other;
        bpf_object__for_each_program(other, object_.get())
            bpf_program__set_autoload(other, program == bpf_program__name(other));
        auto *const wanted = bpf_object__find_program_by_name(object_.get(), program.c_str());
        if (!wanted) fail(path, "it has no program " + program);
        for (auto const &[name, value] : settings) set(path, name, value);
        if (auto const error = bpf_object__load(object_.get()); error != 0) {
            if (auto const why = lacking(requirements_of(path, object_.get(), wanted), said()); !why.empty())
                throw too_old("SKIPPED: " + program + ": " + why);
            fail(path, program + " does not load: " + std::strerror(-error));
        }
        // libbpf goes on without BTF, and maps then have no types.
        if (said().find("Error loading .BTF") != std::string::npos) fail(path, "the kernel refuses its BTF");
        program_ = bpf_program__fd(wanted);
    }

    auto program() const -> int { return program_; }
    /// The map, or null if the object has none of this name.
    auto map(char const *name) const -> bpf_map * { return bpf_object__find_map_by_name(object_.get(), name); }

    /// What the program answers to these bytes, which it may change.
    auto run(std::vector<u8> &packet, void const *context = nullptr, std::size_t context_size = 0) const -> u32 {
        std::vector<u8> out(packet.size() + 4096); // a program may grow the packet
        LIBBPF_OPTS(bpf_test_run_opts, options);
        options.data_in = packet.data();
        options.data_size_in = static_cast<u32>(packet.size());
        options.data_out = out.data();
        options.data_size_out = static_cast<u32>(out.size());
        options.repeat = 1;
        options.ctx_in = context;
        options.ctx_size_in = static_cast<u32>(context_size);
        if (auto const error = bpf_prog_test_run_opts(program_, &options); error != 0)
            throw std::runtime_error("BPF_PROG_TEST_RUN of " + std::to_string(packet.size()) +
                                     " bytes: " + std::strerror(-error));
        out.resize(options.data_size_out);
        packet = std::move(out);
        return options.retval;
    }
};
} // namespace bpfxx::test
