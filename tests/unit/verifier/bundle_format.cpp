// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// The one form of a bundle, and everything that is refused for not having it.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <nv2/bundle_format.hpp>

#include "support/exact.hpp"
#include "support/notary_builder.hpp"

using nv2::errc;

namespace {

using namespace nv2_test::notary;

const std::string digest = "sha256:" + std::string(64, 'a');
const std::string cose_type = "application/cose", jws_type = "application/jose+json";

blob signature(std::string_view type, const blob& envelope) {
  return array({tstr(type), bstr(envelope)});
}

/// A bundle to be, item by item. An empty member is left out.
struct bundle_plan {
  blob name = tstr("nv2-bundle"), version = integer(1);
  blob counter = integer(7);
  blob signatures = array({signature(jws_type, text("{...}")), signature(cose_type, {0xD2, 0x84})});
  blob lists = array({bstr({1, 2, 3})});
  blob responses = array({bstr({4}), bstr({5, 6})});
  member_list<blob> artifact = {{integer(0), tstr("application/vnd.oci.image.manifest.v1+json")},
                                {integer(1), tstr(digest)},
                                {integer(2), integer(1234)},
                                {integer(3), tstr("r.example.com/app:v1")}};
  blob policy = bstr(text("{\"version\":\"1.0\"}"));
  member_list<blob> more;

  blob made() const {
    member_list<blob> all;
    const auto add = [&](std::int64_t key, const blob& value) {
      if (!value.empty()) all.push_back({integer(key), value});
    };
    add(0, counter);
    add(1, signatures);
    add(2, lists);
    add(3, responses);
    add(4, artifact.empty() ? blob{} : map_of(artifact));
    add(5, policy);
    all.insert(all.end(), more.begin(), more.end());
    return join({blob{0x83}, name, version, map_of(all)});
  }
};

errc parse(const blob& file) {
  const nv2_test::exact copy{{reinterpret_cast<const char*>(file.data()), file.size()}};
  nv2::bundle out;
  return nv2::parse_bundle(copy.view(), out);
}

errc parse_changed(const std::function<void(bundle_plan&)>& change) {
  bundle_plan plan;
  change(plan);
  return parse(plan.made());
}

blob many(std::size_t count, const blob& item) { return array(std::vector<blob>(count, item)); }

/// Reads all there is, as a caller would, and tells how many bytes that are.
std::size_t bytes_in(const nv2::bundle& carried) {
  std::size_t total = carried.policy.size() + carried.artifact.reference.size();
  nv2::bundle_cursor signatures{carried.signatures};
  for (nv2::bundled_signature each; signatures.next(each);) {
    total += each.envelope.size() + each.media_type.size();
  }
  for (const nv2::bundle_items* items : {&carried.lists, &carried.responses}) {
    nv2::bundle_cursor files{*items};
    for (nv2::bytes file; files.next(file);) total += file.size();
  }
  return total;
}

}  // namespace

TEST_CASE("a bundle lends what is in it, in order") {
  const blob file = bundle_plan{}.made();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view(file), carried) == errc::ok);
  CHECK(carried.counter == 7);
  CHECK(carried.has_artifact);
  CHECK(carried.artifact.media_type == "application/vnd.oci.image.manifest.v1+json");
  CHECK(carried.artifact.digest == digest);
  CHECK(carried.artifact.size == 1234);
  CHECK(carried.artifact.reference == "r.example.com/app:v1");
  CHECK(carried.policy.as_text() == "{\"version\":\"1.0\"}");

  CHECK(carried.signatures.count == 2);
  nv2::bundle_cursor signatures{carried.signatures};
  nv2::bundled_signature found;
  REQUIRE(signatures.next(found));
  CHECK(found.media_type == jws_type);
  CHECK(found.envelope.as_text() == "{...}");
  REQUIRE(signatures.next(found));
  CHECK(found.media_type == cose_type);
  CHECK(nv2::equal(found.envelope, view(blob{0xD2, 0x84})));
  CHECK_FALSE(signatures.next(found));
  CHECK_FALSE(signatures.next(found));

  CHECK(carried.lists.count == 1);
  nv2::bundle_cursor lists{carried.lists};
  nv2::bytes item;
  REQUIRE(lists.next(item));
  CHECK(nv2::equal(item, view(blob{1, 2, 3})));
  CHECK_FALSE(lists.next(item));
  nv2::bundle_cursor responses{carried.responses};
  REQUIRE(responses.next(item));
  REQUIRE(responses.next(item));
  CHECK(nv2::equal(item, view(blob{5, 6})));
  CHECK_FALSE(responses.next(item));
}

