// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What containerd asks: may this image be pulled?
#ifndef NV2_CONTAINERD_IMAGE_REQUEST_HPP
#define NV2_CONTAINERD_IMAGE_REQUEST_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>

namespace containerd {

/// The media type of what containerd writes to standard input.
constexpr const char* descriptor_media_type = "application/vnd.oci.descriptor.v1+json";

/// The arguments, as they were given.
struct image_request {
  std::string name, digest, stdin_media_type;
  /// The configuration, "" = where it lies usually. containerd does not say this, wrappers may.
  std::string config;
};

/// Reads "-name NAME -digest DIGEST -stdin-media-type TYPE [--nv2-config FILE]", with one dash or two, and
/// NAME=VALUE as one word too. Unknown options are left to versions to come, with a value if one stands
/// behind them. Fails with exit code 2.
image_request read_arguments(const std::vector<std::string>& words);

/// The image in containerd's name: what is before tag and digest, and the host in it.
struct image_name {
  std::string host, repository;
};

/// Takes the name apart. Its digest, if it has one, must be the one that was asked about: a tag says
/// nothing. Fails with exit code 1. // spec: D-024 D-025
image_name parse_name(const image_request& asked);

/// What containerd knows of the image.
struct image_descriptor {
  std::string media_type, digest;
  std::uint64_t size = 0;
};

/// Reads the descriptor of the image that was `asked` about; members that nobody needs may be anything.
/// Fails with exit code 1. // spec: D-001
image_descriptor parse_descriptor(nv2::bytes text, const image_request& asked);

}  // namespace containerd

#endif  // NV2_CONTAINERD_IMAGE_REQUEST_HPP
