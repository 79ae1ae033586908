// The machine's clock against a time server (SNTP, RFC 4330): approvals expire by the clock. Without
// network nothing is known, which is no fault.
import { createSocket } from 'node:dgram';
import type { Finding } from '../finding.ts';
import { exitCodes } from '../../../tools/setup/setup-error.mjs';

const server = 'pool.ntp.org';
const timeoutMs = 1_500;
const secondsFrom1900To1970 = 2_208_988_800;
const noticeableMs = 1_000;
const harmfulMs = 30_000;

/** How far the clock is off. */
export async function checkClock(): Promise<Finding> {
  return judgeClock(await measureOffsetMs());
}

/** What an offset (positive: this machine is behind) means; undefined when none was measured. */
export function judgeClock(offsetMs: number | undefined): Finding {
  const name = 'clock';
  if (offsetMs === undefined) {
    return { name, state: 'unknown', text: 'not compared: no time server answers from here' };
  }
  const off = Math.abs(offsetMs);
  const side = offsetMs > 0 ? 'behind' : 'ahead of';
  const text = `${(off / 1000).toFixed(1)} s ${side} the time server`;
  if (off < noticeableMs) return { name, state: 'ok', text };
  const fix = 'switch time synchronisation on (systemd: timedatectl set-ntp true)';
  if (off < harmfulMs) return { name, state: 'warning', text, fix };
  return { name, state: 'missing', text, fix, exitCode: exitCodes.configuration };
}

async function measureOffsetMs(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const sentAt = Date.now();
    const finish = (offset: number | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(offset);
    };
    const timer = setTimeout(finish, timeoutMs, undefined);
    socket.once('error', () => {
      finish(undefined);
    });
    socket.once('message', (packet) => {
      const receivedAt = Date.now();
      finish(packet.length < 48 ? undefined : transmitTimeMs(packet) - (sentAt + receivedAt) / 2);
    });
    const request = Buffer.alloc(48);
    request[0] = 0x23; // version 4, client
    socket.send(request, 123, server, (error) => {
      if (error !== null) finish(undefined);
    });
  });
}

function transmitTimeMs(packet: Buffer): number {
  const seconds = packet.readUInt32BE(40) - secondsFrom1900To1970;
  return seconds * 1000 + (packet.readUInt32BE(44) / 2 ** 32) * 1000;
}
