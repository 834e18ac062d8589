/** The one place that loads onnxruntime, silenced: whoever needs more of it than types takes it from here. */
import './telemetry';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';

// Its log lines, coloured and with the places of its own sources, repeat on stderr what the errors thrown say.
env.logLevel = 'fatal';

/** Version of the onnxruntime in use, for the manifest. */
export const ONNXRUNTIME_VERSION = env.versions.node ?? env.versions.common;

export { InferenceSession, Tensor };
