// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// From a signer's certificate to a trusted one.
// Does: find a path by names, check its signatures and the rules on it, within a budget.
// Does not: parse pools, judge what the signer may sign, compare host names, look for revocation.
// The caller must: hand in parsed certificates, and check the signer's usage and names itself.
//
// Deviations from RFC 5280 section 6: names are equal when their bytes are; policies and name
// constraints are not processed, critical policies and name constraints of any kind are refused;
// with the default rules an anchor is checked like any issuer, and self-issued certificates count
// for path lengths.
#ifndef NV2_X509_CHAIN_HPP
#define NV2_X509_CHAIN_HPP

#include <cstddef>
#include <cstdint>
#include <new>

#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/x509/anchor.hpp>
#include <nv2/x509/certificate.hpp>
#include <nv2/x509/checks.hpp>
#include <nv2/x509/link.hpp>

NV2_NAMESPACE_BEGIN

/// What of an anchor has to be in order.
enum class anchor_fields : std::uint8_t {
  /// All that is asked of an issuer. // spec: N-085 N-086
  all,
  /// Name and key only, RFC 5280 section 6.1.1 (d).
  name_and_key
};

/// What makes a path good: the rules of the prototype. Other rules derive from it and hide what they
/// change, data or function; verify_path() takes any such type and pays for what that type asks.
struct path_rules {
  explicit constexpr path_rules(time_basis present) noexcept : time{present} {}

  /// When every certificate on the path must be valid.
  time_basis time;
  std::size_t min_rsa_bits = 2048;
  /// How many signatures may be checked in the search; a path needs one for each certificate.
  std::uint16_t max_signature_checks = 2 * max_path_certificates;
  /// The certificates must be offered in issuing order, each used or none after it. // spec: N-082
  bool ordered = false;

  static constexpr anchor_fields anchors = anchor_fields::all;
  /// How many certificates that count may stand between signer and anchor.
  static constexpr int max_intermediates = max_path_certificates;

  /// Whether anchors of this role count. // spec: N-083
  bool trusts(anchor_role role) const noexcept {
    return role == anchor_role::ca || role == anchor_role::signer;
  }
  /// Whether an issuer counts for the path length constraints above it. // spec: N-086 X-026
  bool counts(const certificate&) const noexcept { return true; }
  /// What every certificate must be, the signer too.
  errc check_member(const certificate& member) const noexcept {
    NV2_TRY(check_validity(member, time));     // spec: N-085
    return check_critical_extensions(member);  // spec: N-087
  }
  /// What an issuer must be in addition, with `between` certificates that count below it.
  errc check_issuer(const certificate& issuer, int between, bool is_anchor) const noexcept {
    return check_authority(issuer, between, is_anchor);  // spec: N-086
  }
};

/// The rules of RFC 5280: self-issued certificates do not count for path lengths.
struct rfc5280_rules : path_rules {
  using path_rules::path_rules;

  /// A purpose (namespace oid) that the extended key usage of every certificate on the path must
  /// allow, as far as it has one; empty = do not ask.
  bytes purpose;
  anchor_fields anchors = anchor_fields::all;
  std::uint8_t max_intermediates = max_path_certificates;

  bool counts(const certificate& issuer) const noexcept { return !is_self_issued(issuer); }
  errc check_member(const certificate& member) const noexcept {
    NV2_TRY(path_rules::check_member(member));
    return purpose.empty() ? errc::ok : check_purpose(member, purpose);
  }
};

/// A path that was found, or what is known of the failure.
struct path {
  /// The certificates on the path, from the signer on, as indices into those that were offered.
  std::uint8_t numbers[max_path_certificates] = {};
  std::uint8_t length = 1;
  /// After a failure, the index of the certificate concerned, -1 for an anchor or none.
  std::int8_t concerned = -1;
  /// Signature checks spent, also by a search that failed.
  std::uint16_t signature_checks = 0;
  /// Who issued the last certificate of the path, or is the signer. Null after a failure.
  const trust_anchor* anchor = nullptr;
};

