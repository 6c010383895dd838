/** An answer of several thousand characters: Discord takes 2000 in one message, so the bot has to cut it well. */

export const LONG_ANSWER = `## How tea-timer could grow

Three steps, each useful on its own. Nothing below needs a dependency.

### 1. A clock that can be tested

A timer that calls \`setTimeout\` itself is hard to test. Pass the clock in, and a test can turn it by hand:

\`\`\`js
/** Calls \`done\` once the tea is ready; returns the cancel. */
export function brew(name, { clock = realClock, done }) {
  const { seconds } = steep(name)
  const startedAt = clock.now()
  const cancel = clock.after(seconds * 1000, () => done({ name, seconds }))
  return {
    cancel,
    remaining: () => Math.max(0, seconds - (clock.now() - startedAt) / 1000),
  }
}

const realClock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
\`\`\`

The test then needs no waiting at all:

\`\`\`js
test('tea is ready exactly when it should be', () => {
  const clock = handTurnedClock()
  const ready = []
  brew('sencha', { clock, done: (tea) => ready.push(tea.name) })

  clock.turn(89_999)
  assert.deepEqual(ready, [])
  clock.turn(1)
  assert.deepEqual(ready, ['sencha'])
})
\`\`\`

### 2. More than one cup

People brew for each other. A kettle that knows several cups needs three rules:

1. every cup has its own timer, named by its owner
2. the same owner twice means a *new* cup, not a longer one
3. a cup that is ready stays on the list until somebody takes it

\`\`\`js
export function createKettle({ clock }) {
  const cups = new Map()
  return {
    put(owner, tea) {
      cups.get(owner)?.cancel()
      const cup = brew(tea, { clock, done: () => cups.set(owner, { ...cups.get(owner), ready: true }) })
      cups.set(owner, { tea, ready: false, ...cup })
    },
    take(owner) {
      const cup = cups.get(owner)
      if (!cup?.ready) return undefined
      cups.delete(owner)
      return cup.tea
    },
    waiting: () => [...cups].filter(([, cup]) => !cup.ready).map(([owner]) => owner),
  }
}
\`\`\`

> **Worth deciding early:** what happens to a cup whose owner went home? I would throw it away after an hour and say so.

### 3. A command line

Last, because it only puts words around the rest:

\`\`\`bash
npx tea-timer sencha            # waits, then rings
npx tea-timer assam --for ada   # several cups
npx tea-timer --list
\`\`\`

Exit codes matter more than colours here:

- \`0\` the tea is ready
- \`64\` no such tea (with the closest name as a hint)
- \`130\` somebody pressed Ctrl-C, and the tea is lost

### 4. Words for the waiting

Nobody stares at a number. A sentence is kinder, and it is a pure function, so it costs one table:

\`\`\`js
const PHASES = [
  { until: 0.15, words: 'The leaves are waking up.' },
  { until: 0.5, words: 'Colour is coming. Leave it alone.' },
  { until: 0.9, words: 'Nearly. Find a cup that is not chipped.' },
  { until: 1, words: 'Get up, walk over.' },
]

/** What to say when this share of the time has gone by. */
export function phase(elapsed, seconds) {
  const share = Math.min(1, elapsed / seconds)
  return PHASES.find(({ until }) => share <= until).words
}
\`\`\`

Two tests are enough for it: one that asks at every boundary, and one that asks far beyond the end, because somebody will always be late. I would *not* test the words themselves; they will change with the seasons.

### 5. A kettle that remembers

The last twenty cups, in a file next to the program, one line each. It answers the only question that matters on a Monday: *what did we drink when things went well?*

\`\`\`js
export async function remember(file, { owner, tea, at }) {
  const line = JSON.stringify({ at, owner, tea })
  await appendFile(file, line + '\\n')
}
\`\`\`

1. appending is atomic enough for tea
2. a line that cannot be read is skipped, never fatal
3. the file is trimmed on start, not while somebody waits

### What I would leave out

- ~~a configuration file~~: the table in \`src/teas.js\` *is* the configuration
- ~~notifications on the phone~~: the terminal bell is enough to begin with
- ~~a database~~: cups live shorter than any deployment

That is about 90 lines of code and as many of tests. Say **write a file** and I begin with the first step.`
