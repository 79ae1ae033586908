import { OpenAPIHono } from '@hono/zod-openapi';
import { GatewayError } from '../domain/errors.ts';
import { operationsFor } from '../operations/index.ts';
import { requestIdFrom } from '../operations/context.ts';
import type { ApiContext, ApiEnv, ApiOptions } from './api.ts';
import { problemResponse, toProblem } from './error-map.ts';
import { decorate, guard } from './middleware/guard.ts';
import type { Operation } from '../operations/operation.ts';
import { pathNames } from './routes/read-input.ts';
import { registerDocument } from './routes/documents.ts';
import { registerHealth } from './routes/health.ts';
import { registerOperation } from './routes/operations.ts';
import { registerLanding } from './routes/pages.ts';
import { registerSession } from './routes/session.ts';

/**
 * The HTTP door: every operation under `/api/v1`, the OpenAPI document, sessions, health and a landing page.
 * Whatever goes wrong leaves as an RFC 9457 problem.
 */
export function createApi(options: ApiOptions): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>();
  app.onError((error, c) => answerError(options, c, error));
  app.notFound((c) => answerError(options, c, notFound(app, c)));
  app.use('*', guard(options));
  registerHealth(app, options);
  registerLanding(app, options);
  registerSession(app, options);
  // Routes are matched in order: /approval/pending has to come before /approval/{approvalId}.
  const literalFirst = operationsFor(options.readOnly ?? false).toSorted(
    (a, b) => parameters(a) - parameters(b),
  );
  for (const one of literalFirst) registerOperation(app, options, one);
  registerDocument(app, options);
  return app;
}

function parameters(operation: Operation): number {
  return pathNames(operation.http?.path ?? '').length;
}

function answerError(options: ApiOptions, c: ApiContext, error: unknown): Response {
  // The guard may not have come to set one.
  const requestId = (c.get('requestId') as string | undefined) ?? requestIdFrom(undefined);
  const problem = toProblem(error, requestId);
  if (problem.code === 'INTERNAL') {
    options.log.error({ err: error, requestId, path: c.req.path }, 'a request failed by a bug');
  } else if (problem.status >= 500) {
    options.log.warn({ err: error, requestId, code: problem.code }, 'a dependency is away');
  }
  const allow = error instanceof GatewayError ? error.details['allow'] : undefined;
  const response = problemResponse(problem, typeof allow === 'string' ? { allow } : {});
  decorate(response.headers, requestId, options.publicUrl);
  return response;
}

function notFound(app: OpenAPIHono<ApiEnv>, c: ApiContext): GatewayError {
  const allow = allowedMethods(app, c.req.path);
  if (allow.length > 0) {
    return new GatewayError('METHOD_NOT_ALLOWED', `${c.req.path} takes ${allow.join(', ')}.`, {
      hint: `Use ${allow.join(' or ')}.`,
      details: { allow: allow.join(', ') },
    });
  }
  return new GatewayError('NOT_FOUND', 'There is no such route.', {
    hint: 'GET /api/v1/openapi.json lists every route.',
  });
}

function allowedMethods(app: OpenAPIHono<ApiEnv>, path: string): string[] {
  const parts = path.split('/');
  const fits = (pattern: string): boolean => {
    const wanted = pattern.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, i) => part === parts[i] || (part.startsWith(':') && parts[i] !== ''))
    );
  };
  const methods = app.routes.filter((route) => route.method !== 'ALL' && fits(route.path));
  return [...new Set(methods.map((route) => route.method))].sort();
}
