/** Turns a folder that a person typed into an absolute path, or says what is wrong with it. */
import { realpathSync, statSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'

/** The absolute path without links. */
export function realDirectory(folder: string): string | UsageError {
  try {
    const directory = realpathSync(folder)
    return statSync(directory).isDirectory() ? directory : new UsageError({ reason: `${folder} is not a folder.` })
  } catch {
    return new UsageError({ reason: `${folder} does not exist. Create the folder first, or check the path.` })
  }
}
