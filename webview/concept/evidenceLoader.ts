import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { toLensError } from '../../src/core/common/errors';
import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ConceptRequests } from '../../src/protocol/pages/concept';
import type { CommonRequests } from '../../src/protocol/pages/page';
import type { Calls } from '../../src/protocol/rpc';

export type ConceptCalls = Calls<CommonRequests & ConceptRequests>;

type Read = (neuron: string) => Promise<ShownEvidence>;

/** What half B shows of the chosen neuron, read when it is chosen; the one before stays until then. */
export class EvidenceLoader implements ReactiveController {
  evidence: ShownEvidence | null = null;
  /** Why it could not be had. */
  fault: string | null = null;
  private read: Read | null = null;
  private wanted = '';
  private known = new Map<string, ShownEvidence>();

  constructor(private readonly page: ReactiveControllerHost) {
    page.addController(this);
  }

  hostConnected(): void {
    // Nothing is to be done before a neuron is chosen.
  }

  /** Starts anew with another concept, or with the same one read again. */
  begin(read: Read): void {
    this.read = read;
    this.wanted = '';
    this.evidence = this.fault = null;
    this.known = new Map();
  }

  async choose(neuron: string): Promise<void> {
    const { read } = this;
    if (!read || neuron === this.wanted) return;
    this.wanted = neuron;
    this.fault = null;
    const isWanted = (): boolean => read === this.read && neuron === this.wanted;
    try {
      const found = this.known.get(neuron) ?? (await read(neuron));
      if (read === this.read) this.known.set(neuron, found);
      if (isWanted()) this.evidence = found;
    } catch (thrown) {
      const error = toLensError(thrown);
      if (!isWanted() || error.code === 'cancelled') return;
      this.evidence = null;
      this.fault = error.message;
    }
    this.page.requestUpdate();
  }
}
