// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts, escaped and bounded: they end in logs and on terminals, and parts of them are an attacker's.
#include "reason.hpp"

#include <cstddef>

#include <fmt/format.h>
#include <nv2/base/errc.hpp>
#include <nv2/trust/levels.hpp>

#include "terminal.hpp"

namespace containerd {
namespace {

constexpr std::string_view cut_mark = " [...]";

/// The place of the last character that begins before `end`.
std::size_t cut_before(std::string_view text, std::size_t end) {
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

}  // namespace

std::string reason_line(std::string_view text) {
  std::string out = client::escaped(text);
  if (out.size() <= max_reason) return out;
  out.resize(cut_before(out, max_reason - cut_mark.size()));
  return out.append(cut_mark);
}

std::string reason_line(const client::diagnostic& message) {
  std::string out = message.headline;
  for (const client::detail_line& line : message.details) {
    out += fmt::format("; {}: {}", line.label, line.text);
  }
  return reason_line(out);
}

std::string acceptance(const client::examination& done) {
  const client::verdict& answer = done.answer;
  if (answer.skipped) {
    return reason_line(fmt::format("NOT VERIFIED: statement '{}' of {} skips verification",
                                   done.trusted.statement(), done.trusted.policy_path()));
  }
  const bool is_stranger = answer.of(nv2::check::authenticity) == nv2::outcome::logged;
  std::string out =
      fmt::format("{} by statement '{}' (level {}): signed by {}",
                  is_stranger ? "NOT TRUSTED, let pass" : "trusted", done.trusted.statement(),
                  nv2::name(answer.level), answer.signer_subject);
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    if (answer.checks[i] != nv2::outcome::logged) continue;
    out +=
        fmt::format("; the check {} failed, and the policy lets that pass: {}",
                    client::check_name(static_cast<nv2::check>(i)), nv2::message(answer.logged[i]));
  }
  return reason_line(out);
}

}  // namespace containerd
