import { Client, Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/names.ts';

/** Where Temporal is. */
export type TemporalAddress = { readonly address: string; readonly namespace: string };

/** Opens a client connection. */
export async function connectTemporal({ address, namespace }: TemporalAddress): Promise<Client> {
  const connection = await Connection.connect({ address, connectTimeout: '10 seconds' });
  return new Client({ connection, namespace });
}

/** `IndexedValueType.KEYWORD` and gRPC's `ALREADY_EXISTS`, as the Temporal API defines them. */
const keyword = 2;
const alreadyExists = 6;

/** Registers our search attributes, so that the Temporal UI can filter orders. Idempotent. */
export async function ensureSearchAttributes(client: Client, namespace: string): Promise<void> {
  const { operatorService } = client.connection;
  const known = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(
    (name) => !(name in known.customAttributes),
  );
  if (missing.length === 0) return;
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    });
  } catch (failure) {
    // Another process of ours registered them in between.
    if ((failure as { readonly code?: number }).code !== alreadyExists) throw failure;
  }
}
