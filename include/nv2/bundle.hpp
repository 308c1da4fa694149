// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From a bundle to a verdict, with the caller's trust.
// Does: try the signatures of a bundle in order, with its revocation data besides the caller's.
// Does not: trust anything for being in a bundle. Nobody vouches for the file as a whole, its counter and
// its policy included.
// The caller must: keep the file alive as long as the answer is looked at, and choose the trust elsewhere.
#ifndef NV2_BUNDLE_HPP
#define NV2_BUNDLE_HPP

#include <cstddef>
#include <cstdint>
#include <new>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/hardened.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/binding.hpp>
#include <nv2/bundle_format.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/oci/attempts.hpp>
#include <nv2/oci/descriptor.hpp>
#include <nv2/trust/policy.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/verification.hpp>
#include <nv2/verifier.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// Whether `carried` may be used for `subject`: not below the caller's floor, and not for another
/// artifact. The descriptor in the bundle can only refuse. Costs one pass over the artifact when there
/// is one, with a hash state of `memory`, given back.
/// Errors: bundle_rolled_back, bundle_artifact; artifact_unreadable, workspace_exhausted, crypto_failure.
[[nodiscard]] inline errc check_bundle(const bundle& carried, std::uint64_t floor,
                                       const artifact& subject, const crypto_backend& crypto,
                                       workspace& memory) noexcept {
  if (carried.counter < floor) return errc::bundle_rolled_back;
  if (!carried.has_artifact) return errc::ok;
  signed_claims said;
  said.media_type = bytes::of(carried.artifact.media_type);
  said.digest = bytes::of(carried.artifact.digest);
  said.size = carried.artifact.size;
  const bool any_type = subject.is_blob() && subject.media_type().empty();
  if (!any_type && !equal(said.media_type, subject.media_type())) return errc::bundle_artifact;
  artifact_facts facts;
  const std::size_t mark = memory.mark();
  errc code = hash_artifact(subject, said, said.size, crypto, memory, facts);
  memory.rewind(mark);
  if (code == errc::ok) code = check_descriptor(said, facts);
  const bool is_other = code == errc::artifact_size || code == errc::artifact_digest;
  return is_other ? errc::bundle_artifact : code;  // spec: D-005
}

/// The revocation data of the caller, and after it that of the bundle, in lists that take
/// sizeof(bytes) of `memory` for each item. How old data may be, `own` says.
/// Errors: workspace_exhausted.
[[nodiscard]] inline errc collect_revocation(const bundle& carried, const revocation_data& own,
                                             workspace& memory, revocation_data& out) noexcept {
  const auto join = [&memory](view<bytes> mine, const bundle_items& more,
                              view<bytes>& all) noexcept {
    bytes* const items = memory.take_array<bytes>(mine.size() + more.count);
    if (items == nullptr) return errc::workspace_exhausted;
    std::size_t count = 0;
    for (const bytes each : mine) items[count++] = each;
    bundle_cursor cursor{more};
    for (bytes file; cursor.next(file);) items[count++] = file;
    all = {items, count};
    return errc::ok;
  };
  out = own;
  NV2_TRY(join(own.lists, carried.lists, out.lists));
  return join(own.responses, carried.responses, out.responses);
}

/// What a caller wants of a bundle.
struct bundle_rules {
  /// The lowest counter that will do. Nobody signed the counter: it keeps an old bundle from being
  /// handed out again, but not from being made anew. with_version_floor() of a policy is about a signed
  /// version.
  std::uint64_t floor = 0;
  /// Data of the caller, which comes before that of the bundle, and how old data may be.
  revocation_data own = {};
  /// Who decides with all the data: revocation_by_data or revocation_by_lists. Null: the decision of the
  /// policy stays, and the data of the bundle is not looked at.
  revocation (*decide)(const revocation_data&) noexcept = nullptr;
  /// Signatures that are tried at most. // spec: W-041
  std::size_t max_signatures = limits::attempts;
};

namespace detail {

/// What is known of a bundle when its signatures are tried. Lies in the workspace.
struct open_bundle {
  bundle carried;
  revocation_data data;
  /// The caller's, with the decision about revocation that counts.
  policy trust;

  explicit open_bundle(const policy& callers) noexcept : trust(callers) {}

  /// Kept apart so that its stack is not needed for signatures.
  [[nodiscard]] [[gnu::noinline]] errc open(bytes text, const artifact& subject,
                                            const crypto_backend& crypto, workspace& memory,
                                            const bundle_rules& rules) noexcept {
    const errc parsed = parse_bundle(text, carried);
    if (parsed != errc::ok) carried = {};
    NV2_TRY(parsed);
    NV2_TRY(check_bundle(carried, rules.floor, subject, crypto, memory));
    if (rules.decide == nullptr) return errc::ok;
    NV2_TRY(collect_revocation(carried, rules.own, memory, data));
    trust = trust.with_revocation(rules.decide(data));
    return errc::ok;
  }
};

}  // namespace detail

