// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// run.mjs PROGRAM [ARGUMENT...] - runs a WASI program, with the files of this machine by their absolute names.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const args = process.argv.slice(2);
const suites = process.env.NV2_SUITES_DIR;
const wasi = new WASI({
  version: 'preview1',
  args,
  env: suites ? { NV2_SUITES_DIR: suites } : {},
  preopens: { '/': '/' },
});
const module = await WebAssembly.compile(await readFile(args[0]));
const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
