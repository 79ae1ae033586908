import { errorCodes, GatewayError } from '../domain/errors.ts';
import { whatNext } from '../operations/what-next.ts';

/** What an agent is told of a failure, next to the text that a model reads. Short: every tool repeats it. */
export const toolErrorSchema = {
  type: 'object',
  required: ['code', 'message', 'hint', 'retry'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
    hint: { type: 'string' },
    retry: { enum: ['safe', 'after-reconcile', 'never'] },
  },
} as const;

export type ToolError = {
  readonly code: keyof typeof errorCodes;
  readonly message: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly hint: string;
  readonly retry: 'safe' | 'after-reconcile' | 'never';
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
};

/** The tool error of any thrown value. Of a bug nothing but the request id is told. */
export function toToolError(error: unknown, requestId: string): ToolError {
  if (!(error instanceof GatewayError)) {
    return {
      code: 'INTERNAL',
      message: 'Something went wrong on our side.',
      errors: [],
      hint: whatNext({ code: 'INTERNAL', hint: undefined }),
      retry: errorCodes.INTERNAL.retry,
      details: {},
      requestId,
    };
  }
  return {
    code: error.code,
    message: error.message,
    errors: error.problems,
    hint: whatNext(error),
    retry: errorCodes[error.code].retry,
    details: error.details,
    requestId,
  };
}

/** The error as a text for a model: what failed, the code, the fields, what to do next. */
export function toolErrorText(error: ToolError): string {
  const fields = error.errors.map((one) => `- ${one.pointer || '(whole input)'}: ${one.message}`);
  const extra = Object.keys(error.details).length > 0 ? [JSON.stringify(error.details)] : [];
  const again = {
    safe: 'The same call may be repeated.',
    'after-reconcile': 'Do not repeat it before get_request says what became of it.',
    never: '',
  }[error.retry];
  return [
    `${error.code}: ${error.message}`,
    ...fields,
    ...extra,
    `Next: ${error.hint} ${again}`.trim(),
    `(requestId ${error.requestId})`,
  ].join('\n');
}
