import { toLensError, type LensError } from '../../src/core/common/errors';

/** So long nothing may change before a question is asked, in milliseconds. */
export const QUIET = 250;

/** Where answers go. */
export interface Listener<Question, Answer> {
  readonly answered: (question: Question, answer: Answer) => void;
  readonly failed: (question: Question, error: LensError) => void;
  /** Called when a question is asked, and when it is no longer under way. */
  readonly busy: (isBusy: boolean) => void;
}

/** Asks one thing at a time: a newer question cancels the one before, whose answer is heard no more. */
export class QuietAsker<Question, Answer> {
  private timer: number | undefined;
  private current = new AbortController();

  constructor(
    private readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>,
    private readonly listener: Listener<Question, Answer>,
  ) {}

  /** Asks once nothing else was to be asked for a while. */
  later(question: Question): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.now(question), QUIET);
  }

  now(question: Question): void {
    this.stop();
    const { signal } = (this.current = new AbortController());
    this.listener.busy(true);
    void this.ask(question, signal)
      .then(
        (answer) => {
          if (!signal.aborted) this.listener.answered(question, answer);
        },
        (thrown: unknown) => {
          if (!signal.aborted) this.listener.failed(question, toLensError(thrown));
        },
      )
      .finally(() => {
        if (!signal.aborted) this.listener.busy(false);
      });
  }

  /** Leaves off: nothing more is asked, and no answer is heard. */
  stop(): void {
    window.clearTimeout(this.timer);
    this.current.abort();
  }
}
