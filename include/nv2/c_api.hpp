// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The functions of nv2.h. One C++ source of a program is to include this, and to name the crypto
// library and the formats:
//
//     #include <nv2/c_api.hpp>
//     #include <nv2/crypto/mbedtls.hpp>
//     NV2_C_API(nv2::mbedtls_crypto, &nv2::notary_cose_format, &nv2::notary_jws_format);
//
// With -fno-exceptions its object needs no C++ runtime, and with -ffunction-sections and --gc-sections
// the program keeps what its C sources call: a function of nv2.h that nobody calls costs nothing.
#ifndef NV2_C_API_HPP
#define NV2_C_API_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>

#include <nv2.h>
#include <nv2/c_calls.hpp>
#include <nv2/c_context.hpp>
#include <nv2/nv2.hpp>

/// Defines what depends on the crypto library and on the formats, which are pointers to their tables.
// NOLINTBEGIN(bugprone-macro-parentheses,misc-definitions-in-headers): one source includes this
#define NV2_C_API(backend, ...)                                                               \
  extern "C" nv2_error nv2_verify(nv2_context* context, const void* envelope,                 \
                                  size_t envelope_size) noexcept {                            \
    static constexpr const ::nv2::envelope_format* formats[] = {__VA_ARGS__};                 \
    static_assert(::nv2::detail::fits_c_memory(formats), "NV2_MEMORY of nv2.h is too small"); \
    return ::nv2::detail::c_verify(context, backend, formats, envelope, envelope_size);       \
  }                                                                                           \
  extern "C" size_t nv2_workspace_bound(size_t envelope_size) noexcept {                      \
    static constexpr const ::nv2::envelope_format* formats[] = {__VA_ARGS__};                 \
    return ::nv2::workspace_bound(::nv2::format_list{formats}, envelope_size);                \
  }                                                                                           \
  static_assert(true, "to be followed by a semicolon")

// --- before ---------------------------------------------------------------------------------------

extern "C" {

nv2_error nv2_init(nv2_context* context, size_t context_size, void* memory,
                   size_t memory_size) noexcept {
  using nv2::c_context;
  const bool fits = context != nullptr && context_size >= sizeof(c_context) &&
                    reinterpret_cast<std::uintptr_t>(context) % alignof(c_context) == 0;
  if (context != nullptr && context_size >= sizeof(std::uintptr_t)) {
    // What was there is no context now.
    std::memset(static_cast<void*>(context), 0, sizeof(std::uintptr_t));
  }
  if (!fits) return NV2_ERR_c_context;
  const bool has_memory = memory != nullptr || memory_size == 0;
  const nv2::mutable_bytes room{static_cast<std::uint8_t*>(memory), has_memory ? memory_size : 0};
  void* const place = context->storage;
  ::new (place) c_context{room};
  return nv2::detail::c_set(context, memory, memory_size,
                            [](c_context&) noexcept { return nv2::errc::ok; });
}

nv2_error nv2_trust(nv2_context* context, const nv2_anchor* anchors, size_t count) noexcept {
  return nv2::detail::c_set(context, anchors, count, [=](nv2::c_context& self) noexcept {
    return self.trust(anchors, count);
  });
}
nv2_error nv2_trust_pem(nv2_context* context, const char* pem, size_t size,
                        nv2_role role) noexcept {
  return nv2::detail::c_set(context, pem, size, [=](nv2::c_context& self) noexcept {
    return self.trust_pem(nv2::bytes::of({pem, size}), role);
  });
}
nv2_error nv2_require_identities(nv2_context* context, const nv2_text* identities,
                                 size_t count) noexcept {
  return nv2::detail::c_set(context, identities, count, [=](nv2::c_context& self) noexcept {
    return self.require_identities(identities, count);
  });
}
nv2_error nv2_require_annotations(nv2_context* context, const nv2_annotation* annotations,
                                  size_t count) noexcept {
  return nv2::detail::c_set(context, annotations, count, [=](nv2::c_context& self) noexcept {
    return self.require_annotations(annotations, count);
  });
}
nv2_error nv2_require_version(nv2_context* context, const char* key, size_t key_size,
                              nv2_version floor) noexcept {
  return nv2::detail::c_set_version(context, {key, key_size}, floor, false);
}
nv2_error nv2_require_version_tag(nv2_context* context, const char* repository,
                                  size_t repository_size, nv2_version floor) noexcept {
  return nv2::detail::c_set_version(context, {repository, repository_size}, floor, true);
}
nv2_error nv2_require_rsa_bits(nv2_context* context, size_t bits) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    if (bits < 2048) return nv2::errc::c_argument;
    self.use_policy(self.trusted().with_min_rsa_bits(bits));
    return nv2::errc::ok;
  });
}
nv2_error nv2_set_level(nv2_context* context, nv2_level level) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    if (level > NV2_SKIP) return nv2::errc::c_argument;
    const nv2::validation_actions row{static_cast<nv2::verification_level>(level)};
    self.use_policy(self.trusted().with_actions(row));
    return nv2::errc::ok;
  });
}
nv2_error nv2_set_action(nv2_context* context, nv2_check check, nv2_action action) noexcept {
  return nv2::detail::c_set(
      context, [=](nv2::c_context& self) noexcept { return self.override_action(check, action); });
}
nv2_error nv2_use_timestamps(nv2_context* context, nv2_timestamp_rule rule) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    if (rule > NV2_TIMESTAMP_AFTER_CERT_EXPIRY) return nv2::errc::c_argument;
    self.use_policy(self.trusted().with_timestamps(static_cast<nv2::timestamp_rule>(rule)));
    return nv2::errc::ok;
  });
}
nv2_error nv2_believe(nv2_context* context, nv2_belief whom) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    constexpr nv2_belief both = NV2_BELIEVE_SIGNING_AUTHORITY | NV2_BELIEVE_TIMESTAMP;
    if ((whom & ~both) != 0) return nv2::errc::c_argument;
    self.use_policy(self.trusted().with(static_cast<nv2::compat>(whom)));
    return nv2::errc::ok;
  });
}

