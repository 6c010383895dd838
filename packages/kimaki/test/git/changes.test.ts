/** What has changed in a folder, read by the real Git, and that reading changes nothing there. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inheritedEnvironment } from '../../src/base/environment.ts'
import type { Changes } from '../../src/domain/changes.ts'
import { createChanges } from '../../src/git/changes/changes.ts'
import type { GitLimits } from '../../src/git/changes/run.ts'
import { createFolders } from '../../src/host/folders.ts'
import type { Against } from '../../src/ports/git/diffs.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)

let root: string
let folder: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'changes-')))
  folder = join(root, 'garden')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

function put(path: string, data: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), data)
}

function commit(message = 'Begin'): void {
  git('add', '-A')
  git('commit', '-q', '-m', message)
}

const reader = (limits?: GitLimits) =>
  createChanges({ environment: inheritedEnvironment(process.env), folders: createFolders(), ...(limits && { limits }) })

const read = (against: Against = { kind: 'base' }, directory = folder) => reader().read(directory, against)

async function changes(...args: Parameters<typeof read>): Promise<Changes> {
  const found = await read(...args)
  if (found instanceof Error) throw found
  return found
}

/** Each file in a line: what became of it, its lines, and what of it is shown. */
const told = ({ files }: Changes): readonly string[] =>
  files.map(({ path, from, status, added, deleted, content }) =>
    [
      path,
      ...(from === undefined ? [] : [`from ${from}`]),
      status,
      `+${added}`,
      `-${deleted}`,
      content.kind === 'named' ? content.why : content.kind,
    ].join(' '),
  )

const patchOf = ({ files }: Changes, path: string): string => {
  const content = files.find((file) => file.path === path)?.content
  return content?.kind === 'patch' ? content.patch : ''
}

describe('what is not committed', () => {
  beforeEach(() => {
    git('init', '-q', '-b', 'main')
    put('brew.ts', 'one\ntwo\n')
    put('old.ts', Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join(''))
    put('gone.md', 'bye\n')
    put('leaf.png', PIXEL)
    put('run.sh', 'true\n')
    put('.gitignore', 'ignored\n')
    put('"odd"\nname', 'x\n')
    commit()
  })

  test('is told file by file, as a tree shows them: changed, new, deleted, renamed, made executable, and with odd names', async () => {
    put('brew.ts', 'one\n2\nthree\n')
    git('mv', 'old.ts', 'deep.ts')
    rmSync(join(folder, 'gone.md'))
    chmodSync(join(folder, 'run.sh'), 0o755)
    put('src/new.ts', 'fresh\n')
    put('"odd"\nname', 'y\n')
    expect(told(await changes())).toEqual([
      'src/new.ts added +1 -0 patch',
      '"odd"\nname changed +1 -1 patch',
      'brew.ts changed +2 -1 patch',
      'deep.ts from old.ts renamed +0 -0 patch',
      'gone.md deleted +0 -1 patch',
      'run.sh changed +0 -0 patch',
    ])
    expect(patchOf(await changes(), 'brew.ts')).toMatch(/@@ -1,2 \+1,3 @@\n one\n-two\n\+2\n\+three\n$/)
    expect(patchOf(await changes(), 'src/new.ts')).toBe(
      'diff --git a/src/new.ts b/src/new.ts\nnew file mode 100644\n--- /dev/null\n+++ b/src/new.ts\n@@ -0,0 +1,1 @@\n+fresh\n',
    )
  })

  test('what Git ignores is never told, and of a file with a secret only its name, new or known', async () => {
    put('ignored', 'TOKEN=darjeeling\n')
    put('.env', 'TOKEN=darjeeling\n')
    put('certs/tls.key', 'darjeeling\n')
    git('add', '.env')
    git('mv', 'brew.ts', '.env.example')
    put('.env.example', 'one\ndarjeeling\n')
    const found = await changes()
    expect(told(found)).toEqual([
      'certs/tls.key added +0 -0 secret',
      '.env added +1 -0 secret',
      expect.stringMatching(/^\.env\.example .*secret$/),
      expect.stringMatching(/^brew\.ts deleted/),
    ])
    expect(JSON.stringify(found)).not.toContain('darjeeling')
  })

  test('of an image both states are told; other bytes, what is too large, and a repository inside are only named', async () => {
    put('leaf.png', Buffer.concat([PIXEL, Buffer.from([0])]))
    put('new.png', PIXEL)
    put('tea.bin', Buffer.from([1, 0, 2]))
    put('huge.txt', 'x'.repeat(1024 * 1024 + 1))
    mkdirSync(join(folder, 'inner'))
    execFileSync('git', ['-C', join(folder, 'inner'), 'init', '-q'])
    put('inner/a', 'a')
    const found = await changes()
    expect(told(found)).toEqual([
      'huge.txt added +0 -0 large',
      'inner added +0 -0 repository',
      'leaf.png changed +0 -0 images',
      'new.png added +0 -0 images',
      'tea.bin added +0 -0 binary',
    ])
    expect(found.files[2]?.content).toMatchObject({ before: expect.stringContaining('data:image/png;base64,') as string })
  })

  test('a link is told by where it leads; nothing is read through it', async () => {
    writeFileSync(join(root, 'outside'), 'darjeeling\n')
    symlinkSync('../outside', join(folder, 'link'))
    rmSync(join(folder, 'leaf.png'))
    symlinkSync('../outside', join(folder, 'leaf.png'))
    const found = await changes()
    expect(told(found)).toEqual(['leaf.png deleted +0 -0 images', 'leaf.png added +1 -0 patch', 'link added +1 -0 patch'])
    expect(patchOf(found, 'link')).toContain('+../outside\n')
    expect(JSON.stringify(found)).not.toContain('darjeeling')
  })

  test('of a folder inside the repository only what lies there is told', async () => {
    put('src/new.ts', 'fresh\n')
    put('brew.ts', 'changed\n')
    expect(told(await changes({ kind: 'base' }, join(folder, 'src')))).toEqual(['new.ts added +1 -0 patch'])
  })

  test('nothing is told where nothing has changed, and reading leaves index, refs and objects as they are', async () => {
    const seen = () => [
      readFileSync(join(folder, '.git/index')).toString('hex'),
      ...readdirSync(join(folder, '.git'), { recursive: true }),
    ]
    // Git would like to write down that the file is as it was.
    put('brew.ts', 'one\ntwo\n')
    const before = seen()
    expect(told(await changes())).toEqual([])
    put('brew.ts', 'three\n')
    await changes()
    expect(seen()).toEqual(before)
  })

  test('no program that the repository names is run', async () => {
    const trap = `touch ${join(root, 'ran')}`
    for (const name of ['diff.external', 'core.fsmonitor', 'diff.trap.textconv', 'diff.trap.command']) git('config', name, trap)
    put('.gitattributes', '* diff=trap\n')
    put('brew.ts', 'three\n')
    expect(told(await changes())).toHaveLength(2)
    expect(readdirSync(root)).toEqual(['garden'])
  })

  test('a conflict that is open hides nothing else', async () => {
    git('checkout', '-q', '-b', 'other')
    put('brew.ts', 'theirs\n')
    commit('theirs')
    git('checkout', '-q', 'main')
    put('brew.ts', 'ours\n')
    commit('ours')
    try {
      git('merge', 'other')
    } catch {
      // That is the conflict.
    }
    put('run.sh', 'false\n')
    expect(told(await changes())).toEqual([expect.stringMatching(/^brew\.ts changed/), 'run.sh changed +1 -1 patch'])
  })
})

