// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 verify: certificates, signature, manifest, verdict, in this order. // spec: N-176
#include "verify.hpp"

#include <nv2/envelope/envelope.hpp>

#include "judge.hpp"
#include "refusal.hpp"
#include "target.hpp"
#include "verdict_json.hpp"

namespace client {

exit_code run_verify(const verify_options& options) {
  target_path(options.target);  // a wrong target is told before anything is read
  const trust trusted = trust::from_files(options.certificates, options.ca_certificates);
  const byte_buffer envelope =
      read_file(options.signature, "signature file", nv2::limits::envelope_size);
  const byte_buffer manifest = read_manifest(options.target);
  const verdict answer =
      judge({view_of(envelope), view_of(manifest), options.media_type, options.format,
             options.envelope_media_type, options.time, options.deviations, trusted});
  if (options.output == output_form::json) print_result(verdict_document(answer));
  if (answer.trusted) {
    if (options.output == output_form::text) print_result(answer.digest + "\n");  // spec: N-173
    return exit_code::ok;
  }
  print_diagnostic(explain_refusal(answer, options, view_of(envelope), trusted), options.color);
  return exit_code_of(answer.status.code);
}

}  // namespace client
