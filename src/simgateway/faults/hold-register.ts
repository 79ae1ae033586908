// Barriers that are waiting: a test sees them, kills what it wants to kill, then releases them.
import type { Values } from '../wire/field-table.ts';
import type { ReleaseAction } from './fault-row.ts';

/** A request that waits, with its decoded fields. */
export type Hold = {
  id: number;
  clientId: number;
  stage: 'before' | 'after';
  message: string;
  fields: Values;
};

/** The waiting barriers of one gateway. */
export class HoldRegister {
  private readonly holds = new Map<number, Hold & { proceed: (action: ReleaseAction) => void }>();
  private nextId = 1;

  add(hold: Omit<Hold, 'id'>, proceed: (action: ReleaseAction) => void): void {
    const id = this.nextId;
    this.nextId += 1;
    this.holds.set(id, { ...hold, id, proceed });
  }

  list(): Hold[] {
    return [...this.holds.values()].map(({ id, clientId, stage, message, fields }) => ({
      id,
      clientId,
      stage,
      message,
      fields,
    }));
  }

  /** Lets one barrier go; false when there is none with this id. */
  release(id: number, action: ReleaseAction): boolean {
    const hold = this.holds.get(id);
    if (hold === undefined) return false;
    this.holds.delete(id);
    hold.proceed(action);
    return true;
  }
}
