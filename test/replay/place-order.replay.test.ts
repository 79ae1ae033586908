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
    expect(names.length).toBeGreaterThanOrEqual(5);
  });

  it.each(names)('%s replays', async (name) => {
    const history: unknown = JSON.parse(readFileSync(new URL(name, directory), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle }, history);
  });

  it('would notice a changed order of commands', async () => {
    const history = JSON.parse(
      readFileSync(new URL(names[0] ?? '', directory), 'utf8').replaceAll('"gate"', '"gatekeeper"'),
    ) as unknown;
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow();
  });
});