TEST_CASE("only counter and signatures must be there") {
  bundle_plan plan;
  plan.lists = plan.responses = plan.policy = {};
  plan.artifact.clear();
  const blob file = plan.made();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view(file), carried) == errc::ok);
  CHECK(carried.signatures.count == 2);
  CHECK(carried.lists.count == 0);
  CHECK(carried.responses.count == 0);
  CHECK_FALSE(carried.has_artifact);
  CHECK(carried.policy.empty());
  nv2::bundle_cursor none{carried.lists};
  nv2::bytes item;
  CHECK_FALSE(none.next(item));
}

TEST_CASE("counters are all of 64 bits") {
  bundle_plan plan;
  plan.counter = cbor_head(0, UINT64_MAX);
  const blob file = plan.made();
  nv2::bundle carried;
  REQUIRE(nv2::parse_bundle(view(file), carried) == errc::ok);
  CHECK(carried.counter == UINT64_MAX);
}

TEST_CASE("whatever has not the one form of a bundle is refused (G-020 G-021 D-006 D-007 D-025)") {
  const struct {
    std::string what;
    errc expected;
    std::function<void(bundle_plan&)> change;
  } rows[] = {
      {"another file", errc::bundle_unknown, [](auto& p) { p.name = tstr("nv2-bumble"); }},
      {"a name with a longer head", errc::bundle_unknown,
       [](auto& p) {
         p.name = join({blob{0x78, 10}, text("nv2-bundle")});
       }},
      {"a later version", errc::bundle_version, [](auto& p) { p.version = integer(2); }},
      {"version 0", errc::bundle_version, [](auto& p) { p.version = integer(0); }},
      {"a version in text", errc::cbor_type, [](auto& p) { p.version = tstr("1"); }},
      {"a long version", errc::cbor_not_shortest, [](auto& p) { p.version = integer(1, 1); }},
      {"no counter", errc::bundle_member_missing, [](auto& p) { p.counter = {}; }},
      {"no signatures", errc::bundle_member_missing, [](auto& p) { p.signatures = {}; }},
      {"an empty list of signatures", errc::bundle_member_empty,
       [](auto& p) { p.signatures = array({}); }},
      {"an empty list of lists", errc::bundle_member_empty, [](auto& p) { p.lists = array({}); }},
      {"an empty list of responses", errc::bundle_member_empty,
       [](auto& p) { p.responses = array({}); }},
      {"an empty list", errc::bundle_member_empty, [](auto& p) { p.lists = array({bstr({})}); }},
      {"an empty policy", errc::bundle_member_empty, [](auto& p) { p.policy = bstr({}); }},
      {"an empty envelope", errc::bundle_member_empty,
       [](auto& p) { p.signatures = array({signature(jws_type, {})}); }},
      {"a negative counter", errc::cbor_type, [](auto& p) { p.counter = integer(-1); }},
      {"a long counter", errc::cbor_not_shortest, [](auto& p) { p.counter = integer(7, 2); }},
      {"a long length", errc::cbor_not_shortest,
       [](auto& p) {
         p.lists = array({bstr({1, 2}, 2)});
       }},
      {"a policy in text", errc::cbor_type, [](auto& p) { p.policy = tstr("{}"); }},
      {"a tag", errc::cbor_type, [](auto& p) { p.policy = tagged(24, bstr({1})); }},
      {"a length without end", errc::cbor_indefinite,
       [](auto& p) {
         p.policy = {0x5F, 0x41, 0x01, 0xFF};
       }},
      {"a member more", errc::bundle_member_unknown,
       [](auto& p) {
         p.more = {{integer(6), integer(1)}};
       }},
      {"a negative key", errc::cbor_type,
       [](auto& p) {
         p.more = {{integer(-1), integer(1)}};
       }},
      {"a key in text", errc::cbor_type,
       [](auto& p) {
         p.more = {{tstr("x"), integer(1)}};
       }},
      {"a long key", errc::cbor_not_shortest,
       [](auto& p) {
         p.policy = {};
         p.more = {{integer(5, 1), bstr({1})}};
       }},
      {"a member twice", errc::cbor_duplicate_key,
       [](auto& p) {
         p.more = {{integer(5), bstr({1})}};
       }},
      {"members in another order", errc::bundle_key_order,
       [](auto& p) {
         p.lists = {};
         p.more = {{integer(2), array({bstr({1})})}};
       }},
      {"a signature that is no list", errc::cbor_type,
       [](auto& p) { p.signatures = array({bstr({1})}); }},
      {"a signature without media type", errc::bundle_signature_parts,
       [](auto& p) { p.signatures = array({array({bstr({1})})}); }},
      {"a signature of three parts", errc::bundle_signature_parts,
       [](auto& p) {
         p.signatures = array({array({tstr(jws_type), bstr({1}), bstr({2})})});
       }},
      {"no media type", errc::media_type_syntax,
       [](auto& p) { p.signatures = array({signature("", {1})}); }},
      {"a media type with parameters", errc::media_type_syntax,
       [](auto& p) { p.signatures = array({signature("text/plain; a=b", {1})}); }},
      {"text that is not UTF-8", errc::cbor_utf8,
       [](auto& p) { p.signatures = array({signature("a/\xFF", {1})}); }},
      {"an artifact without size", errc::bundle_member_missing,
       [](auto& p) { p.artifact.erase(p.artifact.begin() + 2); }},
      {"an artifact without digest", errc::bundle_member_missing,
       [](auto& p) { p.artifact.erase(p.artifact.begin() + 1); }},
      {"an artifact without media type", errc::bundle_member_missing,
       [](auto& p) { p.artifact.erase(p.artifact.begin()); }},
      {"a part of the artifact more", errc::bundle_member_unknown,
       [](auto& p) {
         p.artifact.push_back({integer(4), integer(1)});
       }},
      {"parts of the artifact in another order", errc::bundle_key_order,
       [](auto& p) { std::swap(p.artifact[0], p.artifact[1]); }},
      {"an artifact of negative size", errc::descriptor_size,
       [](auto& p) { p.artifact[2].second = integer(-5); }},
      {"an artifact of 2^63 bytes", errc::cbor_integer,
       [](auto& p) { p.artifact[2].second = cbor_head(0, std::uint64_t{1} << 63); }},
      {"a digest that is none", errc::digest_syntax,
       [](auto& p) { p.artifact[1].second = tstr("sha256:aa"); }},
      {"an unknown digest", errc::digest_unsupported,
       [](auto& p) { p.artifact[1].second = tstr("md5:" + std::string(32, 'a')); }},
      {"a media type that is none", errc::media_type_syntax,
       [](auto& p) { p.artifact[0].second = tstr("manifest"); }},
      {"an empty reference", errc::reference_syntax,
       [](auto& p) { p.artifact[3].second = tstr(""); }},
      {"a reference that is none", errc::reference_syntax,
       [](auto& p) { p.artifact[3].second = tstr("https://r.example.com/app"); }},
      {"a reference to another digest", errc::bundle_reference,
       [](auto& p) {
         p.artifact[3].second = tstr("r.example.com/app@sha256:" + std::string(64, 'b'));
       }},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(parse_changed(row.change) == row.expected);
  }
  CHECK(parse_changed([](auto& p) {
          p.artifact[3].second = tstr("r.example.com/app@" + digest);
        }) == errc::ok);
}