/// Checks by name that each of `certificates` issued the one before it; `concerned` becomes the
/// index of the first that was not issued by its successor, else 0. // spec: N-082
[[nodiscard]] inline errc check_issuing_order(view<certificate> certificates,
                                              std::int8_t& concerned) noexcept {
  for (std::size_t i = 1; i < certificates.size(); ++i) {
    concerned = static_cast<std::int8_t>(i - 1);
    if (!equal(certificates[i - 1].issuer, certificates[i].subject)) return errc::chain_order;
  }
  concerned = 0;
  return errc::ok;
}

namespace detail {

/// A depth-first search from the signer. The path so far is also all that backtracking needs:
/// behind its last number is where to go on.
template <typename Rules>
class path_search {
 public:
  path_search(view<certificate> certificates, view<trust_anchor> anchors, const Rules& rules,
              const crypto_backend& crypto, workspace& memory, certificate& parsed,
              path& out) noexcept
      : certificates_(certificates),
        anchors_(anchors),
        rules_(rules),
        crypto_(crypto),
        memory_(memory),
        parsed_(parsed),
        out_(out) {}

  /// Looks for a path.
  errc run() noexcept {
    while (!find_anchor()) {
      while (!find_issuer()) {
        if (out_.length == 1 || is_over()) return failure_;
        next_ = out_.numbers[--out_.length] + std::size_t{1};
      }
    }
    return errc::ok;
  }

 private:
  int last() const noexcept { return out_.numbers[out_.length - 1]; }
  const certificate& at(std::size_t place) const noexcept {
    return certificates_[out_.numbers[place]];
  }
  errc verify_last_link(const certificate& issuer) noexcept {
    if (out_.signature_checks == rules_.max_signature_checks) return errc::signature_budget;
    ++out_.signature_checks;  // spec: G-003
    return verify_link(at(out_.length - 1U), issuer.key, crypto_, memory_);
  }
  errc check_issuer(const certificate& issuer, bool is_anchor) const noexcept;
  bool is_on_path(const certificate& candidate) const noexcept;
  bool is_next(const certificate& candidate, int number) noexcept;
  bool find_anchor() noexcept;
  bool find_issuer() noexcept;
  /// Lack of a resource ends the search: it says nothing about the certificates.
  static constexpr bool is_fatal(errc code) noexcept {
    return code == errc::workspace_exhausted || code == errc::crypto_failure ||
           code == errc::signature_budget;
  }
  bool is_over() const noexcept { return is_fatal(failure_); }
  /// The first failure counts, except that others tell more than "no issuer" and "not the issuer",
  /// and that lack of a resource tells most.
  void note(errc code, int number) noexcept {
    const bool is_vague = failure_ == errc::no_path_to_anchor || failure_ == errc::link_signature;
    if (is_over() || !(is_vague || is_fatal(code))) return;
    failure_ = code;
    out_.concerned = static_cast<std::int8_t>(number);
  }

