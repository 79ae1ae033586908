import type { OpenAPIHono } from '@hono/zod-openapi';
import { GatewayError } from '../../domain/errors.ts';
import type { ApiContext, ApiEnv, ApiOptions } from '../api.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { styleSheet } from '../middleware/guard.ts';
import { apiBase } from './operations.ts';

/** A whole HTML page around a body of ours. Callers escape what is not ours. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · Countersign</title>
<meta name="viewport" content="width=device-width"><style>${styleSheet}</style></head>
<body><h1>${title}</h1>
${body}
</body></html>`;
}

/** The page at `/`: what is where. The dashboard comes later; until then decisions are made with CLI or REST. */
export function registerLanding(app: OpenAPIHono<ApiEnv>, options: ApiOptions): void {
  app.get('/', async (c) => {
    const name = await nameOfVisitor(c, options);
    return c.html(page('Countersign', landing(name, options)));
  });
}

async function nameOfVisitor(c: ApiContext, options: ApiOptions): Promise<string | null> {
  try {
    return (await authenticate(c, options))?.name ?? null;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

function landing(name: string | null, options: ApiOptions): string {
  const who =
    name === null
      ? '<p>Nobody is logged in. <code>countersign login-link</code> makes a one-time link.</p>'
      : `<p>Logged in as <strong>${escapeHtml(name)}</strong>.</p>`;
  return `<p>An agent proposes, a human countersigns, a durable workflow executes exactly what was signed, once.
Environment: <strong>${options.ports.environment}</strong>, version ${escapeHtml(options.version)}.</p>
${who}
<ul>
<li><a href="${apiBase}/approval/pending">Requests that wait for a decision</a> (JSON, operators)</li>
<li><a href="${apiBase}/kill-switch/status">Kill switch</a> (JSON)</li>
<li><a href="${apiBase}/openapi.json">OpenAPI document</a> · <a href="/readyz">Readiness</a></li>
<li>Decide in a terminal: <code>countersign approvals list</code>, <code>countersign approvals grant &lt;id&gt;</code></li>
</ul>
<p>There is no dashboard yet: these pages are plain JSON.</p>`;
}

/** Text made safe inside HTML text and attribute values. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
