// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What revocation lists say of one certificate.
// Does: find the lists that count, complete and delta, verify them, and read the certificate's entries.
// Does not: fetch a list, look at responses, or go through a chain.
// The caller must: keep the lists alive while it asks.
#ifndef NV2_TRUST_REVOCATION_LISTS_HPP
#define NV2_TRUST_REVOCATION_LISTS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <nv2/base/bytes.hpp>
#include <nv2/base/compat.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/crl.hpp>
#include <nv2/x509/link.hpp>
#include <nv2/x509/revocation.hpp>

NV2_NAMESPACE_BEGIN

/// How many lists may be offered for one question, and how large each may be. // spec: G-003
namespace limits {
constexpr std::size_t revocation_lists = 64;
constexpr std::size_t revocation_list_size = 32U << 20;
}  // namespace limits

namespace detail {

/// What one or several lists say of a certificate that they do not revoke for good.
struct list_word {
  /// Whether the latest entry put it on hold, and the date of that entry.
  bool held = false;
  freshness fresh = freshness::none;
  unix_time changed = std::numeric_limits<unix_time>::min();
  /// The latest thisUpdate.
  unix_time as_of = 0;

  /// Takes note of an entry. Of two of the same date the one counts that says hold. // spec: R-023
  void change(unix_time date, bool is_held) noexcept {
    if (date < changed || (date == changed && !is_held)) return;
    changed = date;
    held = is_held;
  }
  /// Takes note of what a later list says.
  void add(const list_word& later) noexcept {
    change(later.changed, later.held);
    if (later.as_of > as_of) as_of = later.as_of;
    if (later.fresh > fresh) fresh = later.fresh;
  }
};

/// A list that counts, and what it says.
struct judged_list : certificate_list {
  list_word word;
  /// Why an entry of the certificate cannot be understood.
  errc doubt = errc::ok;
  const judged_list* next = nullptr;
};

/// One call of check_by_lists(). What it takes of the workspace the caller takes back.
class list_check {
 public:
  list_check(const revocation_data& data, revocation_question& question,
             revocation_answer& answer) noexcept
      : data_(data), question_(question), answer_(answer) {}

  errc run() noexcept;

 private:
  errc judge(bytes der, judged_list& list) noexcept;
  errc check_scope(const certificate_list& list) const noexcept;
  errc verify(const certificate_list& list) noexcept;
  errc read_entries(judged_list& list) noexcept;
  errc read_entry(const revoked_certificate& entry, judged_list& list) noexcept;
  errc complete(const judged_list& base) noexcept;
  errc conclude() noexcept;
  bool covers_all_points() const noexcept;
  std::uint32_t find_points(const certificate_list& list) const noexcept;

  /// How close to an answer a list came that ended with `code`: the checks stand in the order in which
  /// the codes are numbered.
  static constexpr unsigned closeness(errc code) noexcept {
    if (code == errc::revocation_unknown) return 0;
    return static_cast<unsigned>(code == errc::revocation_time_unknown ? errc::crl_stale : code);
  }
  void note(errc code) noexcept {
    if (closeness(code) > closeness(why_)) why_ = code;
  }
  void answer(const list_word& word, std::int8_t reason) noexcept {
    answer_.source = revocation_source::list;
    answer_.fresh = word.fresh;
    answer_.reason = reason;
    answer_.has_as_of = true;
    answer_.as_of = word.as_of;
  }

