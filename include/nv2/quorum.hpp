// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One artifact, several signatures: so many different trusted signers must have signed it.
//
//     const nv2::quorum_rules rules = nv2::quorum_rules_of(policy, 2);
//     nv2::static_quorum<4> signers{rules};
//     for (each signature of the artifact, in the order in which they are listed) {
//       if (!signers.may_try()) break;
//       if (it could not be had) { signers.add_unavailable(); continue; }
//       signers.add(verifier.verify(…), crypto, workspace);
//     }
//     return signers.ok();
//
// Does: count signers that are trusted and different, over one and the same artifact.
// Does not: find signatures or verify them, or count what a policy only lets pass.
// The caller must: give every verification the same artifact and the same policy, and keep rules and
// room alive as long as the count.
#ifndef NV2_QUORUM_HPP
#define NV2_QUORUM_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/hardened.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/oci/attempts.hpp>
#include <nv2/trust/identity.hpp>
#include <nv2/trust/policy.hpp>
#include <nv2/trust/policy_statement.hpp>
#include <nv2/verification.hpp>
#include <nv2/x509/certificate.hpp>

NV2_NAMESPACE_BEGIN

/// Who must have signed. Borrows its lists.
struct quorum_rules {
  /// Different trusted signers, from 1 to the room of the count.
  std::size_t threshold = 1;
  /// The trusted identities of the policy, see quorum_rules_of(): signers that match the same
  /// one are the same. None, or "*" alone: key and subject alone tell signers apart.
  view<bytes> identities = {};
  /// Identities of which each must be that of another one of the signers counted.
  view<bytes> required = {};
  /// Digests of the artifact, by different algorithms, that the caller made itself. None: all signatures
  /// must name the artifact by the same digest.
  view<std::string_view> names = {};
};

/// The rules for `threshold` signers under `trust`, with the identities that it trusts. Lends its lists.
constexpr quorum_rules quorum_rules_of(const policy& trust, std::size_t threshold,
                                       view<bytes> required = {}) noexcept {
  return {threshold, trust.identities(), required, {}};
}
/// The rules of a statement that asks_for_quorum(). Lends its lists.
inline quorum_rules quorum_rules_of(const policy_statement& statement) noexcept {
  const std::size_t threshold = statement.threshold;
  return {threshold == 0 ? 1 : threshold, statement.identities, statement.required, {}};
}

/// A signer that counts. Its certificate is not needed any more.
struct counted_signer {
  static constexpr std::uint16_t none = 0xFFFF;

  /// SHA-256 of the public key (SubjectPublicKeyInfo) and of the subject (Name), both in DER.
  std::uint8_t key[32] = {}, subject[32] = {};
  /// The items of the lists that the signer matches first.
  std::uint16_t identity = none, required = none;
  /// Which of the signatures that were tried it was, counted from 0.
  std::uint32_t signature = 0;
};

/// Counts different trusted signers. A fresh one says no, and so does one that was given more than one
/// artifact, for ever.
///
/// Two signers are different only if their keys differ, and their subjects, and the trusted identities
/// that they match first. Signers count in the order in which they come: who shares one of the three
/// with a signer that was counted does not count. Only one who is required takes the place of the one
/// who is not; each satisfies one required identity, the first that matches.
class quorum {
 public:
  /// Borrows `room`, which `size` signers fit in. At most `limit` signatures are tried.
  /// // spec: W-040 W-041
  quorum(const quorum_rules& rules, counted_signer* room, std::size_t size,
         std::size_t limit = limits::attempts) noexcept
      : rules_(rules), signers_(room), room_(size), left_(limit) {
    if (rules.threshold == 0) fault_ = errc::threshold_zero;
    if (rules.threshold > size) fault_ = errc::threshold_too_large;      // spec: G-003
    if (rules.required.size() > size) fault_ = errc::required_too_many;  // spec: G-003
  }
  quorum(const quorum_rules&&, counted_signer*, std::size_t, std::size_t = 0) = delete;
  quorum(const quorum&) = delete;
  quorum& operator=(const quorum&) = delete;

