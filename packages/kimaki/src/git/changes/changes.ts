/**
 * What was changed in a folder, read by Git.
 *
 * G1. Nothing is written: no lock, no index, no ref, no object.
 * G2. A file whose name says that it holds a secret is named, and nothing of it is told.
 * G3. What Git ignores is never told; what it only does not know yet is, as if it were added.
 */
import { ChangesUnreadable } from '../../base/errors.ts'
import { mapConcurrently } from '../../base/concurrent.ts'
import { isSecretName, type ChangedContent, type ChangedFile } from '../../domain/changes.ts'
import type { ChangesPort } from '../../ports/git/diffs.ts'
import type { Folders } from '../../ports/host.ts'
import { baseOf } from './base.ts'
import { imageOf } from './images.ts'
import { bytesOf, newFiles } from './new-files.ts'
import { parseDiff, type Tracked } from './parse.ts'
import { createRunGit, line, type GitLimits, type RunGit } from './run.ts'

export interface ChangesOptions {
  /** What a program of the user inherits. */
  readonly environment: Readonly<Record<string, string>>
  readonly folders: Pick<Folders, 'present' | 'within'>
  readonly limits?: GitLimits
}

const DIFF = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--find-renames', '--full-index', '--submodule=short']
const SHAPE = ['--raw', '-z', '-p', '--relative', '--src-prefix=a/', '--dst-prefix=b/']

/** Images of more are only named. */
const IMAGE_BYTES = 2 * 1024 * 1024
const IMAGES_MAX = 20

export function createChanges({ environment, folders, limits }: ChangesOptions): ChangesPort {
  const git = createRunGit(environment, limits)
  return {
    async read(directory, against) {
      // A drive that went away would hold up whoever starts a program there.
      const there = await folders.within(directory, () => folders.present(directory, ['.']))
      if (there instanceof Error) return new ChangesUnreadable({ reason: there.message })
      const base = await baseOf(git, directory, against)
      if (base instanceof Error) return base
      const [diff, others] = await Promise.all([
        git(directory, ...DIFF, ...SHAPE, base.id, '--', '.'),
        git(directory, 'ls-files', '--others', '--exclude-standard', '-z', '--', '.'),
      ])
      if (diff instanceof Error) return diff
      if (others instanceof Error) return others
      if (diff.code !== 0) return new ChangesUnreadable({ reason: diff.trouble || 'Git could not compare the files' })
      const tracked = await shownOf(git, directory, parseDiff(diff.stdout.toString()))
      const untracked = await newFiles(directory, others.stdout.toString().split('\0').filter(Boolean))
      return { what: base.what, files: inOrder([...tracked, ...untracked]) }
    },
    async revisions(directory, limit) {
      const printed = await line(git(directory, 'log', `--max-count=${limit}`, '--format=%h%x09%s', '--no-show-signature', '--'))
      if (!printed) return []
      return printed.split('\n').map((one) => {
        const [id = '', subject = ''] = one.split(/\t(.*)/)
        return { id, subject }
      })
    },
  }
}

async function shownOf(git: RunGit, directory: string, tracked: readonly Tracked[]): Promise<readonly ChangedFile[]> {
  const images = new Set(tracked.filter(({ isBinary, path }) => isBinary && IMAGE_NAME.test(path)).slice(0, IMAGES_MAX))
  return mapConcurrently(tracked, 4, async (one) => {
    const { patch: _, isBinary: __, blob: ___, ...file } = one
    return { ...file, content: images.has(one) ? await imagesOf(git, directory, one) : contentOf(one) }
  })
}

const IMAGE_NAME = /\.(?:png|jpe?g|gif|webp)$/i

function contentOf({ path, from, isBinary, patch }: Tracked): ChangedContent {
  if (isSecretName(path) || (from !== undefined && isSecretName(from))) return { kind: 'named', why: 'secret' }
  return isBinary ? { kind: 'named', why: 'binary' } : { kind: 'patch', patch }
}

async function imagesOf(git: RunGit, directory: string, { path, status, blob }: Tracked): Promise<ChangedContent> {
  const [old, now] = await Promise.all([
    status === 'added' ? undefined : git(directory, 'cat-file', 'blob', blob),
    status === 'deleted' ? undefined : bytesOf(directory, path, IMAGE_BYTES),
  ])
  const known = old === undefined || old instanceof Error || old.stdout.length > IMAGE_BYTES ? undefined : old.stdout
  const [before, after] = [known && imageOf(known), now && imageOf(now)]
  if (before === undefined && after === undefined) return { kind: 'named', why: 'binary' }
  return { kind: 'images', ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
}

/** As a tree shows them: folders before files, each by name. */
function inOrder(files: readonly ChangedFile[]): readonly ChangedFile[] {
  const key = ({ path }: ChangedFile): string => path.replaceAll(/[^/]+\//g, (folder) => `\u0000${folder}`)
  return files
    .map((file) => ({ file, key: key(file) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ file }) => file)
}
