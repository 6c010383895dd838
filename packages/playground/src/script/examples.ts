/** What the page offers to try; each is answered by a rule of the script, or by a shell. Six words: that is what the scripted title keeps. */
import type { Example } from '../wire.ts'

export const EXAMPLES: readonly Example[] = [
  { label: 'What is in this project?', prompt: 'What is in this project?' },
  { label: 'Write a file', prompt: 'Write a file that formats times' },
  { label: 'Run the tests', prompt: 'Run the tests' },
  { label: 'Table', prompt: 'Compare the teas in a table' },
  { label: 'Picture', prompt: 'Show me the picture of times' },
  { label: 'Upload', prompt: 'Ask me for a tea list' },
  { label: 'Questions', prompt: 'Make a release, ask me first' },
  { label: 'Long task', prompt: 'Do a long task in steps' },
  { label: 'Long answer', prompt: 'Give me a long answer, please' },
  { label: 'Full report', prompt: 'Write a full report' },
  { label: 'Queue', prompt: 'Run the tests. queue', inThread: true },
  { label: 'Ask aside', prompt: 'What is in this project? btw', inThread: true },
  { label: 'Guest', prompt: 'What is in this project?', inThread: true, byGuest: true },
  { label: '!git log', prompt: '!git log --stat' },
  { label: 'Fail', prompt: 'Fail like a provider sometimes does' },
]
