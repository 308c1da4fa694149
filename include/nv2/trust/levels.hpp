// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// How much of a verification a trust policy asks for.
// Does: name what is validated, and what a failure of it leads to.
// Does not: validate anything, or look at documents.
#ifndef NV2_TRUST_LEVELS_HPP
#define NV2_TRUST_LEVELS_HPP

#include <cstdint>

#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>

NV2_NAMESPACE_BEGIN

/// What is validated of a signature.
enum class validation : std::uint8_t {
  integrity,
  authenticity,
  authentic_timestamp,
  expiry,
  revocation
};

/// What a failed validation leads to: the end of the signature, a note, or nothing, because it does
/// not run.
enum class action : std::uint8_t { enforce, log, skip };

/// The level of a policy statement, which sets the actions that nothing overrides.
enum class verification_level : std::uint8_t { strict, permissive, audit, skip };

namespace detail {

// The words of policy documents, each in the place of its enumerator and ended by a zero byte.
inline constexpr char validation_words[] =
    "integrity\0authenticity\0authenticTimestamp\0expiry\0revocation\0";
inline constexpr char action_words[] = "enforce\0log\0skip\0";
inline constexpr char level_words[] = "strict\0permissive\0audit\0skip\0";

constexpr const char* word_at(const char* words, unsigned place) noexcept {
  for (; place != 0; --place) {
    while (*words++ != 0) {
    }
  }
  return words;
}

/// One action in two bits for each validation, integrity lowest.
constexpr std::uint16_t pack_actions(action integrity, action authenticity,
                                     action authentic_timestamp, action expiry,
                                     action revocation) noexcept {
  return static_cast<std::uint16_t>(
      static_cast<unsigned>(integrity) | static_cast<unsigned>(authenticity) << 2U |
      static_cast<unsigned>(authentic_timestamp) << 4U | static_cast<unsigned>(expiry) << 6U |
      static_cast<unsigned>(revocation) << 8U);
}

/// The actions of each level. // spec: W-004 P-006
constexpr std::uint16_t actions_of(verification_level level) noexcept {
  constexpr action enforce = action::enforce, log = action::log, skip = action::skip;
  constexpr std::uint16_t rows[] = {
      //           integrity  authenticity  timestamp  expiry   revocation
      pack_actions(enforce, enforce, enforce, enforce, enforce),  // strict
      pack_actions(enforce, enforce, log, log, log),              // permissive
      pack_actions(enforce, log, log, log, log),                  // audit
      pack_actions(skip, skip, skip, skip, skip),                 // skip
  };
  return rows[static_cast<unsigned>(level)];
}

/// From timestamp_absent up to here there are only codes about timestamps and revocation.
constexpr errc first_hard_trust_code = static_cast<errc>(0x06E0);
/// The others that say that a signer is not trusted, or that a time or a revocation is not as it should
/// be.
inline constexpr errc soft_codes[] = {errc::notary_no_anchor,
                                      errc::notary_not_anchored,
                                      errc::identity_mismatch,
                                      errc::subject_type,
                                      errc::subject_type_twice,
                                      errc::subject_incomplete,
                                      errc::subject_number_sign,
                                      errc::signature_expired,
                                      errc::signature_not_yet_valid,
                                      errc::certificate_expired,
                                      errc::certificate_not_yet_valid,
                                      errc::time_unknown,
                                      errc::notary_time_ahead,
                                      errc::notary_timestamp,
                                      errc::timestamp_leaf,
                                      errc::timestamp_purpose,
                                      errc::timestamp_ca,
                                      errc::revocation_unknown};

}  // namespace detail

/// The words that policy documents use.
constexpr const char* name(validation v) noexcept {
  return detail::word_at(detail::validation_words, static_cast<unsigned>(v));
}
constexpr const char* name(action a) noexcept {
  return detail::word_at(detail::action_words, static_cast<unsigned>(a));
}
constexpr const char* name(verification_level level) noexcept {
  return detail::word_at(detail::level_words, static_cast<unsigned>(level));
}

