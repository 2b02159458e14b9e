/**
 * What a person at the host should know: the warnings and errors of the log, and what is logged for them on purpose.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Text from "../habu/Text.js"

/**
 * @since 0.1.0
 * @category models
 */
export interface Notice {
  readonly level: "info" | "warning" | "error"
  readonly text: string
}

const audience = "audience"
const person = "person"

const longest = 500

const levelOf = (level: LogLevel.LogLevel): Notice["level"] =>
  LogLevel.greaterThanEqual(level, LogLevel.Error)
    ? "error"
    : LogLevel.greaterThanEqual(level, LogLevel.Warning)
    ? "warning"
    : "info"

/**
 * Logs a sentence for the person at the host.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inform = (text: string): Effect.Effect<void> => Effect.annotateLogs(Effect.logInfo(text), audience, person)

/**
 * A logger that hands on what concerns a person, and drops the rest.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (tell: (notice: Notice) => void): Logger.Logger<unknown, void> =>
  Logger.make(({ annotations, logLevel, message }) => {
    const level = levelOf(logLevel)
    const isMeant = Option.contains(HashMap.get(annotations, audience), person)
    if (level === "info" && !isMeant) return
    // A cause or an object is for the log on stderr.
    const [text] = (Array.isArray(message) ? message : [message]).filter(Predicate.isString)
    if (text !== undefined) tell({ level, text: Text.clean(text, longest) })
  })