  /// Whether the next signature may be tried: who is asked for has not signed yet, and the limit allows
  /// one more. Ask it once for each; a no at the limit is part of the result.
  [[nodiscard]] bool may_try() noexcept {
    const errc now = result();
    if (now == errc::ok || now == fault_) return false;
    if (left_ == 0) {
      fault_ = errc::signatures_left;  // spec: W-041
      return false;
    }
    --left_;
    return true;
  }

  /// Counts the signer of `answer` if it is ok(), and different from those counted. What a lenient
  /// policy lets pass does not count, so that no level softens a threshold. // spec: W-040 W-081
  /// Costs three SHA-256; `memory` must have room for one hash state, which it has after verify(), and
  /// what lies in it stays.
  /// ok: counted. Errors: status().code of an answer that says no; signature_not_counted,
  /// signer_counted, signer_not_needed, quorum_artifact, identity_mismatch, workspace_exhausted, crypto_failure.
  errc add(const verification& answer, const crypto_backend& crypto, workspace& memory) noexcept {
    const std::uint32_t number = tried_++;
    const verified* const value = answer.value();
    if (value == nullptr) return reason(answer);  // spec: W-081
    counted_signer found;
    NV2_TRY(describe(*value, crypto, memory, found));
    if constexpr (is_hardened) {
      counted_signer again;
      NV2_TRY(describe(*value, crypto, memory, again));
      if (!is_equal(found, again)) return errc::crypto_failure;
      if (!answer.ok()) return reason(answer);
    }
    found.signature = number;
    return count(found);
  }
  /// The signature, or the manifest that leads to it, cannot be had: it counts for nobody.
  /// // spec: W-042
  void add_unavailable() noexcept { ++tried_; }

  /// ok when all signed who are asked for. Otherwise, the first of: threshold_zero,
  /// threshold_too_large, required_too_many: nobody can satisfy this; quorum_artifact; signatures_left;
  /// no_signature; threshold_not_reached; required_signer_missing.
  [[nodiscard]] errc result() const noexcept {
    if (fault_ != errc::ok) return fault_;
    if (tried_ == 0) return errc::no_signature;                         // spec: W-043
    if (count_ < rules_.threshold) return errc::threshold_not_reached;  // spec: W-040
    for (std::size_t i = 0; i < rules_.required.size(); ++i) {
      if (!is_there(i)) return errc::required_signer_missing;  // spec: W-040
    }
    return errc::ok;
  }
  NV2_DECISION bool ok() const noexcept {
    return result() == errc::ok && (!is_hardened || is_sound());
  }
  /// Those who count so far. Says nothing of result().
  view<counted_signer> signers() const noexcept { return {signers_, count_}; }

 private:
  [[nodiscard]] static errc hash(bytes text, const crypto_backend& crypto, workspace& memory,
                                 std::uint8_t (&out)[32]) noexcept {
    hasher state{crypto, memory, hash_algorithm::sha256};
    state.update(text);
    digest_value digest;
    NV2_TRY(state.finish(digest));
    std::memcpy(out, digest.data, sizeof out);
    return errc::ok;
  }
  /// The first item that is `signer`; an empty list has none.
  [[nodiscard]] static errc find_identity(view<bytes> items, const certificate& signer,
                                          std::uint16_t& place) noexcept {
    std::size_t found = 0;
    NV2_TRY(nv2::find_identity(items, signer, found));
    place = static_cast<std::uint16_t>(found);
    return errc::ok;
  }

  /// Why a signature that is not ok() does not count.
  static errc reason(const verification& answer) noexcept {
    return answer.accepted() ? errc::signature_not_counted : answer.status().code;
  }

  /// Who signed, if it is about the same artifact as the others and by somebody who may count.
  [[nodiscard]] errc describe(const verified& value, const crypto_backend& crypto,
                              workspace& memory, counted_signer& out) noexcept {
    NV2_TRY(check_artifact(value, crypto, memory));
    NV2_TRY(hash(value.signer().spki, crypto, memory, out.key));
    NV2_TRY(hash(value.signer().subject, crypto, memory, out.subject));
    const view<bytes> identities = rules_.identities;
    const bool any = identities.empty() || (identities.size() == 1 && is_wildcard(identities[0]));
    if (!any) {
      NV2_TRY(find_identity(identities, value.signer(), out.identity));  // spec: I-028
    }
    // Not to be one of them is no error.
    if (find_identity(rules_.required, value.signer(), out.required) != errc::ok ||
        is_there(out.required)) {
      out.required = counted_signer::none;
    }
    return errc::ok;
  }
  static bool is_equal(const counted_signer& a, const counted_signer& b) noexcept {
    return std::memcmp(a.key, b.key, sizeof a.key) == 0 &&
           std::memcmp(a.subject, b.subject, sizeof a.subject) == 0 && a.identity == b.identity &&
           a.required == b.required;
  }

