import type { DailyWindow } from '../domain/time/daily-window.ts';

/** The variables of the daily restart of TWS, during which new orders are held off. */
export type RestartSettings = {
  readonly IBKR_RESTART_AT?: string | undefined;
  readonly IBKR_RESTART_MINUTES: number;
  readonly IBKR_RESTART_ZONE: string;
};

/** The window as the adapter takes it; null where none is set. */
export function restartWindow(settings: RestartSettings): DailyWindow | null {
  const { IBKR_RESTART_AT: at } = settings;
  if (at === undefined) return null;
  const [hours = '0', minutes = '0'] = at.split(':');
  return {
    startMinute: Number(hours) * 60 + Number(minutes),
    lengthMinutes: settings.IBKR_RESTART_MINUTES,
    timeZone: settings.IBKR_RESTART_ZONE,
  };
}
