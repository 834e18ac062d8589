/** What writes a concept's page in other forms: to be imported when one is asked for, as few readers do. */
export { conceptAsCsv, conceptAsJson, conceptAsMarkdown } from '../../../src/core/report/conceptExports';
export { picturePng, pictureSvg } from '../../common/pictures/pictureFiles';
