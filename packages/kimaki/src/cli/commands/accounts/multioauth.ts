/**
 * `kimaki multioauth`: several accounts of one provider, of which the agent uses the first that is not used up. The list is a file that the
 * OpenCode servers look at with each request, so it makes no difference whether a bot runs.
 */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import type { AccountList, StoredAccount } from '../../../host/accounts/account-list.ts'
import type { AccountState } from '../../../ports/accounts.ts'
import { defineCliCommand } from '../../command.ts'
import type { Config } from '../../config.ts'
import { EXIT_OK } from '../../status.ts'

const JSON_OPTION = { json: { flag: '--json', description: 'as JSON' } } as const

export const accountList = defineCliCommand({
  usage: 'multioauth list',
  description: 'show the accounts of each provider, and which are used up until when',
  examples: ['kimaki multioauth list'],
  options: JSON_OPTION,
  run: async ({ config, options, print }) => tell(config, options.json, print),
  routes: {},
})

export const accountAdd = defineCliCommand({
  usage: 'multioauth add <provider> <label>',
  description: 'add an account; its key is asked for, or read from stdin',
  examples: ['kimaki multioauth add anthropic work < key.txt'],
  options: JSON_OPTION,
  async run({ config, args: [provider = '', label = ''], options, print }) {
    const wrong = wrongName('provider', provider) ?? wrongName('label', label)
    if (wrong) return wrong
    const key = await readKey(`API key of ${label}`)
    if (!/^[\x21-\x7e]{8,4000}$/.test(key))
      return new UsageError({ reason: 'That is no API key. Pipe it in, e.g. kimaki multioauth add anthropic work < key.txt' })
    return change(config, options.json, print, (list) => {
      const known = accountsOf(list, provider)
      const same = known.find((account) => account.label === label || account.key === key)
      if (same)
        return new UsageError({ reason: `${provider} has the account ${same.label} already, with this label or this key.` })
      return withAccounts(list, provider, [...known, { label, kind: 'api', key }])
    })
  },
  routes: {},
})

export const accountRemove = defineCliCommand({
  usage: 'multioauth remove <provider> <label>',
  description: 'take an account out of the list',
  examples: ['kimaki multioauth remove anthropic work'],
  options: JSON_OPTION,
  run: async ({ config, args: [provider = '', label = ''], options, print }) =>
    change(config, options.json, print, (list) => {
      const known = of(list, provider, [label])
      return known instanceof Error ? known : withAccounts(list, provider, known.others)
    }),
  routes: {},
})

export const accountOrder = defineCliCommand({
  usage: 'multioauth order <provider> <labels>',
  description: 'which accounts are tried first, e.g. work,home; the others follow as they are',
  examples: ['kimaki multioauth order anthropic work,home'],
  options: JSON_OPTION,
  run: async ({ config, args: [provider = '', labels = ''], options, print }) =>
    change(config, options.json, print, (list) => {
      const known = of(list, provider, labels.split(','))
      return known instanceof Error ? known : withAccounts(list, provider, [...known.named, ...known.others])
    }),
  routes: {},
})

export const accountClear = defineCliCommand({
  usage: 'multioauth clear <provider> [label]',
  description: 'use an account again that is used up or could not log in; without a label all of the provider',
  examples: ['kimaki multioauth clear anthropic work'],
  options: JSON_OPTION,
  async run({ config, args: [provider = '', label], options, print }) {
    const { readAccounts } = await import('../../../host/accounts/account-list.ts')
    const { clearCoolDown } = await import('../../../host/accounts/cool-downs.ts')
    const list = readAccounts(config.dataDir)
    if (list instanceof Error) return list
    const known = of(list, provider, label === undefined ? accountsOf(list, provider).map((account) => account.label) : [label])
    if (known instanceof Error) return known
    for (const account of known.named) clearCoolDown(config.environment, provider, account)
    return tell(config, options.json, print)
  },
  routes: {},
})

