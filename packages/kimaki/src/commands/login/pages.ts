/** The menus and buttons of `/login`. */
import { button } from '../../domain/conversation/posts/button.ts'
import type { MessageContent } from '../../domain/conversation/posts/post.ts'
import type { LogInBegun, LogInMethod, LogInPrompt, LogInProvider } from '../../ports/agent/log-ins.ts'
import { NAME_MAX, plain, REASON_MAX } from '../../view/text/notice.ts'
import { option, paged, select } from '../paged.ts'
import { aboutOf, refOf, type Place } from './place.ts'

export type Named = Pick<LogInProvider, 'id' | 'name'>

export const nameOf = ({ name }: Named): string => `**${plain(name, NAME_MAX)}**`

const byName = new Intl.Collator('en')
/** Those first that know more ways than a key. */
export const inOrder = (providers: readonly LogInProvider[]): readonly LogInProvider[] =>
  providers.toSorted(
    (one, other) =>
      Number(other.hasMethods) - Number(one.hasMethods) ||
      byName.compare(one.name, other.name) ||
      byName.compare(one.id, other.id),
  )

const STATUS: Readonly<Record<LogInProvider['status'], string>> = {
  'logged-in': 'logged in',
  connected: 'has a key from the environment or a configuration',
  none: '',
}

export const describe = ({ id, status }: Pick<LogInProvider, 'id' | 'status'>): string =>
  STATUS[status] === '' ? id : `${STATUS[status]} · ${id}`

export function providersPage(providers: readonly LogInProvider[], page: number): MessageContent {
  const options = inOrder(providers).map((one) => option(refOf(one.id), one.name, describe(one)))
  const menu = { id: button('login-provider', '', '').id, placeholder: 'Choose a provider', options }
  const turned = paged(menu, page, (other, label) => button('login-providers', String(other), label))
  return { text: '⬦ log in where? It counts for every project on the machine of the bot.', ...turned }
}

export const foundPage = (providers: readonly LogInProvider[], text: string): MessageContent => ({
  text,
  ...paged(
    {
      id: button('login-provider', '', '').id,
      placeholder: 'Choose a provider',
      options: inOrder(providers)
        .slice(0, FOUND_MAX)
        .map((one) => option(refOf(one.id), one.name, describe(one))),
    },
    0,
    (_, label) => button('login-providers', '0', label),
  ),
})

export const FOUND_MAX = 25

export function methodsPage(provider: LogInProvider, methods: readonly LogInMethod[]): MessageContent {
  const ref = refOf(provider.id)
  const options = methods.slice(0, FOUND_MAX).map(({ label, kind }, index) => option(String(index), label, KINDS[kind]))
  const status = STATUS[provider.status]
  const out = provider.status === 'logged-in' ? [button('login-out', ref, 'Log out')] : []
  return {
    text: `⬦ ${nameOf(provider)}${status === '' ? '' : `: ${status}`}\nHow do you log in?`,
    select: select(button('login-method', ref, '').id, 'Choose a way', options),
    buttons: [...out, button('login-providers', '0', 'Other providers')],
  }
}

const KINDS: Readonly<Record<LogInMethod['kind'], string>> = { oauth: 'on a page of the provider', key: 'with an API key' }

/** `choices`: those before it. */
export function choicePage(
  place: Place,
  { message, options }: Extract<LogInPrompt, { readonly kind: 'select' }>,
): MessageContent {
  const shown = options.slice(0, FOUND_MAX).map(({ label, hint }, index) => option(String(index), label, hint))
  return {
    text: `⬦ ${plain(message, REASON_MAX)}`,
    select: select(button('login-choice', aboutOf(place), '').id, 'Choose', shown),
    buttons: [],
  }
}

/** What stands in the modal: `texts` in their order, then the key or the code. */
export function enterPage(
  place: Place,
  text: string,
  { texts, last }: { readonly texts: readonly Extract<LogInPrompt, { readonly kind: 'text' }>[]; readonly last: 'k' | 'c' | '' },
): MessageContent {
  const asked = texts.map(({ message, placeholder }, index) => {
    const example = placeholder === '' ? '' : ` (for example ${plain(placeholder, NAME_MAX)})`
    return `${index + 1}. ${plain(message, REASON_MAX)}${example}`
  })
  const count = texts.length === 0 ? '' : String(texts.length)
  const label = last === 'c' ? 'Enter the code' : last === 'k' ? 'Enter the key' : 'Answer'
  return {
    text: [text, ...asked].join('\n'),
    buttons: [{ ...button('login-enter', `${aboutOf(place)}/${count}${last}`, label), color: 'blue' }],
  }
}

/** Undefined: its link cannot be shown. */
export function linkText(provider: Named, { url, instructions, by, forMs }: LogInBegun): string | undefined {
  if (url !== '' && !(/^https?:\/\/[^\s<>]+$/.test(url) && url.length <= LINK_MAX)) return undefined
  const after =
    by === 'code'
      ? 'Open the link, and enter the code that you get there.'
      : `Open the link and finish there within ${forMs / 60_000} minutes; this message tells when it is done.`
  const home = LEADS_HOME.test(url)
    ? ['The page leads back to the machine of the bot: open it there, or choose another way.']
    : []
  const told = instructions.trim() === '' ? [] : [plain(instructions, REASON_MAX)]
  return [`⬦ log in at ${nameOf(provider)}`, ...(url === '' ? [] : [`<${url}>`]), ...told, after, ...home].join('\n')
}

const LINK_MAX = 1200
const LEADS_HOME = /redirect_ur[il]=https?(?::|%3A)(?:\/|%2F){2}(?:localhost|127\.0\.0\.1)/i

export const againButton = (place: Place) => button('login-begin', aboutOf(place), 'Begin again')

export const outPage = (provider: Named): MessageContent => ({
  text: `⬦ log out at ${nameOf(provider)}? OpenCode forgets its key, for every project on the machine of the bot.`,
  buttons: [{ ...button('login-out-now', refOf(provider.id), 'Log out'), color: 'red' }],
})
