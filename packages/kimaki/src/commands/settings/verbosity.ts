/** `/verbosity` sets how much of the agent's work the threads of a channel show, those in which it works now too. */
import { VERBOSITIES, type Verbosity } from '../../domain/prefs.ts'
import type { SlashCommand } from '../declaration.ts'

const SHOWS: Readonly<Record<Verbosity, string>> = {
  text_only: 'the words of the agent, and nothing of its tools',
  text_and_essential_tools: 'the words of the agent, and the tools that do more than look',
  tools_and_text: 'the words of the agent, every tool, and when it thinks',
}

export const verbosity: SlashCommand = {
  name: 'verbosity',
  description: "How much of the agent's work the threads of this channel show",
  where: 'channel-or-thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'level',
      description: 'What to show from now on; without it, you are told what is shown',
      required: false,
      choices: VERBOSITIES.map((level) => ({ name: `${level}: ${SHOWS[level]}`, value: level })),
    },
  ],
  run(state, { options }, { isVerbosityOwn = false }) {
    const level = VERBOSITIES.find((one) => one === options['level'])
    if (level === undefined || level === state.verbosity) {
      const whose = isVerbosityOwn ? 'It was set for this channel.' : 'It is the default: nobody has set it for this channel.'
      return { reply: `⬦ ${level === undefined ? '' : 'already set: '}${sentence(state.verbosity)}\n${whose}` }
    }
    return {
      requests: [{ kind: 'set-verbosity', level }],
      reply: `⬦ from now on, ${sentence(level)}\nIt counts for runs that go on, too.`,
    }
  },
}

const sentence = (level: Verbosity): string => `the threads of this channel show ${SHOWS[level]} (\`${level}\`)`
