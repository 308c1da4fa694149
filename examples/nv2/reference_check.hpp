// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Which of several references is the one that is refused.
#ifndef NV2_CLIENT_REFERENCE_CHECK_HPP
#define NV2_CLIENT_REFERENCE_CHECK_HPP

#include <optional>
#include <string>
#include <vector>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/errc.hpp>

namespace client {

struct refused_reference {
  std::string text;
  nv2::errc code;
};

/// The first of `references` that breaks the grammar, names no registry, or is not covered by the
/// certificate `signer`, whose names count unless it is empty. // spec: N-100 N-116 N-125
std::optional<refused_reference> find_refused(const std::vector<std::string>& references,
                                              nv2::bytes signer, nv2::compat flags);

}  // namespace client

#endif  // NV2_CLIENT_REFERENCE_CHECK_HPP
