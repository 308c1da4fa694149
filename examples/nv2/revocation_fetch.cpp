// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From certificates to addresses, from addresses to lists, and a cache in between. The library verifies
// every list, wherever it comes from.
#include "revocation_fetch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/envelope/notary_cose.hpp>
#include <nv2/envelope/notary_jws.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/trust/timestamp_token.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/crl.hpp>
#include <nv2/x509/link.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "hex.hpp"
#include "http.hpp"

namespace client {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t max_addresses = 32, scratch_size = std::size_t{64} << 10;

/// The certificates of an envelope and of its timestamp, as far as they can be read and are vouched for.
class certificate_collector {
 public:
  explicit certificate_collector(nv2::bytes envelope)
      : scratch_(envelope.size() + scratch_size),
        memory_(nv2::mutable_bytes{scratch_.data(), scratch_.size()}) {
    const bool is_cose = nv2::notary_cose_format.sniff(envelope);
    const nv2::envelope_format& format = is_cose ? nv2::notary_cose_format : nv2::notary_jws_format;
    std::uint32_t offset = 0;
    const nv2::parse_context context{memory_, nv2::compat::none, offset};
    is_read_ = format.sniff(envelope) && format.parse(envelope, context, message_) == nv2::errc::ok;
  }

  void add_signer(nv2::view<nv2::trust_anchor> anchors) {
    if (!is_read_) return;
    const auto is_of_signer = [](nv2::anchor_role role) { return role != nv2::anchor_role::tsa; };
    add({message_.certificates.begin(), message_.certificates.end()}, anchors, is_of_signer);
  }
  void add_service(nv2::view<nv2::trust_anchor> anchors) {
    nv2::timestamp_token token;
    const auto leniency = nv2::compat::ts_allow_crls | nv2::compat::ts_any_imprint_hash;
    if (!is_read_ ||
        nv2::parse_timestamp_token(message_.timestamp_token, leniency, token) != nv2::errc::ok) {
      return;
    }
    std::vector<nv2::bytes> offered;
    nv2::der_reader reader{token.certificates};
    while (reader.more()) offered.push_back(reader.read_element(nv2::der_tag::sequence));
    const auto is_of_service = [](nv2::anchor_role role) { return role == nv2::anchor_role::tsa; };
    add(offered, anchors, is_of_service);
  }

  const std::vector<nv2::certificate>& found() const { return found_; }

 private:
  /// Adds those of `offered` that are anchors, or were issued by one or by one that was added.
  template <typename Roles>
  void add(const std::vector<nv2::bytes>& offered, nv2::view<nv2::trust_anchor> anchors,
           Roles counts) {
    std::vector<nv2::certificate> issuers, waiting;
    for (const nv2::trust_anchor& anchor : anchors) {
      if (counts(anchor.role)) parse(anchor.der, issuers);
    }
    for (const nv2::bytes der : offered) parse(der, waiting);
    const auto is_vouched = [&](const nv2::certificate& each) {
      return std::any_of(issuers.begin(), issuers.end(),
                         [&](const nv2::certificate& by) { return vouches(by, each); });
    };
    for (;;) {
      const auto next = std::find_if(waiting.begin(), waiting.end(), is_vouched);
      if (next == waiting.end()) return;
      found_.push_back(*next);
      if (next->is_ca) issuers.push_back(*next);
      waiting.erase(next);
    }
  }
  static void parse(nv2::bytes der, std::vector<nv2::certificate>& out) {
    nv2::certificate parsed;
    if (nv2::parse_certificate(der, parsed) == nv2::errc::ok) out.push_back(parsed);
  }
  bool vouches(const nv2::certificate& issuer, const nv2::certificate& child) {
    if (nv2::equal(issuer.der, child.der)) return true;
    return nv2::equal(issuer.subject, child.issuer) &&
           nv2::verify_link(child, issuer.key, client_crypto, memory_) == nv2::errc::ok;
  }

