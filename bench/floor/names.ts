/** Names of the floor: beside the product's on the same server, and never in its way. */
export const floorQueue = 'floor-orders';
export const floorBrokerQueue = 'floor-broker';

/** What the floor's broker activity says: when it ran, in wall milliseconds. */
export type FloorSubmit = { readonly ranAtMs: number };

export type FloorInput = { readonly id: string };
