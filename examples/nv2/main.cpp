// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The command-line client: reads the command line, runs one command, maps failures to exit codes.
#include <new>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "attach.hpp"
#include "batch.hpp"
#include "bundle.hpp"
#include "command_line.hpp"
#include "copy.hpp"
#include "doctor.hpp"
#include "errors.hpp"
#include "explain.hpp"
#include "inspect.hpp"
#include "policy_check.hpp"
#include "program.hpp"
#include "run_if_trusted.hpp"
#include "sign.hpp"
#include "terminal.hpp"
#include "trust_keys.hpp"
#include "verdict_json.hpp"
#include "verify.hpp"

namespace client {
namespace {

exit_code run(const print_request& wanted) {
  print_result(wanted.text);
  return exit_code::ok;
}
exit_code run(const verify_options& options) { return run_verify(options); }
exit_code run(const batch_options& options) { return run_batch(options); }
exit_code run(const run_options& options) { return run_if_trusted(options); }
exit_code run(const explain_options& options) { return run_explain(options.verified); }
exit_code run(const policy_check_options& options) { return run_policy_check(options); }
exit_code run(const trust_key_options& options) { return run_trust(options); }
exit_code run(const sign_options& options) { return run_sign(options); }
exit_code run(const bundle_create_options& options) { return run_bundle_create(options); }
exit_code run(const bundle_show_options& options) { return run_bundle_show(options); }
exit_code run(const doctor_options& options) { return run_doctor(options); }
exit_code run(const inspect_options& options) { return run_inspect(options); }
exit_code run(const attach_options& options) { return run_attach(options); }
exit_code run(const list_options& options) { return run_list(options); }
exit_code run(const copy_options& options) { return run_copy(options); }

/// Tells about `reason`, in the document too when one was asked for.
exit_code report(const failure& reason, const command_line& line) {
  print_diagnostic(reason.message(), line.color());
  try {
    if (line.wants_json_verdict()) print_result(verdict_document(reason));
  } catch (const failure& second) {
    print_diagnostic(second.message(), line.color());
  }
  return reason.code();
}

exit_code run_command(command_line& line) {
  try {
    return std::visit([](const auto& wanted) { return run(wanted); }, line.read());
  } catch (const failure& reason) {
    return report(reason, line);
  } catch (const std::bad_alloc&) {
    return report({exit_code::unavailable, "not enough memory"}, line);
  } catch (const std::exception& reason) {
    return report({exit_code::unavailable, fmt::format("internal error: {}", reason.what())}, line);
  }
}

}  // namespace
}  // namespace client

int main(int argc, char** argv) {
  client::prepare_program();
  client::command_line line{std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)};
  client::hide_passwords(argc, argv);
  return static_cast<int>(client::run_command(line));
}
