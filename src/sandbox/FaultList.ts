/**
 * Faults as they come from outside: a file, or a request to the sandbox's own endpoints.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { Fault } from "./Faults.js"
import * as Problem from "./Problem.js"
import * as Routes from "./Routes.js"

const kinds = ["status", "delay", "hang", "reset", "half", "malformed", "html", "lost", "late"]

const operations = [...Routes.all.map(({ operation }) => operation), "token", "*"]

const common = (one: string, other: string) => {
  const differs = [...one].findIndex((letter, index) => letter.toLowerCase() !== other[index]?.toLowerCase())
  return differs === -1 ? one.length : differs
}

/** There are many operations; those that begin like the one meant are enough. */
const nearest = (operation: string) =>
  [...operations].sort((a, b) => common(operation, b) - common(operation, a)).slice(0, 3)

const fieldOf = (given: unknown, field: string): unknown =>
  typeof given === "object" && given !== null ? Object.entries(given).find(([name]) => name === field)?.[1] : undefined

const checkOperation = (fault: Fault, where: string) =>
  operations.includes(fault.operation) ? Either.right(fault) : Either.left(
    new Problem.Problem({
      field: `${where}.operation`,
      value: fault.operation,
      why: `possible: * (any), token, or an operation id, such as ${nearest(fault.operation).join(", ")}`
    })
  )

const one = (given: unknown, where: string): Either.Either<Fault, Problem.Problem> => {
  const kind = fieldOf(given, "kind")
  return typeof kind === "string" && kinds.includes(kind)
    ? Either.flatMap(
      Problem.decode(Fault, given, where, ({ path }) => path[0] !== "kind"),
      (fault) => checkOperation(fault, where)
    )
    : Either.left(new Problem.Problem({ field: `${where}.kind`, value: kind, why: `possible: ${kinds.join(", ")}` }))
}

/**
 * Takes one fault or a list of them; all must be good.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decode = (given: unknown): Either.Either<ReadonlyArray<Fault>, Problem.Problem> =>
  Either.all((Array.isArray(given) ? given : [given]).map((fault: unknown, index) => one(fault, `faults[${index}]`)))

/**
 * Takes the text of a file of faults.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parse = (text: string): Either.Either<ReadonlyArray<Fault>, Problem.Problem> =>
  Either.flatMap(Problem.parse(text, "faults"), decode)
