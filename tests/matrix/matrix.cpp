// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What comes of a signature by what is known of the time, what is known of its certificates, and the level.
//
//   nv2-matrix            prints every cell and compares it with docs/matrix.md
//   nv2-matrix --update   and writes the table there anew
//
// Every cell is judged for JWS and for COSE, which must agree.
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nv2/nv2.hpp>
#include <nv2/trust/revocation_responses.hpp>

#include "support/vector.hpp"

#if NV2_TEST_OPENSSL
#include <nv2/crypto/openssl.hpp>
#else
#include <nv2/crypto/mbedtls.hpp>
#endif

namespace {

using nv2_test::blob;
using nv2_test::view_of;

#if NV2_TEST_OPENSSL
constexpr const nv2::crypto_backend& crypto = nv2::openssl_crypto;
#else
constexpr const nv2::crypto_backend& crypto = nv2::mbedtls_crypto;
#endif

constexpr nv2::unix_time day = 86400, present = 1893456000;  // 2030-01-01T00:00:00Z
const std::string begin_mark = "<!-- matrix:begin -->\n", end_mark = "<!-- matrix:end -->\n";

struct clock_reading {
  const char* name;
  nv2::time_basis basis;
};
const clock_reading clocks[] = {
    {"right", nv2::time_basis::at(present)},
    {"lower bound", nv2::time_basis::not_before(present - 30 * day)},
    {"unknown", nv2::time_basis::unknown()},
};

struct situation {
  const char* name;
  /// Files of tests/vectors/matrix; "" = no list and no response.
  const char* envelope;
  const char* data;
  nv2::stale_rule stale = nv2::stale_rule::strict;
  nv2::compat leniency = nv2::compat::none;
};
const situation situations[] = {
    {"valid, list current", "valid", "good.crl"},
    {"leaf expired", "expired", "good.crl"},
    {"leaf expired, timestamp before that", "stamped", "good.crl"},
    {"the same, timestamps may lie ahead, list whatever its age", "stamped", "good.crl",
     nv2::stale_rule::ignore, nv2::compat::ts_allow_future},
    {"leaf expired, authority vouches for a time before that", "authority", "good.crl"},
    {"revoked, nobody vouches for the signing time", "valid", "listed_after.crl"},
    {"the same, invalid before the signature", "valid", "listed_before.crl"},
    {"revoked, invalid only after a timestamp", "stamped", "listed_after.crl"},
    {"revoked, invalid before the signing time of an authority", "authority", "listed_before.crl"},
    {"revoked, invalid only after the signing time of an authority", "authority",
     "listed_after.crl"},
    {"revoked, since when is not said", "authority", "listed.crl"},
    {"list stale", "valid", "stale.crl"},
    {"list stale, within the grace", "valid", "stale.crl", nv2::stale_rule::grace},
    {"list stale, age ignored", "valid", "stale.crl", nv2::stale_rule::ignore},
    {"no list", "valid", ""},
    {"response good", "access", "good.ocsp"},
    {"response revoked", "access", "revoked.ocsp"},
    {"list good, where a response is wanted", "access", "good.crl"},
    {"response good, where a list is wanted", "valid", "good.ocsp"},
};

constexpr nv2::verification_level levels[] = {nv2::verification_level::strict,
                                              nv2::verification_level::permissive,
                                              nv2::verification_level::audit};

blob vector_file(const std::string& name) {
  return nv2_test::read_file(nv2_test::vectors_folder("matrix") / name);
}
blob certificate_file(const std::string& name) {
  return nv2_test::read_file(nv2_test::vectors_folder("pki") / name);
}

/// "trusted", "rejected: crl_stale", "accepted: certificate_expired, crl_stale".
std::string describe(const nv2::verification& answer) {
  if (answer.verdict() == nv2::verdict::trusted) return "trusted";
  if (answer.verdict() == nv2::verdict::rejected) {
    return std::string{"rejected: "} + nv2::name(answer.status().code);
  }
  std::string out = "accepted:";
  for (std::size_t i = 0; i < nv2::check_count; ++i) {
    const nv2::errc code = answer.logged(static_cast<nv2::check>(i));
    if (code == nv2::errc::unset) continue;
    out += out.back() == ':' ? " " : ", ";
    out += nv2::name(code);
  }
  return out;
}

std::string judge(const situation& what, const std::string& form, nv2::time_basis time,
                  nv2::verification_level level) {
  static const blob root = certificate_file("acme_root.der"),
                    stamps = certificate_file("matrix_tsa_root.der"),
                    manifest =
                        nv2_test::read_file(nv2_test::vectors_folder("notary") / "manifest.json");
  std::vector<nv2::trust_anchor> anchors = {{view_of(root), nv2::anchor_role::ca},
                                            {view_of(root), nv2::anchor_role::signing_authority}};
  if (std::string{what.envelope} == "stamped") {
    anchors.push_back({view_of(stamps), nv2::anchor_role::tsa});
  }
  const std::string file = what.data;
  const blob der = file.empty() ? blob{} : vector_file(file);
  const nv2::bytes one[] = {view_of(der)};
  const bool is_list = file.find(".crl") != file.npos;
  nv2::revocation_data data;
  if (is_list) data.lists = one;
  if (!is_list && !file.empty()) data.responses = one;
  data.stale = what.stale;
  data.grace_seconds = 3 * day;
  const nv2::policy trust =
      nv2::policy::strict({anchors.data(), anchors.size()}, nv2::revocation_by_data(data))
          .with(what.leniency)
          .with_actions(nv2::validation_actions{level})
          .with_timestamps(nv2::timestamp_rule::always);
  const blob envelope = vector_file(std::string{what.envelope} + "." + form);
  std::vector<std::uint8_t> room(64 * 1024);
  nv2::workspace memory{nv2::mutable_bytes{room.data(), room.size()}};
  const nv2::verifier verifier{crypto, nv2::all_formats, trust};
  return describe(verifier.verify(
      view_of(envelope),
      nv2::artifact::content(view_of(manifest), "application/vnd.oci.image.manifest.v1+json"), time,
      memory));
}

/// Runs every cell, and makes the table of them.
class matrix {
 public:
  void run() {
    table_ = "| situation | clock | strict | permissive | audit |\n|---|---|---|---|---|\n";
    for (const situation& what : situations) {
      for (const clock_reading& clock : clocks) add_row(what, clock);
    }
  }
  const std::string& table() const { return table_; }
  std::size_t cells() const { return cells_; }
  std::size_t disagreements() const { return disagreements_; }

