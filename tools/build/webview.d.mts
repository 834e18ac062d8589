export function bundleWebviews(): Promise<Map<string, Uint8Array>>;
export function buildWebviews(): Promise<string[]>;
