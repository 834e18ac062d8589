import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { toLensError } from '../../src/core/common/errors';
import type { AskedAblation } from '../../src/protocol/ablationQuestionSchema';
import type { CommonRequests } from '../../src/protocol/pages/page';
import type { AblationRun, SteerRequests, SteerSetup } from '../../src/protocol/pages/steer';
import type { Calls } from '../../src/protocol/rpc';

/** What the page asks of its host. */
export type SteerCalls = Calls<CommonRequests & SteerRequests>;

/** Both continuations as far as they are written. */
export interface Written {
  readonly before: string;
  readonly after: string;
}

/** Runs one ablation at a time: a newer one cancels the one before. What was shown stays until there is something else. */
export class AblationRunner implements ReactiveController {
  run: AblationRun | null = null;
  /** What is under way, or null. */
  stage: 'measuring' | 'writing' | null = null;
  /** Why the last one gave nothing. */
  failure: string | null = null;
  written: Written = { before: '', after: '' };
  private underWay: AbortController | null = null;

  /** @param changed called when there is something to be kept over a reload */
  constructor(
    private readonly page: ReactiveControllerHost,
    private readonly changed: () => void,
  ) {
    page.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  /** What is under way ends; a continuation keeps what is written. */
  stop(): void {
    this.underWay?.abort();
  }

  /** Shows a sentence in the place of a result, and leaves what was shown. */
  refuse(sentence: string): void {
    this.failure = sentence;
    this.page.requestUpdate();
  }

  async start(calls: SteerCalls, setup: SteerSetup, question: AskedAblation): Promise<void> {
    this.stop();
    const { signal } = (this.underWay = new AbortController());
    const isLatest = (): boolean => this.underWay?.signal === signal;
    this.set('measuring', null);
    try {
      const tokens = await calls.tokens({ text: question.text }, { signal });
      const answer = await calls.ablate(question, {
        signal,
        onProgress: (step) => {
          if (!isLatest()) return;
          if (step.kind === 'written') this.written = { ...this.written, [step.side]: step.text };
          else {
            this.written = { before: '', after: '' };
            this.run = { setup, tokens, answer: step.answer };
          }
          this.set('writing', null);
        },
      });
      if (!isLatest()) return;
      this.run = { setup, tokens, answer };
      this.set(null, null);
      this.changed();
    } catch (thrown) {
      if (isLatest()) this.fail(thrown);
    }
  }

  private fail(thrown: unknown): void {
    const { code, message } = toLensError(thrown);
    // What the unchanged model does not reproduce is no result of this model.
    if (code === 'identity-failed') {
      this.run = null;
      this.changed();
    }
    this.set(null, code === 'cancelled' ? null : message);
  }

  private set(stage: AblationRunner['stage'], failure: string | null): void {
    this.stage = stage;
    this.failure = failure;
    this.page.requestUpdate();
  }
}
