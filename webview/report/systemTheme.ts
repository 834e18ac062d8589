/** Dresses the report light or dark as the system is, and light on paper. */
export function followSystemTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const dress = (isDark: boolean): void => {
    document.body.classList.toggle('vscode-dark', isDark);
    document.body.classList.toggle('vscode-light', !isDark);
  };
  dress(dark.matches);
  dark.addEventListener('change', () => dress(dark.matches));
  window.addEventListener('beforeprint', () => dress(false));
  window.addEventListener('afterprint', () => dress(dark.matches));
}
