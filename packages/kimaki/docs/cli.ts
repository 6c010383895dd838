/** Every verb of the command line, from the declarations that its parser is made of. */
import type { CliCommand, OptionDeclarations } from '../src/cli/command.ts'

export function cliList(commands: readonly CliCommand[], globals: OptionDeclarations): string {
  const verbs = commands.filter(({ usage }) => usage !== '').toSorted((a, b) => (a.usage < b.usage ? -1 : 1))
  const ofStart = commands.filter(({ usage }) => usage === '')
  return [
    '## kimaki',
    'Runs the bot until Ctrl-C. The options of all commands:',
    optionTable(Object.assign({}, globals, ...ofStart.map(({ options }) => options))),
    ...verbs.flatMap(section),
  ].join('\n\n')
}

const section = ({ usage, description, options, examples = [] }: CliCommand): readonly string[] => [
  `## kimaki ${usage}`,
  `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
  ...(Object.keys(options).length > 0 ? [optionTable(options)] : []),
  ...(examples.length > 0 ? [['```sh', ...examples, '```'].join('\n')] : []),
]

const optionTable = (options: OptionDeclarations): string =>
  [
    '| Option | |',
    '|---|---|',
    ...Object.values(options).map(
      ({ flag, description, required }) =>
        `| \`${flag.replaceAll('|', '\\|')}\` | ${description.replaceAll('|', '\\|')}${required ? ' (needed)' : ''} |`,
    ),
  ].join('\n')
