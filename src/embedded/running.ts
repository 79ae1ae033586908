/** How a process ended. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A process that was started and is ready. */
export type Running = {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends the process in its own clean way and resolves when it is gone; may be called again. */
  readonly stop: () => Promise<void>;
};

/** Takes one line of a program's output. */
export type LogLine = (line: string) => void;
