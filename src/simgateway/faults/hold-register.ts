// Barriers that are waiting: a test sees them, kills what it wants to kill, then releases them.
import type { OrderFields } from '../matching/order.ts';
import type { ReleaseAction } from './placement.ts';

/** A placement that waits, with its decoded fields. */
export type Hold = {
  id: number;
  clientId: number;
  stage: 'before' | 'after';
  fields: OrderFields;
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
    return [...this.holds.values()].map(({ id, clientId, stage, fields }) => ({
      id,
      clientId,
      stage,
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
