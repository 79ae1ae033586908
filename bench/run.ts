// `npm run bench`: what the product adds to the floor, measured in one run on a product of its own. Options:
// --quick (at most two minutes), --json (one document on stdout instead of the table).
import { policyFile } from '../test/support/policy-file.ts';
import { startProduct } from '../test/support/product.ts';
import { measureAdapter } from './adapter.ts';
import { measureGate } from './gate.ts';
import { startFloor } from './floor/floor.ts';
import { storms } from './kill-switch.ts';
import { atAPace, oneAtATime } from './latency.ts';
import { readMemory } from './memory.ts';
import { openOrders } from './orders.ts';
import { makeReport } from './report.ts';
import { inProcess, overSocket } from './simulator.ts';
import { table } from './table.ts';

const sizes = {
  quick: {
    rounds: 50,
    blocks: 2,
    perBlock: 12,
    storms: 10,
    orders: 10_000,
    evaluations: 100_000,
    flood: 100,
    quotes: 20,
  },
  full: {
    rounds: 300,
    blocks: 6,
    perBlock: 30,
    storms: 60,
    orders: 60_000,
    evaluations: 1_000_000,
    flood: 100,
    quotes: 60,
  },
} as const;
/** Every rule is on; what counts orders leaves room for those of a run. */
const roomForMany = [
  [['rules', 'daily_trade_count', 'limit'], 100_000],
  [['rules', 'repeated_execution', 'count'], 99],
  [['rules', 'repeated_execution', 'window_seconds'], 60],
  [['budgets', 'default', 'notional_per_day'], '100000000'],
  [['budgets', 'default', 'orders_per_day'], 100_000],
  [['budgets', 'default', 'pending_approvals'], 1000],
  [['budgets', 'default', 'asks_per_hour'], 100_000],
] as const;
const warmUpOrders = 5000;
const warmUp = 10;

async function measure(size: (typeof sizes)[keyof typeof sizes]) {
  const startedAt = performance.now();
  say('the gate by itself');
  const gate = measureGate(size.evaluations);
  const gateway = await measureGateway(size);
  const policy = policyFile(roomForMany);
  const product = await startProduct({ RISK_POLICY_FILE: policy.file });
  try {
    const afterStart = readMemory(product);
    const floor = await startFloor(product.info.temporalAddress, product.info.temporalNamespace);
    const orders = await openOrders(product);
    const world = { product, floor, orders };
    say('warming up');
    await oneAtATime(world, warmUp);
    say('one at a time');
    const single = await oneAtATime(world, size.rounds);
    say('at five a second');
    const paced = await atAPace(world, { perSecond: 5, ...size });
    say('kill switch');
    const storm = await storms(product, orders, { rounds: size.storms, size: 10 });
    const memory = { afterStart, atEnd: readMemory(product) };
    await orders.close();
    await floor.stop();
    return makeReport({
      single,
      paced,
      storm,
      memory,
      gate,
      gateway,
      seconds: (performance.now() - startedAt) / 1000,
    });
  } finally {
    await product.stop();
    policy.remove();
  }
}

/** The simulated gateway and the adapter by themselves, before anything else runs. */
async function measureGateway({ orders, flood, quotes }: (typeof sizes)[keyof typeof sizes]) {
  say('simulated gateway');
  await inProcess(warmUpOrders);
  const alone = await inProcess(orders);
  const socket = await overSocket(orders);
  say('adapter at the pacing limit');
  return { alone, socket, adapter: await measureAdapter({ flood, quotes }) };
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== '--quick' && arg !== '--json');
if (unknown !== undefined) {
  process.stderr.write(`bench: unknown option ${unknown}; known: --quick, --json\n`);
  process.exit(2);
}
const report = await measure(args.includes('--quick') ? sizes.quick : sizes.full);
process.stdout.write(
  `${args.includes('--json') ? JSON.stringify(report, null, 2) : table(report)}\n`,
);
// A missed budget is news; a frame after the kill switch or a message too many is a broken promise.
process.exitCode = report.killSwitch.met && report.gateway.violations === 0 ? 0 : 1;
