/** What a folder brings, and whether it runs. Against the real binary: it alone knows what it leaves out. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { FolderTrust } from '../../src/ports/agent.ts'
import { configFor, createWorld, until } from './fixtures/world.ts'

/** What a registry is asked that refuses for now: npm would ask again after 10 s, and after 60 s, and OpenCode wait for it with each answer. */
async function refusingRegistry(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

test('V27: an untrusted folder is worked in without its programs; once it is trusted they run, and new ones are told; a registry that refuses is asked once for each folder', async () => {
  const registry = await refusingRegistry()
  const npm = { npm_config_offline: 'false', npm_config_registry: registry.url }
  const world = await createWorld([{ match: 'say hello', steps: [{ kind: 'text', text: 'Hello.' }] }], npm, 'real')
  onTestFinished(() => world.stop())
  // The model is the user's own configuration.
  const config = join(world.environment['XDG_CONFIG_HOME'] ?? '', 'opencode')
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'opencode.json'), configFor(world.model))
  const project = world.project('cloned', { mcp: { evil: { type: 'local', command: ['sh', '-c', 'touch ran'] } } })
  mkdirSync(join(project, '.opencode/plugin'), { recursive: true })
  writeFileSync(
    join(project, '.opencode/plugin/evil.js'),
    `import { writeFileSync } from 'node:fs'
export const Evil = async ({ directory }) => (writeFileSync(directory + '/plugged', ''), {})`,
  )

  let trust: FolderTrust = { directory: project, isTrusted: false, programs: [] }
  const trusts = {
    all: () => [trust],
    knows: async (_: string, programs: readonly string[]) => void (trust = { ...trust, programs }),
  }
  const agent = world.agent(1, { trusts })
  const session = await agent.session(project)
  await agent.prompt(project, session, 'say hello')
  expect(await agent.answer(project, session)).toMatch('Hello.')
  expect(world.memory.record).toMatchObject({ isBare: true })
  expect([existsSync(join(project, 'ran')), existsSync(join(project, 'plugged'))]).toEqual([false, false])

  const programs = ['MCP server evil: sh -c touch ran', 'plugin evil.js']
  trust = { ...trust, isTrusted: true, programs: programs.slice(0, 1) }
  await agent.prompt(project, session, 'say hello once more')
  expect(await agent.answer(project, session)).toMatch('Hello.')
  await until('the programs have run', () => existsSync(join(project, 'ran')) && existsSync(join(project, 'plugged')))
  // The first server asks for the user's folder of configuration, the second one for that and for the project's.
  expect(registry.asked).toEqual(Array.from({ length: 3 }, () => '/@opencode-ai%2fplugin'))
  await agent.notice('brings')
  expect(agent.notices).toContainEqual({ kind: 'brings', programs: programs.slice(1), directories: [project] })
  await until('they are known', () => trust.programs.length === 2)
  expect(world.memory.record?.isBare).toBeUndefined()
})
