import type { Chapter } from '../stage.ts';
import { decline } from './decline.ts';
import { deny } from './deny.ts';
import { expire } from './expire.ts';
import { fill } from './fill.ts';
import { gate } from './gate.ts';
import { gateway } from './gateway.ts';
import { killSwitch } from './kill-switch.ts';
import { signal } from './signal.ts';

/** The chapters in the order in which they are told. A new one is a file and a row. */
export const chapters: readonly Chapter[] = [
  fill,
  deny,
  decline,
  signal,
  expire,
  killSwitch,
  gateway,
  gate,
];
