/**
 * What fault tests let go wrong, by kind. A row of `faults/` carries its kind, and a fault test that is no row names it in its title. For each
 * kind stands what `why` says while the fault lasts (`test/domain/conversation/inquiry/why.test.ts`): a new kind without that does not compile.
 */
export type FaultKind =
  | 'no bot runs'
  | 'the bot runs and does not answer'
  | 'the line to the gateway is down'
  | 'the gateway tells nothing'
  | 'the past is being read'
  | 'the database takes nothing'
  | 'the bot may not see the channel'
  | 'the bot may not read the history'
  | 'a request throws'
  | 'OpenCode lives and answers nothing'
  | 'OpenCode cannot be reached'
  | 'OpenCode is slow'
  | 'the session is not read yet'
  | 'the provider refuses for now'
  | 'the model hangs'
  | 'the agent asks for a permission'
  | 'the agent asks a question'
  | 'the run ends with a reason'
  | 'the thread is gone'
  | 'the thread cannot be opened'
  | 'the bot may not write'
  | 'a post is not answered'
  | 'an edit is not answered'
  | 'a post waits for a limit'
  | 'a text is refused'
  | 'what no answer needs fails'

/** For the title of a fault test that is no row. */
export const fault = (kind: FaultKind): FaultKind => kind
