/** The process that plays OpenCode in tests, held to the same facts as the real one. */
import { openCodeContract } from '../support/contracts/opencode.ts'
import { createWorld } from './fixtures/world.ts'

openCodeContract(async (rules, environment) => createWorld(rules, environment, 'scripted'))
