/** OpenCode, the real one and the one that is scripted for tests, held to the facts that the design leans on. */
import { describe } from 'vitest'
import { openCodeContract } from '../support/contracts/opencode.ts'
import { createWorld } from './fixtures/world.ts'

describe('the real one', () => openCodeContract((rules, environment) => createWorld(rules, environment, 'real')))

describe('the scripted one', () => openCodeContract((rules, environment) => createWorld(rules, environment, 'scripted')))
