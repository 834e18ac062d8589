export function makeOnce(made: string, inputs: readonly string[], make: () => unknown): Promise<boolean>;
