import { join } from 'node:path';
import * as v from 'valibot';
import type { SelfTest } from '../../core/common/selfTest';
import { selfTestSchema } from '../../core/profile/manifest';
import { cacheFolder } from '../files/cacheFolder';
import { readRecord, writeRecord } from '../files/cachedRecord';

/** A remembered self-test: of one model file under one version of the test and of onnxruntime. */
export interface SelfTestRecord {
  /** Rises when the test itself changes, so that older results are not taken for its own. */
  readonly version: number;
  readonly onnxruntime: string;
  readonly selfTest: SelfTest;
}

const schema: v.GenericSchema<unknown, SelfTestRecord> = v.object({
  version: v.number(),
  onnxruntime: v.string(),
  selfTest: selfTestSchema,
});

const pathOf = (sha256: string): string => join(cacheFolder(), 'self-tests', `${sha256}.json`);

/** @param sha256 of the model's file @returns null where none is remembered, or the record is damaged */
export function readSelfTest(sha256: string): Promise<SelfTestRecord | null> {
  return readRecord(pathOf(sha256), schema);
}

export function writeSelfTest(sha256: string, record: SelfTestRecord): Promise<void> {
  return writeRecord(pathOf(sha256), record);
}
