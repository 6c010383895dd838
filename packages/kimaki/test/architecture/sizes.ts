/** Rules: a file has one idea, so it is short. */
import { posix } from 'node:path'
import type { Tree } from './modules.ts'

export function tooLong(tree: Tree, limit: number): readonly string[] {
  return [...tree].flatMap(([path, text]) => (lines(text) > limit ? [`${path}: ${lines(text)} lines, at most ${limit}`] : []))
}

/** Of the lines of the files below `folder`; 0 when there is none. */
export function medianLines(tree: Tree, folder: string): number {
  const counts = [...tree].filter(([path]) => path.startsWith(folder)).map(([, text]) => lines(text))
  return counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
}

const lines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** Folders that hold more files than one can take in at a glance; their folders do not count. */
export function tooWide(tree: Tree, limit: number): readonly string[] {
  const folders = [...tree.keys()].filter((path) => /^packages\/[^/]+\/src\//.test(path)).map((path) => posix.dirname(path))
  const counts = Map.groupBy(folders, (folder) => folder)
  return [...counts].flatMap(([folder, files]) =>
    files.length > limit ? [`${folder}: ${files.length} files, at most ${limit}`] : [],
  )
}
