/** Discord's JSON error codes as data: name → HTTP status, code, message (docs: Opcodes and Status Codes > JSON). */
export interface ErrorRule {
  readonly status: number
  readonly code: number
  readonly message: string
}

export const ERRORS = {
  unauthorized: { status: 401, code: 0, message: '401: Unauthorized' },
  notFound: { status: 404, code: 0, message: '404: Not Found' },
  methodNotAllowed: { status: 405, code: 0, message: '405: Method Not Allowed' },
  unknownApplication: { status: 404, code: 10002, message: 'Unknown Application' },
  unknownChannel: { status: 404, code: 10003, message: 'Unknown Channel' },
  unknownGuild: { status: 404, code: 10004, message: 'Unknown Guild' },
  unknownMember: { status: 404, code: 10007, message: 'Unknown Member' },
  unknownMessage: { status: 404, code: 10008, message: 'Unknown Message' },
  unknownWebhook: { status: 404, code: 10015, message: 'Unknown Webhook' },
  unknownInteraction: { status: 404, code: 10062, message: 'Unknown interaction' },
  unknownCommand: { status: 404, code: 10063, message: 'Unknown application command' },
  unknownUser: { status: 404, code: 10013, message: 'Unknown User' },
  unknownEmoji: { status: 400, code: 10014, message: 'Unknown Emoji' },
  notYourApplication: { status: 403, code: 20012, message: 'You are not authorized to perform this action on this application' },
  tooManyReactions: { status: 403, code: 30010, message: 'Maximum number of reactions reached (20)' },
  tooManyChannels: { status: 400, code: 30013, message: 'Maximum number of guild channels reached (500)' },
  tooManyAttachments: { status: 400, code: 30015, message: 'Maximum number of attachments in a message reached (10)' },
  tooManyCommands: { status: 400, code: 30032, message: 'Maximum number of application commands reached (100).' },
  tooManyThreadMembers: { status: 400, code: 30033, message: 'Maximum number of thread participants has been reached (1000)' },
  tooManyCommandCreates: {
    status: 400,
    code: 30034,
    message: 'Max number of daily application command creates has been reached (200)',
  },
  interactionAcknowledged: { status: 400, code: 40060, message: 'Interaction has already been acknowledged.' },
  tooLarge: { status: 413, code: 40005, message: 'Request entity too large' },
  missingAccess: { status: 403, code: 50001, message: 'Missing Access' },
  notYourMessage: { status: 403, code: 50005, message: 'Cannot edit a message authored by another user' },
  emptyMessage: { status: 400, code: 50006, message: 'Cannot send an empty message' },
  notATextChannel: { status: 400, code: 50008, message: 'Cannot send messages in a non-text channel' },
  missingPermissions: { status: 403, code: 50013, message: 'Missing Permissions' },
  systemMessage: { status: 403, code: 50021, message: 'Cannot execute action on a system message' },
  wrongChannelType: { status: 400, code: 50024, message: 'Cannot execute action on this channel type' },
  invalidWebhookToken: { status: 401, code: 50027, message: 'Invalid Webhook Token' },
  formBody: { status: 400, code: 50035, message: 'Invalid Form Body' },
  apiVersion: { status: 400, code: 50041, message: 'Invalid API version' },
  archivedThread: { status: 400, code: 50083, message: 'Thread is archived' },
  invalidJson: { status: 400, code: 50109, message: 'The request body contains invalid JSON.' },
  voiceContent: { status: 400, code: 50159, message: 'Voice messages do not support additional content.' },
  voiceAttachment: { status: 400, code: 50160, message: 'Voice messages must have a single audio attachment.' },
  voiceMetadata: { status: 400, code: 50161, message: 'Voice messages must have supporting metadata.' },
  voiceEdit: { status: 400, code: 50162, message: 'Voice messages cannot be edited.' },
  replyWithoutHistory: { status: 403, code: 160002, message: 'Cannot reply without permission to read message history' },
  threadExists: { status: 400, code: 160004, message: 'A thread has already been created for this message' },
  threadLocked: { status: 400, code: 160005, message: 'Thread is locked' },
  tooManyActiveThreads: { status: 400, code: 160006, message: 'Maximum number of active threads reached' },
} as const satisfies Readonly<Record<string, ErrorRule>>

export type ErrorName = keyof typeof ERRORS
