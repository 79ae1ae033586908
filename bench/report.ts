import { availableParallelism } from 'node:os';
import type { Latency } from './latency.ts';
import type { Memory } from './memory.ts';
import type { Storm } from './kill-switch.ts';
import { percentile, summarise, type Sample, type Summary } from './sample.ts';

const mostTimesFloor = 1.5;
const mostActivateMs = 50;
const mostResidentMb = 700;

type Row = {
  readonly what: string;
  readonly measured: Summary;
  readonly floor: Summary | null;
  readonly ratio: { readonly p50: number; readonly p99: number } | null;
  readonly budget: string;
  readonly met: boolean;
};

export type Measured = {
  readonly single: Latency;
  readonly paced: Latency['propose'];
  readonly storm: Storm;
  readonly memory: { readonly afterStart: Memory | null; readonly atEnd: Memory | null };
  readonly seconds: number;
};

/** Everything that a reader or a program needs to judge a run. */
export function makeReport({ single, paced, storm, memory, seconds }: Measured) {
  const rows: Row[] = [
    against('propose through HTTP, one at a time', single.propose.http, single.propose.floor),
    against('propose through MCP, one at a time', single.propose.mcp, single.propose.floor),
    against('propose through HTTP, 5/s', paced.http, paced.floor),
    against('propose through MCP, 5/s', paced.mcp, paced.floor),
    against('grant → order bytes at the gateway', single.grant.http, single.grant.floor),
    {
      what: 'kill switch: activate in a storm',
      measured: summarise(storm.activate),
      floor: null,
      ratio: null,
      budget: `p99 ≤ ${mostActivateMs} ms`,
      met: percentile(storm.activate, 0.99) <= mostActivateMs,
    },
  ];
  const { granted, sent, late } = storm;
  const resident = memory.atEnd?.residentMb ?? null;
  return {
    at: new Date().toISOString(),
    machine: `${availableParallelism()} cores, ${process.platform}-${process.arch}`,
    node: process.version,
    seconds: Math.round(seconds),
    rows,
    killSwitch: { granted, sent, lateFrames: late, met: late === 0 },
    memory: {
      ...memory,
      budgetMb: mostResidentMb,
      met: resident === null ? null : resident <= mostResidentMb,
    },
  };
}

export type BenchReport = ReturnType<typeof makeReport>;

function against(what: string, sample: Sample, floorSample: Sample): Row {
  const measured = summarise(sample);
  const floor = summarise(floorSample);
  const ratio = {
    p50: hundredth(measured.p50 / floor.p50),
    p99: hundredth(measured.p99 / floor.p99),
  };
  const met = ratio.p50 <= mostTimesFloor && ratio.p99 <= mostTimesFloor;
  return { what, measured, floor, ratio, budget: `≤ ${mostTimesFloor} × floor`, met };
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The report as a table of at most 100 columns. */
export function table(report: BenchReport): string {
  const line = (...cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(37) : cell.padStart(widths[i] ?? 0))).join(' ');
  const verdict = (met: boolean | null): string =>
    met === null ? 'unknown' : met ? 'met' : 'MISSED';
  const pair = (one: Summary | null): string => (one === null ? '' : `${one.p50} / ${one.p99}`);
  const { killSwitch, memory } = report;
  const rows = report.rows.map(({ what, measured, floor, ratio, met, budget }) =>
    line(
      what,
      String(measured.count),
      pair(measured),
      pair(floor),
      ratio === null ? budget : `${ratio.p50} / ${ratio.p99}`,
      verdict(met),
    ),
  );
  return [
    `${report.at}, ${report.machine}, Node ${report.node}, ${report.seconds} s; milliseconds, p50 / p99`,
    '',
    line('', 'n', 'product', 'floor', 'ratio (≤ 1.5)', 'budget'),
    ...rows,
    '',
    `kill switch: ${killSwitch.granted} grants in storms, ${killSwitch.sent} orders sent, ${killSwitch.lateFrames} frames after activate had returned: ${verdict(killSwitch.met)}`,
    memory.atEnd === null
      ? 'memory: not told by this system'
      : `memory of our Node processes: ${memory.atEnd.residentMb} MB resident (${memory.atEnd.proportionalMb} MB with shared pages counted once), after start ${memory.afterStart?.residentMb ?? '?'} MB; budget ${memory.budgetMb} MB: ${verdict(memory.met)}`,
    memory.atEnd?.processes.map(({ name, residentMb }) => `${name} ${residentMb}`).join(', ') ?? '',
  ].join('\n');
}

const widths = [37, 4, 15, 15, 15, 7];
