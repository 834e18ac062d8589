import type { Corpus } from '../text/corpus';
import type { RunState } from './runRequest';

/** Reckons how far a run is. How many tokens a corpus has is known only at its end: until then bytes tell. */
export class RunProgress {
  private readonly bytesOf: ReadonlyMap<string, number>;
  private readonly bytesTotal: number;
  private readonly started: number;
  private file: string | null = null;
  /** Of the files before the current one. */
  private bytesBefore = 0;
  private tokensBefore = 0;
  /** Of the current file. */
  private unitsHere = 0;
  private tokensHere = 0;
  private ended = false;
  private tokensRun = 0;

  /** @param tokensHeld that earlier runs have done. */
  constructor(
    private readonly corpus: Corpus,
    private readonly tokensHeld: number,
    private readonly limitTokens: number,
    private readonly clock: () => number,
  ) {
    this.bytesOf = new Map(corpus.files.map(({ file, bytes }) => [file, bytes]));
    this.bytesTotal = corpus.files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.started = clock();
  }

  /**
   * @param units of UTF-16 text.
   * @param tokens of the document that this run or an earlier one counts; 0 where it belongs to another shard.
   */
  sawDocument(file: string, units: number, tokens: number): void {
    if (file !== this.file) {
      if (this.file !== null) this.bytesBefore += this.bytesOf.get(this.file) ?? this.unitsHere;
      this.tokensBefore += this.tokensHere;
      this.unitsHere = this.tokensHere = 0;
      this.file = file;
    }
    this.unitsHere += units;
    this.tokensHere += tokens;
  }

  /** The corpus has been read to its end, or as far as the run goes. */
  sawEnd(): void {
    this.ended = true;
  }

  ranTokens(tokens: number): void {
    this.tokensRun += tokens;
  }

  get seconds(): number {
    return (this.clock() - this.started) / 1000;
  }

  now(): RunState {
    const { seconds } = this;
    const tokensDone = this.tokensHeld + this.tokensRun;
    const tokensTotal = Math.max(tokensDone, this.total());
    const tokensPerSecond = seconds > 0 ? this.tokensRun / seconds : 0;
    return {
      tokensDone,
      tokensTotal,
      totalIsEstimate: !this.ended,
      tokensPerSecond,
      secondsLeft: tokensPerSecond > 0 ? (tokensTotal - tokensDone) / tokensPerSecond : null,
      filesDone: this.corpus.read.length,
      filesTotal: this.corpus.files.length,
    };
  }

  private total(): number {
    const seen = this.tokensBefore + this.tokensHere;
    if (this.ended) return seen;
    const bytesSeen = this.bytesBefore + this.unitsHere;
    const estimate = bytesSeen > 0 ? (seen / bytesSeen) * Math.max(bytesSeen, this.bytesTotal) : 0;
    return Math.min(Math.round(estimate), this.limitTokens);
  }
}
