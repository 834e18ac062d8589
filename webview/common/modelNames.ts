import type { ActivationFunction, Quantity } from '../../src/core/onnx/site';

const ACTIVATIONS: Record<ActivationFunction, string> = {
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
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  bilinear: 'bilinear',
  other: 'a function without a name',
};

/** An activation function as papers write it. */
export function activationName(activation: ActivationFunction): string {
  return ACTIVATIONS[activation];
}

/** The activation functions of a model, which its manifest lists with commas. */
export function activationNames(listed: string): string {
  const isKnown = (name: string): name is ActivationFunction => Object.hasOwn(ACTIVATIONS, name);
  const names = listed.split(', ');
  return names.map((name) => (isKnown(name) ? activationName(name) : name)).join(', ');
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
