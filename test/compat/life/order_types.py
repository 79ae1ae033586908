"""Other types and groups of orders: stops, trails, times in force, brackets, OCA, combinations."""

from ib_async import (
    ComboLeg,
    Contract,
    LimitOrder,
    MarketOrder,
    Option,
    Order,
    StopLimitOrder,
    StopOrder,
)

from .world import AAPL, FIRST, MSFT, World, open_orders, place, same, section, status, until


@section("stop")
async def stop(world: World) -> None:
    ib, _ = await world.join(71)
    trade = place(ib, MSFT, StopOrder("SELL", 2, 395))
    await status(trade, "PreSubmitted")
    world.price("MSFT", "394.90", "394.95")
    await status(trade, "Filled")
    same("at the bid", trade.orderStatus.avgFillPrice, 394.90)


@section("stop limit")
async def stop_limit(world: World) -> None:
    ib, _ = await world.join(72)
    trade = place(ib, MSFT, StopLimitOrder("BUY", 2, lmtPrice=404, stopPrice=405))
    await status(trade, "PreSubmitted")
    world.price("MSFT", "405.50", "405.60")
    await status(trade, "Submitted")
    world.price("MSFT", "403.80", "403.90")
    await status(trade, "Filled")
    same("at its limit", trade.orderStatus.avgFillPrice, 404.00)


@section("trailing stop")
async def trail(world: World) -> None:
    ib, _ = await world.join(73)
    order = Order(action="SELL", totalQuantity=2, orderType="TRAIL", auxPrice=2.0)
    trade = place(ib, MSFT, order)
    await status(trade, "PreSubmitted")
    same("it starts behind the market", await stop_seen_by(world, 82), 398.02)
    world.price("MSFT", "410.00", "410.05", "410.00")
    same("it has followed", await stop_seen_by(world, 83), 408.00)
    world.price("MSFT", "407.90", "407.95", "407.90")
    await status(trade, "Filled")
    same("at the bid", trade.orderStatus.avgFillPrice, 407.90)


async def stop_seen_by(world: World, client_id: int) -> float:
    """The stop of the only open order as a new client sees it: the library keeps what it saw first."""
    ib, _ = await world.join(client_id)
    [trade] = await open_orders(ib)
    return trade.order.trailStopPrice


@section("immediate or cancel")
async def ioc(world: World) -> None:
    ib, _ = await world.join(74)
    gone = place(ib, AAPL, LimitOrder("BUY", 1, 150, tif="IOC"))
    await status(gone, "Cancelled")
    same("filled", gone.filled(), 0)
    done = place(ib, AAPL, LimitOrder("BUY", 1, 200.02, tif="IOC"))
    await status(done, "Filled")


@section("fill or kill")
async def fok(world: World) -> None:
    ib, _ = await world.join(75)
    gone = place(ib, AAPL, LimitOrder("BUY", 1, 150, tif="FOK"))
    await until("its end", lambda: gone.orderStatus.status in ("Cancelled", "Inactive"))
    same("filled", gone.filled(), 0)
    done = place(ib, AAPL, LimitOrder("BUY", 1, 200.02, tif="FOK"))
    await status(done, "Filled")


@section("bracket")
async def bracket(world: World) -> None:
    ib, _ = await world.join(76)
    three = ib.bracketOrder("BUY", 4, limitPrice=399, takeProfitPrice=402, stopLossPrice=395)
    parent, profit, loss = [place(ib, MSFT, order) for order in three]
    await status(parent, "Submitted")
    await status(profit, "PreSubmitted")
    await status(loss, "PreSubmitted")
    same("parent", profit.order.parentId, parent.order.orderId)
    world.price("MSFT", "398.90", "398.95")
    await status(parent, "Filled")
    await status(profit, "Submitted")
    same("the stop waits", loss.orderStatus.status, "PreSubmitted")
    world.price("MSFT", "402.10", "402.15")
    await status(profit, "Filled")
    await status(loss, "Cancelled")


@section("a cancelled parent takes its children along")
async def bracket_cancel(world: World) -> None:
    ib, _ = await world.join(77)
    three = ib.bracketOrder("BUY", 4, limitPrice=390, takeProfitPrice=402, stopLossPrice=385)
    trades = [place(ib, MSFT, order) for order in three]
    await status(trades[0], "Submitted")
    await status(trades[2], "PreSubmitted")
    ib.cancelOrder(trades[0].order)
    for trade in trades:
        await status(trade, "Cancelled")


@section("one cancels all")
async def oca(world: World) -> None:
    ib, _ = await world.join(78)
    pair = ib.oneCancelsAll([LimitOrder("BUY", 3, 399), LimitOrder("BUY", 3, 390)], "life-oca", 1)
    near, far = [place(ib, MSFT, order) for order in pair]
    await status(near, "Submitted")
    await status(far, "Submitted")
    world.price("MSFT", "398.90", "398.95")
    await status(near, "Filled")
    await status(far, "Cancelled")


@section("combination")
async def combination(world: World) -> None:
    ib, _ = await world.join(79)
    chains = await ib.reqSecDefOptParamsAsync("AAPL", "", "STK", 265598)
    smart = next(chain for chain in chains if chain.exchange == "SMART")
    expiry = sorted(smart.expirations)[1]
    near = sorted(smart.strikes, key=lambda price: abs(price - 200))[:2]
    legs = [Option("AAPL", expiry, strike, "C", "SMART") for strike in sorted(near)]
    legs = await ib.qualifyContractsAsync(*legs)
    bag = Contract(secType="BAG", symbol="AAPL", currency="USD", exchange="SMART")
    bag.comboLegs = [
        ComboLeg(conId=legs[0].conId, ratio=1, action="BUY", exchange="SMART"),
        ComboLeg(conId=legs[1].conId, ratio=1, action="SELL", exchange="SMART"),
    ]
    trade = place(ib, bag, MarketOrder("BUY", 1))
    await status(trade, "Filled")
    await until("fills of the spread and both legs", lambda: len(trade.fills) >= 3)
    kinds = sorted(fill.contract.secType for fill in trade.fills)
    same("what was filled", kinds, ["BAG", "OPT", "OPT"])
    sides = {f.contract.conId: f.execution.side for f in trade.fills if f.contract.secType == "OPT"}
    same("sides", sides, {legs[0].conId: "BOT", legs[1].conId: "SLD"})


@section("global cancel")
async def global_cancel(world: World) -> None:
    ib, _ = await world.join(80)
    other, _ = await world.join(81)
    trades = [place(ib, AAPL, LimitOrder("BUY", 1, 150)), place(other, MSFT, LimitOrder("BUY", 1, 300))]
    for trade in trades:
        await status(trade, "Submitted")
    ib.reqGlobalCancel()
    for trade in trades:
        await status(trade, "Cancelled")
    same("nothing is open", await open_orders(ib), [])
