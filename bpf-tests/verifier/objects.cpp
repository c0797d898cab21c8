// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// objects [--times N] FOLDER…: loads every program of every object below the folders, one by one, and says of each
/// whether this kernel accepts it, what it uses, what it costs the verifier, and, if it is refused, whether the kernel
/// should have accepted it. Those lines begin with "program" and consist of fields with tabs between them. The time is
/// of the processor, and the shortest of N. Exits with 1 if a program is refused that should not be.
#include <bpfxx/user/sections.hpp>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <sstream>
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

/// What the kernel says of a program that it has accepted.
struct figures {
    u32 instructions = 0; // as the kernel keeps them
    u64 stack = 0;        // of all functions together
    u64 verified = 0, peak_states = 0;
    double milliseconds = 0;
};
auto operator<<(std::ostream &out, figures const &f) -> std::ostream & {
    return out << f.instructions << ' ' << f.stack << ' ' << f.verified << ' ' << f.peak_states << ' '
               << f.milliseconds;
}

/// The number behind a word of the log, or the sum of those with a plus between them.
auto behind(std::string const &log, std::string_view word) -> u64 {
    auto const at = log.rfind(word);
    if (at == std::string::npos) return 0;
    std::istringstream rest{log.substr(at + word.size(), 100)};
    if (rest.peek() == 'm') rest.ignore(4); // "stack depth max 16" since Linux 7
    u64 sum = 0, one = 0;
    if (!(rest >> one)) throw std::runtime_error("the verifier's log has no number behind " + std::string{word} + log);
    for (sum = one; rest.peek() == '+' && rest.ignore() && rest >> one;) sum += one;
    return sum;
}

/// Of this thread, in milliseconds: what else the machine does is not in it.
auto processor_time() -> double {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

struct attempt {
    std::unique_ptr<bpf_object, closer> object;
    bpf_program *program = nullptr;
    int error = 0;
    figures costs{};
};
/// With statistics: a log that has nothing else. Without: what is wrong with a program that is refused.
auto load(fs::path const &path, std::string const &name, bool statistics) -> attempt {
    attempt a{open(path)};
    bpf_program *p = nullptr;
    bpf_object__for_each_program(p, a.object.get()) {
        bool const chosen = name == bpf_program__name(p);
        bpf_program__set_autoload(p, chosen);
        if (chosen) a.program = p;
    }
    // A map pinned by name would be shared with whatever has been pinned before.
    bpf_map *m = nullptr;
    bpf_object__for_each_map(m, a.object.get()) bpf_map__set_pin_path(m, nullptr);
    std::string log(4096, '\0');
    constexpr u32 only_statistics = 4;
    if (statistics) {
        bpf_program__set_log_level(a.program, only_statistics);
        bpf_program__set_log_buf(a.program, log.data(), log.size());
    }
    said().clear();
    auto const begin = processor_time();
    a.error = bpf_object__load(a.object.get());
    a.costs.milliseconds = processor_time() - begin;
    if (a.error != 0 || !statistics) return a;
    a.costs.stack = behind(log, "stack depth ");
    a.costs.verified = behind(log, "processed ");
    a.costs.peak_states = behind(log, "peak_states ");
    bpf_prog_info info{};
    u32 size = sizeof info;
    if (bpf_obj_get_info_by_fd(bpf_program__fd(a.program), &info, &size) != 0 || a.costs.verified == 0)
        throw std::runtime_error(path.string() + ": the kernel tells no figures of " + name);
    a.costs.instructions = info.xlated_prog_len / sizeof(bpf_insn);
    return a;
}

auto judge(fs::path const &path, std::string const &name, u32 times, result &sum) -> void {
    auto loading = load(path, name, true);
    for (u32 i = 1; i < times && loading.error == 0; i++)
        loading.costs.milliseconds = std::min(loading.costs.milliseconds, load(path, name, true).costs.milliseconds);
    if (loading.error != 0) loading = load(path, name, false);
    auto const &[object, wanted, error, costs] = loading;
    auto const needs = test::requirements_of(path.string(), object.get(), wanted);
    auto const why = test::lacking(needs, said());
    bool const without_types = said().find("Error loading .BTF") != std::string::npos;
    auto const *verdict = "loaded";
    if (error == 0 && !without_types)
        sum.loaded++;
    else if (error != 0 && !why.empty())
        verdict = "lacking", sum.lacking++;
    else
        verdict = "REFUSED", sum.refused++;
    std::cout << "program\t" << path.string() << '\t' << name << '\t' << test::name_of(bpf_program__type(wanted))
              << '\t' << verdict << '\t' << (error == 0 ? "" : why) << '\t' << used(needs) << '\t';
    if (error == 0) std::cout << costs;
    std::cout << '\n';
    if (*verdict != 'R') return;
    if (without_types) std::cout << "the kernel refuses its BTF\n";
    constexpr std::size_t most = 12000;
    auto const &all = said();
    std::cout << std::strerror(-error) << '\n' << (all.size() > most ? all.substr(all.size() - most) : all) << '\n';
}
} // namespace

int main(int count, char **words) try {
    user::detail::know_sections();
    libbpf_set_print(test::listen);
    std::vector<fs::path> objects;
    u32 times = 1;
    int first = 1;
    if (count > 2 && std::string_view{words[1]} == "--times") times = static_cast<u32>(std::stoul(words[2])), first = 3;
    for (int i = first; i < count; i++)
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
        for (auto const &name : names) judge(path, name, times, sum);
    }
    std::cout << objects.size() << " objects: " << sum.loaded << " programs loaded, " << sum.lacking
              << " need what this kernel does not have, " << sum.refused << " refused\n";
    if (objects.empty()) std::cout << "FAILED: there are no objects\n";
    return objects.empty() || sum.refused != 0 ? 1 : 0;
} catch (std::exception const &e) {
    std::cout << "FAILED: " << e.what() << '\n';
    return 1;
}
