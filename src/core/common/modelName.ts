/** A model as people know it: the one that ships with the program has no name of its own. */
export function modelName(id: string): string {
  return id === 'default' ? 'embedded model' : id;
}
