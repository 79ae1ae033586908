import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/domain/audit/event.ts';
import { canonicalJson } from '../../src/domain/order/envelope.ts';
import { instantFromEpochMs, type Instant } from '../../src/domain/time/instant.ts';
import type { Checkpoint } from '../../src/audit/checkpoint.ts';
import { verifyChain } from '../../src/audit/verify.ts';

function link(seq: number, previousHash: string, body: string, at?: Instant): AuditEvent {
  const when = at ?? instantFromEpochMs(1_790_000_000_000 + seq);
  return {
    seq,
    at: when,
    body,
    previousHash,
    hash: hash('sha256', `${previousHash}\n${seq}\n${when}\n${body}`, 'hex'),
  };
}

function chain(length: number): AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const body = canonicalJson({ type: 'ToolCalled', payload: { seq } });
    events.push(link(seq, events.at(-1)?.hash ?? '0'.repeat(64), body));
  }
  return events;
}

async function* each(events: readonly AuditEvent[]): AsyncIterable<AuditEvent> {
  yield* await Promise.resolve(events);
}

const signed = ({ seq, hash: hashed, at }: AuditEvent): Checkpoint => ({
  seq,
  hash: hashed,
  at,
  keyId: '',
  signature: '',
});

/** A small generator of its own, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Tampering = (events: AuditEvent[], below: (n: number) => number) => void;
const flip = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
const tamperings: Record<string, Tampering> = {
  edit(events, below) {
    const index = below(events.length);
    const event = events[index]!;
    const field = (['body', 'hash', 'previousHash', 'at'] as const)[below(4)]!;
    const text = event[field];
    events[index] = { ...event, [field]: flip(text, below(text.length)) };
  },
  'edit and hash again'(events, below) {
    const index = below(events.length);
    const { seq, previousHash, body, at } = events[index]!;
    events[index] = link(seq, previousHash, flip(body, below(body.length)), at);
  },
  delete(events, below) {
    events.splice(below(events.length), 1);
  },
  insert(events, below) {
    const index = below(events.length);
    const { seq, previousHash } = events[index]!;
    events.splice(index, 0, link(seq, previousHash, '{"type":"ToolCalled"}'));
  },
  duplicate(events, below) {
    const index = below(events.length);
    events.splice(index, 0, events[index]!);
  },
  swap(events, below) {
    const index = below(events.length - 1);
    [events[index], events[index + 1]] = [events[index + 1]!, events[index]!];
  },
  'cut the tail'(events, below) {
    events.length -= 1 + below(events.length - 1);
  },
  'fork and write anew'(events, below) {
    const from = below(events.length);
    for (let index = from; index < events.length; index += 1) {
      const { seq, body, at } = events[index]!;
      const previous = events[index - 1]?.hash ?? '0'.repeat(64);
      events[index] = link(seq, previous, index === from ? flip(body, 3) : body, at);
    }
  },
};

describe('verifyChain', () => {
  it('accepts a chain and its checkpoints', async () => {
    const events = chain(50);
    const checkpoints = [signed(events[9]!), signed(events[49]!)];
    expect(await verifyChain(each(events), checkpoints)).toEqual({
      ok: true,
      events: 50,
      head: { seq: 50, hash: events[49]!.hash },
      confirmed: 2,
      problems: [],
    });
    expect(await verifyChain(each([]), [])).toMatchObject({ ok: true, head: null });
  });

  it.each(Object.entries(tamperings))('detects each of 150 times: %s', async (_name, tamper) => {
    const below = random(7);
    for (let round = 0; round < 150; round += 1) {
      const events = chain(2 + below(20));
      const checkpoints = [signed(events.at(-1)!)];
      tamper(events, below);
      const report = await verifyChain(each(events), checkpoints);
      expect(report.ok, `round ${round}`).toBe(false);
    }
  });

  it('refuses links that do not hash the event before them', async () => {
    const events = chain(3).map(({ seq, body }) => link(seq, '0'.repeat(64), body));
    const { problems } = await verifyChain(each(events), []);
    expect(problems.map(({ kind }) => kind)).toEqual(['broken-link', 'broken-link']);
  });

  it('names a gap, a time that runs back and an end before a signed event', async () => {
    const [first, second] = chain(2);
    const back = link(2, first!.hash, '{}', instantFromEpochMs(0));
    expect((await verifyChain(each([first!, back]), [])).problems[0]?.kind).toBe('time-runs-back');
    expect((await verifyChain(each([second!]), [])).problems[0]?.kind).toBe('gap');
    const cut = await verifyChain(each([first!]), [signed(second!)]);
    expect(cut.problems).toMatchObject([{ seq: 2, kind: 'cut-tail' }]);
  });
});
