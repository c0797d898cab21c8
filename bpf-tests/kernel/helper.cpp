// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Loads the programs of helper.bpf.cpp, as each compiler makes them, and runs each once.
#include <support/catch.hpp>
#include <support/loaded.hpp>
#include <support/objects.hpp>

using namespace bpfxx;

namespace {
/// Ethernet, IPv4 and TCP: 10.0.0.1:1234 to 10.0.0.2:80, SYN, 10 bytes of zeros.
constexpr unsigned char packet[64] = {
    2,  0,   0, 0,  0, 2, 2, 0, 0,  0, 0,   1,   8,  0,                        // Ethernet
    69, 0,   0, 50, 0, 0, 0, 0, 64, 6, 102, 196, 10, 0, 0,   1,   10, 0, 0, 2, // IPv4
    4,  210, 0, 80, 0, 0, 0, 1, 0,  0, 0,   0,   80, 2, 255, 255, 0,  0, 0, 0, // TCP
};

/// What the program answers: 0, or the line of helper.bpf.cpp where it stopped.
auto run(bpf_program const *program) -> unsigned {
    unsigned char out[256];
    LIBBPF_OPTS(bpf_test_run_opts, options);
    if (bpf_program__type(program) != BPF_PROG_TYPE_RAW_TRACEPOINT) {
        options.data_in = packet;
        options.data_size_in = sizeof packet;
        options.data_out = out;
        options.data_size_out = sizeof out;
        options.repeat = 1;
    }
    if (auto const error = bpf_prog_test_run_opts(bpf_program__fd(program), &options); error)
        FAIL("test_run: " << std::strerror(errno));
    return options.retval;
}
} // namespace

TEST_CASE("every helper loads and answers as it is declared", "[kernel][helper]") {
    libbpf_set_print(test::listen);
    for (auto const &path : test::object_files()) {
        test::said().clear();
        std::unique_ptr<bpf_object, decltype(&bpf_object__close)> const object{
            bpf_object__open_file(path.c_str(), nullptr), bpf_object__close};
        auto const loaded = object ? bpf_object__load(object.get()) : -errno;
        INFO(path << ":\n" << test::said());
        REQUIRE(loaded == 0);
        CHECK(test::said().find("Error loading .BTF") == std::string::npos);
        unsigned programs = 0;
        bpf_program *program;
        bpf_object__for_each_program(program, object.get()) {
            INFO(bpf_program__name(program) << " answers the line of helper.bpf.cpp that does not hold");
            CHECK(run(program) == 0);
            ++programs;
        }
        CHECK(programs > 0);
    }
}
