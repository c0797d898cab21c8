// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The packets of a pcap or pcapng file, one at a time.
#include <algorithm>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/captured_packet.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/pcap.hpp>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bpfxx::user {
/// `for (auto const &packet : capture_reader{"a.pcap"})`. A truncated or corrupt file is an error when it is reached:
/// the packets before have been handed out. Path "-" is standard input. Keeps one packet in memory.
class capture_reader {
    struct close {
        auto operator()(pcap_t *p) const -> void { pcap_close(p); }
    };
    std::unique_ptr<pcap_t, close> handle_;
    std::string name_;
    u64 count_ = 0;

    [[noreturn]] auto corrupt(std::string const &why) const -> void {
        auto hint = std::string{};
        if (why.find("different from the type") != why.npos)
            hint = "its interfaces have several link types: capture each of them into a file of its own";
        else if (why.find("different from the") != why.npos)
            hint =
                "its interfaces were captured in different ways: editcap -F pcap FILE OUT makes one that can be read";
        throw error{detail::text("cannot read packet ", count_ + 1, " of ", name_, ": ", why), 0, {}, std::move(hint)};
    }

  public:
    /// The link types that the caller understands: DLT_EN10MB is Ethernet.
    explicit capture_reader(std::string const &path, std::initializer_list<int> link_types = {DLT_EN10MB})
        : name_{path == "-" ? "standard input" : path} {
        char why[PCAP_ERRBUF_SIZE] = {};
        handle_.reset(pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, why));
        if (!handle_) {
            auto const said = std::string{why};
            auto hint = std::string{};
            if (said.find("unknown file format") != said.npos)
                hint = "it takes pcap and pcapng: unpack a compressed file, and editcap -F pcap FILE OUT makes one of "
                       "others";
            throw error{detail::text("cannot open capture ", name_,
                                     said.starts_with(path) ? said.substr(path.size()) : ": " + said),
                        0,
                        {},
                        std::move(hint)};
        }
        if (auto const type = link_type(); std::find(link_types.begin(), link_types.end(), type) == link_types.end()) {
            auto const *const known = pcap_datalink_val_to_name(type);
            auto const *const words = pcap_datalink_val_to_description(type);
            throw error{detail::text("cannot use capture ", name_, ": its link type is ", known ? known : "unknown",
                                     " (", type, words ? ", " : "", words ? words : "", "), ",
                                     link_types.size() == 1 ? "not Ethernet" : "which is not understood"),
                        0,
                        {},
                        "capture on an Ethernet interface, not on 'any' or a tunnel"};
        }
    }

    /// The next packet, or nothing at the end of the file.
    auto next() -> std::optional<captured_packet> {
        pcap_pkthdr *header = nullptr;
        u_char const *bytes = nullptr;
        auto const result = pcap_next_ex(handle_.get(), &header, &bytes);
        if (result == PCAP_ERROR_BREAK) return std::nullopt;
        if (result != 1) corrupt(pcap_geterr(handle_.get()));
        constexpr auto most =
            std::numeric_limits<i64>::max() / 1'000'000'000 - 5; // libpcap gives nanoseconds below 2^32
        auto seconds = static_cast<i64>(header->ts.tv_sec);
        if (seconds < 0 && pcap_major_version(handle_.get()) == 2)
            seconds += i64{1} << 32; // pcap's are unsigned, libpcap's not
        if (seconds > most || seconds < -most) corrupt(detail::text("its time, second ", seconds, ", is out of range"));
        auto const time = std::chrono::nanoseconds{seconds * 1'000'000'000 + header->ts.tv_usec};
        return captured_packet{
            ++count_, time, header->len, {reinterpret_cast<std::byte const *>(bytes), header->caplen}};
    }

    /// What its packets start with.
    auto link_type() const -> int { return pcap_datalink(handle_.get()); }
    /// For messages.
    auto name() const noexcept -> std::string const & { return name_; }

    class iterator {
        capture_reader *from_;
        std::optional<captured_packet> packet_;

      public:
        using value_type = captured_packet;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;
        explicit iterator(capture_reader &from) : from_{&from}, packet_{from.next()} {}
        auto operator*() const -> captured_packet const & { return *packet_; }
        auto operator++() -> iterator & {
            packet_ = from_->next();
            return *this;
        }
        auto operator++(int) -> void { ++*this; }
        friend auto operator==(iterator const &it, std::default_sentinel_t /*end*/) -> bool { return !it.packet_; }
    };
    auto begin() -> iterator { return iterator{*this}; }
    auto end() const -> std::default_sentinel_t { return {}; }
};
} // namespace bpfxx::user
