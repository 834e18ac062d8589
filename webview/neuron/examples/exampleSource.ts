import type { NamedNeuronPage } from '../../../src/core/concepts/neuronMeaning';
import type { ExampleListName, ExampleLists, RangeExamples } from '../../../src/core/profile/neuronPage';
import type { CommonRequests } from '../../../src/protocol/pages/page';
import type { NeuronRequests } from '../../../src/protocol/pages/neuron';
import type { Calls } from '../../../src/protocol/rpc';
import { allExamples } from './exampleLists';

export type NeuronCalls = Calls<CommonRequests & NeuronRequests>;

/** Where the examples of a neuron come from: the host of a panel, which reads them, or a report, which holds them. */
export interface ExampleSource {
  list(name: ExampleListName): Promise<Partial<ExampleLists>>;
  between(low: number, high: number): Promise<RangeExamples>;
  whole(): Promise<NamedNeuronPage>;
}

export function examplesFromHost(calls: NeuronCalls, neuron: string): ExampleSource {
  return {
    list: (list) => calls.examples({ neuron, list }),
    between: (low, high) => calls.between({ neuron, low, high }),
    whole: () => calls.whole({ neuron }),
  };
}

/** What a report can give: the examples of its page, and no other stored ones. */
export function examplesInPage(page: NamedNeuronPage): ExampleSource {
  return {
    list: (name) => Promise.resolve({ [name]: page.examples[name] }),
    between: (low, high) => {
      const inside = allExamples(page.examples).filter(
        ({ value }) => value >= low && (value < high || (value === high && high === page.stats.max)),
      );
      return Promise.resolve({ examples: inside, stored: inside.length });
    },
    whole: () => Promise.resolve(page),
  };
}