  view<certificate> certificates_;
  view<trust_anchor> anchors_;
  const Rules& rules_;
  const crypto_backend& crypto_;
  workspace& memory_;
  /// Room for an anchor, and which one it holds: with a single anchor every step needs the same.
  certificate& parsed_;
  const trust_anchor* held_ = nullptr;
  path& out_;
  std::size_t next_ = 1;
  errc failure_ = errc::no_path_to_anchor;  // spec: N-084
};

/// What `issuer`, whose key made the last link, must be to stand next on the path.
template <typename Rules>
errc path_search<Rules>::check_issuer(const certificate& issuer, bool is_anchor) const noexcept {
  int between = 0;
  for (std::size_t i = 1; i < out_.length; ++i) between += rules_.counts(at(i)) ? 1 : 0;
  if (between > rules_.max_intermediates) return errc::chain_too_long;  // spec: G-003
  if (is_anchor && rules_.anchors == anchor_fields::name_and_key) return errc::ok;
  NV2_TRY(rules_.check_member(issuer));
  return rules_.check_issuer(issuer, between, is_anchor);
}

/// Whether a certificate of the same name and key stands on the path already: going through it
/// again could only make the path longer. // spec: N-084
template <typename Rules>
bool path_search<Rules>::is_on_path(const certificate& candidate) const noexcept {
  for (std::size_t i = 0; i < out_.length; ++i) {
    if (equal(at(i).subject, candidate.subject) && equal(at(i).spki, candidate.spki)) return true;
  }
  return false;
}

/// Whether the path can go on to `candidate`, with its number or, for an anchor, -1.
template <typename Rules>
bool path_search<Rules>::is_next(const certificate& candidate, int number) noexcept {
  // spec: N-084 X-008
  if (!equal(at(out_.length - 1U).issuer, candidate.subject) || is_on_path(candidate)) return false;
  errc code = check_key_strength(candidate.key, rules_.min_rsa_bits);
  if (code == errc::ok) {
    code = verify_last_link(candidate);
    if (code == errc::ok) {
      code = check_issuer(candidate, number < 0);
    } else {
      number = last();
    }
  }
  if (code != errc::ok) note(code, number);
  return code == errc::ok;
}

/// Tries to end the path at each anchor.
template <typename Rules>
bool path_search<Rules>::find_anchor() noexcept {
  for (const trust_anchor& anchor : anchors_) {
    if (is_over()) break;
    if (!rules_.trusts(anchor.role)) continue;
    out_.anchor = &anchor;
    if (equal(anchor.der, certificates_[0].der)) return true;  // spec: N-083
    const errc code = held_ == &anchor ? errc::ok : nv2::parse_certificate(anchor.der, parsed_);
    held_ = code == errc::ok ? &anchor : nullptr;
    if (code != errc::ok) {
      note(code, -1);
    } else if (is_next(parsed_, -1)) {
      return true;
    }
  }
  out_.anchor = nullptr;
  return false;
}

/// Tries to make the path longer by one of the certificates, from number next_ on.
template <typename Rules>
bool path_search<Rules>::find_issuer() noexcept {
  for (; next_ < certificates_.size() && !is_over(); ++next_) {
    if (rules_.ordered && next_ != out_.length) continue;  // spec: N-082
    if (!is_next(certificates_[next_], static_cast<int>(next_))) continue;
    out_.numbers[out_.length++] = static_cast<std::uint8_t>(next_);
    next_ = 1;
    return true;
  }
  return false;
}

}  // namespace detail

/// Finds a path from the first of `certificates`, the signer, over others of them to one of
/// `anchors`, and decides whether it meets `rules`. The others may stand in any order and need not
/// belong.
///
/// A signer that is byte for byte an anchor is trusted as such, but must still be valid now, have
/// no unknown critical extension, and a key that is strong enough. // spec: N-083
///
/// `out` is filled on success and on failure. The end of the budget or of another resource ends the
/// search. When no path is found the most telling failure counts: the first rule that an issuer
/// breaks, or an anchor that does not parse; else a signature that does not verify; else that there is
/// no issuer.
///
/// Cost: at most rules.max_signature_checks signature checks, usually one a link; each step also
/// parses all anchors. Workspace: one `certificate`, a hash state and some pointers, given back. No
/// recursion.
/// Errors: no_anchors, chain_too_long, chain_order, no_path_to_anchor, signature_budget,
/// workspace_exhausted, and those of verify_link() and of the rules in checks.hpp.
template <typename Rules>
[[nodiscard]] errc verify_path(view<certificate> certificates, view<trust_anchor> anchors,
                               const Rules& rules, const crypto_backend& crypto, workspace& memory,
                               path& out) noexcept {
  out = {};
  if (anchors.empty()) return errc::no_anchors;  // spec: N-090
  // spec: G-003
  if (certificates.size() - 1 >= max_path_certificates) return errc::chain_too_long;
  out.concerned = 0;
  NV2_TRY(rules.check_member(certificates[0]));
  NV2_TRY(check_key_strength(certificates[0].key, rules.min_rsa_bits));
  if (rules.ordered) NV2_TRY(check_issuing_order(certificates, out.concerned));
  const std::size_t mark = memory.mark();
  using search = detail::path_search<Rules>;
  errc code = errc::workspace_exhausted;
  certificate* const parsed = memory.take_array<certificate>(1);
  void* const place = memory.take(sizeof(search), alignof(search));
  if (parsed != nullptr && place != nullptr) {
    code =
        (::new (place) search(certificates, anchors, rules, crypto, memory, *parsed, out))->run();
  }
  memory.rewind(mark);
  return code;
}

NV2_NAMESPACE_END

#endif  // NV2_X509_CHAIN_HPP
