import type { Quantity } from '../../src/core/onnx/site';

const ACTIVATIONS: Record<string, string> = {
  relu: 'ReLU',
  relu2: 'ReLU²',
  relu6: 'ReLU6',
  gelu_erf: 'GELU (erf)',
  gelu_tanh: 'GELU (tanh)',
  gelu_quick: 'GELU (quick)',
  silu: 'SiLU',
  hardswish: 'hard Swish',
  mish: 'Mish',
  elu: 'ELU',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  bilinear: 'bilinear',
};

/** An activation function as papers write it; an unknown one as the graph names it. */
export function activationName(activation: string): string {
  return ACTIVATIONS[activation] ?? activation;
}

const QUANTITIES: Record<Quantity, string> = {
  act: 'activation',
  pre: 'value before the activation function',
  gate: 'gate before the activation function',
  up: 'up projection',
};

/** What the values of a page are, in words. */
export function quantityName(quantity: Quantity): string {
  return QUANTITIES[quantity];
}
