// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// verify.mjs MODULE SIGNATURE MANIFEST CERTIFICATE [UNIX-TIME] - prints the verdict of module.cpp, made for WebAssembly.
// Exit code: 0 trusted, 1 refused, 2 no verdict: a file that cannot be read, a module that does not fit or breaks down.
import { readFile } from 'node:fs/promises';

// By itself node exits with 1, which is a refusal here.
process.on('uncaughtException', (error) => {
  console.error(`error: ${error.message}`);
  process.exit(2);
});

const [name, ...names] = process.argv.slice(2, 6);
const now = BigInt(process.argv[6] ?? Math.floor(Date.now() / 1000));
const module = await WebAssembly.compile(await readFile(name));

const { memory, _initialize, input, input_size, verify, reason } = (await WebAssembly.instantiate(module, {})).exports;
_initialize();

const files = await Promise.all(names.map((file) => readFile(file)));
const all = Buffer.concat(files);
if (all.length > input_size()) throw new Error('the files are too large');
new Uint8Array(memory.buffer).set(all, input());

const trusted = verify(...files.map((file) => file.length), now) === 1;
const start = reason();
const bytes = new Uint8Array(memory.buffer);
console.log(Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString());
process.exitCode = trusted ? 0 : 1;
