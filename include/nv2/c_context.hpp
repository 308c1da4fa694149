// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What lies in the storage of a nv2_context.
// Does: turn pointers and sizes into the values of the library, keep them, and the answer.
// Does not: decide anything; and says no whatever the bytes of a context are, until nv2_init() made it.
#ifndef NV2_C_CONTEXT_HPP
#define NV2_C_CONTEXT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <nv2.h>
#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/base/workspace.hpp>
#include <nv2/binding.hpp>
#include <nv2/codec/pem.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/policy.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/verification.hpp>
#include <nv2/verifier.hpp>
#include <nv2/x509/anchor.hpp>

NV2_NAMESPACE_BEGIN

/// A context at work. All its errors are those that nv2.h tells of.
class c_context {
 public:
  explicit c_context(mutable_bytes memory) noexcept
      : seal_(seal_of(this)),
        memory_(memory),
        trust_(policy::strict(view<trust_anchor>(), revocation::no_data())),
        version_(version_rule::annotation(std::string_view(), version())),
        subject_(artifact::content(bytes())),
        now_(time_basis::unknown()) {}
  c_context(const c_context&) = delete;
  c_context& operator=(const c_context&) = delete;

  /// The context in the storage of `context`; null unless nv2_init() made one at this very place.
  static c_context* find(nv2_context* context) noexcept {
    return is_sealed(context) ? static_cast<c_context*>(static_cast<void*>(context)) : nullptr;
  }
  static const c_context* find(const nv2_context* context) noexcept {
    return is_sealed(context) ? static_cast<const c_context*>(static_cast<const void*>(context))
                              : nullptr;
  }

  // --- before ---

  /// Forgets the last answer, so that something can be set.
  void reopen() noexcept {
    answer_ = {};
    refused_ = errc::unset;
    memory_.rewind(kept_);
  }
  /// Takes note of the result of a setting; the first error sticks.
  errc close(errc code) noexcept {
    kept_ = memory_.mark();
    if (code != errc::ok && setting_ == errc::ok) setting_ = code;
    return code;
  }

  [[nodiscard]] errc trust(const nv2_anchor* anchors, std::size_t count) noexcept {
    trust_anchor* const more = add_anchors(count);
    if (more == nullptr) return errc::workspace_exhausted;
    for (std::size_t i = 0; i < count; ++i) {
      const nv2_anchor& given = anchors[i];
      if (given.role > NV2_ROLE_SIGNER || given.der == nullptr) return errc::c_argument;
      more[i] = {{given.der, given.size}, static_cast<anchor_role>(given.role)};
    }
    return errc::ok;
  }
  [[nodiscard]] errc trust_pem(bytes text, nv2_role role) noexcept {
    if (role > NV2_ROLE_SIGNER) return errc::c_argument;
    pem_reader blocks{text};
    pem_block block;
    while (blocks.next(block, memory_)) {
      constexpr std::string_view label = "CERTIFICATE";  // whose length nobody counts later
      NV2_TRY(check_label(block, label));
      trust_anchor* const more = add_anchors(1);
      if (more == nullptr) return errc::workspace_exhausted;
      *more = {block.der, static_cast<anchor_role>(role)};
    }
    return blocks.finish();
  }
  [[nodiscard]] errc require_identities(const nv2_text* texts, std::size_t count) noexcept {
    bytes* const items = memory_.take_array<bytes>(count);
    if (items == nullptr) return errc::workspace_exhausted;
    for (std::size_t i = 0; i < count; ++i) {
      if (texts[i].data == nullptr && texts[i].size != 0) return errc::c_argument;
      items[i] = bytes::of({texts[i].data, texts[i].size});
    }
    trust_ = trust_.with_identities({items, count});
    return errc::ok;
  }
  [[nodiscard]] errc require_annotations(const nv2_annotation* given, std::size_t count) noexcept {
    required_annotation* const pairs = memory_.take_array<required_annotation>(count);
    if (pairs == nullptr) return errc::workspace_exhausted;
    for (std::size_t i = 0; i < count; ++i) {
      const nv2_text &key = given[i].key, &value = given[i].value;
      if (key.data == nullptr || (value.data == nullptr && value.size != 0)) {
        return errc::c_argument;
      }
      pairs[i] = {{key.data, key.size}, {value.data, value.size}};
    }
    trust_ = trust_.with_user_metadata({pairs, count});
    return errc::ok;
  }
  void require_version(version_rule rule) noexcept {
    version_ = rule;
    trust_ = trust_.with_version_floor(version_);
  }
  [[nodiscard]] errc override_action(nv2_check check, nv2_action action) noexcept {
    const bool known = check < NV2_CHECK_BINDING && action <= NV2_ACTION_SKIP;
    if (!known) return errc::c_argument;
    action_overrides overrides;
    NV2_TRY(overrides.set(static_cast<validation>(check), static_cast<nv2::action>(action)));
    validation_actions actions = trust_.actions();
    NV2_TRY(actions.apply(overrides));
    trust_ = trust_.with_actions(actions);
    return errc::ok;
  }
  void use_policy(const policy& changed) noexcept { trust_ = changed; }
  const policy& trusted() const noexcept { return trust_; }

