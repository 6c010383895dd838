/** The adapter around the real OpenCode, held to the contract of the port. */
import type { Rule } from '../../../scripted-model/src/index.ts'
import { agentPortContract } from '../support/contracts/agent-port.ts'
import { createWorld } from './fixtures/world.ts'

agentPortContract(async () => {
  const world = await createWorld([])
  const rules: Rule[] = []
  const script = (rule: Rule): void => {
    rules.push(rule)
    world.model.setRules(rules)
  }
  return {
    port: world.agent().port,
    directory: world.project('contract'),
    answers: (match, text) => script({ match, steps: [{ kind: 'text', text }] }),
    hangs: (match) => script({ match, steps: [{ kind: 'stall', text: 'Hm' }] }),
    end: () => world.stop(),
  }
})
