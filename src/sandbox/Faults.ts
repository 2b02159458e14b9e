/**
 * Faults on demand: what a network and a busy server do to requests, by operation.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Ids from "./Ids.js"

const Milliseconds = Schema.NonNegative

/**
 * What goes wrong.
 *
 * - `status`: this status is answered and nothing carried out.
 * - `delay`: the request waits so many real milliseconds first, then goes its way.
 * - `hang`: no answer ever comes and nothing is carried out.
 * - `reset`: the connection is reset and nothing carried out.
 * - `half`: carried out, the answer breaks off in the middle.
 * - `malformed`: carried out, the answer is no JSON.
 * - `html`: a page of HTML in place of the answer, nothing carried out.
 * - `lost`: carried out, and the connection closed without an answer.
 * - `late`: no answer comes; it is carried out so many virtual milliseconds after it arrived.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Union(
  Schema.Struct({ kind: Schema.Literal("status"), status: Schema.Int, retryAfter: Schema.optional(Schema.String) }),
  Schema.Struct({ kind: Schema.Literal("delay"), millis: Milliseconds }),
  Schema.Struct({ kind: Schema.Literal("hang", "reset", "half", "malformed", "lost") }),
  Schema.Struct({ kind: Schema.Literal("html"), status: Schema.optional(Schema.Int) }),
  Schema.Struct({ kind: Schema.Literal("late"), millis: Milliseconds })
)

/**
 * A fault to inject: for one operation id (`"token"` is the token endpoint, `"*"` anything), so many times (without a
 * count: from now on), with a probability (without one: always).
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fault = Schema.extend(
  Kind,
  Schema.Struct({
    operation: Schema.String,
    count: Schema.optional(Schema.Int.pipe(Schema.positive())),
    probability: Schema.optional(Schema.Number.pipe(Schema.between(0, 1)))
  })
).annotations({ identifier: "Fault" })

export type Fault = typeof Fault.Type

/**
 * The faults in force, the first added tried first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Faults {
  readonly add: (fault: Fault) => void
  readonly clear: () => void
  /** Those still in force, in the order in which they are tried; `count` says how often each is left. */
  readonly active: () => ReadonlyArray<Fault>
  /** The fault that befalls this request, if any; uses up one of its count. */
  readonly take: (operation: string) => Fault | undefined
}

/**
 * Makes a sandbox without faults. Chance follows from the seed and the number of requests.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (seed: number): Faults => {
  let active: Array<{ readonly fault: Fault; left: number }> = []
  let draws = 0
  const befalls = (fault: Fault, operation: string) =>
    (fault.operation === "*" || fault.operation === operation) &&
    Ids.fraction(seed, `fault/${draws++}`) < (fault.probability ?? 1)
  return {
    add: (fault) => {
      active.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY })
    },
    clear: () => {
      active = []
    },
    active: () => active.map(({ fault, left }) => fault.count === undefined ? fault : { ...fault, count: left }),
    take: (operation) => {
      const hit = active.find(({ fault }) => befalls(fault, operation))
      if (hit === undefined) return undefined
      hit.left -= 1
      active = active.filter(({ left }) => left > 0)
      return hit.fault
    }
  }
}
