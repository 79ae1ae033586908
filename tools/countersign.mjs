#!/usr/bin/env node
// The command `countersign`. Everything but `start`, `doctor` and `simgateway` is the command line's own
// business.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { packagesMatch } from './setup/packages.mjs';
import { say } from './setup/progress.mjs';
import { exitCodes } from './setup/setup-error.mjs';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);

async function run() {
  if (command === 'start') return bootstrap('start', args);
  if (command === 'simgateway') return bootstrap('simgateway', args);
  if (command !== 'doctor') return bootstrap('cli', process.argv.slice(2));
  // A doctor that installs 400 MB before it speaks is no doctor.
  if (packagesMatch(checkout)) return bootstrap('doctor', args);
  say(
    '✗ packages   node_modules does not match package-lock.json: run npm start once (or npm ci).',
  );
  return exitCodes.unavailable;
}

process.exitCode = await run();