  /// All signatures must be about one artifact. // spec: W-080
  [[nodiscard]] errc check_artifact(const verified& value, const crypto_backend& crypto,
                                    workspace& memory) noexcept {
    bool same = false;
    for (const std::string_view name : rules_.names) same |= name == value.digest();
    if (rules_.names.empty()) {
      std::uint8_t name[sizeof artifact_];
      NV2_TRY(hash(bytes::of(value.digest()), crypto, memory, name));
      if (!has_artifact_) std::memcpy(artifact_, name, sizeof name);
      has_artifact_ = true;
      same = std::memcmp(artifact_, name, sizeof name) == 0;
    }
    if (!same) fault_ = errc::quorum_artifact;  // spec: W-080
    return same ? errc::ok : errc::quorum_artifact;
  }

  static bool is_same(const counted_signer& a, const counted_signer& b) noexcept {
    return std::memcmp(a.key, b.key, sizeof a.key) == 0 ||
           std::memcmp(a.subject, b.subject, sizeof a.subject) == 0 ||
           (a.identity == b.identity && a.identity != counted_signer::none);
  }
  /// The same as result(), found in another way: those who count are different, and enough.
  NV2_DECISION bool is_sound() const noexcept {
    std::size_t different = 0;
    for (std::size_t i = 0; i < detail::read_again(count_); ++i) {
      std::size_t same =
          std::memcmp(signers_[i].key, counted_signer{}.key, sizeof signers_[i].key) == 0;
      for (std::size_t j = 0; j < i; ++j) same += is_same(signers_[i], signers_[j]) ? 1U : 0U;
      different += same == 0 ? 1U : 0U;
    }
    std::size_t missing = 0;
    for (std::size_t i = 0; i < rules_.required.size(); ++i) missing += is_there(i) ? 0U : 1U;
    return different >= detail::read_again(rules_.threshold) && rules_.threshold > 0 &&
           missing == 0 && detail::read_again(fault_) == errc::ok;
  }
  bool is_there(std::size_t required) const noexcept {
    for (const counted_signer& each : signers()) {
      if (each.required == required) return true;
    }
    return false;
  }
  /// Takes `found` among the signers, behind them or in the place of one of them.
  [[nodiscard]] errc count(const counted_signer& found) noexcept {
    const bool is_required = found.required != counted_signer::none;
    std::size_t place = count_, same = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const bool replaceable = is_required && signers_[i].required == counted_signer::none;
      const bool is_full = count_ == room_ && same == 0;
      if (is_same(signers_[i], found)) {
        ++same;
        place = replaceable ? i : room_;
      } else if (is_full && replaceable) {
        place = i;
      }
    }
    if (same > 0 && (same > 1 || place == room_)) return errc::signer_counted;
    if (place == room_) return errc::signer_not_needed;
    if (place == count_) ++count_;
    signers_[place] = found;
    return errc::ok;
  }

  const quorum_rules& rules_;
  counted_signer* signers_;
  std::size_t room_, left_;
  std::size_t count_ = 0;
  errc fault_ = errc::ok;
  std::uint32_t tried_ = 0;
  bool has_artifact_ = false;
  /// SHA-256 of the digest that the first signature names the artifact by.
  std::uint8_t artifact_[32] = {};
};

/// A count that brings room for N signers.
template <std::size_t N>
class static_quorum : public quorum {
 public:
  /// Borrows `rules`.
  explicit static_quorum(const quorum_rules& rules, std::size_t limit = limits::attempts) noexcept
      : quorum(rules, storage_, N, limit) {}
  explicit static_quorum(const quorum_rules&&, std::size_t = 0) = delete;

 private:
  counted_signer storage_[N];
};

NV2_NAMESPACE_END

#endif  // NV2_QUORUM_HPP
