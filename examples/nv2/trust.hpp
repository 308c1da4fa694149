// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is trusted, and how much of a verification is asked for.
#ifndef NV2_CLIENT_TRUST_HPP
#define NV2_CLIENT_TRUST_HPP

#include <memory>
#include <string>
#include <vector>

#include <nv2/quorum.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy.hpp>
#include <nv2/trust/policy_statement.hpp>
#include <nv2/x509/anchor.hpp>

#include "file_io.hpp"
#include "options.hpp"
#include "revocation_files.hpp"
#include "trust_store.hpp"

namespace client {

/// A trust store that a policy statement names.
struct used_store {
  std::string name, path;
  bool exists = false;
  std::size_t certificates = 0;
};

/// Owns trusted certificates and names, and lists them as the library wants them.
class trust {
 public:
  trust() = default;
  trust(const trust&) = delete;
  trust& operator=(const trust&) = delete;
  trust(trust&&) = default;
  trust& operator=(trust&&) = default;
  ~trust() = default;

  /// The same, with memory in common: nothing may be added to either any more but revocation data, which
  /// each has for itself. May be called by several threads at a time.
  trust shared() const;

  /// Trusts `der`; `origin` tells people where it comes from. // spec: N-083
  void add(byte_buffer der, nv2::anchor_role role, std::string origin);
  void add_signer(byte_buffer der) { add(std::move(der), nv2::anchor_role::signer, {}); }

  /// What the options of the command line say, certificates read from their files. Whether signers
  /// were revoked counts only when the caller has something to tell by.
  /// // spec: N-170 N-171
  static trust from_command_line(const trust_options& options, bool checks_revocation);
  /// What `statement` of the document `path` says, with its stores below `stores`. A statement of the
  /// level skip has none. // spec: S-022 W-003 W-004
  static trust from_statement(const nv2::policy_statement& statement, std::string path,
                              const std::string& stores);

  /// Certificates for envelopes of the prototype, or for those of the Notary Project, to which
  /// certificates of signers are anchors of type ca.
  nv2::view<nv2::trust_anchor> anchors(bool is_notary) const {
    const auto& list = is_notary ? own_->notary_anchors : own_->anchors;
    return {list.data(), list.size()};
  }
  /// Where `anchors(…)[index]` comes from.
  const std::string& origin(std::size_t index) const { return own_->origins[index]; }
  /// Everything above in the library's terms but the data about revocation. Lends its lists.
  nv2::policy policy(bool is_notary) const;
  /// Asks for more signers than the statement does, and fails with exit code 2 when nobody could satisfy
  /// that. // spec: W-040
  void demand(std::size_t threshold, const std::vector<std::string>& required);
  /// Whether signers must be counted, so that one signature decides nothing.
  bool asks_for_quorum() const { return own_->threshold != 0 || !own_->required_views.empty(); }
  /// How they are counted. Lends its lists.
  nv2::quorum_rules quorum_rules() const;

  nv2::validation_actions actions() const { return own_->actions; }
  nv2::timestamp_rule timestamps() const { return own_->timestamps; }
  /// What tells whether certificates were revoked.
  revocation_files& revocation() { return revocation_; }
  const revocation_files& revocation() const { return revocation_; }
  /// Trusted identities as they were written; none = any signer whom the certificates vouch for.
  const std::vector<byte_buffer>& identities() const { return own_->identities; }
  const std::vector<byte_buffer>& required() const { return own_->required; }
  /// The statement of a policy document, "" = the command line decides.
  const std::string& statement() const { return own_->statement; }
  const std::string& policy_path() const { return own_->policy_path; }
  const std::vector<used_store>& stores() const { return own_->stores; }

 private:
  void add_files(const std::vector<std::string>& paths, nv2::anchor_role role, const char* option);
  void add_identity(nv2::bytes text);
  void add_required(nv2::bytes text);
  void add_store(trust_store store);

  struct contents {
    // Moving a vector keeps its memory, so views of earlier elements stay good.
    std::vector<byte_buffer> certificates, identities, required;
    std::vector<nv2::trust_anchor> anchors, notary_anchors;
    std::vector<nv2::bytes> identity_views, required_views;
    std::size_t threshold = 0;
    std::vector<std::string> origins;
    nv2::validation_actions actions;
    nv2::timestamp_rule timestamps = nv2::timestamp_rule::always;
    std::string statement, policy_path;
    std::vector<used_store> stores;
  };
  std::shared_ptr<contents> own_ = std::make_shared<contents>();
  revocation_files revocation_;
};

/// Decides between command line and policy, and selects the statement that applies. Fails with exit
/// code 2 when both are given, or no policy is there, and with 1 when no statement applies. All of it is
/// read anew each time: a certificate that was added counts at once. // spec: P-023 W-001 W-002 Q-006
trust find_trust(const verify_options& options);

/// Whether a policy is looked for.
bool asks_for_policy(const verify_options& options);

}  // namespace client

#endif  // NV2_CLIENT_TRUST_HPP
