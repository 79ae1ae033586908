// A foreign program and ours at one gateway, through a nightly restart that forgets which order ids it has
// given away. The price of one share is held still meanwhile, so that the orders rest as long as they have to.
import { showAuditTrail } from '../audit-trail.ts';
import { openForeignClient, type ForeignClient } from '../foreign/foreign-client.ts';
import { expectSame, expectThat, lookUntil, present } from '../observe.ts';
import { operatorSees, proposeForApproval, quote, type Chapter, type Stage } from '../stage.ts';

const symbol = 'MSFT';
const ours = { symbol, side: 'BUY', quantity: 3 } as const;
const later = { symbol: 'KO', side: 'BUY', quantity: 1 } as const;
const foreignClientId = 77;
const downMs = 2000;
const backWithinMs = 60_000;

export const gateway: Chapter = {
  name: 'gateway',
  title: 'a foreign client, ours, and a nightly restart in the middle of a working order',
  async play(stage) {
    const { agent, exchange, report } = stage;
    const { account } = await agent.portfolio();
    const foreign = await openForeignClient(report, {
      port: exchange.clientPort,
      clientId: foreignClientId,
      account,
    });
    try {
      const market = await holdMarket(stage);
      const working = await workingOrder(stage, market.below);
      const theirs = await foreignOrder(stage, foreign, market);
      await bothSeen(stage, working, theirs.permId);
      await restart(stage, foreign, working, theirs);
      await nextOrder(stage, working);
      await fillsOnce(stage, working, market);
      await foreign.cancel(theirs.orderRef);
      report.saw('foreign', 'cancels its order: confirmed');
    } finally {
      foreign.stop();
      await exchange.releasePrices();
    }
  },
};

type Market = { readonly conId: number; readonly below: string; readonly lower: string };
type Working = {
  readonly intentId: string;
  readonly orderId: number;
  readonly permId: number;
  readonly clientId: number;
};
type Theirs = { readonly orderRef: string; readonly orderId: number; readonly permId: number };

/** Holds the price and chooses two limits below the bid: there orders rest. */
async function holdMarket(stage: Stage): Promise<Market> {
  const { exchange, report } = stage;
  const { conId, bid, ask, limitPrice } = await quote(stage, ours);
  const [, fraction = ''] = limitPrice.split('.');
  const under = (share: number): string => (Number(bid) * (1 - share)).toFixed(fraction.length);
  await exchange.holdPrice(symbol, { bid, ask, last: bid });
  report.saw('market', `${symbol} is held at ${bid} / ${ask} through the control port`);
  return { conId, below: under(0.002), lower: under(0.01) };
}

async function workingOrder(stage: Stage, limitPrice: string): Promise<Working> {
  const { exchange, report } = stage;
  const wish = { ...ours, limitPrice, reason: 'the demo lets an order rest over a restart' };
  const intentId = await countersigned(stage, wish);
  const [order] = await lookUntil(
    () => exchange.orders(intentId),
    ([seen]) => seen?.status === 'Submitted',
  );
  const working = present('our order at the exchange', order);
  expectSame('its status', working.status, 'Submitted');
  report.saw('gateway', `our order ${working.orderId} works at ${limitPrice}`);
  return { ...working, intentId };
}

/** Proposed by the agent, seen and granted by the operator. */
async function countersigned(
  stage: Stage,
  wish: Parameters<typeof proposeForApproval>[1],
): Promise<string> {
  const { operator, report } = stage;
  const proposal = await proposeForApproval(stage, wish);
  const { approvalId, envelopeHash } = await operatorSees(stage, wish, proposal);
  const { status, body } = await operator.decide({ verb: 'grant', approvalId, envelopeHash });
  expectSame("answer to the operator's grant", [status, body.code], [200, undefined]);
  report.saw('operator', 'countersigns it');
  return proposal.intentId;
}

async function foreignOrder(
  { report }: Stage,
  foreign: ForeignClient,
  { conId, lower }: Market,
): Promise<Theirs> {
  const { serverVersion } = await foreign.connect();
  const orderRef = `foreign-${Date.now()}`;
  const order = { symbol, conId, quantity: 1, limitPrice: lower, orderRef };
  const placed = await foreign.place(order);
  report.saw(
    'foreign',
    `${foreign.name} connects as client ${foreignClientId}, server version ${serverVersion}; its own order ${placed.orderId} works at ${lower}`,
  );
  return { orderRef, ...placed };
}

