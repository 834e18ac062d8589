import type { FileRange } from '../../core/text/document';
import type { Manifest } from '../../core/profile/manifest';

/** How a profile was asked for in this editor: enough to go on with it, and to run its model on further text. */
export interface ProfileRecipe {
  /** What the reader calls it: the file's or the folder's name. */
  readonly name: string;
  /** As on the command line: `default`, a folder, an .onnx file, a Hub id. */
  readonly model: string;
  /** Which of its files; the preferred one if not given. */
  readonly dtype?: string | undefined;
  /** Absolute paths. */
  readonly inputs: readonly string[];
  /** Absolute path that file names are relative to. */
  readonly root: string;
  readonly exclude: readonly string[];
  /** The stretch that is read of the one file in `inputs`. */
  readonly range?: FileRange | undefined;
}

/** A profile that was found on disk. */
export interface ProfileEntry {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly name: string;
  readonly manifest: Manifest;
  /** null for a profile that was made elsewhere, on the command line for instance. */
  readonly recipe: ProfileRecipe | null;
}

/** A folder that holds a profile which cannot be read, with the reason as a sentence. */
export interface DamagedEntry {
  readonly folder: string;
  readonly name: string;
  readonly reason: string;
}

/** What runs the model of a profile: as its recipe says, else by the name that the manifest gives. */
export function modelOf({ recipe, manifest }: ProfileEntry): Pick<ProfileRecipe, 'model' | 'dtype'> {
  return { model: recipe?.model ?? manifest.model.id, dtype: manifest.model.dtype };
}
