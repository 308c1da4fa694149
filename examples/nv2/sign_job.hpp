// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The part of nv2 sign that depends on the form: from a target to an envelope.
#ifndef NV2_CLIENT_SIGN_JOB_HPP
#define NV2_CLIENT_SIGN_JOB_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "file_io.hpp"
#include "notary_writer.hpp"
#include "options.hpp"
#include "private_key.hpp"
#include "sign_target.hpp"

namespace client {

/// A target, and what it is signed with. All of it is borrowed.
struct sign_job {
  const sign_options& options;
  const private_key& key;
  /// Certificate of the key first; may be empty in the prototype's forms.
  const std::vector<byte_buffer>& chain;
  const sign_target& target;
  /// Nanoseconds since 1970.
  std::int64_t now;
};

/// A signature that a verifier would take.
struct made_signature {
  std::string envelope;
  /// What was signed.
  target_descriptor target;
};

/// In one of the prototype's forms.
made_signature make_prototype_signature(const sign_job& job);

/// In one of the Notary Project's forms.
made_signature make_notary_signature(const sign_job& job);

/// Refuses what stands in no prototype form before anything is read: references that the
/// certificates do not cover. // spec: N-125
void check_references(const sign_options& options, const std::vector<byte_buffer>& chain);

/// Refuses keys that the Notary Project has no algorithm for. // spec: J-040 J-041
void check_notary_key(const private_key& key);

/// Seconds of a time or duration in nanoseconds, rounded down.
std::int64_t whole_seconds(std::int64_t nanoseconds);

}  // namespace client

#endif  // NV2_CLIENT_SIGN_JOB_HPP
