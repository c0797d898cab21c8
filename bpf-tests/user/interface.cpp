// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/interface.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>

using bpfxx::test::failure_of;
using bpfxx::test::has;
using bpfxx::user::interface;

TEST_CASE("name and index lead to each other") {
    auto const loopback = interface { "lo" };
    CHECK(loopback.index() == 1);
    CHECK(interface{loopback.index()}.name() == "lo");
    CHECK(interface{std::string{"lo"}}.index() == 1);
}

TEST_CASE("an interface that does not exist is answered with those that do") {
    if (bpfxx::test::cannot_load()) return;
    auto const own = bpfxx::test::network{};
    auto const name = failure_of([] {
        interface {
            "eht0"
        };
    });
    CHECK(has(name.what(), "no network interface 'eht0': No such device"));
    CHECK(has(name.what(), "there are lo, "));
    CHECK(has(name.what(), "left"));
    CHECK(has(failure_of([] {
                  interface {
                      77777u
                  };
              }).what(),
              "no network interface with index 77777"));
    CHECK(has(failure_of([] {
                  interface {
                      std::string(100, 'x')
                  };
              }).what(),
              "xxx'"));
    CHECK(has(failure_of([] {
                  interface {
                      ""
                  };
              }).what(),
              "no network interface ''"));
}
