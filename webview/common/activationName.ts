const NAMES: Record<string, string> = {
  relu: 'ReLU',
  relu2: 'ReLU²',
  gelu_erf: 'GELU (erf)',
  gelu_tanh: 'GELU (tanh)',
  gelu_quick: 'GELU (quick)',
  silu: 'SiLU',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  bilinear: 'bilinear',
};

/** An activation function as papers write it; an unknown one as the graph names it. */
export function activationName(activation: string): string {
  return NAMES[activation] ?? activation;
}
