/** A model of the Hub that is worth a look. */
export interface RecommendedModel {
  readonly id: string;
  readonly goodFor: string;
  /** About what the preferred dtype takes; `models show` asks the Hub for what each takes. */
  readonly megabytes: number;
}

/** A few well-known models by what they are good for, the smallest first. */
export const RECOMMENDED_MODELS: readonly RecommendedModel[] = [
  { id: 'Xenova/all-MiniLM-L6-v2', goodFor: 'small encoder, 6 layers × 1,536 neurons', megabytes: 90 },
  { id: 'Xenova/bert-base-uncased', goodFor: 'classic encoder, 12 layers × 3,072 neurons', megabytes: 440 },
  {
    id: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    goodFor: 'modern gated, 30 layers × 1,536 neurons',
    megabytes: 650,
  },
  { id: 'Xenova/gpt2', goodFor: 'the classic GPT-2, 12 layers × 3,072 neurons', megabytes: 650 },
];
