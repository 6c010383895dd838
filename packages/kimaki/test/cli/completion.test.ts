/** What the shells offer after some words of a command line, and what is said of a command that there is not. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CLI_COMMANDS, GROUPS } from '../../src/cli/commands/index.ts'
import { completionFor } from '../../src/cli/completion/script.ts'
import { runCli } from '../support/run-cli.ts'

/** As bash has it when a person presses Tab behind the last word. */
function offered(...words: readonly string[]): readonly string[] {
  const line = ['kimaki', ...words].map((word) => `'${word}'`).join(' ')
  const program = `${completionFor('bash', CLI_COMMANDS, GROUPS)}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _kimaki; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).split('\n').filter(Boolean)
}

test('bash completes commands, those of a group, and the options of each', () => {
  expect(offered('pro')).toEqual(['project'])
  expect(offered('project', '')).toEqual(['add', 'create', 'link', 'unlink', 'remove', 'list', 'open'])
  expect(offered('project', 'li')).toEqual(['link', 'list'])
  expect(offered('project', 'link', '/x', '--ch')).toEqual(['--channel'])
  expect(offered('send', '--channel', '1', '--prom')).toEqual(['--prompt'])
  expect(offered('doctor', '--')).toEqual(['--json'])
  expect(offered('--data')).toEqual(['--data-dir'])
})

test('every command and option is offered in every shell', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionFor(shell, CLI_COMMANDS, GROUPS)
    for (const { usage, options } of CLI_COMMANDS) {
      for (const word of usage.split(' ').filter((part) => /^[a-z]/.test(part))) expect(script).toContain(word)
      for (const { flag } of Object.values(options)) expect(script).toContain(/--([\w-]+)/.exec(flag)?.[1])
    }
  }
  expect(completionFor('zsh', CLI_COMMANDS, GROUPS)).toMatch(/^#compdef kimaki\n/)
  expect(completionFor('fish', CLI_COMMANDS, GROUPS)).toContain(
    `complete -c kimaki -n '__fish_seen_subcommand_from project' -a link -d '`,
  )
})

test('the script is printed; another shell, a mistyped command and a missing one are told in one sentence', async () => {
  const [bash, other, mistyped, strange, help] = await Promise.all([
    runCli({}, ['completion', 'bash']),
    runCli({}, ['completion', 'tcsh']),
    runCli({}, ['strat']),
    runCli({}, ['frobnicate']),
    runCli({}, ['help']),
  ])
  expect(bash).toEqual({ code: 0, stdout: completionFor('bash', CLI_COMMANDS, GROUPS), stderr: '' })
  expect(other).toMatchObject({ code: 64, stderr: 'kimaki: completion is there for bash, zsh, fish; not for "tcsh".\n' })
  expect(mistyped).toMatchObject({
    code: 64,
    stderr: 'kimaki: there is no command "strat". The plain `kimaki` starts the bot; all commands: kimaki --help\n',
  })
  expect(strange).toMatchObject({ code: 64, stderr: 'kimaki: there is no command "frobnicate". All commands: kimaki --help\n' })
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: kimaki') })
})