  void decide_revocation(revocation decision) noexcept {
    trust_ = trust_.with_revocation(decision);
    has_revocation_ = true;
  }
  /// Keeps what a decision by data() needs.
  [[nodiscard]] errc keep_data(view<nv2_bytes> responses, view<nv2_bytes> lists,
                               nv2_stale_rule stale, std::uint32_t grace_seconds) noexcept {
    if (stale > NV2_STALE_IGNORED) return errc::c_argument;
    NV2_TRY(keep(responses, data_.responses));
    NV2_TRY(keep(lists, data_.lists));
    data_.stale = static_cast<stale_rule>(stale);
    data_.grace_seconds = grace_seconds;
    return errc::ok;
  }
  const revocation_data& data() const noexcept { return data_; }
  void set_time(time_basis now) noexcept {
    now_ = now;
    has_time_ = true;
  }
  void set_artifact(const artifact& subject) noexcept {
    subject_ = subject;
    has_artifact_ = true;
  }
  /// Prepares what reads pieces: pass it, with read_piece(), to artifact.
  void* set_reader(nv2_read read, void* user) noexcept {
    read_ = read;
    user_ = user;
    return this;
  }
  static bool next_piece(void* context, std::uint64_t offset, bytes& piece) noexcept {
    const auto& self = *static_cast<const c_context*>(context);
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
    if (self.read_(self.user_, offset, &data, &size) != NV2_OK) return false;
    piece = {data, size};
    return data != nullptr || size == 0;
  }
  void set_envelope_type(std::string_view declared) noexcept { declared_ = declared; }

  // --- the decision ---

  void verify(const crypto_backend& crypto, format_list formats, bytes envelope) noexcept {
    reopen();
    const bool is_complete = has_time_ && has_artifact_ && has_revocation_;
    if (!is_complete) refused_ = errc::c_incomplete;
    if (envelope.data() == nullptr && !envelope.empty()) refused_ = errc::c_argument;
    if (setting_ != errc::ok || refused_ != errc::unset) return;
    const verifier judge{crypto, formats, trust_};
    answer_ = judge.verify(envelope, subject_, now_, memory_, declared_);
  }
  /// ok for a trusted answer only. // spec: G-004
  errc result() const noexcept {
    if (setting_ != errc::ok) return setting_;
    if (answer_.ok()) return errc::ok;
    if (!answer_.accepted()) return status().code;
    for (unsigned i = 0; i < check_count; ++i) {
      const errc code = answer_.logged(static_cast<check>(i));
      if (code != errc::unset) return code;
    }
    return errc::unset;
  }

  // --- after ---

  const verification& answer() const noexcept { return answer_; }
  nv2::status status() const noexcept {
    const errc own = setting_ != errc::ok ? setting_ : refused_;
    if (own == errc::unset) return answer_.status();
    nv2::status out;
    out.code = own;
    out.where = stage::policy;
    return out;
  }
  const verified* value() const noexcept { return answer_.value(); }
  [[nodiscard]] errc read_signed_version(version& out) noexcept {
    const verified* const facts = value();
    if (facts == nullptr) return errc::unset;
    return read_version(version_, bytes::of(facts->annotations()), bytes::of(facts->references()),
                        memory_, out);
  }
  std::size_t memory_peak() const noexcept { return memory_.peak(); }

 private:
  /// What only a context at this address has. // spec: G-004
  static std::uintptr_t seal_of(const void* place) noexcept {
    constexpr std::uint32_t mark = 0x6E763243;
    return reinterpret_cast<std::uintptr_t>(place) ^ mark;
  }
  /// Looks at bytes, since there may be no object.
  static bool is_sealed(const nv2_context* context) noexcept {
    std::uintptr_t found = 0;
    if (context != nullptr) std::memcpy(&found, static_cast<const void*>(context), sizeof found);
    return found == seal_of(context) && context != nullptr;
  }
  /// Room for `count` anchors behind those that there are; null when memory is full.
  trust_anchor* add_anchors(std::size_t count) noexcept {
    const view<trust_anchor> old = trust_.anchors();
    if (count > SIZE_MAX / 2) return nullptr;
    trust_anchor* const all = memory_.take_array<trust_anchor>(old.size() + count);
    if (all == nullptr) return nullptr;
    for (std::size_t i = 0; i < old.size(); ++i) all[i] = old[i];
    trust_ = trust_.with_anchors({all, old.size() + count});
    return all + old.size();
  }
  [[nodiscard]] errc keep(view<nv2_bytes> given, view<bytes>& out) noexcept {
    const std::size_t count = given.size();
    if (given.begin() == nullptr && count != 0) return errc::c_argument;
    bytes* const items = memory_.take_array<bytes>(count);
    if (items == nullptr) return errc::workspace_exhausted;
    for (std::size_t i = 0; i < count; ++i) {
      if (given[i].data == nullptr && given[i].size != 0) return errc::c_argument;
      items[i] = {given[i].data, given[i].size};
    }
    out = {items, count};
    return errc::ok;
  }

  std::uintptr_t seal_;
  workspace memory_;
  /// What of the memory is in use before a verification.
  std::size_t kept_ = 0;
  policy trust_;
  version_rule version_;
  revocation_data data_;
  artifact subject_;
  time_basis now_;
  std::string_view declared_;
  nv2_read read_ = nullptr;
  void* user_ = nullptr;
  verification answer_;
  /// The first error of what was set, and why there was no verification.
  errc setting_ = errc::ok, refused_ = errc::unset;
  bool has_time_ = false, has_artifact_ = false, has_revocation_ = false;
};

static_assert(sizeof(c_context) <= sizeof(nv2_context::storage), "NV2_CONTEXT_SIZE is too small");
static_assert(alignof(c_context) <= alignof(nv2_context));
static_assert(std::is_trivially_destructible_v<c_context> && std::is_standard_layout_v<c_context>);

NV2_NAMESPACE_END

#endif  // NV2_C_CONTEXT_HPP
