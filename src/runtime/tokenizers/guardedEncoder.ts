import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UnfitText } from '../../core/text/tokenizer';
import type { Encoder, RawEncoding } from './encoder';

/** Milliseconds for a text, and for each of its characters: a hundred times what a tokenizer takes. */
const TIME = { text: 5_000, character: 0.05 };
const TIME_TO_OPEN = 60_000;
/** Memory of the process, in bytes: several times what the largest vocabularies take. */
const MOST_MEMORY = 1.5 * 2 ** 30;
/** Tokens that a text may become: byte fallback makes four of a character, normalisers some more. */
const MOST_TOKENS = { text: 1024, character: 64 };

/**
 * What the process does: opens a tokenizer, and encodes texts one after another. A thread of its own, which no work of the
 * library holds up, ends it where its memory grows too large or its parent is gone.
 */
const PROGRAM = `
const { Tokenizer } = require(process.argv[1]);
const { Worker } = require('node:worker_threads');
const end = () => process.kill(process.pid, 'SIGKILL');
new Worker(\`
  const { workerData: { most, parent } } = require('node:worker_threads');
  setInterval(() => {
    if (process.memoryUsage.rss() > most || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 20);
\`, { eval: true, workerData: { most: ${MOST_MEMORY}, parent: process.ppid } });
let tokenizer;
process.on('SIGINT', () => {});
process.on('disconnect', end);
process.on('message', async ({ json, text, addSpecialTokens, most }) => {
  try {
    if (json !== undefined) {
      tokenizer = Tokenizer.fromString(json);
      tokenizer.disableTruncation();
      tokenizer.disablePadding();
      process.send({ encoding: null });
      return;
    }
    const encoding = await tokenizer.encode(text, null, { addSpecialTokens });
    if (encoding.getLength() > most) process.send({ tooMany: encoding.getLength() });
    else process.send({ encoding: {
      ids: encoding.getIds(), offsets: encoding.getOffsets(), added: encoding.getSpecialTokensMask(),
    } });
  } catch (error) {
    process.send({ error: String(error && error.message) });
  }
});
`;

interface Answer {
  readonly encoding?: RawEncoding | null;
  readonly error?: string;
  readonly tooMany?: number;
}

/**
 * Runs a tokenizer whose parts are not known to be harmless in a process of its own, with limits of time and memory: the
 * library is native, and where it gives up or runs out of memory, the process that it is in ends.
 */
export class GuardedEncoder implements Encoder {
  private child: ChildProcess | null = null;
  /** The request that is being answered: the process does one thing at a time. */
  private last: Promise<unknown> = Promise.resolve();
  private pieces: ReadonlyMap<number, string> | null = null;

  constructor(private readonly json: string) {}

  encode(text: string, addSpecialTokens: boolean): Promise<RawEncoding> {
    const encoding = this.last.then(() => this.encodeNext(text, addSpecialTokens));
    this.last = encoding.catch(() => undefined);
    return encoding;
  }

  pieceOf(id: number): string {
    this.pieces ??= piecesOf(this.json);
    return this.pieces.get(id) ?? '';
  }

  private async encodeNext(text: string, addSpecialTokens: boolean): Promise<RawEncoding> {
    this.child ??= await this.open();
    const most = MOST_TOKENS.text + MOST_TOKENS.character * text.length;
    const time = TIME.text + TIME.character * text.length;
    const { encoding, error, tooMany } = await this.ask(this.child, { text, addSpecialTokens, most }, time);
    if (tooMany !== undefined) {
      throw new UnfitText(`its tokenizer makes ${tooMany} tokens of ${text.length} characters`);
    }
    if (!encoding) throw new Error(error ?? 'it gave nothing');
    return encoding;
  }

  private async open(): Promise<ChildProcess> {
    const library = createRequire(join(__dirname, 'tokenizers.js')).resolve('tokenizers');
    const child = spawn(process.execPath, ['-e', PROGRAM, library], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    const { error } = await this.ask(child, { json: this.json }, TIME_TO_OPEN);
    if (error !== undefined) {
      child.kill('SIGKILL');
      throw new Error(error);
    }
    return child;
  }

  /** @throws UnfitText where the process ends or is ended meanwhile */
  private ask(child: ChildProcess, request: object, milliseconds: number): Promise<Answer> {
    return new Promise((settle, reject) => {
      let late = false;
      // Only while it is asked does the process keep this one alive.
      child.ref();
      child.channel?.ref();
      const stop = (): void => {
        clearTimeout(timer);
        for (const event of ['message', 'error', 'exit']) child.removeAllListeners(event);
        child.unref();
        child.channel?.unref();
      };
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, milliseconds);
      child.on('message', (answer) => {
        stop();
        settle(answer as Answer);
      });
      child.on('error', (error) => {
        stop();
        reject(error);
      });
      child.on('exit', (_, signal) => {
        stop();
        this.child = null;
        reject(new UnfitText(reasonOf(late, signal)));
      });
      child.send(request, (error) => error && !late && child.kill('SIGKILL'));
    });
  }
}

function reasonOf(late: boolean, signal: NodeJS.Signals | null): string {
  if (late) return 'its tokenizer did not come to an end with it and was stopped';
  if (signal === 'SIGKILL') return 'its tokenizer wanted more memory than any text needs and was stopped';
  return 'its tokenizer gave up on it and ended, as with a regular expression that goes on without end';
}

/** The pieces of a vocabulary by their ids. */
function piecesOf(json: string): Map<number, string> {
  const { model, added_tokens: added } = JSON.parse(json) as {
    model: { vocab: Record<string, number> | [string, number][] };
    added_tokens?: { id: number; content: string }[] | null;
  };
  const pieces = Array.isArray(model.vocab)
    ? model.vocab.map(([piece], id) => [id, piece] as const)
    : Object.entries(model.vocab).map(([piece, id]) => [id, piece] as const);
  return new Map([...pieces, ...(added ?? []).map(({ id, content }) => [id, content] as const)]);
}
