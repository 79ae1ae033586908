export function readFromZip(
  zip: Buffer,
  isWanted: (name: string) => boolean,
): Promise<Buffer | undefined>;
export function readFromTarGz(
  archive: Buffer,
  isWanted: (name: string) => boolean,
): Promise<Buffer | undefined>;
