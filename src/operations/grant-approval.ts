import { z } from 'zod';
import { operation } from './operation.ts';
import { decide, DecisionShape } from './parts/decide.ts';
import { approvalId, envelopeHash, plainText } from './parts/fields.ts';
import { approvers } from './parts/role-groups.ts';

export const grantApproval = operation({
  name: 'grant_approval',
  title: 'Approve a request',
  description:
    'Countersigns the envelope whose hash is given (If-Match header or envelopeHash). Before the order is sent every signed ' +
    'term is checked again. Operators only; no agent and no MCP tool can do this.',
  roles: approvers,
  effect: 'decide',
  http: { method: 'post', path: '/approval/{approvalId}/grant', etagField: 'envelopeHash' },
  mcp: null,
  input: z.strictObject({ approvalId, envelopeHash, reason: plainText(1, 1000).optional() }),
  output: DecisionShape,
  run: (context, input) => decide(context, 'grant', { ...input, reason: input.reason ?? null }),
});
