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
import * as Text from "../habu/Text.js"
import * as Reading from "./Reading.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * What `test_connection` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({})

export type Input = typeof Input.Type

const Evidence = Schema.Struct({ source: Schema.String, says: Schema.String })

const Organization = Schema.Struct({
  name: Workflow.maybe(Schema.String),
  id: Workflow.maybe(Schema.String),
  possible: Workflow.maybe(
    Schema.Array(Words.Reference).annotations({
      description: "The organisations it may be, where Habu does not show which"
    })
  ),
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
 * What `test_connection` answers.
 *
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
  only_in_habu_ui: Schema.Array(Schema.String).annotations({
    description: "What the API cannot do, so that only Habu's UI may"
  }),
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
  "Stop a run that is under way; the API can only delete it",
  "Archive and restore",
  "Pause a question's schedule, schedule a flow, delete a flow",
  "See usage, billing figures and the organisation's audit log",
  "Get notifications"
]

// Spread over the list, which Habu gives from the oldest on.
const sample = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
  items.length <= sampled
    ? items
    : Array.from({ length: sampled }, (_, turn) => items[Math.floor(turn * items.length / sampled)])
      .filter((item) => item !== undefined)

type Heard<A> = Reading.Outcome<Reading.Listed<A>>

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
    partners: Reading.attempt("partners", Reading.whole(observed.getAllCleanroomPartners({ path }))),
    users: Reading.attempt("users", Reading.whole(observed.getCleanroomUsers({ path, urlParams: {} }))),
    datasets: Reading.attempt("datasets", Reading.whole(observed.getCleanroomDatasets({ path }))),
    invitations: Reading.attempt("invitations", Reading.whole(observed.listPartnerInvitationsForInviter({ path }))),
    questions: Reading.attempt(
      "questions",
      Reading.listed((urlParams) => observed.getAllCleanroomQuestions({ path, urlParams }))
    ),
    stakeholders: Reading.attempt("stakeholders", Reading.whole(observed.getCleanroomStakeholders({ path })))
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
  const heard = yield* Reading.attempt(
    "clean rooms",
    Reading.listed((urlParams) => observed.getAllCleanrooms({ urlParams }))
  )
  const tried = yield* Effect.forEach(sample(itemsOf(heard)), tryCleanRoom, { concurrency: "unbounded" })
  return { heard, tried }
})

const tryAll = Effect.gen(function*() {
  const { observed } = yield* HabuClient
  return yield* Effect.all({
    cleanRooms: tryCleanRooms,
    users: Reading.attempt("users", Reading.listed((urlParams) => observed.getAllOrganizationUsers({ urlParams }))),
    connections: Reading.attempt("data connections", Reading.whole(observed.getAllDataConnections({}))),
    credentials: Reading.attempt("credentials", Reading.whole(observed.getAllOrganizationCredentials({}))),
    sources: Reading.attempt("data sources", Reading.whole(observed.getAllDataSources({})))
  }, { concurrency: "unbounded" })
})

// Whose key it is. An organisation takes part in every clean room that its API user sees.

interface Party {
  readonly name: string
  readonly id?: string
}

const same = (a: string | undefined, b: string | undefined) =>
  a !== undefined && b !== undefined && Text.folded(a) === Text.folded(b)

// None where Habu does not tell the partners: who is missing there proves nothing.
const partiesOf = ({ ownerOrganization, partners }: CleanRoom): ReadonlyArray<string> =>
  partners === undefined ? [] : [ownerOrganization, ...partners].flatMap((name) => Words.said(name) ?? [])

const inEveryCleanRoom = (rooms: ReadonlyArray<CleanRoom>): ReadonlyArray<string> => {
  const [first = [], ...rest] = rooms.map(partiesOf).filter((parties) => parties.length > 0)
  return first.filter((name) => rest.every((parties) => parties.some((other) => same(name, other))))
}

// The people whom Habu lists for a clean room are one's own, and so are the roles they hold there.
const ownIds = (tried: ReadonlyArray<Tried>) =>
  new Set(tried.flatMap(({ users }) => users.flatMap(({ role }) => Words.said(role?.organizationId) ?? [])))

