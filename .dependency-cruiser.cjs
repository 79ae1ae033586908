// Who may import whom. The table is the house's order of rooms; the rules below are made from it, so that a
// new room without a row is refused as well. Direct edges are enough: what a room may not reach itself it
// cannot be handed by a room that is stricter still. How a value is used is not judged here, only the edge.

/**
 * A room of src/.
 *  runs      rooms (or files) that it may import values from, besides itself
 *  types     further places that it may import types from: `import type` leaves nothing at run time
 *  packages  npm packages that it may import
 *  builtins  modules of Node that it may import; without an entry: any
 */
const rooms = {
  // Pure: no input and output, no clock, no environment, no chance. `crypto` is there for hashing alone.
  domain: {
    packages: ['canonicalize', 'decimal.js', 'temporal-polyfill', 'zod'],
    builtins: ['crypto'],
  },
  // Replayed from history: activities and the store are known by their types, never by a call.
  workflows: {
    runs: ['domain'],
    types: ['activities', 'store/port'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    builtins: [],
  },
  activities: {
    runs: ['domain', 'workflows/names'],
    types: ['broker/port', 'store/port'],
    packages: ['@temporalio/activity', '@temporalio/common'],
  },
  broker: { runs: ['domain'], types: ['store/port'], packages: ['@stoqey/ib', 'zod'] },
  store: { runs: ['domain'], types: ['broker/port'], packages: ['pg'] },
  operations: {
    runs: ['domain', 'workflows/names'],
    types: ['workflows', 'broker/port', 'store/port'],
    packages: ['zod'],
  },
  audit: { runs: ['domain'], types: ['store/port'] },
  // The doors are registered over the operations and know nothing of what lies behind these.
  api: {
    runs: ['domain', 'operations'],
    types: ['config', 'log'],
    packages: ['@hono/zod-openapi', 'hono', 'zod'],
  },
  mcp: {
    runs: ['domain', 'operations'],
    types: ['config', 'log'],
    packages: ['@modelcontextprotocol/hono', '@modelcontextprotocol/server', 'hono'],
  },
  // The command line speaks HTTP like anybody else. It reads settings of its own (where is the server?) and
  // verifies the trail by itself (src/audit), because a verifier that asked the server would trust whom it judges.
  cli: {
    runs: ['audit', 'config', 'domain', 'log', 'operations'],
    packages: ['commander', 'zod'],
  },
  config: { runs: ['domain', 'tools/setup'], packages: ['yaml', 'zod'] },
  log: { packages: ['pino'] },
  // The gateway process: pumps broker events into the ledger and keeps the lease, by ports alone.
  gateway: { runs: ['domain'], types: ['broker/port', 'store/port'], packages: [] },
  // The Temporal client, the workers and the sweeper. Workflows are bundled from their path, not imported.
  temporal: {
    runs: ['domain', 'workflows/names'],
    types: ['activities', 'operations', 'store/port', 'workflows'],
    packages: ['@temporalio/client', '@temporalio/common', '@temporalio/worker'],
  },
  // The servers that `npm start` brings along. tools/setup is shared with the bootstrap, which runs before any
  // package is installed and therefore cannot live here.
  embedded: { runs: ['tools/setup'], packages: ['zod'] },
  supervisor: { runs: ['config', 'embedded', 'tools/setup'], types: ['domain'], packages: ['zod'] },
  // Its own small house: the wire is written twice, or the contract tests prove nothing.
  simgateway: { runs: ['domain/money', 'domain/time'], packages: [] },
  // The composition roots: the one place with wiring.
  main: { runs: ['.*'], packages: ['@hono/node-server', 'zod'] },
};

/** Packages that belong to one place, whatever the rows above say. */
const exclusive = [
  ['tws', '@stoqey/ib', '^src/broker/ibkr/'],
  ['postgres', 'pg', '^src/store/pg/'],
  ['mcp-sdk', '@modelcontextprotocol/', '^src/mcp/'],
  ['hono', 'hono', '^src/(api|mcp)/'],
  ['temporal', '@temporalio/', '^src/(activities|temporal|workflows)/'],
];

const escape = (text) => text.replaceAll(/[.+]/g, '\\$&');
const place = (path) =>
  path === '.*' ? '^(src|tools)/' : path.startsWith('tools/') ? `^${path}/` : `^src/${path}[/.]`;
const packageIn = (names) => names.map((name) => `node_modules/${escape(name)}(/|$)`);
// Everything of ours, wherever it lies; the rest of what a file can import is npm's or Node's.
const ours = '^(src|tools|test|bench|demo)/';

const roomRules = Object.entries(rooms).flatMap(
  ([room, { runs = [], types = [], packages = [], builtins }]) => {
    const from = {
      path: `^src/${room}/`,
      pathNot: room === 'cli' ? '^src/cli/main\\.ts$' : undefined,
    };
    const own = `^src/${room}/`;
    const mayRun = [own, ...runs.map(place)];
    const rules = [
      {
        name: `${room}-runs`,
        comment: `${room} runs ${runs.join(', ') || 'nothing but itself'}.`,
        from,
        to: { path: ours, pathNot: mayRun, dependencyTypesNot: ['type-only'] },
      },
      {
        name: `${room}-types`,
        comment: `${room} knows types of ${[...runs, ...types].join(', ') || 'nothing but itself'}.`,
        from,
        to: { path: ours, pathNot: [...mayRun, ...types.map(place)] },
      },
      {
        name: `${room}-packages`,
        comment: `${room} uses ${packages.join(', ') || 'no package'}.`,
        from,
        to: { path: 'node_modules/', pathNot: packageIn(packages) },
      },
    ];
    if (builtins === undefined) return rules;
    const only = {
      name: `${room}-builtins`,
      comment: `${room} is pure: of Node it imports ${builtins.join(', ') || 'nothing'}.`,
      from,
      to: { dependencyTypes: ['core'], pathNot: builtins.map((name) => `^(node:)?${name}$`) },
    };
    return [...rules, only];
  },
);

const forbidden = [
  ...roomRules,
  ...exclusive.map(([name, prefix, home]) => ({
    name: `only-home-of-${name}`,
    comment: `${prefix} is imported under ${home} alone.`,
    from: { path: '^src/', pathNot: home },
    to: {
      path: `node_modules/${escape(prefix)}${prefix.endsWith('/') ? '' : '(/|$)'}`,
    },
  })),
  {
    name: 'room-without-a-row',
    comment: 'A new room of src/ gets a row in this table first.',
    from: { path: '^src/', pathNot: Object.keys(rooms).map((room) => `^src/${room}/`) },
    to: {},
  },
  {
    name: 'cli-root',
    comment:
      'src/cli/main.ts is the root of the command line: it alone gets what this machine can do, from src/main/machine.ts.',
    from: { path: '^src/cli/main\\.ts$' },
    to: { path: ours, pathNot: ['^src/(cli|config)/', '^src/main/(machine|run-info)\\.ts$'] },
  },
  {
    name: 'setup-needs-nothing',
    comment:
      'It runs before the packages are there, and under an older Node: no package, no TypeScript.',
    from: { path: '^tools/(setup/|bootstrap|countersign|verify)', pathNot: '\\.d\\.mts$' },
    to: { path: ['node_modules/', '^(src|test|bench|demo)/'] },
  },
  {
    name: 'production-without-tests',
    comment: 'What ships does not reach for tests, benches or demonstrations.',
    from: { path: '^(src|tools)/' },
    to: { path: '^(test|bench|demo)/' },
  },
  {
    name: 'no-dev-package-in-production',
    comment: 'Types apart, what ships runs on `dependencies`.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-unknown-package',
    comment: 'Every package stands in package.json.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable',
    comment: 'Every import leads somewhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-cycle',
    comment:
      'Two files that need each other are one file, or a third is missing. Types may refer to each other.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-orphan',
    comment:
      'A file that nobody needs and that needs nobody. Entry points are found by their path.',
    from: {
      orphan: true,
      path: '^(src|tools)/',
      pathNot: [
        '^src/main/',
        '^src/supervisor/orphan-guard\\.ts$', // loaded into every child by --import
        '^tools/[^/]+\\.mjs$',
        '\\.d\\.mts$',
      ],
    },
    to: {},
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.mjs', '.cjs', '.js', '.json'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
