/**
 * Who may do what with a clean room question: the owner alone, or all partners, for each permission. Habu knows no grant
 * to a single partner.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { ChangeNote } from "../../audit/ChangeNote.js"
import type { CleanRoomQuestionPermissions, QuestionAccess } from "../../habu/api/CleanRoomQuestions.js"
import { QuestionPermission } from "../../habu/api/CleanRoomQuestions.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import type * as Plan from "../Plan.js"
import * as Words from "../Words.js"

/**
 * The permissions that mean something to people; the others are not documented.
 *
 * @since 0.1.0
 * @category models
 */
export type Right = "VIEW_CODE" | "EDIT" | "CLONE" | "RUN" | "VIEW_RESULTS" | "DELETE"

/**
 * @since 0.1.0
 * @category constants
 */
export const rights: ReadonlyArray<Right> = ["RUN", "VIEW_RESULTS", "VIEW_CODE", "CLONE", "EDIT", "DELETE"]

/**
 * Who has a right.
 *
 * @since 0.1.0
 * @category models
 */
export type Holder = "owner" | "partners" | "unknown"

/**
 * All rights on a question.
 *
 * @since 0.1.0
 * @category models
 */
export type Held = { readonly [R in Right]?: Holder }

const holders: { readonly [access: string]: Holder } = {
  QUESTION_OWNER_ONLY: "owner",
  ALL_CLEAN_ROOM_PARTNERS: "partners"
}

const accesses: { readonly [H in Exclude<Holder, "unknown">]: QuestionAccess } = {
  owner: "QUESTION_OWNER_ONLY",
  partners: "ALL_CLEAN_ROOM_PARTNERS"
}

/**
 * Reads Habu's list of permissions; those that it does not list are left out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const held = (permissions: ReadonlyArray<CleanRoomQuestionPermissions>): Held =>
  Object.fromEntries(
    rights.flatMap((right) => {
      const found = permissions.find(({ permission }) => permission === right)
      return found === undefined ? [] : [[right, holders[found.access ?? ""] ?? "unknown"]]
    })
  )

/**
 * Reads the permissions of a question (operation `getCleanroomQuestionPermissions`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (placed: Placed) =>
  Effect.flatMap(
    HabuClient,
    (habu) => habu.getCleanroomQuestionPermissions({ path: { cleanroomQuestionId: placed.question.id } })
  )

const isPermission = (permission: string | undefined): permission is typeof QuestionPermission.Type =>
  QuestionPermission.literals.some((literal) => literal === permission)

const isAccess = (access: string | undefined): access is QuestionAccess =>
  access === accesses.owner || access === accesses.partners

/**
 * The change that gives rights to the owner alone or to all partners; undefined where it is so already. Giving to
 * partners lowers a protection.
 *
 * @since 0.1.0
 * @category constructors
 */
export const setting = (
  placed: Placed,
  permissions: ReadonlyArray<CleanRoomQuestionPermissions>,
  wanted: { readonly [R in Right]?: "owner" | "partners" }
): Plan.Change<HabuClient> | undefined => {
  const current = held(permissions)
  const changed = rights.flatMap((right) => {
    const to = wanted[right]
    return to === undefined || current[right] === to ? [] : [{ right, from: current[right] ?? "unknown", to }]
  })
  if (changed.length === 0) return undefined
  const words = changed.map(({ from, right, to }) => `${right} from ${from} to ${to}`).join(", ")
  const step = `permissions of ${Words.title(placed.question)}`
  const path = { cleanroomQuestionId: placed.question.id }
  return {
    step,
    grade: changed.some(({ to }) => to === "partners") ? "privacy_lowering" : "ordinary",
    preview: `${step} in ${Words.title(placed.cleanRoom)}: ${words}`,
    shown: Effect.map(read(placed), (now) => changed.every(({ right, to }) => held(now)[right] === to)),
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      // The whole list is sent, with what Habu says now for the rest: it may replace the one before.
      const others = permissions.flatMap(({ access, permission }) =>
        isPermission(permission) && isAccess(access) && !changed.some(({ right }) => right === permission)
          ? [{ permission, access }]
          : []
      )
      const set = changed.map(({ right, to }) => ({ permission: right, access: accesses[to] }))
      yield* Effect.provideService(
        habu.configureCleanRoomQuestionPermissions({
          path,
          urlParams: { cleanroomQuestionPermissions: [...others, ...set] }
        }),
        ChangeNote,
        {
          before: Object.fromEntries(changed.map(({ from, right }) => [right, from])),
          after: Object.fromEntries(changed.map(({ right, to }) => [right, to]))
        }
      )
      return words
    })
  }
}
