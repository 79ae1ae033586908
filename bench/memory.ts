import { readFileSync } from 'node:fs';
import type { Product } from '../test/support/product.ts';

const roles = ['supervisor', 'api', 'mcp', 'worker', 'gateway', 'simgateway'];

export type Memory = {
  readonly processes: readonly { readonly name: string; readonly residentMb: number }[];
  /** Sum of resident memory; pages that the processes share are counted in each. */
  readonly residentMb: number;
  /** The same with shared pages counted once (PSS): what the machine really gives. */
  readonly proportionalMb: number;
};

/** Memory of all our Node processes; null where the system does not tell. */
export function readMemory(product: Product): Memory | null {
  try {
    const read = roles.map((name) => {
      const pid = name === 'supervisor' ? product.info.pid : product.pidOf(name);
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      return { name, residentMb: field(text, 'Rss'), proportionalMb: field(text, 'Pss') };
    });
    const sum = (pick: (one: (typeof read)[number]) => number): number =>
      Math.round(read.reduce((total, one) => total + pick(one), 0));
    return {
      processes: read.map(({ name, residentMb }) => ({ name, residentMb: Math.round(residentMb) })),
      residentMb: sum(({ residentMb }) => residentMb),
      proportionalMb: sum(({ proportionalMb }) => proportionalMb),
    };
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure;
  }
}

function field(text: string, name: string): number {
  const kilobytes = new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1];
  return Number(kilobytes) / 1024;
}
