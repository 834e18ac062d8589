import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { toLensError } from '../../../src/core/common/errors';
import type { AblationRunProgress } from '../../../src/protocol/ablationRuns';
import type { CorpusAsked, CorpusState } from '../../../src/protocol/pages/steer';
import type { SteerCalls } from '../ablationRunner';

/** Runs one ablation over the corpus at a time; ends with its page. */
export class CorpusRunner implements ReactiveController {
  /** How far it is; null where nothing is under way. */
  progress: AblationRunProgress | null = null;
  /** Why the last one gave nothing. */
  failure: string | null = null;
  private underWay: AbortController | null = null;

  /** @param finished takes what came of a run; null where what was shown is no result of this model */
  constructor(
    private readonly element: ReactiveControllerHost,
    private readonly finished: (run: CorpusState['run']) => void,
  ) {
    element.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  stop(): void {
    this.underWay?.abort();
  }

  /** Shows a sentence in the place of a result, and leaves what was shown. */
  refuse(sentence: string): void {
    this.set(this.progress, sentence);
  }

  async start(calls: SteerCalls, question: CorpusAsked): Promise<void> {
    this.stop();
    const { signal } = (this.underWay = new AbortController());
    const isLatest = (): boolean => this.underWay?.signal === signal;
    this.set({ done: 0, total: 0 }, null);
    try {
      const answer = await calls.ablateCorpus(question, {
        signal,
        onProgress: (progress) => (isLatest() ? this.set(progress, null) : undefined),
      });
      if (!isLatest()) return;
      this.set(null, null);
      this.finished({ question, answer });
    } catch (thrown) {
      if (!isLatest()) return;
      const { code, message } = toLensError(thrown);
      this.set(null, code === 'cancelled' ? null : message);
      if (code === 'identity-failed') this.finished(null);
    }
  }

  private set(progress: AblationRunProgress | null, failure: string | null): void {
    this.progress = progress;
    this.failure = failure;
    this.element.requestUpdate();
  }
}
