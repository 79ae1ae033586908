import { readdirSync, readFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * Every history that a released version has written must replay on today's workflow code. A change of the
 * lifecycle that breaks one needs `patched`; a new shape of history is added with `npm run histories`.
 */
const directory = new URL('./histories/', import.meta.url);
const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
const workflowsPath = new URL('../../src/workflows/index.ts', import.meta.url).pathname;

let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
});

describe('histories of released versions', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(8);
  });

  it.each(names)('%s replays', async (name) => {
    const history: unknown = JSON.parse(readFileSync(new URL(name, directory), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle }, history);
  });

  it.each(names)('%s with another activity in it would be noticed', async (name) => {
    const history = JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as History;
    const changed = renameLocalActivity(history, 'gate', 'gatekeeper');
    expect(changed).toBeGreaterThan(0);
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(
      /Nondeterminism|nondeterminism/,
    );
  });
});

type Marker = { readonly details: { readonly data: { readonly payloads: { data: string }[] } } };
type History = { readonly events: { readonly markerRecordedEventAttributes?: Marker }[] };

/** Changes the name in the markers of a history as if the code of then had called something else; how many. */
function renameLocalActivity({ events }: History, from: string, to: string): number {
  let changed = 0;
  for (const { markerRecordedEventAttributes: marker } of events) {
    const [payload] = marker?.details.data.payloads ?? [];
    if (payload === undefined) continue;
    const data = JSON.parse(Buffer.from(payload.data, 'base64').toString()) as Record<
      string,
      unknown
    >;
    if (data['activity_type'] !== from) continue;
    payload.data = Buffer.from(JSON.stringify({ ...data, activity_type: to })).toString('base64');
    changed += 1;
  }
  return changed;
}
