import type { CorpusFile, FileState } from '../../text/document';
import { type Histogram, percentileOf } from '../../stats/histogram';
import { CONTEXT_LENGTH, CONTEXT_RADIUS } from '../../stats/siteSummary';
import type { StoredPlace } from '../../stats/storedPlaces';
import type { PlacedToken } from '../../stats/strongestTokens';
import { damagedProfile } from '../damagedProfile';
import type { ContextToken, Example } from '../neuronPage';
import { textFiles } from '../profileFiles';
import type { DocumentRow } from '../texts/documentRow';
import type { TokenColumns } from '../texts/textPartReader';
import type { StoredProfile } from '../storedProfile';

/** Whether a file is still what it was when it was profiled. */
export type FileStateOf = (file: CorpusFile) => Promise<FileState>;

/** The tokens around a place: `first` is the document's token that the columns begin with. */
interface Surroundings {
  readonly first: number;
  readonly tokens: TokenColumns;
}

/** Turns stored places of one neuron into examples: their tokens, text and place in the file. */
export class ExampleReader {
  private readonly surroundings = new Map<string, Promise<Surroundings>>();
  /** By token id. */
  private readonly texts = new Map<number, Promise<string>>();
  private readonly states = new Map<string, Promise<FileState>>();

  constructor(
    private readonly stored: StoredProfile,
    private readonly documentAt: (number: number) => DocumentRow,
    private readonly histogram: Histogram,
    private readonly fileStateOf: FileStateOf,
  ) {}

  /** [17] ids of the tokens from 8 before to 8 after; −1 where the document has none. */
  async idsAround(place: StoredPlace): Promise<Int32Array> {
    const { first, tokens } = await this.around(place);
    const ids = new Int32Array(CONTEXT_LENGTH).fill(-1);
    ids.set(tokens.id, first - (place.token - CONTEXT_RADIUS));
    return ids;
  }

  /** Which tokens stand at some places. The text of a token is read where it comes first. */
  async placedTokens(places: readonly StoredPlace[]): Promise<PlacedToken[]> {
    const ids = await Promise.all(places.map((place) => this.tokenId(place)));
    places.forEach((place, at) => {
      if (!this.texts.has(ids[at]!)) this.texts.set(ids[at]!, this.tokenText(place));
    });
    return Promise.all(
      places.map(async ({ value }, at) => ({
        ...{ value, tokenId: ids[at]! },
        text: (await this.texts.get(ids[at]!))!,
      })),
    );
  }

  async example(place: StoredPlace, duplicates = 0): Promise<Example> {
    const document = this.documentOf(place);
    const { first, tokens } = await this.around(place);
    const at = place.token - first;
    const [start, end] = [tokens.start[at]!, tokens.end[at]!];
    const contextStart = Math.min(...tokens.start);
    const contextEnd = Math.max(...tokens.end);
    const text = await this.textBetween(document, contextStart, contextEnd);
    const state = await this.stateOf(document.file);
    return {
      value: place.value,
      percentile: percentileOf(this.histogram, place.value),
      file: document.file,
      record: document.record,
      start,
      end,
      line: tokens.line[at]!,
      column: tokens.column[at]!,
      token: text.slice(start - contextStart, end - contextStart),
      tokenId: tokens.id[at]!,
      context: {
        start: contextStart,
        end: contextEnd,
        text,
        tokens: contextTokens(place, first, tokens),
      },
      duplicates,
      stale: state !== 'same',
      missing: state === 'missing' || state === 'unreadable',
    };
  }

  private async tokenId(place: StoredPlace): Promise<number> {
    const { first, tokens } = await this.around(place);
    return tokens.id[place.token - first]!;
  }

  private async tokenText(place: StoredPlace): Promise<string> {
    const { first, tokens } = await this.around(place);
    const at = place.token - first;
    return this.textBetween(this.documentOf(place), tokens.start[at]!, tokens.end[at]!);
  }

  private documentOf({ document }: StoredPlace): DocumentRow {
    return this.documentAt(document);
  }

  private around(place: StoredPlace): Promise<Surroundings> {
    const key = `${place.document}:${place.token}`;
    let found = this.surroundings.get(key);
    if (!found) {
      found = this.readAround(place);
      this.surroundings.set(key, found);
    }
    return found;
  }

  private async readAround(place: StoredPlace): Promise<Surroundings> {
    const { part, firstToken, tokenCount } = this.documentOf(place);
    if (place.token >= tokenCount) {
      throw damagedProfile(
        textFiles(part).tokens,
        'its documents have fewer tokens than the neurons refer to',
      );
    }
    const first = Math.max(0, place.token - CONTEXT_RADIUS);
    const end = Math.min(tokenCount, place.token + CONTEXT_RADIUS + 1);
    return { first, tokens: await this.stored.textPart(part).tokens(firstToken + first, end - first) };
  }

  /** @returns nothing where the profile was told to keep no text. */
  private async textBetween(
    { part, textStart, offsetBase }: DocumentRow,
    start: number,
    end: number,
  ): Promise<string> {
    const shift = textStart - offsetBase;
    return (await this.stored.textPart(part).text(start + shift, end + shift)) ?? '';
  }

  private stateOf(file: string): Promise<FileState> {
    let state = this.states.get(file);
    if (!state) {
      state = this.stored.files().then((files) => {
        const profiled = files.get(file);
        return profiled ? this.fileStateOf(profiled) : 'same';
      });
      this.states.set(file, state);
    }
    return state;
  }
}

function contextTokens(place: StoredPlace, first: number, tokens: TokenColumns): ContextToken[] {
  return Array.from(tokens.start, (start, i): ContextToken => {
    const token = first + i;
    const kept = place.context?.[token - place.token + CONTEXT_RADIUS] ?? NaN;
    const value = token === place.token ? place.value : kept;
    return { start, end: tokens.end[i]!, value: Number.isFinite(value) ? value : null };
  });
}
