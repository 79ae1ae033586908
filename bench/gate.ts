// The pure gate by itself: how many orders a second one core judges, all rules on, in an account of two hundred
// positions and a hundred working orders. Orders differ; the facts are one snapshot, as they are for every question
// between two changes of the account.
import { gateCase, d, instrument, known, position, working } from '../test/domain/gate-facts.ts';
import type { ConId } from '../src/domain/ids.ts';
import { evaluateGate } from '../src/domain/risk/evaluate.ts';

const positions = 200;
const workingOrders = 100;

export type GateRun = {
  readonly evaluations: number;
  /** Per second of processor time. */
  readonly perCpuSecond: number;
  readonly rules: number;
  readonly passed: number;
};

/** Judges `evaluations` orders of different quantities and prices. */
export function measureGate(evaluations: number): GateRun {
  const { terms, facts, policy } = crowdedAccount();
  const orders = Array.from({ length: 64 }, (_, i) => ({
    ...terms,
    side: i % 2 === 0 ? ('BUY' as const) : ('SELL' as const),
    quantity: d(1 + (i % 16)),
    limitPrice: d(200 + (i % 7) / 100),
  }));
  const judge = (count: number): number => {
    let passed = 0;
    for (let i = 0; i < count; i += 1) {
      const { verdict } = evaluateGate(orders[i % orders.length] ?? terms, facts, policy);
      if (verdict.outcome === 'pass') passed += 1;
    }
    return passed;
  };
  const rules = evaluateGate(terms, facts, policy).verdict.rules.filter(
    ({ outcome }) => outcome !== 'off',
  ).length;
  judge(Math.min(evaluations, 20_000));
  const before = process.cpuUsage();
  const passed = judge(evaluations);
  const { user, system } = process.cpuUsage(before);
  const perCpuSecond = Math.round(evaluations / ((user + system) / 1e6));
  return { evaluations, perCpuSecond, rules, passed };
}

function crowdedAccount(): ReturnType<typeof gateCase> {
  const conIdOf = (index: number): ConId => (1_000_000 + index) as ConId;
  const base = gateCase();
  const held = [
    position(base.terms.conId, 40),
    ...Array.from({ length: positions - 1 }, (_, i) => position(conIdOf(i), 1 + (i % 9))),
  ];
  return gateCase({
    positions: held,
    workingOrders: Array.from({ length: workingOrders }, (_, i) =>
      working(i % 2 === 0 ? 'BUY' : 'SELL', 1, {
        conId: conIdOf(i),
        permId: String(i),
        orderId: i,
      }),
    ),
    facts: {
      instruments: known(
        held.map(({ conId }, i) => ({
          ...instrument,
          conId,
          sector: i === 0 ? 'Technology' : `Sector ${i % 11}`,
        })),
      ),
      correlations: known(
        held.slice(1).map(({ conId }, i) => ({ conId, coefficient: d((i % 60) / 100), days: 60 })),
      ),
    },
  });
}
