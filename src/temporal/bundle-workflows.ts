// Bundling needs webpack and a compiler, a hundred megabytes that no worker uses again: it is done in a
// process that ends afterwards. This file is both sides: the module asks, the program answers.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundle } from '@temporalio/worker';

/** Bundles the workflows; every worker of a process can share the bundle. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  const bundler = fork(fileURLToPath(import.meta.url), { execArgv: bundlerFlags });
  return new Promise((resolve, reject) => {
    bundler.once('message', (bundle) => {
      resolve(bundle as WorkflowBundle);
      bundler.disconnect();
    });
    bundler.once('error', reject);
    bundler.once('exit', (code) => {
      reject(new Error(`the workflow bundler ended with ${code ?? 'a signal'}`));
    });
  });
}

const bundlerFlags = ['--disable-warning=ExperimentalWarning'];

async function answer(): Promise<void> {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  process.send?.(bundle);
}

if (import.meta.main) await answer();
