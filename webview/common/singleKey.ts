/** The key that was pressed by itself and in no field, where it may act; null otherwise. */
export function singleKey(event: KeyboardEvent): string | null {
  const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  return modified || isField(event.composedPath()[0]) ? null : event.key;
}

function isField(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input, textarea, select, [contenteditable], [role=combobox], [role=listbox]') ||
      target.isContentEditable)
  );
}
