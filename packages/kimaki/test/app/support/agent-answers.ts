/** What a test may have the fake of OpenCode answer, by the names of the calls. */
import type { AgentPort, McpPort } from '../../../src/ports/agent.ts'
import type { CatalogPort } from '../../../src/ports/agent/catalog.ts'
import type { LogInsPort } from '../../../src/ports/agent/log-ins.ts'
import type { SessionsPort } from '../../../src/ports/agent/sessions.ts'

type Call =
  | 'allow'
  | 'reject'
  | 'answer'
  | 'openSession'
  | 'fork'
  | 'commands'
  | 'offered'
  | 'restart'
  | 'prompt'
  | 'recall'
  | 'switchModel'
  | 'snapshot'
  | 'abort'
  | 'contextLimit'
  | 'files'

/** Asked before each call of that name; a returned value is the answer. */
export type AgentAnswers = {
  [Name in Call]?: (...call: Parameters<AgentPort[Name]>) => Promise<Awaited<ReturnType<AgentPort[Name]>> | undefined>
} & {
  [Name in keyof SessionsPort]?: (
    ...call: Parameters<SessionsPort[Name]>
  ) => Promise<Awaited<ReturnType<SessionsPort[Name]>> | undefined>
} & {
  [Name in keyof CatalogPort]?: (
    ...call: Parameters<CatalogPort[Name]>
  ) => Promise<Awaited<ReturnType<CatalogPort[Name]>> | undefined>
} & {
  [Name in keyof LogInsPort]?: (
    ...call: Parameters<LogInsPort[Name]>
  ) => Promise<Awaited<ReturnType<LogInsPort[Name]>> | undefined>
} & { [Name in keyof McpPort]?: (...call: Parameters<McpPort[Name]>) => Promise<Awaited<ReturnType<McpPort[Name]>> | undefined> }
