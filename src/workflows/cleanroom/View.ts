/**
 * A clean room as it reads back: itself, what is in it, and what Habu does not show.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Contents from "./Contents.js"

/**
 * The output fields that show a clean room.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  clean_room: Workflow.maybe(Schema.Struct({
    ...Words.Reference.fields,
    owner: Workflow.maybe(Schema.String),
    starts: Workflow.maybe(Schema.String),
    ends: Workflow.maybe(Schema.String),
    export: Workflow.maybe(Schema.String)
  })),
  settings: Workflow.maybe(Schema.Array(Schema.String)),
  holds: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.Array(Schema.String) }))
}

/**
 * What was read.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly room: Known<CleanRoom>
  readonly contents: Contents.Contents
  readonly settings: ReadonlyArray<string>
}

/**
 * Reads a clean room and all that is in it (operation `getCleanroomById`); undefined where it cannot be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("View.read")(function*(cleanroomId: string, settings: ReadonlyArray<string>) {
  const habu = yield* HabuClient
  const [room, contents] = yield* Effect.all([
    Reading.attempt("clean room", habu.getCleanroomById({ path: { cleanroomId } })),
    Contents.read(cleanroomId)
  ], { concurrency: "unbounded" })
  return room._tag === "Answered"
    ? { room: { ...room.value, id: cleanroomId }, contents, settings } satisfies View
    : undefined
})

const shown = 10

const listed = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length <= shown ? names : [...names.slice(0, shown), `and ${names.length - shown} more`]

const waiting = ({ invitations }: Contents.Contents) =>
  Contents.items(invitations).filter(({ Status }) => Status !== "ACCEPTED")

const isReady = ({ status }: { readonly status?: string }) => status?.trim().toUpperCase() === "READY"

const holds = (contents: Contents.Contents) =>
  Workflow.compact({
    people: listed(
      Contents.items(contents.users).map(({ role, user }) =>
        `${Words.said(user?.email) ?? "?"} (${Words.said(role?.name, 60) ?? "no role"})`
      )
    ),
    partners: listed(Contents.items(contents.partners).map((partner) => Words.title(partner))),
    invitations: listed(
      waiting(contents).map(({ Status, partnerAdminEmail }) =>
        `${Words.said(partnerAdminEmail) ?? "?"} (${Words.said(Status, 40) ?? "?"})`
      )
    ),
    datasets: listed(
      Contents.items(contents.datasets).map((dataset) =>
        `${Words.title(dataset)} of ${Words.said(dataset.organizationName) ?? "?"}`
      )
    ),
    questions: listed(
      Contents.items(contents.questions).map((question) =>
        `${Words.title(question)}: ${Words.said(question.status, 40) ?? "?"}`
      )
    ),
    not_shown: Contents.withheld(contents)
  })

/**
 * The output fields of a view.
 *
 * @since 0.1.0
 * @category formatting
 */
export const toOutput = ({ contents, room, settings }: View) => {
  const inside = Object.fromEntries(
    Object.entries(holds(contents)).flatMap(([key, value]) => value === undefined ? [] : [[key, value]])
  )
  return Workflow.compact({
    clean_room: Workflow.compact({
      ...Words.reference(room),
      owner: Words.said(room.ownerOrganization),
      starts: Words.moment(room.startAt),
      ends: Words.moment(room.endAt),
      export: Words.said(room.cleanRoomParameters?.["ENABLE_EXPORT"], 10)
    }),
    settings,
    holds: Object.keys(inside).length === 0 ? undefined : inside
  })
}

const counted = (outcome: Reading.Outcome<ReadonlyArray<unknown>>, one: string, many?: string) =>
  outcome._tag === "Answered"
    ? [Words.count(outcome.value.length, one, many)]
    : [`${many ?? `${one}s`} that Habu does not show`]

/**
 * What is in it, counted.
 *
 * @since 0.1.0
 * @category formatting
 */
export const inWords = ({ contents }: View): string =>
  [
    ...counted(contents.partners, "partner"),
    ...(contents.invitations._tag === "Answered"
      ? [Words.count(waiting(contents).length, "open invitation")]
      : counted(contents.invitations, "invitation")),
    ...counted(contents.users, "own person", "own people"),
    ...counted(contents.datasets, "dataset"),
    ...counted(contents.questions, "question")
  ].join(", ")

/**
 * Where what Habu shows differs from what was asked for, in words.
 *
 * @since 0.1.0
 * @category getters
 */
export const checks = (
  { room }: View,
  asked: {
    readonly startAt?: string
    readonly endAt?: string | undefined
    readonly chosen?: { readonly settings: { readonly enable?: ReadonlyArray<string> } }
  }
): ReadonlyArray<string> => {
  const differs = (what: string, is: string | undefined, wanted: string | undefined) =>
    (is ?? "") === (wanted ?? "") ? [] : [`Habu shows ${Words.said(is) ?? "none"} as ${what}, not ${wanted ?? "none"}.`]
  if (asked.startAt === undefined) return []
  const exported = room.cleanRoomParameters?.["ENABLE_EXPORT"]
  return [
    ...differs("start", room.startAt, asked.startAt),
    ...differs("end", room.endAt, asked.endAt),
    ...(exported === undefined
      ? []
      : differs("the export flag", exported, String(asked.chosen?.settings.enable?.includes("export") === true)))
  ]
}

/**
 * What cannot be checked.
 *
 * @since 0.1.0
 * @category constants
 */
export const notReadable =
  "Habu shows neither cloud, region, crowd size, data decibel nor the flags other than export: settings are as they were " +
  "sent, not as read back."

/**
 * What is said where nothing is known of them.
 *
 * @since 0.1.0
 * @category constants
 */
export const notKnown =
  "Its cloud, region, crowd size, data decibel and flags are not known: Habu does not show them, and they were not set " +
  "through this server."

/**
 * What comes next for a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const nextSteps = ({ contents, room }: View): ReadonlyArray<Workflow.NextStep> => {
  const clean_room = Words.handle(room)
  const unready = Contents.items(contents.questions).filter((question) => !isReady(question))
  return [
    ...(waiting(contents).length === 0 ? [] : [{
      tool: "onboard_partner",
      arguments: { clean_room },
      why: "Track the invitations and guide the partner's steps; a partner accepts in Habu's UI.",
      after_seconds: 3600
    }]),
    ...(unready.length === 0 ? [] : [{
      tool: "deploy_analytics_question",
      arguments: { clean_room, questions: unready.slice(0, 5).map(Words.handle) },
      why: "Assign the datasets of the questions that are not READY."
    }]),
    ...(unready.length > 0 || waiting(contents).length > 0 ? [] : [{
      tool: "monitor_cleanroom_status",
      arguments: { clean_room },
      why: "See what it still needs."
    }])
  ]
}
