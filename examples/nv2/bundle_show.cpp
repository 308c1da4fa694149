// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// nv2 bundle show: read, show, judge nothing.
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nv2/x509/crl.hpp>

#include "bundle.hpp"
#include "certificate_view.hpp"
#include "envelope_view.hpp"
#include "refusal.hpp"
#include "target.hpp"
#include "terminal.hpp"
#include "time_text.hpp"
#include "tolerant_json.hpp"

namespace client {
namespace {

using nv2::errc;

/// Hexadecimal, without the name of the algorithm: nothing here is a digest that one may use.
std::string sha256_of(nv2::bytes data) {
  constexpr std::size_t prefix = 7;
  return manifest_digest(byte_buffer{data.begin(), data.end()}).substr(prefix);
}

struct shown_file {
  std::size_t size = 0;
  std::string sha256;
  /// Of lists that can be read.
  std::string made, next;
};

shown_file view_file(nv2::bytes file) { return {file.size(), sha256_of(file), {}, {}}; }

shown_file view_list(nv2::bytes file) {
  shown_file out = view_file(file);
  nv2::certificate_list parsed;
  if (nv2::parse_certificate_list(file, parsed) != errc::ok) return out;
  out.made = instant_text(parsed.this_update);
  if (parsed.has_next_update) out.next = instant_text(parsed.next_update);
  return out;
}

struct shown_signature {
  std::string media_type, format, signer;
  shown_file file;
};

shown_signature view_signature(const nv2::bundled_signature& each) {
  const envelope_view parts = view_envelope(each.envelope);
  shown_signature out{std::string(each.media_type), parts.format, {}, view_file(each.envelope)};
  if (!parts.signatures.empty() && !parts.signatures.front().certificates.empty()) {
    out.signer = subject_of(view_of(parts.signatures.front().certificates.front()));
  }
  return out;
}

template <typename Item, typename Visit>
void for_each_item(const nv2::bundle_items& items, const Visit& visit) {
  nv2::bundle_cursor cursor{items};
  for (Item each; cursor.next(each);) visit(each);
}

/// Lines of "label  value" under headings.
class page {
 public:
  explicit page(bool color) : color_(color) {}

