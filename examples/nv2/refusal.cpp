// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Messages about refused signatures, built from the error and from what the envelope shows.
#include "refusal.hpp"

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "certificate_view.hpp"
#include "next_steps.hpp"
#include "reference_check.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::errc;
using nv2::error_class;

void append_references(const shown_json& holder, std::vector<std::string>& out) {
  if (!holder.is_object() || !holder.contains("references")) return;
  for (const shown_json& entry : holder.at("references")) {
    if (entry.is_string()) out.push_back(entry.get<std::string>());
  }
}

/// All references in the claims, those of the older `manifests` form included.
std::vector<std::string> references_in(const shown_json& claims) {
  std::vector<std::string> out;
  append_references(claims, out);
  if (claims.is_object() && claims.contains("manifests")) {
    for (const shown_json& manifest : claims.at("manifests")) append_references(manifest, out);
  }
  return out;
}

/// A name without the digest in it: nothing in a refusal shall look like a digest that one may use.
/// // spec: N-174
std::string without_digest(const std::string& name) { return name.substr(0, name.find("@sha")); }

/// Writes a message.
class explanation {
 public:
  explicit explanation(const refusal_facts& facts)
      : facts_(facts),
        answer_(facts.answer),
        options_(facts.options),
        trusted_(facts.trusted),
        shown_(facts.shown) {}

  diagnostic build() {
    add_facts();
    add_next_step();
    return std::move(out_);
  }

 private:
  errc code() const { return facts_.code(); }
  error_class group() const { return facts_.group(); }
  void add(const char* label, std::string text) {
    out_.details.push_back({label, std::move(text)});
  }

  const signature_view* signature() const { return facts_.signature(); }
  nv2::bytes signer() const { return facts_.signer(); }

  void add_facts() {
    out_.headline = headline();
    add("check", check_name(nv2::check_of(answer_.status)));
    add("rule", rule_text(code()));
    add_place();
    for (std::size_t i = 0; i < answer_.tried.size(); ++i) {
      add("signature", fmt::format("{}: {}, {}", i + 1, nv2::message(answer_.tried[i]),
                                   rule_text(answer_.tried[i])));
    }
    add_certificate();
    add_reference();
    add_policy();
  }

