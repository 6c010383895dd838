/** Completion of the command line for three shells, made from the declarations of the verbs. Pure. */
import type { CliCommand, OptionDeclarations } from '../command.ts'
import { GLOBAL_FLAGS } from '../flags.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** What may follow after these words: commands, or the options of one. */
interface Place {
  readonly words: string
  readonly isWhole: boolean
  readonly next: readonly { readonly word: string; readonly about: string }[]
}

export function completionFor(shell: Shell, commands: readonly CliCommand[], groups: Readonly<Record<string, string>>): string {
  const places = placesOf(commands, groups)
  if (shell === 'fish') return fish(places)
  return shell === 'bash' ? bash(places) : `#compdef kimaki\nautoload -U +X bashcompinit && bashcompinit\n${bash(places)}`
}

function placesOf(commands: readonly CliCommand[], groups: Readonly<Record<string, string>>): readonly Place[] {
  const verbs = commands.flatMap(({ usage, ...rest }) =>
    usage === '' ? [] : [{ ...rest, words: usage.replace(/ [<[].*$/, '') }],
  )
  const below = (group: string): Place['next'] =>
    verbs.flatMap(({ words, description: about }) =>
      words.startsWith(`${group} `) ? [{ word: words.slice(group.length + 1), about }] : [],
    )
  const singles = verbs.flatMap(({ words: word, description: about }) => (word.includes(' ') ? [] : [{ word, about }]))
  const ofStart = commands.flatMap(({ usage, options }) => (usage === '' ? flagsOf(options) : []))
  const named = Object.entries(groups).map(([word, about]) => ({ word, about }))
  return [
    {
      words: '',
      isWhole: false,
      next: [...named, ...singles, ...ofStart, ...flagsOf(GLOBAL_FLAGS), { word: '--help', about: 'display help' }],
    },
    ...Object.keys(groups).map((words) => ({ words, isWhole: false, next: below(words) })),
    ...verbs.map(({ words, options }) => ({ words, isWhole: true, next: flagsOf(options) })),
  ]
}

const flagsOf = (options: OptionDeclarations): Place['next'] =>
  Object.values(options).map(({ flag, description }) => ({ word: /--[\w-]+/.exec(flag)?.[0] ?? flag, about: description }))

function bash(places: readonly Place[]): string {
  const cases = places.map(({ words, isWhole, next }) => {
    const pattern = isWhole ? `"${words}"|"${words} "*` : `"${words}"`
    return `    ${pattern}) reply="${next.map(({ word }) => word).join(' ')}" ;;`
  })
  return `_kimaki() {
  local current="\${COMP_WORDS[COMP_CWORD]}" reply=""
  local before="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$before" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$reply" -- "$current"))
}
complete -o default -F _kimaki kimaki
`
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ words, next }) =>
    next.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`
      return `complete -c kimaki -n '${conditionOf(words)}' ${what} -d '${about.replaceAll(/['\\]/g, String.raw`\$&`)}'`
    }),
  )
  return `${lines.join('\n')}\n`
}

const conditionOf = (words: string): string =>
  words === ''
    ? '__fish_use_subcommand'
    : words
        .split(' ')
        .map((word) => `__fish_seen_subcommand_from ${word}`)
        .join('; and ')
