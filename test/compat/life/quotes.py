"""Prices: streams, snapshots, delayed data, and none at all."""

from ib_async import Forex, Stock

from .world import AAPL, World, same, section, until


@section("stream")
async def stream(world: World) -> None:
    ib, _ = await world.join(41)
    ticker = ib.reqMktData(AAPL)
    await until("bid and ask", lambda: (ticker.bid, ticker.ask) == (200.00, 200.02))
    same("sizes", ticker.bidSize > 0 and ticker.askSize > 0, True)
    same("close", ticker.close > 0, True)
    same("type", ticker.marketDataType, 1)
    world.price("AAPL", "201.00", "201.03", "201.01")
    await until("the new price", lambda: (ticker.bid, ticker.ask) == (201.00, 201.03))
    ib.cancelMktData(AAPL)


@section("snapshot")
async def snapshot(world: World) -> None:
    ib, _ = await world.join(42)
    [ticker] = await ib.reqTickersAsync(AAPL)
    same("prices", (ticker.bid, ticker.ask, ticker.last), (200.00, 200.02, 200.01))


@section("forex stream")
async def forex(world: World) -> None:
    ib, _ = await world.join(43)
    [pair] = await ib.qualifyContractsAsync(Forex("EURUSD"))
    ticker = ib.reqMktData(pair)
    await until("bid and ask", lambda: 0.5 < ticker.bid <= ticker.ask < 2)


@section("delayed data")
async def delayed(world: World) -> None:
    world.control("PUT", "/market-data-access", access="delayed")
    ib, seen = await world.join(44)
    ib.reqMarketDataType(3)
    ticker = ib.reqMktData(AAPL)
    await until("delayed prices", lambda: ticker.bid > 0 and ticker.ask > 0)
    same("type", ticker.marketDataType, 3)
    same("the warning", 10167 in [code for _, code, _ in seen], True)


@section("no market data")
async def none(world: World) -> None:
    world.control("PUT", "/market-data-access", access="none")
    ib, seen = await world.join(45)
    ib.reqMktData(AAPL)
    await until("a refusal", lambda: 354 in [code for _, code, _ in seen])


@section("quote of an unknown contract")
async def unknown(world: World) -> None:
    ib, seen = await world.join(46)
    nothing = Stock("NOSUCHNAME", "SMART", "USD")
    ib.client.reqMktData(9046, nothing, "", False, False, [])
    await until("a refusal", lambda: seen.of(9046) == [200])
