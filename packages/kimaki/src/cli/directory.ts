/** Turns a folder that a person typed into an absolute path, or says what is wrong with it. */
import { realpathSync, statSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { misreadFolder } from '../opencode/wire/misread-folder.ts'

/** The absolute path without links, in which OpenCode can work. */
export function realDirectory(folder: string): string | UsageError {
  try {
    const directory = realpathSync(folder)
    if (!statSync(directory).isDirectory()) return new UsageError({ reason: `${folder} is not a folder.` })
    const read = misreadFolder(directory)
    return read === undefined ? directory : new UsageError({ reason: misreadText(directory, read) })
  } catch {
    return new UsageError({ reason: `${folder} does not exist. Create the folder first, or check the path.` })
  }
}

const misreadText = (directory: string, read: string): string =>
  `OpenCode cannot work in ${directory}: it reads the percent signs of the path and works in ${read}. Rename the folder and link it again.`
