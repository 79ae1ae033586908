import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import { isTimeZone, zonedEpochMs, type DayText } from '../../domain/time/zoned.ts';

const shape = /^(\d{8})(-| +)(\d{2}):(\d{2}):(\d{2})(?: +(\S+))?$/;

/**
 * The instant of IBKR's time text: `20261124 10:31:02 US/Eastern`, or `20261124-15:31:02` in UTC. Null for anything
 * else, also for a time without its zone: that of TWS's machine is not known to us.
 */
export function instantOfText(text: string): Instant | null {
  const parts = shape.exec(text.trim());
  if (parts === null) return null;
  const [, day = '', separator, hours, minutes, seconds, named] = parts;
  const zone = separator === '-' ? 'UTC' : named;
  if (zone === undefined || !isTimeZone(zone)) return null;
  const minute = Number(hours) * 60 + Number(minutes);
  if (minute >= 1440 || Number(seconds) > 60) return null;
  try {
    const at = zonedEpochMs(day as DayText, minute, zone);
    return instantFromEpochMs(at + Number(seconds) * 1000);
  } catch (error) {
    // A day that the calendar does not have.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
