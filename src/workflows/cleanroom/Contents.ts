/**
 * What is in a clean room, each part read for itself.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoomQuestion } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../../habu/api/Partners.js"
import type { CleanRoomRole, CleanRoomUser } from "../../habu/api/Users.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { pages } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import type * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"

/**
 * The people, partners, invitations, datasets and questions of a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Contents {
  readonly users: Reading.Outcome<ReadonlyArray<CleanRoomUser>>
  readonly roles: Reading.Outcome<ReadonlyArray<CleanRoomRole>>
  readonly partners: Reading.Outcome<ReadonlyArray<CleanRoomPartnerResponse>>
  readonly invitations: Reading.Outcome<ReadonlyArray<InvitationDetail>>
  readonly datasets: Reading.Outcome<ReadonlyArray<CleanRoomDataset>>
  readonly questions: Reading.Outcome<ReadonlyArray<CleanRoomQuestion>>
}

const reads = (cleanroomId: string) =>
  Effect.map(HabuClient, (habu) => {
    const path = { cleanroomId }
    return {
      users: habu.getCleanroomUsers({ path, urlParams: {} }),
      roles: habu.getCleanroomRoles({ path }),
      partners: habu.getAllCleanroomPartners({ path }),
      invitations: habu.listPartnerInvitationsForInviter({ path }),
      datasets: habu.getCleanroomDatasets({ path }),
      questions: pages((urlParams) => habu.getAllCleanroomQuestions({ path, urlParams }))
    }
  })

type Parts = Effect.Effect.Success<ReturnType<typeof reads>>

/**
 * One part of a clean room; it fails where it cannot be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const part = <P extends keyof Parts>(cleanroomId: string, name: P): Effect.Effect<
  Effect.Effect.Success<Parts[P]>,
  HabuError,
  HabuClient
> =>
  Effect.flatMap(
    reads(cleanroomId),
    (parts) => parts[name] as Effect.Effect<Effect.Effect.Success<Parts[P]>, HabuError>
  )

/**
 * Reads all parts at the same time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Contents.read")(function*(cleanroomId: string) {
  const parts = yield* reads(cleanroomId)
  return yield* Effect.all({
    users: Reading.attempt("users", parts.users),
    roles: Reading.attempt("roles", parts.roles),
    partners: Reading.attempt("partners", parts.partners),
    invitations: Reading.attempt("invitations", parts.invitations),
    datasets: Reading.attempt("datasets", parts.datasets),
    questions: Reading.attempt("questions", parts.questions)
  }, { concurrency: "unbounded" }) satisfies Effect.Effect<Contents, HabuError>
})

/**
 * A clean room without anything in it.
 *
 * @since 0.1.0
 * @category constants
 */
export const empty: Contents = {
  users: { _tag: "Answered", value: [] },
  roles: { _tag: "Answered", value: [] },
  partners: { _tag: "Answered", value: [] },
  invitations: { _tag: "Answered", value: [] },
  datasets: { _tag: "Answered", value: [] },
  questions: { _tag: "Answered", value: [] }
}

/**
 * What a part holds; nothing where it could not be read.
 *
 * @since 0.1.0
 * @category getters
 */
export const items = <A>(outcome: Reading.Outcome<ReadonlyArray<A>>): ReadonlyArray<A> =>
  outcome._tag === "Answered" ? outcome.value : []

/**
 * The parts that Habu did not show, in words.
 *
 * @since 0.1.0
 * @category getters
 */
export const withheld = (contents: Contents): ReadonlyArray<string> =>
  Object.entries(contents).flatMap(([part, outcome]: [string, Reading.Outcome<unknown>]) =>
    outcome._tag === "Answered"
      ? []
      : [`${part}: ${outcome._tag === "Denied" ? "denied" : "could not be read"}. ${outcome.error.message}`]
  )

/**
 * The step that is not tried since what it rests on cannot be read; nothing where it can.
 *
 * @since 0.1.0
 * @category getters
 */
export const blocked = (
  step: string,
  outcomes: ReadonlyArray<Reading.Outcome<unknown>>
): ReadonlyArray<Plan.Step> => {
  const unread = outcomes.find((outcome) => outcome._tag !== "Answered")
  return unread === undefined ? [] : [{
    step,
    result: unread._tag === "Denied" ? "denied" : "failed",
    detail:
      `Not tried, since it cannot be seen whether it is so already: ${unread.error.message} ${unread.error.advice}`,
    code: unread.error.code
  }]
}

/**
 * Reads what of a clean room there is, and whether it is the own organisation's: the people and roles that Habu lists there
 * are one's own, undefined where Habu does not show it (operation `getCleanroomStakeholders`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const readWithOwner = Effect.fnUntraced(function*(cleanroomId: string) {
  const habu = yield* HabuClient
  const [contents, stakeholders] = yield* Effect.all([
    read(cleanroomId),
    Reading.attempt("stakeholders", habu.getCleanroomStakeholders({ path: { cleanroomId } }))
  ], { concurrency: "unbounded" })
  const { roles, users } = contents
  const own = [...items(roles), ...items(users).map(({ role }) => role)].flatMap((role) => role?.organizationId ?? [])
  const owner = items(stakeholders).find(({ ownership }) => /owner/i.test(ownership ?? ""))?.organizationId
  return { contents, isOwn: owner === undefined || own.length === 0 ? undefined : own.includes(owner) }
})

/**
 * Whether two texts of people's, such as mail addresses and names of roles, are the same.
 *
 * @since 0.1.0
 * @category guards
 */
export const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && Text.folded(a) !== "" && Text.folded(a) === Text.folded(b)
