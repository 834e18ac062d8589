import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileProgress } from '../../../src/protocol/engine';
import { SLICE_LENGTH } from '../../../src/core/text/slices';
import { EngineClient } from '../../../src/vscode/engineClient/engineClient';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sentence = 'The ferry leaves the harbour at six in the morning, before the gulls are awake.\n';

describe('the built engine with the embedded model', () => {
  let folder = '';
  const log = { info: () => undefined, warn: () => undefined };
  const engine = new EngineClient({
    script: join(root, 'dist', 'engine.cjs'),
    embeddedModel: join(root, 'media', 'embedded-model'),
    nodePath: () => process.execPath,
    log,
  });

  const profileOf = (name: string, text: string) =>
    writeFile(join(folder, name), text).then(() => ({
      inputs: [join(folder, name)],
      root: folder,
      model: 'default',
      out: join(folder, `${name}.profile`),
      exclude: [],
      resume: false,
      threads: null,
    }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neuron-lens-real-'));
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers questions about a token and a selection', async () => {
    const text = sentence.repeat(20);
    const request = await profileOf('short.txt', text);
    const outcome = await engine.calls.profile(request);
    expect(outcome.state).toBe('complete');

    const about = { model: 'default', profile: request.out, source: { file: request.inputs[0]!, text } };
    const offset = text.indexOf('ferry') + 2;
    const answer = await engine.calls.tokenAt({ ...about, offset, chosen: 'L0.N1', limit: 5 });
    expect(answer!.token.start).toBeLessThanOrEqual(offset);
    expect(answer!.token.end).toBeGreaterThan(offset);
    expect(answer!.chosen?.id).toBe('L0.N1');
    expect(answer!.background).toBe(outcome.tokens);
    const percentiles = answer!.strongest.map((neuron) => neuron.percentile);
    expect(percentiles).toHaveLength(5);
    expect(percentiles).toEqual([...percentiles].sort((a, b) => b - a));

    // A long file is cut into parts, as when it is profiled: its tokens are those of their own part.
    const border = SLICE_LENGTH - (SLICE_LENGTH % sentence.length);
    const source = { ...about.source, text: sentence.repeat(border / sentence.length) + text };
    const question = { ...about, source, offset: border + offset, chosen: null, limit: 5 };
    const beyond = await engine.calls.tokenAt(question);
    expect(beyond).toMatchObject({ chosen: null, strongest: answer!.strongest });
    expect(beyond!.token).toEqual({
      ...answer!.token,
      start: answer!.token.start + border,
      end: answer!.token.end + border,
    });

    const selection = await engine.calls.selection({ ...about, start: 4, end: 28, limit: 10 });
    expect(selection.text.trim()).toBe('ferry leaves the harbour');
    expect(selection.source).toMatchObject({ file: 'short.txt', firstLine: 1, lastLine: 1 });
    expect(selection.rows).toHaveLength(10);
  });

  it('answers them between the batches of a run, which can be stopped with what it has', async () => {
    const text = sentence.repeat(20);
    const about = {
      model: 'default',
      profile: join(folder, 'short.txt.profile'),
      source: { file: null, text },
    };
    const request = await profileOf('long.txt', sentence.repeat(40_000));
    const stop = new AbortController();
    const seen: ProfileProgress[] = [];
    const answers: Promise<unknown>[] = [];
    const outcome = await engine.calls.profile(request, {
      signal: stop.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (answers.length > 0) return;
        const answer = engine.calls.tokenAt({ ...about, offset: 6, chosen: null, limit: 5 });
        answers.push(answer.finally(() => stop.abort()));
      },
    });
    expect(await answers[0]).toMatchObject({ strongest: { length: 5 } });
    expect(outcome.state).toBe('partial');
    expect(outcome.tokens).toBeGreaterThan(0);
    expect(outcome.tokens).toBeLessThan(seen[0]!.tokensTotal);

    const enough = new AbortController();
    const rest = await engine.calls.profile(
      { ...request, resume: true },
      {
        signal: enough.signal,
        onProgress: ({ tokensDone }) => tokensDone > outcome.tokens && enough.abort(),
      },
    );
    expect(rest.tokens).toBeGreaterThan(outcome.tokens);
  });

  it('refuses what is no model with a sentence', async () => {
    const model = join(folder, 'nothing.onnx');
    await writeFile(model, 'not a model');
    await expect(engine.calls.describeModel({ model })).rejects.toMatchObject({ name: 'LensError' });
  });
});
