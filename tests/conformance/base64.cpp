// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include <stdexcept>

#include <nv2/codec/base64.hpp>

namespace nv2_conformance {
namespace {

using nv2::errc;
constexpr nv2::base64_rules strict = nv2::base64_rules::strict;

nv2::base64_alphabet alphabet_of(const std::string& variant) {
  if (variant == "std-pad") return nv2::base64_alphabet::standard_padded;
  if (variant == "url-nopad") return nv2::base64_alphabet::url_unpadded;
  throw std::runtime_error("unknown variant " + variant);
}

/// Decodes three ways, which must agree: apart, onto the text itself, and into a workspace.
verdict judge(const json& line, const octets& input) {
  const nv2::base64_alphabet alphabet = alphabet_of(line.at("variant"));
  octets apart(nv2::max_decoded_size(input.size()));
  std::size_t size = 0;
  const errc code = nv2::decode_base64(view(input), alphabet, strict,
                                       nv2::mutable_bytes{apart.data(), apart.size()}, size);
  verdict v = judged(code);
  const std::string result = to_hex(view(apart).first(size));
  compare(v, "output", result, line.value("out_hex", ""));

  octets place = input;
  const errc same = nv2::decode_base64(view(place), alphabet, strict,
                                       nv2::mutable_bytes{place.data(), place.size()}, size);
  octets memory(nv2::max_decoded_size(input.size()));
  nv2::workspace workspace{nv2::mutable_bytes{memory.data(), memory.size()}};
  nv2::mutable_bytes kept;
  const errc taken = nv2::decode_base64(view(input), alphabet, strict, workspace, kept);
  if (same != code || taken != code) throw std::runtime_error("decoders disagree");
  compare(v, "output in place", to_hex(view(place).first(size)), result);
  compare(v, "output in the workspace", to_hex(kept), result);
  return v;
}

}  // namespace

std::vector<scorecard> run_base64(const suite_folder& folder) {
  scorecard card = folder.card();
  folder.for_each([&](const json& line, const std::string& stem) {
    card.run(line.at("id"), line.at("expect"), stem,
             [&] { return judge(line, from_hex(line.at("in_hex").get<std::string>())); });
  });
  return {card};
}

}  // namespace nv2_conformance
