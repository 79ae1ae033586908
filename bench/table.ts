import type { BenchReport } from './report.ts';
import type { Summary } from './sample.ts';

/** The report as a table of at most 100 columns. */
export function table(report: BenchReport): string {
  const line = (...cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(37) : cell.padStart(widths[i] ?? 0))).join(' ');
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
    `gate, pure, ${report.gate.rules} rules on: ${report.gate.perCpuSecond} evaluations per second of processor time (${report.gate.passed} of ${report.gate.evaluations} passed); budget ${report.gate.budget}: ${verdict(report.gate.met)}`,
    ...gatewayLines(report),
    `kill switch: ${killSwitch.granted} grants in storms, ${killSwitch.sent} orders sent, ${killSwitch.lateFrames} frames after activate had returned: ${verdict(killSwitch.met)}`,
    memory.atEnd === null
      ? 'memory: not told by this system'
      : `memory of our Node processes: ${memory.atEnd.residentMb} MB resident (${memory.atEnd.proportionalMb} MB with shared pages counted once), after start ${memory.afterStart?.residentMb ?? '?'} MB; budget ${memory.budgetMb} MB: ${verdict(memory.met)}`,
    memory.atEnd?.processes.map(({ name, residentMb }) => `${name} ${residentMb}`).join(', ') ?? '',
  ].join('\n');
}

function verdict(met: boolean | null): string {
  return met === null ? 'unknown' : met ? 'met' : 'MISSED';
}

function gatewayLines({ gateway }: BenchReport): string[] {
  const { inProcess, overSocket, pace, violations, quote } = gateway;
  const latency = ({ p50, p99 }: Summary): string => `${p50} / ${p99} ms`;
  return [
    `simulated gateway, one core: ${inProcess.perCpuSecond ?? '?'} orders placed → filled per second of processor time (${inProcess.perSecond} by the clock), ${inProcess.megabytesPerSecond} MB/s out (${inProcess.orders} orders); budget ${inProcess.budget}: ${verdict(inProcess.met)}`,
    `simulated gateway, own process over TCP: ${overSocket.perSecond} orders/s, ${overSocket.megabytesPerSecond} MB/s`,
    `adapter under a flood of reads: ${pace.perSecond} of ${pace.allowedPerSecond} messages/s (ratio ${pace.ratio}), ${violations} times error 100; budget ${pace.budget}: ${verdict(pace.met)}`,
    `quote through the adapter: cold ${latency(quote.cold)}, cached ${latency(quote.cached)} (${quote.cold.count} each)`,
  ];
}

const widths = [37, 4, 15, 15, 15, 7];