/// Which validation a failure of class `group` belongs to. Integrity stands for all that no policy
/// can soften: form, signature, chain profile, binding, metadata, the policy itself, and resources.
/// // spec: W-006
constexpr validation validation_of(error_class group) noexcept {
  switch (group) {
    case error_class::keynotfound:
    case error_class::trust:
    case error_class::identity: return validation::authenticity;
    case error_class::certtime:
    case error_class::timestamp: return validation::authentic_timestamp;
    case error_class::expired:
    case error_class::notyet: return validation::expiry;
    case error_class::revoked:
    case error_class::revunknown: return validation::revocation;
    default: return validation::integrity;
  }
}

/// Whether a policy may leave `code` at a note: it says that a signer is not trusted, or that a time
/// or a revocation is not as it should be. All else is enforced whatever the level. // spec: W-006
//
// A list, because finding the class of a code would cost a device a kilobyte; those about timestamps
// and revocation stand together.
constexpr bool is_soft(errc code) noexcept {
  if (code >= errc::timestamp_absent && code < detail::first_hard_trust_code) return true;
  for (const errc soft : detail::soft_codes) {
    if (code == soft) return true;
  }
  return false;
}

/// Whether an override may turn the action of `v` into `a`: never for integrity, and only that of
/// revocation into skip.
[[nodiscard]] constexpr errc check_override(validation v, action a) noexcept {
  const bool allowed =
      v != validation::integrity && (a != action::skip || v == validation::revocation);
  return allowed ? errc::ok : errc::policy_override;  // spec: P-007
}

/// Actions that replace those of a level; a fresh one replaces none.
class action_overrides {
 public:
  /// Sets the action of `v`; on an error nothing changes. Errors: policy_override.
  [[nodiscard]] constexpr errc set(validation v, action a) noexcept {
    NV2_TRY(check_override(v, a));
    const unsigned shift = 2 * static_cast<unsigned>(v);
    replaced_ = static_cast<std::uint16_t>(replaced_ | 3U << shift);
    actions_ =
        static_cast<std::uint16_t>((actions_ & ~(3U << shift)) | static_cast<unsigned>(a) << shift);
    return errc::ok;
  }
  constexpr bool empty() const noexcept { return replaced_ == 0; }

 private:
  friend class validation_actions;
  std::uint16_t replaced_ = 0, actions_ = 0;
};

/// What each failed validation leads to: the row of a level, with overrides. A small value, to be
/// copied; a fresh one enforces everything.
class validation_actions {
 public:
  constexpr validation_actions() noexcept = default;
  constexpr explicit validation_actions(verification_level level) noexcept
      : bits_(detail::actions_of(level)), level_(level) {}

  /// The level before any override.
  constexpr verification_level level() const noexcept { return level_; }
  constexpr action of(validation v) const noexcept {
    return static_cast<action>(bits_ >> 2 * static_cast<unsigned>(v) & 3U);
  }

  /// Replaces some actions; on an error nothing changes. // spec: W-004
  /// Errors: policy_override_of_skip.
  [[nodiscard]] constexpr errc apply(action_overrides overrides) noexcept {
    if (overrides.empty()) return errc::ok;
    if (level_ == verification_level::skip) return errc::policy_override_of_skip;  // spec: P-008
    bits_ = static_cast<std::uint16_t>((bits_ & ~overrides.replaced_) | overrides.actions_);
    return errc::ok;
  }

  /// Whether nothing at all is verified, so that the answer is neither yes nor no. // spec: W-003
  constexpr bool skips_everything() const noexcept { return level_ == verification_level::skip; }
  /// Whether every failure ends the signature. Only then does an accepted signature stand for trust
  /// without a look at what was noted. // spec: W-081
  constexpr bool enforces_everything() const noexcept { return bits_ == 0; }

  /// What the failure `code` of the validation `step` leads to. // spec: W-005 G-001
  constexpr action on_failure(validation step, errc code) const noexcept {
    return step != validation::integrity && is_soft(code) ? of(step) : action::enforce;
  }

 private:
  std::uint16_t bits_ = detail::actions_of(verification_level::strict);
  verification_level level_ = verification_level::strict;
};

NV2_NAMESPACE_END

#endif  // NV2_TRUST_LEVELS_HPP
