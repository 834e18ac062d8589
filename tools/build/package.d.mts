/**
 * Packages the bundles that are in dist/.
 * @returns path of the .vsix
 */
export function packageExtension(options?: { target?: string; out?: string }): Promise<string>;

/** Lays out what a package for a target holds, in a folder that is made anew. */
export function stageExtension(stage: string, target: string): Promise<void>;
