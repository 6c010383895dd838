/** `kimaki completion`: a script for the shell, e.g. `source <(kimaki completion bash)`. */
import { UsageError } from '../../base/errors.ts'
import { type CliCommand, defineCliCommand } from '../command.ts'
import { EXIT_OK } from '../status.ts'

export interface CommandTree {
  readonly commands: readonly CliCommand[]
  readonly groups: Readonly<Record<string, string>>
}

/** It is one of the verbs it completes: so it gets to know them when it runs. */
export const completion = (tree: () => CommandTree): CliCommand =>
  defineCliCommand({
    usage: 'completion <shell>',
    description: 'print what lets bash, zsh or fish complete this command line',
    examples: ['source <(kimaki completion bash)', 'kimaki completion fish > ~/.config/fish/completions/kimaki.fish'],
    options: {},
    async run({ args: [wanted = ''], print }) {
      const { SHELLS, completionFor } = await import('../completion/script.ts')
      const shell = SHELLS.find((name) => name === wanted)
      if (shell === undefined)
        return new UsageError({ reason: `completion is there for ${SHELLS.join(', ')}; not for "${wanted}".` })
      const { commands, groups } = tree()
      for (const line of completionFor(shell, commands, groups).trimEnd().split('\n')) print(line)
      return EXIT_OK
    },
    routes: {},
  })
