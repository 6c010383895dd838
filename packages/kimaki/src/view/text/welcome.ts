/** What a server reads first: what Kimaki is, and a thread to try it in. */

export const WELCOME = [
  '**Welcome to Kimaki.** Here you write to a coding agent that works on the machine where the bot runs.',
  '',
  '- Each channel under *Kimaki* is a folder, and each thread in it a session of the agent. This channel has a folder of its own, with nothing in it: a place to try things.',
  '- Write in a channel what you want done, as to a colleague. `/add-project` makes a channel for one of your folders.',
  '- The owner of the server and those who manage it may write to the agent; to let somebody else, give them a role named **Kimaki**. Whoever may can run commands on that machine.',
].join('\n')

export const TUTORIAL_NAME = 'Kimaki tutorial'

export const TUTORIAL = [
  'Try it here, a message after the other:',
  '1. `Write a snake game in one HTML file.` A line shows each thing that the agent does.',
  '2. While it works: `Make the snake green.` It reads that when its running step ends.',
  '3. `Explain the code to a beginner. queue` This one waits until the agent has nothing else to do.',
  '4. `!ls -l` runs in the folder, without the agent.',
  '5. `/undo` takes the last change back; `/why` says what a silent thread waits for.',
  'Kill the bot in between, if you like: start it again, and it goes on where it was.',
].join('\n')
