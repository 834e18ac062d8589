import { commands, EventEmitter } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { ConceptsOutcome, ConceptsProgress, ConceptsRequest } from '../../protocol/engine';
import type { EngineClient } from '../engineClient/engineClient';
import { settings } from '../settings';
import { modelOf, type ProfileEntry } from './profileEntry';
import type { ProfileLibrary } from './profileLibrary';

/** The profile whose concepts are being tested. */
export interface ConceptTest {
  readonly folder: string;
  readonly name: string;
  /** null until the model is ready. */
  readonly progress: ConceptsProgress | null;
}

/** Which concepts are tested. */
export type AskedConcepts = Pick<ConceptsRequest, 'only' | 'sources' | 'labels'>;

/** Tests concepts on profiles, one at a time. */
export class ConceptTests {
  private readonly changed = new EventEmitter<ConceptTest | null>();
  /** The test as it stands, several times a second; null when it ended. */
  readonly onDidChange = this.changed.event;
  private test: ConceptTest | null = null;
  private stopping: AbortController | null = null;

  constructor(
    private readonly engine: EngineClient,
    private readonly library: ProfileLibrary,
  ) {}

  get current(): ConceptTest | null {
    return this.test;
  }

  /** Stops the test; what is measured by then is kept. */
  cancel(): void {
    this.stopping?.abort();
  }

  /**
   * @param asked which concepts; all if not said.
   * @throws LensError where another test is under way, where the engine cannot do it, or `cancelled`
   */
  async start(entry: ProfileEntry, asked: AskedConcepts = {}): Promise<ConceptsOutcome> {
    if (this.test) {
      throw new LensError(
        'usage',
        `Concepts are being tested on ${this.test.name}. Wait for it, or stop it first.`,
      );
    }
    const { folder, name } = entry;
    this.stopping = new AbortController();
    this.update({ folder, name, progress: null });
    try {
      return await this.engine.calls.concepts(
        {
          ...{ ...modelOf(entry), profile: folder, threads: settings.threads() },
          ...asked,
        },
        {
          signal: this.stopping.signal,
          onProgress: (progress) => this.update({ folder, name, progress }),
        },
      );
    } finally {
      this.stopping = null;
      this.update(null);
      this.library.refresh();
    }
  }

  private update(test: ConceptTest | null): void {
    const began = (this.test === null) !== (test === null);
    this.test = test;
    if (began) void commands.executeCommand('setContext', 'neuronLens.testingConcepts', test !== null);
    this.changed.fire(test);
  }
}

const STEPS: Readonly<Record<ConceptsProgress['step'], string>> = {
  labels: 'labelling',
  choosing: 'choosing neurons on half A',
  measuring: 'measuring the chosen',
  figures: 'figures',
};

/** `step 2 of 4: choosing neurons on half A 41 %` */
export function stepOf({ progress }: ConceptTest): string {
  if (!progress) return 'opening the model';
  const { step, done, total } = progress;
  const all = Object.keys(STEPS);
  const share = total > 0 ? ` ${Math.min(100, Math.floor((100 * done) / total))} %` : '';
  return `step ${all.indexOf(step) + 1} of ${all.length}: ${STEPS[step]}${share}`;
}
