"""A trading program that knows nothing of us: ib_async, told what to do by one JSON object per line."""

import asyncio
import json
import logging
import sys

from ib_async import IB, LimitOrder, Stock


class Client:
    def __init__(self, port: int, client_id: int, account: str):
        self.port, self.client_id, self.account = port, client_id, account
        self.ib = IB()

    async def connect(self) -> dict:
        self.ib = IB()
        await self.ib.connectAsync("127.0.0.1", self.port, self.client_id, timeout=4)
        return {"serverVersion": self.ib.client.serverVersion()}

    async def place(self, symbol: str, conId: int, quantity: int, limitPrice: str, orderRef: str) -> dict:
        order = LimitOrder("BUY", quantity, float(limitPrice), tif="DAY")
        order.account, order.orderRef = self.account, orderRef
        trade = self.ib.placeOrder(Stock(symbol, "SMART", "USD", conId=conId), order)
        await until(lambda: trade.orderStatus.status == "Submitted")
        return {"orderId": trade.order.orderId, "permId": trade.order.permId}

    async def open(self) -> list:
        return [
            {"orderRef": t.order.orderRef, "orderId": t.order.orderId, "permId": t.order.permId}
            for t in self.ib.openTrades()
        ]

    async def lost(self) -> dict:
        await until(lambda: not self.ib.isConnected())
        return {}

    async def cancel(self, orderRef: str) -> dict:
        trade = next(t for t in self.ib.openTrades() if t.order.orderRef == orderRef)
        self.ib.cancelOrder(trade.order)
        await until(lambda: trade.orderStatus.status == "Cancelled")
        return {}


async def until(is_so) -> None:
    for _ in range(1000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def main() -> None:
    logging.getLogger("ib_async").setLevel(logging.CRITICAL)  # the story is told by the caller
    client = Client(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wish = json.loads(line)
        try:
            answer = {"value": await getattr(client, wish.pop("does"))(**wish)}
        except Exception as failure:
            answer = {"failure": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)
    client.ib.disconnect()


asyncio.run(main())
