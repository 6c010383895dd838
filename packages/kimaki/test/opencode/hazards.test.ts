/** V17: what a folder must not bring is found before OpenCode is asked to open it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { FolderRefused } from '../../src/base/errors.ts'
import { createFolders } from '../../src/host/folders.ts'
import { Configuration } from '../../src/opencode/pool/configuration.ts'
import { hazardIn } from '../../src/opencode/project/hazards.ts'
import { projectRoots } from '../../src/opencode/project/project-root.ts'
import type { Supervisor } from '../../src/opencode/process/supervisor.ts'
import type { Link } from '../../src/opencode/session/link.ts'

let dir: string
let count = 0
const folders = createFolders()
beforeAll(() => void (dir = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-hazards-')))))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** A path in the folder, whose folders are there. */
const at = (folder: string, name: string): string => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  return path
}
const link = (name: string, target: string) => (folder: string) => symlinkSync(target, at(folder, name))
const pipe = (name: string) => (folder: string) => void execFileSync('mkfifo', [at(folder, name)])
const text = (name: string, content: string) => (folder: string) => writeFileSync(at(folder, name), content)
const large = (name: string) => (folder: string) => {
  text(name, '')(folder)
  truncateSync(join(folder, name), 1024 * 1024 + 1)
}

function folderWith(...makes: readonly ((folder: string) => void)[]): string {
  const folder = join(dir, String((count += 1)))
  mkdirSync(folder)
  for (const make of makes) make(folder)
  return folder
}

const HAZARDS: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
  ['a pipe as .git', pipe('.git'), /\.git is no file but a pipe/],
  ['a device as HEAD', link('.git/HEAD', '/dev/zero'), /HEAD is no file but a device/],
  ['opencode.json is a link to /dev/zero', link('opencode.json', '/dev/zero'), /opencode\.json is no file but a device/],
  ['opencode.jsonc is a pipe', pipe('opencode.jsonc'), /a pipe/],
  ['.opencode/opencode.json is a link to /dev/zero', link('.opencode/opencode.json', '/dev/zero'), /a device/],
  ['opencode.json is larger than 1 MiB', large('opencode.json'), /opencode\.json is larger than 1 MiB/],
  ['opencode.json is a link that leaves the folder', link('opencode.json', '/etc/hostname'), /leaves the folder/],
  [
    '.opencode is a link that leaves the folder',
    (folder) => {
      text('opencode.json', '{}')(`${folder}-else`)
      symlinkSync(`${folder}-else`, join(folder, '.opencode'))
    },
    /leaves the folder/,
  ],
  ['an agent is a link to /dev/zero', link('.opencode/agent/x.md', '/dev/zero'), /x\.md is no file but a device/],
  ['an agent deep below', link('.opencode/agents/a/b/x.md', '/dev/urandom'), /a device/],
  ['an agent is larger than 1 MiB', large('.opencode/agent/x.md'), /larger/],
  ['a command folder is a link to /', link('.opencode/command/all', '/'), /more than 2000 files/],
  ['a skill is a pipe', pipe('.claude/skills/x/SKILL.md'), /a pipe/],
  ['a plugin is a link to /dev/zero', link('.opencode/plugin/x.ts', '/dev/zero'), /a device/],
  ['AGENTS.md is a link to /dev/zero', link('AGENTS.md', '/dev/zero'), /AGENTS\.md/],
  [
    'the configuration includes /dev/zero',
    text('opencode.json', '{"username":"{file:/dev/zero}"}'),
    /\/dev\/zero .* opencode\.json includes it/,
  ],
  ['a broken configuration includes it', text('opencode.json', '{{{ {file:/dev/zero}'), /includes it/],
  ['its instructions are /dev/zero', text('opencode.jsonc', '{"instructions": ["a.md", "/dev/zero"]}'), /includes it/],
]

