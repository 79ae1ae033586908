// The habits of the house that no linter knows: names, sizes, headers, pins. An exception stands here with its reason.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import vitestConfig from '../../vitest.config.ts';

const files = globSync('{src,test,demo,bench,tools}/**/*.{ts,mjs}').toSorted();
const read = (path: string): string => readFileSync(path, 'utf8');
const offenders = (pattern: RegExp, among = files): string[] =>
  among.filter((path) => path !== 'test/tidy/house.test.ts' && pattern.test(read(path)));

describe('names', () => {
  it('are kebab-case', () => {
    const odd = files.filter(
      (path) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*\.(?:ts|mjs)$/.test(basename(path)),
    );
    expect(odd).toEqual([]);
  });

  it('say what a thing is: no Manager, Helper, Util or Service', () => {
    const declared = /\b(?:class|function|type|const) \w*(?:Manager|Helper|Utils?|Service)\b/;
    expect(offenders(declared)).toEqual([]);
    expect(files.filter((path) => /(?:manager|helper|util|service)s?\./.test(path))).toEqual([]);
  });

  it('have no I before them, and types are types', () => {
    expect(offenders(/\btype I[A-Z][a-z]\w* =/)).toEqual([]);
  });

  it('are exported as they are: no default exports', () => {
    // vitest calls the default export of a global set-up.
    expect(offenders(/^export default /m)).toEqual(['test/support/global-setup.ts']);
  });
});

describe('files', () => {
  it('of more than 60 lines in src say what they are for', () => {
    // At the top, after the imports, or on the export that the file is about.
    const atTop = /^(?:import [^;]+;\n)*\s*(?:\/\/ |\/\*\*)/;
    const onExport = /^(?:\/\*\*(?:(?!\*\/)[\s\S])+\*\/|(?:\/\/ .*\n)+)\s*export /m;
    const silent = files
      .filter((path) => path.startsWith('src/') && read(path).split('\n').length > 61)
      .filter((path) => !atTop.test(read(path)) && !onExport.test(read(path)));
    expect(silent).toEqual([]);
  });

  it('stay short', () => {
    const lines = files
      .filter((path) => path.startsWith('src/'))
      .map((path) => read(path).split('\n').length)
      .toSorted((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(80);
    expect(lines[Math.floor(lines.length * 0.9)]).toBeLessThanOrEqual(200);
  });

  it('leave nothing for later', () => {
    expect(offenders(/\b(?:TODO|FIXME|XXX)\b/)).toEqual([]);
  });

  it('give a reason for every exception from a rule', () => {
    expect(
      offenders(/eslint-disable(?!.* -- \S)|@ts-(?:ignore|nocheck)|@ts-expect-error(?! \S)/),
    ).toEqual([]);
  });
});

type Manifest = {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
type Locked = {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
};

describe('packages', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const lock = JSON.parse(read('package-lock.json')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const direct = { ...manifest.dependencies, ...manifest.devDependencies };
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
  const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? '';

  it('have exact versions, and the lock has the same', () => {
    for (const [name, version] of Object.entries(direct)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
    expect(lock.packages['']).toMatchObject({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  it('are few', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(35);
  });

  it('come from whatever registry is set, and are checked', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(locked.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });

  it('of Temporal are of one version', () => {
    const versions = locked
      .filter(([path]) => nameOf(path).startsWith('@temporalio/'))
      .map(([, { version }]) => version);
    expect(new Set(versions).size).toBe(1);
  });

  it('run a script at their installation only where that is listed', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const ours = scripted.filter(([, { os, cpu }]) => {
      const runsOn = (list: readonly string[] | undefined, mine: readonly string[]): boolean =>
        list === undefined || list.some((one) => mine.includes(one));
      return runsOn(os, ['linux', 'darwin']) && runsOn(cpu, ['x64', 'arm64']);
    });
    // Only in macOS' file watcher of the test tools, which works without.
    const names = new Set(ours.map(([path]) => nameOf(path)).filter((name) => name !== 'fsevents'));
    expect(Object.keys(manifest.allowScripts).toSorted()).toEqual([...names].toSorted());
  });
});

describe('tiers', () => {
  const projects = (vitestConfig.test?.projects ?? []).map(
    (project) =>
      (project as { test: { name: string; include: string[]; exclude?: string[] } }).test,
  );
  const members = projects.map(({ name, include, exclude = [] }) => ({
    name,
    files: globSync(include, { exclude }),
  }));

  it('share no file and leave none out', () => {
    const all = members.flatMap((tier) => tier.files).toSorted();
    expect(all).toEqual(files.filter((path) => path.endsWith('.test.ts')));
  });

  it('without servers start none', () => {
    const serverless = members.filter(({ name }) => ['unit', 'contract'].includes(name));
    const starts =
      /inject\('|support\/(?:product|database|global-setup)\.ts|\b(?:startPostgres|startTemporal)\(/;
    expect(
      offenders(
        starts,
        serverless.flatMap((tier) => tier.files),
      ),
    ).toEqual([]);
  });
});
