"""Contracts of every kind: details, rules, search, option chain."""

from ib_async import Contract, Crypto, Forex, Future, Index, MarketOrder, Option, Stock

from .world import FIRST, World, same, section, until

#: One contract of each kind as a client asks for it, and what the answer must say.
KINDS = [
    (Stock("AAPL", "SMART", "USD"), {"conId": 265598, "secType": "STK", "primaryExchange": "NASDAQ"}),
    (Stock("SPY", "SMART", "USD"), {"conId": 756733, "secType": "STK", "primaryExchange": "ARCA"}),
    (Forex("EURUSD"), {"secType": "CASH", "symbol": "EUR", "currency": "USD", "localSymbol": "EUR.USD"}),
    (Index("SPX", "CBOE", "USD"), {"secType": "IND", "symbol": "SPX"}),
    (Crypto("BTC", "PAXOS", "USD"), {"secType": "CRYPTO", "symbol": "BTC"}),
]


@section("contract details")
async def details(world: World) -> None:
    ib, _ = await world.join(31)
    for contract, wanted in KINDS:
        found = await ib.reqContractDetailsAsync(contract)
        same(f"matches of {contract}", len(found), 1)
        seen = {name: getattr(found[0].contract, name) for name in wanted}
        same(f"details of {contract.symbol}", seen, wanted)
        same("an increment", found[0].minTick > 0, True)
        same("a rule per exchange", rules(found[0]) == len(found[0].validExchanges.split(",")), True)
        same("hours", len(found[0].tradingSessions()) >= 0 and found[0].timeZoneId != "", True)


def rules(one) -> int:
    return len(one.marketRuleIds.split(","))


@section("futures")
async def futures(world: World) -> None:
    ib, _ = await world.join(32)
    chain = await ib.reqContractDetailsAsync(Future("ES", exchange="CME", currency="USD"))
    same("several expiries", len(chain) >= 2, True)
    for one in chain:
        same("multiplier", one.contract.multiplier, "50")
        same("expiry", len(one.contract.lastTradeDateOrContractMonth), 8)
        same("underlying", one.underSymbol in ("ES", "SPX"), True)
    first = min(chain, key=lambda one: one.contract.lastTradeDateOrContractMonth).contract
    [again] = await ib.qualifyContractsAsync(
        Future("ES", first.lastTradeDateOrContractMonth, "CME", currency="USD")
    )
    same("by expiry", again.conId, first.conId)


@section("option chain")
async def options(world: World) -> None:
    ib, _ = await world.join(33)
    chains = await ib.reqSecDefOptParamsAsync("AAPL", "", "STK", 265598)
    smart = next(chain for chain in chains if chain.exchange == "SMART")
    same("multiplier", smart.multiplier, "100")
    same("underlying", int(smart.underlyingConId), 265598)
    expiry = sorted(smart.expirations)[0]
    strike = min(smart.strikes, key=lambda price: abs(price - 200))
    asked = Option("AAPL", expiry, strike, "C", "SMART", tradingClass=smart.tradingClass)
    [found] = await ib.reqContractDetailsAsync(asked)
    same("right", found.contract.right, "C")
    same("strike", found.contract.strike, strike)
    same("expiry", found.contract.lastTradeDateOrContractMonth, expiry)
    same("underlying of the option", found.underConId, 265598)
    by_id = await ib.reqContractDetailsAsync(Contract(conId=found.contract.conId))
    same("by its id", by_id[0].contract.localSymbol, found.contract.localSymbol)


@section("bonds")
async def bonds(world: World) -> None:
    """By id: ib_async 2.1 reads a coupon as a whole number and drops the details of most bonds."""
    ib, _ = await world.join(34)
    rows = world.control("GET", "/instruments")
    note = next(row for row in rows if row.get("secType") == "BOND")
    bond = Contract(secType="BOND", conId=note["conId"], exchange="SMART", currency="USD")
    ticker = ib.reqMktData(bond)
    await until("bid and ask in percent", lambda: 20 < ticker.bid <= ticker.ask < 200)
    state = await ib.whatIfOrderAsync(bond, MarketOrder("BUY", 5, account=FIRST))
    same("margin of 5 bonds", float(state.initMarginChange) > 0, True)


@section("unknown contract")
async def unknown(world: World) -> None:
    ib, seen = await world.join(35)
    same("nothing found", await ib.reqContractDetailsAsync(Stock("NOSUCHNAME", "SMART", "USD")), [])
    same("code", [code for _, code, _ in seen if code < 2000], [200])


@section("matching symbols")
async def matching(world: World) -> None:
    ib, _ = await world.join(36)
    found = await ib.reqMatchingSymbolsAsync("AAPL")
    first = next(one for one in found if one.contract.conId == 265598)
    same("kind", first.contract.secType, "STK")
    same("at most 16", len(await ib.reqMatchingSymbolsAsync("A")) <= 16, True)


@section("market rule")
async def market_rule(world: World) -> None:
    ib, _ = await world.join(37)
    [one] = await ib.reqContractDetailsAsync(Stock("AAPL", "SMART", "USD"))
    rule = await ib.reqMarketRuleAsync(int(one.marketRuleIds.split(",")[0]))
    bands = [(band.lowEdge, band.increment) for band in rule]
    same("bands", bands, [(0.0, 0.01)])
