// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What OCSP responses say of one certificate, and what responses and lists say together.
// Does: find the responses that count, have them verified, and read the status.
// Does not: fetch a response, send a nonce, judge who signed (responder.hpp), or go through a chain.
// The caller must: keep the responses alive while it asks.
#ifndef NV2_TRUST_REVOCATION_RESPONSES_HPP
#define NV2_TRUST_REVOCATION_RESPONSES_HPP

#include <cstddef>
#include <cstdint>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/codec/der.hpp>
#include <nv2/crypto/algorithm.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/crypto/insecure_sha1.hpp>
#include <nv2/trust/responder.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/revocation_lists.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/ocsp.hpp>
#include <nv2/x509/revocation.hpp>

NV2_NAMESPACE_BEGIN

/// How many responses may be offered for one question, and how large each may be. // spec: G-003 R-030
namespace limits {
constexpr std::size_t revocation_responses = 64;
constexpr std::size_t revocation_response_size = 20480;
}  // namespace limits

namespace detail {

/// Errors that end a question, whatever other data might say. Too much data of one kind was not looked
/// at and may say revoked; whoever adds to it must not hide that.
constexpr bool is_final_answer(errc code) noexcept {
  const bool is_too_many = code == errc::crl_count || code == errc::ocsp_count;  // spec: G-003
  return code == errc::certificate_revoked || is_too_many || is_lack(code);
}

/// What a response says of the certificate, and whether it counts.
struct response_word {
  errc code = errc::revocation_unknown;
  freshness fresh = freshness::none;
  std::int8_t reason = crl_reason::none;
  /// The thisUpdate.
  unix_time as_of = 0;

  /// Which of two words counts: revoked, then what may mean revoked, then good, then the failure of
  /// what came closest to an answer: the checks stand in the order in which the codes are numbered.
  unsigned weight() const noexcept {
    constexpr unsigned most = 0x10000;
    switch (code) {
      case errc::certificate_revoked: return most + 2;
      case errc::ocsp_revoked_critical: return most + 1;
      case errc::ok: return most;
      case errc::revocation_time_unknown: return static_cast<unsigned>(errc::ocsp_stale);
      case errc::revocation_unknown: return 0;
      default: return static_cast<unsigned>(code);
    }
  }
  /// Becomes `other` when that counts more, or is as good and later.
  void prefer(const response_word& other) noexcept {
    const bool is_later = other.code == code && other.as_of > as_of;
    if (other.weight() > weight() || is_later) *this = other;
  }
};

/// One call of check_by_responses(). What it takes of the workspace the caller takes back.
class response_check {
 public:
  response_check(const revocation_data& data, revocation_question& question,
                 revocation_answer& answer) noexcept
      : data_(data), question_(question), answer_(answer) {}

  errc run() noexcept;

 private:
  /// The issuer as responses name it, by one of the hashes; no data = not yet hashed.
  struct issuer_name {
    bytes name, key;
  };

  errc judge(bytes der, response_word& word) noexcept;
  errc find(const ocsp_response& response, response_word& word) noexcept;
  errc match(const certificate_status& status, bool& is_subject) noexcept;
  errc hash_issuer(issuer_hash hash, issuer_name& out) noexcept;
  errc hash_text(issuer_hash hash, bytes text, bytes& digest) noexcept;
  response_word weigh(const certificate_status& status) const noexcept;

