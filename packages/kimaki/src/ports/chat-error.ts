/** How calls to Discord fail: values. */
import type { ChatForbidden, ChatGone, ChatRefused, ChatUnknown } from '../base/errors.ts'

/** Why a call to Discord did not do what it should. A call that the adapter's stop ends rejects with an `AbortError`. */
export type ChatError = ChatForbidden | ChatGone | ChatRefused | ChatUnknown
