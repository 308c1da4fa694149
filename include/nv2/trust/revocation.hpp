// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the caller decides about revocation.
// Does: name the question about one certificate, its answer, and who decides.
// Does not: read lists or responses (revocation_lists.hpp, revocation_responses.hpp), or fetch any.
#ifndef NV2_TRUST_REVOCATION_HPP
#define NV2_TRUST_REVOCATION_HPP

#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/trust/report.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/revocation.hpp>

NV2_NAMESPACE_BEGIN

/// What a list or a response is worth after its nextUpdate: nothing, as much as before for some time,
/// or always as much as before.
enum class stale_rule : std::uint8_t { strict, grace, ignore };

/// Revocation data as the caller has it: DER, which may lie in flash or in a bundle. Borrowed.
struct revocation_data {
  /// CertificateList, complete ones and deltas, in any order, of any issuers.
  view<bytes> lists;
  /// OCSPResponse, in any order.
  view<bytes> responses;
  stale_rule stale = stale_rule::strict;
  /// With stale_rule::grace: how many seconds after nextUpdate data still counts.
  std::uint32_t grace_seconds = 0;
};

/// What is asked about one certificate.
struct revocation_question {
  const certificate& subject;
  /// Who issued it, as was verified.
  const certificate& issuer;
  /// Of it count crypto, memory, leniency, and of rules the time, which is the present, min_rsa_bits
  /// and max_signature_checks, which goes down by those spent.
  signer_context& context;
  /// When the signature was made, if an authority vouches for that; rounded down. // spec: R-007
  bool has_signing_time = false;
  unix_time signing_time = 0;
};

/// Whether data made at `this_update`, to be replaced at `next_update`, counts at the present. Without
/// nextUpdate it is stale. // spec: R-014 R-034
///
/// | time_basis      | before thisUpdate       | between             | after nextUpdate and grace |
/// |-----------------|-------------------------|---------------------|----------------------------|
/// | at(t)           | ahead                   | ok                  | stale                      |
/// | not_before(t)   | revocation_time_unknown | as before           | stale                      |
/// | unknown()       | revocation_time_unknown | as before           | as before                  |
///
/// With stale_rule::ignore everything is ok but what is ahead.
/// Errors: `stale`, `ahead`, revocation_time_unknown.
[[nodiscard]] constexpr errc check_freshness(unix_time this_update, bool has_next,
                                             unix_time next_update, time_basis now,
                                             const revocation_data& data, errc stale, errc ahead,
                                             freshness& out) noexcept {
  out = freshness::none;
  if (now.relative_to(this_update) == time_order::before) return ahead;
  const time_order end = has_next ? now.relative_to(next_update + 1) : time_order::not_before;
  if (end == time_order::before) {
    out = freshness::current;
    return errc::ok;
  }
  if (data.stale == stale_rule::ignore) {
    out = freshness::ignored;
    return errc::ok;
  }
  if (end == time_order::unknown) return errc::revocation_time_unknown;
  if (data.stale == stale_rule::strict || !has_next) return stale;
  switch (now.relative_to(next_update + 1 + data.grace_seconds)) {
    case time_order::before: out = freshness::in_grace; return errc::ok;
    case time_order::not_before: return stale;
    default: return errc::revocation_time_unknown;  // spec: G-001
  }
}

class revocation;

/// Asks about the certificates of a chain, one after the other: one that was revoked ends it, else the
/// first unknown one counts. // spec: R-006
class chain_revocation {
 public:
  /// Borrows all three. The signing time, if any, is that of `report`, which becomes what its members
  /// say. // spec: R-007
  chain_revocation(const revocation& decision, signer_context& context,
                   trust_report& report) noexcept
      : decision_(decision), context_(context), report_(report) {
    report.revocation = {};
  }

  /// Asks about the certificate at `place`; false when no other answer can change the result.
  bool ask(const certificate& subject, const certificate& issuer, std::uint8_t place) noexcept;
  /// ok, certificate_revoked, why the first unknown certificate is unknown, or lack of a resource.
  errc result() const noexcept { return result_; }

 private:
  static constexpr bool is_final(errc code) noexcept {
    return code == errc::certificate_revoked || code == errc::workspace_exhausted ||
           code == errc::crypto_failure || code == errc::signature_budget;
  }