const HARMLESS: readonly (readonly [string, (folder: string) => void])[] = [
  ['nothing at all', () => undefined],
  ['a repository', (folder) => void execFileSync('git', ['init', '-q', folder])],
  [
    'a configuration with agents',
    (folder) => {
      text('opencode.json', '{"instructions":["docs/*.md"],"username":"{file:name.txt}"}')(folder)
      text('.opencode/agent/x.md', 'words')(folder)
    },
  ],
  [
    'a link within the folder',
    (folder) => {
      text('config/opencode.json', '{}')(folder)
      link('opencode.json', 'config/opencode.json')(folder)
    },
  ],
  [
    'instructions that are shared with others',
    (folder) => {
      text('AGENTS.md', 'words')(`${folder}-shared`)
      link('AGENTS.md', `${folder}-shared/AGENTS.md`)(folder)
    },
  ],
  ['a link to nowhere', link('.opencode/agent/x.md', '/nowhere')],
  ['commands that link to themselves', link('.opencode/command/again', '.')],
]

describe('V17: hazards of a folder', () => {
  test.each(HAZARDS)('%s', async (_, make, reason) => {
    const folder = folderWith(make)
    const hazard = await hazardIn(folder, folders)
    expect(hazard).toBeInstanceOf(FolderRefused)
    expect(hazard?.reason).toMatch(reason)
  })

  test.each(HARMLESS)('none: %s', async (_, make) => {
    expect(await hazardIn(folderWith(make), folders)).toBeUndefined()
  })

  test('of a folder above count, too', async () => {
    const folder = folderWith(link('opencode.json', '/dev/zero'))
    mkdirSync(join(folder, 'below'))
    expect(await hazardIn(join(folder, 'below'), folders)).toBeInstanceOf(FolderRefused)
  })

  test('a package may link to its repository', async () => {
    const folder = folderWith(text('opencode.json', '{}'), text('.git/HEAD', 'ref: refs/heads/main'), text('packages/one/x', ''))
    symlinkSync('../../opencode.json', join(folder, 'packages/one/opencode.json'))
    expect(await hazardIn(join(folder, 'packages/one'), folders)).toBeUndefined()
  })

  test.each(HAZARDS)('whose it is can be told all the same: %s', async (_, make) => {
    const folder = folderWith(make)
    expect(await projectRoots(folders)(folder)).toBe(folder)
  })
})

describe('V17: the server of a folder that is refused', () => {
  function project() {
    const folder = folderWith()
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const live = {
      server: { adopted: false },
      inFlight: { begin: () => undefined, submitted: () => undefined },
    } as unknown as Link
    const supervisor = { current: () => live } as unknown as Supervisor<Link>
    const quiet = () => undefined
    const configuration = new Configuration({
      supervisor,
      environment: { HOME: folder },
      folders,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      stopped: new AbortController().signal,
      programs: { opened: () => undefined },
    })
    let asked = 0
    const prompt = () => configuration.submit(folder, 'ses_1', async () => void (asked += 1))
    return { folder, configuration, prompt, asked: () => asked }
  }

  test('is not asked, and is once the hazard is gone', async () => {
    const { folder, prompt, asked } = project()
    symlinkSync('/dev/zero', join(folder, 'opencode.json'))
    expect(await prompt()).toBeInstanceOf(FolderRefused)
    expect(asked()).toBe(0)
    rmSync(join(folder, 'opencode.json'))
    expect(await prompt()).toBeUndefined()
    expect(asked()).toBe(1)
  })

  test('is not asked any more when a hazard comes later', async () => {
    const { folder, prompt, asked, configuration } = project()
    await prompt()
    symlinkSync('/dev/zero', join(folder, 'AGENTS.md'))
    expect(await prompt()).toBeInstanceOf(FolderRefused)
    expect(asked()).toBe(1)
    // What runs there can still be stopped.
    expect(await configuration.hazardOf(folder)).toBeUndefined()
  })
})
