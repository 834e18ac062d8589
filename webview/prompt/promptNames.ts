/** What a prompt is called: A, B, C and on. */
export function promptName(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}

/** Prompts that fit beside each other. */
export const MOST_PROMPTS = 6;
