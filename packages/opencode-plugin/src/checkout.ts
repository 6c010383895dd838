/**
 * A session in a worktree that Kimaki has made leaves the checkout alone that it was made from. OpenCode itself refuses its file tools there;
 * here shell commands are, which name the checkout where they would write: a redirection, `git -C`, `cd`, `tee`. What a program does that the
 * command starts, nobody can see.
 */
import { statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readFile } from './read-file.ts'

/** Undefined where the folder is no worktree of Kimaki's. */
export function checkoutOf(directory: string): string | undefined {
  if (!MADE.test(directory)) return undefined
  try {
    const path = join(directory, '.git')
    if (!statSync(path).isFile()) return undefined
    const gitDir = resolve(directory, (readFile(path) ?? '').replace(/^gitdir:/, '').trim())
    const common = resolve(gitDir, readFile(join(gitDir, 'commondir'))?.trim() ?? '.')
    return basename(common) === '.git' ? dirname(common) : undefined
  } catch {
    return undefined
  }
}

const MADE = /[\\/]worktrees[\\/][\da-f]{8}[\\/][a-z0-9-]+$/

/** Why the command is not run; undefined: nothing in it writes to the checkout, as far as can be read. */
export function refusalOf(command: string, checkout: string, directory: string): string | undefined {
  const there = `["']?${escaped(checkout)}(?=["'/\\s;|&)]|$)`
  const writes = [
    `>{1,2}\\|?\\s*${there}`,
    `\\b(?:cd|pushd)\\s+${there}`,
    `\\bgit\\b[^;|&\\n]*?\\s(?:-C\\s*|--git-dir[\\s=]+|--work-tree[\\s=]+)${there}`,
    `\\btee\\b[^;|&\\n]*?\\s${there}`,
  ]
  if (!writes.some((pattern) => new RegExp(pattern).test(command))) return undefined
  return `This session works in the worktree ${directory}. ${checkout} is the checkout of somebody else: do not write there. Do the same in the worktree; it has all files of the repository.`
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
