/** What own concepts are made with, in a piece of its own: the reader of JSON and the starter set are loaded when asked for. */
export { readConceptsFile } from '../../core/concepts/own/conceptsFile';
export { addConcept, namesIn, withConcepts } from '../../core/concepts/own/editConceptsFile';
export { askForConcept } from './askForConcept';
export { keepException } from './keepException';
export { markSelection } from './markSelection';
export { editConcepts, homeOf, readConceptsText } from './ownConcepts';
