/** The steps of a log-in at one provider, from the questions of its plugin to its end. */
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import type { MessageContent } from '../../domain/conversation/posts/post.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { Inputs, LogInEnd, LogInMethod, LogInProvider } from '../../ports/agent/log-ins.ts'
import type { CommandTask, Outside } from '../declaration.ts'
import { countsText } from './counts.ts'
import { againButton, choicePage, enterPage, linkText, nameOf } from './pages.ts'
import { aboutOf, refOf, type Place } from './place.ts'
import { inputsOf, nextChoice, textsOf } from './questions.ts'

/** `about`: what stands in the id; `picked`: what was typed. */
export interface Around {
  readonly outside: Outside
  readonly task: CommandTask
  readonly about: string
  readonly picked: string
}

type Answer = CommandAnswer | AgentError
export type Step = (around: Around) => Promise<Answer>

/** `ref`: see `refOf`. */
export async function withProvider(
  { outside, task }: Around,
  ref: string,
  next: (provider: LogInProvider) => Promise<Answer>,
): Promise<Answer> {
  const providers = await outside.agent.logIns.providers(task.directory)
  if (providers instanceof Error) return providers
  const found = providers.find(({ id }) => refOf(id) === ref)
  return found ? next(found) : { reply: GONE }
}

/** The next question, what is to be entered, or the link. */
export const proceed = async (around: Around, given: Place): Promise<Answer> =>
  withMethod(around, given, async (provider, method, place) => {
    const { ask } = nextChoice(method, place.choices)
    if (ask) return { reply: choicePage(place, ask) }
    const texts = textsOf(method, place.choices)
    const last = method.kind === 'key' ? 'k' : ''
    if (texts.length + last.length > FIELDS_MAX) return { reply: TOO_MUCH }
    if (texts.length + last.length > 0) return { reply: enterPage(place, wantedText(provider, method), { texts, last }) }
    return begin(around, provider, { place, inputs: inputsOf(method, place.choices, []) })
  })

/** A modal was sent: the key, the code, or answers that come before the link. */
export const entered = async (around: Around, given: Place): Promise<Answer> =>
  withMethod(around, given, async (provider, method, place) => {
    const { outside, task, about } = around
    const words = outside.unrecorded.of(task.asker.id)?.map((word) => word.trim())
    if (!words) return { reply: { text: LOST, buttons: [againButton(place)] } }
    if (about.endsWith('c')) return ended(around, place, words[0] ?? '')
    const inputs = inputsOf(method, place.choices, words)
    if (method.kind === 'oauth') return begin(around, provider, { place, inputs })
    const key = words.at(-1) ?? ''
    if (key === '') return { reply: { text: '✗ a key is missing\nEnter it once more.', buttons: [againButton(place)] } }
    const failed = await outside.agent.logIns.setKey(task.directory, provider.id, key, inputs)
    return failed ?? { reply: await doneText(around, provider) }
  })

async function begin(
  { outside, task }: Around,
  provider: LogInProvider,
  { place, inputs }: { readonly place: Place; readonly inputs: Inputs },
): Promise<Answer> {
  const step = { provider: provider.id, method: place.method }
  const begun = await outside.agent.logIns.begin(task.directory, step, inputs)
  if (begun instanceof Error) return begun
  if (begun === 'failed') return { reply: { text: notBegunText(provider), buttons: [againButton(place)] } }
  const text = linkText(provider, begun)
  if (text === undefined) return { reply: TOO_MUCH }
  if (begun.by === 'code') return { reply: enterPage(place, text, { texts: [], last: 'c' }) }
  return { reply: text, work: { step: 'wait', about: aboutOf(place) } }
}

/** With a code, or once the person has finished elsewhere. */
export const ended = async (around: Around, given: Place, code: string | undefined): Promise<Answer> =>
  withMethod(around, given, async (provider, _method, place) => {
    const { outside, task } = around
    const end = await outside.agent.logIns.finish(task.directory, { provider: provider.id, method: place.method }, code)
    if (end instanceof Error) return end
    if (end === 'done') return { reply: await doneText(around, provider) }
    const again = code !== undefined && end === 'refused' ? enterPage(place, '', { texts: [], last: 'c' }).buttons : []
    return { reply: { text: endText(end, provider, code !== undefined), buttons: [...again, againButton(place)] } }
  })

/** With the choices as far as they are complete: a plugin may ask for other things since. */
const withMethod = async (
  around: Around,
  given: Place,
  next: (provider: LogInProvider, method: LogInMethod, place: Place) => Promise<Answer>,
): Promise<Answer> =>
  withProvider(around, given.provider, async (provider) => {
    const methods = await around.outside.agent.logIns.methods(around.task.directory, provider.id)
    if (methods instanceof Error) return methods
    const method = methods.length === 0 && given.method === 0 ? BY_KEY : methods[given.method]
    if (!method) return { reply: GONE }
    const place = { ...given, choices: nextChoice(method, given.choices).choices }
    return next(provider, method, place)
  })

/** Any provider can be logged in to by its key, without a plugin. */
export const BY_KEY: LogInMethod = { kind: 'key', label: 'API key', prompts: [] }

/** Discord docs: Modals. */
const FIELDS_MAX = 5

const wantedText = (provider: LogInProvider, { kind }: LogInMethod): string =>
  kind === 'key'
    ? `⬦ log in at ${nameOf(provider)}\nThe key goes straight to OpenCode: it stands in no message and in no log of Kimaki.`
    : `⬦ log in at ${nameOf(provider)}: what its plugin asks for`

const doneText = async ({ outside, task }: Around, provider: LogInProvider): Promise<MessageContent> => ({
  text: `✓ logged in at ${nameOf(provider)}\n${await countsText(outside, task.directory)}`,
  buttons: [],
})

function endText(end: Exclude<LogInEnd, 'done'>, provider: LogInProvider, isByCode: boolean): string {
  const name = nameOf(provider)
  if (end === 'forgotten')
    return `✗ OpenCode has forgotten this log-in at ${name}: it was restarted, or has read its configuration again\nBegin again.`
  if (end === 'late') return `✗ the log-in at ${name} was not finished in time\nBegin again.`
  if (end === 'failed')
    return `✗ OpenCode could not end the log-in at ${name}, and does not say why: most often the provider cannot be reached\nLook at the network of the machine, then begin again.`
  return isByCode
    ? `✗ ${name} did not take the code\nEnter it once more, or begin again for a new one.`
    : `✗ the log-in was refused at ${name}\nBegin again.`
}

const notBegunText = (provider: LogInProvider): string =>
  `✗ the log-in at ${nameOf(provider)} could not be begun, and OpenCode does not say why: most often the provider cannot be reached, or an answer is wrong\nLook at the network of the machine, then begin again.`

const GONE = "✗ the provider, or this way to log in, is not offered any more: OpenCode's list has changed\nRun `/login` again."
const LOST = '✗ not saved: the bot was restarted while it had what you entered, and keeps nothing of it\nPlease enter it again.'
const TOO_MUCH = '✗ this way asks for more than fits into Discord\nRun `npx opencode auth login` on the machine of the bot.'
