/**
 * `/add-project` makes a channel for a folder of the bot's machine.
 *
 *     invoked ─▶ look at the folder ─┬─ it brings programs ─▶ asked with buttons ─▶ pressed ─┐
 *                                    └─ none ────────────────────────────────────────────────┴─▶ channel made and linked
 */
import { asArgument, cut, oneLine } from '../../base/text.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { CommandAnswer, CommandArgs, CommandWork } from '../../domain/conversation/command.ts'
import { folderRef } from '../../domain/project.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { FolderReport } from '../../ports/projects.ts'
import type { TrustDecision } from '../../ports/store.ts'
import { plain } from '../../view/text/notice.ts'
import type { Outside, SlashCommand } from '../declaration.ts'
import { addedText, notSetUpText } from './answers.ts'
import { CHOICES_MAX, choiceOf, isMeant, knownFolder } from './find.ts'

export const addProject: SlashCommand = {
  name: 'add-project',
  description: 'Make a channel for a folder on the machine of the bot (link, connect, open)',
  where: 'anywhere',
  visibility: 'public',
  deed: 'set-up',
  options: [
    {
      kind: 'string',
      name: 'project',
      description: 'A folder that OpenCode has worked in, or the path of another one',
      required: true,
      autocomplete: true,
    },
  ],
  run: (_state, { options }) => ({ work: { project: String(options['project'] ?? '').trim() } }),
  work,
  proposes: {
    async project({ setup }, { typed, guildId }) {
      const recent = await setup.recent()
      if (recent instanceof Error) return recent
      const linked = new Set(setup.linked(guildId).map(({ directory }) => directory))
      return recent
        .filter(({ directory }) => !linked.has(directory) && isMeant(directory, typed))
        .slice(0, CHOICES_MAX)
        .map(({ directory }) => choiceOf(directory, folderRef(directory)))
    },
  },
  buttons: {
    'add-project-trusted': (about) => ({ work: { project: about, isTrusted: true } }),
    'add-project-bare': (about) => ({ work: { project: about, isTrusted: false } }),
    'add-project-not': () => ({ reply: '⬦ not added' }),
  },
}

async function work({ setup }: Outside, { asker, args }: CommandWork): Promise<CommandAnswer | AgentError> {
  const wanted = String(args['project'])
  const recent = await setup.recent()
  // A path needs nobody's list.
  const known = recent instanceof Error ? undefined : knownFolder(recent, wanted)
  if (recent instanceof Error && !wanted.includes('/')) return recent
  const report = await setup.folders.inspect(known ?? wanted)
  if (report instanceof Error) return { reply: notSetUpText('not added', report) }
  const trust = decided(report, args)
  if (!trust) return { reply: known === undefined ? atTheTerminal(report) : question(report) }
  const added = await setup.add({ guildId: asker.guildId, directory: report.directory, trust })
  return { reply: added instanceof Error ? notSetUpText('not added', added) : addedText(added) }
}

/** Undefined: a person has to be asked. */
function decided({ programs }: FolderReport, { isTrusted }: CommandArgs): TrustDecision | undefined {
  if (typeof isTrusted === 'boolean') return { isTrusted, programs }
  return programs.length === 0 ? { isTrusted: undefined, programs } : undefined
}

const question = (report: FolderReport): NonNullable<CommandAnswer['reply']> => ({
  text: `${bringsText(report)}\nMay they run?`,
  buttons: [
    button('add-project-trusted', folderRef(report.directory), 'Trust and add'),
    button('add-project-bare', folderRef(report.directory), 'Add without them'),
    button('add-project-not', folderRef(report.directory), 'Cancel'),
  ],
})

/** A button has no room for the path of a folder that nobody else knows. */
const atTheTerminal = (report: FolderReport): string =>
  `${bringsText(report)}\nAdd it on that machine, where you can look at them: \`kimaki project add ${asArgument(oneLine(report.directory))}\``

const bringsText = ({ directory, programs }: FolderReport): string =>
  [
    `⬦ **${plain(directory, PATH_MAX)}** brings programs that OpenCode would run on the machine of the bot, at the first message:`,
    ...programs.slice(0, PROGRAMS_MAX).map((line) => `- ${plain(cut(line, LINE_MAX), LINE_MAX)}`),
    ...(programs.length > PROGRAMS_MAX ? [`- and ${programs.length - PROGRAMS_MAX} more`] : []),
  ].join('\n')

const PATH_MAX = 200
const LINE_MAX = 80
const PROGRAMS_MAX = 8
