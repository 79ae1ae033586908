import { availableParallelism } from 'node:os';
import type { AdapterRun } from './adapter.ts';
import type { GateRun } from './gate.ts';
import type { Latency } from './latency.ts';
import type { Memory } from './memory.ts';
import type { Storm } from './kill-switch.ts';
import type { SimulatorRun } from './simulator.ts';
import { percentile, summarise, type Sample, type Summary } from './sample.ts';

const mostTimesFloor = 1.5;
const mostActivateMs = 50;
const mostResidentMb = 700;
const leastOrdersPerSecond = 5000;
const leastEvaluationsPerSecond = 50_000;
/** Of the messages that the adapter may send, so many it does send while more is asked for. */
const leastShareOfPace = 0.9;

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
  readonly gate: GateRun;
  readonly gateway: {
    readonly alone: SimulatorRun;
    readonly socket: SimulatorRun;
    readonly adapter: AdapterRun;
  };
  readonly seconds: number;
};

/** Everything that a reader or a program needs to judge a run. */
export function makeReport({ single, paced, storm, memory, gate, gateway, seconds }: Measured) {
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
    gate: {
      ...gate,
      budget: `≥ ${leastEvaluationsPerSecond} per second of one core`,
      met: gate.perCpuSecond >= leastEvaluationsPerSecond,
    },
    gateway: gatewayRows(gateway),
    killSwitch: { granted, sent, lateFrames: late, met: late === 0 },
    memory: {
      ...memory,
      budgetMb: mostResidentMb,
      met: resident === null ? null : resident <= mostResidentMb,
    },
  };
}

export type BenchReport = ReturnType<typeof makeReport>;

/** The simulated gateway and the adapter by themselves. */
function gatewayRows({ alone, socket, adapter }: Measured['gateway']) {
  const ratio = hundredth(adapter.perSecond / adapter.allowedPerSecond);
  return {
    inProcess: {
      ...alone,
      budget: `≥ ${leastOrdersPerSecond} per second of one core`,
      met: (alone.perCpuSecond ?? 0) >= leastOrdersPerSecond,
    },
    overSocket: socket,
    pace: {
      messages: adapter.messages,
      perSecond: adapter.perSecond,
      allowedPerSecond: adapter.allowedPerSecond,
      ratio,
      budget: `≥ ${leastShareOfPace} of what is allowed`,
      met: ratio >= leastShareOfPace,
    },
    violations: adapter.violations,
    quote: { cold: summarise(adapter.quote.cold), cached: summarise(adapter.quote.cached) },
  };
}

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
