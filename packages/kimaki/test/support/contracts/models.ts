/** The facts about models and agents: what OpenCode offers, and that a prompt is answered by whom it names. A part of the contract beside this file. */
import { expect, test } from 'vitest'
import type { OpenCodeConfig } from '../../../../scripted-model/src/index.ts'
import { must, type TestAgent } from '../../opencode/fixtures/world.ts'

const OTHER = { name: 'Other model', limit: { context: 200_000, output: 32_000 } }

export function withOtherModel({ provider }: OpenCodeConfig): OpenCodeConfig {
  const { scripted } = provider as { readonly scripted: OpenCodeConfig & { readonly models: OpenCodeConfig } }
  return { scripted: { ...scripted, models: { ...scripted.models, 'other-model': OTHER } } }
}

export function modelContract(around: () => { readonly agent: TestAgent; readonly project: string }): void {
  test('what a project offers: models of its providers with their variants, agents, and what is configured', async () => {
    const { agent, project } = around()
    const offer = must(await agent.port.catalog.offer(project))
    expect(offer.configured).toEqual({ provider: 'scripted', model: 'scripted-model', variant: undefined })
    expect(offer.providers.map(({ id, models }) => [id, models.map((model) => model.id)])).toEqual([
      ['scripted', ['scripted-model', 'other-model']],
    ])
    const people = offer.agents.filter(({ isPrimary, isHidden }) => isPrimary && !isHidden).map(({ name }) => name)
    expect(people.toSorted()).toEqual(['build', 'plan'])
    expect(offer.agents.filter(({ isPrimary }) => !isPrimary).map(({ name }) => name)).toContain('general')
    expect(people).toContain(offer.defaultAgent)
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
