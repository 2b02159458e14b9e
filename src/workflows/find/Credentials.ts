/**
 * Finding the organisation's credentials. Their values are never read.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CredentialSource, OrganizationCredentialDetail } from "../../habu/api/Credentials.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { gather } from "./Gathered.js"

/**
 * A credential in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  kind: Workflow.maybe(Schema.String),
  managed_by_liveramp: Workflow.maybe(Schema.Boolean),
  changed_at: Workflow.maybe(Schema.String)
})

// Habu may leave the name of the kind out and give only its id (seen live).
const kindIn = (kinds: ReadonlyArray<CredentialSource>) => (credential: OrganizationCredentialDetail) =>
  credential.credentialSourceName ?? kinds.find(({ id }) => id === credential.credentialSourceId)?.name

const item = (kind: string | undefined, credential: OrganizationCredentialDetail): typeof Item.Type =>
  Workflow.compact({
    ...Words.reference(credential),
    kind: Words.said(kind, 80),
    managed_by_liveramp: credential.managedCredential === true ? true : undefined,
    changed_at: Words.moment(credential.timeAudit?.updatedAt)
  })

/**
 * Finds credentials (operations `getAllOrganizationCredentials`, `getAllCredentialSources`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { getAllCredentialSources, observed } = yield* HabuClient
  const gathered = yield* gather([
    { part: "credentials", read: Reading.whole(observed.getAllOrganizationCredentials({})) }
  ])
  const kinds = yield* Effect.orElseSucceed(getAllCredentialSources({}), () => [])
  const kindOf = kindIn(kinds)
  const chosen = choose(asked, gathered.items, {
    names: (credential) => [credential.name, kindOf(credential)],
    statuses: () => []
  })
  return Answer.make(asked, gathered, chosen, {
    lists: { credentials: chosen.shown.map((credential) => item(kindOf(credential), credential)) },
    nextSteps: [Answer.thenFind({ kind: "data_connections" }, "See the data connections, by their source.")]
  })
})
