// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Trust policy documents in files, and where notation keeps them.
#ifndef NV2_CLIENT_POLICY_FILE_HPP
#define NV2_CLIENT_POLICY_FILE_HPP

#include <cstddef>
#include <string>

#include <nv2/base/result.hpp>
#include <nv2/trust/policy_statement.hpp>

#include "errors.hpp"
#include "file_io.hpp"
#include "options.hpp"

namespace client {

/// A place in a text, counted from 1; columns are characters.
struct text_place {
  std::size_t line = 1, column = 1;
};

text_place place_of(nv2::bytes text, std::size_t offset);

/// A document that was checked as a whole, with the memory that it lies in. // spec: P-024
class policy_file {
 public:
  /// Reads `path`. A broken document ends with exit code 2, one that cannot be read with 3.
  policy_file(std::string path, nv2::policy_kind kind, const leniency& deviations);
  policy_file(const policy_file&) = delete;
  policy_file& operator=(const policy_file&) = delete;

  const std::string& path() const { return path_; }
  const nv2::policy_document& document() const { return document_; }

 private:
  std::string path_;
  byte_buffer text_, memory_;
  nv2::policy_document document_;
};

/// What is wrong with the document `text` of `path`, with its place, rule and a next step.
diagnostic broken_policy(const std::string& path, nv2::bytes text, const nv2::status& reason);

/// The text of the policy document `path`.
byte_buffer read_policy_text(const std::string& path);

/// Where notation keeps its configuration: $NOTATION_CONFIG, else $XDG_CONFIG_HOME/notation, else
/// ~/.config/notation. Fails with exit code 2 when no variable tells.
std::string default_configuration();

/// The same, but "" when no variable tells.
std::string find_default_configuration();

/// The trust stores of a configuration directory. // spec: S-003
std::string stores_of_configuration(const std::string& directory);

/// The policy documents that `directory` may hold, best first.
std::vector<std::string> policy_paths(const std::string& directory, nv2::policy_kind kind);

/// The document for `kind` in `directory`, "" = none. // spec: P-023
std::string find_policy(const std::string& directory, nv2::policy_kind kind);

}  // namespace client

#endif  // NV2_CLIENT_POLICY_FILE_HPP
