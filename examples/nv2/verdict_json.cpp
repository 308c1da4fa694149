// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Verdicts as JSON.
#include "verdict_json.hpp"

#include <cstdint>
#include <utility>

#include "time_text.hpp"
#include "tolerant_json.hpp"

namespace client {
namespace {

shown_json text_or_null(const std::string& text) {
  return text.empty() ? shown_json(nullptr) : shown_json(text);
}

shown_json time_document(nv2::time_basis time) {
  using kind = nv2::time_basis::kind;
  if (time.known() == kind::unknown) return {{"basis", "unknown"}, {"value", nullptr}};
  return {{"basis", time.known() == kind::at ? "at" : "after"},
          {"value", instant_text(time.value())}};
}

const char* outcome_name(nv2::outcome o) {
  switch (o) {
    case nv2::outcome::passed: return "ok";
    case nv2::outcome::failed: return "failed";
    case nv2::outcome::logged: return "logged";
    case nv2::outcome::not_run: break;
  }
  return "skipped";
}

shown_json error_document(const nv2::status& status) {
  if (status.ok()) return nullptr;
  return {{"code", static_cast<unsigned>(status.code)},
          {"name", nv2::name(status.code)},
          {"rule", nv2::rule(status.code)},
          {"stage", nv2::name(status.where)},
          {"certificate", status.certificate},
          {"offset", status.offset},
          {"message", nv2::message(status.code)}};
}

/// What failed, and passed only because the level logs it. // spec: W-005 W-081
shown_json logged_document(const verdict& answer) {
  shown_json out = shown_json::array();
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    if (answer.checks[i] != nv2::outcome::logged) continue;
    const nv2::errc code = answer.logged[i];
    out.push_back({{"check", check_name(static_cast<nv2::check>(i))},
                   {"code", static_cast<unsigned>(code)},
                   {"name", nv2::name(code)},
                   {"rule", nv2::rule(code)},
                   {"message", nv2::message(code)}});
  }
  return out;
}

const char* source_name(nv2::revocation_source source) {
  switch (source) {
    case nv2::revocation_source::list: return "list";
    case nv2::revocation_source::response: return "response";
    case nv2::revocation_source::none: break;
  }
  return "none";
}

const char* freshness_name(nv2::freshness fresh) {
  switch (fresh) {
    case nv2::freshness::current: return "current";
    case nv2::freshness::in_grace: return "inGrace";
    case nv2::freshness::ignored: return "ignored";
    case nv2::freshness::none: break;
  }
  return "none";
}

const char* source_name(nv2::time_source source) {
  switch (source) {
    case nv2::time_source::present: return "present";
    case nv2::time_source::signing_authority: return "signingAuthority";
    case nv2::time_source::timestamp: return "timestamp";
    case nv2::time_source::none: break;
  }
  return "none";
}

shown_json number_or_null(std::int8_t number) {
  return number < 0 ? shown_json(nullptr) : shown_json(static_cast<int>(number));
}

/// The data about revocation that decided. // spec: R-006
shown_json revocation_document(const nv2::revocation_answer& found) {
  shown_json as_of = nullptr;
  if (found.has_as_of) as_of = instant_text(found.as_of);
  return {{"source", source_name(found.source)},
          {"freshness", freshness_name(found.fresh)},
          {"asOf", std::move(as_of)},
          {"reason", number_or_null(found.reason)},
          {"certificate", number_or_null(found.certificate)}};
}

/// When the certificates had to be valid. // spec: W-061 W-063 W-064
shown_json validity_document(const verdict& answer) {
  shown_json from = nullptr, to = nullptr;
  if (answer.has_validity()) {
    from = instant_text(answer.times.first);
    to = instant_text(answer.times.last);
  }
  return {{"source", source_name(answer.times.source)},
          {"from", std::move(from)},
          {"to", std::move(to)}};
}

/// The signatures of a layout that were tried. // spec: W-040
shown_json signatures_document(const std::vector<tried_signature>& tried) {
  shown_json out = shown_json::array();
  for (const tried_signature& each : tried) {
    const bool good = each.code == nv2::errc::ok;
    shown_json error = nullptr;
    if (!good) {
      error = {{"code", static_cast<unsigned>(each.code)},
               {"name", nv2::name(each.code)},
               {"rule", nv2::rule(each.code)},
               {"message", nv2::message(each.code)}};
    }
    shown_json one = {{"manifest", text_or_null(each.manifest)},
                      {"mediaType", text_or_null(each.media_type)},
                      {"trusted", good},
                      {"error", std::move(error)}};
    if (!each.file.empty()) one["file"] = each.file;
    out.push_back(std::move(one));
  }
  return out;
}

/// Who counts. // spec: W-040
shown_json signers_document(const std::vector<counted_certificate>& signers) {
  shown_json out = shown_json::array();
  for (const counted_certificate& each : signers) {
    out.push_back({{"subject", each.subject}, {"sha256", each.sha256}});
  }
  return out;
}

shown_json document(const verdict& answer, shown_json error) {
  shown_json checks = shown_json::object();
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    checks[check_name(static_cast<nv2::check>(i))] = outcome_name(answer.checks[i]);
  }
  shown_json signer = nullptr;
  if (answer.accepted) {
    signer = {{"subject", answer.signer_subject}, {"sha256", answer.signer_sha256}};
  }
  const char* const rejected = answer.skipped ? "skipped" : "rejected";
  shown_json out = {
      {"schema", "nv2.verdict/1"},
      {"verdict", answer.accepted ? "trusted" : rejected},
      {"digest", text_or_null(answer.digest)},
      {"format", text_or_null(answer.format)},
      {"time", time_document(answer.time)},
      {"checks", std::move(checks)},
      {"logged", logged_document(answer)},
      {"revocation", revocation_document(answer.revocation)},
      {"validity", validity_document(answer)},
      {"signer", std::move(signer)},
      {"policy",
       {{"statement", text_or_null(answer.statement)}, {"level", nv2::name(answer.level)}}},
      {"error", std::move(error)}};
  if (answer.acquire) {
    out["acquire"] = {{"prefix", answer.acquire->prefix},
                      {"url", answer.acquire->url},
                      {"store", answer.acquire->store},
                      {"sha256", text_or_null(answer.acquire->sha256)}};
  }
  if (answer.version) out["version"] = version_text(*answer.version);
  if (answer.threshold != 0) {
    out["threshold"] = answer.threshold;
    out["signers"] = signers_document(answer.signers);
  }
  if (answer.bundle_counter) out["bundle"] = {{"counter", *answer.bundle_counter}};
  if (answer.is_stored || answer.threshold != 0 || answer.bundle_counter) {
    out["signatures"] = signatures_document(answer.signatures);
  }
  if (answer.is_stored) {
    out["unreadable"] = signatures_document(answer.unreadable);
  }
  return out;
}

