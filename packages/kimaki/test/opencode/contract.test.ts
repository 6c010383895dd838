/** The real OpenCode, held to the facts that the design leans on. */
import { openCodeContract } from '../support/contracts/opencode.ts'
import { createWorld } from './fixtures/world.ts'

openCodeContract(createWorld)