describe('what the folder is compared with', () => {
  test('is what was committed last; before the first commit everything is new', async () => {
    git('init', '-q', '-b', 'main')
    put('a', 'a\n')
    expect(await changes()).toMatchObject({ what: 'nothing is committed yet', files: [{ path: 'a', status: 'added' }] })
    git('add', 'a')
    expect(told(await changes())).toEqual(['a added +1 -0 patch'])
    commit()
    expect((await changes()).what).toBe(`since the last commit (${git('rev-parse', 'HEAD').slice(0, 8)})`)
  })

  test('in a worktree it is where its branch began, however far the main branch has gone since', async () => {
    git('init', '-q', '-b', 'main')
    put('a', 'a\n')
    commit()
    const began = git('rev-parse', 'HEAD').slice(0, 8)
    const worktree = join(root, 'worktree')
    git('worktree', 'add', '-q', '-b', 'kimaki/tea', worktree)
    put('main-only', 'x\n')
    commit('on main')
    writeFileSync(join(worktree, 'b'), 'b\n')
    execFileSync('git', ['-C', worktree, 'add', '.'])
    execFileSync('git', ['-C', worktree, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'b'])
    writeFileSync(join(worktree, 'c'), 'c\n')
    const found = await changes({ kind: 'base' }, worktree)
    expect(found.what).toBe(`since this worktree left main (${began})`)
    expect(told(found)).toEqual(['b added +1 -0 patch', 'c added +1 -0 patch'])
  })

  test('may be any commit, branch or tag; what is none is said, and is never an option of Git', async () => {
    git('init', '-q', '-b', 'main')
    put('a', 'a\n')
    commit('First cup')
    put('a', 'b\n')
    commit('Second\tcup')
    const [second, first] = git('log', '--format=%h').split('\n')
    expect(told(await changes({ kind: 'revision', revision: first ?? '' }))).toEqual(['a changed +1 -1 patch'])
    expect(told(await changes({ kind: 'revision', revision: 'main' }))).toEqual([])
    expect(await reader().revisions(folder, 5)).toEqual([
      { id: second, subject: 'Second\tcup' },
      { id: first, subject: 'First cup' },
    ])
    for (const revision of ['nowhere', '--output=/tmp/x', '-h'])
      expect(await read({ kind: 'revision', revision })).toMatchObject({
        reason: `there is no commit, branch or tag "${revision}"`,
      })
  })

  test('is nothing where there is no repository, too much has changed, or Git takes too long', async () => {
    expect(await read()).toMatchObject({ reason: 'the folder is in no Git repository' })
    expect(await reader().revisions(folder, 5)).toEqual([])
    git('init', '-q', '-b', 'main')
    put('a', 'a\n')
    commit()
    put('a', 'b\n'.repeat(1000))
    expect(await reader({ ms: 30_000, bytes: 1000 }).read(folder, { kind: 'base' })).toMatchObject({
      reason: expect.stringContaining('have changed') as string,
    })
    expect(await reader({ ms: 1, bytes: 1000 }).read(folder, { kind: 'base' })).toMatchObject({
      reason: expect.stringContaining('did not end') as string,
    })
  })
})
