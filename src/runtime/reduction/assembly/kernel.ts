// What the module exports: two entries, each of which brings a site to where it is to be.
export { reduceBlocks } from './reduceBlocks';
export { sortExamples } from './sortExamples';
