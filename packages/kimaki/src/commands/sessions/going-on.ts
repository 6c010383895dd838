/** How a thread begins that goes on with a session which exists: it shows the end of what was said there. */
import type { AgentMessage, AnsweredBy } from '../../domain/agent.ts'
import type { CommandAnswer, CommandWork } from '../../domain/conversation/command.ts'
import { launchFor } from '../../domain/conversation/command.ts'
import type { Beginning, GoesOn } from '../../domain/conversation/request.ts'
import { isBlank } from '../../base/text.ts'
import { threadNameFrom } from '../../domain/naming.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { Outside } from '../declaration.ts'

const PARTS_SHOWN = 30

interface Passage {
  readonly session: string
  readonly name: string
  readonly answeredBy: AnsweredBy
  /** The thread it was copied from, and its session. */
  readonly copyOf?: Beginning['copyOf']
}

export async function goingOn(
  { agent }: Pick<Outside, 'agent'>,
  { asker, directory, args }: CommandWork,
  { session, name, answeredBy, copyOf }: Passage,
): Promise<CommandAnswer | AgentError> {
  const found = await agent.snapshot(directory, session)
  if (found instanceof Error) return found
  const { upTo, ...goesOn } = endOf(found.messages)
  const begins = {
    name: threadNameFrom(name),
    isChosen: true,
    session: { id: session, upTo, answeredBy },
    goesOn,
    ...(copyOf && { copyOf }),
  } as const
  return { requests: [launchFor(asker, name, String(args['channelId']), begins)] }
}

/** The last parts that a thread shows. `upTo`: what was created up to here is history, as Unix ms. */
export function endOf(messages: readonly AgentMessage[], most = PARTS_SHOWN): GoesOn & { readonly upTo: number } {
  const shown = messages.flatMap((message) =>
    message.kind === 'assistant' && !message.summary
      ? message.parts
          .filter((part) => part.kind !== 'reasoning' && (part.kind !== 'text' || !isBlank(part.text)))
          .map(({ id }) => ({ id, created: message.created }))
      : [],
  )
  const first = shown.at(-most) ?? shown[0]
  const newest = Math.max(0, ...messages.map(({ created }) => created))
  return { from: first?.id, leftOut: Math.max(shown.length - most, 0), upTo: first ? first.created - 1 : newest }
}
