import { homedir } from 'node:os';
import type { RunInfo } from './run-file.ts';

/** What a person needs after the start: at most 24 lines of 100 columns; a link is never cut. */
export function renderBanner(info: RunInfo): string[] {
  const seconds = (info.readyInMs / 1000).toFixed(1);
  const broker = info.broker === 'sim' ? 'the simulated broker' : 'Interactive Brokers';
  const row = (name: string, value: string | null): string[] =>
    value === null ? [] : [`  ${name.padEnd(20)}${value}`];
  return [
    '',
    `Countersign is ready after ${seconds} s: environment ${info.environment}, ${broker}.`,
    '',
    ...row('Web and API', info.apiUrl),
    ...row('MCP endpoint', info.mcpUrl),
    ...row('Temporal Web UI', info.temporalUiUrl ?? `of the server at ${info.temporalAddress}`),
    ...row('Operator link', info.operatorLink),
    ...row('', info.operatorLink === null ? null : '(works once: open it to become the operator)'),
    ...row('Agent key', info.agentKeyFile === null ? null : `${tilde(info.agentKeyFile)}  (0600)`),
    ...row('State and logs', tilde(info.stateDir)),
    '',
    'Try next, in another terminal:',
    '  npm run demo               an agent proposes, you countersign, the order is filled',
    '  npx countersign doctor     what is there, what is missing, what to do',
    '',
    'Ctrl-C stops everything; the state is kept.',
  ];
}

function tilde(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
