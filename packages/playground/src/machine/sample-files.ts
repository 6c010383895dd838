/** The sample project, file by file: small enough to read at a glance, real enough to be tested. */

export const SAMPLE_NAME = 'tea-timer'

export const SAMPLE_FILES: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "tea-timer",
  "version": "1.0.0",
  "description": "How long does this tea want?",
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'README.md': `# tea-timer

How long does this tea want?

\`\`\`js
import { steep } from './src/steep.js'

steep('sencha') // { seconds: 90, celsius: 75 }
\`\`\`

Run the tests with \`npm test\`. How long each tea wants, as bars: \`docs/steeping.png\`.
`,
  'src/teas.js': `/** Seconds and degrees for each tea. */
export const teas = {
  sencha: { seconds: 90, celsius: 75 },
  darjeeling: { seconds: 150, celsius: 90 },
  assam: { seconds: 240, celsius: 95 },
  rooibos: { seconds: 420, celsius: 100 },
}
`,
  'src/steep.js': `import { teas } from './teas.js'

/** What a tea wants, or a friendly error. */
export function steep(name) {
  const tea = teas[name.trim().toLowerCase()]
  if (!tea) throw new Error(\`No tea called "\${name}" here\`)
  return tea
}
`,
  'test/steep.test.js': `import assert from 'node:assert/strict'
import test from 'node:test'
import { steep } from '../src/steep.js'

test('sencha likes it cool and short', () => {
  assert.deepEqual(steep('sencha'), { seconds: 90, celsius: 75 })
})

test('names may be written in any case', () => {
  assert.equal(steep(' Assam '), steep('assam'))
})

test('an unknown tea is an error', () => {
  assert.throws(() => steep('coffee'), /No tea called "coffee"/)
})
`,
  '.gitignore': `node_modules/
`,
}
