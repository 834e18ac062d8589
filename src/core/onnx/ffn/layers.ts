import type { Part, SiteAddress } from '../../common/neuronAddress';
import type { GraphIndex } from '../graph/graphIndex';
import type { Ffn } from './ffn';
import { inputsOf } from '../graph/inputsOf';
import type { Routing } from './routing';

/** Experts in a layer; the largest published models have a few hundred. */
const MOST_EXPERTS = 4096;

/** An FFN and how tokens reach it. */
export interface RoutedFfn {
  readonly ffn: Ffn;
  readonly routing: Routing | null;
}

/** What is known of a model beside one of its graphs. */
export interface StackHints {
  /** The stack that the file holds, where a model comes in several files; null for a file that may hold both. */
  readonly part: Part | null;
  /** Layers of each stack by the model's configuration, null where it does not say. */
  readonly layers: (part: Part) => number | null;
}

export interface AddressedFfn extends RoutedFfn {
  readonly address: SiteAddress;
}

/**
 * Numbers FFNs by stack, layer, block and expert. FFNs come in the order of the graph.
 * Experts that read the same tokens are one layer; where the configuration counts fewer layers than there are FFNs,
 * and evenly so, each layer holds several blocks.
 */
export function addressFfns(
  index: GraphIndex,
  ffns: readonly RoutedFfn[],
  hints: StackHints,
): AddressedFfn[] {
  const addressed: AddressedFfn[] = [];
  for (const [part, members] of byPart(index, ffns, hints.part)) {
    const groups = groupsOfLayers(members);
    const layers = hints.layers(part);
    const blocks = layers !== null && layers > 0 && groups.length % layers === 0 ? groups.length / layers : 1;
    groups.forEach((group, position) => {
      const layer = blocks > 1 ? Math.floor(position / blocks) : position;
      const inLayer = blocksWithin(group);
      group.forEach((member) => {
        const within = inLayer.indexOf(blockKey(member));
        const block = blocks > 1 ? position % blocks : inLayer.length > 1 ? within : null;
        addressed.push(
          ...expertsOf(member, group).map((expert) => ({
            ...member,
            address: { part, layer, block, expert },
          })),
        );
      });
    });
  }
  return addressed;
}

function byPart(
  index: GraphIndex,
  ffns: readonly RoutedFfn[],
  part: Part | null,
): Map<Part, readonly RoutedFfn[]> {
  if (part !== null) return new Map([[part, ffns]]);
  const names = index.graph.inputs.map((input) => input.name);
  const both = names.includes('decoder_input_ids') || names.includes('decoder_inputs_embeds');
  if (!both) return new Map([['model', inTowers(index, ffns)]]);
  const decoder = ffns.filter(({ ffn }) => readsInput(index, ffn, (name) => name.startsWith('decoder_')));
  return new Map<Part, readonly RoutedFfn[]>([
    ['encoder', ffns.filter((member) => !decoder.includes(member))],
    ['decoder', decoder],
  ]);
}

/** Keeps towers that share a graph (text and image) apart, in the order in which they begin. */
function inTowers(index: GraphIndex, ffns: readonly RoutedFfn[]): readonly RoutedFfn[] {
  const isImage = (name: string): boolean => /pixel|image/.test(name);
  if (!index.graph.inputs.some((input) => isImage(input.name))) return ffns;
  const image = ffns.filter(({ ffn }) => readsInput(index, ffn, isImage));
  const rest = ffns.filter((member) => !image.includes(member));
  return ffns[0] && image.includes(ffns[0]) ? [...image, ...rest] : [...rest, ...image];
}

function readsInput(index: GraphIndex, ffn: Ffn, wanted: (name: string) => boolean): boolean {
  return [...inputsOf(index, ffn.act.name)].some(wanted);
}

/** FFNs that read the same tokens stand side by side in one layer. */
function groupsOfLayers(ffns: readonly RoutedFfn[]): RoutedFfn[][] {
  const groups = new Map<string, RoutedFfn[]>();
  for (const member of ffns) {
    const key = sourceOf(member);
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
}

function sourceOf({ ffn, routing }: RoutedFfn): string {
  return routing?.source ?? ffn.input.name;
}

/** Routed experts of one layer are one block; what every token passes beside them is another. */
function blockKey({ ffn, routing }: RoutedFfn): string {
  return routing ? `experts ${ffn.dFf}` : ffn.act.name;
}

function blocksWithin(group: readonly RoutedFfn[]): string[] {
  return [...new Set(group.map(blockKey))];
}

function expertsOf(member: RoutedFfn, group: readonly RoutedFfn[]): (number | null)[] {
  const { routing } = member;
  if (!routing) return [null];
  if (routing.kind !== 'gathered') return [...Array(Math.min(routing.experts, MOST_EXPERTS)).keys()];
  return [group.filter((other) => blockKey(other) === blockKey(member)).indexOf(member)];
}
