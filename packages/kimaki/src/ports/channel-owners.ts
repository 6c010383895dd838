/** Which machine has a channel, where one bot serves several machines. */
import type { ChatUnknown, UsageError } from '../base/errors.ts'

export interface ChannelOwners {
  /** From now on the channel is this machine's; a `UsageError` names the machine that has it. Saying it again changes nothing. */
  claim(channelId: string): Promise<undefined | UsageError | ChatUnknown>
  /** Gives it up; one that is another's stays so. */
  release(channelId: string): Promise<undefined | ChatUnknown>
}