nv2_error nv2_revocation_not_checked(nv2_context* context) noexcept {
  return nv2::detail::c_set(context, [](nv2::c_context& self) noexcept {
    self.decide_revocation(nv2::revocation::not_checked());
    return nv2::errc::ok;
  });
}
nv2_error nv2_revocation_no_data(nv2_context* context) noexcept {
  return nv2::detail::c_set(context, [](nv2::c_context& self) noexcept {
    self.decide_revocation(nv2::revocation::no_data());
    return nv2::errc::ok;
  });
}
nv2_error nv2_revocation_by_lists(nv2_context* context, const nv2_bytes* lists, size_t count,
                                  nv2_stale_rule stale, uint32_t grace_seconds) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    NV2_TRY(self.keep_data({nullptr, 0}, {lists, count}, stale, grace_seconds));
    self.decide_revocation(nv2::revocation_by_lists(self.data()));
    return nv2::errc::ok;
  });
}
nv2_error nv2_revocation_by_data(nv2_context* context, const nv2_bytes* responses,
                                 size_t response_count, const nv2_bytes* lists, size_t list_count,
                                 nv2_stale_rule stale, uint32_t grace_seconds) noexcept {
  return nv2::detail::c_set(context, [=](nv2::c_context& self) noexcept {
    NV2_TRY(self.keep_data({responses, response_count}, {lists, list_count}, stale, grace_seconds));
    self.decide_revocation(nv2::revocation_by_data(self.data()));
    return nv2::errc::ok;
  });
}

nv2_error nv2_time_at(nv2_context* context, int64_t now) noexcept {
  return nv2::detail::c_set_time(context, nv2::time_basis::at(now));
}
nv2_error nv2_time_not_before(nv2_context* context, int64_t bound) noexcept {
  return nv2::detail::c_set_time(context, nv2::time_basis::not_before(bound));
}
nv2_error nv2_time_from_clock(nv2_context* context, int64_t clock, int64_t bound) noexcept {
  return nv2::detail::c_set_time(context, nv2::time_basis::from_clock(clock, bound));
}
nv2_error nv2_time_unknown(nv2_context* context) noexcept {
  return nv2::detail::c_set_time(context, nv2::time_basis::unknown());
}

nv2_error nv2_artifact(nv2_context* context, const void* content, size_t size,
                       const char* media_type, size_t media_type_size) noexcept {
  return nv2::detail::c_set_artifact(context, content, size, {media_type, media_type_size}, false);
}
nv2_error nv2_artifact_pieces(nv2_context* context, nv2_read read, void* user,
                              const char* media_type, size_t media_type_size) noexcept {
  return nv2::detail::c_set_pieces(context, read, user, {media_type, media_type_size}, false);
}
nv2_error nv2_blob(nv2_context* context, const void* content, size_t size, const char* media_type,
                   size_t media_type_size) noexcept {
  return nv2::detail::c_set_artifact(context, content, size, {media_type, media_type_size}, true);
}
nv2_error nv2_blob_pieces(nv2_context* context, nv2_read read, void* user, const char* media_type,
                          size_t media_type_size) noexcept {
  return nv2::detail::c_set_pieces(context, read, user, {media_type, media_type_size}, true);
}
nv2_error nv2_envelope_type(nv2_context* context, const char* media_type,
                            size_t media_type_size) noexcept {
  return nv2::detail::c_set(context, media_type, media_type_size,
                            [=](nv2::c_context& self) noexcept {
                              self.set_envelope_type({media_type, media_type_size});
                              return nv2::errc::ok;
                            });
}

