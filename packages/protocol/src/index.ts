/** What a machine and a gateway say to each other. */
export { CLOSE, FATAL, type CloseCode } from './closes.ts'
export { hashOf, readToken, tokenOf, type Credentials } from './credentials.ts'
export {
  PROTOCOL,
  readRegistered,
  readRegistration,
  readStatus,
  type OnboardingStatus,
  type Registered,
  type Registration,
} from './onboarding.ts'
export { ownedBy, ownerPath, readOwned, readOwnership, type Ownership } from './ownership.ts'
export { Malformed } from './read.ts'
export { REFUSALS, type Refusal, type RefusalName } from './refusals.ts'
export { isWakeBearer, readWakeAddress, WAKE_ADDRESS_PATH, WAKE_MS, WAKE_PATH, wakeBearer } from './wake.ts'
