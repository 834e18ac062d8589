import { commands, EventEmitter } from 'vscode';
import { LensError } from '../../core/common/errors';
import { CONCEPT_STEPS } from '../../core/concepts/conceptRequest';
import { otherCorpus } from '../../core/concepts/controls/conceptControl';
import type {
  ConceptsOutcome,
  ConceptsProgress,
  ConceptsRequest,
  ControlOutcome,
} from '../../protocol/engine';
import type { EngineClient } from '../engineClient/engineClient';
import { settings } from '../settings';
import { modelOf, type ProfileEntry } from './profileEntry';
import type { ProfileLibrary } from './profileLibrary';

/** The profile whose concepts are being tested. */
export interface ConceptTest {
  readonly folder: string;
  readonly name: string;
  /** Which control of an earlier test it is (docs/cli.md); null for a test of its own. */
  readonly control: string | null;
  /** null until the model is ready. */
  readonly progress: ConceptsProgress | null;
}

/** Which concepts are tested. */
export type AskedConcepts = Pick<ConceptsRequest, 'only' | 'sources' | 'labels'>;

/** Tests concepts on profiles and makes controls of them, one at a time. */
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
  start(entry: ProfileEntry, asked: AskedConcepts = {}): Promise<ConceptsOutcome> {
    return this.run(entry, null, (model, context) =>
      this.engine.calls.concepts({ ...model, ...asked }, context),
    );
  }

  /**
   * Makes a control of what was tested.
   * @param control `shuffled`, `embedding`, or the folder of another profile. @throws as `start`
   */
  startControl(
    entry: ProfileEntry,
    control: string,
    labels: NonNullable<AskedConcepts['labels']>,
  ): Promise<ControlOutcome> {
    return this.run(entry, control, (model, context) =>
      this.engine.calls.conceptControl({ ...model, control, labels }, context),
    );
  }

  private async run<Outcome>(
    entry: ProfileEntry,
    control: string | null,
    work: (
      model: Pick<ConceptsRequest, 'model' | 'dtype' | 'profile' | 'threads'>,
      context: { signal: AbortSignal; onProgress: (progress: ConceptsProgress) => void },
    ) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (this.test) {
      throw new LensError(
        'usage',
        `Concepts are being tested on ${this.test.name}. Wait for it, or stop it first.`,
      );
    }
    const { folder, name } = entry;
    const test = { folder, name, control };
    const stopping = new AbortController();
    this.stopping = stopping;
    this.update({ ...test, progress: null });
    try {
      return await work(
        { ...modelOf(entry), profile: folder, threads: settings.threads() },
        {
          signal: stopping.signal,
          onProgress: (progress) => this.update({ ...test, progress }),
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
  profile: 'profiling the control',
  labels: 'labelling',
  choosing: 'choosing neurons on half A',
  measuring: 'measuring the chosen',
  figures: 'figures',
};

/** `step 2 of 4: choosing neurons on half A 41 %` */
export function stepOf({ progress, control }: Pick<ConceptTest, 'progress' | 'control'>): string {
  if (!progress) return 'opening the model';
  const { step, done, total } = progress;
  const profiles = control !== null && otherCorpus(control) === null;
  const all = CONCEPT_STEPS.filter((step) => step !== 'profile' || profiles);
  const share = total > 0 ? ` ${Math.min(100, Math.floor((100 * done) / total))} %` : '';
  return `step ${all.indexOf(step) + 1} of ${all.length}: ${STEPS[step]}${share}`;
}
