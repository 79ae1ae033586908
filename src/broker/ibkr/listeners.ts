import type { IbListeners } from './wire-events.ts';

/** Who hears a session. A listener that throws is reported and takes neither the next one nor the next message with it. */
export class Listeners {
  readonly #all = new Set<IbListeners>();
  readonly #onFault: (cause: unknown) => void;

  constructor(onFault: (cause: unknown) => void) {
    this.#onFault = onFault;
  }

  /** In order of adding; the returned function ends the hearing. */
  add(listeners: IbListeners): () => void {
    this.#all.add(listeners);
    return () => {
      this.#all.delete(listeners);
    };
  }

  tell(name: keyof IbListeners, args: readonly unknown[]): void {
    for (const listeners of [...this.#all]) {
      const listener = listeners[name] as ((...args: readonly unknown[]) => void) | undefined;
      if (listener !== undefined) {
        this.guarded(() => {
          listener(...args);
        });
      }
    }
  }

  guarded(action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.#onFault(cause);
    }
  }
}
