// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Flattened JWS and COSE_Sign1.
#include "notary_writer.hpp"

#include "base64_text.hpp"
#include "cbor_writer.hpp"
#include "go_json.hpp"
#include "time_text.hpp"

namespace client {
namespace {

using nv2::signing_scheme;

constexpr const char* content_type = "application/vnd.cncf.notary.payload.v1+json";
constexpr const char* scheme_name = "io.cncf.notary.signingScheme";
constexpr const char* expiry_name = "io.cncf.notary.expiry";
constexpr const char* signing_time_name = "io.cncf.notary.signingTime";
constexpr const char* authentic_time_name = "io.cncf.notary.authenticSigningTime";
constexpr const char* agent_name = "io.cncf.notary.signingAgent";

bool has_authority(const notary_attributes& attributes) {
  return attributes.scheme == signing_scheme::signing_authority;
}

const char* scheme_text(const notary_attributes& attributes) {
  return has_authority(attributes) ? "notary.x509.signingAuthority" : "notary.x509";
}

/// What a verifier must not ignore. // spec: J-034 C-032
std::vector<std::string> critical_names(const notary_attributes& attributes) {
  std::vector<std::string> out{scheme_name};
  if (has_authority(attributes)) out.emplace_back(authentic_time_name);
  if (attributes.expiry) out.emplace_back(expiry_name);
  return out;
}

struct algorithm_id {
  const char* jose;
  std::int64_t cose;
};

// spec: J-021 C-020
algorithm_id identify(nv2::signature_algorithm algorithm) {
  constexpr algorithm_id ecdsa[] = {{"ES256", -7}, {"ES384", -35}, {"ES512", -36}};
  constexpr algorithm_id pss[] = {{"PS256", -37}, {"PS384", -38}, {"PS512", -39}};
  const auto place = static_cast<std::size_t>(algorithm.hash) - 1;
  return algorithm.scheme == nv2::signature_scheme::ecdsa ? ecdsa[place] : pss[place];
}

std::string jws_protected(const notary_attributes& attributes, const char* algorithm) {
  go_object out;
  out.text("alg", algorithm);
  out.texts("crit", critical_names(attributes)).text("cty", content_type);
  const std::string signed_at = instant_text(attributes.signing_time);
  if (has_authority(attributes)) out.text(authentic_time_name, signed_at);
  if (attributes.expiry) out.text(expiry_name, instant_text(*attributes.expiry));
  out.text(scheme_name, scheme_text(attributes));
  if (!has_authority(attributes)) out.text(signing_time_name, signed_at);
  return out.finish();
}

std::string jws_header(const notary_attributes& attributes, const std::vector<byte_buffer>& chain) {
  std::vector<std::string> x5c;
  x5c.reserve(chain.size());
  for (const byte_buffer& der : chain) x5c.push_back(base64_standard(view_of(der)));
  return go_object{}.texts("x5c", x5c).text(agent_name, attributes.signing_agent).finish();
}

// spec: J-003 J-042
std::string write_jws(const std::string& payload, const notary_attributes& attributes,
                      const private_key& key, nv2::signature_algorithm algorithm,
                      const std::vector<byte_buffer>& chain) {
  const std::string header = jws_protected(attributes, identify(algorithm).jose);
  const std::string protected_text = base64_url(nv2::bytes::of(header));
  const std::string payload_text = base64_url(nv2::bytes::of(payload));
  const byte_buffer signature = key.sign(protected_text + "." + payload_text, algorithm);
  go_object out;
  out.text("payload", payload_text).text("protected", protected_text);
  out.raw("header", jws_header(attributes, chain));
  return out.text("signature", base64_url(view_of(signature))).finish();
}

void add_time(cbor_writer& out, const char* name, nv2::unix_time time) {
  out.text(name).tag(1).integer(time);  // spec: C-024
}

/// Keys in the order of their encodings.
std::string cose_protected(const notary_attributes& attributes, std::int64_t algorithm) {
  const std::vector<std::string> critical = critical_names(attributes);
  cbor_writer out;
  out.map(attributes.expiry ? 6 : 5).integer(1).integer(algorithm);
  out.integer(2).array(critical.size());
  for (const std::string& name : critical) out.text(name);
  out.integer(3).text(content_type);
  if (attributes.expiry) add_time(out, expiry_name, *attributes.expiry);
  if (!has_authority(attributes)) add_time(out, signing_time_name, attributes.signing_time);
  out.text(scheme_name).text(scheme_text(attributes));
  if (has_authority(attributes)) add_time(out, authentic_time_name, attributes.signing_time);
  return out.written();
}

// spec: C-002 C-010 C-050
std::string write_cose(const std::string& payload, const notary_attributes& attributes,
                       const private_key& key, nv2::signature_algorithm algorithm,
                       const std::vector<byte_buffer>& chain) {
  const std::string header = cose_protected(attributes, identify(algorithm).cose);
  const nv2::bytes header_bytes = nv2::bytes::of(header);
  const nv2::bytes payload_bytes = nv2::bytes::of(payload);
  cbor_writer to_sign;
  to_sign.array(4).text("Signature1").octets(header_bytes).octets({}).octets(payload_bytes);
  const byte_buffer signature = key.sign(to_sign.written(), algorithm);
  cbor_writer out;
  out.tag(18).array(4).octets(header_bytes);
  out.map(2).integer(33).array(chain.size());  // spec: C-041
  for (const byte_buffer& der : chain) out.octets(view_of(der));
  out.text(agent_name).text(attributes.signing_agent);
  return out.octets(payload_bytes).octets(view_of(signature)).written();
}

}  // namespace

std::string notary_payload(const target_descriptor& target) {
  go_object descriptor;
  descriptor.text("mediaType", target.media_type).text("digest", target.digest);
  descriptor.number("size", target.size);
  if (!target.annotations.empty()) {
    go_object annotations;
    for (const auto& [key, value] : target.annotations) annotations.text(key, value);
    descriptor.raw("annotations", annotations.finish());
  }
  return go_object{}.raw("targetArtifact", descriptor.finish()).finish();
}

std::string write_notary_envelope(envelope_form form, const std::string& payload,
                                  const notary_attributes& attributes, const private_key& key,
                                  nv2::signature_algorithm algorithm,
                                  const std::vector<byte_buffer>& chain) {
  const auto write = form == envelope_form::jws ? write_jws : write_cose;
  return write(payload, attributes, key, algorithm, chain);
}

}  // namespace client
