import { z } from 'zod';
import type { AutoCategory } from './category.ts';
import { dcaSchedules } from './dca-schedules.ts';
import { orderTypes } from './order-types.ts';
import { positionShare } from './position-share.ts';
import { securityTypes } from './security-types.ts';
import { symbols } from './symbols.ts';
import { timeWindows } from './time-windows.ts';

/** Every category, in the order in which they are judged and shown. Adding one is a file and a row here. */
const categories = [
  symbols,
  securityTypes,
  timeWindows,
  orderTypes,
  dcaSchedules,
  positionShare,
] as const;
type Category = (typeof categories)[number];

/** Keys below `categories` in the policy file. */
export type CategoryKey = Category['key'];
type CategoryOf<K extends CategoryKey> = Extract<Category, { readonly key: K }>;

/** Settings of each category by its key; `off` = it does not count. */
export type CategorySettings = {
  readonly [K in CategoryKey]: 'off' | z.output<CategoryOf<K>['settings']>;
};

/** The schema of `categories` in the policy file: every one has its entry, whether it is on or off. */
export const categorySettings = z.strictObject(
  Object.fromEntries(categories.map(({ key, settings }) => [key, offOr(settings)])),
) as unknown as z.ZodType<CategorySettings>;

type RawIssue = z.core.$ZodRawIssue;

/** A union would say only that neither fits; this names what is wrong with the settings. */
function offOr(settings: z.ZodType): z.ZodType {
  return z.unknown().transform((value, context) => {
    if (value === 'off') return value;
    const parsed = settings.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      if (issue.path.length === 0 && issue.code === 'invalid_type') {
        context.addIssue({ code: 'custom', message: '"off" or an object with its settings' });
        continue;
      }
      context.issues.push({ ...issue, input: issue.input, path: [...issue.path] } as RawIssue);
    }
    return z.NEVER;
  });
}

/** Every category, for whoever runs or shows them. */
export const autoCategories: readonly (AutoCategory & { readonly key: CategoryKey })[] = categories;
