"""What can be asked afterwards: executions with filters, completed orders."""

from ib_async import ExecutionFilter, LimitOrder, MarketOrder

from .world import AAPL, FIRST, MSFT, SECOND, World, place, same, section, status


@section("executions with filters")
async def executions(world: World) -> None:
    ib, _ = await world.join(91)
    bought = place(ib, AAPL, MarketOrder("BUY", 2), orderRef="x-1")
    sold = place(ib, MSFT, MarketOrder("SELL", 1), orderRef="x-2")
    other = place(ib, AAPL, MarketOrder("BUY", 3), orderRef="x-3", account=SECOND)
    for trade in (bought, sold, other):
        await status(trade, "Filled")

    async def found(**fields) -> list[str]:
        fills = await ib.reqExecutionsAsync(ExecutionFilter(clientId=91, **fields))
        return sorted(fill.execution.orderRef for fill in fills)

    same("all", await found(), ["x-1", "x-2", "x-3"])
    same("by symbol", await found(symbol="AAPL"), ["x-1", "x-3"])
    same("by side", await found(side="SELL"), ["x-2"])
    same("by account", await found(acctCode=SECOND), ["x-3"])
    same("by time", await found(time="20260414-23:00:00"), [])
    later, _ = await world.join(94)  # asks for the executions of the day when it connects
    fills = [fill for fill in later.fills() if fill.execution.clientId == 91]
    same("seen from another client", sorted(f.execution.orderRef for f in fills), ["x-1", "x-2", "x-3"])
    same("commissions came too", [f.commissionReport.execId for f in fills], [f.execution.execId for f in fills])


@section("completed orders")
async def completed(world: World) -> None:
    ib, _ = await world.join(92)
    done = place(ib, AAPL, MarketOrder("BUY", 2), orderRef="c-filled")
    gone = place(ib, AAPL, LimitOrder("BUY", 2, 150), orderRef="c-cancelled")
    await status(done, "Filled")
    await status(gone, "Submitted")
    ib.cancelOrder(gone.order)
    await status(gone, "Cancelled")
    trades = await ib.reqCompletedOrdersAsync(False)
    seen = {t.order.orderRef: t for t in trades if t.order.orderRef.startswith("c-")}
    same("both", sorted(seen), ["c-cancelled", "c-filled"])
    same("states", (seen["c-filled"].orderStatus.status, seen["c-cancelled"].orderStatus.status), ("Filled", "Cancelled"))
    same("permanent ids", seen["c-filled"].order.permId, done.order.permId)
    same("account", seen["c-filled"].order.account, FIRST)