 private:
  void add_row(const situation& what, const clock_reading& clock) {
    table_ += std::string{"| "} + what.name + " | " + clock.name + " |";
    for (const nv2::verification_level level : levels) {
      const std::string jws = judge(what, "jws", clock.basis, level);
      const std::string cose = judge(what, "cose", clock.basis, level);
      std::printf("%s | %s | %s | %s\n", what.name, clock.name, nv2::name(level), jws.c_str());
      if (jws != cose) {
        ++disagreements_;
        std::printf("  but COSE: %s\n", cose.c_str());
      }
      ++cells_;
      table_ += " " + jws + " |";
    }
    table_ += "\n";
  }

  std::string table_;
  std::size_t cells_ = 0, disagreements_ = 0;
};

std::string read_text(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Where the table stands in the document.
struct place {
  std::size_t begin, size;
};
place find_table(const std::string& text) {
  const std::size_t begin = text.find(begin_mark), end = text.find(end_mark);
  if (begin == text.npos || end == text.npos) throw std::runtime_error("no marks in the document");
  const std::size_t first = begin + begin_mark.size();
  return {first, end - first};
}

int run(bool updates) {
  const std::string path = std::string{NV2_SOURCE_DIR} + "/docs/matrix.md";
  std::string text = read_text(path);
  const place where = find_table(text);
  matrix made;
  made.run();
  const bool is_same = text.compare(where.begin, where.size, made.table()) == 0;
  if (!is_same && updates) {
    text.replace(where.begin, where.size, made.table());
    std::ofstream{path, std::ios::binary} << text;
  } else if (!is_same) {
    std::printf("docs/matrix.md says something else; see the diff of nv2-matrix --update\n");
  }
  const std::size_t failed = made.disagreements() + (is_same || updates ? 0U : 1U);
  std::printf("%zu passed, %zu failed\n", made.cells() - made.disagreements(), failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count == 2 && std::string{arguments[1]} == "--update");
  } catch (const std::exception& problem) {
    std::printf("%s\n0 passed, 1 failed\n", problem.what());
    return 1;
  }
}
