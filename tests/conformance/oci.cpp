// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <nv2/oci/descriptor.hpp>
#include <nv2/oci/reference.hpp>

namespace nv2_conformance {
namespace {

using nv2::errc;

std::string text(nv2::bytes part) { return std::string(part.as_text()); }

/// The origin's own tests know SHA-256 only, and refuse a reference with any other digest.
errc check_digest(nv2::bytes digest) {
  if (digest.empty()) return errc::ok;
  nv2::parsed_digest parsed;
  NV2_TRY(nv2::parse_digest(digest, parsed));
  return parsed.algorithm == nv2::hash_algorithm::sha256 ? errc::ok : errc::digest_unsupported;
}

verdict judge_reference(const json& line, const octets& input) {
  nv2::reference parsed;
  errc code = nv2::parse_reference(view(input), parsed);
  if (code == errc::ok) code = check_digest(parsed.digest);
  verdict v = judged(code);
  compare(v, "repository", text(parsed.repository), line.value("repository", ""));
  compare(v, "domain", text(parsed.domain), line.value("domain", ""));
  compare(v, "tag", text(parsed.tag), line.value("tag", ""));
  compare(v, "digest", text(parsed.digest), line.value("digest", ""));
  return v;
}

/// Compares the capture groups of the origin's pattern, where the suite has all of them.
void compare_groups(verdict& v, const json& line, const std::vector<std::string>& groups) {
  const auto expected = line.value("subs", std::vector<std::string>{});
  if (expected.size() != groups.size()) return;
  for (std::size_t i = 0; i < groups.size(); ++i) compare(v, "part", groups[i], expected[i]);
}

verdict judge_grammar(const json& line, const octets& input) {
  nv2::reference parsed;
  verdict v = judged(nv2::parse_reference(view(input), parsed));
  compare_groups(v, line, {text(parsed.repository), text(parsed.tag), text(parsed.digest)});
  return v;
}

verdict judge_name(const json& line, const octets& input) {
  nv2::reference parsed;
  errc code = nv2::parse_reference(view(input), parsed);
  if (parsed.repository.size() != input.size()) code = errc::reference_syntax;
  verdict v = judged(code);
  compare_groups(v, line, {text(parsed.domain), text(parsed.path)});
  return v;
}

/// A text is a domain when it is the domain of the reference "TEXT/a".
verdict judge_domain(const std::string& input) {
  const octets whole = from_text(input + "/a");
  nv2::reference parsed;
  const errc code = nv2::parse_reference(view(whole), parsed);
  return judged(text(parsed.domain) == input ? code : errc::reference_syntax);
}

}  // namespace

std::vector<scorecard> run_oci_references(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    const std::string kind = line.at("kind");
    card.run(line.at("id"), line.at("expect"), stem, [&] {
      const std::string text = line.at("input");
      const octets input = from_text(text);
      if (kind == "reference") return judge_reference(line, input);
      if (kind == "reference-grammar") return judge_grammar(line, input);
      if (kind == "name") return judge_name(line, input);
      if (kind == "domain") return judge_domain(text);
      throw std::runtime_error("unknown kind " + kind);
    });
  });
  return {card};
}

std::vector<scorecard> run_oci_digests(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem, [&] {
      const octets input = from_text(line.at("input").get<std::string>());
      nv2::parsed_digest parsed;
      verdict v = judged(nv2::parse_digest(view(input), parsed));
      if (line.contains("encoded")) compare(v, "encoded", text(parsed.hex), line["encoded"]);
      if (line.contains("algorithm")) {
        const std::string name = line["algorithm"];
        const bool same = 4 * nv2::digest_size(parsed.algorithm) == parsed.hex.size() * 2 &&
                          name == "sha" + std::to_string(8 * nv2::digest_size(parsed.algorithm));
        compare(v, "algorithm", same ? name : "another one", name);
      }
      return v;
    });
  });
  return {card};
}

}  // namespace nv2_conformance
