/** Numbers of channel and message types (docs: Channel > Channel Types, Message > Message Types): those the emulator knows. */
export const CHANNEL = {
  text: 0,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const

export const MESSAGE = {
  default: 0,
  recipientAdd: 1,
  recipientRemove: 2,
  nameChange: 4,
  threadCreated: 18,
  reply: 19,
  threadStarter: 21,
} as const