  const revocation_data& data_;
  revocation_question& question_;
  revocation_answer& answer_;
  /// The lists that count, the last one first.
  const judged_list* lists_ = nullptr;
  /// Why the list that came closest does not count, and why the entry of a current one does not.
  errc why_ = errc::revocation_unknown, doubt_ = errc::ok;
  /// Complete lists that say good: how many there are for no certain place, and for which of the
  /// certificate's places there is one.
  std::uint32_t anywhere_ = 0, points_ = 0;
  /// The word of the latest of them.
  list_word good_;
  bool is_good_ = false;
};

inline errc list_check::run() noexcept {
  if (data_.lists.size() > limits::revocation_lists) return errc::crl_count;  // spec: G-003
  workspace& memory = question_.context.memory;
  for (const bytes& der : data_.lists) {
    const std::size_t mark = memory.mark();
    judged_list* const list = memory.take_array<judged_list>(1);
    if (list == nullptr) return errc::workspace_exhausted;
    const errc code = judge(der, *list);
    switch (code) {
      case errc::ok:
        list->next = lists_;
        lists_ = list;
        break;
      case errc::certificate_revoked:  // spec: R-005 it wins over everything
      case errc::workspace_exhausted:
      case errc::crypto_failure:
      case errc::signature_budget: return code;
      default: memory.rewind(mark); note(code);
    }
  }
  return conclude();
}

/// What is cheap comes first, the signature after it, the entries last. A list that has expired, or may
/// have, can no more say that a certificate is good, but that it was revoked for good.
inline errc list_check::judge(bytes der, judged_list& list) noexcept {
  if (der.size() > limits::revocation_list_size) return errc::crl_size;  // spec: G-003
  const errc form = parse_certificate_list(der, list);
  if (form != errc::ok) {
    const bool is_told = form == errc::crl_version || form == errc::crl_algorithms;
    return is_told ? form : errc::crl_malformed;  // spec: R-010
  }
  NV2_TRY(check_scope(list));
  const errc age = check_freshness(list.this_update, list.has_next_update, list.next_update,
                                   question_.context.rules.time, data_, errc::crl_stale,
                                   errc::crl_ahead, list.word.fresh);  // spec: R-014
  if (age == errc::crl_ahead) return age;
  NV2_TRY(verify(list));
  list.word.as_of = list.this_update;
  NV2_TRY(read_entries(list));  // spec: R-015
  NV2_TRY(age);
  if (list.doubt != errc::ok) doubt_ = list.doubt;
  return list.doubt;
}

/// Whether the list is by the certificate's issuer, and about certificates like it, for any reason.
inline errc list_check::check_scope(const certificate_list& list) const noexcept {
  const certificate& subject = question_.subject;
  const certificate& issuer = question_.issuer;
  if (!equal(list.issuer, issuer.subject)) return errc::crl_issuer;  // spec: R-012
  const bool may_sign = !issuer.has_key_usage || (issuer.key_usage & key_usage::crl_sign) != 0;
  if (!issuer.is_ca || !may_sign) return errc::crl_issuer_usage;  // spec: R-011
  // spec: R-013
  if (list.signed_with.scheme == signature_scheme::none) return errc::crl_algorithm;
  if (list.has_unknown_critical) return errc::crl_extension;                // spec: R-017
  if ((list.scope & list_scope::indirect) != 0) return errc::crl_indirect;  // spec: R-018
  const unsigned others = subject.is_ca ? list_scope::users : list_scope::authorities;
  const unsigned unfit = others | list_scope::some_reasons | list_scope::attributes;
  if ((list.scope & unfit) != 0) return errc::crl_scope;  // spec: R-016
  const bool is_elsewhere = list.point_name.data() != nullptr && find_points(list) == 0;
  return is_elsewhere ? errc::crl_point : errc::ok;  // spec: R-016
}

inline errc list_check::verify(const certificate_list& list) noexcept {
  signer_context& context = question_.context;
  std::uint16_t& budget = context.rules.max_signature_checks;
  if (budget == 0) return errc::signature_budget;  // spec: G-003
  --budget;
  const errc code = verify_signed(list.tbs, list.signed_with, list.signature, question_.issuer.key,
                                  context.crypto, context.memory);
  switch (code) {
    case errc::ok:
    case errc::workspace_exhausted:
    case errc::crypto_failure: return code;
    case errc::crypto_unsupported: return errc::crl_algorithm;  // spec: R-013
    default: return errc::crl_signature;                        // spec: R-011
  }
}

inline errc list_check::read_entries(judged_list& list) noexcept {
  revoked_reader reader{list};
  revoked_certificate entry;
  while (reader.next(entry)) {
    // spec: R-021
    if (equal(entry.serial, question_.subject.serial)) NV2_TRY(read_entry(entry, list));
  }
  return reader.error() == errc::ok ? errc::ok : errc::crl_malformed;  // spec: R-010
}

/// What an entry of the certificate says. // spec: R-022 R-023 R-024
inline errc list_check::read_entry(const revoked_certificate& entry, judged_list& list) noexcept {
  revoked_details details;
  const bool is_good = parse_revoked(entry, details) == errc::ok;
  if (!is_good || details.has_other_critical) {
    // spec: R-018 R-021
    list.doubt = is_good ? errc::crl_entry_critical : errc::crl_entry_malformed;
    return errc::ok;
  }
  const bool was_good_then = question_.has_signing_time && details.has_invalidity_date &&
                             question_.signing_time < details.invalidity_date;
  if (was_good_then) return errc::ok;  // spec: R-022
  if (details.reason != crl_reason::hold && details.reason != crl_reason::remove) {
    answer(list.word, details.reason);
    return errc::certificate_revoked;  // spec: R-024
  }
  list.word.change(details.date, details.reason == crl_reason::hold);
  return errc::ok;
}

/// Which of the certificate's places the list is for, the first one in the lowest bit; places beyond 32,
/// those for some reasons only, and those for lists of others are none. // spec: R-016 R-018
inline std::uint32_t list_check::find_points(const certificate_list& list) const noexcept {
  std::uint32_t found = 0;
  distribution_point_reader reader{question_.subject.crl_distribution_points};
  distribution_point point;
  for (std::uint32_t bit = 1; reader.next(point); bit <<= 1U) {
    if (!point.is_limited && names_same_point(point.name, list.point_name)) found |= bit;
  }
  return found;
}

/// Whether each place has a list of its own: one that names it, or one of those that name none.
inline bool list_check::covers_all_points() const noexcept {
  const bytes extension = question_.subject.crl_distribution_points;
  if (extension.data() == nullptr) return true;
  std::uint32_t left = anywhere_;
  distribution_point_reader reader{extension};
  distribution_point point;
  for (std::uint32_t bit = 1; reader.next(point); bit <<= 1U) {
    if ((points_ & bit) != 0) continue;
    if (left-- == 0) return false;
  }
  return reader.error() == errc::ok;
}

/// Whether `a` is the smaller one of two numbers as lists have them; one that is absent is.
inline bool is_less(bytes a, bytes b) noexcept {
  if (a.size() != b.size()) return a.size() < b.size();
  return !a.empty() && std::memcmp(a.data(), b.data(), a.size()) < 0;
}

/// Whether `delta` has all changes to `base` since that was made, or more. // spec: R-020
inline bool is_delta_of(const certificate_list& base, const certificate_list& delta) noexcept {
  return delta.is_delta() && !is_less(base.number, delta.base_number) &&
         is_less(base.number, delta.number) && equal(base.issuing_point, delta.issuing_point);
}

/// What a complete list says together with all its deltas.
inline errc list_check::complete(const judged_list& base) noexcept {
  list_word word = base.word;
  bool has_delta = false, has_other = false;
  for (const judged_list* list = lists_; list != nullptr; list = list->next) {
    if (is_delta_of(base, *list)) {
      has_delta = true;
      word.add(list->word);
    } else {
      has_other = has_other || list->is_delta();
    }
  }
  // spec: R-019 R-020
  if (!has_delta && (question_.subject.has_freshest_crl || base.has_freshest_crl)) {
    return has_other ? errc::crl_delta_mismatch : errc::crl_delta_missing;
  }
  if (word.held) {
    answer(word, crl_reason::hold);
    return errc::certificate_revoked;  // spec: R-023
  }
  if (!is_good_ || word.as_of > good_.as_of) good_ = word;
  is_good_ = true;
  if (base.point_name.data() == nullptr) {
    ++anywhere_;
  } else {
    points_ |= find_points(base);
  }
  return errc::ok;
}

inline errc list_check::conclude() noexcept {
  for (const judged_list* list = lists_; list != nullptr; list = list->next) {
    const errc code = list->is_delta() ? errc::crl_is_delta : complete(*list);  // spec: R-017
    if (code == errc::certificate_revoked) return code;
    if (code != errc::ok) note(code);
  }
  if (doubt_ != errc::ok) return doubt_;  // spec: R-021
  if (!is_good_) return why_;             // spec: R-004
  const bool wants_all = has(question_.context.leniency, compat::crl_all_points);
  if (wants_all && !covers_all_points()) return errc::crl_point_missing;  // spec: R-005
  answer(good_, crl_reason::none);
  return errc::ok;
}

}  // namespace detail

