import type { TokenizedText } from '../core/text/tokens';
import { findProfile } from '../runtime/profiles/settleFolder';
import type { ProfileGround } from '../runtime/profiling/profileGround';

interface OpenGround {
  /** The profile and its model as they were when they were opened. */
  readonly key: string;
  readonly ground: ProfileGround;
  /** The text that was asked about last, since a pointer asks about one text many times. */
  tokenized: { readonly text: string; readonly tokens: TokenizedText } | null;
}

/** Keeps the profile that was asked about last open together with its model: the next question is usually about it. */
export class Grounds {
  private last: OpenGround | null = null;

  /** @param embeddedModel folder of the model that `default` stands for */
  constructor(private readonly embeddedModel: string) {}

  /** @throws LensError where profile or model cannot be opened, or do not belong together */
  async open(
    profile: string,
    { model, dtype }: { readonly model: string; readonly dtype?: string | undefined },
  ): Promise<ProfileGround> {
    const manifest = await findProfile(profile);
    const key = JSON.stringify([profile, model, dtype, manifest]);
    if (this.last?.key === key) return this.last.ground;
    await this.close();
    const { openProfileGround } = await import('../runtime/profiling/profileGround');
    const ground = await openProfileGround(profile, {
      model,
      ...(dtype !== undefined && { dtype }),
      embeddedModel: this.embeddedModel,
    });
    this.last = { key, ground, tokenized: null };
    return ground;
  }

  /** Tokens of a text by the tokenizer of an open ground. */
  async tokenize(ground: ProfileGround, text: string): Promise<TokenizedText> {
    const known = this.last?.ground === ground ? this.last.tokenized : null;
    if (known?.text === text) return known.tokens;
    const tokens = await ground.tokenizer.tokenize(text);
    if (this.last?.ground === ground) this.last.tokenized = { text, tokens };
    return tokens;
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    const ground = this.last?.ground;
    this.last = null;
    await ground?.dispose();
  }
}