export const accountFallback = defineCliCommand({
  usage: 'multioauth fallback <models>',
  description: 'which models go on when every account of a provider is used up, e.g. openai/gpt-5,acme/fast; none: no model does',
  examples: ['kimaki multioauth fallback openai/gpt-5,acme/fast', 'kimaki multioauth fallback none'],
  options: JSON_OPTION,
  async run({ config, args: [models = ''], options, print }) {
    const order = models === 'none' ? [] : models.split(',')
    const wrong = order.find((name) => !/^[\w.@+-]{1,40}\/[\w.@+:/-]{1,100}$/.test(name))
    if (wrong !== undefined) return new UsageError({ reason: `A model is provider/model; "${wrong}" is not.` })
    return change(config, options.json, print, (list) =>
      Object.keys(list.providers).length === 0
        ? new UsageError({ reason: 'No accounts are listed. kimaki multioauth add <provider> <label> adds one.' })
        : { ...list, order },
    )
  },
  routes: {},
})

type Print = (line: string) => void

async function change(
  config: Config,
  json: true | undefined,
  print: Print,
  work: (list: AccountList) => AccountList | UsageError,
): Promise<number | Error> {
  const { changeAccounts } = await import('../../../host/accounts/account-list.ts')
  return changeAccounts(config.dataDir, work) ?? tell(config, json, print)
}

async function tell(config: Config, json: true | undefined, print: Print): Promise<number | Error> {
  const { createAccounts } = await import('../../../host/accounts/cool-downs.ts')
  const { systemClock } = await import('../../../base/clock.ts')
  const { dataDir, environment } = config
  const found = createAccounts({ dataDir, environment, now: systemClock.now }).read()
  if (found instanceof Error) return found
  if (json) print(jsonForTerminal(found, 2))
  else if (found.providers.length === 0) print('No accounts are listed. kimaki multioauth add <provider> <label> adds one.')
  else
    for (const { provider, accounts } of found.providers)
      for (const account of accounts) print(`${provider}  ${account.label}  ${stateText(account)}`)
  if (!json && found.order.length > 0) print(`then  ${found.order.join(', ')}`)
  return EXIT_OK
}

function stateText({ state, until, why }: AccountState): string {
  if (state === 'used-up') return `used up until ${new Date(until ?? 0).toISOString()}: ${why}`
  if (state === 'out') return `out: ${why}. Then: kimaki multioauth clear`
  return state === 'in-use' ? 'in use' : 'ready'
}

/** A label is said in threads; a comma parts labels. */
function wrongName(what: string, name: string): UsageError | undefined {
  if (/^[\w.@+-]{1,40}$/.test(name)) return undefined
  return new UsageError({ reason: `<${what}> may have letters, digits and . _ @ + -, at most 40; it is "${name}".` })
}

const accountsOf = ({ providers }: AccountList, provider: string): readonly StoredAccount[] =>
  Object.hasOwn(providers, provider) ? (providers[provider] ?? []) : []

const withAccounts = (list: AccountList, provider: string, accounts: readonly StoredAccount[]): AccountList => ({
  ...list,
  providers: { ...list.providers, [provider]: accounts },
})

function of(list: AccountList, provider: string, labels: readonly string[]) {
  const known = accountsOf(list, provider)
  const missing = labels.find((label) => !known.some((account) => account.label === label))
  if (missing !== undefined || known.length === 0)
    return new UsageError({ reason: `${provider} has no account "${missing ?? ''}". See kimaki multioauth list` })
  const named = [...new Set(labels)].flatMap((label) => known.filter((account) => account.label === label))
  return { named, others: known.filter((account) => !named.includes(account)) }
}

/** Never an argument: those stand in the history of the shell, and in the list of processes. */
async function readKey(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const { readPrompt } = await import('../../sending/stdin.ts')
    return (await readPrompt(undefined)).trim()
  }
  const { askSecret, Cancelled } = await import('../../onboarding/prompts.ts')
  try {
    return await askSecret(question, (text) => (text.trim() === '' ? 'Paste the key' : undefined))
  } catch (error) {
    if (error instanceof Cancelled) return ''
    throw error
  }
}
