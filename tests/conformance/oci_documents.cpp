// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/oci/index.hpp>

namespace nv2_conformance {
namespace {

using nv2::errc;

/// What reading has led to; digests by algorithms that we do not know are well-formed all the same.
errc as_read(errc code) { return code == errc::digest_unsupported ? errc::ok : code; }

errc read_index(nv2::bytes text, nv2::workspace& memory) {
  nv2::image_index index;
  NV2_TRY(
      nv2::parse_image_index(text, nv2::bytes::of(nv2::media_types::image_index), memory, index));
  nv2::index_entries entries{index};
  while (entries.next()) {
    nv2::content_descriptor entry;
    NV2_TRY(as_read(entries.read(memory, entry)));
  }
  return errc::ok;
}

/// The part of reading a signature's manifest that any manifest has to pass; one layer is enough for
/// a signature, and no other is looked at.
errc read_manifest(nv2::bytes text, nv2::workspace& memory) {
  nv2::json_reader reader{text, memory, nv2::json_duplicates::refuse, nv2::limits::manifest_names};
  nv2::detail::manifest_members members;
  members.read(reader);
  NV2_TRY(reader.finish());
  if (members.version != 2) return errc::manifest_version;
  if (members.layers == 0) return errc::manifest_layers;
  nv2::content_descriptor part;
  NV2_TRY(as_read(members.config.check(memory, part)));
  NV2_TRY(as_read(members.layer.check(memory, part)));
  return members.subject.present() ? as_read(members.subject.check(memory, part)) : errc::ok;
}

errc read_document(const std::string& kind, nv2::bytes text, nv2::workspace& memory) {
  nv2::content_descriptor descriptor;
  if (kind == "descriptor") return as_read(nv2::parse_descriptor(text, memory, descriptor));
  if (kind == "manifest") return read_manifest(text, memory);
  if (kind == "index") return read_index(text, memory);
  if (kind == "layout") return nv2::check_layout_file(text, memory);
  throw std::runtime_error("unknown kind " + kind);
}

}  // namespace

std::vector<scorecard> run_oci_documents(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string&) {
    const std::string expect = line.at("expect");
    card.run(line.at("id"), expect, expect, [&] {
      const octets text = from_base64(line.at("b64").get<std::string>());
      nv2::static_workspace<16384> memory;
      return judged(read_document(line.at("kind"), view(text), memory));
    });
  });
  return {card};
}

}  // namespace nv2_conformance
