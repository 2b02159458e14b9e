// How a write ended, told from its exit for whoever observes writes.
import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { type HabuError, neverSent } from "../HabuError.js"
import type * as Operations from "../Operations.js"
import type { Write } from "../WriteObserver.js"
import type { Answer, Request } from "./attempts.js"

type Ending = Pick<Write, "outcome" | "code" | "requestId">

// Some of Habu's successes say in their body that nothing was done.
const saysNo = (value: unknown) => Predicate.isRecord(value) && value["success"] === false

const afterFailure = (error: HabuError): Ending => ({
  outcome: neverSent(error)
    ? "not_sent"
    : error.category === "unknown_outcome" || error.category === "transient" || error.category === "answer"
    ? "unknown"
    : "refused",
  code: error.code,
  requestId: "requestId" in error ? error.requestId : undefined
})

const ending = (exit: Exit.Exit<Answer, HabuError>): Ending => {
  if (exit._tag === "Success") {
    const { requestId, value } = exit.value
    return saysNo(value)
      ? { outcome: "refused", code: "NO_SUCCESS", requestId }
      : { outcome: "done", code: undefined, requestId }
  }
  return Option.match(Cause.failureOption(exit.cause), {
    onNone: () => ({ outcome: "unknown", code: "INTERRUPTED", requestId: undefined }),
    onSome: afterFailure
  })
}

export const ended = (operation: Operations.Info, request: Request, exit: Exit.Exit<Answer, HabuError>): Write => ({
  operation,
  target: request?.path ?? {},
  query: request?.urlParams,
  payload: request?.payload,
  ...ending(exit)
})
