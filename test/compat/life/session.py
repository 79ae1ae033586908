"""Connections: version, accounts, time, client ids."""

from ib_async import IB, LimitOrder

from .world import AAPL, FIRST, SECOND, World, place, same, section, status, until


@section("connect")
async def connect(world: World) -> None:
    ib, _ = await world.join(11)
    same("server version", ib.client.serverVersion(), 178)
    same("accounts", ib.managedAccounts(), [FIRST, SECOND])
    other, _ = await world.join(12)
    same("both are connected", [ib.isConnected(), other.isConnected()], [True, True])
    now = await ib.reqCurrentTimeAsync()
    same("time of the exchange", now.strftime("%Y-%m-%d %H:%M"), "2026-04-14 16:00")


@section("client id in use")
async def client_id_in_use(world: World) -> None:
    await world.join(13)
    second, codes = IB(), []
    second.errorEvent += lambda about, code, *_: codes.append((about, code))
    try:
        await second.connectAsync(world.host, world.port, 13, timeout=0.5)
    except (ConnectionError, TimeoutError):
        pass
    same("the second is refused", (codes[:1], second.isConnected()), ([(-1, 326)], False))
    second.disconnect()


@section("reconnect with a live order")
async def reconnect(world: World) -> None:
    ib, _ = await world.join(14)
    trade = place(ib, AAPL, LimitOrder("BUY", 3, 150), orderRef="survivor")
    await status(trade, "Submitted")
    order_id, perm_id = trade.order.orderId, trade.order.permId
    ib.disconnect()
    again, seen = await world.join(14)
    [found] = again.openTrades()
    same("the order", (found.order.orderId, found.order.permId), (order_id, perm_id))
    same("its reference", found.order.orderRef, "survivor")
    same("the next id is higher", again.client.getReqId() > order_id, True)
    found.order.lmtPrice = 151
    again.placeOrder(AAPL, found.order)
    await until(
        "the modification at the exchange",
        lambda: world.control("GET", "/orders?orderRef=survivor")[0]["limitPrice"] in ("151", "151.00"),
    )
    again.cancelOrder(found.order)
    await status(found, "Cancelled")
    same("confirmed", seen.of(order_id), [202])


@section("orders of other clients")
async def foreign_orders(world: World) -> None:
    ib, _ = await world.join(15)
    mine = place(ib, AAPL, LimitOrder("BUY", 1, 150), orderRef="of 15")
    await status(mine, "Submitted")
    other, seen = await world.join(16)
    same("another client's own orders", other.openTrades(), [])
    everything = await other.reqAllOpenOrdersAsync()
    same("all open orders", [t.order.orderRef for t in everything], ["of 15"])
    same("whose it is", everything[0].order.clientId, 15)
    other.client.cancelOrder(mine.order.orderId, "")
    await until("a refusal", lambda: 10147 in seen.of(mine.order.orderId))
    same("the order lives", mine.orderStatus.status, "Submitted")

    master, _ = await world.join(0)
    same("not client 0's own", master.openTrades(), [])
    later = place(ib, AAPL, LimitOrder("BUY", 2, 150), orderRef="later")
    await until(
        "the later order at client 0",
        lambda: "later" in [t.order.orderRef for t in master.openTrades()],
    )
    master.reqGlobalCancel()
    await status(mine, "Cancelled")
    await status(later, "Cancelled")
