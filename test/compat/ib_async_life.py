"""The whole life of orders at a simulated gateway that is already running, told by ib_async.

    python ib_async_life.py --port 4002 --control-port 4012 [--only NAME ...] [--list]

Prints one JSON line per section ({"section", "ok", "ms", "text"}) and ends with exit code 0 only when all
of them went as told. Every outcome is asserted exactly; the exchange's clock and prices are set through
the control port first, so that nothing depends on the hour. The sections are in `life/`.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
import traceback

from life import session, accounts, contracts, quotes, bars, orders, order_types, reports
from life.world import SECTIONS, World

ROOMS = (session, accounts, contracts, quotes, bars, orders, order_types, reports)


async def run(world: World, names: list[str]) -> bool:
    """Plays the sections one after the other on a market that is set anew before each."""
    ok = True
    for name, play in SECTIONS.items():
        if names and name not in names:
            continue
        started = time.monotonic()
        line = {"section": name, "ok": True, "text": ""}
        try:
            world.set_the_stage()
            await asyncio.wait_for(play(world), 20)
        except Exception:
            line.update(ok=False, text=traceback.format_exc(limit=-3))
            ok = False
        finally:
            await world.leave()
        line["ms"] = round((time.monotonic() - started) * 1000)
        print(json.dumps(line), flush=True)
    return ok


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=4002)
    options.add_argument("--control-port", type=int, default=4012)
    options.add_argument("--only", nargs="*", default=[], help="names of sections")
    options.add_argument("--list", action="store_true", help="print the names of the sections")
    chosen = options.parse_args()
    if chosen.list:
        print("\n".join(SECTIONS))
        return 0
    unknown = set(chosen.only) - set(SECTIONS)
    if unknown:
        options.error(f"no such section: {', '.join(sorted(unknown))}")
    logging.getLogger("ib_async").setLevel(logging.CRITICAL)
    world = World(chosen.host, chosen.port, chosen.control_port)
    return 0 if asyncio.run(run(world, chosen.only)) else 1


if __name__ == "__main__":
    assert ROOMS  # importing them has filled SECTIONS
    sys.exit(main())
