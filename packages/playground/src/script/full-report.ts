/** A report of about 20,000 characters: more than a thread should carry, so the bot attaches it as a file. */

export function fullReport(): string {
  const tastings = TEAS.flatMap((tea) => DEGREES.map((degrees) => tasting(tea, degrees)))
  return ['# Every tea at every temperature', 'Four teas, eight temperatures each, tasted blind.', ...tastings, CONCLUSION].join(
    '\n\n',
  )
}

function tasting(tea: (typeof TEAS)[number], degrees: number): string {
  const distance = degrees - tea.best
  const words = VERDICTS.find(({ within }) => Math.abs(distance) <= within)?.words ?? 'not tea any more'
  const direction =
    distance === 0 ? 'exactly right' : distance > 0 ? `${distance} degrees too hot` : `${-distance} degrees too cold`
  return `## ${tea.name} at ${degrees} °C

${tea.name} is at its best at ${tea.best} °C, so this cup was **${direction}**. The leaves had ${tea.seconds} seconds, as the table in \`src/teas.js\` says, and not one more. Three cups came from the same kettle; each of us wrote down what it was like before anybody spoke, so that nobody tasted what somebody else had said.

- In the cup: ${words}
- Colour: ${tea.colour}, ${distance > 0 ? 'darker' : 'paler'} than it should be by about ${Math.abs(distance)} shades
- Would we pour it again: ${Math.abs(distance) <= 5 ? 'yes, gladly' : 'only for guests who came unannounced'}

\`\`\`js
steep('${tea.name.toLowerCase()}') // { seconds: ${tea.seconds}, celsius: ${tea.best} }
\`\`\``
}

const TEAS = [
  { name: 'Sencha', best: 75, seconds: 90, colour: 'a clear green' },
  { name: 'Darjeeling', best: 90, seconds: 150, colour: 'bright amber' },
  { name: 'Assam', best: 95, seconds: 240, colour: 'deep copper' },
  { name: 'Rooibos', best: 100, seconds: 420, colour: 'brick red' },
] as const

const DEGREES = [65, 70, 75, 80, 85, 90, 95, 100]

const VERDICTS = [
  { within: 0, words: 'everything the leaf has to say, and nothing else' },
  { within: 5, words: 'good, a little less round' },
  { within: 10, words: 'drinkable, with a thin middle' },
  { within: 20, words: 'flat or bitter, depending on the direction' },
] as const

const CONCLUSION = `## Conclusion

The table is right. A kettle that shows its temperature is worth more than a better tea.`
