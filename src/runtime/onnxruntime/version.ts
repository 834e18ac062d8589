import { env } from 'onnxruntime-node';

/** Version of the onnxruntime in use, for the manifest. */
export const ONNXRUNTIME_VERSION = env.versions.node ?? env.versions.common;