  const revocation_data& data_;
  revocation_question& question_;
  revocation_answer& answer_;
  issuer_name names_[static_cast<unsigned>(issuer_hash::other)];
};

inline errc response_check::run() noexcept {
  if (data_.responses.size() > limits::revocation_responses)
    return errc::ocsp_count;  // spec: G-003
  workspace& memory = question_.context.memory;
  response_word best;
  for (const bytes& der : data_.responses) {
    const std::size_t mark = memory.mark();
    for (issuer_name& name : names_) name = {};
    response_word word;
    word.code = judge(der, word);
    memory.rewind(mark);
    if (is_lack(word.code)) return word.code;
    best.prefer(word);
    if (best.code == errc::certificate_revoked) break;
  }
  if (best.code == errc::ok || best.code == errc::certificate_revoked) {
    answer_.source = revocation_source::response;
    answer_.fresh = best.fresh;
    answer_.reason = best.reason;
    answer_.has_as_of = true;
    answer_.as_of = best.as_of;
  }
  return best.code;
}

/// What is cheap comes first; no signature is checked of what would not count even so.
inline errc response_check::judge(bytes der, response_word& word) noexcept {
  if (der.size() > limits::revocation_response_size) return errc::ocsp_size;  // spec: R-030
  ocsp_response response;
  const errc form = parse_ocsp_response(der, response);
  if (form != errc::ok) {
    const bool is_told =
        form == errc::ocsp_unsuccessful || form == errc::ocsp_type || form == errc::ocsp_version;
    return is_told ? form : errc::ocsp_malformed;  // spec: R-030
  }
  NV2_TRY(find(response, word));
  switch (word.code) {
    case errc::ok:
    case errc::certificate_revoked:
    case errc::ocsp_revoked_critical:
    case errc::ocsp_unknown: break;
    default: return word.code;
  }
  if (response.has_unknown_critical) return errc::ocsp_extension;  // spec: R-035
  NV2_TRY((responder_check{data_, question_, word.fresh}.verify(response)));
  return word.code;
}

/// Finds what the response says of the certificate; if it does more than once, what counts most.
inline errc response_check::find(const ocsp_response& response, response_word& word) noexcept {
  word.code = errc::ocsp_other_certificate;  // spec: R-031
  certificate_status_reader reader{response};
  certificate_status status;
  while (reader.next(status)) {
    bool is_subject = false;
    NV2_TRY(match(status, is_subject));
    if (is_subject) word.prefer(weigh(status));
  }
  return reader.error() == errc::ok ? errc::ok : errc::ocsp_malformed;  // spec: R-030
}

/// Whether the status is about the certificate. // spec: R-031
inline errc response_check::match(const certificate_status& status, bool& is_subject) noexcept {
  is_subject = false;
  const bool same_serial = equal(status.serial, question_.subject.serial);
  if (!same_serial || status.hash == issuer_hash::other) return errc::ok;
  issuer_name& issuer = names_[static_cast<unsigned>(status.hash)];
  if (issuer.key.data() == nullptr) NV2_TRY(hash_issuer(status.hash, issuer));
  is_subject =
      equal(status.issuer_name_hash, issuer.name) && equal(status.issuer_key_hash, issuer.key);
  return errc::ok;
}

inline errc response_check::hash_issuer(issuer_hash hash, issuer_name& out) noexcept {
  const certificate& issuer = question_.issuer;
  NV2_TRY(hash_text(hash, issuer.subject, out.name));
  der_reader reader{issuer.spki};
  static_cast<void>(reader.enter(der_tag::sequence));
  reader.skip(der_tag::sequence);
  static_cast<void>(reader.enter_bit_string());
  return hash_text(hash, reader.rest(), out.key);
}

inline errc response_check::hash_text(issuer_hash hash, bytes text, bytes& digest) noexcept {
  signer_context& context = question_.context;
  if (hash != issuer_hash::sha1) {
    return hash_bytes(context.crypto, static_cast<hash_algorithm>(hash), text, context.memory,
                      digest);
  }
  const mutable_bytes room = context.memory.take_bytes(insecure_sha1_size);
  if (room.data() == nullptr) return errc::workspace_exhausted;
  insecure_sha1(text, room);
  digest = room;
  return errc::ok;
}

/// What a status means now, if the response is good. // spec
inline response_word response_check::weigh(const certificate_status& status) const noexcept {
  response_word word;
  word.as_of = status.this_update;
  word.code = check_freshness(status.this_update, status.has_next_update, status.next_update,
                              question_.context.rules.time, data_, errc::ocsp_stale,
                              errc::ocsp_ahead, word.fresh);  // spec: R-034
  if (word.code != errc::ok) return word;
  const bool is_revoked = status.status == ocsp_status::revoked;
  const bool was_good_then = question_.has_signing_time && status.has_invalidity_date &&
                             question_.signing_time < status.invalidity_date;
  if (status.has_critical) {
    word.code = is_revoked ? errc::ocsp_revoked_critical : errc::ocsp_extension;  // spec: R-035
  } else if (status.status == ocsp_status::unknown) {
    word.code = errc::ocsp_unknown;  // spec: R-036
  } else if (is_revoked && !was_good_then) {
    word.code = errc::certificate_revoked;  // spec: R-036 R-037
    word.reason = status.reason;
  }
  return word;
}

}  // namespace detail

