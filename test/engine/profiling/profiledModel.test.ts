import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import type { Quantity } from '../../../src/core/onnx/site';
import { answerToken } from '../../../src/core/selection/answerToken';
import { InferenceSession } from '../../../src/runtime/onnxruntime/library';
import { profileCorpus } from '../../../src/runtime/profiling/profileCorpus';
import { openProfiledModel } from '../../../src/runtime/profiling/profiledModel';
import { temporaryFolder } from '../../unit/files/temporaryFolder';

const embeddedModel = fileURLToPath(new URL('../../../media/embedded-model', import.meta.url));
const text = 'The ferry leaves the harbour at six in the morning, before the gulls are awake.\n'.repeat(8);
const folder = temporaryFolder();

/** Sessions of onnxruntime that were opened and not released. */
const open = new Set<InferenceSession>();
let opened = 0;
beforeEach(() => {
  open.clear();
  const create = InferenceSession.create.bind(InferenceSession) as (
    ...all: unknown[]
  ) => Promise<InferenceSession>;
  vi.spyOn(InferenceSession, 'create').mockImplementation(async (...all: unknown[]) => {
    const session = await create(...all);
    const release = session.release.bind(session);
    open.add(session);
    opened += 1;
    session.release = async () => {
      open.delete(session);
      await release();
    };
    return session;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Profiles the text. @returns the profile's folder */
async function profiled(
  name: string,
  quantity: readonly Quantity[],
  signal = new AbortController().signal,
): Promise<string> {
  const [input, out] = [join(folder.path, 'ferry.txt'), join(folder.path, name)];
  writeFileSync(input, text);
  await profileCorpus(
    {
      ...{ inputs: [input], root: folder.path, out, include: [], exclude: [], quantity },
      ...{ model: 'default', embeddedModel, tested: false, tool: 'test', seed: 1, keepText: true },
      ...{ resume: false, overwrite: false, keepSpecial: false, keepSinks: false },
    },
    { notice: () => undefined, progress: () => undefined, saved: () => undefined },
    signal,
  );
  expect(open.size).toBe(0);
  return out;
}

/** The embedded model with a remark at its end: the same values, and another file. */
function anotherModel(): string {
  const copy = join(folder.path, 'model');
  cpSync(embeddedModel, copy, { recursive: true });
  const remark = Uint8Array.of((6 << 3) | 2, 1, 'x'.charCodeAt(0));
  appendFileSync(join(copy, 'onnx/model.onnx'), remark);
  return copy;
}

describe('a profile and its model, open together', () => {
  it('tell of the same quantity as the pages, whichever was named first', async () => {
    const opened = await openProfiledModel(await profiled('both', ['pre', 'act']), {
      model: 'default',
      embeddedModel,
    });
    const address = parseNeuron('L0.N7')!;
    const page = await opened.profile.page(address);
    expect(page.quantity).toBe('act');
    const [top] = page.examples.top;
    const question = { offset: top!.start, chosen: address, limit: 3 };
    const tokens = await opened.tokenizer.tokenize(text);
    const answer = await answerToken({ ...question, text: tokens }, opened, new AbortController().signal);
    expect(answer!.token).toMatchObject({ start: top!.start, end: top!.end });
    expect(answer!.chosen!.value).toBeCloseTo(top!.value, 5);
    await opened.dispose();
    expect(open.size).toBe(0);
  });

  it('leave nothing open where they cannot be opened', async () => {
    const request = { model: 'default', embeddedModel };
    const empty = await profiled('empty', ['act'], AbortSignal.abort());
    await expect(openProfiledModel(empty, request)).rejects.toThrow('holds no tokens');
    const full = await profiled('full', ['act']);
    const before = opened;
    await expect(openProfiledModel(full, { ...request, model: anotherModel() })).rejects.toThrow(
      'is another file',
    );
    expect(opened).toBeGreaterThan(before);
    expect(open.size).toBe(0);
  });
});
