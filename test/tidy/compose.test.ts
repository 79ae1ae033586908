// docker-compose.yml cannot run where the tests run, so its promises are read from the file.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const conditions = [
  'service_healthy',
  'service_completed_successfully',
  'service_started',
] as const;

const service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  restart: z.enum(['unless-stopped', 'on-failure']),
  network_mode: z.literal('host').optional(),
  networks: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  secrets: z
    .array(z.strictObject({ source: z.string(), uid: z.string(), mode: z.number() }))
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(conditions) })).optional(),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  shm_size: z.string().optional(),
  logging: z.strictObject({ driver: z.string() }).optional(),
});
const file = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.strictObject({ environment: z.string() })),
});

const compose = file.parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);

describe('docker-compose.yml', () => {
  test('uses the maintained images, each with a fixed version', () => {
    const images = [...new Set(services.map(([, { image }]) => image))].sort();
    expect(images.map((image) => image.split(':')[0])).toEqual([
      'countersign',
      'postgres',
      'temporalio/admin-tools',
      'temporalio/server',
      'temporalio/ui',
    ]);
    for (const image of images) expect(image).toMatch(/:\d/);
    expect(read('docker-compose.yml')).not.toContain('auto-setup');
  });

  test('runs every process of ours from one image, hardened', () => {
    const names = ['migrate', 'gateway', 'worker', 'api', 'mcp', 'simgateway'];
    expect(ours.map(([name]) => name)).toEqual(names);
    for (const [name, { command, ...rest }] of ours) {
      expect(command?.slice(0, 2)).toEqual(['node', `src/main/${name}.ts`]);
      expect(rest).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  test('publishes on loopback alone', () => {
    const published = services.flatMap(([, { ports }]) => ports ?? []);
    expect(published).toHaveLength(3);
    for (const entry of published) expect(entry).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('has no default password: a missing one stops the start', () => {
    const settings = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    const secret = settings.filter(
      ([name, value]) => /PASSWORD|PWD|DATABASE_URL/.test(name) || value.includes('_PASSWORD'),
    );
    expect(secret.length).toBeGreaterThan(8);
    for (const [, value] of secret) expect(value).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/);
    expect(compose.secrets).toEqual({ gateway_secret: { environment: 'GATEWAY_SECRET' } });
  });

  test('.env.example names every variable and fills in no secret', () => {
    const used = new Set(
      [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map((m) => m[1]),
    );
    used.add('GATEWAY_SECRET');
    const lines = read('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line));
    expect(new Set(lines.map((line) => line.split('=')[0]))).toEqual(used);
    for (const line of lines) expect(line).toMatch(/^ENV=paper$|=$/);
  });

  test('the owner of the database is known to the migrations alone', () => {
    const holders = services.filter(
      ([, { environment }]) => environment?.['MIGRATION_DATABASE_URL'] !== undefined,
    );
    expect(holders.map(([name]) => name)).toEqual(['migrate']);
  });

  test('everything with a port has a health check', () => {
    const listening = [
      'postgres',
      'temporal',
      'temporal-ui',
      'gateway',
      'api',
      'mcp',
      'simgateway',
    ];
    for (const name of listening) expect(compose.services[name]?.healthcheck).toBeDefined();
  });

  test('what waits waits for something that tells, under a name that exists', () => {
    const waits = services.flatMap(([, { depends_on }]) => Object.entries(depends_on ?? {}));
    expect(waits.length).toBeGreaterThan(8);
    for (const [name, { condition }] of waits) {
      const target = compose.services[name];
      if (condition === 'service_healthy') expect(target?.healthcheck).toBeDefined();
      else expect(target?.restart).toBe('on-failure');
    }
  });

  test('every network, secret, volume and mounted folder exists', () => {
    const used = (pick: (one: z.infer<typeof service>) => string[]): string[] =>
      services.flatMap(([, one]) => pick(one));
    const mounted = used(({ volumes = [] }) => volumes).map((volume) => volume.split(':')[0] ?? '');
    const folders = mounted.filter((from) => from.startsWith('.'));
    const volumes = mounted.filter((from) => !from.startsWith('.'));
    expect(folders.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(new Set(used(({ networks = [] }) => networks))).toEqual(
      new Set(Object.keys(compose.networks)),
    );
    expect(new Set(used(({ secrets = [] }) => secrets.map(({ source }) => source)))).toEqual(
      new Set(Object.keys(compose.secrets)),
    );
  });

  test('the Web UI cannot reset, terminate, start or batch', () => {
    expect(compose.services['temporal-ui']?.environment).toMatchObject({
      TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
      TEMPORAL_WORKFLOW_TERMINATE_DISABLED: 'true',
      TEMPORAL_BATCH_ACTIONS_DISABLED: 'true',
      TEMPORAL_START_WORKFLOW_DISABLED: 'true',
    });
  });

  test('the mounted scripts are there and can be run', () => {
    for (const name of [
      'temporal/set-up-schema.sh',
      'temporal/create-namespace.sh',
      'postgres/create-roles.sh',
    ]) {
      expect(statSync(`${root}deploy/${name}`).mode & 0o111).not.toBe(0);
    }
    expect(parse(read('deploy/temporal/dynamic-config.yaml'))).toBeTypeOf('object');
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  test('runs the Node that the repository pins, as an ordinary user', () => {
    const pinned = read('.node-version').trim();
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(bases)).toEqual(new Set([`node:${pinned}-bookworm-slim`]));
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('the version of the image is that of the package', () => {
    const manifest = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    expect(compose.services['api']?.image).toBe(`countersign:${manifest.version}`);
  });
});
