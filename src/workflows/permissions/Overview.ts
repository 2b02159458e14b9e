/**
 * Who can see and run what in a clean room, put together from its parts.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom, CleanRoomStakeholder } from "../../habu/api/CleanRooms.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { CleanRoomPartnerResponse } from "../../habu/api/Partners.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, type Placed } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Rights from "./Rights.js"
import * as Roles from "./Roles.js"

/**
 * What partners may do with a question, and so whether any of them can run it or see its results.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRights = Schema.Struct({
  question: Schema.String,
  owner: Workflow.maybe(Schema.String),
  partners_may: Schema.String,
  owner_only: Workflow.maybe(Schema.String)
})

/**
 * One of the parties of a clean room: its people by role.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Party = Schema.Struct({
  organization: Schema.String,
  side: Schema.Literal("owner", "partner"),
  people: Workflow.maybe(Schema.Array(Schema.String))
})

/**
 * What a clean room sees of a dataset.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetRights = Schema.Struct({
  dataset: Schema.String,
  owner: Workflow.maybe(Schema.String),
  partners_may_assign: Schema.Boolean,
  hidden_fields: Workflow.maybe(Schema.Array(Schema.String)),
  row_filters: Workflow.maybe(Schema.Array(Schema.String))
})

/**
 * All parts, each as Habu met it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Parts {
  readonly questions: Reading.Outcome<
    ReadonlyArray<{ readonly placed: Placed; readonly rights: Reading.Outcome<Rights.Held> }>
  >
  readonly own: Reading.Outcome<ReadonlyArray<Roles.Member>>
  readonly partners: Reading.Outcome<ReadonlyArray<CleanRoomPartnerResponse>>
  readonly datasets: Reading.Outcome<ReadonlyArray<CleanRoomDataset>>
  readonly stakeholders: Reading.Outcome<ReadonlyArray<CleanRoomStakeholder>>
}

/**
 * Reads all parts at once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Overview.read")(function*(cleanRoom: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const path = { cleanroomId: cleanRoom.id }
  const questions = Effect.flatMap(directory.questions(cleanRoom), (all) =>
    Effect.forEach(
      all,
      (placed) =>
        Effect.map(
          Reading.attempt("permissions", Effect.map(Rights.read(placed), Rights.held)),
          (rights) => ({ placed, rights })
        ),
      { concurrency: "unbounded" }
    ))
  return yield* Effect.all({
    questions: Reading.attempt("questions", questions),
    own: Reading.attempt(
      "users",
      Effect.map(
        habu.getCleanroomUsers({ path, urlParams: {} }),
        (users) => users.map((user): Roles.Member => ({ user, partner: undefined }))
      )
    ),
    partners: Reading.attempt("partners", habu.getAllCleanroomPartners({ path })),
    datasets: Reading.attempt("datasets", habu.getCleanroomDatasets({ path })),
    stakeholders: Reading.attempt("stakeholders", habu.getCleanroomStakeholders({ path }))
  }, { concurrency: "unbounded" })
})

/**
 * What an outcome holds; nothing where it was not answered, which {@link withheld} tells.
 *
 * @since 0.1.0
 * @category getters
 */
export const answered = <A>(outcome: Reading.Outcome<ReadonlyArray<A>>): ReadonlyArray<A> =>
  outcome._tag === "Answered" ? outcome.value : []

/**
 * Everybody in the clean room who could be seen.
 *
 * @since 0.1.0
 * @category getters
 */
export const members = ({ own, partners }: Parts): ReadonlyArray<Roles.Member> => [
  ...answered(own),
  ...answered(partners).flatMap((partner) => (partner.cleanRoomUsers ?? []).map((user) => ({ user, partner })))
]

const of = (what: string, outcome: Reading.Outcome<unknown>): ReadonlyArray<string> =>
  outcome._tag === "Answered"
    ? []
    : [`${what}: ${outcome._tag === "Denied" ? "denied" : "not answered"}. ${outcome.error.message}`]

/**
 * The parts that Habu did not show.
 *
 * @since 0.1.0
 * @category getters
 */
export const withheld = (parts: Parts): ReadonlyArray<string> => [
  ...of("questions", parts.questions),
  ...of("own users", parts.own),
  ...of("partners", parts.partners),
  ...of("datasets", parts.datasets),
  ...answered(parts.questions).flatMap(({ placed, rights }) => of(`rights on ${Words.title(placed.question)}`, rights))
    .slice(0, 5)
]

const rightsOf = (held: Rights.Held, holder: Rights.Holder) => Rights.rights.filter((right) => held[right] === holder)

/**
 * The rights on each question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const questionRights = (
  { questions, stakeholders }: Parts
): ReadonlyArray<typeof QuestionRights.Type> => {
  const ownerOf = (id: string | undefined) =>
    answered(stakeholders).find(({ organizationId }) => organizationId === id)?.organizationName
  return answered(questions).flatMap(({ placed, rights }) =>
    rights._tag === "Answered"
      ? [Workflow.compact({
        question: Words.title(placed.question),
        owner: Words.said(ownerOf(placed.question.ownerOrganizationId)),
        partners_may: rightsOf(rights.value, "partners").join(", ") || "nothing",
        owner_only: rightsOf(rights.value, "owner").join(", ") || undefined
      })]
      : []
  )
}

const person = (member: Roles.Member) =>
  `${Roles.title(member)} (${Words.said(member.user.role?.name, 50) ?? "no role"})`

/**
 * The parties with their people.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parties = (cleanRoom: CleanRoom, parts: Parts, most: number): ReadonlyArray<typeof Party.Type> => {
  const people = (all: ReadonlyArray<Roles.Member>) => [
    ...all.slice(0, most).map(person),
    ...(all.length > most ? [`… ${all.length - most} more`] : [])
  ]
  return [
    ...(parts.own._tag === "Answered"
      ? [Workflow.compact({
        organization: Words.said(cleanRoom.ownerOrganization) ?? "the owner",
        side: "owner" as const,
        people: people(answered(parts.own))
      })]
      : []),
    ...answered(parts.partners).map((partner) =>
      Workflow.compact({
        organization: Words.said(partner.name) ?? "a partner",
        side: "partner" as const,
        people: people((partner.cleanRoomUsers ?? []).map((user) => ({ user, partner })))
      })
    )
  ]
}

/**
 * What the clean room sees of each dataset.
 *
 * @since 0.1.0
 * @category constructors
 */
export const datasetRights = ({ datasets }: Parts): ReadonlyArray<typeof DatasetRights.Type> =>
  answered(datasets).map((dataset) =>
    Workflow.compact({
      dataset: Words.said(dataset.name) ?? "?",
      owner: Words.said(dataset.organizationName),
      partners_may_assign: dataset.partnerCanAssign ?? false,
      hidden_fields: (dataset.datasetFieldMappings ?? []).filter(({ isExcluded }) => isExcluded === true)
        .flatMap(({ fieldName }) => Words.said(fieldName, 60) ?? []),
      row_filters: (dataset.datasetFilters ?? []).flatMap(({ datasetFieldName, operator, values }) =>
        (datasetFieldName ?? "") === ""
          ? []
          : [`${Words.said(datasetFieldName, 60)} ${operator ?? ""} ${
            (values ?? []).slice(0, 3).map((value) => Words.said(value, 40)).join(" | ")
          }`]
      )
    })
  )
