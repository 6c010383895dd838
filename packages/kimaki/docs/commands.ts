/** Every slash command with its options, from the declarations that Discord is told. */
import type { SlashCommand } from '../src/commands/declaration.ts'
import type { CommandOption } from '../src/ports/chat.ts'

const PLACES: Readonly<Record<SlashCommand['where'], string>> = {
  thread: 'thread',
  session: 'thread with a session',
  'channel-or-thread': 'project channel, thread',
  anywhere: 'any channel of the server',
}

const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

export function commandList(commands: readonly SlashCommand[]): string {
  const inOrder = commands.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return [
    line(['Command', 'What it does', 'Options', 'Where', 'Who sees the answer']),
    `|${'---|'.repeat(5)}`,
    ...inOrder.map((command) =>
      line([
        command.kind === 'message' ? `*${command.name}* (menu of a message)` : `\`/${command.name}\``,
        command.description,
        command.options.map(optionText).join('<br>') || '–',
        PLACES[command.where],
        command.visibility === 'public' ? 'everybody' : 'you alone',
      ]),
    ),
  ].join('\n')
}

function optionText({ name, description, required, choices, autocomplete }: CommandOption): string {
  const facts = [
    ...(required ? ['needed'] : []),
    ...(autocomplete ? ['proposed while you type'] : []),
    ...(choices ? [choices.map(({ value }) => `\`${value}\``).join(', ')] : []),
  ]
  return `\`${name}\`: ${description}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`
}