  void heading(const std::string& text) { out_ += styled(text, style::bold, color_) + "\n"; }
  /// Prints nothing for an empty value.
  void line(std::string_view label, std::string_view value) {
    if (value.empty()) return;
    out_ +=
        styled(fmt::format("  {:<12}", label), style::dim, color_) + " " + escaped(value) + "\n";
  }
  void file(const shown_file& shown) {
    line("size", fmt::format("{} bytes", shown.size));
    line("sha256", shown.sha256);
    line("made", shown.made);
    line("next", shown.next);
  }
  /// Line by line, as it stands.
  void document(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      out_ += "    " + escaped(text.substr(0, end)) + "\n";
      text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool color_;
};

shown_json text_or_null(const std::string& text) {
  return text.empty() ? shown_json(nullptr) : shown_json(text);
}

shown_json file_document(const shown_file& shown) {
  return {{"size", shown.size}, {"sha256", shown.sha256}};
}

shown_json artifact_document(const nv2::bundle& shown) {
  if (!shown.has_artifact) return nullptr;
  const nv2::bundled_artifact& artifact = shown.artifact;
  return {{"mediaType", std::string(artifact.media_type)},
          {"digest", std::string(artifact.digest)},
          {"size", artifact.size},
          {"reference", text_or_null(std::string(artifact.reference))}};
}

/// Somebody who is to read it gets it, and nothing else does.
void extract_policy(const nv2::bundle& shown, const bundle_show_options& options) {
  if (shown.policy.empty()) {
    throw failure(exit_code::refused, "there is no trust policy in the bundle",
                  {{"file", options.file}, next_step("leave --extract-policy out")});
  }
  if (is_same_file(options.file, options.extracted_policy)) {
    throw failure(exit_code::usage, "the policy would replace the bundle",
                  {next_step("choose another --extract-policy")});
  }
  new_file file{options.extracted_policy, shown.policy.as_text(), links::follow};
  file.commit();
}

}  // namespace

std::string bundle_text(const nv2::bundle& shown, bool color) {
  page out{color};
  out.heading("bundle, nothing of which was verified");
  out.line("counter", fmt::format("{}", shown.counter));
  if (shown.has_artifact) {
    out.heading("artifact that it is said to be for");
    out.line("media type", shown.artifact.media_type);
    out.line("digest", shown.artifact.digest);
    out.line("size", fmt::format("{} bytes", shown.artifact.size));
    out.line("reference", shown.artifact.reference);
  }
  std::size_t number = 0;
  for_each_item<nv2::bundled_signature>(shown.signatures, [&](const auto& each) {
    const shown_signature parts = view_signature(each);
    out.heading(fmt::format("signature {}", ++number));
    out.line("media type", parts.media_type);
    out.line("format", parts.format);
    out.line("signer", parts.signer);
    out.file(parts.file);
  });
  number = 0;
  for_each_item<nv2::bytes>(shown.lists, [&](nv2::bytes each) {
    out.heading(fmt::format("revocation list {}", ++number));
    out.file(view_list(each));
  });
  number = 0;
  for_each_item<nv2::bytes>(shown.responses, [&](nv2::bytes each) {
    out.heading(fmt::format("OCSP response {}", ++number));
    out.file(view_file(each));
  });
  if (!shown.policy.empty()) {
    out.heading("trust policy, which no verifier believes for being here");
    out.file(view_file(shown.policy));
    out.document(shown.policy.as_text());
  }
  return out.take();
}

std::string bundle_document(const nv2::bundle& shown) {
  shown_json signatures = shown_json::array();
  for_each_item<nv2::bundled_signature>(shown.signatures, [&](const auto& each) {
    const shown_signature parts = view_signature(each);
    shown_json one = {{"mediaType", parts.media_type},
                      {"format", text_or_null(parts.format)},
                      {"signer", text_or_null(parts.signer)}};
    one.update(file_document(parts.file));
    signatures.push_back(std::move(one));
  });
  shown_json lists = shown_json::array();
  for_each_item<nv2::bytes>(shown.lists, [&](nv2::bytes each) {
    const shown_file parts = view_list(each);
    shown_json one = file_document(parts);
    one["thisUpdate"] = text_or_null(parts.made);
    one["nextUpdate"] = text_or_null(parts.next);
    lists.push_back(std::move(one));
  });
  shown_json responses = shown_json::array();
  for_each_item<nv2::bytes>(shown.responses, [&](nv2::bytes each) {
    responses.push_back(file_document(view_file(each)));
  });
  shown_json policy = nullptr;
  if (!shown.policy.empty()) {
    policy = file_document(view_file(shown.policy));
    policy["text"] = std::string(shown.policy.as_text());
  }
  const shown_json out = {{"schema", "nv2.bundle/1"},
                          {"verified", false},
                          {"counter", shown.counter},
                          {"artifact", artifact_document(shown)},
                          {"signatures", std::move(signatures)},
                          {"lists", std::move(lists)},
                          {"responses", std::move(responses)},
                          {"policy", std::move(policy)}};
  return compact(out) + "\n";
}

exit_code run_bundle_show(const bundle_show_options& options) {
  const byte_buffer content = read_file(options.file, "bundle", nv2::limits::bundle_size);
  nv2::bundle shown;
  const errc code = nv2::parse_bundle(view_of(content), shown);
  if (code != errc::ok) {
    throw failure(exit_code::refused, fmt::format("cannot read: {}", nv2::message(code)),
                  {{"file", options.file},
                   {"rule", rule_text(code)},
                   next_step("get the file again from its source")});
  }
  if (!options.extracted_policy.empty()) extract_policy(shown, options);
  print_result(options.output == output_form::json
                   ? bundle_document(shown)
                   : bundle_text(shown, wants_color(options.color, stdout)));
  return exit_code::ok;
}

}  // namespace client
