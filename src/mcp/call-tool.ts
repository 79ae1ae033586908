import type { CallToolResult } from '@modelcontextprotocol/server';
import { GatewayError } from '../domain/errors.ts';
import { contextFor, requestIdFrom } from '../operations/context.ts';
import { invoke } from '../operations/invoke.ts';
import type { OperationContext } from '../operations/operation.ts';
import { toolErrorText, toToolError } from './error-map.ts';
import type { McpOptions, WhoSpeaks } from './mcp.ts';
import { toolsFor } from './tools.ts';

export type ToolCall = {
  readonly name: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
};

/**
 * Calls one tool. Whatever goes wrong is a result with `isError` that a model can read, never a protocol error;
 * every call of a known agent leaves a `ToolCalled` event behind.
 */
export async function callTool(
  options: McpOptions,
  who: WhoSpeaks,
  call: ToolCall,
): Promise<CallToolResult> {
  const requestId = requestIdFrom(undefined);
  const startedAt = performance.now();
  const { result, outcome, context } = await attempt(options, who, call, requestId);
  if (context?.principal != null) {
    await recordCall(options, context, call.name, outcome, performance.now() - startedAt);
  }
  return result;
}

type Attempt = {
  readonly result: CallToolResult;
  readonly outcome: string;
  readonly context: OperationContext | null;
};

async function attempt(
  options: McpOptions,
  who: WhoSpeaks,
  call: ToolCall,
  requestId: string,
): Promise<Attempt> {
  let context: OperationContext | null = null;
  try {
    context = contextFor(options.ports, {
      principal: await who(),
      channel: 'mcp',
      requestId,
      signal: call.signal,
    });
    const operation = toolsFor(options.readOnly).find(call.name);
    if (operation === null) throw unknownTool();
    const output = await invoke(operation, context, () => call.input ?? {});
    return { result: success(output), outcome: 'ok', context };
  } catch (error) {
    const told = toToolError(error, requestId);
    if (told.code === 'INTERNAL') {
      options.log.error({ err: error, requestId, tool: call.name }, 'a tool call failed by a bug');
    }
    const result: CallToolResult = {
      isError: true,
      content: [{ type: 'text', text: toolErrorText(told) }],
      structuredContent: { ...told },
    };
    return { result, outcome: told.code, context };
  }
}

function unknownTool(): GatewayError {
  return new GatewayError('NOT_FOUND', 'There is no tool of that name.', {
    hint: 'Use one of the names that tools/list shows; approving and releasing are for humans.',
  });
}

function success(output: unknown): CallToolResult {
  const structured = output as Record<string, unknown>;
  return {
    content: [{ type: 'text', text: JSON.stringify(structured) }],
    structuredContent: structured,
  };
}

/** Appends `ToolCalled`. A call that has had its effect is not undone by a missing note, so that is only logged. */
async function recordCall(
  options: McpOptions,
  context: OperationContext,
  name: string,
  outcome: string,
  durationMs: number,
): Promise<void> {
  try {
    await options.ports.store.audit.append([
      {
        type: 'ToolCalled',
        version: 1,
        actor: context.actor,
        correlationId: context.requestId,
        intentId: null,
        payload: {
          tool: toolsFor(options.readOnly).find(name) === null ? '(unknown)' : name,
          outcome,
          duration: durationBucket(durationMs),
        },
      },
    ]);
  } catch (error) {
    options.log.warn({ err: error, requestId: context.requestId }, 'ToolCalled was not recorded');
  }
}

function durationBucket(ms: number): string {
  const edge = [10, 50, 100, 500, 1000, 5000].find((one) => ms < one);
  return edge === undefined ? 'over 5 s' : `under ${edge} ms`;
}
