/**
 * The claim to a folder: a file beside it, `<slug>.json`, which is there before anything of the worktree is. Whoever claims a name first has
 * it; an attempt after a crash finds its claim by the id of the request. It stays as long as the worktree does, and says who made it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { branchOf } from '../../domain/worktree.ts'

export interface Claim {
  readonly id: string
  readonly slug: string
  readonly source: string
  readonly directory: string
  readonly branch: string
  readonly base: string
  readonly commit: string
  /** Unix ms. */
  readonly at: number
  /** The worktree is whole: from here on nothing of it is taken back. */
  readonly isReady?: true
}

export class Claims {
  readonly #root: string

  /** `root`: the folder `worktrees` of the data folder. */
  constructor(root: string) {
    this.#root = root
  }

  /** Short, since agents read it in every path. */
  folderOf(source: string): string {
    return join(this.#root, createHash('sha1').update(source).digest('hex').slice(0, 8))
  }

  /** Undefined: somebody has claimed the name. */
  async claim(claim: Omit<Claim, 'directory' | 'branch'>): Promise<Claim | undefined> {
    const folder = this.folderOf(claim.source)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const whole: Claim = { ...claim, directory: join(await realpath(folder), claim.slug), branch: branchOf(claim.slug) }
    const written = await this.#write(whole)
    try {
      await link(written, this.#pathOf(whole))
      return whole
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
      throw error
    } finally {
      await rm(written, { force: true })
    }
  }

  async ready(claim: Claim): Promise<void> {
    await rename(await this.#write({ ...claim, isReady: true }), this.#pathOf(claim))
  }

  async giveBack(claim: Claim): Promise<void> {
    await rm(this.#pathOf(claim), { force: true })
  }

  async of(source: string): Promise<readonly Claim[]> {
    const folder = this.folderOf(source)
    const names = await readdir(folder).catch(() => [])
    const read = await Promise.all(
      names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => readClaim(join(folder, name))),
    )
    return read.flatMap((claim) => claim ?? [])
  }

  #pathOf({ source, slug }: Pick<Claim, 'source' | 'slug'>): string {
    return join(this.folderOf(source), `${slug}.json`)
  }

  /** To a name of its own, on the disk. */
  async #write(claim: Claim): Promise<string> {
    const path = join(this.folderOf(claim.source), `.${randomUUID()}.json`)
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(claim)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return path
  }
}

async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Claim
  } catch {
    return undefined
  }
}
