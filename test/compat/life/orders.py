"""One order from its cost to its end: what-if, rest, modify, cancel, fill, refusals."""

import math

from ib_async import LimitOrder, MarketOrder, Order, Stock

from .world import AAPL, FIRST, MSFT, World, open_orders, place, same, section, status, until


@section("what-if")
async def what_if(world: World) -> None:
    ib, _ = await world.join(61)
    order = MarketOrder("BUY", 100, account=FIRST)
    state = await ib.whatIfOrderAsync(AAPL, order)
    same("margin", float(state.initMarginChange) > 0, True)
    same("equity", float(state.equityWithLoanBefore) > 0, True)
    same("commission", math.isclose(state.commission, 1.0), True)
    same("currency", state.commissionCurrency, "USD")
    same("nothing is kept", await open_orders(ib), [])


@section("rest, modify, cancel")
async def rest_modify_cancel(world: World) -> None:
    ib, seen = await world.join(62)
    trade = place(ib, AAPL, LimitOrder("BUY", 10, 150), orderRef="rmc")
    await status(trade, "Submitted")
    perm_id = trade.order.permId
    same("it has a permanent id", perm_id > 0, True)
    trade.order.lmtPrice, trade.order.totalQuantity = 151, 12
    ib.placeOrder(AAPL, trade.order)
    await until("the answer", lambda: world.control("GET", "/orders?orderRef=rmc")[0]["quantity"] in (12, "12"))
    [found] = await open_orders(ib)
    same("price and size", (found.order.lmtPrice, found.order.totalQuantity), (151, 12))
    same("the same order", found.order.permId, perm_id)
    ib.cancelOrder(trade.order)
    await status(trade, "Cancelled")
    same("codes", seen.of(trade.order.orderId), [202])
    same("filled", trade.filled(), 0)


@section("market order")
async def market(world: World) -> None:
    ib, _ = await world.join(63)
    trade = place(ib, AAPL, MarketOrder("BUY", 10))
    await status(trade, "Filled")
    await until("the commission", lambda: trade.fills and trade.fills[0].commissionReport.execId != "")
    [fill] = trade.fills
    same("price", (fill.execution.price, fill.execution.avgPrice), (200.02, 200.02))
    same("shares", (fill.execution.shares, fill.execution.cumQty), (10, 10))
    same("side and account", (fill.execution.side, fill.execution.acctNumber), ("BOT", FIRST))
    same("commission", (fill.commissionReport.commission, fill.commissionReport.currency), (1.0, "USD"))
    same("same execution", fill.commissionReport.execId, fill.execution.execId)
    sold = place(ib, AAPL, MarketOrder("SELL", 10))
    await status(sold, "Filled")
    same("sold at the bid", sold.fills[0].execution.price, 200.00)


@section("marketable limit")
async def marketable(world: World) -> None:
    ib, _ = await world.join(64)
    trade = place(ib, AAPL, LimitOrder("BUY", 5, 201))
    await status(trade, "Filled")
    same("never worse than the offer", trade.orderStatus.avgFillPrice, 200.02)


@section("a resting order fills when the price comes")
async def price_comes(world: World) -> None:
    ib, _ = await world.join(65)
    trade = place(ib, MSFT, LimitOrder("BUY", 5, 399))
    await status(trade, "Submitted")
    world.price("MSFT", "398.90", "398.95")
    await status(trade, "Filled")
    same("within the limit", trade.orderStatus.avgFillPrice <= 399, True)


@section("refusals")
async def refusals(world: World) -> None:
    ib, seen = await world.join(66)

    async def refused(contract, order, code: int, account: str = FIRST) -> int:
        trade = place(ib, contract, order, account=account)
        order_id = trade.order.orderId
        await until(f"code {code}", lambda: code in seen.of(order_id))
        return order_id

    await refused(Stock("NOSUCHNAME", "SMART", "USD"), LimitOrder("BUY", 1, 10), 200)
    await refused(AAPL, LimitOrder("BUY", 1, 150.005), 110)
    await refused(AAPL, LimitOrder("BUY", 1_000_000, 199), 201)
    await refused(AAPL, Order(action="BUY", totalQuantity=1, orderType="NO SUCH"), 321)
    await refused(AAPL, LimitOrder("BUY", 1, 150), 321, account="DU0000000")
    same("nothing is left", await open_orders(ib), [])


@section("duplicate id")
async def duplicate_id(world: World) -> None:
    ib, seen = await world.join(67)
    done = place(ib, AAPL, MarketOrder("BUY", 1))
    gone = place(ib, AAPL, LimitOrder("BUY", 1, 150))
    await status(done, "Filled")
    await status(gone, "Submitted")
    ib.cancelOrder(gone.order)
    await status(gone, "Cancelled")
    for order_id, wanted in ((done.order.orderId, [104]), (gone.order.orderId, [202, 103])):
        ib.client.placeOrder(order_id, AAPL, LimitOrder("BUY", 1, 150, account=FIRST))
        await until("a refusal", lambda: seen.of(order_id)[-1:] == wanted[-1:])
        same("codes", seen.of(order_id), wanted)
    same("nothing is open", await open_orders(ib), [])


@section("cancel of what is not there")
async def cancel_nothing(world: World) -> None:
    ib, seen = await world.join(68)
    ib.client.cancelOrder(99_999, "")
    await until("a refusal", lambda: seen.of(99_999) == [10147])
    done = place(ib, AAPL, MarketOrder("BUY", 1))
    await status(done, "Filled")
    ib.client.cancelOrder(done.order.orderId, "")
    await until("a refusal", lambda: seen.of(done.order.orderId) != [])
    same("code", seen.of(done.order.orderId), [10148])
