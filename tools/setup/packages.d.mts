type Lock = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly integrity?: string;
        readonly optional?: boolean;
        readonly devOptional?: boolean;
        readonly link?: boolean;
      }
    >
  >;
};

export function packagesMatch(checkout: string): boolean;
export function lockStamp(lockText: string): string;
export function installedMatchesLock(lock: Lock, hidden: Lock): boolean;
