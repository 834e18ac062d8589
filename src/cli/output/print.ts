/** Prints one JSON document on stdout, and nothing else goes there with it. Non-finite numbers become null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Progress and warnings: stderr, so that pipes and --json stay clean. */
export function printNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}
