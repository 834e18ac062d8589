import path from 'node:path';
import { LensError } from '../../core/common/errors';
import { InferenceSession } from './library';

export interface SessionSettings {
  /** Threads within an operator; onnxruntime's own choice where absent. */
  readonly threads?: number;
  /** Folder of the files that hold weights; the model's own where absent. */
  readonly weightFolder?: string;
}

/**
 * Opens a model from bytes in memory. Weights in other files are found beside the model's own file.
 * @throws LensError `unsupported-model` with onnxruntime's reason
 */
export async function openSession(
  bytes: Uint8Array,
  modelFile: string,
  settings: SessionSettings,
): Promise<InferenceSession> {
  const withinElectron = process.versions['electron'] !== undefined;
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
      ...(settings.threads === undefined ? {} : { intraOpNumThreads: settings.threads }),
      // Electron's allocator ends the process at the large blocks that an arena asks for.
      enableCpuMemArena: !withinElectron,
      enableMemPattern: !withinElectron,
      extra: {
        session: {
          model_external_initializers_file_folder_path: settings.weightFolder ?? path.dirname(modelFile),
          // Fused 8-bit products saturate on processors without VNNI; unfused ones are what the file says.
          disable_quant_qdq: '1',
          force_spinning_stop: '1',
        },
      },
    });
  } catch (cause) {
    const reason = onnxruntimeReason(cause);
    throw new LensError('unsupported-model', `onnxruntime cannot open ${modelFile}: ${reason}`, { cause });
  }
}

/** A place in onnxruntime's sources, and the condition that it found broken there. */
const SOURCE_PLACE = /\S+\.(cc|h|cpp):\d+ (.*? was false\. )?/;
const WHILE_RUNNING =
  /^Non-zero status code returned while running (\S+) node\. Name:'(.*?)' Status Message: /;

/** What onnxruntime says of a failure, without where in its sources it happened. */
export function onnxruntimeReason(cause: unknown): string {
  const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const reason = first
    .replace(WHILE_RUNNING, (_, operator: string, name: string) => `${[operator, name].join(' ').trim()}: `)
    .replace(SOURCE_PLACE, '')
    .trim();
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