TEST_CASE("a bundle has limits of its own (G-003)") {
  const blob one = bstr({1});
  CHECK(parse_changed([&](auto& p) { p.lists = many(64, one); }) == errc::ok);
  CHECK(parse_changed([&](auto& p) { p.lists = many(65, one); }) == errc::bundle_lists_too_many);
  CHECK(parse_changed([&](auto& p) { p.responses = many(64, one); }) == errc::ok);
  CHECK(parse_changed([&](auto& p) { p.responses = many(65, one); }) ==
        errc::bundle_responses_too_many);
  const blob signed_one = signature(jws_type, {1});
  CHECK(parse_changed([&](auto& p) { p.signatures = many(100, signed_one); }) == errc::ok);
  CHECK(parse_changed([&](auto& p) { p.signatures = many(101, signed_one); }) ==
        errc::bundle_signatures_too_many);

  const auto fits = [](auto put, std::size_t limit, errc too_large) {
    CHECK(parse_changed([&](auto& p) { put(p, blob(limit, 1)); }) == errc::ok);
    CHECK(parse_changed([&](auto& p) { put(p, blob(limit + 1, 1)); }) == too_large);
  };
  fits([](auto& p, const blob& file) { p.signatures = array({signature(jws_type, file)}); },
       nv2::limits::envelope_size, errc::bundle_signature_size);
  fits([](auto& p, const blob& file) { p.lists = array({bstr(file)}); },
       nv2::limits::revocation_list_size, errc::bundle_list_size);
  fits([](auto& p, const blob& file) { p.responses = array({bstr(file)}); },
       nv2::limits::revocation_response_size, errc::bundle_response_size);
  fits([](auto& p, const blob& file) { p.policy = bstr(file); }, nv2::limits::bundle_policy_size,
       errc::bundle_policy_size);

  const std::uint8_t byte = 0;  // more than that is not read
  nv2::bundle out;
  CHECK(nv2::parse_bundle({&byte, nv2::limits::bundle_size + 1}, out) == errc::bundle_size);
}