/// Decides from `data.lists` alone whether the certificate was revoked. // spec
///
/// ok: it names nobody to ask, or a list that counts - complete, current, by its issuer, about
/// certificates like it, and with a delta where one is published - does not list it, or not any more.
/// certificate_revoked: a list that counts lists it, or one that only has expired or lacks its delta
/// does for good. Where compat::crl_all_points is set each place that the certificate names must have
/// a list that counts. Signing times count as R-022 has it.
///
/// On those two `answer` is the word of the list that decided; if several say good, of the latest.
/// Every other error means that nothing is known: revocation_unknown when there is no list at all, else
/// why the list that came closest does not count.
///
/// Each list is parsed once. Those of the issuer are also hashed and read through once and cost one
/// signature check, which goes off the budget of `question.context`. Workspace: 100 to 200 bytes for
/// each list that counts, and a hash state, given back.
/// Errors: certificate_revoked, those of class revunknown, signature_budget, workspace_exhausted,
/// crypto_failure.
[[nodiscard]] inline errc check_by_lists(const revocation_data& data, revocation_question& question,
                                         revocation_answer& answer) noexcept {
  // spec: R-002
  if (check_irrevocable(question.subject) == errc::ok) return errc::ok;
  // Nobody can be asked at the places that are named, whatever they are. // spec: R-003 R-004
  workspace& memory = question.context.memory;
  const std::size_t mark = memory.mark();
  const errc code = detail::list_check{data, question, answer}.run();
  memory.rewind(mark);
  return code;
}

/// Revocation lists decide, see check_by_lists(); certificates that name only a service to ask must be
/// on a list too. `data` is borrowed.
constexpr revocation revocation_by_lists(const revocation_data& data) noexcept {
  constexpr revocation::function judge = [](const void* lists, revocation_question& question,
                                            revocation_answer& answer) noexcept {
    return check_by_lists(*static_cast<const revocation_data*>(lists), question, answer);
  };
  return revocation::by(judge, &data);
}
/// The data must outlive the decision.
revocation revocation_by_lists(revocation_data&&) = delete;

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REVOCATION_LISTS_HPP
