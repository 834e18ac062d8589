/** What writes an ablation in other forms: to be imported when one is asked for, as few readers do. */
export {
  ablationAsJson,
  ablationAsMarkdown,
  controlsAsCsv,
  lossesAsCsv,
  shiftsAsCsv,
} from '../../../src/core/cause/ablationExports';
export { picturePng, pictureSvg } from '../../common/pictures/pictureFiles';
