/** Sizes and counts Discord documents (docs: Message, Channel, Embed Limits, Uploading Files, Gateway). Bytes and characters. */
export const LIMITS = {
  content: 2000,
  nonce: 25,
  embeds: 10,
  /** Characters of all embeds of a message together. */
  embedTotal: 6000,
  embed: { title: 256, description: 4096, fields: 25, fieldName: 256, fieldValue: 1024, footer: 2048, author: 256 },
  attachments: 10,
  /** One attachment; boosts and Nitro raise it, the emulator does not. */
  fileBytes: 10 * 1024 * 1024,
  requestBytes: 25 * 1024 * 1024,
  allowedMentions: 100,
  actionRows: 5,
  /** Components of a message with IS_COMPONENTS_V2, nested ones counted; and the characters of all their texts. */
  components: 40,
  componentText: 4000,
  customId: 100,
  reactions: 20,
  threadName: 100,
  threadMembers: 1000,
  /** `member_count` stops here. */
  threadMemberCount: 50,
  pins: 250,
  pinPage: 50,
  roles: 250,
  roleName: 100,
  nick: 32,
  bulkDelete: 100,
  bulkDeleteAge: 1_209_600_000,
  /** Points of a voice message's waveform, one byte each. */
  waveform: 256,
  channelName: 100,
  topic: 1024,
  guildChannels: 500,
  slowmode: 21_600,
  messagePage: 100,
  memberPage: 1000,
  memberQuery: 100,
  threadPage: 100,
  reactionPage: 100,
  commands: 100,
  commandsOfOtherType: 15,
  commandOptions: 25,
  commandChoices: 25,
  commandCreatesPerDay: 200,
  autocompleteChoices: 25,
  /** Ms for the first response to an interaction, and for everything after it. */
  interactionAnswer: 3000,
  interactionToken: 900_000,
  modalTitle: 45,
  modalComponents: 5,
  /** Name, description and value of a command with all its options. */
  commandTotal: 8000,
  gatewayPayloadBytes: 4096,
  shardGuilds: 2500,
  /** Of op 8: a chunk, what a prefix or ids find, the nonce in bytes. */
  membersChunk: 1000,
  membersFound: 100,
  membersNonce: 32,
} as const

/** Minutes a thread stays in the channel list (docs: Channel > Thread Metadata). */
export const AUTO_ARCHIVE_MINUTES: readonly number[] = [60, 1440, 4320, 10_080]
