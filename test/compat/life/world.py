"""What every section works with: clients, the control port, and waiting for an exact outcome."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Awaitable, Callable

from ib_async import IB, Contract, Order, Stock, Trade

FIRST, SECOND = "DU1234567", "DU7654321"
#: A Tuesday, noon in New York: the US exchanges are open.
NOON = "2026-04-14T16:00:00Z"
AAPL = Stock("AAPL", "SMART", "USD", conId=265598)
MSFT = Stock("MSFT", "SMART", "USD", conId=272093)
#: Prices that stand still while a section plays.
QUOTES = {
    "AAPL": {"bid": "200.00", "ask": "200.02", "last": "200.01"},
    "MSFT": {"bid": "400.00", "ask": "400.05", "last": "400.02"},
}

SECTIONS: dict[str, Callable[["World"], Awaitable[None]]] = {}


def section(name: str):
    """Puts a coroutine into the table of sections, in the order of the source."""

    def register(play):
        SECTIONS[name] = play
        return play

    return register


def same(what: str, seen, wanted) -> None:
    """Fails with both values unless they are equal."""
    if seen != wanted:
        raise AssertionError(f"{what}: wanted {wanted!r}, saw {seen!r}")


class Seen(list):
    """The errors and warnings that one client was told of: (request or order id, code, text)."""

    def of(self, request: int) -> list[int]:
        """Codes about one request, in the order in which they came."""
        return [code for about, code, _ in self if about == request]

    def text(self, request: int, code: int) -> str:
        """The text of the first such message, or an empty one."""
        return next((t for about, c, t in self if (about, c) == (request, code)), "")


class World:
    """One simulated gateway with its two doors, and the clients that are connected to it."""

    def __init__(self, host: str, port: int, control_port: int):
        self.host, self.port = host, port
        self.control_url = f"http://127.0.0.1:{control_port}"
        self.clients: list[IB] = []
        self.control("PUT", "/clock", instant=NOON, running=True)

    def control(self, method: str, path: str, **fields):
        """One call of the control port; the decoded answer."""
        body = json.dumps(fields).encode() if fields else None
        request = urllib.request.Request(self.control_url + path, body, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def price(self, symbol: str, bid: str, ask: str, last: str | None = None) -> None:
        """Sets prices, which then stand still."""
        self.control("PUT", f"/quotes/{symbol}", bid=bid, ask=ask, last=last or bid)

    def set_the_stage(self) -> None:
        """Live data, and the prices of QUOTES."""
        self.control("PUT", "/market-data-access", access="live")
        for symbol, prices in QUOTES.items():
            self.control("PUT", f"/quotes/{symbol}", **prices)

    async def join(self, client_id: int, **options) -> tuple[IB, Seen]:
        """A connected client and what it is told; `leave` disconnects it."""
        ib, seen = IB(), Seen()
        ib.errorEvent += lambda about, code, text, _: seen.append((about, code, text))
        await ib.connectAsync(
            self.host, self.port, client_id, timeout=4, raiseSyncErrors=True, **options
        )
        self.clients.append(ib)
        return ib, seen

    async def leave(self) -> None:
        """Cancels what is still open, so that sections do not meet, and ends every connection."""
        living = next((ib for ib in self.clients if ib.isConnected()), None)
        if living is not None:
            living.reqGlobalCancel()
            await living.reqCurrentTimeAsync()
        for ib in self.clients:
            ib.disconnect()
        self.clients.clear()
        await asyncio.sleep(0.02)


async def until(what: str, is_so: Callable[[], bool], seconds: float = 5) -> None:
    """Waits until it is so; fails with `what` when it does not come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come")
        await asyncio.sleep(0.005)


async def status(trade: Trade, wanted: str) -> None:
    """Waits for one status of an order."""
    try:
        await until(wanted, lambda: trade.orderStatus.status == wanted)
    except AssertionError:
        log = [(entry.status, entry.message) for entry in trade.log]
        raise AssertionError(f"{wanted} did not come: {log}") from None


async def open_orders(ib: IB) -> list[Trade]:
    """Open orders of all clients, each once: news that comes meanwhile is in the library's list too."""
    listed = await ib.reqAllOpenOrdersAsync()
    latest = {trade.order.permId: trade for trade in listed}
    return [trade for trade in latest.values() if not trade.isDone()]


def place(ib: IB, contract: Contract, order: Order, **fields) -> Trade:
    """Places an order for the first account unless told otherwise."""
    order.account = FIRST
    for name, value in fields.items():
        setattr(order, name, value)
    return ib.placeOrder(contract, order)