const candidates = (rooms: ReadonlyArray<CleanRoom>, tried: ReadonlyArray<Tried>): ReadonlyArray<Party> => {
  const stakeholders = tried.flatMap((one) => one.stakeholders)
  const parties = inEveryCleanRoom(rooms).map((name): Party =>
    Workflow.compact({
      name,
      id: Words.said(stakeholders.find(({ organizationName }) => same(organizationName, name))?.organizationId)
    })
  )
  const own = ownIds(tried)
  const byRole = parties.filter(({ id }) => own.size === 1 && id !== undefined && own.has(id))
  return byRole.length === 1 ? byRole : parties
}

const looksLikeId = (text: string) => /^[0-9a-f-]{32,36}$/i.test(text.trim())

// What HABU_ORGANIZATION is worth beside what Habu shows.
const compare = (configured: string, parties: ReadonlyArray<Party>) => {
  const match = parties.find(({ id, name }) => same(configured, name) || same(configured, id))
  if (match !== undefined) return { verdict: "agrees" as const, match }
  const incomparable = parties.length === 0 || (looksLikeId(configured) && parties.some(({ id }) => id === undefined))
  return { verdict: incomparable ? "incomparable" as const : "contradicts" as const, match }
}

const verdicts = {
  agrees: "agrees with what Habu shows",
  incomparable: "cannot be compared with anything that Habu shows",
  contradicts: "does not agree with what Habu shows"
}

const ownersOf = (rooms: ReadonlyArray<CleanRoom>): ReadonlyArray<string> => {
  const owners = rooms.flatMap(({ ownerOrganization }) => Words.said(ownerOrganization) ?? [])
  return [...new Set(owners)].map((owner) => `${owner} (${owners.filter((other) => other === owner).length})`)
}

const stakeholdersOf = (tried: ReadonlyArray<Tried>): ReadonlyArray<string> => [
  ...new Set(
    tried.flatMap(({ stakeholders }) => stakeholders).map(({ organizationId = "", organizationName = "" }) =>
      Words.title({ name: organizationName, displayId: organizationId })
    )
  )
]

// The mail address of an API user holds its client id (seen live).
const isOfKey = (clientId: string) => ({ user }: OrganizationUser) =>
  user?.email?.trim().toLowerCase().startsWith(`api-user-${clientId.toLowerCase()}@`) === true

const clue = (source: string, facts: ReadonlyArray<string>): ReadonlyArray<typeof Evidence.Type> =>
  facts.length === 0 ? [] : [{ source, says: facts.slice(0, 2 * sampled).join(", ") }]

interface Shown {
  readonly rooms: ReadonlyArray<CleanRoom>
  readonly tried: ReadonlyArray<Tried>
  readonly users: ReadonlyArray<OrganizationUser>
}

const organizationOf = (
  { rooms, tried, users }: Shown,
  clientId: string,
  configured: string | undefined
): { readonly organization: typeof Organization.Type; readonly contradicts: boolean } => {
  const apiUser = users.find(isOfKey(clientId))
  const parties = candidates(rooms, tried)
  const compared = configured === undefined ? undefined : compare(configured, parties)
  const known = compared?.match ?? (parties.length === 1 ? parties[0] : undefined)
  const organization = Workflow.compact({
    name: known?.name,
    id: known?.id,
    possible: known === undefined ? parties.slice(0, sampled).map(Words.reference) : undefined,
    api_user: apiUser && Workflow.compact({
      name: Words.said(apiUser.user?.name),
      email: Words.said(apiUser.user?.email),
      role: Words.said(apiUser.roleName)
    }),
    evidence: [
      ...clue(
        "users of the organisation",
        users.length === 0 ? [] : [
          apiUser === undefined ? "none is the API user of this key" : "the API user of this key is one of them"
        ]
      ),
      ...clue("owners of the clean rooms", ownersOf(rooms)),
      ...clue("organisations that are in every clean room", inEveryCleanRoom(rooms)),
      ...clue("stakeholders", stakeholdersOf(tried)),
      ...clue("organisation of our people's roles in clean rooms", [...ownIds(tried)]),
      ...clue("HABU_ORGANIZATION", compared === undefined ? [] : [`${configured} ${verdicts[compared.verdict]}`])
    ]
  })
  return { organization, contradicts: compared?.verdict === "contradicts" }
}

const statusOf = (parts: ReadonlyArray<Part>): Workflow.Status => {
  const outcomes = new Set(parts.map(({ outcome }) => outcome))
  if (outcomes.has("answered")) return outcomes.size === 1 ? "done" : "partial"
  return outcomes.has("failed") ? "failed" : "denied"
}

