// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Uploads, by the interface of OCI registries.
#include "repository_writer.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nv2/oci/index.hpp>

#include "errors.hpp"
#include "layout_walk.hpp"
#include "layout_writer.hpp"

namespace client {
namespace {

constexpr long status_ok = 200, status_created = 201, status_accepted = 202;
constexpr int listing_tries = 8;
constexpr std::string_view empty_index =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";

[[noreturn]] void refuse_place(const repository& to) {
  throw failure(exit_code::unavailable, "the registry names no place of its own for an upload",
                {{"repository", to.target().name()}, next_step("tell who runs the registry")});
}

/// Long enough for others who have read the old index to have written theirs, and not as long as they
/// wait. // spec: F-004
void wait_for_others() {
  const int milliseconds = static_cast<int>(100 + std::random_device{}() % 300);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

}  // namespace

http_answer repository_writer::send(http_request wanted) {
  return to_.connection().send(std::move(wanted), to_.target().repository, registry_action::push);
}

bool repository_writer::has_blob(const std::string& digest) {
  http_request wanted;
  wanted.method = "HEAD";
  wanted.url = to_.path("blobs", digest);
  wanted.role = "blob";
  return send(std::move(wanted)).status == status_ok;
}

/// Where an upload goes: a place of the registry itself, since others have no business with it.
std::string repository_writer::upload_place(const http_answer& answer,
                                            const std::string& digest) const {
  std::string place = answer.header("Location");
  const std::string root = to_.connection().base();
  if (place.compare(0, 1, "/") == 0) place.insert(0, root.substr(0, root.size() - 4));
  if (!to_.connection().is_own(place)) refuse_place(to_);
  return place + (place.find('?') == place.npos ? "?" : "&") + "digest=" + digest;
}

void repository_writer::push_blob(const std::string& digest, nv2::bytes content) {
  if (has_blob(digest)) return;
  http_request start;
  start.method = "POST";
  start.url = to_.path("blobs", "uploads/");
  start.role = "place for an upload";
  const http_answer place = send(std::move(start));
  if (place.status != status_accepted) to_.refuse(place, "place for an upload");
  http_request upload;
  upload.method = "PUT";
  upload.url = upload_place(place, digest);
  upload.role = "answer to an upload";
  upload.headers.emplace_back("Content-Type", "application/octet-stream");
  upload.body = content;
  const http_answer answer = send(std::move(upload));
  if (answer.status != status_created) to_.refuse(answer, "answer to an upload");
}

http_answer repository_writer::put_manifest(const std::string& reference,
                                            std::string_view media_type, nv2::bytes content) {
  http_request wanted;
  wanted.method = "PUT";
  wanted.url = to_.path("manifests", reference);
  wanted.role = "answer to an upload";
  wanted.headers.emplace_back("Content-Type", std::string(media_type));
  wanted.body = content;
  http_answer answer = send(std::move(wanted));
  if (answer.status != status_created) to_.refuse(answer, "answer to an upload");
  return answer;
}

bool repository_writer::push_manifest(const std::string& reference, std::string_view media_type,
                                      nv2::bytes content) {
  const http_answer answer = put_manifest(reference, media_type, content);
  const std::optional<stored_artifact> kept = to_.get_manifest(reference);
  if (!kept || !nv2::equal(view_of(kept->manifest), content)) {
    throw failure(exit_code::unavailable, "the registry does not keep what it takes",
                  {{"repository", to_.target().name()},
                   next_step("try again later, or tell who runs the registry")});
  }
  return !answer.header("OCI-Subject").empty();  // spec: F-008
}

/// Whether an index has an entry for `digest`.
bool is_listed(nv2::bytes index, const std::string& digest) {
  reading_memory memory;
  nv2::image_index parsed;
  const nv2::errc code = nv2::parse_image_index(
      index, nv2::bytes::of(nv2::media_types::image_index), memory.use(), parsed);
  if (code != nv2::errc::ok) return false;  // told when it is written to
  nv2::index_entries entries{parsed};
  while (entries.next()) {
    nv2::content_descriptor entry;
    if (entries.read(memory.use(), entry) != nv2::errc::ok) continue;
    if (nv2::equal(entry.digest, digest)) return true;
  }
  return false;
}

/// Somebody else may write the same index at the same time, so it is looked at again afterwards.
void repository_writer::list_referrer(const std::string& subject, const std::string& digest,
                                      const std::string& entry) {
  const std::string tag = referrers_tag_of(subject, nv2::referrers_cut::at_64);
  for (int attempt = 0;; ++attempt) {
    const std::optional<stored_artifact> old = to_.get_manifest(tag);
    if (old && old->descriptor.media_type != nv2::media_types::image_index) {
      throw failure(exit_code::refused, "the referrers tag of the registry leads to no index",
                    {{"repository", to_.target().name()},
                     {"tag", tag},
                     {"rule", "F-005"},
                     next_step("remove that tag, which hides all signatures")});
    }
    const byte_buffer index =
        old ? old->manifest : byte_buffer(empty_index.begin(), empty_index.end());
    if (is_listed(view_of(index), digest)) return;
    if (attempt == listing_tries) break;
    const std::string longer = index_with(index, entry);
    put_manifest(tag, nv2::media_types::image_index, nv2::bytes::of(longer));
    wait_for_others();
  }
  throw failure(exit_code::unavailable,
                "the registry does not keep the signature in its list of referrers",
                {{"repository", to_.target().name()}, next_step("try again later")});
}

void repository_writer::push_signature(const std::string& subject,
                                       const signature_artifact& added) {
  for (const std::string_view blob : added.blobs) {
    push_blob(digest_of(blob), nv2::bytes::of(blob));
  }
  const bool is_listed =
      push_manifest(added.digest, nv2::media_types::image_manifest, nv2::bytes::of(added.manifest));
  if (!is_listed) list_referrer(subject, added.digest, added.entry);
}

}  // namespace client
