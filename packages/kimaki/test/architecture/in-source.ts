/** Small trees for the red controls. */
import { parseTree, type Module } from './modules.ts'
import { SRC } from './plan.ts'

/** Files of the product, by their paths below its source. */
export function inSource(files: Readonly<Record<string, string>>): readonly Module[] {
  return parseTree(new Map(Object.entries(files).map(([path, text]) => [SRC + path, text])))
}
