/** The container's files name only what is there: there is no Docker in the tests that could build it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLI_COMMANDS } from '../../src/cli/commands/index.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8')
const pack = JSON.parse(text('packages/kimaki/package.json')) as {
  readonly name: string
  readonly engines: { readonly node: string }
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}
/** Lines that end with a backslash go on. */
const instructions = text('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
const of = (word: string): readonly string[] =>
  instructions.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
const verbs = CLI_COMMANDS.map(({ usage }) => usage.replace(/ [<[].*/, ''))
const compose = text('compose.yaml')

test('both stages have the Node that the package needs, of one release of Debian', () => {
  const images = of('FROM').map((line) => line.split(' ')[0])
  expect(new Set(images).size).toBe(1)
  const needed = /\d+/.exec(pack.engines.node)?.[0]
  expect(images[0]).toMatch(new RegExp(`^node:${needed}-[a-z]+-slim$`))
})

test('what is packed, started and asked for its health exists', () => {
  const { name, bin, scripts } = pack
  expect(of('RUN').join('\n')).toContain(`npm pack --workspace ${name}`)
  expect(scripts).toHaveProperty('prepack')
  const [entry] = JSON.parse(of('ENTRYPOINT')[0] ?? '[]') as readonly string[]
  expect(Object.keys(bin)).toContain(entry)
  expect(existsSync(join(ROOT, 'packages/kimaki', bin[entry ?? ''] ?? 'none'))).toBe(true)
  const [, check] = /CMD (\[.*\])/.exec(of('HEALTHCHECK')[0] ?? '') ?? []
  const [program, verb] = JSON.parse(check ?? '[]') as readonly string[]
  expect(program).toBe(entry)
  expect(verbs).toContain(verb)
})

test('it runs as a user who is not root, in the one volume that compose keeps', () => {
  expect(of('USER')).toEqual(['node'])
  expect(instructions.indexOf('USER node')).toBeLessThan(instructions.findIndex((line) => line.startsWith('ENTRYPOINT')))
  const [volume] = of('VOLUME')
  expect(of('ENV')).toContain(`HOME=${volume}`)
  expect(JSON.parse(of('CMD')[0] ?? '[]')).toEqual(['--projects-dir', `${volume}/projects`])
  expect(compose.match(/^ {6}- \S+$/gm)).toEqual([`      - data:${volume}`])
  expect(compose).toMatch(/^ {4}mem_limit: 2g$/m)
})

test('git is installed, and neither the history nor what is built or installed here gets into the image', () => {
  expect(of('RUN').join('\n')).toMatch(/apt-get install .* git /)
  expect(text('.dockerignore').trim().split('\n')).toEqual(expect.arrayContaining(['.git', '**/node_modules', '**/dist']))
})

test('the page names commands that there are, and the OpenCode that comes with Kimaki', () => {
  const page = text('docs/docker.md')
  const named = [...page.matchAll(/exec kimaki kimaki ([a-z ]+?)(?: projects\S*| garden)?`/g)].map(([, verb]) => verb)
  expect(named.length).toBeGreaterThan(2)
  for (const verb of named) expect(verbs).toContain(verb)
  expect(page).toContain(`opencode-ai@${pack.dependencies['opencode-ai']}`)
})
