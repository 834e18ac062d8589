/**
 * Packages the bundles that are in dist/.
 * @returns path of the .vsix
 */
export function packageExtension(options?: { target?: string; out?: string }): Promise<string>;
