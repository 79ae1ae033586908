// The floor: the Temporal calls of the order workflow and nothing else. Same order of steps, same options,
// same task queues in processes of their own; the activities are empty. What the product takes on top of
// this is its own. Kept beside src/workflows/place-order.ts: whoever changes one looks at the other.
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { floorBrokerQueue, type FloorInput, type FloorSubmit } from './names.ts';

type LocalActivities = {
  readonly gate: () => Promise<string>;
  readonly follow: () => Promise<string>;
  readonly applyNews: () => Promise<string>;
};
type BrokerActivities = { readonly submitOrder: (id: string) => Promise<FloorSubmit> };

const ledger = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '20 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});
const broker = proxyActivities<BrokerActivities>({
  taskQueue: floorBrokerQueue,
  summary: 'claim, write, mark',
  startToCloseTimeout: '20 seconds',
  heartbeatTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});
const stateAttribute = defineSearchAttributeKey('CountersignState', 'KEYWORD');

export async function floorOrder({ id }: FloorInput): Promise<FloorSubmit | null> {
  const inbox = { firstGate: null as string | null, decided: '', news: false };
  install(inbox);
  return CancellationScope.nonCancellable(async () => {
    inbox.firstGate = await ledger.gate();
    enter(id, 'AwaitingApproval');
    await condition(() => inbox.decided !== '', 300_000, { summary: 'approval expires' });
    if (inbox.decided !== 'grant') {
      enter(id, await ledger.follow());
      await condition(allHandlersFinished);
      return null;
    }
    const submitted = await broker.submitOrder(id);
    enter(id, 'Submitting');
    await condition(() => inbox.news, 3000, { summary: 'broker acknowledges' });
    enter(id, await ledger.applyNews());
    await condition(allHandlersFinished);
    return submitted;
  });
}

function install(inbox: { firstGate: string | null; decided: string; news: boolean }): void {
  setHandler(defineUpdate<string>('propose'), async () => {
    await condition(() => inbox.firstGate !== null);
    return inbox.firstGate ?? '';
  });
  setHandler(
    defineUpdate<string, [string]>('grant'),
    (_hint: string) => {
      inbox.decided = 'grant';
      return 'noted';
    },
    {
      validator: (_hint: string) => {
        if (inbox.firstGate === null) throw new Error('nothing waits for a decision');
      },
    },
  );
  setHandler(defineSignal('withdrawn'), () => void (inbox.decided = 'withdrawn'));
  setHandler(defineSignal('news'), () => void (inbox.news = true));
  setHandler(defineQuery<string>('describe'), () => inbox.decided);
}

function enter(id: string, state: string): void {
  upsertSearchAttributes([{ key: stateAttribute, value: state }]);
  setCurrentDetails(`**${id}** — ${state}`);
}
