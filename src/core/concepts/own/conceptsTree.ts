import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { FILE_START, Places } from '../../text/places';

/** A place in a text: its line from 1, and its UTF-16 units `[start, end)`. */
interface TextPlace {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A concept as it is written: its value as JSON, and where what is in it stands. */
interface ConceptEntry {
  readonly name: string;
  readonly value: unknown;
  /** The place of the name for an empty path, else of a key or element within the value. */
  readonly placeOf: (path: readonly string[]) => TextPlace;
}

/** The JSON of concepts.json with the places of its parts. */
export class ConceptsTree {
  private readonly root: Node | undefined;
  private readonly places: Places;
  /** Why it is no JSON, and where. */
  readonly fault: (TextPlace & { readonly reason: string }) | null = null;

  constructor(text: string) {
    this.places = new Places(text, FILE_START);
    const errors: ParseError[] = [];
    try {
      this.root = parseTree(text, errors, { disallowComments: false });
      const [error] = errors;
      if (error || !this.root) {
        const start = error?.offset ?? 0;
        this.fault = { ...this.place(start, start + (error?.length ?? 0)), reason: 'it is no JSON' };
      }
    } catch (thrown) {
      // The parser calls itself for each level.
      if (!(thrown instanceof RangeError)) throw thrown;
      this.fault = { ...this.place(0, 0), reason: 'it is nested too deeply' };
    }
  }

  /** What stands at a path. */
  value(path: readonly string[]): unknown {
    const node = this.root && nodeAt(this.root, path);
    return node && (getNodeValue(node) as unknown);
  }

  /** The place of the last part of a path that there is: of a key with its name, else of the value. */
  placeOf(path: readonly string[]): TextPlace {
    return this.placeWithin(this.root, path);
  }

  /** The concepts in their order, those of one name too. */
  concepts(): ConceptEntry[] {
    const node = this.root && nodeAt(this.root, ['concepts']);
    return (node?.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key && value
        ? [
            {
              name: String(key.value),
              value: getNodeValue(value) as unknown,
              placeOf: (path: readonly string[]) =>
                path.length === 0 ? this.placeOfNode(key) : this.placeWithin(value, path),
            },
          ]
        : [],
    );
  }

  private placeWithin(from: Node | undefined, path: readonly string[]): TextPlace {
    for (let length = path.length; from && length >= 0; length--) {
      const node = nodeAt(from, path.slice(0, length));
      if (!node) continue;
      const isProperty = length > 0 && node.parent?.type === 'property';
      return this.placeOfNode(isProperty ? node.parent.children![0]! : node);
    }
    return this.place(0, 0);
  }

  private placeOfNode({ offset, length }: Node): TextPlace {
    return this.place(offset, offset + length);
  }

  private place(start: number, end: number): TextPlace {
    return { line: this.places.at(start).line, start, end };
  }
}

function nodeAt(from: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = from;
  for (const step of path) {
    node = node && findNodeAtLocation(node, [node.type === 'array' ? Number(step) : step]);
  }
  return node;
}
