// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Layouts and registries.
#include "attachment_place.hpp"

#include "layout_writer.hpp"
#include "repository_writer.hpp"

namespace client {

void attach(const stored_target& place, const registry_options& options, const attachment& added,
            const std::function<void()>& announce) {
  if (const auto* const in_layout = std::get_if<layout_target>(&place)) {
    layout_addition addition{in_layout->path, added};
    addition.commit();
    try {
      announce();
    } catch (...) {
      addition.withdraw();
      throw;
    }
    return;
  }
  repository to{std::get<registry_target>(place), options};
  repository_writer{to}.push_signature(added.subject.digest, make_signature_artifact(added));
  announce();
}

}  // namespace client
