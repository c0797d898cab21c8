// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// objects FOLDER…: loads every program of every object below the folders, one by one, and says of each whether this
/// kernel accepts it, what it uses, and, if it is refused, whether the kernel should have accepted it. Those lines
/// begin with "program" and consist of fields with tabs between them. Exits with 1 if a program is refused
/// that should not be.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <support/loaded.hpp>
#include <support/requirement.hpp>

namespace {
using namespace bpfxx;
namespace fs = std::filesystem;
using test::said;

struct result {
    u32 loaded = 0, lacking = 0, refused = 0;
};

struct closer {
    auto operator()(bpf_object *o) const -> void { bpf_object__close(o); }
};
auto open(fs::path const &path) -> std::unique_ptr<bpf_object, closer> {
    std::unique_ptr<bpf_object, closer> object{bpf_object__open_file(path.c_str(), nullptr)};
    if (!object) throw std::runtime_error(path.string() + ": it cannot be opened: " + std::strerror(errno));
    return object;
}

auto used(std::vector<test::requirement> const &all) -> std::string {
    std::string text;
    for (auto const &r : all)
        text += std::string{text.empty() ? "" : ";"} + r.kind + ':' + r.name + ':' + r.since + (r.jit ? ":jit" : "") +
                (r.btf ? ":btf" : "");
    return text;
}

auto load(fs::path const &path, std::string const &name, result &sum) -> void {
    auto const object = open(path);
    bpf_program *wanted = nullptr, *p = nullptr;
    bpf_object__for_each_program(p, object.get()) {
        bool const chosen = name == bpf_program__name(p);
        bpf_program__set_autoload(p, chosen);
        if (chosen) wanted = p;
    }
    // A map pinned by name would be shared with whatever has been pinned before.
    bpf_map *m = nullptr;
    bpf_object__for_each_map(m, object.get()) bpf_map__set_pin_path(m, nullptr);
    said().clear();
    auto const error = bpf_object__load(object.get());
    auto const needs = test::requirements_of(object.get(), wanted);
    auto why = test::lacking(needs);
    // libbpf's own word, where only relocations of fields show that types of the kernel are needed.
    if (why.empty() && !test::this_kernel().btf && said().find("kernel BTF") != std::string::npos)
        why = "relocations need BTF of the kernel";
    bool const without_types = said().find("Error loading .BTF") != std::string::npos;
    auto const *verdict = "loaded";
    if (error == 0 && !without_types)
        sum.loaded++;
    else if (error != 0 && !why.empty())
        verdict = "lacking", sum.lacking++;
    else
        verdict = "REFUSED", sum.refused++;
    auto const *const type = libbpf_bpf_prog_type_str(bpf_program__type(wanted));
    std::cout << "program\t" << path.string() << '\t' << name << '\t' << (type ? type : "unknown") << '\t' << verdict
              << '\t' << (error == 0 ? "" : why) << '\t' << used(needs) << '\n';
    if (*verdict != 'R') return;
    if (without_types) std::cout << "the kernel refuses its BTF\n";
    constexpr std::size_t most = 12000;
    auto const &all = said();
    std::cout << std::strerror(-error) << '\n' << (all.size() > most ? all.substr(all.size() - most) : all) << '\n';
}
} // namespace

int main(int count, char **words) try {
    libbpf_set_print(test::listen);
    std::vector<fs::path> objects;
    for (int i = 1; i < count; i++)
        for (auto const &entry : fs::recursive_directory_iterator{words[i]})
            if (entry.path().string().ends_with(".bpf.o")) objects.push_back(entry.path());
    std::sort(objects.begin(), objects.end());
    auto const &kernel = test::this_kernel();
    std::cout << "kernel" << (kernel.jit ? " jit" : "") << (kernel.btf ? " btf" : "") << '\n';
    result sum;
    for (auto const &path : objects) {
        std::vector<std::string> names;
        {
            auto const object = open(path);
            bpf_program *p = nullptr;
            bpf_object__for_each_program(p, object.get()) names.emplace_back(bpf_program__name(p));
        }
        for (auto const &name : names) load(path, name, sum);
    }
    std::cout << objects.size() << " objects: " << sum.loaded << " programs loaded, " << sum.lacking
              << " need what this kernel does not have, " << sum.refused << " refused\n";
    if (objects.empty()) std::cout << "FAILED: there are no objects\n";
    return objects.empty() || sum.refused != 0 ? 1 : 0;
} catch (std::exception const &e) {
    std::cout << "FAILED: " << e.what() << '\n';
    return 1;
}
