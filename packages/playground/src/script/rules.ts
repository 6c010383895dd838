/**
 * What the scripted model does when somebody writes in the playground. The agent around it is real: it runs these commands
 * and writes these files in the sample project, and where an answer tells of a result it quotes what the tool printed.
 */
import { join } from 'node:path'
import type { ModelRequest, Rule, Step } from 'scripted-model'
import { CHART } from '../machine/sample-picture.ts'
import { fullReport } from './full-report.ts'
import { LONG_ANSWER } from './long-answer.ts'
import { quoted, toolOutputs } from './tool-output.ts'

/** `project`: absolute path of the sample project. */
export function playgroundRules(project: string): readonly Rule[] {
  return [
    { match: /write (a|the|another) file/i, steps: (_match, request) => writeFile(project, request) },
    { match: /run (all )?the tests?/i, steps: (_match, request) => runTests(request) },
    { match: /what(['’]s| is) in (this|the) (project|repo)/i, steps: (_match, request) => lookAround(project, request) },
    { match: /compare the teas/i, steps: [spoken(COMPARISON, 16)] },
    { match: /show me the picture/i, steps: showPicture(project) },
    { match: /ask me for a/i, steps: (_match, request) => askForFiles(request) },
    { match: /make a release/i, steps: (_match, request) => release(request) },
    { match: /long task/i, steps: longTask() },
    { match: /long answer/i, steps: [spoken(LONG_ANSWER, 40)] },
    { match: /full report/i, steps: [spoken(fullReport(), 60)] },
    { match: /\bfail\b/i, steps: [{ kind: 'error', status: 401, message: 'Incorrect API key provided: sk-play****ound.' }] },
    { match: /[^]*/, steps: [spoken(HELP, 8)] },
  ]
}

function writeFile(project: string, request: ModelRequest): readonly Step[] {
  return [
    {
      kind: 'tools',
      text: 'I write a small module for it, and a test beside it.',
      delayMs: 300,
      calls: [
        { name: 'write', args: { filePath: join(project, 'src/format.js'), content: FORMAT } },
        { name: 'write', args: { filePath: join(project, 'test/format.test.js'), content: FORMAT_TEST } },
      ],
    },
    { kind: 'tools', delayMs: 300, calls: [bash('node --test', 'Run the tests')] },
    spoken(
      `Done: \`src/format.js\` turns seconds into words, and ${outcome(request)}.\n\n${quoted(FORMAT, 'js')}\n\n` +
        '- `format(90)` gives **1 min 30 s**\n- whole minutes have no seconds: `format(240)` gives **4 min**',
      16,
    ),
  ]
}

function runTests(request: ModelRequest): readonly Step[] {
  const printed = toolOutputs(request).at(-1) ?? ''
  return [
    { kind: 'tools', delayMs: 300, calls: [bash('node --test', 'Run the tests')] },
    spoken(`I ran \`node --test\`: ${outcome(request)}.\n\n${quoted(summaryOf(printed))}`, 10),
  ]
}

function lookAround(project: string, request: ModelRequest): readonly Step[] {
  const [files = '', log = ''] = toolOutputs(request)
  return [
    {
      kind: 'tools',
      delayMs: 300,
      calls: [
        bash('git ls-files', 'List the files'),
        bash('git log --oneline', 'Look at the history'),
        { name: 'read', args: { filePath: join(project, 'README.md') } },
      ],
    },
    spoken(
      '**tea-timer** knows how long each tea wants, and says so in one small function.\n\n' +
        `${quoted(files)}\n\nIts history is short:\n\n${quoted(log)}\n\n` +
        '- `src/teas.js` is the table: seconds and degrees\n- `src/steep.js` looks a tea up, and is kind about typing errors\n- `test/` runs with `node --test`',
      16,
    ),
  ]
}

/** A picture that the agent reads is attached by the bot. */
function showPicture(project: string): readonly Step[] {
  return [
    {
      kind: 'tools',
      text: 'There is a chart in `docs/`. I look at it.',
      delayMs: 300,
      calls: [{ name: 'read', args: { filePath: join(project, CHART) } }],
    },
    spoken(
      'Four bars, from left to right **sencha**, **Darjeeling**, **Assam** and **rooibos**; a line stands for two minutes.\n\n' +
        'Rooibos is the patient one: seven minutes, and nobody has ever been sorry.',
      10,
    ),
  ]
}

/** Waits for files of a person, then looks at what was saved. */
function askForFiles(request: ModelRequest): readonly Step[] {
  const [paths = '', printed = ''] = toolOutputs(request)
  const saved = paths.split('\n').filter((line) => line.startsWith('/'))
  const ask = { prompt: 'A list of your teas, or pictures of them. Any file will do.', maxFiles: 3 }
  const asking: Step = {
    kind: 'tools',
    text: 'I do not know your teas yet.',
    delayMs: 300,
    calls: [{ name: 'kimaki_file_upload', args: ask }],
  }
  if (paths !== '' && saved.length === 0) return [asking, spoken(`No files, then: ${paths}`, 6)]
  return [
    asking,
    { kind: 'tools', delayMs: 300, calls: [bash('wc -c uploads/*', 'Look at what came')] },
    spoken(
      `Thank you. What came is in \`uploads/\`, ${saved.length === 1 ? 'one file' : `${saved.length} files`}:\n\n${quoted(printed)}`,
      8,
    ),
  ]
}

/** Asks a question, then for a permission: a tag is the one thing that the agent may not make by itself. */
function release(request: ModelRequest): readonly Step[] {
  const [answer = ''] = toolOutputs(request)
  const version = answer.includes('="Major"') ? '2.0.0' : answer.includes('="Patch"') ? '1.0.1' : '1.1.0'
  const options = [
    { label: 'Patch', description: '1.0.1: nothing new, only mended' },
    { label: 'Minor', description: '1.1.0: something new, nothing broken' },
    { label: 'Major', description: '2.0.0: something old is gone' },
  ]
  const question = { question: 'Which version is it to be?', header: 'Version', options }
  const parts = ['Changelog', 'Checksums', 'Source archive', 'Signature'].map((label) => ({ label, description: '' }))
  const extras = { question: 'What is to go with it?', header: 'Extras', options: parts, multiple: true }
  return [
    {
      kind: 'tools',
      text: 'I need one word from you, and then your leave to tag.',
      delayMs: 300,
      calls: [{ name: 'question', args: { questions: [question, extras] } }],
    },
    { kind: 'tools', delayMs: 300, calls: [bash(`git tag v${version} && git tag --list`, 'Tag the release')] },
    spoken(`**v${version}** is tagged.\n\n${quoted(toolOutputs(request).at(-1) ?? '')}`, 8),
  ]
}

/** About eight seconds, in steps: time enough to press the button. */
function longTask(): readonly Step[] {
  const teas = ['sencha', 'darjeeling', 'assam', 'rooibos']
  const steps = teas.map((tea, index): Step => ({
    kind: 'tools',
    ...(index === 0 ? { text: 'Four teas, two seconds each. This is a good moment to press **kill -9 the bot**.' } : {}),
    calls: [bash(`sleep 2 && echo "${tea} is ready"`, `Brew ${tea}`)],
  }))
  return [
    ...steps,
    spoken('All four teas are ready: sencha, darjeeling, assam and rooibos.\n\nNo cup was lost, and none was poured twice.', 8),
  ]
}

const spoken = (text: string, chunks: number): Step => ({ kind: 'text', text, chunks, delayMs: 30 })

const bash = (command: string, description: string) => ({ name: 'bash', args: { command, description } })

/** What the last test run says of itself, in words. Both of node's reporters end with these counts. */
function outcome(request: ModelRequest): string {
  const printed = toolOutputs(request).at(-1) ?? ''
  const [passed, failed] = [count(printed, 'pass'), count(printed, 'fail')]
  if (passed === undefined) return 'the tests could not be run'
  return failed === 0 ? `all ${passed} tests pass` : `${failed ?? 'some'} of the tests fail`
}

function count(printed: string, what: 'pass' | 'fail'): number | undefined {
  const found = new RegExp(`^\\S+ ${what} (\\d+)$`, 'm').exec(printed)
  return found ? Number(found[1]) : undefined
}

/** The names of the tests and the counts, without durations and details. */
function summaryOf(printed: string): string {
  const lines = printed.split('\n').filter((line) => /^(✔|✖|ok|not ok) |^\S+ (tests|pass|fail) \d+$/.test(line))
  return (lines.length > 0 ? lines : printed.split('\n')).map((line) => line.replace(/ \([\d.]+ms\)$/, '')).join('\n')
}

const FORMAT = `/** Seconds in words: "45 s", "4 min", "1 min 30 s". */
export function format(seconds) {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  const parts = [minutes && \`\${minutes} min\`, rest && \`\${rest} s\`]
  return parts.filter(Boolean).join(' ') || '0 s'
}
`

const FORMAT_TEST = `import assert from 'node:assert/strict'
import test from 'node:test'
import { format } from '../src/format.js'

test('minutes and seconds', () => {
  assert.equal(format(90), '1 min 30 s')
  assert.equal(format(240), '4 min')
  assert.equal(format(45), '45 s')
  assert.equal(format(0), '0 s')
})
`

const COMPARISON = `Four teas, side by side:

| Tea | Water | Time | In the cup |
|---|--:|--:|---|
| **Sencha** | 75 °C | 1 min 30 s | grass and sea air |
| **Darjeeling** | 90 °C | 2 min 30 s | muscatel, a little sharp |
| **Assam** | 95 °C | 4 min | malt; \`milk\` is welcome |
| **Rooibos** | 100 °C | 7 min | vanilla, and no caffeine |

> [!WARNING]
> Sencha in boiling water is bitter: let the kettle stand for five minutes.

The longer a tea takes, the less it minds being forgotten.`

const HELP = `I am a *scripted* model: I know a few tasks by heart, and everything else around me is real. Try one of these:

- **What is in this project?** looks around
- **Write a file** adds a module and its test
- **Run the tests** runs them
- **Compare the teas** shows a table
- **Show me the picture** attaches one of the project
- **Ask me for a tea list** opens a picker for files of yours
- **Do a long task** takes eight seconds: kill the bot meanwhile
- **Give me a long answer** is cut into several messages
- **Write a full report** is too long even for that
- **Fail** shows what an error looks like

While I work, end a message with **. queue** to have it wait, or with **. btw** to ask aside; edit or delete yours meanwhile. What begins with **!** is run by a shell, not by me.`
