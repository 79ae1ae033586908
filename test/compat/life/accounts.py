"""What an account has: summary, values, portfolio, positions, profit and loss."""

import math

from ib_async import MarketOrder

from .world import AAPL, FIRST, SECOND, World, place, same, section, status, until


@section("account summary")
async def summary(world: World) -> None:
    ib, _ = await world.join(21)
    rows = await ib.accountSummaryAsync()
    tags = {(row.account, row.tag): row for row in rows}
    for account in (FIRST, SECOND):
        net = tags[account, "NetLiquidation"]
        same("currency", net.currency, "USD")
        same("net liquidation is a number", float(net.value) > 900_000, True)
        for tag in ("TotalCashValue", "BuyingPower", "AvailableFunds", "MaintMarginReq"):
            same(f"{tag} of {account}", (account, tag) in tags, True)
    ib.client.reqAccountSummary(9001, "All", "NetLiquidation")
    ib.client.cancelAccountSummary(9001)


@section("account updates")
async def updates(world: World) -> None:
    ib, _ = await world.join(22, account=FIRST)
    values = {v.tag: v for v in ib.accountValues(FIRST) if v.currency in ("USD", "")}
    same("account code", values["AccountCode"].value, FIRST)
    same("cash is there", float(values["TotalCashValue"].value) > 0, True)
    held = {item.contract.symbol: item for item in ib.portfolio(FIRST)}
    item = held["MSFT"]
    same("MSFT in the portfolio", (item.position, item.account), (30, FIRST))
    same("market value", math.isclose(item.marketValue, item.position * item.marketPrice, abs_tol=0.1), True)


@section("account updates multi")
async def updates_multi(world: World) -> None:
    ib, _ = await world.join(23)  # ib_async asks for every account by itself
    accounts = {value.account for value in ib.accountValues()}
    same("accounts with values", {FIRST, SECOND} <= accounts, True)


@section("positions")
async def positions(world: World) -> None:
    ib, _ = await world.join(24)
    before = {p.contract.conId: p for p in await ib.reqPositionsAsync() if p.account == FIRST}
    held = before[AAPL.conId]
    trade = place(ib, AAPL, MarketOrder("BUY", 5))
    await status(trade, "Filled")
    await until(
        "the new position, unasked",
        lambda: any(
            p.contract.conId == AAPL.conId and p.position == held.position + 5
            for p in ib.positions(FIRST)
        ),
    )
    now = next(p for p in ib.positions(FIRST) if p.contract.conId == AAPL.conId)
    cost = held.avgCost * held.position + 5 * 200.02 + 1
    same("average cost", math.isclose(now.avgCost, cost / now.position, abs_tol=0.001), True)


@section("profit and loss")
async def profit(world: World) -> None:
    ib, _ = await world.join(25)
    whole = ib.reqPnL(FIRST)
    one = ib.reqPnLSingle(FIRST, "", 272093)
    await until("profit", lambda: not math.isnan(whole.dailyPnL) and one.position == 30)
    same("value of 30 MSFT", math.isclose(one.value, 30 * 400.02, abs_tol=30 * 0.05), True)
    before = one.value
    world.price("MSFT", "410.00", "410.05", "410.02")
    await until("a new value", lambda: one.value > before + 250)
    ib.cancelPnL(FIRST)
    ib.cancelPnLSingle(FIRST, "", 272093)
