import { describe, expect, it } from 'vitest';
import { OUTBOUND_FAULTS } from '../../src/simgateway/faults/outbound-faults.ts';
import { eventLayouts } from '../../src/simgateway/wire/catalogue.ts';
import { faultKinds, FaultPlan, faultProblem } from '../../src/simgateway/faults/fault-plan.ts';

const place = (plan: FaultPlan, clientId: number, orderRef: string) =>
  plan.strikeInbound({ clientId }, { sort: 'new', message: 'placeOrder', orderRef });

describe('the table of outbound faults', () => {
  it('names only messages that exist, and every end marker', () => {
    const events = new Set(eventLayouts.map((l) => l.name));
    const struck = OUTBOUND_FAULTS.flatMap((f) => f.messages);
    expect(struck.filter((name) => !events.has(name))).toEqual([]);
    const ends = [...events].filter((name) => name.endsWith('End'));
    const missable = OUTBOUND_FAULTS.find((f) => f.kind === 'missing-end')?.messages;
    expect(new Set(missable)).toEqual(new Set(ends));
  });
});

describe('a fault that could never strike', () => {
  it.each([
    [{ kind: 'swallow', message: 'placeOder' }, "cannot strike 'placeOder'"],
    [{ kind: 'swallow', message: 'orderStatus' }, 'no such request to the gateway'],
    [{ kind: 'missing-message', message: 'placeOrder' }, 'no such message from the gateway'],
    [{ kind: 'missing-message' }, "needs a 'message'"],
    [{ kind: 'duplicate', on: 'cancel' }, 'strikes messages'],
    [{ kind: 'fill-after-cancel', on: 'new' }, 'strikes only cancel'],
    [{ kind: 'swallow', times: 0 }, "'times' must be at least 1"],
  ] as const)('%j is refused', (request, problem) => {
    expect(faultProblem(request)).toContain(problem);
    expect(() => new FaultPlan(7).arm(request)).toThrow(problem);
  });
});

describe('the fault plan', () => {
  it('has one row per kind', () => {
    const kinds = faultKinds().map((f) => f.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it('strikes as often as armed, in order of arming', () => {
    const plan = new FaultPlan(7);
    plan.arm({ kind: 'swallow', times: 2 });
    plan.arm({ kind: 'reject' });
    const struck = Array.from({ length: 4 }, () => place(plan, 1, '')?.fault.kind);
    expect(struck).toEqual(['swallow', 'swallow', 'reject', undefined]);
    expect(plan.list()).toEqual([]);
  });

  it('strikes only whom it names', () => {
    const end = { message: 'openOrderEnd', values: {}, orderRef: () => undefined };
    const plan = new FaultPlan(7);
    plan.arm({ kind: 'swallow', clientId: 2, orderRef: 'a' });
    expect(place(plan, 1, 'a')).toBeUndefined();
    expect(place(plan, 2, 'b')).toBeUndefined();
    expect(plan.strikeOutbound({ clientId: 2 }, end)).toBeUndefined();
    expect(place(plan, 2, 'a')).toBeDefined();
  });

  it('draws chance from the seed', () => {
    const draw = (seed: number) => {
      const plan = new FaultPlan(seed);
      plan.arm({ kind: 'swallow', times: 100, chancePercent: 30 });
      return Array.from({ length: 100 }, () => place(plan, 1, '') !== undefined);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const hits = draw(7).filter(Boolean).length;
    expect(hits).toBeGreaterThan(15);
    expect(hits).toBeLessThan(45);
  });

  it('disarms one or all', () => {
    const plan = new FaultPlan(7);
    const first = plan.arm({ kind: 'swallow' });
    plan.arm({ kind: 'reject' });
    plan.disarm(first.id);
    expect(plan.list().map((f) => f.kind)).toEqual(['reject']);
    plan.disarm();
    expect(plan.list()).toEqual([]);
    expect(faultProblem({ kind: 'nothing' })).toContain("unknown fault 'nothing'");
  });
});
