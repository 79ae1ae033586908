export type Feed<T> = {
  /** The returned function ends the hearing. */
  readonly hear: (hearer: (value: T) => void) => () => void;
  readonly tell: (value: T) => void;
};

/** A set of callbacks; one that throws is reported and does not keep the others from hearing. */
export function createFeed<T>(onFault: (cause: unknown) => void): Feed<T> {
  const hearers = new Set<(value: T) => void>();
  return {
    hear: (hearer: (value: T) => void): (() => void) => {
      hearers.add(hearer);
      return () => {
        hearers.delete(hearer);
      };
    },
    tell: (value: T): void => {
      for (const hearer of [...hearers]) {
        try {
          hearer(value);
        } catch (cause) {
          onFault(cause);
        }
      }
    },
  };
}
