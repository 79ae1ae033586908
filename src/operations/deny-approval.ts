import { z } from 'zod';
import { operation } from './operation.ts';
import { decide, DecisionShape } from './parts/decide.ts';
import { approvalId, envelopeHash, plainText } from './parts/fields.ts';
import { approvers } from './parts/role-groups.ts';

export const denyApproval = operation({
  name: 'deny_approval',
  title: 'Decline a request',
  description:
    'Declines the envelope whose hash is given (If-Match header or envelopeHash), with a reason that the agent will read. ' +
    'Operators only.',
  roles: approvers,
  effect: 'decide',
  http: { method: 'post', path: '/approval/{approvalId}/deny', etagField: 'envelopeHash' },
  mcp: null,
  input: z.strictObject({
    approvalId,
    envelopeHash,
    reason: plainText(1, 1000).describe('Why not; the agent that proposed reads it'),
  }),
  output: DecisionShape,
  run: (context, input) => decide(context, 'deny', input),
});
