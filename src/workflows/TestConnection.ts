/**
 * Signing in, and what that opens: whose organisation it is, which parts of the API answer, what only Habu's UI can do.
 *
 * A part that is denied is normal: access depends on the API user's role in each clean room too (seen live).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CleanRoom, CleanRoomStakeholder } from "../habu/api/CleanRooms.js"
import type { CleanRoomUser, OrganizationUser } from "../habu/api/Users.js"
import { HabuAuth } from "../habu/HabuAuth.js"
import { HabuClient } from "../habu/HabuClient.js"
import * as HabuConfig from "../habu/HabuConfig.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({})

export type Input = typeof Input.Type

const Evidence = Schema.Struct({ source: Schema.String, says: Schema.String })

const Organization = Schema.Struct({
  name: Workflow.maybe(Schema.String),
  id: Workflow.maybe(Schema.String),
  possible: Workflow.maybe(Schema.Array(Words.Reference).annotations({
    description: "The organisations it may be, where Habu does not show which"
  })),
  api_user: Workflow.maybe(Schema.Struct({
    name: Workflow.maybe(Schema.String),
    email: Workflow.maybe(Schema.String),
    role: Workflow.maybe(Schema.String)
  })),
  evidence: Workflow.maybe(Schema.Array(Evidence))
}).annotations({ description: "Whose API key this is, as far as Habu shows; Habu has no operation that tells" })

const Part = Schema.Struct({
  part: Schema.String,
  outcome: Schema.Literal("answered", "denied", "failed"),
  count: Workflow.maybe(Schema.Number),
  reason: Workflow.maybe(Schema.String),
  advice: Workflow.maybe(Schema.String)
})

type Part = typeof Part.Type

/**
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  organization: Organization,
  token: Schema.Struct({
    scopes: Workflow.maybe(Schema.Array(Schema.String)),
    expires_at: Workflow.maybe(Schema.String)
  }).annotations({ description: "What the access token says of itself; the time is on Habu's clock" }),
  access: Schema.Array(Part).annotations({ description: "The parts of the API that belong to the organisation" }),
  clean_room_count: Workflow.maybe(Schema.Number),
  clean_rooms: Workflow.maybe(
    Schema.Array(Schema.Struct({ clean_room: Words.Reference, access: Schema.Array(Part) })).annotations({
      description: "The parts of the API that belong to one clean room, tried for a few of them"
    })
  ),
  only_in_habu_ui: Schema.Array(Schema.String),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const sampled = 5

const onlyInHabuUi = [
  "List the organisation's own questions and the question library",
  "Accept, decline or resend an invitation",
  "Create users of the organisation and define roles",
  "Set analysis rules on a dataset, or take one out of a clean room",
  "Let a date field of a data connection limit what a run reads (Allow Partitions)",
  "See a clean room's cloud, region, crowd size and data decibel",
  "Archive and restore",
  "Pause a question's schedule, schedule a flow, delete a flow",
  "See usage, billing figures and the organisation's audit log",
  "Get notifications"
]

type Heard<A> = Words.Outcome<Words.Listed<A>>

const partView = (part: string, heard: Heard<unknown>): Part => {
  if (heard._tag !== "Answered") {
    const { advice, message } = heard.error
    return { part, outcome: heard._tag === "Denied" ? "denied" : "failed", reason: message, advice }
  }
  const { items, staleSince } = heard.value
  return staleSince === undefined
    ? { part, outcome: "answered", count: items.length }
    : { part, outcome: "failed", reason: `Habu did not answer now; its last answer is of ${Words.iso(staleSince)}.` }
}

const itemsOf = <A>(heard: Heard<A>): ReadonlyArray<A> => heard._tag === "Answered" ? heard.value.items : []

interface Tried {
  readonly cleanRoom: CleanRoom
  readonly access: ReadonlyArray<Part>
  readonly users: ReadonlyArray<CleanRoomUser>
  readonly stakeholders: ReadonlyArray<CleanRoomStakeholder>
}

const tryCleanRoom = Effect.fnUntraced(function*(cleanRoom: CleanRoom) {
  const { observed } = yield* HabuClient
  const path = { cleanroomId: cleanRoom.id ?? "" }
  const heard = yield* Effect.all({
    partners: Words.attempt(Words.whole(observed.getAllCleanroomPartners({ path }))),
    users: Words.attempt(Words.whole(observed.getCleanroomUsers({ path, urlParams: {} }))),
    datasets: Words.attempt(Words.whole(observed.getCleanroomDatasets({ path }))),
    invitations: Words.attempt(Words.whole(observed.listPartnerInvitationsForInviter({ path }))),
    questions: Words.attempt(
      Words.listed((urlParams) => observed.getAllCleanroomQuestions({ path, urlParams }))
    ),
    stakeholders: Words.attempt(Words.whole(observed.getCleanroomStakeholders({ path })))
  }, { concurrency: "unbounded" })
  const { stakeholders, users } = heard
  return {
    cleanRoom,
    access: Object.entries(heard).map(([part, outcome]) => partView(part, outcome)),
    users: itemsOf(users),
    stakeholders: itemsOf(stakeholders)
  } satisfies Tried
})

const tryCleanRooms = Effect.gen(function*() {
  const { observed } = yield* HabuClient
  const heard = yield* Words.attempt(Words.listed((urlParams) => observed.getAllCleanrooms({ urlParams })))
  const tried = yield* Effect.forEach(itemsOf(heard).slice(0, sampled), tryCleanRoom, { concurrency: "unbounded" })
  return { heard, tried }
})

const tryAll = Effect.gen(function*() {
  const { observed } = yield* HabuClient
  return yield* Effect.all({
    cleanRooms: tryCleanRooms,
    users: Words.attempt(Words.listed((urlParams) => observed.getAllOrganizationUsers({ urlParams }))),
    connections: Words.attempt(Words.whole(observed.getAllDataConnections({}))),
    credentials: Words.attempt(Words.whole(observed.getAllOrganizationCredentials({}))),
    sources: Words.attempt(Words.whole(observed.getAllDataSources({})))
  }, { concurrency: "unbounded" })
})

// Whose key it is. An organisation takes part in every clean room that its API user sees.

interface Party {
  readonly name: string
  readonly id: string | undefined
}

const same = (a: string | undefined, b: string | undefined) =>
  a !== undefined && b !== undefined && Text.folded(a) === Text.folded(b)

const partiesOf = ({ ownerOrganization, partners }: CleanRoom): ReadonlyArray<string> =>
  [ownerOrganization, ...partners ?? []].map((name) => Words.said(name)).filter((name) => name !== undefined)

const inEveryCleanRoom = ([first, ...rest]: ReadonlyArray<CleanRoom>): ReadonlyArray<string> =>
  first === undefined
    ? []
    : partiesOf(first).filter((name) => rest.every((room) => partiesOf(room).some((other) => same(name, other))))

// The people whom Habu lists for a clean room are one's own, and so are the roles they hold there.
const ownIds = (tried: ReadonlyArray<Tried>) =>
  new Set(tried.flatMap(({ users }) => users.map(({ role }) => role?.organizationId)).filter((id) => id !== undefined))

const candidates = (rooms: ReadonlyArray<CleanRoom>, tried: ReadonlyArray<Tried>): ReadonlyArray<Party> => {
  const stakeholders = tried.flatMap((one) => one.stakeholders)
  const parties = inEveryCleanRoom(rooms).map((name): Party => ({
    name,
    id: Words.said(stakeholders.find(({ organizationName }) => same(organizationName, name))?.organizationId)
  }))
  const own = ownIds(tried)
  const byRole = parties.filter(({ id }) => own.size === 1 && id !== undefined && own.has(id))
  return byRole.length === 1 ? byRole : parties
}

const looksLikeId = (text: string) => /^[0-9a-f-]{32,36}$/i.test(text.trim())

// What HABU_ORGANIZATION is worth beside what Habu shows.
const compare = (configured: string, parties: ReadonlyArray<Party>) => {
  const match = parties.find(({ id, name }) => same(configured, name) || same(configured, id))
  if (match !== undefined) return { says: "agrees with what Habu shows", match }
  const incomparable = parties.length === 0 || (looksLikeId(configured) && parties.some(({ id }) => id === undefined))
  return incomparable
    ? { says: "cannot be compared with what Habu shows" }
    : { says: "contradicts what Habu shows", contradicts: true }
}

const ownersOf = (rooms: ReadonlyArray<CleanRoom>) => {
  const counts = new Map<string, number>()
  for (const { ownerOrganization } of rooms) {
    const owner = Words.said(ownerOrganization)
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, sampled).map(([owner, owned]) => `${owner} (${owned})`)
}

const apiUserOf = (users: ReadonlyArray<OrganizationUser>, clientId: string) => {
  const isKeys = ({ user }: OrganizationUser) =>
    user?.email?.trim().toLowerCase().startsWith(`api-user-${clientId.toLowerCase()}@`) === true
  return users.find(isKeys)
}

const apiUserView = ({ roleName, user }: OrganizationUser) =>
  Workflow.compact({ name: Words.said(user?.name), email: Words.said(user?.email), role: Words.said(roleName) })

const evidenceOf = (
  rooms: ReadonlyArray<CleanRoom>,
  tried: ReadonlyArray<Tried>,
  users: ReadonlyArray<OrganizationUser>,
  apiUser: OrganizationUser | undefined
): ReadonlyArray<typeof Evidence.Type> => {
  const owners = ownersOf(rooms)
  const everywhere = inEveryCleanRoom(rooms)
  const ids = [...ownIds(tried)].map((id) => Words.said(id))
  const stakeholders = new Set(tried.flatMap((one) => one.stakeholders.map(Words.stakeholder)))
  return [
    ...(apiUser !== undefined
      ? [{ source: "users", says: "The organisation's users include the API user of this very key." }]
      : users.length > 0
      ? [{ source: "users", says: "None of the organisation's users bears this key's client id in its mail address." }]
      : []),
    ...(owners.length > 0 ? [{ source: "owners of clean rooms", says: `${owners.join(", ")}.` }] : []),
    ...(rooms.length > 0
      ? [{ source: "parties", says: `In every clean room: ${everywhere.length > 0 ? everywhere.join(", ") : "nobody"}.` }]
      : []),
    ...(stakeholders.size > 0
      ? [{ source: "stakeholders", says: `${[...stakeholders].slice(0, 2 * sampled).join(", ")}.` }]
      : []),
    ...(ids.length > 0
      ? [{ source: "roles", says: `Our people's roles in clean rooms belong to ${ids.join(", ")}.` }]
      : [])
  ]
}
