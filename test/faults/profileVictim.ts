/** A program that writes a profile of made-up texts, saving as often as it can, to be killed on the way. */
import { runProfile } from '../../src/core/pipeline/profileRun';
import { openOutput, type OutputPurpose } from '../../src/runtime/profiles/outputFolder';
import { madeTexts, requestFor } from '../unit/pipeline/fakes';

const [out, purpose, seed] = process.argv.slice(2);

async function write(): Promise<void> {
  process.send?.({ tokens: 0 });
  const output = await openOutput(out!, purpose as OutputPurpose);
  try {
    const often = { segmentTokens: 300, snapshotInterval: 1 };
    const request = requestFor(madeTexts(40, 80, Number(seed)), { store: output.store, ...often });
    const manifest = await runProfile(
      request,
      { progress: ({ tokensDone }) => process.send?.({ tokens: tokensDone }) },
      new AbortController().signal,
    );
    await output.publish(manifest);
  } finally {
    await output.close();
  }
}

void write().then(
  () => process.disconnect(),
  (error: unknown) => {
    process.send?.({ error: String(error) }, () => process.exit(1));
  },
);