const namesOf = (parts: ReadonlyArray<Part>, wanted: Part["outcome"]) =>
  [...new Set(parts.filter(({ outcome }) => outcome === wanted).map(({ part }) => part))].join(", ")

const summaryOf = (
  organization: typeof Organization.Type,
  parts: ReadonlyArray<Part>,
  cleanRoomCount: number | undefined,
  triedCount: number
) => {
  const failed = namesOf(parts, "failed")
  const denied = namesOf(parts, "denied")
  const { api_user, name, possible } = organization
  return [
    `Signed in${api_user?.name === undefined ? "" : ` as ${api_user.name}`}.`,
    name !== undefined
      ? `The API key seems to be ${name}'s.`
      : possible === undefined
      ? "Habu does not show whose API key this is."
      : `The API key may be that of ${possible.map((party) => party.name).join(" or ")}.`,
    ...(cleanRoomCount === undefined
      ? []
      : [`${Words.count(cleanRoomCount, "clean room")}${triedCount < cleanRoomCount ? `, ${triedCount} tried` : ""}.`]),
    ...(denied === "" ? [] : [`Denied in places: ${denied}.`]),
    ...(failed === "" ? [] : [`Not answered: ${failed}.`])
  ].join(" ")
}

const deniedHint =
  "A denied part is no fault of the connection: the API user's role in that clean room does not allow it, and the rest " +
  "works. Trying again does not help; its administrator can change the role."

const contradiction = (configured: string, { name, possible }: typeof Organization.Type) =>
  `HABU_ORGANIZATION is ${JSON.stringify(configured)}, but by what Habu shows the API key belongs to ${
    name ?? possible?.map((party) => party.name).join(" or ") ?? "another organisation"
  }. Check HABU_API_CLIENT before anything is changed.`

const nextStepsOf = (status: Workflow.Status, cleanRoomCount: number | undefined): ReadonlyArray<Workflow.NextStep> => {
  if (status === "failed") return [{ tool: "health_check", arguments: {}, why: "See whether Habu answers at all." }]
  return cleanRoomCount === undefined || cleanRoomCount === 0
    ? [{ tool: "test_connection", arguments: {}, why: "Look again once the API user was added to a clean room." }]
    : [{ tool: "find_resources", arguments: { kind: "questions" }, why: "See what can be run." }]
}

/**
 * Signs in and looks around. Fails where it cannot sign in; a part that does not answer is told of.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("TestConnection")(function*(_input: Input) {
  const config = yield* HabuConfig.HabuConfig
  const { clientId } = yield* HabuConfig.credentials
  const { expiresAt, scopes } = yield* Effect.flatMap(HabuAuth, ({ claims }) => claims)
  const { cleanRooms, connections, credentials, sources, users } = yield* tryAll
  const configured = Words.said(Option.getOrUndefined(config.organization))
  const { contradicts, organization } = organizationOf(
    { rooms: itemsOf(cleanRooms.heard), tried: cleanRooms.tried, users: itemsOf(users) },
    clientId,
    configured
  )
  const access = [
    partView("clean rooms", cleanRooms.heard),
    partView("users", users),
    partView("data connections", connections),
    partView("credentials", credentials),
    partView("data sources", sources)
  ]
  const parts = [...access, ...cleanRooms.tried.flatMap((tried) => tried.access)]
  const cleanRoomCount = access[0]?.count
  // Without a clean room, most of the API could not be tried.
  const status = cleanRoomCount === 0 ? "partial" : statusOf(parts)
  return Workflow.compact({
    status,
    summary: summaryOf(organization, parts, cleanRoomCount, cleanRooms.tried.length),
    organization,
    token: Workflow.compact({
      scopes: scopes.map((scope) => Text.clean(scope, 60)),
      expires_at: expiresAt === undefined ? undefined : Words.iso(expiresAt)
    }),
    access,
    clean_room_count: cleanRoomCount,
    clean_rooms: cleanRooms.tried.map(({ access, cleanRoom }) => ({
      clean_room: Words.reference(cleanRoom),
      access
    })),
    only_in_habu_ui: onlyInHabuUi,
    warnings: [
      ...(cleanRoomCount === 0 ? [Words.noCleanRooms] : []),
      ...(configured !== undefined && contradicts ? [contradiction(configured, organization)] : []),
      ...(namesOf(parts, "denied") === "" ? [] : [deniedHint])
    ],
    next_steps: nextStepsOf(status, cleanRoomCount)
  }) satisfies Output
}, Effect.map((answer): Output => answer))
