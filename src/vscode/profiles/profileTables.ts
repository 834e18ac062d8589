/** What reads a profile's tables. Arrow comes with it: to be imported when the first profile is read, not before. */
export { neuronsTable } from '../../core/concepts/conceptsAnnex';
export { answerOverview, answerStrips } from '../../core/overview/overviewAnswer';
export { readFiles } from '../../core/profile/files/filesTable';
export { openProfileFolder } from '../../runtime/profiles/openProfileFolder';
export { readFolderConcepts, readFolderControls } from '../../runtime/profiles/readFolderConcepts';
