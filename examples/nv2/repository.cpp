// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Manifests, blobs and lists of referrers, by the interface of OCI registries.
#include "repository.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/index.hpp>

#include "client_crypto.hpp"
#include "errors.hpp"
#include "layout_walk.hpp"
#include "refusal.hpp"

namespace client {
namespace {

using nv2::content_descriptor;
using nv2::errc;

constexpr long status_not_found = 404;
// spec: G-003
constexpr std::size_t most_pages = 64, most_entries = 1024, most_listed = std::size_t{16} << 20;

// spec: N-179
constexpr const char* docker_types =
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char* oci_types =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

/// Where nothing can be got.
constexpr const char* no_address = "?";

bool is_manifest_type(nv2::bytes media_type) {
  const std::string_view type = media_type.as_text();
  return type == nv2::media_types::image_manifest || type == nv2::media_types::image_index ||
         type.rfind("application/vnd.docker.distribution.manifest.", 0) == 0;
}

/// A media type without its parameters. // spec: N-144
std::string media_type_of(const http_answer& answer) {
  std::string out = answer.header("Content-Type");
  out.resize(std::min(out.size(), out.find(';')));
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool is_one_of(nv2::bytes text, nv2::view<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [text](std::string_view each) { return nv2::equal(text, each); });
}

/// Cuts the part of `text` before `mark` off and gives it back, without spaces around it.
std::string_view take_part(std::string_view& text, char mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  std::string_view out = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  while (!out.empty() && out.front() == ' ') out.remove_prefix(1);
  while (!out.empty() && out.back() == ' ') out.remove_suffix(1);
  return out;
}

/// Whether the registry has selected by type. // spec: F-002
bool lists_filter(const http_answer& answer) {
  const std::string filters = answer.header("OCI-Filters-Applied");
  for (std::string_view rest = filters; !rest.empty();) {
    if (take_part(rest, ',') == "artifactType") return true;
  }
  return false;
}

/// The address that the value of a Link header gives to the next page, "" = none:
///
///   "<" address ">" *( ";" name "=" value ), or several of them with commas
std::string_view find_next(std::string_view links) {
  while (links.find('<') != links.npos) {
    links.remove_prefix(links.find('<') + 1);
    const std::string_view address = take_part(links, '>');
    std::string_view parameters = links.substr(0, links.find('<'));
    while (!parameters.empty()) {
      std::string_view each = take_part(parameters, ';');
      while (!each.empty() && (each.back() == ',' || each.back() == ' ')) each.remove_suffix(1);
      if (each == "rel=\"next\"" || each == "rel=next") return address;
    }
  }
  return {};
}

/// What answers like that has no interface for referrers, or may have none: it is as safe to look for
/// the tag then, since whatever is found has to prove itself. // spec: F-004 F-006
bool may_lack_listing(long status) {
  return status == status_not_found || status == 400 || status == 405 || status == 501;
}

}  // namespace

std::string referrers_tag_of(const std::string& digest, nv2::referrers_cut cut) {
  std::uint8_t text[nv2::max_referrers_tag];
  std::size_t size = 0;
  const errc code = nv2::referrers_tag(nv2::bytes::of(digest), cut, text, size);
  if (code != errc::ok) return {};
  return {reinterpret_cast<const char*>(text), size};
}

repository::repository(registry_target target, const registry_options& options)
    : target_(std::move(target)), connection_(target_.host, options) {}

std::string repository::path(std::string_view kind, std::string_view reference) const {
  return fmt::format("{}/{}/{}", target_.repository, kind, reference);
}

void repository::refuse_status(long status, const char* what) const {
  const bool is_closed = status == 401 || status == 403;
  throw failure(exit_code::unavailable,
                fmt::format("cannot get the {}: the registry answers with status {}", what, status),
                {{"repository", target_.name()},
                 next_step(is_closed ? "docker login, or give --username and --password-stdin"
                                     : "check the name of the repository, or try again later")});
}

std::optional<stored_artifact> repository::get_manifest(const std::string& reference) {
  http_request wanted;
  wanted.url = path("manifests", reference);
  wanted.role = "manifest";
  wanted.limit = nv2::limits::manifest_size;  // spec: O-001
  const char* const first = target_.is_oci ? oci_types : docker_types;
  const char* const second = target_.is_oci ? docker_types : oci_types;
  wanted.headers.emplace_back("Accept", fmt::format("{}, {}", first, second));
  http_answer answer =
      connection_.send(std::move(wanted), target_.repository, registry_action::pull);
  if (answer.status == status_not_found) return {};
  if (answer.status != 200) refuse(answer, "manifest");  // spec: N-181
  stored_artifact out;
  out.descriptor.media_type = media_type_of(answer);
  out.descriptor.size = static_cast<std::int64_t>(answer.body.size());
  const bool is_digest = reference.find(':') != reference.npos;
  // spec: N-145 D-025
  out.descriptor.digest = is_digest ? reference : manifest_digest(answer.body);
  out.manifest = std::move(answer.body);
  errc code = nv2::check_media_type(nv2::bytes::of(out.descriptor.media_type));  // spec: D-007
  nv2::static_workspace<1024> memory;
  if (code == errc::ok && is_digest) {
    code = nv2::check_content(view_of(out.manifest), out.descriptor.view(), client_crypto, memory);
  }
  if (code == errc::ok) return out;
  throw failure(
      exit_code::refused,
      fmt::format("the registry does not give what was asked for: {}", nv2::message(code)),
      {{"repository", target_.name()},
       {"rule", rule_text(code)},
       next_step("do not use this artifact; tell who runs the registry")});
}

errc repository::read(const content_descriptor& wanted, std::size_t limit, byte_buffer& out) {
  if (wanted.size < 0 || static_cast<std::uint64_t>(wanted.size) > limit) {
    return errc::input_too_large;  // spec: O-001 O-008
  }
  nv2::parsed_digest ignored;
  const errc form = nv2::parse_digest(wanted.digest, ignored);
  if (form != errc::ok) return form;
  const bool is_manifest = is_manifest_type(wanted.media_type);
  http_request request;
  request.url = path(is_manifest ? "manifests" : "blobs", wanted.digest.as_text());
  request.role = is_manifest ? "manifest of a signature" : "signature";
  request.limit = static_cast<std::size_t>(wanted.size);
  if (is_manifest) request.headers.emplace_back("Accept", std::string(wanted.media_type.as_text()));
  try {
    http_answer answer =
        connection_.send(std::move(request), target_.repository, registry_action::pull);
    if (answer.status != 200) return errc::signature_unavailable;
    out = std::move(answer.body);
  } catch (const failure&) {
    return errc::signature_unavailable;  // spec: W-042
  }
  nv2::static_workspace<1024> memory;
  return nv2::check_content(view_of(out), wanted, client_crypto, memory);
}

void repository::fetch(const content_descriptor& wanted, body_sink& into) {
  http_request request;
  request.url = path("blobs", wanted.digest.as_text());
  request.role = "blob";
  request.limit = static_cast<std::size_t>(std::max<std::int64_t>(wanted.size, 0));
  request.into = &into;
  request.shows_progress = true;
  const http_answer answer =
      connection_.send(std::move(request), target_.repository, registry_action::pull);
  if (answer.status != 200) refuse(answer, "blob");
}

/// The next page of the listing of `digest`, "" = none. What is no page of that listing is no address
/// at all. // spec: F-003
std::string repository::next_page(const http_answer& answer, const std::string& digest) const {
  std::string out;
  for (const auto& [name, value] : answer.headers) {
    if (is_header(name, "Link") && out.empty()) out = find_next(value);
  }
  if (out.empty()) return {};
  const std::string& base = connection_.base();
  const std::size_t root = base.size() - 4;  // "/v2/"
  if (out[0] == '?') out.insert(0, base.substr(root) + path("referrers", digest));
  if (out[0] == '/') out.insert(0, base.substr(0, root));
  const std::string place = base + path("referrers", "");
  const std::size_t end = std::min(out.find('?'), out.size());
  if (out.compare(0, place.size(), place) != 0) return no_address;
  const std::string last = out.substr(place.size(), end - place.size());
  return last == digest || last == percent_encoded(digest) ? out : no_address;
}

/// Whether no such entry was visited before. // spec: D-008
bool repository::is_new(const content_descriptor& entry) {
  return visited_
      .insert(
          fmt::format("{} {} {}", entry.digest.as_text(), entry.size, entry.media_type.as_text()))
      .second;
}

/// The entries of one index that have not been visited yet. // spec: F-002 F-006
void repository::visit_index(nv2::bytes index, nv2::view<std::string_view> types,
                             const visitor& visit) {
  reading_memory memory;
  nv2::image_index parsed;
  const errc code = nv2::parse_image_index(index, nv2::bytes::of(nv2::media_types::image_index),
                                           memory.use(), parsed);
  if (code != errc::ok) return visit({}, code);
  nv2::index_entries entries{parsed};
  while (entries.next()) {
    content_descriptor entry;
    const errc read = entries.read(memory.use(), entry);
    if (read == errc::ok && !is_one_of(entry.artifact_type, types)) continue;
    if (read == errc::ok && !is_new(entry)) continue;
    if (entries_left_ == 0) return visit({}, errc::index_too_long);  // spec: G-003
    --entries_left_;
    visit(entry, read);
  }
}

http_answer repository::get_listing(const std::string& url) {
  http_request wanted;
  wanted.url = url;
  wanted.role = "list of referrers";
  wanted.limit = std::min(nv2::limits::manifest_size, bytes_left_);
  wanted.headers.emplace_back("Accept", std::string(nv2::media_types::image_index));
  http_answer out = connection_.send(std::move(wanted), target_.repository, registry_action::pull);
  bytes_left_ -= std::min(out.body.size(), bytes_left_);
  return out;
}

/// The pages of one listing. Gives the status of an answer by a registry that has no such interface, 0
/// for others. // spec: F-001 F-003 F-004
long repository::visit_listing(const std::string& digest, std::string_view type,
                               nv2::view<std::string_view> types, bool& is_filtered,
                               const visitor& visit) {
  std::set<std::string> seen;
  std::string url = path("referrers", digest) + "?artifactType=" + percent_encoded(type);
  for (std::size_t pages = 0; !url.empty(); ++pages) {
    const bool is_new = seen.insert(url).second && url != no_address;
    if (pages == most_pages || !is_new || bytes_left_ == 0) {
      visit({}, errc::index_too_long);  // spec: G-003
      return 0;
    }
    const http_answer answer = get_listing(url);
    if (pages == 0 && may_lack_listing(answer.status)) return answer.status;
    if (answer.status != 200) refuse(answer, "list of referrers");
    if (media_type_of(answer) != nv2::media_types::image_index) {
      visit({}, errc::index_media_type);
      return 0;
    }
    if (pages == 0) is_filtered = lists_filter(answer);
    const std::string_view only[] = {type};
    visit_index(view_of(answer.body), is_filtered ? nv2::view<std::string_view>{only} : types,
                visit);
    url = next_page(answer, digest);
  }
  return 0;
}

/// Whether there was an index under the referrers tag. // spec: F-004 F-005
bool repository::visit_tag(const std::string& digest, nv2::view<std::string_view> types,
                           const visitor& visit) {
  for (const nv2::referrers_cut cut : {nv2::referrers_cut::at_64, nv2::referrers_cut::at_96}) {
    const std::string tag = referrers_tag_of(digest, cut);
    const auto index = tag.empty() ? std::nullopt : get_manifest(tag);
    if (!index || index->descriptor.media_type != nv2::media_types::image_index) continue;
    visit_index(view_of(index->manifest), types, visit);
    return true;
  }
  return false;
}

void repository::visit_referrers(const std::string& digest, nv2::view<std::string_view> types,
                                 const visitor& visit) {
  entries_left_ = most_entries;
  bytes_left_ = most_listed;
  visited_.clear();
  bool is_filtered = true;
  for (const std::string_view type : types) {
    // What does not filter has listed everything the first time.
    if (!is_filtered) return;
    const long status = visit_listing(digest, type, types, is_filtered, visit);
    if (status == 0) continue;
    if (visit_tag(digest, types, visit) || status == status_not_found) return;
    refuse_status(status, "list of referrers");
  }
}

}  // namespace client
