// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/endian.hpp>
#include <bpfxx/user/type_name.hpp>
#include <support/catch.hpp>

using bpfxx::user::bare_type_name;
using bpfxx::user::type_name;

namespace type_name_test {
struct flow {};
enum class key : bpfxx::u16 {};
template <class T> struct box {
    struct inner {};
    template <class> struct nested {};
};
namespace {
struct hidden {};
} // namespace
} // namespace type_name_test
using namespace type_name_test;

static_assert(type_name<flow>() == "type_name_test::flow");
static_assert(type_name<bpfxx::u8>() == "unsigned char");
static_assert(bare_type_name<flow>() == "flow");
static_assert(bare_type_name<key>() == "key");
static_assert(bare_type_name<unsigned>() == "unsigned int");
static_assert(bare_type_name<bpfxx::be16>() == "be");
static_assert(bare_type_name<bpfxx::be<key>>() == "be");
static_assert(bare_type_name<box<box<flow>>>() == "box");
static_assert(bare_type_name<box<flow>::inner>() == "inner");
static_assert(bare_type_name<box<flow>::nested<bpfxx::be<key>>>() == "nested");
static_assert(bare_type_name<hidden>() == "hidden");

TEST_CASE("a type within a function has its bare name") {
    struct local {};
    CHECK(bare_type_name<local>() == "local");
}
