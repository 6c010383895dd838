/** What OpenCode makes of a picture that the agent reads: the thread shows it, so whatever stands in for OpenCode must tell it alike. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Rule } from '../../../../scripted-model/src/index.ts'
import { DOT } from '../dot.ts'
import { isAssistant, must, type TestAgent } from '../../opencode/fixtures/world.ts'

export const PICTURE_RULES: readonly Rule[] = [
  {
    match: 'look at the dot',
    steps: [
      { kind: 'tools', calls: [{ name: 'read', args: { filePath: 'dot.png' } }] },
      { kind: 'text', text: 'A dot.' },
    ],
  },
]

export function pictureContract(place: () => { readonly agent: TestAgent; readonly project: string }): void {
  test('a picture that the agent reads is a file of the call, under the name of its path, and its bytes are there', async () => {
    const { agent, project } = place()
    writeFileSync(join(project, 'dot.png'), DOT)
    const session = await agent.session(project)
    await agent.prompt(project, session, 'look at the dot')
    expect(await agent.answer(project, session)).toMatch('A dot.')
    const { messages } = await agent.snapshot(project, session)
    const found = messages
      .filter(isAssistant)
      .flatMap(({ id, parts }) => parts.flatMap((part) => (part.kind === 'tool' ? [{ messageId: id, part }] : [])))
    expect(found).toMatchObject([{ part: { tool: 'read', state: 'completed', files: [{ name: 'dot.png' }] } }])
    const [{ messageId, part } = { messageId: '', part: { id: '' } }] = found
    const request = { directory: project, session, messageId, partId: part.id, limitBytes: 1000 }
    const [file] = must(await agent.port.files(request))
    if (file?.kind !== 'bytes') throw new Error(`no bytes: ${JSON.stringify(file)}`)
    expect([file.mime, Buffer.from(file.bytes).equals(DOT)]).toEqual(['image/png', true])
  })
}