  byte_buffer scratch_;
  nv2::workspace memory_;
  nv2::signed_message message_;
  bool is_read_ = false;
  std::vector<nv2::certificate> found_;
};

/// Adds the addresses in a DistributionPointName.
void add_addresses(nv2::bytes name, std::vector<std::string>& out) {
  constexpr std::uint8_t uri = nv2::der_tag::context(6);
  nv2::der_reader outer{name};
  nv2::der_reader names{outer.read(nv2::der_tag::context_constructed(0))};
  while (names.more() && out.size() < max_addresses) {
    std::uint8_t tag = 0;
    const nv2::bytes text = names.read_any(tag);
    std::string address{text.as_text()};
    const bool is_new = std::find(out.begin(), out.end(), address) == out.end();
    if (tag == uri && is_web_url(address) && is_new) out.push_back(std::move(address));
  }
}

/// The addresses of lists that `certificates` name, each once. // spec: R-003
std::vector<std::string> addresses_in(const std::vector<nv2::certificate>& certificates) {
  std::vector<std::string> out;
  for (const nv2::certificate& each : certificates) {
    nv2::distribution_point_reader points{each.crl_distribution_points};
    for (nv2::distribution_point point; points.next(point);) add_addresses(point.name, out);
  }
  return out;
}

std::string hash_of(const std::string& text) {
  std::array<std::uint8_t, scratch_size / 16> room{};
  nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
  nv2::bytes digest;
  const auto hash = nv2::hash_algorithm::sha256;
  const nv2::errc code = nv2::hash_bytes(client_crypto, hash, nv2::bytes::of(text), memory, digest);
  return code == nv2::errc::ok ? hex_text(digest) : std::string{};
}

/// The directory of the cache, "" when there is no place for it.
fs::path cache_directory(const revocation_options& options) {
  if (!options.cache.empty()) return options.cache;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  if (const char* const cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
    return fs::path{cache} / "nv2" / "crl";
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const char* const home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fs::path{home} / ".cache" / "nv2" / "crl" : fs::path{};
}

/// Whether the list is well-formed, and nobody has made the next one yet as far as is known.
bool is_current(const byte_buffer& der, nv2::time_basis now) {
  nv2::certificate_list parsed;
  return nv2::parse_certificate_list(view_of(der), parsed) == nv2::errc::ok &&
         parsed.has_next_update &&
         now.relative_to(parsed.next_update + 1) == nv2::time_order::before;
}

/// A copy of what lies at an address.
class cached_list {
 public:
  cached_list(const fs::path& directory, const std::string& address) {
    const std::string hash = hash_of(address);
    if (!directory.empty() && !hash.empty()) path_ = directory / (hash + ".crl");
  }

  bool read(nv2::time_basis now, byte_buffer& out) const {
    std::error_code ignored;
    if (path_.empty() || !fs::is_regular_file(fs::symlink_status(path_, ignored))) return false;
    try {
      out = read_file(path_.string(), "revocation list", nv2::limits::revocation_list_size);
    } catch (const failure&) {
      return false;
    }
    return is_current(out, now);
  }
  /// Keeps a copy; without one the list is got again next time.
  void write(const byte_buffer& der, std::vector<std::string>& notes) const {
    if (path_.empty()) return;
    std::error_code error;
    fs::create_directories(path_.parent_path(), error);
    const nv2::bytes content = view_of(der);
    try {
      new_file file{path_.string(), content.as_text(), links::refuse};
      file.commit();
    } catch (const failure& problem) {
      notes.push_back(problem.message().headline);
    }
  }

 private:
  fs::path path_;
};

/// Goes from one place to the next for each list.
class list_finder {
 public:
  list_finder(const verify_options& options, revocation_files& files,
              std::vector<std::string>& notes)
      : options_(options),
        directory_(cache_directory(options.revocation)),
        files_(files),
        notes_(notes) {}

  /// Whether a list was added.
  bool find(const std::string& address) {
    list_search& search = files_.search(address);
    const cached_list cached{directory_, address};
    byte_buffer list;
    if (search == list_search::nowhere) {
      search = list_search::cache;
      if (cached.read(options_.time, list)) return add(std::move(list));
    }
    if (search == list_search::network) return false;
    search = list_search::network;
    if (!get(address, list)) return false;
    cached.write(list, notes_);
    return add(std::move(list));
  }

 private:
  bool add(byte_buffer list) {
    files_.add_list(std::move(list));
    return true;
  }
  bool get(const std::string& address, byte_buffer& out) {
    std::shared_ptr<const fetched_lists::answer> known = files_.fetched().find(address);
    if (!known) {
      const long seconds = seconds_left();
      if (seconds <= 0) {
        notes_.push_back(fmt::format("no time is left for the revocation list: {}", address));
        return false;
      }
      const auto begin = steady_clock::now();
      known = std::make_shared<const fetched_lists::answer>(ask(address, seconds));
      files_.time_taken() += steady_clock::now() - begin;
      // What cannot be had now is asked for again by whoever needs it next.
      if (!known->list.empty()) files_.fetched().keep(address, *known);
    }
    if (!known->note.empty()) notes_.push_back(known->note);
    out = known->list;
    return !out.empty();
  }
  /// Of the time for all lists together.
  long seconds_left() const {
    using std::chrono::seconds;
    const auto left = seconds{options_.registry.timeout} - files_.time_taken();
    return static_cast<long>(std::chrono::duration_cast<seconds>(left).count());
  }
  /// Lists lie on servers as DER. // RFC 5280 4.2.1.13
  fetched_lists::answer ask(const std::string& address, long seconds) const {
    http_options how;
    how.timeout = std::min(how.timeout, seconds);
    how.offline = options_.revocation.offline;
    how.limit = nv2::limits::revocation_list_size;
    fetched_lists::answer out;
    try {
      out.list = http_get(address, "revocation list", how);
    } catch (const failure& problem) {
      out.note = problem.message().headline;
      return out;
    }
    nv2::certificate_list parsed;
    if (nv2::parse_certificate_list(view_of(out.list), parsed) != nv2::errc::ok) {
      out = {{}, fmt::format("there is no revocation list: {}", address)};
    }
    return out;
  }

  const verify_options& options_;
  fs::path directory_;
  revocation_files& files_;
  std::vector<std::string>& notes_;
};

}  // namespace

missing_data find_missing(const verdict& answer) {
  missing_data out;
  if (answer.of(nv2::check::authenticity) != nv2::outcome::passed) return out;
  const auto note = [&out](nv2::errc code) {
    const bool is_unknown = nv2::class_of(code) == nv2::error_class::revunknown;
    out.of_signer = out.of_signer || is_unknown;
    out.of_service = out.of_service || code == nv2::errc::timestamp_revocation;
  };
  note(answer.status.code);
  for (const nv2::errc code : answer.logged) note(code);
  return out;
}

bool fetch_revocation(nv2::bytes envelope, missing_data missing, const verify_options& options,
                      trust& trusted, std::vector<std::string>& notes) {
  certificate_collector certificates{envelope};
  if (missing.of_signer) certificates.add_signer(trusted.anchors(true));
  if (missing.of_service) certificates.add_service(trusted.anchors(true));
  list_finder finder{options, trusted.revocation(), notes};
  bool found = false;
  for (const std::string& address : addresses_in(certificates.found())) {
    found = finder.find(address) || found;
  }
  return found;
}

}  // namespace client
