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
constexpr std::size_t most_pages = 64, most_entries = 1024;

// spec: N-179
constexpr const char* docker_types =
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char* oci_types =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

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

bool lists_filter(const http_answer& answer) {
  const std::string filters = answer.header("OCI-Filters-Applied");  // spec: F-002
  return filters.find("artifactType") != filters.npos;
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
    : target_(std::move(target)), connection_(target_.host, options), entries_left_(most_entries) {}

std::string repository::path(std::string_view kind, std::string_view reference) const {
  return fmt::format("{}/{}/{}", target_.repository, kind, reference);
}

void repository::refuse(const http_answer& answer, const char* what) const {
  const bool is_closed = answer.status == 401 || answer.status == 403;
  throw failure(
      exit_code::unavailable,
      fmt::format("cannot get the {}: the registry answers with status {}", what, answer.status),
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

/// The next page of a listing, which is one of the same listing; "" = none. // spec: F-003
std::string repository::next_page(const http_answer& answer) const {
  const std::string link = answer.header("Link");
  const std::size_t begin = link.find('<'), end = link.find('>');
  if (begin == link.npos || end == link.npos || end < begin) return {};
  const std::string rest = link.substr(end + 1);
  if (rest.find("rel=\"next\"") == rest.npos && rest.find("rel=next") == rest.npos) return {};
  const std::string target = link.substr(begin + 1, end - begin - 1);
  const std::string root = connection_.base().substr(0, connection_.base().size() - 4);
  std::string out = target.compare(0, 1, "/") == 0 ? root + target : target;
  const std::string place = connection_.base() + target_.repository + "/referrers/";
  return out.compare(0, place.size(), place) == 0 ? out : "?";
}

/// The entries of one index. // spec: F-002 F-006
std::size_t repository::visit_index(nv2::bytes index, nv2::view<std::string_view> types,
                                    const visitor& visit) {
  reading_memory memory;
  nv2::image_index parsed;
  const errc code = nv2::parse_image_index(index, nv2::bytes::of(nv2::media_types::image_index),
                                           memory.use(), parsed);
  if (code != errc::ok) {
    visit({}, code);
    return 0;
  }
  nv2::index_entries entries{parsed};
  std::size_t count = 0;
  while (entries.next()) {
    ++count;
    content_descriptor entry;
    const errc read = entries.read(memory.use(), entry);
    if (read == errc::ok && !is_one_of(entry.artifact_type, types)) continue;
    if (entries_left_ == 0) {
      visit({}, errc::index_too_long);  // spec: G-003
      break;
    }
    --entries_left_;
    visit(entry, read);
  }
  return count;
}

/// The pages of one listing; false when the registry has no such interface. // spec: F-001 F-003 F-004
bool repository::visit_listing(const std::string& digest, std::string_view type,
                               nv2::view<std::string_view> types, bool& is_filtered,
                               const visitor& visit) {
  std::set<std::string> seen;
  std::string url = path("referrers", digest) + "?artifactType=" + percent_encoded(type);
  for (std::size_t pages = 0; !url.empty(); ++pages) {
    if (pages == most_pages || !seen.insert(url).second || url == "?") {
      visit({}, errc::index_too_long);  // spec: G-003
      return true;
    }
    http_request wanted;
    wanted.url = url;
    wanted.role = "list of referrers";
    wanted.limit = nv2::limits::manifest_size;
    wanted.headers.emplace_back("Accept", std::string(nv2::media_types::image_index));
    const http_answer answer =
        connection_.send(std::move(wanted), target_.repository, registry_action::pull);
    if (pages == 0 && answer.status == status_not_found) return false;
    if (answer.status != 200) refuse(answer, "list of referrers");
    const std::string media_type = media_type_of(answer);
    if (media_type != nv2::media_types::image_index) {
      visit({}, errc::index_media_type);
      return true;
    }
    if (pages == 0) is_filtered = lists_filter(answer);
    const std::string_view only[] = {type};
    visit_index(view_of(answer.body), is_filtered ? nv2::view<std::string_view>{only} : types,
                visit);
    url = next_page(answer);
  }
  return true;
}

void repository::visit_referrers(const std::string& digest, nv2::view<std::string_view> types,
                                 const visitor& visit) {
  entries_left_ = most_entries;
  bool is_filtered = true;
  for (const std::string_view type : types) {
    // What does not filter has listed everything the first time.
    if (!is_filtered) return;
    if (visit_listing(digest, type, types, is_filtered, visit)) continue;
    for (const nv2::referrers_cut cut : {nv2::referrers_cut::at_64, nv2::referrers_cut::at_96}) {
      const std::string tag = referrers_tag_of(digest, cut);
      const auto index = tag.empty() ? std::nullopt : get_manifest(tag);
      if (!index || index->descriptor.media_type != nv2::media_types::image_index)
        continue;  // spec: F-005
      visit_index(view_of(index->manifest), types, visit);
      break;
    }
    return;
  }
}

}  // namespace client
