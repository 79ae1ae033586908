import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { operation } from './operation.ts';
import { ApprovalShape, showApproval } from './parts/approval-output.ts';
import { approvalId } from './parts/fields.ts';
import { approvers } from './parts/role-groups.ts';

export const getDecision = operation({
  name: 'get_decision',
  title: 'One approval request',
  description:
    'The envelope that is to be signed, its hash (also the ETag), the remaining time and the decisions so far. For operators.',
  roles: approvers,
  effect: 'read',
  http: { method: 'get', path: '/approval/{approvalId}', etagField: 'envelopeHash' },
  mcp: null,
  input: z.strictObject({ approvalId }),
  output: ApprovalShape,
  async run(context, input) {
    const view = await context.store.ledger.approval(input.approvalId);
    if (view === null) {
      throw new GatewayError('NOT_FOUND', `There is no approval request ${input.approvalId}.`, {
        hint: 'Look at GET /api/v1/approval/pending.',
        problems: [{ pointer: '/approvalId', message: 'unknown' }],
      });
    }
    return showApproval(context, view);
  },
});
