// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What the functions of nv2.h have in common.
// Does: find the context, check pointers, and keep errors in it.
// Does not: stand for a function of nv2.h; those are in c_api.hpp.
#ifndef NV2_C_CALLS_HPP
#define NV2_C_CALLS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nv2.h>
#include <nv2/base/bytes.hpp>
#include <nv2/base/config.hpp>
#include <nv2/base/errc.hpp>
#include <nv2/base/result.hpp>
#include <nv2/base/time.hpp>
#include <nv2/binding.hpp>
#include <nv2/c_context.hpp>
#include <nv2/crypto/backend.hpp>
#include <nv2/envelope/envelope.hpp>
#include <nv2/envelope/notary_payload.hpp>
#include <nv2/trust/levels.hpp>
#include <nv2/trust/revocation.hpp>
#include <nv2/trust/timestamp.hpp>
#include <nv2/trust/version_rule.hpp>
#include <nv2/verification.hpp>
#include <nv2/verifier.hpp>
#include <nv2/x509/anchor.hpp>

NV2_NAMESPACE_BEGIN
namespace detail {

// The numbers of nv2.h are those of the library.
static_assert(NV2_OK == static_cast<int>(errc::ok) && NV2_UNSET == static_cast<int>(errc::unset));
static_assert(NV2_REJECTED == static_cast<int>(verdict::rejected) &&
              NV2_SKIPPED == static_cast<int>(verdict::skipped) &&
              NV2_ACCEPTED == static_cast<int>(verdict::accepted) &&
              NV2_TRUSTED == static_cast<int>(verdict::trusted));
static_assert(NV2_STAGE_NONE == static_cast<int>(stage::none) &&
              NV2_STAGE_CHAIN == static_cast<int>(stage::chain) &&
              NV2_STAGE_CLAIMS == static_cast<int>(stage::claims) &&
              NV2_STAGE_POLICY == static_cast<int>(stage::policy));
static_assert(NV2_CHECK_INTEGRITY == static_cast<int>(check::integrity) &&
              NV2_CHECK_EXPIRY == static_cast<int>(check::expiry) &&
              NV2_CHECK_BINDING == static_cast<int>(check::binding) && check_count == 6);
static_assert(NV2_NOT_RUN == static_cast<int>(outcome::not_run) &&
              NV2_PASSED == static_cast<int>(outcome::passed) &&
              NV2_FAILED == static_cast<int>(outcome::failed) &&
              NV2_LOGGED == static_cast<int>(outcome::logged));
static_assert(NV2_STRICT == static_cast<int>(verification_level::strict) &&
              NV2_AUDIT == static_cast<int>(verification_level::audit) &&
              NV2_SKIP == static_cast<int>(verification_level::skip));
static_assert(NV2_ACTION_ENFORCE == static_cast<int>(action::enforce) &&
              NV2_ACTION_SKIP == static_cast<int>(action::skip));
static_assert(NV2_ROLE_CA == static_cast<int>(anchor_role::ca) &&
              NV2_ROLE_TSA == static_cast<int>(anchor_role::tsa) &&
              NV2_ROLE_SIGNER == static_cast<int>(anchor_role::signer));
static_assert(NV2_TIMESTAMP_ALWAYS == static_cast<int>(timestamp_rule::always) &&
              NV2_TIMESTAMP_AFTER_CERT_EXPIRY ==
                  static_cast<int>(timestamp_rule::after_cert_expiry));
static_assert(NV2_BELIEVE_SIGNING_AUTHORITY == static_cast<int>(compat::sa_allow_future) &&
              NV2_BELIEVE_TIMESTAMP == static_cast<int>(compat::ts_allow_future));
static_assert(NV2_STALE_REFUSED == static_cast<int>(stale_rule::strict) &&
              NV2_STALE_IGNORED == static_cast<int>(stale_rule::ignore));

/// Whether the constants of nv2.h leave room for ten anchors and ten texts.
constexpr bool fits_c_memory(format_list formats) noexcept {
  constexpr std::size_t kept = 10 * sizeof(trust_anchor) + 10 * sizeof(required_annotation);
  for (const envelope_format* const format : formats) {
    const std::size_t room = format->has_base64 ? NV2_MEMORY(4000) : NV2_MEMORY_COSE;
    if (workspace_bound(*format, 4000) + kept > room) return false;
  }
  return timestamp_memory <= NV2_MEMORY_TIMESTAMPS;
}

constexpr nv2_error c_code(errc code) noexcept { return static_cast<nv2_error>(code); }
inline nv2_text c_text(std::string_view text) noexcept {
  return text.empty() ? nv2_text{nullptr, 0} : nv2_text{text.data(), text.size()};
}

/// Sets something of `context` by `set`, which returns an errc.
template <typename Function>
inline nv2_error c_set(nv2_context* context, Function set) noexcept {
  c_context* const self = c_context::find(context);
  if (self == nullptr) return c_code(errc::c_context);
  self->reopen();
  return c_code(self->close(set(*self)));
}
/// The same when `count` items at `items` go with it.
template <typename Function>
inline nv2_error c_set(nv2_context* context, const void* items, std::size_t count,
                       Function set) noexcept {
  return c_set(context, [=](c_context& self) noexcept {
    return items == nullptr && count != 0 ? errc::c_argument : set(self);
  });
}
inline nv2_error c_set_time(nv2_context* context, time_basis now) noexcept {
  return c_set(context, [=](c_context& self) noexcept {
    self.set_time(now);
    return errc::ok;
  });
}
inline nv2_error c_set_artifact(nv2_context* context, const void* content, std::size_t size,
                                nv2_text type, bool is_blob) noexcept {
  const bytes all{static_cast<const std::uint8_t*>(content), size};
  const std::string_view media_type{type.data, type.size};
  return c_set(context, content, size, [=](c_context& self) noexcept {
    if (type.data == nullptr && type.size != 0) return errc::c_argument;
    self.set_artifact(is_blob ? artifact::blob(all, media_type)
                              : artifact::content(all, media_type));
    return errc::ok;
  });
}
inline nv2_error c_set_pieces(nv2_context* context, nv2_read read, void* user, nv2_text type,
                              bool is_blob) noexcept {
  const std::string_view media_type{type.data, type.size};
  return c_set(context, type.data, type.size, [=](c_context& self) noexcept {
    if (read == nullptr) return errc::c_argument;
    void* const reader = self.set_reader(read, user);
    self.set_artifact(is_blob ? artifact::blob_pieces(c_context::next_piece, reader, media_type)
                              : artifact::pieces(c_context::next_piece, reader, media_type));
    return errc::ok;
  });
}
inline nv2_error c_set_version(nv2_context* context, nv2_text name, nv2_version floor,
                               bool is_tag) noexcept {
  const std::string_view text{name.data, name.size};
  const version parts{{floor.parts[0], floor.parts[1], floor.parts[2], floor.parts[3]}};
  return c_set(context, name.data, name.size, [=](c_context& self) noexcept {
    self.require_version(is_tag ? version_rule::tag(text, parts)
                                : version_rule::annotation(text, parts));
    return errc::ok;
  });
}

inline nv2_error c_verify(nv2_context* context, const crypto_backend& crypto, format_list formats,
                          const void* envelope, std::size_t size) noexcept {
  c_context* const self = c_context::find(context);
  if (self == nullptr) return c_code(errc::c_context);
  self->reopen();  // here as well: should the next call get lost, there is no older answer
  self->verify(crypto, formats, {static_cast<const std::uint8_t*>(envelope), size});
  return c_code(self->result());
}
inline const verified* c_value(const nv2_context* context) noexcept {
  const c_context* const self = c_context::find(context);
  return self == nullptr ? nullptr : self->answer().value();
}

}  // namespace detail
NV2_NAMESPACE_END

#endif  // NV2_C_CALLS_HPP
