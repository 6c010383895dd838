/** A data folder that was there before kimaki: whose it is, who may enter it, what stands in it. */
import {
  chmodSync,
  chownSync,
  lstatSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { isShared, prepareDataDir } from '../../src/cli/data-folder.ts'

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-folder-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true }))

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8)

/** Made by whoever was there first, with this mode whatever the umask is. */
function there(path: string, withMode: number, content?: string): string {
  if (content === undefined) mkdirSync(path, { recursive: true })
  else writeFileSync(path, content)
  chmodSync(path, withMode)
  return path
}

/** The sentence with which it is refused. */
function refusal(path = dataDir): string {
  const told = prepareDataDir(path)
  return told instanceof UsageError ? told.message : `not refused: ${String(told)}`
}

const FILES =
  `discord-sessions.db discord-sessions.db-wal discord-sessions.db-shm kimaki.log kimaki.log.1 bot-process.json control-token control.sock
  opencode-server-alpha-1a2b.log`.split(/\s+/)
const ANOTHER = 65_534
const AS_ROOT = process.geteuid?.() === 0

describe('V36: modes', () => {
  test('a new folder is closed', () => {
    expect(prepareDataDir(dataDir)).toBeUndefined()
    expect(mode(dataDir)).toBe('700')
  })

  test.each([0o777, 0o755, 0o750, 0o711, 0o2770])(
    'one that was there with %o is closed, and all that kimaki keeps in it',
    (open) => {
      there(dataDir, open)
      for (const name of FILES) there(join(dataDir, name), 0o666, name)
      for (const name of ['attachments', 'shell']) there(join(dataDir, name), 0o777)
      there(join(dataDir, 'shell', 'running.json'), 0o666, '{}')
      expect(prepareDataDir(dataDir)).toBeUndefined()
      expect(statSync(dataDir).mode & 0o777).toBe(0o700)
      for (const name of [...FILES, 'shell/running.json']) expect([name, mode(join(dataDir, name))]).toEqual([name, '600'])
      for (const name of ['attachments', 'shell']) expect([name, mode(join(dataDir, name))]).toEqual([name, '700'])
    },
  )

  test('a folder with a database is closed whatever else lies in it; files of others keep their modes', () => {
    there(dataDir, 0o755)
    there(join(dataDir, 'discord-sessions.db'), 0o644, '')
    there(join(dataDir, 'notes.txt'), 0o644, '')
    expect(prepareDataDir(dataDir)).toBeUndefined()
    expect([mode(dataDir), mode(join(dataDir, 'discord-sessions.db')), mode(join(dataDir, 'notes.txt'))]).toEqual([
      '700',
      '600',
      '644',
    ])
  })

  test.each([
    ['holds other things', () => (there(dataDir, 0o755), there(join(dataDir, 'index.html'), 0o644, ''), dataDir), '755'],
    ['is a place for everyone', () => there(dataDir, 0o1777), '1777'],
  ])('a folder that %s is not closed but refused', (_, make, kept) => {
    const path = make()
    expect(refusal()).toMatch(
      /^other users may enter the data folder .* \(mode \d+\), and it holds more than kimaki's files\. .*--data-dir.*chmod 700/,
    )
    expect(mode(path)).toBe(kept)
  })

  // Asked of the rule alone: a test that fails must not close the machine.
  test.each(['/', homedir()])('neither is %s', (path) => {
    expect(isShared(path, statSync(path))).toBe(true)
  })
})

describe('V36: links', () => {
  test('the folder itself may be one, and its folders', () => {
    const elsewhere = there(join(folder, 'elsewhere'), 0o755)
    const attachments = there(join(folder, 'attachments'), 0o755)
    symlinkSync(elsewhere, dataDir)
    symlinkSync(attachments, join(elsewhere, 'attachments'))
    expect(prepareDataDir(dataDir)).toBeUndefined()
    expect([mode(elsewhere), mode(attachments)]).toEqual(['700', '700'])
  })

  test.each(FILES)('%s may not: nothing is written where it leads', (name) => {
    const target = there(join(folder, 'target'), 0o644, 'mine')
    there(dataDir, 0o777)
    symlinkSync(target, join(dataDir, name))
    expect(refusal()).toMatch(/is a link: what kimaki writes there would stand elsewhere/)
    expect([mode(target), readFileSync(target, 'utf8')]).toEqual(['644', 'mine'])
  })

  test('one that leads nowhere is refused as well', () => {
    there(dataDir, 0o700)
    symlinkSync(join(folder, 'nowhere'), join(dataDir, 'control.sock'))
    expect(refusal()).toMatch(/is a link/)
  })
})

describe('V36: owners', () => {
  test('a folder of another user is refused', () => {
    if (AS_ROOT) chownSync(there(dataDir, 0o777), ANOTHER, ANOTHER)
    expect(refusal(AS_ROOT ? dataDir : '/usr')).toMatch(
      /^the data folder .* belongs to another user \(uid \d+; kimaki runs as \d+\).*--data-dir.*chown/,
    )
    if (AS_ROOT) expect(mode(dataDir)).toBe('777')
  })

  test('so is one of its folders that is a link to a folder of another user', () => {
    const theirs = AS_ROOT ? there(join(folder, 'theirs'), 0o777) : '/usr'
    if (AS_ROOT) chownSync(theirs, ANOTHER, ANOTHER)
    there(dataDir, 0o700)
    symlinkSync(theirs, join(dataDir, 'shell'))
    expect(refusal()).toMatch(/shell belongs to another user/)
  })

  // Only root can give a file away.
  test.each(AS_ROOT ? [...FILES, 'shell', 'attachments', 'shell/running.json'] : [])(
    '%s that another user has planted is refused',
    (name) => {
      there(join(dataDir, 'shell'), 0o777)
      there(dataDir, 0o777)
      const planted = join(dataDir, name)
      if (['shell', 'attachments'].includes(name)) there(planted, 0o777)
      else there(planted, 0o666, 'planted')
      chownSync(planted, ANOTHER, ANOTHER)
      expect(refusal()).toMatch(/belongs to another user \(uid 65534; kimaki runs as 0\), so kimaki does not use it/)
    },
  )

  test.each(AS_ROOT ? ['the folder', 'attachments'] : [])(
    'a link that another user has made in the place of %s is refused',
    (what) => {
      const mine = there(join(folder, 'mine'), 0o700)
      if (what !== 'the folder') there(dataDir, 0o700)
      const link = what === 'the folder' ? dataDir : join(dataDir, what)
      symlinkSync(mine, link)
      lchownSync(link, ANOTHER, ANOTHER)
      expect(lstatSync(link).uid).toBe(ANOTHER)
      expect(refusal()).toMatch(/belongs to another user/)
    },
  )
})
