/** Rules: a file has one idea, so it is short. */
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
