// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Lists of findings, for people and for programs.
#include "doctor_findings.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "terminal.hpp"
#include "tolerant_json.hpp"

namespace client {
namespace {

struct kind_words {
  const char *shown, *name;
  style how;
};

kind_words words_of(proof kind) {
  switch (kind) {
    case proof::proven: return {"ok", "proven", style::green};
    case proof::noted: return {"note", "noted", style::dim};
    case proof::unproven: return {"UNKNOWN", "unproven", style::yellow};
    case proof::fault: return {"FAULT", "fault", style::red};
    case proof::hole: break;
  }
  return {"HOLE", "hole", style::red};
}

std::string next_of(const diagnostic& message) {
  for (const detail_line& line : message.details) {
    if (line.label == "next") return line.text;
  }
  return {};
}

}  // namespace

void doctor_findings::add(const std::string& check, const std::string& subject,
                          const failure& reason) {
  const bool is_missing = reason.code() == exit_code::unavailable;
  add({is_missing ? proof::unproven : proof::fault, check, subject, reason.message().headline,
       next_of(reason.message())});
}

exit_code doctor_findings::code() const {
  proof worst = proof::proven;
  for (const finding& each : all_) worst = std::max(worst, each.kind);
  if (worst >= proof::fault) return exit_code::refused;
  return worst == proof::unproven ? exit_code::unavailable : exit_code::ok;
}

std::string doctor_findings::text(color_choice choice) const {
  const bool color = wants_color(choice, stdout);
  std::string out;
  for (const finding& each : all_) {
    const kind_words words = words_of(each.kind);
    out += styled(fmt::format("{:<8}", words.shown), words.how, color);
    out += escaped(fmt::format("{}: {}: {}", each.check, each.subject, each.message)) + "\n";
    if (!each.next.empty()) out += escaped(fmt::format("        next: {}", each.next)) + "\n";
  }
  return out;
}

std::string doctor_findings::document() const {
  shown_json list = shown_json::array();
  for (const finding& each : all_) {
    shown_json entry = {{"kind", words_of(each.kind).name},
                        {"check", each.check},
                        {"subject", each.subject},
                        {"message", each.message}};
    if (!each.next.empty()) entry["next"] = each.next;
    list.push_back(std::move(entry));
  }
  return compact({{"schema", "nv2.doctor/1"},
                  {"proven", code() == exit_code::ok},
                  {"findings", std::move(list)}}) +
         "\n";
}

void doctor_findings::print(const doctor_options& options) const {
  print_result(options.output == output_form::json ? document() : text(options.color));
}

}  // namespace client
