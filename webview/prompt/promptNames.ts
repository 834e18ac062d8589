/** What a prompt is called: A, B, C and on. */
export function promptName(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}
