import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'

const rules: readonly Rule[] = [
  {
    match: /write (\S+) #m\d+/,
    steps: ([, name]) => [
      {
        kind: 'tools',
        text: 'I will write it.',
        calls: [
          { name: 'write', args: { filePath: name, content: 'hello\n' } },
          { name: 'bash', args: { command: 'cat hello.txt', description: 'Show it' } },
        ],
      },
      { kind: 'text', text: 'Written.' },
    ],
  },
  { match: /#m\d+/, steps: ([tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

let house: House
let project: Project

beforeAll(async () => {
  house = await startHouse({ rules })
  project = await house.project('alpha')
  await house.bot()
})

afterAll(async () => {
  await house?.stop()
})

test('a first message opens a thread, and the answer and a footer stand in it', async () => {
  const { id } = house.owner.send(project.channelId, 'hello there #m1')
  await house.untilSaid(id, 'Answer to #m1')
  await house.untilSaid(id, /^\*alpha ⋅ main ⋅ /)
  house.expectFaithful()
})

test('a tool run really writes a file and shows its lines', async () => {
  const { id } = house.owner.send(project.channelId, 'write hello.txt #m2')
  await house.untilSaid(id, 'Written.')
  await house.untilSaid(id, /^\*alpha/)
  expect(existsSync(join(project.directory, 'hello.txt')) && readFileSync(join(project.directory, 'hello.txt'), 'utf8')).toBe(
    'hello\n',
  )
  expect(house.said(id).join('\n')).toMatch(/◼︎ write \*hello\.txt\* \(1 line.*\)/)
  house.expectFaithful()
})
