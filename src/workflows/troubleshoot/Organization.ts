/**
 * What can be told without a clean room: whether signing in works, what is left of the limits, what the API user sees.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HabuAuth } from "../../habu/HabuAuth.js"
import { HabuBudget, type Status } from "../../habu/HabuBudget.js"
import { HabuDirectory } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Words from "../Words.js"
import { clear, detect, type Detectors, found, type Investigation, unseen } from "./Finding.js"

interface Evidence {
  /** Why signing in failed; undefined where it worked. */
  readonly refusal: HabuError | undefined
  readonly expiresAt: number | undefined
  readonly budgets: ReadonlyArray<Status>
  readonly cleanRooms: number | undefined
  readonly now: number
}

const spent = ({ budgets }: Evidence, ...names: ReadonlyArray<Status["budget"]>) =>
  budgets.find(({ budget, remaining }) => names.includes(budget) && remaining === 0)

const nextOf = ({ nextAt }: Status) => nextAt === undefined ? "" : ` The next is free at ${Words.iso(nextAt)}.`

const detectors: Detectors<Evidence> = {
  "T-01": ({ refusal }) =>
    refusal === undefined
      ? clear
      : refusal._tag === "AccessTokenRefused"
      ? found("proven", "Habu refuses our access token, also after it was renewed.")
      : refusal._tag === "CredentialsRefused"
      ? found("proven", `Habu gives no token for these credentials (status ${refusal.status}).`)
      : unseen,
  "T-02": (evidence) => {
    const { refusal } = evidence
    const budget = spent(evidence, "token")
    const isTokens = (refusal?._tag === "BudgetExhausted" && refusal.budget === "token") ||
      (refusal?._tag === "RateLimited" && refusal.operation === "token")
    if (isTokens) return found("proven", `No access token is left.${budget === undefined ? "" : nextOf(budget)}`)
    return budget === undefined
      ? clear
      : found("fact", `Both tokens of the last 24 hours were asked for through this store.${nextOf(budget)}`)
  },
  "T-03": ({ cleanRooms }) =>
    cleanRooms === undefined ? unseen : cleanRooms === 0 ? found("proven", "Habu shows no clean room.") : clear,
  "T-07": (evidence) => {
    const budget = spent(evidence, "question_run_start", "flow_run_start")
    return budget === undefined
      ? found("fact", "As far as this store knows starts are left; others may use the same API user.")
      : found("proven", `All ${budget.limit} starts of the hour are used.${nextOf(budget)}`)
  }
}

/**
 * Looks at signing in, the budgets and the list of clean rooms. It never fails: trouble here is what it tells of.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigate = Effect.gen(function*() {
  const auth = yield* HabuAuth
  const budget = yield* HabuBudget
  const directory = yield* HabuDirectory
  const { budgets, claims, rooms } = yield* Effect.all({
    claims: Effect.either(auth.claims),
    budgets: Effect.orElseSucceed(budget.status, () => []),
    rooms: Effect.either(directory.cleanRooms)
  }, { concurrency: "unbounded" })
  const refusal = claims._tag === "Left" ? claims.left : rooms._tag === "Left" ? rooms.left : undefined
  const expiresAt = claims._tag === "Right" ? claims.right.expiresAt : undefined
  const cleanRooms = rooms._tag === "Right" ? rooms.right.length : undefined
  const evidence: Evidence = { refusal, expiresAt, budgets, cleanRooms, now: yield* Clock.currentTimeMillis }
  return {
    checks: [
      {
        check: "signing in",
        result: refusal === undefined ? "ok" : "problem",
        found: refusal === undefined
          ? `works${expiresAt === undefined ? "" : `; the token lasts until ${Words.iso(expiresAt)}`}`
          : refusal.message
      },
      ...(cleanRooms === undefined
        ? []
        : [{
          check: "clean rooms",
          result: cleanRooms === 0 ? "problem" as const : "ok" as const,
          found: String(cleanRooms)
        }]),
      ...budgets.map(({ budget: name, limit, remaining }) => ({
        check: `budget ${name}`,
        result: remaining === 0 ? "problem" as const : "ok" as const,
        found: `${remaining} of ${limit} left, as far as this store knows`
      }))
    ],
    ...detect(detectors, evidence),
    errors: refusal === undefined ? [] : [refusal],
    facts: {}
  } satisfies Investigation
}).pipe(Effect.withSpan("Troubleshoot.organization"))
