// Control of exchange time.
import { calendarOf } from '../market/calendars.ts';
import { beat } from '../session/market-stream.ts';
import type { Simulation } from '../simulation.ts';
import { bool, ControlError, int, json, required, text } from './field.ts';
import { route } from './route.ts';

/** Part of the US stock market's day; before and after the regular hours is `extended`. */
function usPhase(now: number): 'closed' | 'extended' | 'regular' {
  const phase = calendarOf('US').phase(now);
  return phase === 'pre' || phase === 'post' ? 'extended' : phase;
}

const clockState = (sim: Simulation) => {
  const now = sim.clock.now();
  return {
    now: new Date(now).toISOString(),
    mode: sim.clock.mode,
    running: sim.clock.isRunning(),
    rate: sim.clock.rate(),
    phase: usPhase(now),
  };
};

function instantOf(instant: string | undefined): number | undefined {
  const at = instant === undefined ? undefined : Date.parse(instant);
  if (Number.isNaN(at)) throw new ControlError(400, "field 'instant' must be an ISO instant");
  return at;
}

function rateOf(rate: unknown): number | undefined {
  if (rate === undefined) return undefined;
  const value = Number(rate);
  if (value > 0 && value <= 10_000) return value;
  throw new ControlError(400, "field 'rate' must be above 0 and at most 10000");
}

/** A span in steps of at most `stepMs`; in one step when that is undefined. */
function* stepsOf(ms: number, stepMs: number | undefined): Generator<number> {
  const step = stepMs ?? Math.abs(ms);
  let left = ms;
  for (; left > step; left -= step) yield step;
  yield left;
}

/** Routes for the clock. */
export const clockRoutes = {
  clock: route(
    'GET',
    '/clock',
    'Exchange time, `real` or `virtual`, running or not, rate, `closed`, `extended` or `regular`',
    {},
    clockState,
  ),
  setClock: route(
    'PUT',
    '/clock',
    'Sets the clock to an instant, freezes or starts it, changes its rate',
    {
      instant: text('ISO instant to jump to; what became due on the way happens at once'),
      running: bool('false freezes the clock and everything that waits on it'),
      rate: json('exchange milliseconds per millisecond, above 0, at most 10000'),
    },
    (sim, { instant, running, rate }) => {
      if (running === true && sim.clock.mode === 'virtual') {
        throw new ControlError(409, 'a virtual clock moves only when it is advanced');
      }
      const at = instantOf(instant);
      const speed = rateOf(rate);
      sim.clock.set({
        ...(at === undefined ? {} : { instant: at }),
        ...(running === undefined ? {} : { running }),
        ...(speed === undefined ? {} : { rate: speed }),
      });
      beat(sim);
      return clockState(sim);
    },
  ),
  advanceClock: route(
    'POST',
    '/clock/advance',
    'Moves the clock on; delays, slices and other timers run at the instants they are due',
    {
      ms: required(int('exchange milliseconds; negative moves back')),
      stepMs: int('beats the market each so many milliseconds instead of once at the end', {
        min: 1,
      }),
    },
    (sim, { ms, stepMs }) => {
      for (const step of stepsOf(ms, stepMs)) {
        sim.clock.advance(step);
        beat(sim);
      }
      return clockState(sim);
    },
  ),
};
