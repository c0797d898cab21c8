// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// main() of every test where Catch2 is version 2; version 3 brings its own, and this file is then not compiled.
#define CATCH_CONFIG_MAIN
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" // of std::regex, where g++ 12 and the sanitizers meet
#endif
#include <catch2/catch.hpp>
