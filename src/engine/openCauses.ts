import { parseNeuronSetting, parsePositions } from '../core/cause/change';
import type { AblationAnswer } from '../core/cause/ablationAnswer';
import { LensError } from '../core/common/errors';
import { formatSite, type NeuronAddress } from '../core/common/neuronAddress';
import type { AblationProgress, AblationRequest } from '../protocol/engine';
import type { CallContext } from '../protocol/rpc';
import type { Cause } from '../runtime/cause/openCause';

/** A whole model is released when nobody asked about it for so long, in milliseconds. */
const QUIET = 5 * 60_000;

/** Keeps the whole model that was changed last open, until it is quiet: the next prompt is usually for the same one. */
export class OpenCauses {
  private last: { readonly key: string; readonly cause: Cause } | null = null;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** @param embeddedModel folder of the model that `default` stands for */
  constructor(private readonly embeddedModel: string) {}

  /** @throws LensError as `openCause` and `ablateText` do, `usage` for changes that cannot be read */
  async ablate(
    request: AblationRequest,
    { signal, progress }: CallContext<AblationProgress>,
  ): Promise<AblationAnswer> {
    const settings = request.changes.map((text) => parseNeuronSetting(text) ?? unreadable(text));
    const positions = parsePositions(request.at) ?? unreadable(request.at);
    const { ablateText } = await import('../runtime/cause/ablation');
    this.asked += 1;
    try {
      const cause = await this.open(
        request,
        settings.map(({ address }) => address),
      );
      const { controls, seed, generation } = request;
      return await ablateText(
        cause,
        { text: request.text, settings, positions, controls, seed, generation },
        signal,
        { written: (side, text) => progress({ side, text }) },
      );
    } finally {
      this.asked -= 1;
      this.releaseLater();
    }
  }

  private async open(
    { model, dtype }: Pick<AblationRequest, 'model' | 'dtype'>,
    addresses: readonly NeuronAddress[],
  ): Promise<Cause> {
    const key = JSON.stringify([model, dtype, addresses.map(formatSite).sort()]);
    const inLayers = this.last?.key === key ? this.last.cause : null;
    if (inLayers) return inLayers;
    await this.close();
    const { openCause } = await import('../runtime/cause/openCause');
    const cause = await openCause({ model, dtype, addresses, embeddedModel: this.embeddedModel });
    this.last = { key, cause };
    return cause;
  }

  private releaseLater(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.asked === 0) void this.close();
    }, QUIET);
    this.timer.unref();
  }

  private async close(): Promise<void> {
    const cause = this.last?.cause;
    this.last = null;
    await cause?.dispose();
  }
}

function unreadable(text: string): never {
  throw new LensError(
    'usage',
    `“${text}” is no change that can be made. See ablate in docs/cli.md for what is.`,
  );
}
