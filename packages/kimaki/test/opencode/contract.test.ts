/** The facts that the design leans on: the real OpenCode is held to them, and so is the process that plays it in tests. */
import { describe } from 'vitest'
import { accountsContract } from '../support/contracts/accounts.ts'
import { openCodeContract } from '../support/contracts/opencode.ts'
import { createWorld } from './fixtures/world.ts'

describe('the real one', () => {
  openCodeContract((rules, environment) => createWorld(rules, environment, 'real'), accountsContract)
})

describe('the scripted one', () => {
  openCodeContract((rules, environment) => createWorld(rules, environment, 'scripted'))
})
