import { GatewayError, type FieldProblem } from '../domain/errors.ts';
import type { z } from 'zod';
import type { Operation, OperationContext } from './operation.ts';
import { explainIssues, illFormedTexts } from './parts/issues.ts';

/** The one audit event that invoking can leave behind by itself. */
type AccessRefusal = { readonly operation: string; readonly code: 'FORBIDDEN' | 'UNAUTHENTICATED' };

/**
 * Runs an operation for a caller: who may → what goes in → what it does → what comes out. Every door goes through
 * here, so none can forget a check; input is not even read for somebody who may not call. Throws `GatewayError`, or anything else for a bug.
 */
export async function invoke(
  operation: Operation,
  context: OperationContext,
  readInput: () => unknown,
): Promise<unknown> {
  await authorize(operation, context);
  const parsed = parseInput(operation.input, await readInput());
  const output = await operation.run(context, parsed);
  const shown = operation.output.safeParse(output);
  if (shown.success) return shown.data;
  throw new Error(`${operation.name}: the output does not fit its schema`, { cause: shown.error });
}

/** Refuses whoever holds none of the roles and writes that down. */
async function authorize(operation: Operation, context: OperationContext): Promise<void> {
  if (operation.roles.length === 0) return;
  const { principal } = context;
  if (principal === null) {
    throw new GatewayError('UNAUTHENTICATED', 'This needs an agent key or an operator session.', {
      hint: 'Send Authorization: Bearer <agent key>, or log in with an operator link.',
    });
  }
  if (operation.roles.some((role) => principal.roles.includes(role))) return;
  await recordRefusal(context, { operation: operation.name, code: 'FORBIDDEN' });
  throw new GatewayError('FORBIDDEN', `${principal.name} may not ${operation.name}.`, {
    hint:
      principal.kind === 'agent'
        ? 'An agent cannot do this by design: ask the human operator.'
        : `It needs one of the roles ${operation.roles.join(', ')}.`,
  });
}

/** Appends `AccessRefused`. The refusal stands even where it cannot be written down. */
async function recordRefusal(context: OperationContext, refusal: AccessRefusal): Promise<void> {
  await context.store.audit.append([
    {
      type: 'AccessRefused',
      version: 1,
      actor: context.actor,
      correlationId: context.requestId,
      intentId: null,
      payload: refusal,
    },
  ]);
}

function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  // Half a character has no UTF-8: neither canonical JSON nor the database could hold it.
  const problems: readonly FieldProblem[] = parsed.success
    ? illFormedTexts(parsed.data)
    : explainIssues(parsed.error.issues);
  if (parsed.success && problems.length === 0) return parsed.data;
  const [first] = problems;
  throw new GatewayError(
    'VALIDATION',
    first === undefined
      ? 'The input is not valid.'
      : `${first.pointer || '(whole)'}: ${first.message}`,
    {
      hint:
        problems.length === 1
          ? 'Correct this field and repeat the call.'
          : `Correct these ${problems.length} fields and repeat the call.`,
      problems,
    },
  );
}