/// What came of a bundle. A fresh one says no.
class bundle_verification {
 public:
  /// Whether a signature in the bundle is trusted: see verification::ok().
  NV2_DECISION bool ok() const noexcept { return is_agreed() && answer_.ok(); }
  NV2_DECISION explicit operator bool() const noexcept { return ok(); }
  /// Whether the policy lets the artifact pass, with or without failures at a note.
  NV2_DECISION bool accepted() const noexcept { return is_agreed() && answer_.accepted(); }
  /// Why not; ok when accepted(). That of the last signature when all were tried and none is good.
  errc code() const noexcept { return code_; }
  /// About the signature that was accepted, else about the last one that was tried. `unset` when none
  /// was.
  const verification& answer() const noexcept { return answer_; }
  /// Which of the signatures in the bundle that is, counted from 0.
  std::size_t signature() const noexcept { return signature_; }
  /// That of the bundle, to become a floor when ok(); 0 when it could not be read.
  std::uint64_t counter() const noexcept { return counter_; }

 private:
  friend bundle_verification verify_bundle(const bytes&, const artifact&, const crypto_backend&,
                                           const format_list&, const policy&, const time_basis&,
                                           workspace&, const bundle_rules&) noexcept;
  std::uint32_t grade() const noexcept {
    return static_cast<std::uint32_t>(detail::read_again(code_)) << 16 | 0x69C3U;
  }
  NV2_DECISION bool is_agreed() const noexcept {
    return detail::read_again(code_) == errc::ok &&
           agreed_.is(static_cast<std::uint32_t>(errc::ok) << 16 | 0x69C3U);
  }
  /// One judgement from the beginning to the end, by a fresh object.
  void judge(const bytes& text, const artifact& subject, const crypto_backend& crypto,
             const format_list& formats, const policy& trust, const time_basis& time,
             workspace& memory, const bundle_rules& rules) noexcept {
    void* const place = memory.take(sizeof(detail::open_bundle), alignof(detail::open_bundle));
    code_ = errc::workspace_exhausted;
    if (place == nullptr) return;
    detail::open_bundle& opened = *::new (place) detail::open_bundle(trust);
    code_ = opened.open(text, subject, crypto, memory, rules);
    counter_ = opened.carried.counter;
    if (code_ != errc::ok) return;
    const verifier one{crypto, formats, opened.trust};
    code_ = try_all(opened.carried, subject, one, time, memory, rules.max_signatures);
  }
  /// Tries the signatures in order until one is good. // spec: W-040
  [[nodiscard]] errc try_all(const bundle& carried, const artifact& subject, const verifier& judge,
                             time_basis time, workspace& memory, std::size_t limit) noexcept {
    const std::size_t mark = memory.mark();
    signature_attempts attempts{limit};
    bundle_cursor cursor{carried.signatures};
    std::size_t number = 0;
    for (bundled_signature each; cursor.next(each) && attempts.may_try();) {
      signature_ = number++;
      memory.rewind(mark);
      ::new (static_cast<void*>(&answer_)) verification(  // no second one on the stack
          judge.verify(each.envelope, subject, time, memory, each.media_type));
      attempts.add(answer_.status().code);
      if (answer_.verdict() == verdict::skipped) break;
    }
    return attempts.result();
  }

  verification answer_;
  std::uint64_t counter_ = 0;
  std::size_t signature_ = 0;
  errc code_ = errc::unset;
  detail::agreement<is_hardened> agreed_;
};

/// Decides whether a signature in the bundle `text` is valid, by a signer the policy trusts, over exactly
/// `subject`: reads the bundle, holds its counter against the floor, its descriptor against the
/// artifact, and tries its signatures in order until one is good.
///
/// Needs at most bundle_workspace_bound() of `memory`, where the answer lies. The artifact is read once
/// for the descriptor and once for each signature of a trusted signer: one in pieces that can be read
/// once only does for a bundle of one signature without a descriptor.
/// In the hardened profile this is done twice, and each time with two judgements of a signature.
[[nodiscard]] NV2_DECISION inline bundle_verification verify_bundle(
    const bytes& text, const artifact& subject, const crypto_backend& crypto,
    const format_list& formats, const policy& trust, const time_basis& time, workspace& memory,
    const bundle_rules& rules) noexcept {
  bundle_verification out;
  [[maybe_unused]] const std::size_t mark = memory.mark();
  out.judge(text, subject, crypto, formats, trust, time, memory, rules);
  if constexpr (is_hardened) {
    if (out.code_ != errc::ok) return out;
    const std::uint32_t first = out.grade();
    memory.rewind(mark);
    out = bundle_verification{};
    out.judge(text, subject, crypto, formats, trust, time, memory, rules);
    out.agreed_.seal(first, out.grade());
  }
  return out;
}

/// Bytes of workspace that verify_bundle() never needs more than for this bundle, with so many lists
/// and responses of the caller. A policy with timestamps needs timestamp_memory in addition.
constexpr std::size_t bundle_workspace_bound(format_list formats, const bundle& carried,
                                             std::size_t own_items = 0) noexcept {
  const std::size_t items = own_items + carried.lists.count + carried.responses.count;
  // Of responders, and hash states.
  constexpr std::size_t decision = 3 * sizeof(certificate) + 1024;
  constexpr std::size_t opened = sizeof(detail::open_bundle) + alignof(std::max_align_t);
  return workspace_bound(formats, carried.signatures.text.size()) +
         items * (sizeof(bytes) + sizeof(detail::judged_list)) + decision + opened;
}

NV2_NAMESPACE_END

#endif  // NV2_BUNDLE_HPP
