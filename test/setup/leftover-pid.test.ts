import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commandLine } from '../../src/embedded/process-table.ts';
import { clearLeftovers } from '../../src/embedded/postgres-cluster.ts';

describe.skipIf(process.platform !== 'linux')('a lock file of a killed server', () => {
  it('is left alone until the dead process has been collected', async () => {
    // The shell's child ends at once, and the program that replaces the shell never collects it.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => {
        resolve(Number(chunk.toString()));
      });
    });
    // Ended, not collected: only now is it the case that this test is about.
    await vi.waitUntil(() => commandLine(pid) === undefined);
    const dir = mkdtempSync(join(tmpdir(), 'countersign-leftover-'));
    const lockFile = join(dir, 'postmaster.pid');
    writeFileSync(lockFile, `${pid}\n`);

    await clearLeftovers(dir, () => undefined);

    // PostgreSQL refuses to start while the pid in its lock file is somebody's.
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(readFileSync(lockFile, 'utf8')).toBe(`${pid}\n`);
    rmSync(dir, { recursive: true });
  });
});
