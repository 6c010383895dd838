/** The facts about models and agents: what OpenCode offers, and which model a run goes on with. A part of the contract beside this file. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ModelLogEntry, OpenCodeConfig, Rule } from '../../../../scripted-model/src/index.ts'
import { ids, must, type TestAgent, type World } from '../../opencode/fixtures/world.ts'

export const MODEL_RULES: readonly Rule[] = [
  { match: 'speak slowly', steps: [{ kind: 'text', text: 'Slow words.', chunks: 5, delayMs: 100 }] },
]

const OTHER = { name: 'Other model', limit: { context: 200_000, output: 32_000 } }

export function withOtherModel({ provider }: OpenCodeConfig): OpenCodeConfig {
  const { scripted } = provider as { readonly scripted: OpenCodeConfig & { readonly models: OpenCodeConfig } }
  return { scripted: { ...scripted, models: { ...scripted.models, 'other-model': OTHER } } }
}

export function modelContract(
  around: () => { readonly world: World; readonly agent: TestAgent; readonly project: string },
  asked: (session: string) => readonly ModelLogEntry[],
): void {
  test('the message that a run answers names another model: the next step is its, no run begins by it, and nothing else is asked', async () => {
    const { world, agent, project } = around()
    const session = await agent.session(project)
    const { created } = await agent.prompt(project, session, 'wait for go')
    const { messageId } = ids(`${session} wait for go`)
    await world.model.until('the tool', (entry) => entry.sessionId === session && entry.step === 'tools')
    const other = { provider: 'scripted', model: 'other-model', variant: undefined }
    const answeredBy = { agent: undefined, model: other }
    const request = { directory: project, session, messageId, answeredBy }
    expect(must(await agent.port.switchModel(request)).created).toBeGreaterThan(created)
    expect(asked(session)).toHaveLength(1)
    writeFileSync(join(project, 'go'), '')
    expect(await agent.answer(project, session)).toMatch('Went.')
    const told = asked(session).map(({ model, userTexts }) => [model, userTexts])
    expect(told).toEqual([
      ['scripted-model', ['wait for go']],
      ['other-model', ['wait for go']],
    ])
    must(
      await agent.port.switchModel({ ...request, answeredBy: { agent: 'plan', model: { ...other, model: 'scripted-model' } } }),
    )
    expect([(await agent.snapshot(project, session)).status.kind, asked(session).length]).toEqual(['idle', 2])
    expect(must(await agent.port.catalog.answererOf(project, session)).model).toMatchObject({ provider: 'scripted' })
  })

  test('named while the last step is under way, it asks nothing more of the other model', async () => {
    const { world, agent, project } = around()
    const session = await agent.session(project)
    await agent.prompt(project, session, 'speak slowly')
    const { messageId } = ids(`${session} speak slowly`)
    await world.model.until('the words', (entry) => entry.sessionId === session && entry.step === 'text')
    const answeredBy = { agent: undefined, model: { provider: 'scripted', model: 'other-model', variant: undefined } }
    must(await agent.port.switchModel({ directory: project, session, messageId, answeredBy }))
    expect(await agent.answer(project, session)).toMatch('Slow')
    expect(asked(session).map(({ model }) => model)).toEqual(['scripted-model'])
  })

  test('what a project offers: models of its providers with their variants, agents, and what is configured', async () => {
    const { agent, project } = around()
    const choices = must(await agent.port.catalog.choices(project))
    expect(choices.configured).toEqual({ provider: 'scripted', model: 'scripted-model', variant: undefined })
    expect(choices.providers.map(({ id, models }) => [id, models.map((model) => model.id)])).toEqual([
      ['scripted', ['scripted-model', 'other-model']],
    ])
    const people = choices.agents.filter(({ isPrimary, isHidden }) => isPrimary && !isHidden).map(({ name }) => name)
    expect(people.toSorted()).toEqual(['build', 'plan'])
    expect(choices.agents.filter(({ isPrimary }) => !isPrimary).map(({ name }) => name)).toContain('general')
    expect(people).toContain(choices.defaultAgent)
  })

  test('a prompt is answered by the agent and the model that it names, and the session keeps them', async () => {
    const { agent, project } = around()
    const session = await agent.session(project)
    const answeredBy = { agent: 'plan', model: { provider: 'scripted', model: 'other-model', variant: undefined } }
    await agent.prompt(project, session, 'say hello', { answeredBy })
    await agent.answer(project, session)
    const kept = must(await agent.port.catalog.answererOf(project, session))
    expect(kept).toMatchObject({ agent: 'plan', model: { provider: 'scripted', model: 'other-model' } })
  })
}
