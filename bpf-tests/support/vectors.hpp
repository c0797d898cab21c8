// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets and what becomes of them, from a file with lines "program in out".
#include <fstream>
#include <stdexcept>
#include <string>
#include <support/both.hpp>
#include <vector>

namespace bpfxx::test {
struct vector {
    std::string program;
    std::vector<u8> in, out;
};

inline auto bytes_of(std::string const &digits) -> std::vector<u8> {
    std::vector<u8> out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(static_cast<u8>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    return out;
}
/// A file of bpf-tests/.
inline auto vectors_in(std::string const &name) -> std::vector<vector> {
    std::ifstream file{BPFXX_SOURCE_DIR "/bpf-tests/" + name};
    if (!file) throw std::runtime_error(name + " cannot be read");
    std::vector<vector> all;
    for (std::string program, in, out; file >> program >> in >> out;)
        all.push_back({program, bytes_of(in), bytes_of(out)});
    return all;
}
/// Cut off anywhere, a packet is made anew as a whole or stays as it was.
inline auto sweep_whole_or_not(both &program, std::vector<u8> const &whole, std::size_t needed, int done) -> void {
    program.sweep(whole, [&](std::size_t length, answer const &a) {
        if (a.verdict == done) return length >= needed;
        std::vector<u8> const was{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
        return a.bytes == was && a.why == (length < needed ? reason::truncated : reason::no_room);
    });
}
} // namespace bpfxx::test