/** Our product lists both, and says which one is not its own. */
async function bothSeen({ agent, report }: Stage, mine: Working, permId: number): Promise<void> {
  const wanted = [mine.intentId, null];
  const look = async (): Promise<(string | null | undefined)[]> => {
    const { orders } = await agent.openOrders();
    const intentOf = (id: number): string | null | undefined =>
      orders.find((order) => order.permId === String(id))?.intentId;
    return [intentOf(mine.permId), intentOf(permId)];
  };
  const seen = await lookUntil(look, ([, theirs]) => theirs === null);
  expectSame('intents of the two open orders over MCP', seen, wanted);
  report.saw('agent', 'sees two open orders: its own, and one that is not ours');
}

async function restart(
  { agent, exchange, report }: Stage,
  foreign: ForeignClient,
  mine: Working,
  theirs: Theirs,
): Promise<void> {
  const nextIds = await exchange.restart({ rollBackIds: mine.orderId, downMs });
  const next = nextIds[String(mine.clientId)] ?? Number.NaN;
  expectThat('next id after the restart', next <= mine.orderId, `at most ${mine.orderId}`, next);
  report.saw(
    'gateway',
    `restarts; its next id for us is ${next}, though ${mine.orderId} is in use`,
  );
  await foreign.lost();
  const back = await lookUntil(
    () => foreign.connect().catch(() => null),
    (answer) => answer !== null,
    backWithinMs,
  );
  present('connection of the foreign client after the restart', back);
  const found = (await foreign.open()).filter(({ orderRef }) => orderRef === theirs.orderRef);
  expectSame('its open order after the restart', found, [theirs]);
  report.saw('foreign', 'is back and finds its order again');
  const link = async (): Promise<string> => (await agent.connection()).status;
  const status = await lookUntil(link, (word) => word === 'ok', backWithinMs);
  expectSame('connection_status over MCP', status, 'ok');
  const [order] = await exchange.orders(mine.intentId);
  expectSame(
    'our order after the restart',
    [order?.permId, order?.status, order?.filled],
    [mine.permId, 'Submitted', 0],
  );
  report.saw('gateway', 'our product is back by itself; its order still works');
}

/** The next order of ours takes an id that was never used, whatever the gateway says is next. */
async function nextOrder(stage: Stage, { orderId, clientId }: Working): Promise<void> {
  const { agent, exchange, report } = stage;
  const { limitPrice } = await quote(stage, later);
  const wish = { ...later, limitPrice, reason: 'the demo sends another order after the restart' };
  const intentId = await countersigned(stage, wish);
  const ended = await agent.wait(intentId, 'terminal');
  expectSame('state of the next order over MCP', ended.state, 'Filled');
  const order = present('the next order', (await exchange.orders(intentId))[0]);
  expectSame('its client', order.clientId, clientId);
  expectThat('its id', order.orderId > orderId, `above ${orderId}`, order.orderId);
  report.saw('gateway', `the next order takes id ${order.orderId}: none is used twice`);
}

async function fillsOnce(stage: Stage, mine: Working, { below }: Market): Promise<void> {
  const { agent, exchange, operator, report } = stage;
  await exchange.holdPrice(symbol, { bid: below, ask: below, last: below });
  const ended = await agent.wait(mine.intentId, 'terminal');
  const quantity = String(ours.quantity);
  expectSame('state of our order over MCP', [ended.state, ended.filled], ['Filled', quantity]);
  const executions = await exchange.executions(mine.intentId);
  const frames = await exchange.orderFrames(mine.intentId);
  expectSame('fills and frames of our order', [executions.length, frames], [1, 1]);
  report.saw('order', `the price comes: one frame, one fill of ${quantity} at ${below}`);
  await showAuditTrail(operator, report, mine.intentId, [
    'OrderProposed',
    'ApprovalRequested',
    'ApprovalGranted',
    'OrderClaimed',
    'OrderSent',
    'OrderFilled',
  ]);
}
