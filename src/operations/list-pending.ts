import { z } from 'zod';
import { operation } from './operation.ts';
import { ApprovalShape, showApproval } from './parts/approval-output.ts';
import { approvers } from './parts/role-groups.ts';

export const listPending = operation({
  name: 'list_pending',
  title: 'Requests that wait for a decision',
  description: 'Open approval requests, the one that expires first on top. For operators.',
  roles: approvers,
  effect: 'read',
  http: { method: 'get', path: '/approval/pending' },
  mcp: null,
  input: z.strictObject({}),
  output: z.object({ pending: z.array(ApprovalShape) }),
  async run(context) {
    const pending = await context.store.ledger.pendingApprovals();
    return { pending: pending.map((view) => showApproval(context, view)) };
  },
});
