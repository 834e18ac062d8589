import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { toLensError } from '../../../src/core/common/errors';
import type {
  Example,
  ExampleListName,
  ExampleLists,
  RangeExamples,
} from '../../../src/core/profile/neuronPage';
import { afterPaint } from '../../common/afterPaint';
import type { ExampleTab } from './exampleLists';
import type { ExampleSource } from './exampleSource';

const LISTS: readonly ExampleListName[] = ['top', 'bottom', 'bands', 'random'];

export type Bin = readonly [low: number, high: number];

/**
 * The examples of one neuron as they arrive: the list that is looked at first, the others behind the paint, those of a
 * bar when it is chosen.
 */
export class ExampleLoader implements ReactiveController {
  lists: Partial<ExampleLists> = {};
  /** What was found of the chosen bar; null while it is looked for. */
  range: RangeExamples | null = null;
  /** Why the last of them could not be had. */
  fault: string | null = null;
  private source: ExampleSource | null = null;
  private bin: Bin | null = null;

  constructor(private readonly page: ReactiveControllerHost) {
    page.addController(this);
  }

  hostConnected(): void {
    // Nothing is to be done before there is a source.
  }

  /** Starts anew with another neuron, or with the same one read again. */
  begin(source: ExampleSource, known: Partial<ExampleLists>): void {
    this.source = source;
    this.lists = known;
    this.range = this.bin = this.fault = null;
    void afterPaint().then(() => this.loadRest(source));
  }

  /** Looks for the examples of a bar. */
  async choose(bin: Bin | null): Promise<void> {
    const { source } = this;
    if (!source || bin === this.bin) return;
    this.bin = bin;
    this.range = null;
    if (!bin) return;
    await this.take(source, async () => {
      const found = await source.between(...bin);
      if (this.bin === bin) this.range = found;
    });
  }

  /** What a tab lists; null while it is on its way. */
  listed(tab: ExampleTab): readonly Example[] | null {
    if (tab === 'range') return this.bin === null ? [] : (this.range?.examples ?? null);
    if (tab === 'bands') return this.lists.bands?.flatMap((band) => band.examples) ?? null;
    return this.lists[tab] ?? null;
  }

  private async loadRest(source: ExampleSource): Promise<void> {
    for (const name of LISTS.filter((list) => !this.lists[list])) {
      if (source !== this.source) return;
      await this.take(source, async () => {
        const list = await source.list(name);
        if (source === this.source) this.lists = { ...this.lists, ...list };
      });
    }
  }

  private async take(source: ExampleSource, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (thrown) {
      const error = toLensError(thrown);
      if (source === this.source && error.code !== 'cancelled') this.fault = error.message;
    }
    this.page.requestUpdate();
  }
}