/// Failures outside of the verifier have no code; their name says which exit code they have.
const char* failure_name(exit_code code) {
  switch (code) {
    case exit_code::usage: return "usage";
    case exit_code::unavailable: return "unavailable";
    default: return "refused";
  }
}

shown_json whole_document(const verdict& answer) {
  return document(answer, answer.skipped ? shown_json(nullptr) : error_document(answer.status));
}

shown_json whole_document(const failure& reason) {
  return document(verdict{}, {{"code", 0},
                              {"name", failure_name(reason.code())},
                              {"rule", nullptr},
                              {"stage", "none"},
                              {"certificate", -1},
                              {"offset", 0},
                              {"message", reason.message().headline}});
}

std::string labelled(shown_json out, const answer_label& label) {
  out["line"] = label.line;
  out["id"] = text_or_null(label.id);
  out["target"] = text_or_null(label.target);
  out["exit"] = static_cast<int>(label.code);
  out["messages"] = label.messages;
  return compact(out) + "\n";
}

}  // namespace

std::string verdict_document(const verdict& answer) {
  return compact(whole_document(answer)) + "\n";
}

std::string verdict_document(const failure& reason) {
  return compact(whole_document(reason)) + "\n";
}

std::string verdict_document(const verdict& answer, const answer_label& label) {
  return labelled(whole_document(answer), label);
}

std::string verdict_document(const failure& reason, const answer_label& label) {
  return labelled(whole_document(reason), label);
}

}  // namespace client
