import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { EffectAnswer } from '../../../src/core/cause/effectAnswer';
import { type LensError, toLensError } from '../../../src/core/common/errors';
import { afterPaint } from '../../common/afterPaint';
import type { NeuronCalls } from '../examples/exampleSource';

/** Nothing of it is shown before: what is there sooner would only flicker. */
const LOADING_AFTER_MS = 150;

/** The effect of one neuron as it arrives behind the paint. What another neuron still waits for is called off. */
export class EffectLoader implements ReactiveController {
  answer: EffectAnswer | null = null;
  /** Why the last question has no answer. */
  fault: LensError | null = null;
  /** Whether the reader is to see that something is on its way. */
  waiting = false;
  /** Whether ablations are under way. */
  calibrating = false;
  private neuron = '';
  private asked = new AbortController();

  constructor(private readonly section: ReactiveControllerHost) {
    section.addController(this);
  }

  hostDisconnected(): void {
    this.asked.abort();
  }

  /** Asks what a neuron does; of the same one as before the old answer stays until then. */
  async begin(host: NeuronCalls, neuron: string): Promise<void> {
    if (neuron !== this.neuron) this.answer = null;
    this.neuron = neuron;
    await this.ask(host, false, afterPaint());
  }

  /** Asks for the comparison with ablations as well. */
  calibrate(host: NeuronCalls): Promise<void> {
    return this.ask(host, true);
  }

  private async ask(host: NeuronCalls, calibrate: boolean, first?: Promise<void>): Promise<void> {
    this.asked.abort();
    const { signal } = (this.asked = new AbortController());
    const isWanted = (): boolean => !signal.aborted;
    this.fault = null;
    this.waiting = false;
    this.calibrating = calibrate;
    const timer = window.setTimeout(() => {
      this.waiting = isWanted();
      this.section.requestUpdate();
    }, LOADING_AFTER_MS);
    try {
      await first;
      if (!isWanted()) return;
      const answer = await host.effect({ neuron: this.neuron, calibrate }, { signal });
      if (isWanted()) this.answer = answer;
    } catch (thrown) {
      const error = toLensError(thrown);
      if (isWanted() && error.code !== 'cancelled') this.fault = error;
    } finally {
      window.clearTimeout(timer);
      if (isWanted()) this.waiting = this.calibrating = false;
      this.section.requestUpdate();
    }
  }
}
