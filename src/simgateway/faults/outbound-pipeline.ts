// Everything between what a session says and the bytes it buffers: outbound faults, messages that are
// late or kept back, the journal. What is journaled as sent is in the order in which it leaves.
import type { Simulation } from '../simulation.ts';
import type { Layout, Values } from '../wire/field-table.ts';
import type { OutboundTools } from './fault-row.ts';
import { orderRefOf } from './message-order-ref.ts';
import { frameOf } from './outgoing.ts';
import type { OutFrame, Outgoing } from './outgoing.ts';

/** The session as its pipeline sees it. */
type Port = {
  readonly sim: Simulation;
  readonly clientId: number;
  readonly version: number;
  /** Buffers bytes until the next flush; false when the client can no longer be reached. */
  enqueue(frame: OutFrame): boolean;
};
type Gate = {
  catches: (message: Outgoing) => boolean;
  opens: (message: Outgoing) => boolean;
  held: Outgoing[];
};

/** The outgoing side of one connection. */
export class OutboundPipeline {
  private readonly port: Port;
  private gates: Gate[] = [];

  constructor(port: Port) {
    this.port = port;
  }

  /** Sends a message, unless a fault has other ideas. */
  send(layout: Layout, values: Values): void {
    const message = { layout, values };
    const { faults } = this.port.sim;
    if (faults.isIdle && this.gates.length === 0) this.emit(message);
    else for (const m of faults.isIdle ? [message] : this.strike(message)) this.pass(m);
  }

  private strike(message: Outgoing): Outgoing[] {
    const { sim, clientId } = this.port;
    const { layout, values } = message;
    const struck = sim.faults.strikeOutbound(
      { clientId, connection: this.port },
      { message: layout.name, values, orderRef: () => orderRefOf(sim, clientId, layout, values) },
    );
    if (struck === undefined) return [message];
    sim.journal.add('fault', clientId, struck.fault.kind, { message: layout.name });
    return struck.fault.apply(message, struck.options, this.tools(struck.draw));
  }

  private tools(draw: (limit: number) => number): OutboundTools {
    const { clock } = this.port.sim;
    const later = (delayMs: number, messages: Outgoing[]) => {
      clock.after(delayMs, () => {
        for (const m of messages) this.pass(m);
      });
    };
    return {
      draw,
      later,
      keepBack: ({ first, catches, opens, atMostMs }) => {
        const gate = { catches, opens, held: [first] };
        this.gates.push(gate);
        clock.after(atMostMs, () => {
          this.open(gate);
        });
      },
    };
  }

  private pass(message: Outgoing): void {
    const catching = this.gates.find((g) => g.catches(message));
    if (catching !== undefined) {
      catching.held.push(message);
      return;
    }
    // Gates of before this message: one that it makes does not open for itself.
    const opening = this.gates.filter((g) => g.opens(message));
    this.emit(message);
    for (const gate of opening) this.open(gate);
  }

  private open(gate: Gate): void {
    if (!this.gates.includes(gate)) return;
    this.gates = this.gates.filter((g) => g !== gate);
    for (const m of gate.held) this.pass(m);
  }

  private emit(message: Outgoing): void {
    const { sim, clientId, version } = this.port;
    const frame = frameOf(message, version);
    if (!this.port.enqueue(frame)) return;
    sim.journal.add('out', clientId, message.layout.name, message.values, frame.bytes.length);
    sim.scheduleFlush();
  }
}