  void add_place() {
    const std::uint32_t offset = answer_.status.offset;
    const std::string near = offset == 0 ? "" : fmt::format(", near byte {}", offset);
    if (answer_.threshold != 0) add_counted();
    const bool lists_files = answer_.threshold != 0 || answer_.signatures.size() > 1;
    if (!answer_.is_stored && lists_files) return add_tried_files();
    if (!answer_.is_stored)
      return add(
          "file",
          (options_.bundle.empty() ? without_digest(options_.signature) : options_.bundle) + near);
    add("artifact", options_.target.substr(0, options_.target.find('@')));
    for (std::size_t i = 0; i < answer_.signatures.size(); ++i) {
      add_tried(fmt::format("{}", i + 1), answer_.signatures[i]);
    }
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < answer_.unreadable.size() && i < shown; ++i) {
      add_tried("not readable", answer_.unreadable[i]);
    }
    if (answer_.unreadable.size() > shown) {
      add("", fmt::format("and {} more", answer_.unreadable.size() - shown));
    }
  }
  void add_counted() {
    add("signers", fmt::format("{} of {}", answer_.signers.size(), answer_.threshold));
    for (const counted_certificate& each : answer_.signers) add("counted", each.subject);
    for (const byte_buffer& item : trusted_.required()) {
      add("required", std::string(view_of(item).as_text()));
    }
  }
  void add_tried_files() {
    for (const tried_signature& each : answer_.signatures) {
      const bool counts = each.code == errc::ok;
      const std::string name = without_digest(each.file);
      add("file",
          counts ? fmt::format("{}: its signer counts", name)
                 : fmt::format("{}: {}, {}", name, nv2::message(each.code), rule_text(each.code)));
    }
  }
  /// A manifest by the beginning of its digest: nothing in a refusal shall look like a digest that
  /// one may use. // spec: N-174
  void add_tried(const std::string& which, const tried_signature& each) {
    const std::size_t colon = each.manifest.find(':');
    const std::string name = colon == each.manifest.npos
                                 ? std::string("an entry of an index")
                                 : "manifest " + each.manifest.substr(colon + 1, 12);
    if (each.code == errc::ok) {
      return add("signature", fmt::format("{}: {}: its signer counts", which, name));
    }
    add("signature",
        fmt::format("{}: {}: {}, {}", which, name, nv2::message(each.code), rule_text(each.code)));
  }

  void add_policy() {
    if (trusted_.statement().empty()) return;
    add("policy", fmt::format("statement '{}' (level {}) of {}", trusted_.statement(),
                              nv2::name(answer_.level), trusted_.policy_path()));
    if (group() != error_class::trust && group() != error_class::keynotfound) return;
    for (const used_store& store : trusted_.stores()) {
      const char* const state = !store.exists             ? "does not exist"  // spec: S-011
                                : store.certificates == 0 ? "has no certificate"
                                                          : nullptr;
      if (state != nullptr) add("store", fmt::format("{} {}: {}", store.name, state, store.path));
    }
  }

  std::string headline() const {
    if (group() == error_class::storage)
      return fmt::format("cannot verify: {}", nv2::message(code()));
    const char* const bound = group() == error_class::binding ? "manifest is not signed: " : "";
    return fmt::format("verification failure: {}{}", bound, nv2::message(code()));  // spec: N-174
  }

  bool concerns_signer() const {
    return group() == error_class::cert || group() == error_class::certtime ||
           group() == error_class::trust || group() == error_class::identity;
  }

  void add_certificate() {
    const bool named = signature() != nullptr && answer_.status.certificate >= 0;
    const std::size_t index = named ? static_cast<std::uint8_t>(answer_.status.certificate) : 0;
    const bool listed = named && index < signature()->certificates.size();
    if (!listed && !concerns_signer()) return;
    const nv2::bytes der = listed ? view_of(signature()->certificates[index]) : signer();
    if (der.empty()) return;
    const certificate_view shown = view_certificate(der);
    const std::string subject = shown.readable ? shown.subject : "unreadable";
    add("certificate", (listed ? fmt::format("x5c[{}] {}", index, subject) : subject));
    if (group() == error_class::certtime && shown.not_before && shown.not_after) {
      add("valid",
          fmt::format("{} to {}", instant_text(*shown.not_before), instant_text(*shown.not_after)));
    }
    if (code() == errc::host_not_covered)
      add("names", fmt::format("{}", fmt::join(shown.names, ", ")));
  }

  void add_reference() {
    if (signature() == nullptr) return;
    const auto refused =
        find_refused(references_in(shown_.claims), signer(), options_.deviations.flags);
    if (refused && refused->code == code()) add("reference", refused->text);
  }

  void add_next_step() {
    if (const char* const name = deviation_for(code()); name != nullptr) {
      add("relaxed by", fmt::format("--compat {}, for old files you have reason to trust", name));
    }
    if (!answer_.acquire) return add("next", next_step_for(facts_));
    // spec: Q-004
    add("acquire",
        fmt::format("the certificate for {}: {}", answer_.acquire->prefix, answer_.acquire->url));
    // In a trust store nobody looks for the key of a kid. // spec: N-072 Q-006
    if (code() == errc::kid_not_found) return add("next", next_step_for(facts_));
    add("next",
        fmt::format("if you trust its owner: nv2 trust add {}{}; then run this again. "
                    "Otherwise {}",
                    answer_.acquire->prefix,
                    options_.trusted.config.empty() ? std::string{}
                                                    : " --config " + options_.trusted.config,
                    next_step_for(facts_)));
  }

  const refusal_facts& facts_;
  const verdict& answer_;
  const verify_options& options_;
  const trust& trusted_;
  const envelope_view& shown_;
  diagnostic out_;
};

}  // namespace

std::string rule_text(errc code) {
  return fmt::format("{} ({})", nv2::rule(code), nv2::name(code));
}

diagnostic explain_refusal(const verdict& answer, const verify_options& options,
                           nv2::bytes envelope, const trust& trusted) {
  return explanation{refusal_facts{answer, options, trusted, view_envelope(envelope)}}.build();
}

}  // namespace client
