/** What the text of an `opencode.json` names: files that it includes. Found without parsing, so that a broken one tells them, too. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const CONFIG_NAMES = ['opencode.json', 'opencode.jsonc']

/** `{file:key.txt}`: paths of the files, absolute. `folder`: of the configuration. */
export function referencesIn(text: string | undefined, folder: string): readonly string[] {
  return [...(text ?? '').matchAll(/\{file:([^}]+)\}/g)].map((match) => absolute(match[1] ?? '', folder))
}

/** `"instructions": ["docs/rules.md"]`: the same; a pattern stands for itself. */
export function instructionsIn(text: string | undefined, folder: string): readonly string[] {
  const lists = [...(text ?? '').matchAll(/"instructions"\s*:\s*\[([^\]]*)\]/g)].map((match) => match[1] ?? '')
  return lists.flatMap((list) => [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => absolute(match[1] ?? '', folder)))
}

const absolute = (name: string, folder: string): string =>
  name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(folder, name)