// --- after ----------------------------------------------------------------------------------------

nv2_error nv2_result(const nv2_context* context) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr) return NV2_ERR_c_context;
  return static_cast<nv2_error>(self->result());
}
nv2_verdict nv2_get_verdict(const nv2_context* context) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr) return NV2_REJECTED;
  return static_cast<nv2_verdict>(self->answer().verdict());
}
nv2_status nv2_get_status(const nv2_context* context) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr) return {NV2_ERR_c_context, NV2_STAGE_NONE, -1, 0};
  const nv2::status why = self->status();
  return {static_cast<nv2_error>(why.code), static_cast<nv2_stage>(why.where), why.certificate,
          why.offset};
}
nv2_outcome nv2_report(const nv2_context* context, nv2_check check) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr || check > NV2_CHECK_BINDING) return NV2_NOT_RUN;
  return static_cast<nv2_outcome>(self->answer().report(static_cast<nv2::check>(check)));
}
nv2_error nv2_logged(const nv2_context* context, nv2_check check) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr || check > NV2_CHECK_BINDING) return NV2_UNSET;
  return static_cast<nv2_error>(self->answer().logged(static_cast<nv2::check>(check)));
}

nv2_text nv2_digest(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  return nv2::detail::c_text(facts == nullptr ? std::string_view{} : facts->digest());
}
nv2_text nv2_media_type(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  return nv2::detail::c_text(facts == nullptr ? std::string_view{} : facts->media_type());
}
nv2_text nv2_references(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  return nv2::detail::c_text(facts == nullptr ? std::string_view{} : facts->references());
}
nv2_text nv2_annotations(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  return nv2::detail::c_text(facts == nullptr ? std::string_view{} : facts->annotations());
}
nv2_bytes nv2_signer(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  const nv2::bytes der = facts == nullptr ? nv2::bytes{} : facts->signer().der;
  return {der.data(), der.size()};
}
nv2_bytes nv2_signer_subject(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  const nv2::bytes name = facts == nullptr ? nv2::bytes{} : facts->signer().subject;
  return {name.data(), name.size()};
}
int64_t nv2_artifact_size(const nv2_context* context) noexcept {
  const nv2::verified* const facts = nv2::detail::c_value(context);
  return facts == nullptr ? -1 : facts->size();
}
nv2_text nv2_accepted_digest(const nv2_context* context) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  const nv2::verified* const facts = self == nullptr ? nullptr : self->answer().accepted_value();
  return nv2::detail::c_text(facts == nullptr ? std::string_view{} : facts->digest());
}

nv2_error nv2_time_floor(const nv2_context* context, int64_t* floor) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr) return NV2_ERR_c_context;
  if (floor == nullptr) return NV2_ERR_c_argument;
  return self->answer().time_floor(*floor) ? NV2_OK : NV2_UNSET;
}
nv2_error nv2_signed_version(nv2_context* context, nv2_version* version) noexcept {
  nv2::c_context* const self = nv2::c_context::find(context);
  if (self == nullptr) return NV2_ERR_c_context;
  if (version == nullptr) return NV2_ERR_c_argument;
  nv2::version found;
  const nv2::errc code = self->read_signed_version(found);
  for (unsigned i = 0; code == nv2::errc::ok && i < 4; ++i) version->parts[i] = found.parts[i];
  return static_cast<nv2_error>(code);
}
size_t nv2_memory_peak(const nv2_context* context) noexcept {
  const nv2::c_context* const self = nv2::c_context::find(context);
  return self == nullptr ? 0 : self->memory_peak();
}

// --- about the library ----------------------------------------------------------------------------

const char* nv2_error_name(nv2_error code) noexcept {
  return code > UINT16_MAX ? "" : nv2::name(static_cast<nv2::errc>(code));
}
const char* nv2_error_rule(nv2_error code) noexcept {
  return code > UINT16_MAX ? "" : nv2::rule(static_cast<nv2::errc>(code));
}
const char* nv2_error_message(nv2_error code) noexcept {
  return code > UINT16_MAX ? "" : nv2::message(static_cast<nv2::errc>(code));
}
const char* nv2_stage_name(nv2_stage stage) noexcept {
  return stage > NV2_STAGE_POLICY ? "" : nv2::name(static_cast<nv2::stage>(stage));
}
size_t nv2_context_size(void) noexcept { return sizeof(nv2::c_context); }
uint32_t nv2_library_version(void) noexcept {
  return NV2_VERSION_MAJOR << 16 | NV2_VERSION_MINOR << 8 | NV2_VERSION_PATCH;
}

}  // extern "C"
// NOLINTEND(bugprone-macro-parentheses,misc-definitions-in-headers)

#endif  // NV2_C_API_HPP