TEST_CASE("a bundle ends where it ends") {
  const blob file = bundle_plan{}.made();
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    const errc expected =
        size < nv2::bundle_start.size() ? errc::bundle_unknown : errc::cbor_truncated;
    CHECK(parse(blob(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))) == expected);
  }
  CHECK(parse(join({file, blob{0}})) == errc::cbor_trailing);
}

TEST_CASE("no damage makes a reader read beyond a bundle, and what is accepted can be read") {
  const blob good = bundle_plan{}.made();
  std::mt19937 random{20261125};
  std::size_t accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    blob file = good;
    for (unsigned changes = 1 + random() % 4; changes != 0; --changes) {
      const std::size_t at = random() % file.size();
      switch (random() % 4) {
        case 0: file[at] = static_cast<std::uint8_t>(random()); break;
        case 1: file[at] ^= static_cast<std::uint8_t>(1U << random() % 8); break;
        case 2: file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), file[at]); break;
        default: file.erase(file.begin() + static_cast<std::ptrdiff_t>(at)); break;
      }
    }
    const nv2_test::exact copy{{reinterpret_cast<const char*>(file.data()), file.size()}};
    nv2::bundle carried;
    if (nv2::parse_bundle(copy.view(), carried) != errc::ok) continue;
    ++accepted;
    CHECK(bytes_in(carried) < file.size());
  }
  CHECK(accepted > 0);
  CHECK(accepted < 20000);
}
