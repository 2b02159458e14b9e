/**
 * How far a destination is: derived from when its check began and from what it was given.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as DestinationPartners from "./DestinationPartners.js"
import * as Ids from "./Ids.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/**
 * Whether a destination works, and why not.
 *
 * @since 0.1.0
 * @category models
 */
export type State =
  | { readonly status: "CONFIG_PENDING" | "CONFIG_CONFIGURED" }
  | { readonly status: "CONFIG_FAILED"; readonly errorMessage: string }

/** What platforms say to values that cannot be theirs. Other values pass. */
const complaints: ReadonlyArray<readonly [field: RegExp, value: RegExp, complaint: string]> = [
  [/^AWS_ACCESS_KEY_ID$/, /^(AKIA|ASIA)[A-Z0-9]{16}$/, "The AWS access key id does not exist"],
  [/^AWS_SECRET_ACCESS_KEY$/, /^\S{40}$/, "The signature does not match the AWS secret access key"],
  [/^AWS_USER_ARN$/, /^arn:aws:iam::\d{12}:(user|role)\/\S+$/, "The AWS user ARN cannot be assumed"],
  [/^GCP_SERVICE_ACCOUNT_JSON$/, /"private_key"/, "The service account's key cannot be read"],
  [/^AZURE_SAS_TOKEN$/, /(^|[?&])sig=\S+/, "The SAS token has no signature"],
  [/ACCOUNT_ID$|CUSTOMER_ID$/, /^(act_)?[\d-]{6,}$/, "There is no such account"],
  [/(ACCESS|REFRESH)_TOKEN$/, /^\S{20,}$/, "The access token has expired or was revoked"]
]

/** A credential that LiveRamp manages shows no values and works. */
const credentialComplaint = ({ values }: Rows.Credential) =>
  Object.entries(values).flatMap(([field, value]) => {
    const text = Redacted.value(value)
    if (text === "") return [`${field} is empty`]
    return complaints.flatMap(([name, valid, complaint]) => name.test(field) && !valid.test(text) ? [complaint] : [])
  })[0]

const credentialOf = (world: World.Service, destination: Rows.Destination) =>
  destination.credentialId === undefined ? undefined : world.credentials.get(destination.credentialId)

const complaint = (world: World.Service, destination: Rows.Destination): string | undefined => {
  const partner = DestinationPartners.get(destination.partnerId)
  const credential = credentialOf(world, destination)
  if (destination.publicKey !== undefined && !destination.publicKey.startsWith("-----BEGIN ")) {
    return "The public key cannot be read"
  }
  if (partner === undefined || partner.credentialSources.length === 0) return undefined
  return credential === undefined
    ? "The credential no longer exists"
    : credentialComplaint(credential)
}

/** As long as the check of a data connection. */
const checkTime = (world: World.Service, destination: Rows.Destination) =>
  Ids.between(world.seed, `check/${destination.id}`, 60, 280) * 1000

/**
 * The state of a destination at a time. A changed credential has all destinations that use it checked anew.
 *
 * @since 0.1.0
 * @category getters
 */
export const state = (world: World.Service, destination: Rows.Destination, at: number): State => {
  const from = Math.max(destination.checkedFrom, credentialOf(world, destination)?.updatedAt ?? 0)
  if (at < from + checkTime(world, destination)) return { status: "CONFIG_PENDING" }
  const errorMessage = complaint(world, destination)
  return errorMessage === undefined ? { status: "CONFIG_CONFIGURED" } : { status: "CONFIG_FAILED", errorMessage }
}
