// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// What a program does before anything else.
#ifndef NV2_CLIENT_PROGRAM_HPP
#define NV2_CLIENT_PROGRAM_HPP

namespace client {

/// Gives closed standard streams a place that refuses, so that no file takes their numbers, and makes
/// write errors of a reader that goes away and of a file that may not grow.
void prepare_program();

/// Overwrites the values of -p and --password, which lists of processes show, until the command of another
/// program begins. They must have been copied.
void hide_passwords(int count, char** arguments);

}  // namespace client

#endif  // NV2_CLIENT_PROGRAM_HPP
