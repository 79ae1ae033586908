// The raw server on a thread of its own: it goes on reading while the thread that tests it is blocked.
import { parentPort, workerData } from 'node:worker_threads';
import { startRawTws } from './raw-tws.ts';

const shared = workerData as { counter: SharedArrayBuffer };
const counter = new Int32Array(shared.counter);
const tws = await startRawTws();
tws.on('3', () => {
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
  return false;
});
parentPort?.on('message', () => {
  parentPort?.postMessage({
    placed: tws.frames.filter(({ fields }) => fields[0] === '3').map(({ fields }) => fields),
  });
});
parentPort?.postMessage({ port: tws.port });