/// Decides from `data.responses` whether the certificate was revoked; `data.lists` count only for
/// responders that the issuer delegated. // spec
///
/// ok: it names nobody to ask, or a response that counts - current, about this certificate of this
/// issuer, signed by that or by a responder that it delegated - says good. certificate_revoked: one
/// that counts says so, for whatever reason, unless the key was still good at a known signing time. Of
/// responses that contradict each other the one counts that says revoked.
///
/// On those two `answer` is the word of the response that decided; if several say good, of the latest.
/// Every other error means that nothing is known: revocation_unknown when there is no response at all,
/// else why the response that came closest does not count.
///
/// A responder's certificate must be valid now, with the same patience that `data` has for responses,
/// and not revoked by a list, unless it says that nobody need ask.
///
/// Each response is parsed once. One that is about the certificate, and current, costs a hash of it and
/// one signature check, two if a responder signed it, and those of lists if one must be asked about
/// that; they go off the budget of `question.context`. Workspace: a certificate, some digests and a
/// hash state, given back. No backend need have SHA-1, see insecure_sha1.hpp.
/// Errors: certificate_revoked, those of class revunknown, signature_budget, workspace_exhausted,
/// crypto_failure.
[[nodiscard]] inline errc check_by_responses(const revocation_data& data,
                                             revocation_question& question,
                                             revocation_answer& answer) noexcept {
  // spec: R-002
  if (check_irrevocable(question.subject) == errc::ok) return errc::ok;
  // What services are named does not matter: nobody can be asked. // spec: R-003 R-004
  return detail::response_check{data, question, answer}.run();
}

/// Decides from responses and lists: a certificate that names an OCSP service is looked for in
/// responses, and if these know nothing in lists; one that names only places of lists the other way
/// round. Data that counts does so whatever the certificate names. // spec: R-002 R-003 R-004
///
/// Revoked wins, whichever kind says so: what an artifact brings must not hide what the caller has. Too
/// many of one kind are the end, for the same reason. When nothing is known the error is that of the
/// first kind, or of the second where there is nothing about the certificate in the first.
/// See check_by_responses() and check_by_lists(), both of which are asked.
[[nodiscard]] inline errc check_by_data(const revocation_data& data, revocation_question& question,
                                        revocation_answer& answer) noexcept {
  // spec: R-002
  const bytes access = question.subject.authority_info_access;
  const bool has_service = access.data() != nullptr && detail::lists_ocsp(access);
  const auto first = has_service ? check_by_responses : check_by_lists;
  const auto second = has_service ? check_by_lists : check_by_responses;
  const errc code = first(data, question, answer);
  if (detail::is_final_answer(code)) return code;
  revocation_answer next;
  const errc other = second(data, question, next);
  // spec-exception: R-002 asks the second source only when the first knows nothing. Both are at hand,
  // and what comes with an artifact must not hide what the caller has: revoked wins. // spec: R-005
  const bool decides = detail::is_final_answer(other) || (other == errc::ok && code != errc::ok);
  if (decides) answer = next;
  if (decides || code == errc::ok) return decides ? other : code;
  const bool has_nothing = code == errc::revocation_unknown || code == errc::crl_issuer ||
                           code == errc::ocsp_other_certificate;
  return has_nothing && other != errc::revocation_unknown ? other : code;
}

/// Responses and lists decide, see check_by_data(). `data` is borrowed.
constexpr revocation revocation_by_data(const revocation_data& data) noexcept {
  constexpr revocation::function judge = [](const void* all, revocation_question& question,
                                            revocation_answer& answer) noexcept {
    return check_by_data(*static_cast<const revocation_data*>(all), question, answer);
  };
  return revocation::by(judge, &data);
}
/// The data must outlive the decision.
revocation revocation_by_data(revocation_data&&) = delete;

NV2_NAMESPACE_END

#endif  // NV2_TRUST_REVOCATION_RESPONSES_HPP
