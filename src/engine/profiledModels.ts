import type { TokenizedText } from '../core/text/tokens';
import { findProfile } from '../runtime/profiles/settleFolder';
import type { ProfiledModel } from '../runtime/profiling/profiledModel';

interface OpenEntry {
  /** The profile and its model as they were when they were opened. */
  readonly key: string;
  readonly model: ProfiledModel;
  /** The text that was asked about last, since a pointer asks about one text many times. */
  tokenized: { readonly text: string; readonly tokens: TokenizedText } | null;
}

/** Keeps the profile that was asked about last open together with its model: the next question is usually about it. */
export class ProfiledModels {
  private last: OpenEntry | null = null;

  /** @param embeddedModel folder of the model that `default` stands for */
  constructor(private readonly embeddedModel: string) {}

  /** @throws LensError where profile or model cannot be opened, or do not belong together */
  async open(
    profile: string,
    { model, dtype }: { readonly model: string; readonly dtype?: string | undefined },
  ): Promise<ProfiledModel> {
    const manifest = await findProfile(profile);
    const key = JSON.stringify([profile, model, dtype, manifest]);
    if (this.last?.key === key) return this.last.model;
    await this.close();
    const { openProfiledModel } = await import('../runtime/profiling/profiledModel');
    const opened = await openProfiledModel(profile, {
      model,
      ...(dtype !== undefined && { dtype }),
      embeddedModel: this.embeddedModel,
    });
    this.last = { key, model: opened, tokenized: null };
    return opened;
  }

  /** Tokens of a text by the tokenizer of an open one. */
  async tokenize(profiled: ProfiledModel, text: string): Promise<TokenizedText> {
    const known = this.last?.model === profiled ? this.last.tokenized : null;
    if (known?.text === text) return known.tokens;
    const tokens = await profiled.tokenizer.tokenize(text);
    if (this.last?.model === profiled) this.last.tokenized = { text, tokens };
    return tokens;
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    const model = this.last?.model;
    this.last = null;
    await model?.dispose();
  }
}
