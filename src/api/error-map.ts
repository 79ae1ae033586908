import { errorCodes, GatewayError, type ErrorCode, type FieldProblem } from '../domain/errors.ts';
import { whatNext } from '../operations/what-next.ts';

/** An RFC 9457 problem. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors: readonly FieldProblem[];
  readonly hint: string;
  readonly retry: 'safe' | 'after-reconcile' | 'never';
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
};

/** The problem of any thrown value. Of a bug nothing but the request id is told. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (!(error instanceof GatewayError)) {
    return problem('INTERNAL', 'Something went wrong on our side.', requestId, {});
  }
  return problem(error.code, error.message, requestId, error);
}

function problem(
  code: ErrorCode,
  detail: string,
  requestId: string,
  more: Partial<Pick<GatewayError, 'hint' | 'problems' | 'details'>>,
): Problem {
  const { status, title, retry } = errorCodes[code];
  return {
    type: `urn:countersign:error:${code}`,
    title,
    status,
    detail,
    code,
    errors: more.problems ?? [],
    hint: whatNext({ code, hint: more.hint }),
    retry,
    details: more.details ?? {},
    requestId,
  };
}

/** The problem as a response, with the headers that its status asks for. */
export function problemResponse(found: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(found), {
    status: found.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(found.status === 401 ? { 'www-authenticate': 'Bearer realm="countersign"' } : {}),
      ...(found.retry === 'safe' ? { 'retry-after': '1' } : {}),
      ...headers,
    },
  });
}
