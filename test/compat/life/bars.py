"""Bars of several sizes, the first of them, and those that keep coming."""

from datetime import date, datetime, timezone

from ib_async import Stock

from .world import AAPL, World, same, section, until

#: A share whose price is not held: where nothing is printed no bar of trades begins.
JPM = Stock("JPM", "SMART", "USD", conId=1520593)
#: Size, duration, how many bars at noon with regular hours (13:30Z–20:00Z), seconds between two.
SIZES = [
    ("1 min", "3600 S", 60, 60),
    ("5 mins", "7200 S", 24, 300),
    ("1 hour", "1 D", None, 3600),
    ("1 day", "1 M", None, None),
    ("1 week", "1 Y", None, None),
    ("1 month", "1 Y", None, None),
]


async def ask(ib, size: str, duration: str, contract=AAPL, **options):
    fields = {"endDateTime": "", "whatToShow": "TRADES", "useRTH": True, "formatDate": 2, **options}
    return await ib.reqHistoricalDataAsync(
        contract, barSizeSetting=size, durationStr=duration, timeout=5, **fields
    )


@section("bars of several sizes")
async def sizes(world: World) -> None:
    ib, _ = await world.join(51)
    for size, duration, count, _ in SIZES:
        bars = await ask(ib, size, duration)
        same(f"{size} are there", len(bars) > 0, True)
        if count is not None:
            same(f"count of {size}", abs(len(bars) - count) <= 1, True)
        days = [bar.date for bar in bars]
        same(f"{size} in order", days == sorted(days) and len(set(days)) == len(days), True)
        for bar in bars:
            inside = bar.low <= min(bar.open, bar.close) and max(bar.open, bar.close) <= bar.high
            same(f"{size} at {bar.date}", inside and bar.volume >= 0, True)


@section("bars until an end")
async def with_end(world: World) -> None:
    ib, _ = await world.join(52)
    end = datetime(2026, 4, 10, 18, 0, tzinfo=timezone.utc)
    bars = await ask(ib, "30 mins", "1 D", endDateTime=end)
    same("the last one starts before the end", bars[-1].date < end, True)
    same("of that day", bars[-1].date.date(), date(2026, 4, 10))
    same("again the same", list(await ask(ib, "30 mins", "1 D", endDateTime=end)) == list(bars), True)


@section("head timestamp")
async def head(world: World) -> None:
    ib, _ = await world.join(53)
    first = await ib.reqHeadTimeStampAsync(AAPL, "TRADES", True, 1)
    same("long ago", first.year < 2026, True)


@section("bars that keep coming")
async def keep_up(world: World) -> None:
    ib, _ = await world.join(54)
    bars = await ask(ib, "1 min", "1800 S", JPM, keepUpToDate=True)
    count, last = len(bars), bars[-1].date
    world.control("POST", "/clock/advance", ms=61_000)
    await until("another bar", lambda: bars[-1].date > last, 8)
    same("one more", len(bars) > count, True)
    ib.cancelHistoricalData(bars)
