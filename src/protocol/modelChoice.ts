import * as v from 'valibot';

/** The fields by which a request names a model. */
export const modelChoice = {
  /** As on the command line: `default`, a folder, an .onnx file, a Hub id that was downloaded. */
  model: v.pipe(v.string(), v.minLength(1)),
  /** Which of its files, such as `q8`; the preferred one if not given. */
  dtype: v.optional(v.string()),
};

/** Which tensor of a neuron is changed; what enters the down projection if not given. */
export const changedQuantity = v.optional(v.picklist(['act', 'pre', 'gate', 'up']));
