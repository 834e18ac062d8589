import type { Part } from '../../core/common/neuronAddress';
import type { GraphIndex } from '../../core/onnx/graph/graphIndex';
import type { ModelConfig } from '../models/modelConfig';

/** Architectures that see only the tokens to the left, when the class name does not say so. */
const LEFT_TO_RIGHT =
  /^(gpt|codegen|llama|mistral|mixtral|qwen|phi|gemma|falcon|mpt|bloom|opt|olmo|granite|stablelm|starcoder|cohere|smollm|nemotron|arcee|deepseek|helium|persimmon|mamba|lfm|xglm|ctrl|biogpt|glm|exaone|bitnet)/;

/**
 * Whether a position sees only those before it: by the configuration where it says so, by a cache of past tokens
 * in the graph otherwise.
 */
export function isCausal(index: GraphIndex, config: ModelConfig, part: Part): boolean {
  if (part !== 'model') return part === 'decoder';
  const architectures = Array.isArray(config['architectures']) ? config['architectures'].join(' ') : '';
  if (/CausalLM|LMHead/.test(architectures)) return true;
  const type = typeof config['model_type'] === 'string' ? config['model_type'] : '';
  if (LEFT_TO_RIGHT.test(type)) return true;
  const { inputs, outputs } = index.graph;
  return [...inputs, ...outputs].some(({ name }) => /past|present|cache/.test(name));
}
