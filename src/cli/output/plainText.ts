const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;
const SHOWN: Record<string, string> = { '\n': '⏎', '\r': '', '\t': '⇥' };

/** Corpus text on one terminal line: line ends and tabs as signs, other control characters left out. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, (control) => SHOWN[control] ?? '');
}
