import { SingleBar } from 'cli-progress';
import { inOneLine } from '../../core/common/foreignText';
import { printNotice } from './print';

/** In a pipe or a log, a line this often says how far the work is. */
const LINE_INTERVAL_MS = 10_000;

/** Shows how far work is on stderr. */
export interface ProgressDisplay<Progress> {
  update(progress: Progress): void;
  stop(): void;
}

interface Measured {
  readonly done: number;
  readonly total: number;
  readonly values: Readonly<Record<string, string>>;
}

/** How one kind of work is told. */
export interface ProgressWording<Progress> {
  /** The bar's line as cli-progress fills it in, with the names of `values`. */
  readonly format: string;
  /** Characters of the bar. */
  readonly width: number;
  readonly measure: (progress: Progress) => Measured;
  /** The line for a pipe. */
  readonly line: (progress: Progress) => string;
}

/** A bar on a terminal, now and then a line elsewhere. */
export function showProgress<Progress>(wording: ProgressWording<Progress>): ProgressDisplay<Progress> {
  return process.stderr.isTTY ? barOnTerminal(wording) : linesInPipe(wording);
}

function barOnTerminal<Progress>({
  format,
  width,
  measure,
}: ProgressWording<Progress>): ProgressDisplay<Progress> {
  const bar = new SingleBar({
    format,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: width,
  });
  let started = false;
  return {
    update(progress) {
      const { done, total, values: told } = measure(progress);
      const values = Object.fromEntries(Object.entries(told).map(([name, text]) => [name, inOneLine(text)]));
      if (started) bar.setTotal(total);
      else bar.start(total, 0, values);
      started = true;
      bar.update(Math.min(done, total), values);
    },
    stop: () => bar.stop(),
  };
}

function linesInPipe<Progress>({ line }: ProgressWording<Progress>): ProgressDisplay<Progress> {
  let printed = Date.now();
  return {
    update(progress) {
      if (Date.now() - printed < LINE_INTERVAL_MS) return;
      printed = Date.now();
      printNotice(line(progress));
    },
    stop: () => undefined,
  };
}
