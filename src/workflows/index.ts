/** The registry of workflows: what the bundler bundles. */
export { placeOrder } from './place-order.ts';
