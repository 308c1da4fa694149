// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What an object keeps a reference to must not be a temporary.
//
// expect 1: deleted
// expect 2: deleted
// expect 3: deleted
// expect 4: no matching
// expect 5: deleted
// expect 6: deleted
// expect 7: deleted
// expect 8: deleted
// expect 9: deleted
// expect 10: deleted
#include <nv2/nv2.hpp>

nv2::policy keep_anchors(const nv2::trust_anchor (&anchors)[1]) {
#if NV2_BAD == 1
  return nv2::policy::strict({nv2::trust_anchor{}}, nv2::revocation::not_checked());
#else
  return nv2::policy::strict(anchors, nv2::revocation::not_checked());
#endif
}

nv2::policy keep_lists(const nv2::policy& trust, const nv2::bytes (&identities)[1],
                       const std::string_view (&understood)[1],
                       const nv2::required_annotation (&metadata)[1]) {
#if NV2_BAD == 6
  static_cast<void>(identities);
  return trust.with_understood(understood)
      .with_user_metadata(metadata)
      .with_identities({nv2::bytes{}});
#elif NV2_BAD == 7
  static_cast<void>(understood);
  return trust.with_identities(identities)
      .with_user_metadata(metadata)
      .with_understood({std::string_view{"a"}});
#elif NV2_BAD == 8
  static_cast<void>(metadata);
  return trust.with_identities(identities)
      .with_understood(understood)
      .with_user_metadata({nv2::required_annotation{}});
#else
  return trust.with_identities(identities).with_understood(understood).with_user_metadata(metadata);
#endif
}

nv2::verifier keep_policy(const nv2::crypto_backend& crypto, const nv2::policy& trust) {
#if NV2_BAD == 2
  return nv2::verifier{crypto, nv2::all_formats, nv2::policy{trust}};
#elif NV2_BAD == 3
  return nv2::verifier{nv2::crypto_backend{crypto}, nv2::all_formats, trust};
#else
  return nv2::verifier{crypto, nv2::all_formats, trust};
#endif
}

nv2::format_list keep_formats(const nv2::envelope_format* const (&formats)[1]) {
#if NV2_BAD == 4
  static_cast<void>(formats);
  return nv2::format_list{{&nv2::nv2_jwt_format}};
#else
  return nv2::format_list{formats};
#endif
}

const nv2::verified* keep_answer(const nv2::verifier& judge, nv2::workspace& memory,
                                 const nv2::verification& answer) {
#if NV2_BAD == 5
  static_cast<void>(answer);
  return judge.verify({}, nv2::artifact::content({}), nv2::time_basis::unknown(), memory).value();
#else
  static_cast<void>(judge);
  static_cast<void>(memory);
  return answer.value();
#endif
}

nv2::revocation keep_data(const nv2::revocation_data& data) {
#if NV2_BAD == 9
  return nv2::revocation_by_lists(nv2::revocation_data{data});
#else
  return nv2::revocation_by_lists(data);
#endif
}

nv2::revocation keep_responses(const nv2::revocation_data& data) {
#if NV2_BAD == 10
  return nv2::revocation_by_data(nv2::revocation_data{data});
#else
  return nv2::revocation_by_data(data);
#endif
}