  const revocation& decision_;
  signer_context& context_;
  trust_report& report_;
  errc result_ = errc::ok;
};

/// Who decides about revocation, which has no default: it must be spelled. Programs link what they
/// name and nothing else.
class revocation {
 public:
  /// Answers a question from `data`. Errors: certificate_revoked, and others of the classes revoked
  /// and revunknown; lack of a resource.
  using function = errc (*)(const void* data, revocation_question&, revocation_answer&) noexcept;

  /// Nobody asks whether a certificate was revoked, neither of the signer nor of a timestamp service,
  /// whatever the policy's action is; the report says so.
  static constexpr revocation not_checked() noexcept { return {nullptr, nullptr, nullptr}; }
  /// There is no revocation data: a certificate that names nobody to ask cannot be revoked, of others
  /// nothing is known, and the policy's action decides. // spec: R-004 W-070
  static constexpr revocation no_data() noexcept { return by(without_data, nullptr); }
  /// `judge` decides with `data`, which is borrowed. See revocation_by_lists() and
  /// revocation_by_data().
  static constexpr revocation by(function judge, const void* data) noexcept {
    return {judge, data, check_each};
  }

  constexpr bool is_checked() const noexcept { return judge_ != nullptr; }
  /// What is known of the subject; ok when nobody asks.
  [[nodiscard]] errc check(revocation_question& question,
                           revocation_answer& answer) const noexcept {
    return judge_ == nullptr ? errc::ok : judge_(data_, question, answer);
  }
  /// What is known of all certificates on the way from `signer` to what is trusted, which somebody
  /// could revoke; ok when nobody asks. See chain_revocation. // spec: R-001 R-006
  [[nodiscard]] errc check_chain(const signer_certificate& signer, signer_context& context,
                                 trust_report& report) const noexcept {
    return check_chain_ == nullptr ? errc::ok : check_chain_(*this, signer, context, report);
  }

 private:
  // Behind a pointer, so that programs which do not check have no code for it.
  using chain_function = errc (*)(const revocation&, const signer_certificate&, signer_context&,
                                  trust_report&) noexcept;
  constexpr revocation(function judge, const void* data, chain_function chain) noexcept
      : judge_(judge), data_(data), check_chain_(chain) {}
  static errc check_each(const revocation& self, const signer_certificate& signer,
                         signer_context& context, trust_report& report) noexcept;
  static errc without_data(const void*, revocation_question& question,
                           revocation_answer&) noexcept {
    return check_irrevocable(question.subject);
  }

  function judge_;
  const void* data_;
  chain_function check_chain_;
};

inline bool chain_revocation::ask(const certificate& subject, const certificate& issuer,
                                  std::uint8_t place) noexcept {
  const time_report& times = report_.times;
  revocation_question question{subject, issuer, context_,
                               times.source == time_source::signing_authority, times.first};
  revocation_answer answer;
  const errc code = decision_.check(question, answer);
  answer.certificate = static_cast<std::int8_t>(place);
  if (code == errc::ok && answer.has_as_of) report_.raise_floor(answer.as_of);
  const bool is_over = is_final(code);
  const bool is_worse = code != errc::ok || answer.fresh > report_.revocation.fresh;
  if (is_over || (result_ == errc::ok && is_worse)) report_.revocation = answer;
  if (is_over || result_ == errc::ok) result_ = code;
  return !is_over;
}

inline errc revocation::check_each(const revocation& self, const signer_certificate& signer,
                                   signer_context& context, trust_report& report) noexcept {
  chain_revocation asked{self, context, report};
  for (std::uint8_t i = 0; i < signer.revocable; ++i) {
    const certificate* issuer = nullptr;
    if (i + 1 < signer.chain.length) {
      issuer = &signer.listed[signer.chain.numbers[i + 1]];
    } else {
      certificate* const anchor = context.memory.take_array<certificate>(1);
      if (anchor == nullptr) return errc::workspace_exhausted;
      NV2_TRY(parse_certificate(signer.chain.anchor->der, *anchor));
      issuer = anchor;
    }
    const std::uint8_t number = signer.chain.numbers[i];
    if (!asked.ask(signer.listed[number], *issuer, number)) break;
  }
  return asked.result();
}

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REVOCATION_HPP
